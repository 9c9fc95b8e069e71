/** The command `wheelhouse`, as a process. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { folder, FLASK_SOURCE } from './declare';

const PROGRAM = `
const { App, Application, ComposeFile, PythonBase, PythonServer, PythonServiceImage, Service, HealthCheck } = require(${JSON.stringify(resolve('.'))});
const app = new App({ root: __dirname });
const application = new Application(app, process.env.NAME ?? 'shop');
const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
new Service(application, 'api', { image, publish: process.env.NOTHING_PUBLISHED ? undefined : 8080 });
new ComposeFile(application, 'compose');
app.synth();
`;

function wheelhouse(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('build/cli/wheelhouse.js'), ...args], { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, stdout, stderr };
}

describe('wheelhouse synth', () => {
  const root = folder({ ...FLASK_SOURCE, 'application.js': PROGRAM, 'broken.js': 'console.error("my own error"); process.exit(7);' });
  const synth = (env: NodeJS.ProcessEnv = {}) => wheelhouse(root, ['synth', '--app', 'node application.js'], env);
  const FOUND = [
    '', 'Findings:', '  shop/image: cgr.dev/chainguard/python:latest and cgr.dev/chainguard/python:latest-dev move to new releases: '
      + 'a rebuild may get another; name tags that stay where there are some, or the digests [ROLLING_BASE]',
  ];
  const NEXT = [...FOUND, '', 'Next:', '  docker compose -f wheelhouse.out/shop/compose.yaml up --build --wait', ''];

  test('says what is new, what has changed, what is gone, and what to do next', () => {
    expect(synth()).toEqual({
      status: 0,
      stderr: '',
      stdout: ['wheelhouse.out  (3 files, 3 changed)', '  + shop/compose.yaml', '  + shop/images/image/Dockerfile', '  + shop/images/image/Dockerfile.dockerignore', ...NEXT].join('\n'),
    });
    expect(synth().stdout).toContain('wheelhouse.out  (3 files, none changed)\n    shop/compose.yaml\n');
    expect(synth({ NOTHING_PUBLISHED: '1' }).stdout).toContain('(3 files, 1 changed)\n  ~ shop/compose.yaml\n    shop/images');
    expect(synth({ NAME: 'store' }).stdout).toContain([
      'wheelhouse.out  (3 files, 3 changed, 3 deleted)', '  + store/compose.yaml', '  + store/images/image/Dockerfile', '  + store/images/image/Dockerfile.dockerignore',
      '  - shop/compose.yaml', '  - shop/images/image/Dockerfile', '  - shop/images/image/Dockerfile.dockerignore',
    ].join('\n'));
  });

  test("shows a failing program's own error first, and fails", () => {
    expect(wheelhouse(root, ['synth', '--app', 'node broken.js'])).toEqual(
      { status: 1, stdout: '', stderr: 'my own error\n\nwheelhouse: the program failed (exit 7): node broken.js\n' });
  });

  test('fails when the program wrote nothing', () => {
    expect(wheelhouse(root, ['synth', '--app', 'true', '--output', 'nowhere'])).toEqual(
      { status: 1, stdout: '', stderr: "wheelhouse: the program wrote no manifest to 'nowhere'; does it call app.synth(), with this 'outdir'?\n" });
  });

  test('colours nothing that is not a terminal', () => expect(synth().stdout).not.toContain('\u001b'));
});

describe('the command line', () => {
  test.each([[[], 2], [['synth'], 2], [['nothing'], 2], [['synth', '--nothing'], 2], [['--help'], 0], [['synth', '--help'], 0], [['--version'], 0]])('%j exits with %i', (args, status) => {
    expect(wheelhouse('.', args).status).toBe(status);
  });
  test('explains itself with examples and exit codes', () => {
    expect(wheelhouse('.', ['synth', '--help']).stdout).toMatch(/Examples:\n {2}wheelhouse synth --app[^]*Exit codes: 0 done, 1 the program failed/);
  });
  test('is what package.json says', () => {
    const { bin, version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(existsSync(join('.', bin.wheelhouse))).toBe(true);
    expect(wheelhouse('.', ['--version']).stdout).toBe(`${version}\n`);
  });
});
