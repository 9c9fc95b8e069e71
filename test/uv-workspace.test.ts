/** Services in a uv workspace: which part of it each of them is built from. */
import * as fc from 'fast-check';
import { appWith, filesUnder, refusal } from './declare';
import { list, parseToml, table, type Table } from '../lib/python/pyproject';
import { tomlText } from '../lib/python/toml-text';
import { sliceUvWorkspace, uvMembers, type UvWorkspace } from '../lib/python/uv-workspace';
import { Architecture, Dependencies, Layout, PythonBase, PythonServer, PythonServiceImage, type PythonServiceImageProps } from 'cdk-wheelhouse';

const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const REGISTRY = 'source = { registry = "https://packages.example.com/simple" }';
const BUILT = '[build-system]\nrequires = ["hatchling"]\n';

/** An environment that nothing else can be put into. */
class WithoutLibraries extends Layout {
  public override _plan(input: Parameters<Layout['_plan']>[0]): ReturnType<Layout['_plan']> {
    return { ...Layout.venv()._plan(input), libraries: undefined };
  }
}

/** A released package of a lock, with these lines. */
function released(name: string, version: string, ...lines: string[]): string {
  return ['[[package]]', `name = "${name}"`, `version = "${version}"`, REGISTRY, ...lines, ''].join('\n');
}
function wheel(file: string): string {
  return `    { url = "https://packages.example.com/files/${file}", hash = "sha256:${'0'.repeat(64)}", size = 1, upload-time = "2026-01-01T00:00:00Z" },`;
}

const API = [
  '[[package]]', 'name = "shop-api"', 'version = "1.0"', 'source = { editable = "services/api" }',
  'dependencies = [', '    { name = "shop-models" },', '    { name = "flask" },', ']',
  '[package.optional-dependencies]', 'fast = [{ name = "orjson" }]',
  '[package.dev-dependencies]', 'dev = [{ name = "shop-testing" }]', 'tools = [{ name = "gunicorn" }]',
  '[package.metadata]', 'requires-dist = [{ name = "flask" }, { name = "orjson", marker = "extra == \'fast\'" }, { name = "shop-models", editable = "libs/models" }]', 'provides-extras = ["fast"]',
  '[package.metadata.requires-dev]', 'dev = [{ name = "shop-testing", editable = "libs/testing" }]', 'tools = [{ name = "gunicorn" }]', '',
].join('\n');
const MODELS = [
  '[[package]]', 'name = "shop-models"', 'version = "2.0"', 'source = { editable = "libs/models" }', 'dependencies = [{ name = "attrs" }]',
  '[package.dev-dependencies]', 'dev = [{ name = "pytest" }]',
  '[package.metadata]', 'requires-dist = [{ name = "attrs" }]', '[package.metadata.requires-dev]', 'dev = [{ name = "pytest" }]', '',
].join('\n');
const OTHERS = [
  '[[package]]', 'name = "shop-testing"', 'version = "0.1"', 'source = { editable = "libs/testing" }', 'dependencies = [{ name = "pluggy" }]', '',
  '[[package]]', 'name = "shop-worker"', 'version = "1.0"', 'source = { virtual = "services/worker" }', 'dependencies = [{ name = "celery" }]', '',
].join('\n');
const LOCK = [
  'version = 1', 'revision = 3', 'requires-python = ">=3.12"', '', '[manifest]', 'members = ["shop-api", "shop-models", "shop-testing", "shop-worker"]',
  'constraints = [{ name = "celery", specifier = "<6" }, { name = "flask", specifier = "<4" }]', '',
  released('attrs', '26.1.0', 'wheels = [', wheel('attrs-26.1.0-py3-none-any.whl'), ']'), released('celery', '5.6.0'), released('flask', '3.1.3', 'dependencies = [{ name = "markupsafe" }]'),
  released('gunicorn', '27.0.1'), API, MODELS, OTHERS, released('orjson', '3.11.0'), released('pluggy', '1.7.0'), released('pytest', '9.0.0'),
  released('markupsafe', '3.0.4', `sdist = ${wheel('markupsafe-3.0.4.tar.gz').trim().slice(0, -1)}`, 'wheels = [',
    ...['cp312-cp312-manylinux_2_17_x86_64', 'cp313-cp313-manylinux_2_17_x86_64', 'cp313-cp313-manylinux_2_17_aarch64', 'cp313-cp313-musllinux_1_2_x86_64', 'cp313-cp313-win_amd64']
      .map(tag => wheel(`markupsafe-3.0.4-${tag}.whl`)), ']'),
].join('\n');
const PROJECT = '[tool.uv]\nconstraint-dependencies = ["celery<6", "Flask<4"]\n[tool.uv.workspace]\nmembers = ["libs/*", "services/*"]\n';
const FILES: Record<string, string> = {
  'pyproject.toml': PROJECT,
  'uv.lock': LOCK,
  'services/api/main.py': 'from flask import Flask\nfrom shop_models import Item\napp = Flask(__name__)\n',
  'services/api/pyproject.toml': [
    '[project]', 'name = "Shop_API"', 'version = "1.0"', 'requires-python = ">=3.11"', 'dependencies = ["flask", "shop-models"]', '[project.optional-dependencies]', 'fast = ["orjson"]',
    '[dependency-groups]', 'dev = ["shop-testing"]', 'tools = ["gunicorn"]', '[tool.uv.sources]', 'shop-models = { workspace = true }', 'shop-testing = { workspace = true }', BUILT,
  ].join('\n'),
  'services/worker/main.py': '',
  'services/worker/pyproject.toml': '[project]\nname = "shop-worker"\nversion = "1.0"\ndependencies = ["celery"]\n',
  'libs/models/pyproject.toml': `[project]\nname = "shop-models"\nversion = "2.0"\ndependencies = ["attrs"]\n[dependency-groups]\ndev = ["pytest"]\n${BUILT}`,
  'libs/models/src/shop_models/__init__.py': 'import attrs\nimport shop_models.item\n',
  'libs/testing/pyproject.toml': `[project]\nname = "shop-testing"\nversion = "0.1"\ndependencies = ["pluggy"]\n${BUILT}`,
};
const API_SERVICE = { source: 'services/api', dependencies: Dependencies.uv({ groups: ['tools'] }) };
const WORKER_SERVICE = { source: 'services/worker', server: PythonServer.module('main') };

