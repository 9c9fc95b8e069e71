/** uv workspaces on a real engine: ten members of which one changes, the examples, and what the real uv says of parts of an odd one. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseToml, type Table } from '../../lib/python/pyproject';
import { sliceUvWorkspace, uvMembers } from '../../lib/python/uv-workspace';
import { filesUnder, folder } from '../declare';
import { synthesize } from '../examples';
import { cachedSteps, type BuildStep } from './build-steps';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, succeed, tryDocker } from './engine';
import { provideUv, useIndex } from './uv-on-test-bed';
import { App, Application, ComposeFile, KubernetesFile, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

/** In what tests change: the engine has not built it before. */
const NOW = Date.now();
const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const BUILT = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';

/** A project that needs released packages, and members of its workspace. */
function project(name: string, released: readonly string[], members: readonly string[], more = ''): string {
  return [
    '[project]', `name = "${name}"`, 'version = "1.0"', 'requires-python = ">=3.12"', `dependencies = ${JSON.stringify([...released, ...members])}`,
    '[tool.uv.sources]', ...members.map(member => `${member} = { workspace = true }`), more, '',
  ].join('\n');
}

/** Has the real uv lock the workspace in `shop`, in a container. */
function lock(root: string): void {
  const dockerfile = join(root, 'Dockerfile');
  cpSync('test/e2e/uv-lock.Dockerfile', dockerfile);
  docker('buildx', 'build', '--quiet', '--output', join(root, 'shop'), '--file', dockerfile, root);
}

