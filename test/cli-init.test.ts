/** `wheelhouse init`: what it finds, why, and that synth accepts the programs that it writes. */
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { wheelhouse } from './cli-run';
import { filesUnder, folder } from './declare';
import { look } from '../lib/cli/init-look';

jest.setTimeout(60_000);

const FLASK = { 'app/app.py': "from flask import Flask\napp = Flask(__name__)\n@app.get('/healthz')\ndef ok(): return 'ok'\n", 'app/requirements.txt': 'flask\ngunicorn\n' };
const UV_LOCK = 'version = 1\n[[package]]\nname = "shop"\nsource = { virtual = "." }\ndependencies = [{ name = "fastapi" }, { name = "uvicorn" }]\n'
  + '[[package]]\nname = "fastapi"\nversion = "1"\n[[package]]\nname = "uvicorn"\nversion = "1"\n';
const FASTAPI = {
  'pyproject.toml': '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11,<3.13"\n',
  'uv.lock': UV_LOCK,
  'shop/__init__.py': '',
  'shop/main.py': 'from fastapi import FastAPI\napi = FastAPI()\n',
};

describe('wheelhouse init', () => {
  test('says what it found and why, and writes a program', async () => {
    const root = folder(FLASK);
    const { status, stdout, stderr } = await wheelhouse('init', '--directory', root, '--name', 'shop');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe([
      'Found:',
      '  dependencies  app/requirements.txt  pip; 2 packages',
      '  application   app:app               WSGI object in app/app.py',
      '  server        gunicorn              serves WSGI; among the packages',
      '  python        3.13                  nothing says which',
      '  port          8000                  nothing says which',
      '  health        /healthz              in app/app.py',
      '',
      'Written:', `  ${root}/application.ts`, `  ${root}/wheelhouse.json`,
      '',
      'Next:', '  npm install cdk-wheelhouse constructs tsx', `  npx wheelhouse synth --directory ${root}`, `  npx wheelhouse up --directory ${root}`, '',
    ].join('\n'));
    expect(readFileSync(join(root, 'application.ts'), 'utf8')).toBe(`import { App, Application, ComposeFile, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'shop');

new Service(application, 'web', {
  image: new PythonServiceImage(application, 'web-image', {
    source: 'app',
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
  }),
  publish: 8000,
});

new ComposeFile(application, 'compose');
app.synth();
`);
    expect(readFileSync(join(root, 'wheelhouse.json'), 'utf8')).toBe('{\n  "app": "npx tsx application.ts"\n}\n');
  });

  test.each([
    ['Flask below the folder', FLASK],
    ['FastAPI in the folder itself', FASTAPI],
    ['a lock file beside requirements', { ...FASTAPI, 'requirements.txt': 'fastapi\n' }],
    ['a program without an object', { 'job/requirements.txt': 'requests\n', 'job/main.py': 'print(1)\n' }],
    ['another port, in a folder with a quote', { "it's/requirements.txt": 'fastapi\nuvicorn\n', "it's/main.py": 'from fastapi import FastAPI\napp = FastAPI()\n', "it's/Dockerfile": 'EXPOSE 9000\n' }],
  ])('writes a program that synth accepts: %s', async (_, files) => {
    const parent = folder(Object.fromEntries(Object.entries(files).map(([path, text]) => [`application/${path}`, text])));
    const root = join(parent, 'application');
    expect((await wheelhouse('init', '-C', root, '-n', 'shop')).stdout).not.toContain('To be mended');
    mkdirSync(join(parent, 'node_modules'));
    symlinkSync(resolve('.'), join(parent, 'node_modules/cdk-wheelhouse'));
    const program = spawnSync(process.execPath, ['-r', resolve('node_modules/ts-node/register/transpile-only'), join(root, 'application.ts')], {
      encoding: 'utf8', env: { ...process.env, TS_NODE_SKIP_PROJECT: 'true', TS_NODE_COMPILER_OPTIONS: '{"module":"node16","moduleResolution":"node16","target":"es2022"}' },
    });
    expect(program).toMatchObject({ status: 0, stderr: '' });
    expect(Object.keys(filesUnder(join(root, 'wheelhouse.out')))).toContain('shop/compose.yaml');
  });

  test('writes Python that Python can read', async () => {
    const root = folder(FLASK);
    const { stdout } = await wheelhouse('init', '-C', root, '--name', 'shop', '--language', 'python');
    expect(stdout).toContain('Next:\n  pip install cdk-wheelhouse\n  wheelhouse synth');
    expect(readFileSync(join(root, 'wheelhouse.json'), 'utf8')).toBe('{\n  "app": "python application.py"\n}\n');
    const program = readFileSync(join(root, 'application.py'), 'utf8');
    expect(program).toContain('            server=PythonServer.gunicorn("app:app", health_path="/healthz"),\n'.slice(4));
    expect(spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: program, encoding: 'utf8' })).toMatchObject({ stderr: '' });
  });

  test.each(['application.ts', 'wheelhouse.json'])('replaces no %s', async name => {
    const root = folder({ ...FLASK, [name]: 'mine\n' });
    expect(await wheelhouse('init', '-C', root)).toEqual({ status: 1, stdout: '', stderr: `wheelhouse: ${name} is there already; nothing was written\n` });
    expect(Object.keys(filesUnder(root)).sort()).toEqual([name, ...Object.keys(FLASK)].sort());
    expect(readFileSync(join(root, name), 'utf8')).toBe('mine\n');
  });

  test('says what would not work', async () => {
    const app = { 'app/app.py': FLASK['app/app.py'] };
    expect((await wheelhouse('init', '-C', folder({ ...app, 'app/requirements.txt': 'flask\n' }))).stdout).toContain(
      'serves WSGI; not among the packages\n');
    expect((await wheelhouse('init', '-C', folder({ ...app, 'app/requirements.txt': 'flask\n' }))).stdout).toContain(
      '\n\nTo be mended:\n  gunicorn is not in app/requirements.txt; add it, or nothing can start\n');
    const locked = { ...app, 'app/requirements.txt': `flask==3.1.2 --hash=sha256:${'0'.repeat(64)}\n` };
    expect((await wheelhouse('init', '-C', folder(locked))).stdout).toContain(
      '\n\nTo be mended:\n  the server needs gunicorn, which is not among the required packages; add it to them [SERVER_NOT_INSTALLED]\n');
    expect((await wheelhouse('init', '-C', folder({ ...app, 'app/pyproject.toml': '[project]\ndependencies = ["flask", "gunicorn"]\n' }))).stdout).toMatch(/\n\nTo be mended:\n.*uv lock.*\[DEPENDENCIES_UNKNOWN\]\n/);
  });

  test('says what the whole folder as source means', async () => {
    const root = folder(FASTAPI);
    expect((await wheelhouse('init', '-C', root)).stdout).toContain('\nThe whole folder goes into the image; put the application into a folder of its own to keep the rest out.\n');
  });

  test('names the application as the folder, in the characters of a DNS label', async () => {
    const root = folder({ 'My Shop_2/app/requirements.txt': 'flask\ngunicorn\n', 'My Shop_2/app/app.py': FLASK['app/app.py'] });
    await wheelhouse('init', '-C', join(root, 'My Shop_2'));
    expect(readFileSync(join(root, 'My Shop_2/application.ts'), 'utf8')).toContain("new Application(app, 'my-shop-2')");
    expect(await wheelhouse('init', '-C', root, '--name', 'Shop')).toEqual(
      { status: 2, stdout: '', stderr: "wheelhouse: 'Shop' cannot name an application; use lower-case letters, digits and -, such as --name shop\n" });
  });

  test('fails where there is nothing to find', async () => {
    expect(await wheelhouse('init', '-C', folder())).toEqual({
      status: 1,
      stdout: '',
      stderr: 'wheelhouse: nothing here says which packages are needed: there is no uv.lock, requirements.txt, poetry.lock, pdm.lock, Pipfile.lock, pyproject.toml, '
        + 'nor in the folders below; create requirements.txt, or name the folder with --directory\n',
    });
    expect(await wheelhouse('init', '-C', folder({ 'app/requirements.txt': 'flask\n' }))).toEqual({
      status: 1,
      stdout: '',
      stderr: "wheelhouse: no application was found in 'app': no Flask, FastAPI, Starlette or Django object, no main.py, no package with __main__.py; "
        + 'write the program by hand, see the README\n',
    });
    expect(await wheelhouse('init', '-C', folder({ 'uv.lock': 'x = [' }))).toMatchObject({ status: 1, stderr: expect.stringMatching(/^wheelhouse: 'uv\.lock' cannot be read: line 1: /) });
    expect(await wheelhouse('init', '-C', 'nowhere')).toEqual({ status: 2, stdout: '', stderr: "wheelhouse: there is no folder 'nowhere'\n" });
  });
});

