/** The application object in the source: found, or refused with the candidates. */
import { appWith, filesUnder, refusal } from './declare';
import { Application, PythonBase, PythonServer, PythonServiceImage } from 'cdk-wheelhouse';

const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });

function declared(application: Application, server: PythonServer, source = 'app', install = false) {
  return new PythonServiceImage(application, 'api', { source, base: BASE, server, install });
}

/** The arguments that the server gets for a source with these files. */
function command(files: Record<string, string>, server = PythonServer.gunicorn(), source = 'app', install = false): string[] {
  const { app, application, outdir } = appWith({ 'app/requirements.txt': 'flask\n', ...files });
  declared(application, server, source, install);
  app.synth();
  const dockerfile = filesUnder(outdir)['shop/images/api/Dockerfile'];
  return JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)![1]);
}

/** What the server is told to serve. */
function served(files: Record<string, string>, server?: PythonServer, source?: string, install?: boolean): string {
  return command(files, server, source, install).at(-1)!;
}

const ASGI = PythonServer.uvicorn();
const FLASK = 'from flask import Flask\n';

describe('a server without a name finds', () => {
  const FOUND: [what: string, name: string, files: Record<string, string>, server?: PythonServer][] = [
    ['a Flask object', 'main:app', { 'app/main.py': `${FLASK}app = Flask(__name__)\n` }],
    ['one that is called by the name of its package', 'main:web', { 'app/main.py': 'import flask\nweb: flask.Flask = flask.Flask(__name__)\n' }],
    ['one in a package', 'shop:app', { 'app/shop/__init__.py': `${FLASK}app = Flask(__name__)\n` }],
    ['one in a module of a package', 'shop.web:app', { 'app/shop/__init__.py': '', 'app/shop/web.py': `${FLASK}app = Flask(__name__)\n` }],
    ['one in a directory without __init__.py', 'shop.web:app', { 'app/shop/web.py': `${FLASK}app = Flask(__name__)\n` }],
    ['one in a file with carriage returns', 'main:app', { 'app/main.py': 'from flask import Flask\r\napp = Flask(__name__)\r\n' }],
    ['a FastAPI object', 'main:app', { 'app/main.py': 'from fastapi import FastAPI\n\napp = FastAPI(\n    title="x",\n)\n' }, ASGI],
    ['a Starlette object', 'main:api', { 'app/main.py': 'from starlette.applications import Starlette\napi = Starlette()\n' }, ASGI],
    ["Django's WSGI object", 'site.wsgi:application', django('site')],
    ["Django's ASGI object", 'site.asgi:application', django('site'), ASGI],
    ["Django's WSGI object inside another", 'site.wsgi:application', { 'app/site/wsgi.py': 'application = WhiteNoise(get_wsgi_application())\n' }],
    ['a function that makes a Flask application', 'shop:create_app()', { 'app/shop/__init__.py': `${FLASK}def create_app(config=None, *, debug=False):\n    app = Flask(__name__)\n` }],
    ['the object before the function that makes it', 'wsgi:app',
      { 'app/shop/__init__.py': `${FLASK}def create_app(config=None):\n    return Flask(__name__)\n`, 'app/wsgi.py': 'from shop import create_app\n\napp = create_app("prod")\n' }],
    ['what serves ASGI beside what serves WSGI', 'new:app',
      { 'app/old.py': `${FLASK}app = Flask(__name__)\n`, 'app/new.py': 'from fastapi import FastAPI\napp = FastAPI()\n' }, ASGI],
  ];
  for (const [what, name, files, server] of FOUND) test(what, () => expect(served(files, server)).toBe(name));

  test('a function that makes an ASGI application, told in the way of the server', () => {
    const files = { 'app/main.py': 'from fastapi import FastAPI\n\n\ndef create_app() -> FastAPI:\n    return FastAPI()\n' };
    expect(command(files, ASGI).slice(-2)).toEqual(['--factory', 'main:create_app']);
    expect(served(files, PythonServer.gunicorn(undefined, { uvicornWorkers: true }))).toBe('main:create_app()');
  });

  test('the one object where the source is the root', () => {
    expect(served({ 'main.py': `${FLASK}app = Flask(__name__)\n`, 'requirements.txt': 'flask\n' }, undefined, '.')).toBe('main:app');
  });

  test('modules in src, where the source is installed', () => {
    const files = { 'app/src/shop/__init__.py': `${FLASK}app = Flask(__name__)\n`, 'app/pyproject.toml': '[build-system]\nrequires = []\n' };
    expect(served(files, undefined, 'app', true)).toBe('shop:app');
  });

  test.each([
    ['a comment', '# app = Flask(__name__)\n'],
    ['documentation', '"""How it is made:\n\nother = Flask(__name__)\n"""\n'],
    ['a function', 'def other():\n    web = Flask(__name__)\n'],
  ])('nothing in %s', (_, text) => {
    expect(served({ 'app/aside.py': text, 'app/main.py': `${FLASK}app = Flask(__name__)\n` })).toBe('main:app');
  });

  test.each(['tests/app.py', 'test_app.py', 'conftest.py', 'docs/app.py', 'shop/deeper/app.py', '.venv/app.py', 'my-scripts/app.py', 'setup.py'])('nothing in %s', path => {
    expect(served({ [`app/${path}`]: `${FLASK}aside = Flask(__name__)\n`, 'app/main.py': `${FLASK}app = Flask(__name__)\n` })).toBe('main:app');
  });

  test('nothing that it was not asked for: a name that is given is taken', () => {
    expect(served({ 'app/main.py': `${FLASK}app = Flask(__name__)\n` }, PythonServer.gunicorn('other:app'))).toBe('other:app');
  });
});