describeOnEngine('a workspace of ten members', () => {
  const library = (name: string, released: readonly string[], members: readonly string[] = []) => ({
    [`shop/libraries/${name}/pyproject.toml`]: project(name, released, members, BUILT),
    [`shop/libraries/${name}/src/${name}/__init__.py`]: `${[...released, ...members].map(other => `import ${other.replace('-', '_')}\n`).join('')}WORD = "${name}"\n`,
  });
  const FILES: Record<string, string> = {
    'shop/pyproject.toml': '[tool.uv.workspace]\nmembers = ["libraries/*", "services/*"]\n',
    ...library('common', ['iniconfig']),
    ...library('models', ['attrs'], ['common']),
    ...library('theirs', ['six'], ['common']),
    ...library('fourth', []),
    'shop/services/ours/pyproject.toml': project('ours', ['flask', 'gunicorn'], ['models'], '[dependency-groups]\ndev = ["pytest"]'),
    'shop/services/ours/main.py': 'import models\nfrom flask import Flask\napp = Flask(__name__)\n',
    ...Object.fromEntries(['other', 'third', 'fifth', 'sixth', 'last'].flatMap(name => [
      [`shop/services/${name}/pyproject.toml`, project(name, ['tomli-w'], ['theirs'])], [`shop/services/${name}/main.py`, 'import theirs, tomli_w\n'],
    ])),
  };
  let root: string;
  let dockerfile: string;
  const file = (path: string) => join(root, 'shop', path);
  const replace = (path: string, from: string, to: string) => writeFileSync(file(path), readFileSync(file(path), 'utf8').replace(from, to));
  const repeated = (steps: readonly BuildStep[]) => steps.filter(step => !step.cached).map(step => step.instruction);

  /** Synthesizes the service; answers with its Dockerfile and what Kubernetes is told to run. */
  function synthesized(): { text: string; image: string } {
    const app = new App({ root });
    const application = new Application(app, 'ten');
    const image = new PythonServiceImage(application, 'image', { source: 'shop/services/ours', base: BASE, server: PythonServer.gunicorn() });
    new Service(application, 'ours', { image });
    new ComposeFile(application, 'compose');
    new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/ten' });
    app.synth();
    const out = filesUnder(join(root, 'wheelhouse.out'));
    return { text: out['ten/images/image/Dockerfile'], image: /image: (registry\S+)/.exec(out['ten/kubernetes.yaml'])![1] };
  }

  beforeAll(() => {
    root = folder(FILES);
    writeFileSync(file('libraries/common/src/common/now.py'), `NOW = ${NOW}\n`);
    lock(root);
    synthesized();
    dockerfile = join(root, 'wheelhouse.out/ten/images/image/Dockerfile');
    provideUv(dockerfile);
    expect(repeated(cachedSteps(dockerfile, root)).length).toBeGreaterThan(3);
  });

  test('has ten', () => expect(uvMembers(parseToml(readFileSync(file('uv.lock'), 'utf8')) as Table).length).toBe(10));

  test('repeats no step when the source of what only others need changes', () => {
    writeFileSync(file('libraries/theirs/src/theirs/__init__.py'), `WORD = ${NOW}\n`);
    writeFileSync(file('services/other/main.py'), `WORD = ${NOW}\n`);
    expect(repeated(cachedSteps(dockerfile, root))).toEqual([]);
  });

  test('repeats no step, and deploys the same image, when what only others need is locked anew', () => {
    const before = { lock: readFileSync(file('uv.lock'), 'utf8'), ...synthesized() };
    replace('services/other/pyproject.toml', '"tomli-w"', '"tomli-w<1.2", "pluggy"');
    replace('libraries/theirs/pyproject.toml', '"six"', '"six<1.17"');
    lock(root);
    const after = { lock: readFileSync(file('uv.lock'), 'utf8'), ...synthesized() };
    expect(after.lock).toContain('name = "pluggy"');
    expect(after.lock).not.toBe(before.lock);
    expect({ text: after.text, image: after.image }).toEqual({ text: before.text, image: before.image });
    expect(repeated(cachedSteps(dockerfile, root))).toEqual([]);
  });

  test('repeats one library and what lies on it when that library changes', () => {
    writeFileSync(file('libraries/models/src/models/now.py'), `NOW = ${NOW}\n`);
    expect(repeated(cachedSteps(dockerfile, root))).toEqual([
      expect.stringContaining('/uv pip install --project /src/shop/libraries/models '), 'COPY --link --from=libraries /libraries /venv', 'COPY shop/services/ours /app',
    ]);
  });

  test('is installed: what the service imports is there, and nothing else of the workspace', () => {
    docker('buildx', 'build', '--quiet', '--tag', 'wheelhouse-e2e/ten', '--file', dockerfile, root);
    const program = 'import importlib.metadata as m, main, common.now; print(main.models.__file__, *sorted(d.metadata["Name"].lower() for d in m.distributions()))';
    expect(docker('run', '--rm', '--read-only', '--entrypoint', '/venv/bin/python', 'wheelhouse-e2e/ten', '-c', program)).toMatch(
      /^\/venv\/lib\/python3\.13\/site-packages\/models\/__init__\.py attrs blinker click common flask gunicorn iniconfig itsdangerous jinja2 markupsafe models (packaging )?werkzeug$/);
    docker('rmi', 'wheelhouse-e2e/ten');
  });

  test('is not built with a lock that does not fit a project, and uv says so', () => {
    const refusedByUv = () => {
      const { status, stderr } = tryDocker('buildx', 'build', '--progress', 'plain', '--file', dockerfile, root);
      expect(status).toBe(1);
      expect(stderr).toContain('The lockfile at `uv.lock` needs to be updated, but `--locked` was provided');
    };
    replace('libraries/common/pyproject.toml', '"iniconfig"', '"iniconfig<2"');
    refusedByUv();
    synthesized();
    refusedByUv();
  });
});

