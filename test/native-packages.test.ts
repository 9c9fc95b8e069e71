/** Packages of the distribution that follow from the lock. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, folder } from './declare';
import { refusesAtSynth } from './refuses';
import { COMPILERS, NATIVE_LOOKED_UP, NATIVE_PACKAGES } from '../lib/python/native-packages';
import { normalizedName } from '../lib/python/requirements-file';
import {
  App, Application, Architecture, BaseImage, Bytecode, PythonBase, PythonServer, PythonServiceImage, type PythonServiceImageProps,
  type PythonSystemPackages,
} from 'cdk-wheelhouse';

const SLIM = BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' });
const PAGE = 'https://github.com/cdk-wheelhouse/cdk-wheelhouse/blob/main/docs/python-native-packages.md';
const BINARY = ['cp313-cp313-manylinux_2_28_x86_64', 'cp313-cp313-manylinux_2_28_aarch64', 'cp313-cp313-win_amd64'];
const PURE = ['py3-none-any'];
/** In place of a wheel: the package has no archive of its source. */
const NO_SOURCE = 'no source';

/** A source whose lock has these packages, with the tags of their wheels. */
function files(packages: Record<string, readonly string[]>): Record<string, string> {
  const names = Object.keys(packages);
  const entry = (name: string) => [
    '[[package]]', `name = "${name}"`, 'version = "1.0"', 'source = { registry = "https://packages.example.com/simple" }',
    ...packages[name].includes(NO_SOURCE) ? [] : [`sdist = { url = "https://packages.example.com/files/${name}-1.0.tar.gz", hash = "sha256:00" }`],
    `wheels = [${packages[name].filter(tag => tag !== NO_SOURCE).map(tag => `{ url = "https://packages.example.com/files/${name}-1.0-${tag}.whl", hash = "sha256:00" }`).join(', ')}]`, '',
  ].join('\n');
  const root = `[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [${names.map(name => `{ name = "${name}" }`).join(', ')}]\n`;
  return {
    'app/main.py': 'def app(environment, start): ...\n',
    'app/pyproject.toml': `[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [${names.map(name => `"${name}"`).join(', ')}]\n`,
    'app/uv.lock': ['version = 1\nrequires-python = ">=3.11"\n', root, ...names.map(entry)].join('\n'),
  };
}

function image(application: Application, props: Partial<PythonServiceImageProps> = {}): PythonServiceImage {
  return new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.of(SLIM, SLIM), server: PythonServer.module('main'), ...props });
}

/** What is installed in the build stage and for the runtime stage, and what synth says of it. */
function planned(packages: Record<string, readonly string[]>, props: Partial<PythonServiceImageProps> = {}, explain = false) {
  const root = folder(files(packages));
  const outdir = join(root, 'wheelhouse.out');
  const app = new App({ root, explain });
  const application = new Application(app, 'shop');
  image(application, props);
  const { findings } = app.synth();
  const dockerfile = filesUnder(outdir)['shop/images/image/Dockerfile'];
  const stages = dockerfile.split(/^FROM /m);
  const installed = (...names: string[]) => stages.filter(text => names.includes(/ AS (\S+)/.exec(text)?.[1] ?? '')).flatMap(text =>
    [...text.matchAll(/(?:apt-get install --yes --no-install-recommends|apk add --no-cache)((?: \\\n +\S+)+)/g)].flatMap(([, list]) => list.match(/[^\s\\]+/g)!));
  const said = findings.filter(({ code }) => code.startsWith('NATIVE')).map(({ severity, problem, link, code }) => `${severity} ${problem} (${link}) [${code}]`);
  return { build: installed('build'), run: installed('system', 'runtime'), said, dockerfile };
}

const COMPILING = ['g++', 'gcc', 'libc6-dev', 'make', 'pkg-config'];

