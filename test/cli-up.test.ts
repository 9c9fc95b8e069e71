/** `wheelhouse up` and `down`, with a docker that only pretends. */
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { wheelhouse } from './cli-run';
import { folder } from './declare';

const path = process.env.PATH;
afterEach(() => { process.env.PATH = path; });

/** What a container of a service looks like. */
const container = (Service: string, State: string, ExitCode = 0, Health = '') => ({ Service, State, ExitCode, Health });

/** Puts a `docker` on the PATH that notes what it is asked; `up` ends with the given codes in turn, `ps` shows these containers. */
function pretend(ends: number[], containers: object[] = [], asArray = false): { readonly root: string; readonly asked: () => string[] } {
  const shown = asArray ? JSON.stringify(containers) : containers.map(one => JSON.stringify(one)).join('\n');
  const root = folder({
    'bin/docker': [
      '#!/bin/sh', 'cd "$(dirname "$0")"', 'echo "$*" >> asked', 'case "$*" in *" ps "*) cat containers; exit 0 ;; esac',
      'code=$(head -n 1 ends); tail -n +2 ends > rest; mv rest ends; exit $code', '',
    ].join('\n'),
    'bin/containers': shown,
    'bin/ends': `${ends.join('\n')}\n`,
    'wheelhouse.out/manifest.json': '{"applications":{"shop":{}}}',
    'wheelhouse.out/shop/compose.yaml': 'services: {}\n',
  });
  chmodSync(join(root, 'bin/docker'), 0o755);
  process.env.PATH = `${join(root, 'bin')}${delimiter}${path}`;
  const asked = join(root, 'bin/asked');
  return { root, asked: () => existsSync(asked) ? readFileSync(asked, 'utf8').replaceAll(`compose --file ${root}/wheelhouse.out/shop/compose.yaml `, '').trimEnd().split('\n') : [] };
}

describe('wheelhouse up', () => {
  test('starts the one application, and waits for it', async () => {
    const { root, asked } = pretend([0]);
    expect(await wheelhouse('up', '-C', root)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(asked()).toEqual(['up --build --wait']);
  });

  test.each([false, true])('is not misled by a job that has done its work (containers as one array: %s)', async asArray => {
    const { root, asked } = pretend([1, 0], [container('api', 'running', 0, 'starting'), container('migrate', 'exited'), container('db', 'running', 0, 'healthy')], asArray);
    expect(await wheelhouse('up', 'shop', '-C', root)).toEqual({
      status: 0, stdout: '', stderr: 'wheelhouse: migrate finished with 0, which compose takes for a failure where no service waits for it; the others work\n',
    });
    expect(asked()).toEqual(['up --build --wait', 'ps --all --format json', 'up --wait --no-deps --no-recreate api db']);
  });

  test('names what does not work', async () => {
    const { root, asked } = pretend([1], [container('api', 'running', 0, 'unhealthy'), container('migrate', 'exited', 3), container('job', 'exited'), container('db', 'running', 0, 'healthy')]);
    const logs = (service: string) => `docker compose -f ${root}/wheelhouse.out/shop/compose.yaml logs ${service}`;
    expect(await wheelhouse('up', '-C', root)).toEqual({
      status: 1,
      stdout: '',
      stderr: `wheelhouse: api is unhealthy; see: ${logs('api')}\nwheelhouse: migrate ended with 3; see: ${logs('migrate')}\nwheelhouse: docker compose up ended with 1\n`,
    });
    expect(asked()).not.toContainEqual(expect.stringContaining('--no-deps'));
  });

  test('fails when the others do not work beside a finished job', async () => {
    const { root } = pretend([1, 1], [container('api', 'running', 0, 'starting'), container('migrate', 'exited')]);
    expect(await wheelhouse('up', '-C', root)).toEqual({ status: 1, stdout: '', stderr: 'wheelhouse: docker compose up ended with 1\n' });
  });

  test('says so when there is no docker', async () => {
    const { root } = pretend([0]);
    process.env.PATH = folder();
    expect(await wheelhouse('up', '-C', root)).toEqual({ status: 1, stdout: '', stderr: 'wheelhouse: docker cannot be run (spawnSync docker ENOENT); wheelhouse doctor says more\n' });
  });

  test('needs a compose file', async () => {
    const root = folder({ 'wheelhouse.out/manifest.json': '{"applications":{"shop":{}}}' });
    expect(await wheelhouse('up', '-C', root)).toEqual({
      status: 1, stdout: '', stderr: `wheelhouse: '${root}/wheelhouse.out/shop/compose.yaml' is not there; declare new ComposeFile(application, 'compose') and run wheelhouse synth\n`,
    });
  });
});

describe('wheelhouse down', () => {
  test.each([[[], 'down'], [['--volumes'], 'down --volumes']])('%j asks compose for %s', async (options, line) => {
    const { root, asked } = pretend([0]);
    expect(await wheelhouse('down', '-C', root, ...options)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(asked()).toEqual([line]);
  });

  test('fails as compose does', async () => {
    const { root } = pretend([14]);
    expect(await wheelhouse('down', '-C', root)).toEqual({ status: 1, stdout: '', stderr: 'wheelhouse: docker compose down ended with 14\n' });
  });
});