describeOnEngine('manager-uv-workspace', () => {
  let root: string;
  let out: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
  const container = (service: string) => compose('ps', '--all', '--quiet', service);

  beforeAll(() => {
    ({ root } = synthesize('manager-uv-workspace', { prepare: copy => useIndex(join(copy, 'uv.lock')) }));
    out = join(root, 'wheelhouse.out/manager-uv-workspace');
    provideUv(join(out, 'images/counter-image/Dockerfile'));
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('serves its pages, by both libraries and from one service to another', () => {
    expect(JSON.parse(request('http://127.0.0.1:8112/').body)).toMatchObject({ rye: '€4.20' });
    expect(request('http://127.0.0.1:8112/label/rye')).toMatchObject({ status: 200, type: 'image/svg+xml; charset=utf-8', body: expect.stringContaining('<svg') });
    const order = (...breads: string[]) => request('http://127.0.0.1:8113/orders', '--json', JSON.stringify(breads));
    expect(JSON.parse(order('rye', 'rye', 'spelt', 'baguette').body)).toEqual({ breads: 4, total: '€14.00' });
    expect(order('cake').status).toBe(422);
  });

  test.each([
    { service: 'counter', published: ['8112'], code: ['/app', '/venv'], foreign: ['segno', 'starlette', 'uvicorn', 'pytest', 'labels', 'orders.py'] },
    { service: 'orders', published: ['8113'], code: ['/app', '/venv'], foreign: ['segno', 'flask', 'gunicorn', 'pytest', 'labels', 'counter.py'] },
    { service: 'labels', published: [], code: ['/venv'], foreign: ['babel', 'starlette', 'prices.py', 'pytest', 'orders.py', 'counter.py'] },
  ])('runs $service as it promised, without uv and without what only others need', ({ service, published, code, foreign }) => {
    expect(softness(container(service), {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code, without: ['compiler', 'pip'], python: '/venv/bin/python', published,
    })).toEqual([]);
    const files = succeed('bash', ['-c', 'docker export "$0" | tar --list --file -', container(service)]).split('\n');
    expect(files.filter(path => /(^|\/)uvx?$|(^|\/)uv\.lock$|^(src|libraries|package)\/|^venv\/\.lock$/.test(path))).toEqual([]);
    expect(files.filter(path => /^(app|venv)\//.test(path) && foreign.some(name => path.split('/').includes(name)))).toEqual([]);
    expect(files).toContain('venv/lib/python3.13/site-packages/bakery/menu.py');
  });
});

describeOnEngine('manager-uv', () => {
  let out: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);

  beforeAll(() => {
    const { root } = synthesize('manager-uv', { prepare: copy => useIndex(join(copy, 'app/uv.lock')) });
    out = join(root, 'wheelhouse.out/manager-uv');
    provideUv(join(out, 'images/pages-image/Dockerfile'));
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('serves its page with the extra and the group that were chosen, and without the other group', () => {
    expect(request('http://127.0.0.1:8111/html', '--data-binary', 'Good[^1]\n\n[^1]: really')).toMatchObject({ status: 200, body: expect.stringContaining('class="footnotes"') });
    const container = compose('ps', '--quiet', 'pages');
    const program = 'import importlib.metadata as m; print(*sorted(d.metadata["Name"].lower() for d in m.distributions()))';
    const installed = docker('exec', container, '/venv/bin/python', '-c', program).split(' ');
    expect(installed).toEqual(expect.arrayContaining(['flask', 'gunicorn', 'markdown-it-py', 'mdit-py-plugins']));
    expect(installed).not.toContain('pytest');
    expect(softness(container, {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/app', '/venv'], without: ['compiler', 'pip'], python: '/venv/bin/python', published: ['8111'],
    })).toEqual([]);
  });
});

describeOnEngine('the real uv', () => {
  /** A root that is a member, conflicts, one package in two versions, overrides, constraints, sources for all, a dynamic version, members nested and left out, other Pythons, a package on the disk. */
  const ODD: Record<string, string> = {
    'shop/pyproject.toml': [
      '[project]', 'name = "Mono.Root"', 'version = "2.0"', 'requires-python = ">=3.10"', 'dependencies = ["core-lib", "six"]',
      '[project.optional-dependencies]', 'old = ["markupsafe<3"]', 'new = ["markupsafe>=3"]',
      '[dependency-groups]', 'dev = ["pytest", { include-group = "lint" }]', 'lint = ["tomli-w"]',
      '[tool.uv]', 'package = false', 'conflicts = [[{ extra = "old" }, { extra = "new" }]]', 'override-dependencies = ["colorama==0.4.6", "tomli-w<9"]',
      'constraint-dependencies = ["idna<4", "h11<9"]', "environments = [\"sys_platform == 'linux'\", \"sys_platform == 'darwin'\"]",
      '[tool.uv.sources]', 'core-lib = { workspace = true }',
      '[tool.uv.workspace]', 'members = ["packages/*", "services/**/app"]', 'exclude = ["packages/old*"]', '',
    ].join('\n'),
    'shop/packages/core/pyproject.toml': '[project]\nname = "core.lib"\ndynamic = ["version"]\nrequires-python = ">=3.9"\n'
      + `dependencies = ["attrs", "iniconfig<2; python_version < '3.12'", "iniconfig>=2; python_version >= '3.12'"]\n${BUILT}[tool.hatch.version]\npath = "core_lib.py"\n`,
    'shop/packages/core/core_lib.py': '__version__ = "3.1"\n',
    'shop/packages/old-one/pyproject.toml': '[project]\nname = "old-one"\nversion = "1"\n',
    'shop/vendor/pyproject.toml': `[project]\nname = "vendored"\nversion = "1"\ndependencies = ["six"]\n${BUILT}`,
    'shop/packages/other/pyproject.toml': '[project]\nname = "other"\nversion = "0.1"\nrequires-python = ">=3.9"\n'
      + 'dependencies = ["pluggy<1.5; sys_platform == \'darwin\'", "pluggy>=1.5; sys_platform == \'linux\'"]\n',
    'shop/services/a/app/pyproject.toml': [
      '[project]', 'name = "svc_a"', 'version = "1"', 'requires-python = ">=3.11"', 'dependencies = ["core-lib", "idna", "other; extra == \'never\'"]',
      '[project.optional-dependencies]', 'x = ["colorama"]', 'y = ["h11"]', '[dependency-groups]', 'dev = ["mono-root", "svc-b[z]"]', 'run = ["iniconfig"]', 'vendor = ["vendored"]',
      '[tool.uv.sources]', 'other = { workspace = true }', 'mono-root = { workspace = true }', 'svc-b = { workspace = true }',
      'vendored = { path = "../../../vendor" }', '[tool.uv]', 'conflicts = [[{ extra = "x" }, { extra = "y" }], [{ extra = "y" }, { package = "svc-b", extra = "z" }]]', '',
    ].join('\n'),
    'shop/services/deep/er/b/app/pyproject.toml': '[project]\nname = "svc-b"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["core-lib", "markupsafe", "h11"]\n'
      + '[project.optional-dependencies]\nz = ["tomli"]\n',
  };
  const CHOICES = [
    { groups: [], extras: [] }, { path: '.', groups: ['dev'], extras: ['old'] }, { path: 'services/a/app', groups: ['run', 'dev'], extras: ['x'] },
  ];

  test('takes each part of an odd workspace for a whole one, and leaves its lock as it is', () => {
    const root = folder(ODD);
    lock(root);
    const files = filesUnder(join(root, 'shop'));
    const read = (path: string) => parseToml(files[path]) as Table;
    const at = (path: string) => path === '.' ? 'pyproject.toml' : `${path}/pyproject.toml`;
    const members = uvMembers(read('uv.lock'));
    expect(members.map(({ path }) => path)).toEqual(['.', 'packages/core', 'packages/other', 'services/a/app', 'services/deep/er/b/app']);
    const parts = CHOICES.flatMap(choice => members.filter(({ path }) => path === (choice.path ?? path)).map(member => ({ ...choice, ...member })));
    const written = parts.flatMap(({ path, groups, extras }, index) => {
      const slice = sliceUvWorkspace({ project: read('pyproject.toml'), lock: read('uv.lock'), projectAt: place => read(at(place)) }, path, { groups, extras }, () => true);
      const own = slice.members.filter(member => member.path !== '.').map(member => [at(member.path), files[at(member.path)]]);
      return Object.entries({ ...slice.files, ...Object.fromEntries(own) }).map(([name, text]) => [`parts/${index}/${name}`, text]);
    });
    const steps = parts.map(({ name, groups, extras }, index) => [
      `/uv sync --quiet --dry-run --project /parts/${index} --locked --package ${name} --no-default-groups --no-install-workspace`,
      ...groups.map(group => `--group ${group}`), ...extras.map(extra => `--extra ${extra}`),
    ].join(' '));
    const context = folder(Object.fromEntries(written));
    writeFileSync(join(context, 'Dockerfile'), [
      '# syntax=docker/dockerfile:1', 'FROM ghcr.io/astral-sh/uv:latest AS uv', 'FROM python:3.13-slim-bookworm', 'COPY parts /parts', 'COPY parts /before', 'ENV UV_PYTHON_DOWNLOADS=never',
      `RUN --mount=type=bind,from=uv,source=/uv,target=/uv ${[...steps, ...parts.map((_, index) => `cmp /parts/${index}/uv.lock /before/${index}/uv.lock`)].join(' && ')}`, '',
    ].join('\n'));
    docker('buildx', 'build', '--quiet', '--file', join(context, 'Dockerfile'), context);
  });
});
