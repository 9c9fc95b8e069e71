/** Packages with uv, which Python a source asks for, and the application as a package. */
import { appWith, filesUnder, refusal } from './declare';
import { allowsRelease, pythonVersionFile } from '../lib/python/python-release';
import { App, Application, BaseImage, Dependencies, PythonBase, PythonServer, PythonServiceImage, type PythonServiceImageProps } from 'cdk-wheelhouse';

const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const PROJECT = [
  '[project]', 'name = "Web_Shop"', 'version = "1.0"', 'requires-python = ">=3.12"', 'dependencies = ["flask"]',
  '[project.optional-dependencies]', '"Fast_Json" = ["orjson"]', '[dependency-groups]', 'dev = ["pytest"]', 'tools = ["tomli-w"]', '',
].join('\n');

/** One package of a lock. */
function locked(name: string, version: string, dependencies: readonly string[] = [], more = ''): string {
  const list = dependencies.map(dependency => `    { name = "${dependency}" },\n`).join('');
  return `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { registry = "https://packages.example.com/simple" }\ndependencies = [\n${list}]\n${more}\n`;
}
const ROOT = [
  '[[package]]', 'name = "web-shop"', 'version = "1.0"', 'source = { virtual = "." }',
  'dependencies = [', '    { name = "flask", extra = ["async"] },', ']',
  '[package.optional-dependencies]', 'fast-json = [{ name = "orjson" }]',
  '[package.dev-dependencies]', 'dev = [{ name = "pytest" }]', 'tools = [{ name = "gunicorn" }]', '',
].join('\n');
const LOCK = [
  'version = 1\nrequires-python = ">=3.12"\n', ROOT, locked('flask', '3.1.3', ['werkzeug'], '[package.optional-dependencies]\nasync = [{ name = "asgiref" }]\n'),
  locked('werkzeug', '3.1.9', ['flask']), locked('asgiref', '3.9.0'), locked('orjson', '3.11.0'), locked('pytest', '9.0.0', ['uvicorn']),
  locked('gunicorn', '27.0.1'), locked('uvicorn', '0.54.0'),
].join('\n');
const FILES = { 'app/main.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/pyproject.toml': PROJECT, 'app/uv.lock': LOCK };
const BUILDABLE = `${PROJECT}[build-system]\nrequires = ["hatchling"]\n`;
/** Gunicorn, which the lock has in the group `tools`. */
const WITH_TOOLS = { dependencies: Dependencies.uv({ groups: ['tools'] }) };

function declare(files: Record<string, string>, props: Partial<PythonServiceImageProps> = {}) {
  const declared = appWith(files);
  new PythonServiceImage(declared.application, 'api', { source: 'app', base: BASE, server: PythonServer.gunicorn('main:app'), ...props });
  return declared;
}

function dockerfile(files: Record<string, string>, props?: Partial<PythonServiceImageProps>): string {
  const { app, outdir } = declare(files, props);
  app.synth();
  return filesUnder(outdir)['shop/images/api/Dockerfile'];
}

/** The text of one stage. */
function stage(text: string, name: string): string {
  return new RegExp(`^FROM \\S+ AS ${name}\n([^]*?)(?=^FROM |(?![^]))`, 'm').exec(text)?.[1] ?? '';
}

/** Refused with these lines; `good` in place of what is bad is accepted. */
function refuses(name: string, lines: string[], bad: [Record<string, string>, Partial<PythonServiceImageProps>?], good: typeof bad): void {
  test(`refuses ${name}`, () => {
    expect(refusal(declare(...bad).app)).toEqual(lines);
    expect(() => dockerfile(...good)).not.toThrow();
  });
}

describe('Dependencies.none', () => {
  const STDLIB = { dependencies: Dependencies.none(), server: PythonServer.module('main', { port: 8000 }) };

  test('installs nothing, whatever the source has', () => {
    expect(stage(dockerfile(FILES, STDLIB), 'build').trim()).toBe('RUN /usr/local/bin/python3 -m venv --without-pip /venv');
  });

  test('installs the source itself when that is asked for', () => {
    expect(stage(dockerfile({ ...FILES, 'app/pyproject.toml': BUILDABLE }, { ...STDLIB, install: true }), 'package')).toContain('-m pip --python /venv/bin/python install --no-deps');
  });

  refuses('a server that has to be installed', ['shop/api: the server needs gunicorn, which is not among the required packages; add it to them [SERVER_NOT_INSTALLED]'],
    [FILES, { dependencies: Dependencies.none() }], [FILES, STDLIB]);
});