function declare(files: Record<string, string>, props: Partial<PythonServiceImageProps>) {
  const declared = appWith(files);
  new PythonServiceImage(declared.application, 'api', { source: 'services/api', base: BASE, server: PythonServer.gunicorn('main:app'), ...props });
  return declared;
}
function dockerfile(files: Record<string, string>, props: Partial<PythonServiceImageProps> = API_SERVICE): string {
  const { app, outdir } = declare(files, props);
  app.synth();
  return filesUnder(outdir)['shop/images/api/Dockerfile'];
}
/** The text of one stage. */
function stage(text: string, name: string): string {
  return new RegExp(`^FROM \\S+ AS ${name}\n([^]*?)(?=^FROM |(?![^]))`, 'm').exec(text)?.[1] ?? '';
}
/** A generated file of the stage `workspace`. */
function written(text: string, path: string): Table {
  return parseToml(stage(text, 'workspace').split(`COPY <<'EOF' /${path}\n`)[1].split('\nEOF\n')[0]) as Table;
}
function lockedNames(text: string, path = 'uv.lock'): unknown[] {
  return list(written(text, path).package).map(item => table(item).name);
}
function refuses(name: string, lines: string[], bad: [Record<string, string>, Partial<PythonServiceImageProps>?], good: typeof bad): void {
  test(`refuses ${name}`, () => {
    expect(refusal(declare(bad[0], bad[1] ?? API_SERVICE).app)).toEqual(lines);
    expect(() => dockerfile(...good)).not.toThrow();
  });
}