describe('A locked package', () => {
  test('without a wheel for the base brings what building it needs, and what running it needs', () => {
    const { build, run, said, dockerfile } = planned({ 'mysqlclient': ['cp313-cp313-win_amd64'], 'psycopg-c': [] }, {}, true);
    expect(build).toEqual(['default-libmysqlclient-dev', ...COMPILING.slice(0, 3), 'libpq-dev', 'make', 'pkg-config']);
    expect(run).toEqual(['libmariadb3', 'libpq5']);
    expect(said).toEqual([
      'info mysqlclient 1.0 has no wheel for python:3.13-slim-bookworm: the image gets default-libmysqlclient-dev, g++, gcc, libc6-dev, make, pkg-config to build it,'
        + ` and libmariadb3 to run it (${PAGE}) [NATIVE_PACKAGES]`,
      'info psycopg-c 1.0 has no wheel for python:3.13-slim-bookworm: the image gets g++, gcc, libc6-dev, libpq-dev, make, pkg-config to build it, and libpq5 to run it'
        + ` (${PAGE}) [NATIVE_PACKAGES]`,
    ]);
    expect(dockerfile).toContain('# mysqlclient, psycopg-c: built here, for no wheel fits\n');
    expect(dockerfile).toContain('# mysqlclient, psycopg-c: not all they need to run is in their wheels\n');
    expect(dockerfile).toMatch(/FROM python:3\.13-slim-bookworm AS system\n/);
  });

  test('with a wheel for the base brings nothing', () => {
    const { build, run, said, dockerfile } = planned({ lxml: BINARY, numpy: BINARY, mysqlclient: PURE });
    expect([build, run, said]).toEqual([[], [], []]);
    expect(dockerfile).not.toContain(' AS system');
  });

  test('that needs a library with a wheel too brings that alone', () => {
    expect(planned({ psycopg: PURE, weasyprint: PURE })).toMatchObject({
      build: [],
      run: ['libharfbuzz-subset0', 'libpango-1.0-0', 'libpangoft2-1.0-0', 'libpq5'],
      said: [
        `info psycopg 1.0 needs more than its wheel holds: the image gets libpq5 to run it (${PAGE}) [NATIVE_PACKAGES]`,
        `info weasyprint 1.0 needs more than its wheel holds: the image gets libharfbuzz-subset0, libpango-1.0-0, libpangoft2-1.0-0 to run it (${PAGE}) [NATIVE_PACKAGES]`,
      ],
    });
    expect(planned({ 'psycopg': PURE, 'psycopg-binary': BINARY }).run).toEqual([]);
  });

  test('of which a wheel may fit, as far as one can tell, brings nothing', () => {
    const slim = BaseImage.pythonSlim({ python: '3.13' });
    expect(planned({ lxml: BINARY }, { base: PythonBase.of(slim, slim) })).toMatchObject({ build: [], run: [], said: [] });
  });

  test('of which no file fits brings nothing: its manager says that it cannot be installed', () => {
    expect(planned({ mysqlclient: ['cp313-cp313-win_amd64', NO_SOURCE] })).toMatchObject({ build: [], run: [], said: [] });
  });

  test('with a wheel for one architecture is built, unless the image is for that one', () => {
    const packages = { lxml: BINARY.slice(0, 1) };
    expect(planned(packages).run).toEqual(['libxml2', 'libxslt1.1']);
    expect(planned(packages, { architecture: Architecture.AMD64 }).run).toEqual([]);
    expect(planned(packages, { architecture: Architecture.ARM64 }).run).toEqual(['libxml2', 'libxslt1.1']);
  });

  test('gets libraries by the name that its release of Debian has', () => {
    const run = (base: PythonBase) => planned({ 'python-magic': PURE }, { base }).run;
    const on = (debian?: string) => BaseImage.pythonSlim({ python: '3.13', debian });
    expect(run(PythonBase.of(on('bookworm'), on('bookworm')))).toEqual(['libmagic1']);
    expect(run(PythonBase.of(on('trixie'), on('trixie')))).toEqual(['libmagic1t64']);
    expect(planned({ 'python-magic': PURE, 'psycopg': PURE }, { base: PythonBase.of(on(), on()) })).toMatchObject({
      run: ['libpq5'],
      said: [
        `info psycopg 1.0 needs more than its wheel holds: the image gets libpq5 to run it (${PAGE}) [NATIVE_PACKAGES]`,
        `info what python-magic 1.0 needs to run on python:3.13-slim is not known; say it with 'systemPackages.needs' (${PAGE}) [NATIVE_UNKNOWN]`,
      ],
    });
  });

  test("gets Alpine's compilers and libraries on Alpine, with the headers of Alpine's own Python", () => {
    const alpine = BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' });
    const packages = { lxml: BINARY, gdal: [] };
    expect(planned(packages, { base: PythonBase.of(alpine, alpine) })).toMatchObject({
      build: ['build-base', 'libxml2-dev', 'libxslt-dev', 'pkgconf'],
      run: ['libxml2', 'libxslt'],
      said: [
        `info gdal 1.0 has no wheel for python:3.13-alpine3.23: the image gets build-base, pkgconf to build it (${PAGE}) [NATIVE_PACKAGES]`,
        'info lxml 1.0 has no wheel for python:3.13-alpine3.23: the image gets build-base, libxml2-dev, libxslt-dev, pkgconf to build it, and libxml2, libxslt to run it'
          + ` (${PAGE}) [NATIVE_PACKAGES]`,
        'info gdal 1.0 has no wheel for python:3.13-alpine3.23, and what it needs to be built on python:3.13-alpine3.23 and to run on python:3.13-alpine3.23 is not known;'
          + ` say it with 'systemPackages.needs' (${PAGE}) [NATIVE_UNKNOWN]`,
      ],
    });
    expect(planned({ lxml: [] }, { base: PythonBase.debian({ release: 'bookworm' }) }).build).toContain('python3-dev');
  });

  test('that nobody has looked up gets a compiler when it has wheels for others, and nothing when it may be Python alone', () => {
    expect(planned({ rare: ['cp312-cp312-manylinux_2_28_x86_64'], plain: [] })).toMatchObject({
      build: COMPILING,
      run: [],
      said: [
        `info rare 1.0 has no wheel for python:3.13-slim-bookworm: the image gets g++, gcc, libc6-dev, make, pkg-config to build it (${PAGE}) [NATIVE_PACKAGES]`,
        'info rare 1.0 has no wheel for python:3.13-slim-bookworm, and what it needs to be built on python:3.13-slim-bookworm and to run on python:3.13-slim-bookworm is not'
          + ` known; say it with 'systemPackages.needs' (${PAGE}) [NATIVE_UNKNOWN]`,
      ],
    });
  });

  test('needs what is declared of it instead, and nothing where that is nothing', () => {
    const needs = (systemPackages: PythonSystemPackages) => planned({ mysqlclient: [], psycopg: PURE }, { systemPackages });
    expect(needs({ needs: { MySQLclient: { toBuild: ['libother-dev'], toRun: ['libother1'] } } })).toMatchObject({
      build: [...COMPILING.slice(0, 3), 'libother-dev', 'make', 'pkg-config'], run: ['libother1', 'libpq5'],
    });
    expect(needs({ needs: { mysqlclient: {}, psycopg: { always: ['libpq5', 'psql'], toRun: ['never'] } } })).toMatchObject({ build: [], run: ['libpq5', 'psql'] });
    expect(needs({ derived: false, toRun: ['curl'] })).toMatchObject({ build: [], run: ['curl'], said: [] });
  });

  test('adds nothing that is declared', () => {
    const { run, said } = planned({ psycopg: PURE }, { systemPackages: { toRun: ['libpq5=15.14-0+deb12u1'] } });
    expect([run, said]).toEqual([['libpq5=15.14-0+deb12u1'], []]);
  });

  test('adds no compilers to a base that has them', () => {
    expect(planned({ 'psycopg-c': [] }, { base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }) }).build).toEqual(['libpq-dev']);
  });

  test('has its library in the runtime stage when no bytecode is made', () => {
    expect(planned({ psycopg: PURE }, { bytecode: Bytecode.installed() })).toMatchObject({ run: ['libpq5'] });
  });
});

