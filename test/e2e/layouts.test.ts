/** Every layout on a real engine: its example built, started hardened, asked and changed; and on other bases. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { softness, type Promised } from './container-judge';
import { describeOnEngine, docker, onEngine, request, succeed, tryDocker } from './engine';
import { App, Application, Layout, PythonBase, PythonServer, PythonServiceImage, Trim } from 'cdk-wheelhouse';

/** In what tests change: the engine has not built it before. */
const NOW = `changed at ${Date.now()}`;
/** What build stages have and images must not: wheels, caches, places where packages are installed before they are copied. */
const LEFT_BEHIND = /\.whl$|^(wheels|install|package|src|requirements|compile)(\/|$)|^root\/|^tmp\/.|\/\.cache(\/|$)/;

interface Example {
  readonly example: string;
  readonly service: string;
  readonly port: number;
  readonly base: string;
  readonly interpreter: string;
  readonly code: string[];
  readonly without: Promised['without'];
  /** Programs of packages that the image has. */
  readonly scripts: string[];
  /** Pattern of a file of its packages. */
  readonly packages: RegExp;
  /** Asks for what a compiled package computes. */
  readonly works: (url: string) => void;
}

const SLIM = 'python:3.13-slim-bookworm';
const TEXT = 'again and '.repeat(50);
const EXAMPLES: Example[] = [
  {
    example: 'layout-prefix',
    service: 'colours',
    port: 8101,
    base: SLIM,
    interpreter: '/usr/local/bin/python3',
    code: ['/app', '/usr/local/lib/python3.13/site-packages'],
    without: ['compiler', 'pip'],
    scripts: ['usr/local/bin/flask', 'usr/local/bin/gunicorn', 'usr/local/bin/gunicornc'],
    packages: /^usr\/local\/lib\/python3\.13\/site-packages\/PIL\/_imaging\..*so$/,
    works: url => expect(request(`${url}/teal.png`)).toMatchObject({ status: 200, type: 'image/png', body: expect.stringContaining('PNG') }),
  },
  {
    example: 'layout-user-base',
    service: 'tags',
    port: 8102,
    base: 'cgr.dev/chainguard/python:latest',
    interpreter: '/usr/bin/python',
    code: ['/app', '/user-base'],
    without: ['shell', 'compiler', 'pip', 'package manager'],
    scripts: ['user-base/bin/flask'],
    packages: /^user-base\/lib\/python3\.\d+\/site-packages\/lxml\/etree\..*so$/,
    works: url => {
      const counted = request(`${url}/tags`, '--data', '<a><b/><b/></a>');
      expect(counted).toMatchObject({ status: 200, type: 'application/json' });
      expect(JSON.parse(counted.body)).toEqual({ a: 1, b: 2 });
    },
  },
  {
    example: 'layout-wheelhouse',
    service: 'packer',
    port: 8103,
    base: SLIM,
    interpreter: '/usr/local/bin/python3',
    code: ['/app', '/usr/local/lib/python3.13/site-packages'],
    without: ['compiler', 'pip'],
    scripts: ['usr/local/bin/flask', 'usr/local/bin/gunicorn', 'usr/local/bin/gunicornc'],
    packages: /^usr\/local\/lib\/python3\.13\/site-packages\/lzo\..*so$/,
    works: url => {
      const packed = join(folder(), 'packed');
      succeed('curl', ['--silent', '--noproxy', '*', '--data', TEXT, '--output', packed, `${url}/pack`]);
      expect(readFileSync(packed).length).toBeLessThan(TEXT.length / 2);
      expect(request(`${url}/unpack`, '--data-binary', `@${packed}`)).toMatchObject({ status: 200, body: TEXT });
    },
  },
];