describe('Dependencies.uv', () => {
  test('installs what is locked, with files that are only mounted, and leaves no lock that anybody may write', () => {
    expect(stage(dockerfile(FILES, WITH_TOOLS), 'build')).toBe([
      'RUN /usr/local/bin/python3 -m venv --without-pip /venv',
      'ENV UV_LINK_MODE=copy \\', '    UV_PROJECT_ENVIRONMENT=/venv \\', '    UV_PYTHON=/usr/local/bin/python3 \\', '    UV_PYTHON_DOWNLOADS=never',
      'RUN --mount=type=bind,from=uv,source=/uv,target=/uv \\', '    --mount=type=cache,target=/root/.cache/uv \\',
      '    --mount=type=bind,source=app/pyproject.toml,target=/src/app/pyproject.toml \\', '    --mount=type=bind,source=app/uv.lock,target=/src/app/uv.lock \\',
      '    /uv sync --project /src/app --locked --no-default-groups --group tools --no-editable --no-install-project \\', ' && rm -f /venv/.lock', '', '',
    ].join('\n'));
  });

  test('takes uv from a stage of its own, which the runtime stage does not know', () => {
    const text = dockerfile(FILES, WITH_TOOLS);
    expect(text).toMatch(/^FROM ghcr\.io\/astral-sh\/uv:\d+\.\d+\.\d+ AS uv$/m);
    expect(stage(text, 'uv').trim()).toBe('');
    expect(stage(text, 'runtime')).not.toMatch(/\buv\b/);
  });

  test('takes uv from another image when asked to', () => {
    const image = BaseImage.fromReference('registry.example.com/uv:1');
    expect(dockerfile(FILES, { dependencies: Dependencies.uv({ groups: ['tools'], image }) })).toContain('\nFROM registry.example.com/uv:1 AS uv\n');
  });

  test('installs groups and extras by any spelling of their names', () => {
    const text = dockerfile(FILES, { dependencies: Dependencies.uv({ groups: ['Tools'], extras: ['fast-json'] }) });
    expect(text).toContain('--no-default-groups --group Tools --extra fast-json --no-editable');
  });

  test('mounts the settings of uv that lie beside the project', () => {
    expect(dockerfile({ ...FILES, 'app/uv.toml': '' }, WITH_TOOLS)).toContain('--mount=type=bind,source=app/uv.toml,target=/src/app/uv.toml');
  });

  test('mounts the files of a project in the root', () => {
    const files = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [path.replace('app/', ''), text]));
    expect(dockerfile(files, { ...WITH_TOOLS, source: '.' })).toMatch(/source=uv\.lock,target=\/src\/uv\.lock[^]*\/uv sync --project \/src --locked/);
  });

  test('is what a source with uv.lock is detected as, without the stage where it is not', () => {
    expect(dockerfile(FILES, { server: PythonServer.module('main') })).toContain('/uv sync --project /src/app');
    const text = dockerfile({ 'app/main.py': '', 'app/requirements.txt': 'gunicorn\n' });
    expect(text).toContain('-m pip --python /venv/bin/python install --no-compile --requirement /src/app/requirements.txt');
    expect(text).not.toContain('AS uv');
  });

  test('says why each of its steps is there, when it is asked', () => {
    const { root, outdir } = appWith({ ...FILES, 'app/pyproject.toml': BUILDABLE });
    const app = new App({ root, outdir, explain: true });
    new PythonServiceImage(new Application(app, 'shop'), 'api', { source: 'app', base: BASE, server: PythonServer.module('main'), install: true });
    app.synth();
    const lines = filesUnder(outdir)['shop/images/api/Dockerfile'].replace(/ \\\n/g, ' ').split('\n');
    const steps = lines.flatMap((line, index) => /^ENV UV_|^RUN .*\/uv (sync|pip) /.test(line) ? [[line.replace(/^(\w+ \w+_|\w+).*?(\/uv \w+ |LINK).*/, '$1 $2'), lines[index - 1]]] : []);
    expect(steps).toEqual([
      ['ENV UV_ LINK', '# the Python that is there, no other; files are copied, for the cache stays behind'],
      ['RUN /uv sync ', '# only the files that say what to install are seen: nothing else repeats it'],
      ['RUN /uv pip ', '# the application alone: a change of it installs nothing else again'],
    ]);
  });

  test('comes from another image where somebody says so', () => {
    const other = BaseImage.fromReference('example.com/uv:1');
    expect(dockerfile(FILES, { server: PythonServer.module('main') })).toContain('FROM ghcr.io/astral-sh/uv:0.13.8 AS uv');
    for (const dependencies of [Dependencies.uv({ image: other }), Dependencies.detected({ uvImage: other })]) {
      expect(dockerfile(FILES, { server: PythonServer.module('main'), dependencies })).toContain('FROM example.com/uv:1 AS uv');
    }
  });

  test("needs no pip where Python is Debian's", () => {
    const base = PythonBase.debian({ release: 'trixie' });
    expect(dockerfile(FILES, { ...WITH_TOOLS, base })).not.toContain('python3-pip');
    expect(dockerfile({ 'app/main.py': '', 'app/requirements.txt': 'gunicorn\n' }, { base })).toContain('python3 \\\n      python3-pip\n');
  });

  test('refuses the name of a group that is none', () => {
    expect(() => Dependencies.uv({ groups: ['--all-groups'] })).toThrow(new Error("'--all-groups' is not the name of a dependency group or extra, such as prod [GROUP_NAME]"));
    expect(() => Dependencies.uv({ groups: ['a'], extras: ['B.c-d_e'] })).not.toThrow();
  });

  refuses('both lock and requirements', [
    "shop/api: 'app' has both uv.lock and requirements.txt; choose one with 'dependencies': Dependencies.uv() or Dependencies.requirements() [DEPENDENCIES_UNCLEAR]",
  ], [{ ...FILES, 'app/requirements.txt': 'gunicorn\n' }], [{ ...FILES, 'app/requirements.txt': 'gunicorn\n' }, WITH_TOOLS]);
  refuses('a project that nothing locks', [
    "shop/api: 'app' has a pyproject.toml, but nothing that locks its packages; make 'uv.lock' with 'uv lock', or 'requirements.txt', or choose with 'dependencies': Dependencies.pyproject() installs what is newest [DEPENDENCIES_UNKNOWN]",
  ], [{ 'app/main.py': '', 'app/pyproject.toml': PROJECT }], [FILES, WITH_TOOLS]);
  refuses('a source without a lock', ["shop/api: there is no file 'app/uv.lock'; make it with 'uv lock', or choose other 'dependencies' [UV_FILE_MISSING]"],
    [{ 'app/pyproject.toml': PROJECT }, { dependencies: Dependencies.uv() }], [FILES, WITH_TOOLS]);
  refuses('a source without a project', ["shop/api: there is no file 'app/pyproject.toml'; make it with 'uv init --bare', or choose other 'dependencies' [UV_FILE_MISSING]"],
    [{ 'app/uv.lock': LOCK }, { dependencies: Dependencies.uv(), server: PythonServer.module('main') }], [FILES, WITH_TOOLS]);
  refuses('a project file that is no TOML', ["shop/api: 'app/pyproject.toml' is not TOML, line 1: illegal character in key; correct it [TOML_TEXT]"],
    [{ ...FILES, 'app/pyproject.toml': 'project\n' }, { dependencies: Dependencies.uv(), server: PythonServer.module('main') }], [FILES, WITH_TOOLS]);
  refuses('groups and extras that the project does not have', [
    "shop/api: 'app/pyproject.toml' has no dependency group 'prod'; it has dev, tools [GROUP_UNKNOWN]",
    "shop/api: 'app/pyproject.toml' has no extra 'slow'; it has fast-json [GROUP_UNKNOWN]",
  ], [FILES, { dependencies: Dependencies.uv({ groups: ['prod', 'tools'], extras: ['slow'] }) }], [FILES, { dependencies: Dependencies.uv({ groups: ['tools'], extras: ['fast_json'] }) }]);
  refuses('dependencies that only a build knows', [
    "shop/api: 'app/pyproject.toml' has dependencies that only its build knows (dynamic), and the build does not see the source; list them in [project] [DEPENDENCIES_DYNAMIC]",
  ], [{ ...FILES, 'app/pyproject.toml': PROJECT.replace('dependencies = ["flask"]', 'dynamic = ["dependencies"]') }, WITH_TOOLS],
  [{ ...FILES, 'app/pyproject.toml': PROJECT.replace('version = "1.0"', 'dynamic = ["version"]') }, WITH_TOOLS]);
  refuses('packages on the local disk', [
    "shop/api: 'app/uv.lock' installs mylib (../mylib) from the local disk, which the build does not see; use released packages only [REQUIREMENT_LOCAL]",
  ], [{ ...FILES, 'app/uv.lock': `${LOCK}[[package]]\nname = "mylib"\nsource = { editable = "../mylib" }\n` }, WITH_TOOLS], [FILES, WITH_TOOLS]);
  refuses('a server that is only in a group that is not asked for', ['shop/api: the server needs gunicorn, which is not among the required packages; add it to them [SERVER_NOT_INSTALLED]'],
    [FILES], [FILES, WITH_TOOLS]);
  test('counts what extras of other packages bring', () => {
    const files = { ...FILES, 'app/uv.lock': LOCK.replace('{ name = "asgiref" }', '{ name = "uvicorn" }') };
    expect(() => dockerfile(files, { server: PythonServer.uvicorn('main:app') })).not.toThrow();
  });
  refuses('a server that only a development package needs', ['shop/api: the server needs uvicorn, which is not among the required packages; add it to them [SERVER_NOT_INSTALLED]'],
    [FILES, { server: PythonServer.uvicorn('main:app') }], [FILES, { server: PythonServer.uvicorn('main:app'), dependencies: Dependencies.uv({ groups: ['dev'] }) }]);
});