describe('a service in a uv workspace', () => {
  test('is installed from a part of it that is written for it, of which uv sees nothing else', () => {
    expect(stage(dockerfile(FILES), 'build')).toContain([
      '    --mount=type=bind,from=workspace,source=/pyproject.toml,target=/src/pyproject.toml \\', '    --mount=type=bind,from=workspace,source=/uv.lock,target=/src/uv.lock \\',
      '    --mount=type=bind,from=workspace,source=/libs/testing/pyproject.toml,target=/src/libs/testing/pyproject.toml \\',
      '    --mount=type=bind,source=libs/models/pyproject.toml,target=/src/libs/models/pyproject.toml \\',
      '    --mount=type=bind,source=services/api/pyproject.toml,target=/src/services/api/pyproject.toml \\',
      '    /uv sync --project /src --locked --package shop-api --no-default-groups --group tools --no-editable --no-install-workspace \\', ' && rm -f /venv/.lock',
    ].join('\n'));
  });

  test('has the locked packages that it needs, those of the chosen groups and extras among them, and no others', () => {
    const own = ['attrs', 'flask', 'gunicorn', 'markupsafe', 'shop-api', 'shop-models', 'shop-testing', 'workspace-part'];
    expect(lockedNames(dockerfile(FILES))).toEqual(own);
    const more = dockerfile(FILES, { ...API_SERVICE, dependencies: Dependencies.uv({ groups: ['tools'], extras: ['fast'] }) });
    expect(lockedNames(more)).toEqual([...own, 'orjson'].sort());
    expect(lockedNames(dockerfile(FILES, WORKER_SERVICE))).toEqual(['celery', 'shop-worker', 'workspace-part']);
  });

  test('has a stand-in for a member that only an unchosen group names', () => {
    const text = dockerfile(FILES);
    expect(written(text, 'libs/testing/pyproject.toml')).toEqual({ project: { name: 'shop-testing', version: '0.1' }, tool: { uv: { package: true } } });
    expect(list(written(text, 'uv.lock').package)).toContainEqual({ name: 'shop-testing', version: '0.1', source: { editable: 'libs/testing' } });
  });

  test('has a stand-in for what an unchosen group takes from the disk, which is no member', () => {
    const files = {
      ...FILES,
      'uv.lock': LOCK.replace('dev = [{ name = "pytest" }]\n\n', 'dev = [{ name = "pytest" }, { name = "near", directory = "../near" }]\n\n')
        + '[[package]]\nname = "near"\nversion = "1"\nsource = { directory = "../near" }\ndependencies = [{ name = "pluggy" }]\n',
    };
    const text = dockerfile(files);
    expect(written(text, 'near/pyproject.toml')).toEqual({ project: { name: 'near', version: '1' }, tool: { uv: { package: true } } });
    expect(text).toContain('--mount=type=bind,from=workspace,source=/near/pyproject.toml,target=/near/pyproject.toml');
    expect(written(text, 'uv.lock').manifest).toEqual(written(dockerfile(FILES), 'uv.lock').manifest);
    expect(written(text, 'pyproject.toml')).toEqual(written(dockerfile(FILES), 'pyproject.toml'));
  });

  test('has the conflicts that its members declare, and those of the root that are all about them', () => {
    const set = (...items: string[]) => `[${items.map(item => `{ package = "${item.split(' ')[0]}", extra = "${item.split(' ')[1]}" }`).join(', ')}]`;
    const files = {
      ...FILES,
      'pyproject.toml': PROJECT.replace('[tool.uv]', `[tool.uv]\nconflicts = [${set('shop-worker a', 'shop-worker b')}, ${set('shop-models a', 'Shop.API fast')}]`),
      'services/api/pyproject.toml': FILES['services/api/pyproject.toml'].replace('[tool.uv.sources]', '[tool.uv]\nconflicts = [[{ extra = "fast" }, { package = "shop-worker", extra = "a" }]]\n[tool.uv.sources]'),
      'uv.lock': LOCK.replace('[manifest]', `conflicts = [${[set('shop-worker a', 'shop-worker b'), set('shop-api fast', 'shop-models a'), set('shop-api fast', 'shop-worker a')].join(', ')}]\n[manifest]`),
    };
    const text = dockerfile(files);
    const of = (...items: string[]) => items.map(item => ({ package: item.split(' ')[0], extra: item.split(' ')[1] }));
    expect(written(text, 'uv.lock').conflicts).toEqual([of('shop-api fast', 'shop-models a'), of('shop-api fast', 'shop-worker a')]);
    expect(table(table(written(text, 'pyproject.toml').tool).uv).conflicts).toEqual([of('shop-models a', 'Shop.API fast')]);
  });

  test('has a root with the Python of the whole lock, and with what settings say of its packages', () => {
    expect(written(dockerfile(FILES), 'pyproject.toml')).toEqual({
      project: { 'name': 'workspace-part', 'version': '0', 'requires-python': '>=3.12' },
      tool: { uv: { 'package': false, 'constraint-dependencies': ['Flask<4'], 'workspace': { members: ['libs/models', 'libs/testing', 'services/api'] } } },
    });
    expect(written(dockerfile(FILES), 'uv.lock').manifest).toEqual({
      members: ['shop-api', 'shop-models', 'shop-testing', 'workspace-part'], constraints: [{ name: 'flask', specifier: '<4' }],
    });
  });

  test('locks the wheels that may fit its base', () => {
    const wheels = (props: Partial<PythonServiceImageProps>) => dockerfile(FILES, { ...API_SERVICE, ...props }).match(/markupsafe-3\.0\.4[^"]*/g);
    expect(wheels({})).toEqual(['markupsafe-3.0.4.tar.gz', 'markupsafe-3.0.4-cp313-cp313-manylinux_2_17_x86_64.whl', 'markupsafe-3.0.4-cp313-cp313-manylinux_2_17_aarch64.whl']);
    expect(wheels({ architecture: Architecture.AMD64 })).toEqual(['markupsafe-3.0.4.tar.gz', 'markupsafe-3.0.4-cp313-cp313-manylinux_2_17_x86_64.whl']);
    expect(dockerfile(FILES)).toMatch(new RegExp(`attrs-26\\.1\\.0-py3-none-any\\.whl", hash = "sha256:${'0'.repeat(64)}" \\}`));
  });

  test('has its libraries in a layer of their own, each installed from its own directory', () => {
    const text = dockerfile(FILES);
    expect(stage(text, 'libraries').match(/^ +\S*uv pip.*/gm)).toEqual([
      '    /uv pip install --project /src/libs/models --python /venv/bin/python --prefix /libraries --no-deps --refresh-package shop-models /src/libs/models \\',
    ]);
    expect(stage(text, 'libraries').match(/type=bind,source=\S+/g)).toEqual([
      'type=bind,source=services/api/pyproject.toml,target=/src/services/api/pyproject.toml', 'type=bind,source=libs/models,target=/src/libs/models,rw',
    ]);
    expect(text.trimEnd().split('\n').slice(-2)).toEqual(['COPY --link --from=libraries /libraries /venv', 'COPY services/api /app']);
    expect(stage(dockerfile(FILES, { ...API_SERVICE, layout: Layout.prefix() }), 'runtime')).toContain('COPY --link --from=libraries /libraries /usr/local\n');
  });

  test('has bytecode of what its libraries import', () => {
    expect(stage(dockerfile(FILES), 'bytecode')).toContain('READ = """\nattrs flask flask.Flask\n"""');
  });

  test('can be installed as a package, on top of its libraries', () => {
    const text = dockerfile(FILES, { ...API_SERVICE, server: PythonServer.gunicorn('main:app'), install: true });
    expect(stage(text, 'package')).toContain('--mount=type=bind,source=services/api,target=/src/services/api,rw');
    expect(text.trimEnd().split('\n').slice(-2)).toEqual(['COPY --link --from=libraries /libraries /venv', 'COPY --link --from=package /package /venv']);
  });

  test('may need no library', () => {
    expect(dockerfile(FILES, WORKER_SERVICE)).not.toContain('libraries');
  });

  test('may be the root itself', () => {
    const project = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["shop-models"]\n[tool.uv.sources]\nshop-models = { workspace = true }\n';
    const root = '[[package]]\nname = "shop"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [{ name = "shop-models" }]\n'
      + '[package.metadata]\nrequires-dist = [{ name = "shop-models", editable = "libs/models" }]\n\n';
    const files = { ...FILES, 'main.py': '', 'pyproject.toml': `${project}${PROJECT}`, 'uv.lock': LOCK.replace('"shop-api",', '"shop", "shop-api",').replace('[[package]]', `${root}[[package]]`) };
    const text = dockerfile(files, { source: '.', server: PythonServer.module('main') });
    expect(lockedNames(text)).toEqual(['attrs', 'shop', 'shop-models']);
    expect(table(written(text, 'pyproject.toml').project)).toEqual({ 'name': 'shop', 'version': '1', 'dependencies': ['shop-models'], 'requires-python': '>=3.12' });
    expect(text).toContain('/uv sync --project /src --locked --package shop ');
    expect(stage(text, 'build')).not.toContain('source=pyproject.toml');
    // for others, the root stays out
    expect(lockedNames(dockerfile(files, WORKER_SERVICE))).toEqual(['celery', 'shop-worker', 'workspace-part']);
  });

  test('may be in a workspace below the root of the source tree', () => {
    const files = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`backend/${path}`, text]));
    const text = dockerfile({ ...files, 'backend/uv.toml': '' }, { ...API_SERVICE, source: 'backend/services/api' });
    expect(text).toContain('--mount=type=bind,from=workspace,source=/backend/uv.lock,target=/src/backend/uv.lock');
    expect(text).toContain('--mount=type=bind,source=backend/uv.toml,target=/src/backend/uv.toml');
    expect(text).toContain('/uv sync --project /src/backend --locked --package shop-api');
    expect(text).toContain('--prefix /libraries --no-deps --refresh-package shop-models /src/backend/libs/models');
  });

  test('is by itself where the workspace does not have it', () => {
    const alone = { 'services/alone/main.py': '', 'services/alone/pyproject.toml': '[project]\nname = "alone"\nversion = "1"\n', 'services/alone/uv.lock': 'version = 1\n[[package]]\nname = "alone"\nsource = { virtual = "." }\n' };
    expect(dockerfile({ ...FILES, ...alone }, { source: 'services/alone', server: PythonServer.module('main') })).toContain('/uv sync --project /src/services/alone --locked --no-default-groups');
  });

  test('is not changed by what only others need', () => {
    const before = dockerfile(FILES);
    const changed = {
      ...FILES,
      'uv.lock': LOCK.replace('5.6.0', '5.7.0').replace('"celery", specifier = "<6"', '"celery", specifier = "<7"').replace('1.7.0', '1.8.0').replace('9.0.0', '9.1.0'),
      'pyproject.toml': PROJECT.replace('celery<6', 'celery<7'),
      'services/worker/pyproject.toml': '[project]\nname = "shop-worker"\nversion = "1.0"\ndependencies = ["celery>=5.7"]\n',
      'libs/testing/pyproject.toml': FILES['libs/testing/pyproject.toml'].replace('pluggy', 'pluggy>1.7'),
    };
    expect(dockerfile(changed)).toBe(before);
    expect(dockerfile({ ...FILES, 'uv.lock': LOCK.replace('3.1.3', '3.1.4') })).not.toBe(before);
  });

  test('is exported for layouts that pip fills', () => {
    const text = dockerfile(FILES, { ...API_SERVICE, layout: Layout.prefix() });
    expect(stage(text, 'requirements')).toContain('/uv export --project /src --locked --package shop-api --no-default-groups --group tools --no-emit-workspace --no-header');
  });

  test('says which of several versions it needs only where it needs several', () => {
    const two = (version: string) => released('six', version, `resolution-markers = ["python_full_version ${version === '1.16.0' ? '<' : '>='} '3.13'"]`);
    const edge = (version: string) => `{ name = "six", version = "${version}", ${REGISTRY} }`;
    const plain = { ...FILES, 'uv.lock': LOCK.replace('dependencies = [{ name = "attrs" }]', 'dependencies = [{ name = "attrs" }, { name = "six" }]') + released('six', '1.17.0') };
    const one = { ...FILES, 'uv.lock': LOCK.replace('dependencies = [{ name = "attrs" }]', `dependencies = [{ name = "attrs" }, ${edge('1.17.0')}]`) + two('1.16.0') + two('1.17.0') };
    expect(dockerfile(one)).toBe(dockerfile(plain));
    const both = { ...one, 'uv.lock': one['uv.lock'].replace('"5.6.0"', `"5.6.0"\ndependencies = [${edge('1.16.0')}, ${edge('1.17.0')}]`) };
    expect(dockerfile(both)).toBe(dockerfile(plain));
    const packages = list(written(dockerfile(both, WORKER_SERVICE), 'uv.lock').package).map(table);
    expect(packages.filter(({ name }) => name === 'six').map(item => [item.version, item['resolution-markers']])).toEqual([
      ['1.16.0', ["python_full_version < '3.13'"]], ['1.17.0', ["python_full_version >= '3.13'"]],
    ]);
    expect(packages.find(({ name }) => name === 'celery')!.dependencies).toEqual(['1.16.0', '1.17.0'].map(version => ({
      name: 'six', version, source: { registry: 'https://packages.example.com/simple' },
    })));
  });

  refuses('a source that is not a member', [
    "shop/api: 'services/new' is not among the members of the uv workspace in '.'; its uv.lock has libs/models, libs/testing, services/api, services/worker: add it to [tool.uv.workspace] and run 'uv lock' [WORKSPACE_MEMBER]",
  ], [{ ...FILES, 'services/new/main.py': '', 'services/new/pyproject.toml': '[project]\nname = "new"\n' }, { source: 'services/new', server: PythonServer.module('main') }],
  [FILES, WORKER_SERVICE]);
  refuses('a root without a project of its own', [
    "shop/api: '.' is a uv workspace without a project of its own; its uv.lock has libs/models, libs/testing, services/api, services/worker: name one of them as 'source' [WORKSPACE_MEMBER]",
  ], [{ ...FILES, 'main.py': '' }, { source: '.', server: PythonServer.module('main') }], [FILES, WORKER_SERVICE]);
  refuses('a workspace that is not locked', ["shop/api: there is no file 'uv.lock'; make it with 'uv lock', or choose other 'dependencies' [UV_FILE_MISSING]"],
    [Object.fromEntries(Object.entries(FILES).filter(([path]) => path !== 'uv.lock')), API_SERVICE], [FILES]);
  refuses('a member without its project', ["shop/api: there is no file 'libs/models/pyproject.toml'; make it with 'uv init --bare', or choose other 'dependencies' [UV_FILE_MISSING]"],
    [Object.fromEntries(Object.entries(FILES).filter(([path]) => path !== 'libs/models/pyproject.toml'))],
    [Object.fromEntries(Object.entries(FILES).filter(([path]) => path !== 'libs/testing/pyproject.toml'))]);
  refuses('a member outside of the workspace', ["shop/api: member shop-models of the uv workspace in 'backend' is in '../models', outside of it; move it in [WORKSPACE_OUTSIDE]"], [{
    ...Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`backend/${path}`, text.replaceAll('libs/models', '../models')])),
    'models/pyproject.toml': FILES['libs/models/pyproject.toml'],
  }, { ...API_SERVICE, source: 'backend/services/api' }],
  [Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`backend/${path}`, text])), { ...API_SERVICE, source: 'backend/services/api' }]);
  refuses('a library whose dependencies only its build knows', [
    "shop/api: 'libs/models/pyproject.toml' has dependencies that only its build knows (dynamic), and the build does not see the source; list them in [project] [DEPENDENCIES_DYNAMIC]",
  ], [{ ...FILES, 'libs/models/pyproject.toml': FILES['libs/models/pyproject.toml'].replace('dependencies = ["attrs"]', 'dynamic = ["dependencies"]') }],
  [{ ...FILES, 'libs/testing/pyproject.toml': FILES['libs/testing/pyproject.toml'].replace('dependencies = ["pluggy"]', 'dynamic = ["dependencies"]') }]);
  refuses('what it needs from the local disk', ["shop/api: 'uv.lock' installs attrs (vendor/attrs) from the local disk, which the build does not see; use released packages only [REQUIREMENT_LOCAL]"],
    [{ ...FILES, 'uv.lock': LOCK.replace(`"26.1.0"\n${REGISTRY}`, '"26.1.0"\nsource = { directory = "vendor/attrs" }') }],
    [{ ...FILES, 'uv.lock': LOCK.replace(`"5.6.0"\n${REGISTRY}`, '"5.6.0"\nsource = { directory = "vendor/celery" }') }]);
  refuses('a base with another Python than the workspace is locked for', [
    "shop/api: 'uv.lock' asks for Python >=3.14, and python:3.13-slim-bookworm has 3.13; use a base with that Python, or change the file [PYTHON_REQUIRED]",
  ], [{ ...FILES, 'uv.lock': LOCK.replace('>=3.12', '>=3.14') }], [FILES]);
  refuses('a workspace with a password in an address', [
    "shop/api: 'pyproject.toml' has a user or password in the address 'https://***@packages.example.com'; take it out, where it was a real one change it, "
    + "and give it to the build as a secret: 'indexes': [PackageIndex.at(…, { passwordSecret })] [INDEX_PASSWORD]",
  ], [{ ...FILES, 'pyproject.toml': `${PROJECT}[[tool.uv.index]]\nurl = "https://me:secret@packages.example.com/simple"\n` }],
  [{ ...FILES, 'pyproject.toml': `${PROJECT}[[tool.uv.index]]\nurl = "https://packages.example.com/simple"\n` }]);
  refuses('a layout that cannot hold libraries', [
    "shop/api: the layout cannot hold what 'services/api' needs of the same workspace: libs/models; use Layout.venv() or Layout.prefix() [WORKSPACE_LAYOUT]",
  ], [FILES, { ...API_SERVICE, layout: new WithoutLibraries() }], [FILES, { ...API_SERVICE, layout: Layout.prefix() }]);
  refuses('requirements beside a member that uv has locked', [
    "shop/api: 'services/worker' has both 'uv.lock' and requirements.txt; choose one with 'dependencies': Dependencies.uv() or Dependencies.requirements() [DEPENDENCIES_UNCLEAR]",
  ], [{ ...FILES, 'services/worker/requirements.txt': '' }, WORKER_SERVICE], [{ ...FILES, 'services/api/requirements.txt': '' }, WORKER_SERVICE]);
});