onEngine().each(EXAMPLES)('$example', ({ example, service, port, base, interpreter, code, without, scripts, packages, works }) => {
  let root: string;
  let out: string;
  let dockerfile: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
  const container = () => compose('ps', '--all', '--quiet', service);

  beforeAll(() => {
    ({ root } = synthesize(example));
    out = join(root, 'wheelhouse.out', example);
    dockerfile = join(out, `images/${service}-image/Dockerfile`);
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('serves its pages, with what a package that is compiled computes', () => {
    expect(request(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200, body: expect.stringContaining('<h1>') });
    works(`http://127.0.0.1:${port}`);
  });

  test('runs as it promised', () => {
    expect(softness(container(), {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code, without, python: interpreter, published: [`${port}`],
    })).toEqual([]);
  });

  test('has in no layer what belongs to the build stage, nor scripts that nobody asked for', () => {
    const image = JSON.parse(docker('inspect', container()))[0].Image;
    const layers = layersOf(image).slice(layersOf(base).length);
    const files = layers.flat();
    expect(files.filter(path => LEFT_BEHIND.test(path))).toEqual([]);
    expect(files.filter(path => /^(usr\/local|user-base)\/bin\/[^.]/.test(path)).sort()).toEqual(scripts);
    expect(files.filter(path => packages.test(path))).toHaveLength(1);
    expect(files.filter(path => /__pycache__|direct_url\.json/.test(path))).toEqual([]);
  });

  test('rebuilds nothing but the last layer when the source changes', () => {
    appendFileSync(join(root, 'app/app.py'), `\n\n@app.get("/changed")\ndef changed():\n    return "${NOW}"\n`);
    expect(cachedSteps(dockerfile, root).filter(step => !step.cached).map(step => step.instruction)).toEqual(['COPY app /app']);
  });
});

describeOnEngine('layouts on other bases', () => {
  const tags: string[] = [];
  afterAll(() => { docker('image', 'rm', '--force', ...tags); });

  /** Builds an application, and answers with what it says. */
  function says(name: string, base: PythonBase, layout: Layout, more: object = {}): string {
    const root = folder({
      'app/web.py': 'import sys\n\nimport markupsafe._speedups as compiled\nfrom markupsafe import escape\nprint(sys.executable, compiled.__file__, escape("<"))\n',
      'app/requirements.txt': readFileSync('examples/layout-prefix/app/requirements.txt', 'utf8').replace(/^(?!markupsafe)\w[^]*?(?=^\w|(?![^]))/gm, ''),
    });
    const app = new App({ root, outdir: join(root, 'out') });
    const application = new Application(app, 'shop');
    new PythonServiceImage(application, 'web', { source: 'app', base, layout, server: PythonServer.module('web'), ...more });
    app.synth();
    const dockerfile = join(root, 'out/shop/images/web/Dockerfile');
    tellDebian(dockerfile);
    const tag = `wheelhouse-e2e/layouts-${name}`;
    tags.push(tag);
    docker('buildx', 'build', '--quiet', '--tag', tag, '--file', dockerfile, root);
    return docker('run', '--rm', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', tag);
  }

  test("Debian's Python finds a prefix where Debian has it", () => {
    expect(says('prefix-distroless', PythonBase.distroless(), Layout.prefix()))
      .toMatch(/^\/usr\/bin\/python3 \/usr\/local\/lib\/python3\.11\/dist-packages\/markupsafe\/_speedups\.\S+ &lt;$/);
    expect(says('prefix-debian', PythonBase.debian({ release: 'bookworm' }), Layout.prefix(), { trim: Trim.unused() })).toMatch(/^\/usr\/bin\/python3 \/usr\/local\/lib\/python3\.11\/dist-packages/);
  });

  test("Debian's Python finds a user base, though another interpreter has made it", () => {
    const mixed = PythonBase.of(PythonBase.slim({ python: '3.11', debian: 'bookworm' }).buildImage, PythonBase.distroless().runtimeImage);
    expect(says('user-distroless', mixed, Layout.userBase())).toMatch(/^\/usr\/bin\/python3 \/user-base\/lib\/python3\.11\/site-packages\/markupsafe\/_speedups\.\S+ &lt;$/);
    expect(says('user-debian', PythonBase.debian({ release: 'bookworm' }), Layout.userBase())).toMatch(/^\/usr\/bin\/python3 \/user-base\/lib\/python3\.11\/site-packages/);
  });

  test('a wheelhouse is trimmed in the layer that it is installed in', () => {
    expect(says('wheelhouse-trim', PythonBase.slim({ python: '3.13', debian: 'bookworm' }), Layout.wheelhouse(), { trim: Trim.unused() }))
      .toMatch(/^\/usr\/local\/bin\/python3 \/usr\/local\/lib\/python3\.13\/site-packages\/markupsafe\/_speedups/);
    expect(layersOf('wheelhouse-e2e/layouts-wheelhouse-trim').flat().filter(path => /markupsafe\/.*\.pyi$/.test(path))).toEqual([]);
  });

  test('wheels are not made of a package that is not the one that is locked', () => {
    const { root } = synthesize('layout-wheelhouse');
    const requirements = join(root, 'app/requirements.txt');
    const blinker = /^blinker==[^]*?(?=^\w)/m.exec(readFileSync(requirements, 'utf8'))![0];
    writeFileSync(requirements, blinker.replace(/(?<=sha256:)[0-9a-f]{64}/g, '7'.repeat(64)));
    const dockerfile = join(root, 'wheelhouse.out/layout-wheelhouse/images/packer-image/Dockerfile');
    const { status, stderr } = tryDocker('buildx', 'build', '--progress', 'plain', '--file', dockerfile, root);
    expect(status).not.toBe(0);
    expect(stderr).toContain('THESE PACKAGES DO NOT MATCH THE HASHES');
  });

  test('a build ends when no package has a console script that is asked for', () => {
    expect(() => says('no-script', PythonBase.slim({ python: '3.13', debian: 'bookworm' }), Layout.userBase({ scripts: ['flask'] }))).toThrow('no package has the console script flask');
  });
});

/** Debian itself has no pip whose settings could name the index of the test bed. */
function tellDebian(dockerfile: string): void {
  const index = process.env.TESTBED_INDEX;
  if (!index) return;
  const settings = `ENV PIP_INDEX_URL=${index} PIP_TRUSTED_HOST=${new URL(index).hostname}`;
  writeFileSync(dockerfile, readFileSync(dockerfile, 'utf8').replace(/^FROM debian:\S+ AS build$/m, line => `${line}\n${settings}`));
}

/** Paths of the files and links in each layer of an image, those that a later layer removes among them. */
function layersOf(image: string): string[][] {
  const list = `
import json, subprocess, sys, tarfile
saved = subprocess.Popen(["docker", "save", sys.argv[1]], stdout=subprocess.PIPE)
layers, manifest = {}, None
with tarfile.open(fileobj=saved.stdout, mode="r|") as image:
    for member in image:
        content = image.extractfile(member) if member.isfile() else None
        if member.name == "manifest.json":
            manifest = json.load(content)
        elif content is not None and (member.name.endswith("layer.tar") or member.name.startswith("blobs/")):
            try:
                layers[member.name] = [file.name for file in tarfile.open(fileobj=content, mode="r|*") if not file.isdir()]
            except tarfile.ReadError:
                pass
print(json.dumps([layers[name] for name in manifest[0]["Layers"]]))
`;
  return JSON.parse(succeed('python3', ['-c', list, image]));
}