describe('gunicorn', () => {
  const command = (files: Record<string, string>, props?: Partial<PythonServiceImageProps>) => /^CMD (.*)$/m.exec(dockerfile(files, props))![1];
  const pinned = (version: string) => command({ 'app/main.py': '', 'app/requirements.txt': version });

  test('opens no control socket where its version is known to have one', () => {
    expect(command(FILES, WITH_TOOLS)).toMatch(/^\["--no-control-socket", "--bind"/);
    for (const version of ['gunicorn==25.1.0', 'Gunicorn[gevent] == 26.0 ; python_version > "3"', 'gunicorn==25.10.0 --hash=sha256:aa']) {
      expect([version, pinned(version)]).toEqual([version, expect.stringContaining('"--no-control-socket"')]);
    }
  });

  test('is not told so where it may not know the option', () => {
    for (const version of ['gunicorn', 'gunicorn>=25.1', 'gunicorn==25.0.3', 'gunicorn==23.0.0', 'gunicorn==26.*', 'gunicorn==23.0.0; x\ngunicorn==27.0.1; y']) {
      expect([version, pinned(version)]).toEqual([version, expect.not.stringContaining('--no-control-socket')]);
    }
    expect(command({ 'app/main.py': '', 'app/requirements.txt': 'gunicorn==27.0.1\nuvicorn\n' }, { server: PythonServer.uvicorn('main:app') })).not.toContain('control');
  });
});

describe('the Python that a source asks for', () => {
  const WEB = { 'app/main.py': '', 'app/requirements.txt': 'gunicorn\n' };
  const asking = (requires: string) => ({ ...WEB, 'app/pyproject.toml': `[project]\nrequires-python = "${requires}"\n` });

  refuses('a version file for another Python', [
    "shop/api: 'app/.python-version' asks for Python 3.12.4, and python:3.13-slim-bookworm has 3.13; use a base with that Python, or change the file [PYTHON_REQUIRED]",
  ], [{ ...WEB, 'app/.python-version': '# ours\n3.12.4\n' }], [{ ...WEB, 'app/.python-version': '3.13.1\n' }]);
  refuses('a project for another Python', [
    "shop/api: 'app/pyproject.toml' asks for Python >=3.11,<3.13, and python:3.13-slim-bookworm has 3.13; use a base with that Python, or change the file [PYTHON_REQUIRED]",
  ], [asking('>=3.11,<3.13')], [asking('>=3.11,<3.14')]);

  test('is not compared with a base whose Python is not known', () => {
    expect(() => dockerfile(asking('<3'), { base: PythonBase.chainguard() })).not.toThrow();
    expect(refusal(declare(asking('<3'), { base: PythonBase.chainguard({ python: '3.13' }) }).app)).toEqual([expect.stringContaining('[PYTHON_REQUIRED]')]);
  });

  test.each([
    ['>=3.13', '3.12 no', '3.13 yes', '3.14 yes'], ['>=3.13.2', '3.12 no', '3.13 yes'], ['>=3', '3.9 yes'], ['>=4', '3.13 no'],
    ['<3.13', '3.12 yes', '3.13 no'], ['<3.13.2', '3.13 yes', '3.14 no'], ['<4', '3.13 yes'], ['<=3.13', '3.13 yes', '3.14 no'], ['>3.12', '3.12 yes', '3.11 no'],
    ['==3.13', '3.13 yes', '3.12 no'], ['==3.12.*', '3.12 yes', '3.13 no'], ['==3.*', '3.13 yes'], ['==2.*', '3.13 no'], ['== 3.12.4', '3.12 yes', '3.13 no'],
    ['!=3.13.*', '3.13 no', '3.12 yes'], ['!=3.13.0', '3.13 yes'], ['!=3.*', '3.13 no'], ['~=3.12', '3.11 no', '3.13 yes'], ['~=3.12.1', '3.12 yes', '3.13 no'],
    ['>=3.11, <3.14, !=3.12.*', '3.11 yes', '3.12 no', '3.13 yes', '3.14 no'], ['>=3.14.0a1', '3.14 yes', '3.13 no'], ['', '3.13 yes'], ['===3.12', '3.13 yes'], ['^3.12', '3.13 yes'],
    ['>=3.9', '3.10 yes', '3.8 no'],
  ])('%s allows: %s %s %s %s', (specifiers, ...answers) => {
    for (const answer of answers.filter(Boolean)) {
      const [release, allowed] = answer.split(' ');
      expect([release, allowsRelease(specifiers, release)]).toEqual([release, allowed === 'yes']);
    }
  });

  test.each([
    ['3.12', '==3.12.*'], ['3', '==3.*'], ['3.12.4\n3.11', '==3.12.*'], ['\r\n# comment\r\n3.13\r\n', '==3.13.*'], ['cpython@3.12', '==3.12.*'], ['cpython3.12', '==3.12.*'],
    ['cp312', '==3.12.*'], ['cpython-3.12.3-linux-x86_64-gnu', '==3.12.*'], ['>=3.11,<3.13', '>=3.11,<3.13'], ['3.14t', '==3.14.*'], ['3.13-dev', '==3.13.*'],
    ['pypy@3.10', undefined], ['system', undefined], ['', undefined], ['/usr/bin/python3', undefined],
  ])('a version file with %j means %s', (text, specifiers) => expect(pythonVersionFile('f', text)?.specifiers).toBe(specifiers));
});

describe('an application that is installed', () => {
  test('by uv: from the whole source, into a layer of its own that comes last', () => {
    const text = dockerfile({ ...FILES, 'app/pyproject.toml': BUILDABLE }, { ...WITH_TOOLS, install: true });
    expect(stage(text, 'package')).toBe([
      'RUN --mount=type=bind,from=uv,source=/uv,target=/uv \\', '    --mount=type=cache,target=/root/.cache/uv \\', '    --mount=type=bind,source=app,target=/src/app,rw \\',
      '    /uv pip install --project /src/app --python /venv/bin/python --prefix /package --no-deps --refresh-package web-shop /src/app \\', ' && rm -f /package/.lock', '', '',
    ].join('\n'));
    expect(text).toContain('\nFROM build AS package\n');
    expect(text.trimEnd().split('\n').at(-1)).toBe('COPY --link --from=package /package /venv');
    expect(text).not.toContain('COPY app');
  });

  test('by pip', () => {
    const text = dockerfile({ 'app/main.py': '', 'app/requirements.txt': 'gunicorn\n', 'app/setup.py': '' }, { install: true });
    expect(stage(text, 'package')).toContain('/usr/local/bin/python3 -m pip --python /venv/bin/python install --no-deps --no-compile --prefix /package /src/app');
    expect(text.trimEnd().split('\n').at(-1)).toBe('COPY --link --from=package /package /venv');
  });

  test('is told apart from one that is copied', () => {
    const text = dockerfile({ ...FILES, 'app/pyproject.toml': BUILDABLE }, WITH_TOOLS);
    expect(text).not.toContain('AS package');
    expect(text.trimEnd().split('\n').at(-1)).toBe('COPY app /app');
  });

  refuses('a source that says nothing of how it is built', [
    "shop/api: 'app' cannot be installed: no [build-system] in 'app/pyproject.toml' says how; add one, or leave out 'install' [PACKAGE_UNKNOWN]",
  ], [FILES, { ...WITH_TOOLS, install: true }], [{ ...FILES, 'app/pyproject.toml': `${PROJECT}[tool.uv]\npackage = true\n` }, { ...WITH_TOOLS, install: true }]);
});