describe('A runtime image without package manager', () => {
  const DISTROLESS = PythonBase.distroless({ release: 'bookworm' });
  const on = (base: PythonBase, systemPackages?: PythonSystemPackages) => (application: Application) => image(application, { base, systemPackages });
  const WAYS = ' use a runtime base that has one, a package whose wheel holds its libraries, or a base that has them, and say so:';
  refusesAtSynth('a package that needs a library with a wheel too', [
    "shop/image: 'psycopg' needs libraries such as libpq5 to run, and gcr.io/distroless/python3-debian12:nonroot has no package manager to install them;"
      + `${WAYS} systemPackages: { needs: { 'psycopg': {} } } [NATIVE_LIBRARY]`,
  ], on(DISTROLESS), on(DISTROLESS, { needs: { psycopg: {} } }), files({ psycopg: PURE }));
  refusesAtSynth('a package that is built and needs a library, also where nobody knows how it is called', [
    "shop/image: 'mysqlclient' has no wheel for cgr.dev/chainguard/python:latest-dev, and built from its source it needs libraries such as libmariadb3 to run, and"
      + ` cgr.dev/chainguard/python:latest has no package manager to install them;${WAYS} systemPackages: { needs: { 'mysqlclient': {} } } [NATIVE_LIBRARY]`,
  ], on(PythonBase.chainguard()), on(PythonBase.of(SLIM, SLIM)), files({ mysqlclient: [] }));
});

describe('What is known of packages', () => {
  const rows = Object.entries(NATIVE_PACKAGES);

  test('has a row with a page for each, in order, by normalized names', () => {
    const names = rows.map(([name]) => name);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(names.map(normalizedName));
    for (const { source } of [...Object.values(NATIVE_PACKAGES), ...Object.values(COMPILERS)]) expect(source).toMatch(/^https?:\/\/\S+$/);
    expect(NATIVE_LOOKED_UP).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  test('is for distributions and releases that base images have', () => {
    expect([...new Set(rows.flatMap(([, { needs }]) => Object.keys(needs)))].sort()).toEqual(['alpine', 'debian', 'debian 12', 'debian 13']);
  });

  test('is what the page says', () => {
    const page = 'docs/python-native-packages.md';
    const lines = rows.flatMap(([name, { needs, source }]) => Object.entries(needs).map(([on, { toBuild = [], toRun = [], always = [] }]) => {
      const cells = [`[${name}](${source})`, on, toBuild.join(' '), toRun.join(' '), always.join(' ')];
      return `| ${cells.join(' | ')} |`.replace(/ {2,}/g, ' ');
    }));
    const table = ['| package | on | to build | to run | always |', '|---|---|---|---|---|', ...lines].join('\n');
    const text = readFileSync(page, 'utf8');
    if (process.env.GOLDEN === 'write') writeFileSync(page, `${text.slice(0, text.search(/^(\| package|TABLE$)/m))}${table}\n`);
    else expect(text.slice(text.indexOf('| package |'))).toBe(`${table}\n`);
  });
});