describe('what init finds', () => {
  const found = (files: Record<string, string>) => look(folder(files));
  const APP = FLASK['app/app.py'];

  test('of several folders with packages, the one with an application', () => {
    expect(found({ 'a/requirements.txt': 'x\n', 'b/c/requirements.txt': 'x\n', 'b/requirements.txt': 'flask\n', 'b/app.py': APP }).source).toBe('b');
    expect(found({ 'services/api/requirements.txt': 'flask\n', 'services/api/app.py': APP }).source).toBe('services/api');
    expect(found({ 'requirements.txt': 'flask\n', 'app.py': APP, 'b/requirements.txt': 'x\n' }).source).toBe('.');
  });

  test.each([
    ['.python-version', { '.python-version': '3.12\n' }, '3.12', '.python-version: 3.12'],
    ['.python-version of the source', { 'app/.python-version': '3.11\n', '.python-version': '3.12\n' }, '3.11', 'app/.python-version: 3.11'],
    ['pyproject.toml', { 'app/pyproject.toml': '[project]\nrequires-python = "<3.12"\n' }, '3.11', 'app/pyproject.toml: requires-python <3.12'],
    ['a release that no image has', { '.python-version': '3.6\n' }, '3.13', 'nothing says which'],
  ])('Python by %s', (_, files, value, why) => expect(found({ ...FLASK, ...files }).python).toEqual({ value, why }));

  test.each([
    ['gunicorn.conf.py', { 'app/gunicorn.conf.py': "bind = '0.0.0.0:9001'\n" }, 9001, 'as app/gunicorn.conf.py says'],
    ['Procfile', { Procfile: 'web: gunicorn app:app -b 0.0.0.0:9002\n' }, 9002, 'as Procfile says'],
    ['a Dockerfile', { 'app/Dockerfile': 'FROM x\nEXPOSE 9003/tcp\n' }, 9003, 'as app/Dockerfile says'],
    ['a privileged port', { Dockerfile: 'EXPOSE 80\n' }, 8000, 'Dockerfile says 80, which takes a privilege below 1024'],
    ['the call that starts it', { 'app/app.py': `${APP}if __name__ == '__main__':\n    app.run(host='0.0.0.0', port=9004)\n` }, 9004, 'as app/app.py says'],
  ])('a port by %s', (_, files, value, why) => expect(found({ ...FLASK, ...files }).port).toEqual({ value, why }));

  test.each([
    ['uvicorn\nfastapi', 'uvicorn', 'among'], ['hypercorn\nfastapi', 'hypercorn', 'among'], ['fastapi', 'uvicorn', 'not among'],
  ])('a server for ASGI among %j', (packages, name, among) => {
    expect(found({ 'app/requirements.txt': `${packages}\n`, 'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\n' }).server).toEqual(
      { value: { name, ...(among === 'among' ? {} : { missing: true }) }, why: `serves ASGI; ${among} the packages` });
  });

  test.each([
    ['poetry.lock', '[[package]]\nname = "Flask"\n[[package]]\nname = "gunicorn"\n', 'Poetry; 2 packages'],
    ['Pipfile.lock', '{ "default": { "flask": {}, "gunicorn": {} }, "develop": { "pytest": {} } }', 'Pipenv; 2 packages'],
    ['pyproject.toml', '[project]\ndependencies = ["flask>=3", "gunicorn"]\n', 'pyproject.toml, which locks nothing; 2 packages'],
  ])('packages of a %s', (name, text, why) => {
    const { dependencies, server } = found({ [`app/${name}`]: text, 'app/app.py': APP });
    expect([dependencies, server.why]).toEqual([{ value: `app/${name}`, why }, 'serves WSGI; among the packages']);
  });

  test('the other applications by name, and a function that makes one', () => {
    expect(found({ ...FLASK, 'app/other.py': 'from flask import Flask\nshop = Flask(__name__)\n' }).application).toEqual(
      { value: 'app:app', why: 'WSGI object in app/app.py; also there: other:shop' });
    expect(found({ ...FLASK, 'app/app.py': 'from flask import Flask\ndef create_app():\n    return Flask(__name__)\n' }).application).toEqual(
      { value: 'app:create_app()', why: 'WSGI factory in app/app.py' });
    expect(found({ 'job/requirements.txt': '', 'job/shop/__main__.py': '' }).server.value.module).toBe('shop');
  });
});
