/** uv on a real engine: examples/fastapi-uv built, started hardened, asked, changed; and a project that is installed as a package. */
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, folder } from '../declare';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, succeed, tryDocker } from './engine';
import { provideUv, useIndex } from './uv-on-test-bed';
import { App, Application, Dependencies, MultiStageBuild, PythonBase, PythonServer, PythonServiceImage } from 'cdk-wheelhouse';

const URL = 'http://127.0.0.1:8090';
/** In what tests change: the engine has not built it before. */
const NOW = `changed at ${Date.now()}`;
const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });

describeOnEngine('fastapi-uv', () => {
  let root: string;
  let out: string;
  let dockerfile: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
  const container = () => compose('ps', '--all', '--quiet', 'tickets');

  beforeAll(() => {
    ({ root } = synthesize('fastapi-uv'));
    out = join(root, 'wheelhouse.out/fastapi-uv');
    dockerfile = join(out, 'images/tickets-image/Dockerfile');
    provideUv(dockerfile);
    useIndex(join(root, 'app/uv.lock'));
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('serves its pages, with what a package that is compiled computes', () => {
    const issued = request(`${URL}/tickets/A12`, '--request', 'POST');
    expect(issued).toMatchObject({ status: 200, type: 'application/json' });
    const check = (ticket: object) => request(`${URL}/check`, '--json', JSON.stringify(ticket)).status;
    const ticket = JSON.parse(issued.body);
    expect([check(ticket), check({ ...ticket, seat: 'A13' })]).toEqual([200, 403]);
  });

  test('runs as it promised, without uv', () => {
    expect(softness(container(), {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/app', '/venv'], without: ['compiler', 'pip'], python: '/venv/bin/python', published: ['8090'],
    })).toEqual([]);
    const files = succeed('bash', ['-c', 'docker export "$0" | tar --list --file -', container()]).split('\n');
    expect(files.filter(path => /(^|\/)uvx?$|^src\/|^venv\/\.lock$/.test(path))).toEqual([]);
    expect(files).toContain('venv/bin/uvicorn');
  });

  test('has the packages that are locked, and no others', () => {
    const program = 'import importlib.metadata as m; print(*sorted(d.metadata["Name"].lower().replace("_", "-") for d in m.distributions()))';
    const installed = docker('exec', container(), '/venv/bin/python', '-c', program).split(' ');
    expect(installed).toEqual(expect.arrayContaining(['cryptography', 'fastapi', 'uvicorn']));
    expect(installed.filter(name => ['pytest', 'httpx', 'pip', 'tickets'].includes(name))).toEqual([]);
  });

  test('rebuilds nothing but the last layer when the source changes', () => {
    appendFileSync(join(root, 'app/tickets/main.py'), `\n\n@app.get("/changed")\ndef changed() -> str:\n    return "${NOW}"\n`);
    const steps = cachedSteps(dockerfile, root);
    expect(steps.filter(step => !step.cached).map(step => step.instruction)).toEqual(['COPY app /app']);
    expect(steps.filter(step => step.instruction.includes('/uv sync')).length).toBe(1);
    compose('up', '--build', '--wait');
    expect(request(`${URL}/changed`)).toMatchObject({ status: 200, body: JSON.stringify(NOW) });
  });

  test("has nothing that BuildKit's checks find", () => {
    docker('buildx', 'build', '--quiet', '--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=error=true', '--file', dockerfile, root);
  });

  test('ends on its signal with 0', () => {
    const id = container();
    docker('stop', id);
    expect(JSON.parse(docker('inspect', id))[0].State).toMatchObject({ Status: 'exited', ExitCode: 0, OOMKilled: false });
  });

  test('is not built with a lock that does not fit the project, and uv says so', () => {
    const project = join(root, 'app/pyproject.toml');
    writeFileSync(project, readFileSync(project, 'utf8').replace('"fastapi"', '"fastapi<0.100"'));
    const { status, stderr } = tryDocker('buildx', 'build', '--progress', 'plain', '--file', dockerfile, root);
    expect(status).toBe(1);
    expect(stderr).toContain('The lockfile at `uv.lock` needs to be updated, but `--locked` was provided');
  });
});

describeOnEngine('the truth of', () => {
  /** What uv says of a project that the library refuses, built by the Dockerfile of one that it accepts. */
  function forced(project: string): string {
    const accepted = '[project]\nname = "web"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = []\n[build-system]\nrequires = ["setuptools"]\n';
    const lock = 'version = 1\nrevision = 3\nrequires-python = ">=3.13"\n\n[[package]]\nname = "web"\nversion = "1"\nsource = { editable = "." }\n';
    const root = folder({ 'app/main.py': '', 'app/pyproject.toml': accepted, 'app/uv.lock': lock });
    const app = new App({ root });
    new PythonServiceImage(new Application(app, 'forced'), 'image', { source: 'app', base: BASE, server: PythonServer.module('main') });
    app.synth();
    const dockerfile = join(root, 'wheelhouse.out/forced/images/image/Dockerfile');
    provideUv(dockerfile);
    const build = () => tryDocker('buildx', 'build', '--progress', 'plain', '--file', dockerfile, root);
    expect(build()).toMatchObject({ status: 0 });
    writeFileSync(join(root, 'app/pyproject.toml'), project.replace('PROJECT', accepted));
    writeFileSync(join(root, 'app/uv.lock'), lock);
    const { status, stderr } = build();
    expect(status).toBe(1);
    return stderr;
  }

  test('PYTHON_REQUIRED: uv does not install with another Python', () => {
    expect(forced('[project]\nname = "web"\nversion = "1"\nrequires-python = "<3.13"\n')).toMatch(/incompatible with the project's Python requirement: `<3\.13`/);
  });

  test('DEPENDENCIES_DYNAMIC: uv runs the build of the project, which is not there', () => {
    const dynamic = '[project]\nname = "web"\nversion = "1"\nrequires-python = ">=3.13"\ndynamic = ["dependencies"]\n[tool.setuptools]\npackages = ["web"]\n'
      + '[tool.setuptools.dynamic]\ndependencies = { file = ["list.txt"] }\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';
    expect(forced(dynamic)).toContain('Failed to generate package metadata');
  });
});

describeOnEngine('a project that is installed as a package', () => {
  const FILES = {
    'shop/pyproject.toml': [
      '[project]', 'name = "Web_Shop"', 'version = "1.0"', 'requires-python = ">=3.12"', 'dependencies = ["flask", "gunicorn"]',
      '[project.optional-dependencies]', 'fast = ["orjson"]', '[dependency-groups]', 'dev = ["pytest"]', 'tools = ["tomli-w"]',
      '[project.scripts]', 'web-shop = "shop:main"', '[build-system]', 'requires = ["setuptools"]', 'build-backend = "setuptools.build_meta"', '',
    ].join('\n'),
    'shop/src/shop/__init__.py': 'from flask import Flask\napp = Flask(__name__)\n\n\ndef main():\n    print("first")\n',
  };
  const PROGRAM = 'import importlib.metadata as m, os, shop; print(shop.__file__, os.listdir("/app"), *sorted(d.metadata["Name"] for d in m.distributions()))';

  /** Synthesizes the project with these packages; answers with the folder and the Dockerfile. */
  function declared(dependencies: Dependencies, files: Record<string, string>): { root: string; dockerfile: string } {
    const root = folder(files);
    const app = new App({ root });
    const image: MultiStageBuild = new PythonServiceImage(new Application(app, 'installed'), 'image', {
      source: 'shop', base: BASE, server: PythonServer.gunicorn(), dependencies, install: true,
    });
    app.synth();
    return { root, dockerfile: join(root, `wheelhouse.out/installed/images/${image.node.id}/Dockerfile`) };
  }
  function built({ root, dockerfile }: { root: string; dockerfile: string }): (...command: string[]) => string {
    docker('buildx', 'build', '--quiet', '--tag', 'wheelhouse-e2e/installed', '--file', dockerfile, root);
    return (program, ...args) => docker('run', '--rm', '--read-only', '--entrypoint', program, 'wheelhouse-e2e/installed', ...args);
  }
  /** The project with a lock that the real uv makes of it, in a container. */
  function locked(): Record<string, string> {
    const root = folder(FILES);
    const dockerfile = join(root, 'Dockerfile');
    cpSync('test/e2e/uv-lock.Dockerfile', dockerfile);
    docker('buildx', 'build', '--quiet', '--output', join(root, 'shop'), '--file', dockerfile, root);
    return { ...FILES, 'shop/uv.lock': filesUnder(root)['shop/uv.lock'] };
  }

  test('by uv: with its groups and extras, alone in the last layer, and new after each change', () => {
    const project = declared(Dependencies.uv({ groups: ['tools'], extras: ['fast'] }), locked());
    provideUv(project.dockerfile);
    let run = built(project);
    const said = run('/venv/bin/python', '-c', PROGRAM);
    expect(said).toMatch(/^\/venv\/lib\/python3\.13\/site-packages\/shop\/__init__\.py \[\] Flask .*Web_Shop.* gunicorn .*orjson.*tomli/i);
    expect(said).not.toContain('pytest');
    expect(run('/venv/bin/web-shop')).toBe('first');
    writeFileSync(join(project.root, 'shop/src/shop/__init__.py'), FILES['shop/src/shop/__init__.py'].replace('first', NOW));
    expect(cachedSteps(project.dockerfile, project.root).filter(step => !step.cached).map(step => step.instruction)).toEqual([
      expect.stringContaining('/uv pip install --project /src/shop'), 'COPY --link --from=package /package /venv',
    ]);
    run = built(project);
    expect(run('/venv/bin/web-shop')).toBe(NOW);
    expect(run('/venv/bin/python', '-c', 'import os; print(os.path.exists("/venv/.lock"))')).toBe('False');
  });

  test('by pip', () => {
    const run = built(declared(Dependencies.requirements(), { ...FILES, 'shop/requirements.txt': 'flask\ngunicorn\n' }));
    expect(run('/venv/bin/python', '-c', PROGRAM)).toMatch(/^\/venv\/lib\/python3\.13\/site-packages\/shop\/__init__\.py \[\] Flask .*Web_Shop.* gunicorn/i);
    expect(run('/venv/bin/web-shop')).toBe('first');
  });
});