describe('a part of a workspace', () => {
  /** Members that need each other and released packages, by number; groups and extras of each. */
  const workspaces = fc.integer({ min: 1, max: 6 }).chain(count => {
    const names = [...Array.from({ length: count }, (_, index) => `m${index}`), 'p0', 'p1', 'p2', 'p3', 'p4', 'p5'];
    const edges = fc.array(fc.record({ name: fc.constantFrom(...names), extra: fc.boolean() }), { maxLength: 3 });
    return fc.record({
      start: fc.integer({ min: 0, max: count - 1 }),
      groups: fc.boolean(),
      packages: fc.tuple(...names.map(name => fc.record({ name: fc.constant(name), edges, extra: edges, group: edges, built: fc.boolean() }))),
    });
  });
  type Drawn = typeof workspaces extends fc.Arbitrary<infer T> ? T : never;
  const isMember = (name: string) => name.startsWith('m');
  const dependencies = (edges: Drawn['packages'][number]['edges']) => edges.map(({ name, extra }) => ({ name, ...(extra ? { extra: ['e'] } : {}) }));
  const required = (edges: Drawn['packages'][number]['edges']) => edges.map(({ name }) => isMember(name) ? { name, editable: name } : { name });

  function workspaceOf({ packages }: Drawn, version = '1'): UvWorkspace {
    const members = packages.filter(({ name }) => isMember(name));
    return {
      project: { tool: { uv: { workspace: { members: ['m*'] } } } },
      projectAt: path => packages.find(({ name, built }) => name === path && built) ? { 'build-system': {} } : {},
      lock: {
        'requires-python': '>=3.12',
        'manifest': { members: members.map(({ name }) => name) },
        'package': packages.map(({ name, edges, extra, group }) => ({
          name,
          version,
          'source': isMember(name) ? { editable: name } : { registry: 'https://packages.example.com/simple' },
          'dependencies': dependencies(edges),
          'optional-dependencies': { e: dependencies(extra) },
          ...(isMember(name) ? {
            'dev-dependencies': { g: dependencies(group) },
            'metadata': { 'requires-dist': required([...edges, ...extra]), 'requires-dev': { g: required(group) } },
          } : {}),
        })),
      },
    };
  }
  const slicedOf = (drawn: Drawn, workspace = workspaceOf(drawn)) =>
    sliceUvWorkspace(workspace, `m${drawn.start}`, { groups: drawn.groups ? ['g'] : [], extras: [] }, () => true);
  /** Names and extras that are needed, by looking again and again until nothing is new. */
  function needed({ packages, start, groups }: Drawn): Set<string> {
    const found = new Set([`m${start}`]);
    for (let before = 0; before < found.size;) {
      before = found.size;
      for (const { name, edges, extra, group } of packages) {
        const all = [...(found.has(name) ? edges : []), ...(found.has(`${name}[e]`) ? extra : []), ...(groups && name === `m${start}` ? group : [])];
        all.forEach(edge => { found.add(edge.name); if (edge.extra) found.add(`${edge.name}[e]`); });
      }
    }
    return found;
  }

  test('is closed and minimal: it has all that is needed, and beside it only names of members, without dependencies', () => {
    fc.assert(fc.property(workspaces, drawn => {
      const { files, members, locked: { names } } = slicedOf(drawn);
      const wanted = needed(drawn);
      const packages = list((parseToml(files['uv.lock']) as Table).package).map(table).filter(({ name }) => name !== 'workspace-part');
      const inLock = packages.map(({ name }) => String(name));
      const edges = packages.flatMap(item => [item.dependencies, ...Object.values(table(item['optional-dependencies'])), ...Object.values(table(item['dev-dependencies']))].flatMap(list));
      expect(edges.map(edge => String(table(edge).name)).filter(name => !inLock.includes(name))).toEqual([]);
      expect([...wanted].filter(name => !name.endsWith(']') && !inLock.includes(name))).toEqual([]);
      const notNeeded = packages.filter(({ name }) => !wanted.has(String(name)));
      expect(notNeeded.filter(({ name, dependencies: some, metadata }) => !isMember(String(name)) || some || metadata)).toEqual([]);
      expect(members.map(({ name }) => name)).toEqual([...wanted].filter(name => /^m\d$/.test(name)).sort());
      expect([...names].sort()).toEqual([...wanted].filter(name => !name.endsWith(']') && name !== `m${drawn.start}`).sort());
    }));
  });

  test('is the same, to the byte, whatever happens to the rest', () => {
    fc.assert(fc.property(workspaces, drawn => {
      const wanted = needed(drawn);
      const { lock, ...rest } = workspaceOf(drawn);
      const standIns = uvMembers(lock).map(({ name }) => name).filter(name => slicedOf(drawn).files[`${name}/pyproject.toml`]);
      const changed = list(lock.package).map(table).map(item => wanted.has(String(item.name)) ? item : {
        ...item, version: standIns.includes(String(item.name)) ? item.version : '2', dependencies: [{ name: 'new' }],
      });
      const added = { name: 'new', version: '1', source: { registry: 'https://packages.example.com/simple' } };
      const other = { ...rest, lock: { ...lock, 'resolution-markers': ["sys_platform == 'win32'"], 'package': [...changed, added] } };
      expect(slicedOf(drawn, other).files).toEqual(slicedOf(drawn).files);
    }));
  });
});

describe('TOML text', () => {
  test('says what was said', () => {
    const value: fc.Memo<unknown> = fc.memo(depth => depth <= 1 ? fc.oneof(fc.string({ unit: 'binary' }), fc.boolean(), fc.integer())
      : fc.oneof(value(1), fc.array(value(), { maxLength: 3 }), fc.dictionary(fc.string({ unit: 'grapheme' }), value(), { maxKeys: 3 })));
    fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), value(3)), document => {
      const plain = JSON.parse(JSON.stringify(document));
      expect(JSON.parse(JSON.stringify(parseToml(tomlText(plain))))).toEqual(plain);
    }));
  });
});