describe('a server without a name refuses', () => {
  const REFUSED: [what: string, line: string, files: Record<string, string>, server?: PythonServer][] = [
    ['more than one object', "shop/api: 'app' has more than one WSGI application: admin:app, main:app; give the server the name of one [APPLICATION_UNCLEAR]",
      { 'app/admin.py': `${FLASK}app = Flask(__name__)\n`, 'app/main.py': `${FLASK}app = Flask(__name__)\n` }],
    ['more than one in a file', "shop/api: 'app' has more than one ASGI application: main:api, main:app; give the server the name of one [APPLICATION_UNCLEAR]",
      { 'app/main.py': 'from fastapi import FastAPI\napp = FastAPI()\napi = FastAPI()\n' }, ASGI],
    ['a source without any', "shop/api: no WSGI application was found in 'app' and its packages; give the server its name, such as shop.main:app [APPLICATION_NOT_FOUND]",
      { 'app/main.py': 'print("hello")\n' }],
    ['a function that needs arguments', "shop/api: no WSGI application was found in 'app' and its packages; give the server its name, such as shop.main:app [APPLICATION_NOT_FOUND]",
      { 'app/main.py': `${FLASK}def create_app(config, debug=False):\n    return Flask(__name__)\n` }],
    ['one of the other kind', "shop/api: no ASGI application was found in 'app' and its packages (main:app is WSGI); give the server its name, such as shop.main:app [APPLICATION_NOT_FOUND]",
      { 'app/main.py': `${FLASK}app = Flask(__name__)\n` }, ASGI],
  ];
  for (const [what, line, files, server = PythonServer.gunicorn()] of REFUSED) {
    test(what, () => {
      const { app, application } = appWith({ 'app/requirements.txt': 'flask\n', ...files });
      declared(application, server);
      expect(refusal(app)).toEqual([line]);
    });
  }
});

function django(project: string): Record<string, string> {
  const file = (kind: string) => `import os\nfrom django.core.${kind} import get_${kind}_application\n\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', '${project}.settings')\n\napplication = get_${kind}_application()\n`;
  return { 'app/manage.py': 'import django\n', [`app/${project}/wsgi.py`]: file('wsgi'), [`app/${project}/asgi.py`]: file('asgi'), [`app/${project}/settings.py`]: 'WSGI_APPLICATION = "x"\n' };
}
