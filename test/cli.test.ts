/** The command `wheelhouse`, as a process: what runs the program, and what it says. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { filesUnder, folder, FLASK_SOURCE } from './declare';
import { paintFor } from '../lib/cli/terminal';

jest.setTimeout(60_000);

const PROGRAM = `
const { App, Application, ComposeFile, PythonBase, PythonServer, PythonServiceImage, Service, HealthCheck } = require(${JSON.stringify(resolve('.'))});
const app = new App({ root: __dirname, outdir: process.env.OUTDIR });
const application = new Application(app, process.env.NAME ?? 'shop');
const base = process.env.OLD ? PythonBase.slim({ python: '3.9', debian: 'bookworm' }) : PythonBase.slim({ python: '3.14', debian: 'trixie' });
const image = new PythonServiceImage(application, 'image', { source: 'app', base, server: PythonServer.gunicorn('app:app') });
new Service(application, 'api', { image, publish: process.env.NOTHING_PUBLISHED ? undefined : 8080 });
new ComposeFile(application, 'compose');
const { outdir } = app.synth();
if (process.env.SAY) console.log('wrote ' + require('path').basename(outdir));
`;
const SOURCE = { ...FLASK_SOURCE, 'application.js': PROGRAM, 'wheelhouse.json': '{ "app": "node application.js" }' };

function wheelhouse(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('build/cli/wheelhouse.js'), ...args], { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, stdout, stderr };
}

describe('wheelhouse synth', () => {
  const root = folder({ ...SOURCE, 'broken.js': 'console.error("my own error"); process.exit(7);' });
  const synth = (env: NodeJS.ProcessEnv = {}) => wheelhouse(root, ['synth'], env);
  const NEXT = ['', 'Next:', '  docker compose -f wheelhouse.out/shop/compose.yaml up --build --wait', ''];

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

  test('tells of releases that get no security updates any more, as of today', () => {
    expect(synth({ OLD: '1' }).stdout).toMatch(/\nFindings:\n {2}shop\/image: python:3\.9-slim-bookworm has had no security updates since 2025-10-31; .* \[END_OF_LIFE\]\n|\nFindings:\n.*python 3\.9 in .* \[END_OF_LIFE\]\n/);
    expect(synth().stdout).not.toContain('END_OF_LIFE');
  });

  test("shows a failing program's own error first, then ours with its exit code", () => {
    expect(wheelhouse(root, ['synth', '--app', 'node broken.js'])).toEqual(
      { status: 3, stdout: '', stderr: 'my own error\n\nwheelhouse: the program failed (exit 7): node broken.js\n' });
  });

  test.each([['kill -9 $$', 3, 'the program failed (by SIGKILL)'], ['exec kill -INT $$', 130, 'interrupted'], ['exit 143', 143, 'interrupted']])(
    'ends as a program that ends with %s', (app, status, said) => {
      expect(wheelhouse(root, ['synth', '--app', app])).toEqual({ status, stdout: '', stderr: `${status === 3 ? '\n' : ''}wheelhouse: ${said}: ${app}\n` });
    });

  test('fails when the program synthesized nothing', () => {
    expect(wheelhouse(root, ['synth', '--app', 'true'])).toEqual(
      { status: 1, stdout: '', stderr: 'wheelhouse: the program ended well and synthesized nothing; does it call app.synth(), with a cdk-wheelhouse of this version? true\n' });
  });

  test('colours nothing that is not a terminal', () => expect(synth().stdout).not.toContain('\u001b'));

  test('leaves nothing in the folder for temporary files', () => {
    const temporary = folder();
    wheelhouse(root, ['synth', '--check'], { TMPDIR: temporary });
    wheelhouse(root, ['synth', '--app', 'node broken.js'], { TMPDIR: temporary });
    expect(tmpdir()).not.toBe(temporary);
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('the output folder', () => {
  test('is the one that --output names, from the directory', () => {
    const root = folder(SOURCE);
    expect(wheelhouse('.', ['synth', '--directory', root, '--output', 'deploy/out']).stdout).toContain(`${root}/deploy/out  (3 files, 3 changed)`);
    expect(existsSync(join(root, 'deploy/out/manifest.json'))).toBe(true);
    expect(readFileSync(join(root, 'deploy/out/shop/compose.yaml'), 'utf8')).toContain('dockerfile: deploy/out/shop/images/image/Dockerfile');
  });

  test('is the one that wheelhouse.json names', () => {
    const root = folder({ ...SOURCE, 'wheelhouse.json': '{ "app": "node application.js", "output": "out" }' });
    expect(wheelhouse(root, ['synth']).stdout).toContain('out  (3 files, 3 changed)');
  });

  test("is the program's own where nobody else names one", () => {
    const root = folder(SOURCE);
    expect(wheelhouse(root, ['synth'], { OUTDIR: 'mine' }).stdout).toContain('mine  (3 files, 3 changed)');
  });

  test('is refused before anything is written when two name different ones', () => {
    const root = folder(SOURCE);
    const { status, stderr } = wheelhouse(root, ['synth', '--output', 'out'], { OUTDIR: 'mine' });
    expect([status, stderr]).toEqual([3, expect.stringContaining(`the program's 'outdir' is 'mine', and wheelhouse was told '${root}/out'; say it in one of the two places [OUTDIR_TWICE]`)]);
    expect([existsSync(join(root, 'out')), existsSync(join(root, 'mine'))]).toEqual([false, false]);
    expect(wheelhouse(root, ['synth', '--output', 'mine'], { OUTDIR: 'mine' }).status).toBe(0);
  });
});

describe('what the command hands to App', () => {
  test.each(['not JSON', 'null', '{"today":"2026-11-21"}', '{"today":"2026-11-21","answers":"/x","preview":1}'])('is refused when it is %s', text => {
    const { status, stderr } = spawnSync(process.execPath, ['application.js'], { cwd: folder(SOURCE), encoding: 'utf8', env: { ...process.env, WHEELHOUSE_COMMAND: text } });
    expect([status, stderr]).toEqual([1, expect.stringContaining(
      `Error: WHEELHOUSE_COMMAND is '${text}', which this version does not understand; it is set by 'wheelhouse' alone: unset it, or use the same version of both [COMMAND_HANDOVER]\n`)]);
  });
});

describe('wheelhouse synth --check', () => {
  test('is content with output as synth writes it', () => {
    const root = folder(SOURCE);
    wheelhouse(root, ['synth']);
    expect(wheelhouse(root, ['synth', '--check'], { SAY: '1' })).toEqual({
      status: 0, stdout: '', stderr: expect.stringMatching(/^wrote [0-9a-f]{16}\nwheelhouse: wheelhouse\.out is as synth writes it\n$/),
    });
    expect(wheelhouse(root, ['diff'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('shows what differs, and writes nothing', () => {
    const root = folder(SOURCE);
    wheelhouse(root, ['synth']);
    const compose = join(root, 'wheelhouse.out/shop/compose.yaml');
    writeFileSync(compose, readFileSync(compose, 'utf8').replace('read_only: true', 'read_only: false'));
    rmSync(join(root, 'wheelhouse.out/shop/images/image/Dockerfile.dockerignore'));
    const before = filesUnder(root);
    utimesSync(join(root, 'wheelhouse.out'), 1, 1);
    const { status, stdout, stderr } = wheelhouse(root, ['synth', '--check']);
    expect(status).toBe(1);
    expect(stderr).toBe('wheelhouse: 2 files are not as synth writes them in wheelhouse.out; run wheelhouse synth and commit the result\n');
    expect(stdout).toMatch(/^--- a\/wheelhouse\.out\/shop\/compose\.yaml\n\+\+\+ b\/wheelhouse\.out\/shop\/compose\.yaml\n@@ -(\d+,\d) \+\1 @@\n( .*\n){1,3}-    read_only: false\n\+    read_only: true\n( .*\n){1,3}/);
    expect(stdout).toContain('\n--- /dev/null\n+++ b/wheelhouse.out/shop/images/image/Dockerfile.dockerignore\n@@ -0,0 +1,');
    expect(filesUnder(root)).toEqual(before);
    expect(statSync(join(root, 'wheelhouse.out')).mtimeMs).toBe(1000);
    expect(wheelhouse(root, ['diff'])).toEqual({ status: 1, stdout, stderr: '' });
  });

  test('names files that synth would delete, and shows a synth that was cut off', () => {
    const root = folder(SOURCE);
    wheelhouse(root, ['synth']);
    writeFileSync(join(root, 'wheelhouse.out/journal.json'), '{}\n');
    const { status, stdout } = wheelhouse(root, ['synth', '--check'], { NAME: 'store' });
    expect(status).toBe(1);
    expect(stdout).toContain('--- a/wheelhouse.out/shop/compose.yaml\n+++ /dev/null\n');
    expect(stdout).toContain('--- a/wheelhouse.out/journal.json\n+++ /dev/null\n@@ -1 +0,0 @@\n-{}\n');
  });

  test('takes everything for new where nothing has been written', () => {
    const root = folder(SOURCE);
    expect(wheelhouse(root, ['synth', '--check'])).toMatchObject({ status: 1, stderr: expect.stringContaining('4 files are not as synth writes them') });
    expect(existsSync(join(root, 'wheelhouse.out'))).toBe(false);
  });

  test("compares with the program's own folder, wherever it is", () => {
    const root = folder(SOURCE);
    wheelhouse(root, ['synth'], { OUTDIR: 'mine' });
    expect(wheelhouse(root, ['synth', '--check'], { OUTDIR: 'mine' })).toMatchObject({ status: 0, stderr: 'wheelhouse: mine is as synth writes it\n' });
  });

  test('gives a difference that git applies', () => {
    const root = folder(SOURCE);
    wheelhouse(root, ['synth']);
    const { stdout } = wheelhouse(root, ['diff'], { NAME: 'store' });
    writeFileSync(join(root, 'change.patch'), stdout);
    mkdirSync(join(root, '.git'), { recursive: true });
    rmSync(join(root, '.git'), { recursive: true });
    expect(spawnSync('git', ['apply', 'change.patch'], { cwd: root, encoding: 'utf8', env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } })).toMatchObject({ status: 0, stderr: '' });
    expect(wheelhouse(root, ['synth', '--check'], { NAME: 'store' }).status).toBe(0);
  });

  test('ends as the program that fails', () => {
    expect(wheelhouse(folder(SOURCE), ['synth', '--check', '--app', 'echo out; exit 9'])).toEqual(
      { status: 3, stdout: '', stderr: 'out\n\nwheelhouse: the program failed (exit 9): echo out; exit 9\n' });
  });
});

describe('wheelhouse.json', () => {
  test.each([
    ['{', expect.stringMatching(/^wheelhouse: wheelhouse\.json is not JSON: .+\n$/)],
    ['[]', 'wheelhouse: wheelhouse.json is no JSON object; write { "app": "npx tsx application.ts" }\n'],
    ['{ "apps": "x" }', "wheelhouse: wheelhouse.json has 'apps', which means nothing here; it may have app and output\n"],
    ['{ "app": 3 }', "wheelhouse: 'app' in wheelhouse.json is 3, which is no text, or an empty one\n"],
    ['{ "app": " " }', 'wheelhouse: \'app\' in wheelhouse.json is " ", which is no text, or an empty one\n'],
    ['{}', 'wheelhouse: no program is named; give --app "COMMAND", or create wheelhouse.json with wheelhouse init\n'],
  ])('%s is refused', (text, stderr) => {
    expect(wheelhouse(folder({ 'wheelhouse.json': text }), ['synth'])).toEqual({ status: 2, stdout: '', stderr });
  });

  test('may be missing', () => {
    expect(wheelhouse(folder(), ['synth'])).toEqual(
      { status: 2, stdout: '', stderr: 'wheelhouse: no program is named; give --app "COMMAND", or create wheelhouse.json with wheelhouse init\n' });
  });

  test('is looked for in a folder that is there', () => {
    expect(wheelhouse('.', ['synth', '-C', 'nowhere'])).toEqual({ status: 2, stdout: '', stderr: "wheelhouse: there is no folder 'nowhere'\n" });
  });

  test.each(readdirSync('examples', { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name))('lies beside examples/%s, and names its program', example => {
    const { app } = JSON.parse(readFileSync(join('examples', example, 'wheelhouse.json'), 'utf8'));
    const [, program] = /^npx ts-node -T (\w+\.ts)$/.exec(app)!;
    expect(readFileSync(join('examples', example, program), 'utf8')).toMatch(/^app\.synth\(\);$/m);
  });

  test('leads the command to the program of an example', () => {
    expect(wheelhouse('.', ['diff', '--directory', 'examples/flask-nginx'], { npm_config_update_notifier: 'false' })).toMatchObject({ status: 0, stdout: '' });
  });
});

describe('the command line', () => {
  test.each([
    [[], 2], [['nothing'], 2], [['synth', '--nothing'], 2], [['completion', 'tcsh'], 2], [['init', '--language', 'java'], 2], [['--help'], 0], [['synth', '--help'], 0], [['--version'], 0],
  ])('%j exits with %i', (args, status) => {
    expect(wheelhouse('.', args).status).toBe(status);
  });

  test('explains each verb with examples and exit codes', () => {
    const verbs = [...wheelhouse('.', ['--help']).stdout.matchAll(/^ {2}([a-z]+) /gm)].map(match => match[1]);
    expect(verbs).toEqual(['synth', 'diff', 'lock', 'list', 'graph', 'explain', 'init', 'up', 'down', 'doctor', 'completion']);
    for (const verb of verbs) expect(wheelhouse('.', [verb, '--help']).stdout).toMatch(new RegExp(`Examples:\n  wheelhouse ${verb}[^]*\n\nExit codes: 0 done, 1 .*failed, 2 `));
  });

  test('is what package.json says', () => {
    const { bin, version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(existsSync(join('.', bin.wheelhouse))).toBe(true);
    expect(wheelhouse('.', ['--version']).stdout).toBe(`${version}\n`);
  });

  test('is documented verb by verb', () => {
    const documented = [...readFileSync('docs/command.md', 'utf8').matchAll(/^## `wheelhouse ([a-z]+)/gm)].map(match => match[1]);
    expect(documented).toEqual(['synth', 'diff', 'lock', 'list', 'graph', 'explain', 'init', 'up', 'doctor', 'completion']);
  });
});

describe('colours', () => {
  const noColor = process.env.NO_COLOR;
  afterEach(() => {
    if (noColor === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = noColor;
  });

  test.each([[true, undefined, '\u001b[31mx\u001b[39m'], [true, '1', 'x'], [true, '', '\u001b[31mx\u001b[39m'], [false, undefined, 'x']])(
    'terminal %s, NO_COLOR %s', (isTTY, value, text) => {
      delete process.env.NO_COLOR;
      if (value !== undefined) process.env.NO_COLOR = value;
      expect(paintFor({ isTTY }).red('x')).toBe(text);
    });
});
