/** Shapes that real projects have, each built and asked for a page on the engine, as one application. */
import { openSync, ftruncateSync, closeSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { softness } from './container-judge';
import { describeOnEngine, docker, succeed, tryDocker } from './engine';
import {
  App, Application, ComposeFile, Dependencies, Layout, PythonBase, PythonServer, PythonServiceImage, Service, type PythonServiceImageProps,
} from 'cdk-wheelhouse';

const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const REQUIREMENTS = 'flask\ngunicorn\n';
/** A page that says `text`, an expression. */
function page(text: string, imports = ''): string {
  return `from flask import Flask\n${imports}\napp = Flask(__name__)\n\n\n@app.get("/")\ndef page():\n    return ${text}\n`;
}
function project(name: string, packages: string): string {
  return `[project]\nname = "${name}"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n[tool.setuptools.packages.find]\n${packages}\n`;
}

interface Shape {
  readonly files: Record<string, string>;
  readonly props: Omit<PythonServiceImageProps, 'base' | 'source'> & { readonly source?: string };
  readonly answer: string;
}
const web = (application: string) => PythonServer.gunicorn(application);

const SHAPES: Record<string, Shape> = {
  'src-layout': {
    files: {
      'pyproject.toml': project('shop', 'where = ["src"]'),
      'requirements.txt': REQUIREMENTS,
      'src/shop/__init__.py': '',
      'src/shop/web.py': page('names.NAME', 'from shop import names'),
      'src/shop/names.py': 'NAME = "src"\n',
    },
    props: { server: web('shop.web:app'), install: true },
    answer: 'src',
  },
  'flat-layout': {
    files: {
      'pyproject.toml': project('shop', 'include = ["shop*"]'),
      'requirements.txt': REQUIREMENTS,
      'shop/__init__.py': '',
      'shop/web.py': page('"flat"'),
      'tests/test_shop.py': 'raise SystemExit("not for the image")\n',
    },
    props: { server: web('shop.web:app'), install: true, layout: Layout.prefix() },
    answer: 'flat',
  },
  'namespace-packages': {
    files: {
      'requirements.txt': REQUIREMENTS, 'acme/shop/web.py': page('prices.PRICE', 'from acme.prices import prices'), 'acme/prices/prices.py': 'PRICE = "namespace"\n',
    },
    props: { server: web('acme.shop.web:app') },
    answer: 'namespace',
  },
  'import-with-side-effects': {
    // while it is built there is neither the variable nor a place to write to that stays
    files: {
      'requirements.txt': REQUIREMENTS,
      'main.py': page('open("/tmp/imported").read()', 'import os\n\nwith open("/tmp/imported", "w") as file:\n    file.write(os.environ["SHOP_NAME"])\n'),
    },
    props: { server: web('main:app') },
    answer: 'from the environment',
  },
  'no-dependencies': {
    files: {
      'main.py': 'from wsgiref.simple_server import make_server\n\n\ndef app(environ, start):\n    start("200 OK", [("Content-Type", "text/plain")])\n'
        + '    return [b"nothing but Python"]\n\n\nmake_server("", 8000, app).serve_forever()\n',
    },
    props: { server: PythonServer.module('main', { port: 8000 }), dependencies: Dependencies.none() },
    answer: 'nothing but Python',
  },
  'non-ascii-path': {
    files: {
      'Bücher und Zeitschriften/requirements.txt': REQUIREMENTS,
      'Bücher und Zeitschriften/größe.py': 'GRÖSSE = "größer"\n',
      'Bücher und Zeitschriften/main.py': page('GRÖSSE', 'from größe import GRÖSSE'),
      'Bücher und Zeitschriften/日本.txt': '語\n',
    },
    props: { source: 'Bücher und Zeitschriften', server: web('main:app') },
    answer: 'größer',
  },
  'large-data': {
    files: { 'requirements.txt': REQUIREMENTS, 'main.py': page('str(os.path.exists("/app/data"))', 'import os\n'), 'data/readme.txt': 'large\n' },
    props: { source: '.', server: web('main:app') },
    answer: 'False',
  },
};

describeOnEngine('A project', () => {
  const names = Object.keys(SHAPES);
  const containers: string[] = [];
  const root = folder(Object.fromEntries(names.flatMap(name => Object.entries(SHAPES[name].files).map(([path, text]) => [`${name}/${path}`, text]))));
  const dockerfile = (name: string) => join(root, 'out', name, name, 'images/image/Dockerfile');
  const tag = (name: string) => `wheelhouse-e2e/shape-${name}`;

  beforeAll(() => {
    for (const name of names) {
      const { props } = SHAPES[name];
      // an App of its own: its root is the project
      const app = new App({ root: join(root, name), outdir: join(root, 'out', name), ignored: ['data'] });
      const application = new Application(app, name);
      const image = new PythonServiceImage(application, 'image', { source: '.', base: BASE, ...props });
      new Service(application, 'main', { image });
      new ComposeFile(application, 'compose');
      app.synth();
    }
    mkdirSync(join(root, 'large-data/data'), { recursive: true });
    const file = openSync(join(root, 'large-data/data/large.bin'), 'w');
    ftruncateSync(file, 200 * 1024 * 1024);
    closeSync(file);
  });
  afterAll(() => {
    if (containers.length > 0) docker('rm', '--force', '--volumes', ...containers);
    tryDocker('image', 'rm', '--force', ...names.map(tag));
  });

  test.each(names)('of shape %s is built, and answers', name => {
    const { stderr } = tryDocker('buildx', 'build', '--progress', 'plain', '--tag', tag(name), '--file', dockerfile(name), join(root, name));
    const sent = [...stderr.matchAll(/transferring context: ([\d.]+)(k?B|MB)/g)].map(([, size, unit]) => Number(size) * { B: 1, kB: 1e3, MB: 1e6 }[unit as 'B' | 'kB' | 'MB']);
    expect(stderr).toContain('exporting to image');
    expect(Math.max(...sent)).toBeLessThan(100e3);
    const container = docker('run', '--detach', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--init', '--env', 'SHOP_NAME=from the environment',
      '--tmpfs', '/tmp:mode=1777,uid=65532,gid=65532', '--tmpfs', '/home/nonroot:mode=700,uid=65532,gid=65532', tag(name));
    containers.push(container);
    const python = SHAPES[name].props.layout === undefined ? '/venv/bin/python' : '/usr/local/bin/python3';
    const program = 'import time, urllib.request\nfor _ in range(100):\n    try:\n        print(urllib.request.urlopen("http://127.0.0.1:8000/").read().decode())\n        break\n'
      + '    except OSError:\n        time.sleep(0.2)\n';
    expect(docker('exec', '--env', 'PYTHONUTF8=1', container, python, '-c', program)).toBe(SHAPES[name].answer);
    expect(softness(container, { userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/usr/local', ...(SHAPES[name].props.install ? [] : ['/app'])], without: ['compiler', 'pip'], python, published: [] })).toEqual([]);
  });

  test('that is no package of its own brings nothing but its files', () => {
    expect(succeed('docker', ['run', '--rm', '--entrypoint', '/venv/bin/python', tag('non-ascii-path'), '-c', 'import os; print(sorted(os.listdir("/app")))']))
      .toBe("['größe.py', 'main.py', 'requirements.txt', '日本.txt']");
  });
});
