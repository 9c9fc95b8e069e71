/** `wheelhouse lock`, with a docker that only pretends: its build exports the file `result`. */
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { wheelhouse } from './cli-run';
import { filesUnder, folder } from './declare';

jest.setTimeout(60_000);
const path = process.env.PATH;
afterEach(() => { process.env.PATH = path; });

const PROGRAM = (locks: string) => `
const { App, Application, PythonBase, RequirementsLock } = require(${JSON.stringify(resolve('.'))});
const app = new App({ root: __dirname });
const shop = new Application(app, 'shop');
const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
${locks}
app.synth();
`;
const ONE = "new RequirementsLock(shop, 'requirements', { source: 'app', base });";
const TWO = `new RequirementsLock(shop, 'a-dev', { source: 'app', base, loose: ['dev.in'], strict: 'dev.txt' }); ${ONE}`;
const DOCKER = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> asked
for word in "$@"; do case "$word" in type=local,dest=*) dest=\${word#type=local,dest=} ;; */Dockerfile) grep -q dev.txt "$word" && name=dev.txt || name=requirements.txt ;; esac; done
[ -f result ] || exit 17
cp result "$dest/$name"
`;

/** A project with this strict file, and a docker that makes that one. */
function project(before: string | undefined, after: string | undefined, locks = ONE): string {
  const root = folder({
    'application.js': PROGRAM(locks),
    'wheelhouse.json': '{ "app": "node application.js" }',
    'app/requirements.in': 'flask\n',
    'app/dev.in': '-c requirements.txt\npytest\n',
    'bin/docker': DOCKER,
    ...before === undefined ? {} : { 'app/requirements.txt': before },
    ...after === undefined ? {} : { 'bin/result': after },
  });
  chmodSync(join(root, 'bin/docker'), 0o755);
  process.env.PATH = `${join(root, 'bin')}${delimiter}${path}`;
  return root;
}
const OLD = 'click==8.1\nflask==3.0\n';
const NEW = 'flask==3.1\njinja2==3.1.6\n';
const asked = (root: string) => readFileSync(join(root, 'bin/asked'), 'utf8').trimEnd().split('\n').map(line => line
  .replace(/--file \S+\/(shop-[a-z-]+)\/Dockerfile/, '--file $1').replace(/dest=\S+/, 'dest=OUT').replace(root, 'ROOT'));
const strict = (root: string) => join(root, 'app/requirements.txt');
const DIFF = (root: string) => `--- a/${strict(root)}\n+++ b/${strict(root)}\n@@ -1,2 +1,2 @@\n-click==8.1\n-flask==3.0\n+flask==3.1\n+jinja2==3.1.6\n`;

describe('wheelhouse lock requirements', () => {
  test('shows what changes, replaces the strict file, and writes nothing else', async () => {
    const root = project(OLD, NEW);
    expect(await wheelhouse('lock', 'requirements', '-C', root)).toEqual({
      status: 0, stdout: DIFF(root), stderr: `wheelhouse: ${strict(root)} is locked: -click, flask 3.0 -> 3.1, +jinja2 3.1.6\n`,
    });
    expect(readFileSync(strict(root), 'utf8')).toBe(NEW);
    expect(asked(root)).toEqual(['buildx build --file shop-requirements --no-cache-filter lock --build-arg UPGRADE= --output type=local,dest=OUT ROOT']);
    expect(Object.keys(filesUnder(root))).toEqual(['app/dev.in', 'app/requirements.in', 'app/requirements.txt', 'application.js', 'bin/asked', 'bin/docker', 'bin/result', 'wheelhouse.json']);
  });
  test('makes the first one, where synth would be refused for want of it', async () => {
    const root = project(undefined, NEW);
    expect((await wheelhouse('lock', 'requirements', '-C', root)).stdout).toContain('--- /dev/null\n+++ b/');
    expect(readFileSync(strict(root), 'utf8')).toBe(NEW);
  });
  test('says that nothing changes', async () => {
    const root = project(NEW, NEW);
    for (const option of [[], ['--check']]) {
      expect(await wheelhouse('lock', 'requirements', '-C', root, ...option)).toEqual({ status: 0, stdout: '', stderr: `wheelhouse: ${strict(root)} is as it has to be\n` });
    }
  });
  test('only looks, for pipelines', async () => {
    const root = project(OLD, NEW);
    expect(await wheelhouse('lock', 'requirements', '--check', '-C', root)).toEqual({
      status: 1,
      stdout: DIFF(root),
      stderr: `wheelhouse: ${strict(root)} would change: -click, flask 3.0 -> 3.1, +jinja2 3.1.6; run wheelhouse lock requirements and commit the result\n`,
    });
    expect(readFileSync(strict(root), 'utf8')).toBe(OLD);
  });
  test('leaves the strict file alone when the build fails', async () => {
    const root = project(OLD, undefined);
    expect(await wheelhouse('lock', 'requirements', '-C', root)).toEqual({
      status: 1, stdout: '', stderr: 'wheelhouse: docker buildx build ended with 17; shop/requirements is not locked, its file is as it was\n',
    });
    expect(readFileSync(strict(root), 'utf8')).toBe(OLD);
  });
  test('hands on what is to be upgraded, and secrets', async () => {
    const root = project(OLD, NEW);
    await wheelhouse('lock', 'requirements', '-C', root, '-P', 'flask', '--upgrade-package', 'click', '--secret', 'id=a,env=A');
    await wheelhouse('lock', 'requirements', '-C', root, '--upgrade');
    expect(asked(root).map(line => line.replace(/^.*--build-arg | --output.*$/g, ''))).toEqual(['UPGRADE=flask click --secret id=a,env=A', 'UPGRADE=:all:']);
  });
  test('locks what another lock is made from first', async () => {
    const root = project(OLD, NEW, TWO);
    await wheelhouse('lock', 'requirements', '-C', root);
    expect(asked(root).map(line => /--file (\S+)/.exec(line)![1])).toEqual(['shop-requirements', 'shop-a-dev']);
    expect(existsSync(join(root, 'app/dev.txt'))).toBe(true);
  });
  test('locks the one that is named', async () => {
    const root = project(OLD, NEW, TWO);
    await wheelhouse('lock', 'requirements', 'shop/a-dev', '-C', root);
    expect(asked(root).map(line => /--file (\S+)/.exec(line)![1])).toEqual(['shop-a-dev']);
    expect(await wheelhouse('lock', 'requirements', 'other', '-C', root)).toEqual(
      { status: 2, stdout: '', stderr: "wheelhouse: no lock is called 'other'; there are: shop/a-dev, shop/requirements\n" });
  });
  test('keeps a link a link', async () => {
    const root = project(OLD, NEW);
    mkdirSync(join(root, 'locked'));
    renameSync(strict(root), join(root, 'locked/web.txt'));
    symlinkSync('../locked/web.txt', strict(root));
    await wheelhouse('lock', 'requirements', '-C', root);
    expect(lstatSync(strict(root)).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root, 'locked/web.txt'), 'utf8')).toBe(NEW);
  });
  test('says what is missing', async () => {
    const root = project(OLD, NEW, '');
    expect((await wheelhouse('lock', 'requirements', '-C', root)).stderr).toBe(
      "wheelhouse: the program declares no RequirementsLock; declare one: new RequirementsLock(application, 'requirements', { source, base })\n");
    writeFileSync(join(root, 'application.js'), PROGRAM(ONE.replace("'app'", "'nothing'")));
    expect((await wheelhouse('lock', 'requirements', '-C', root)).status).toBe(3);
    expect((await wheelhouse('lock', 'images', '-C', root)).status).toBe(2);
  });
});
