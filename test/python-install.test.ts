/** Ways to get Python onto an image that has none, in the text of Dockerfiles and in what is refused. */
import { appWith, filesUnder, refusal } from './declare';
import { refusesAtOnce } from './refuses';
import {
  App, Application, BaseImage, PythonBase, PythonDebugImage, PythonInstall, PythonServer, PythonServiceImage, type PythonServiceImageProps,
} from 'cdk-wheelhouse';

const SHA256 = '93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640';
const FILES = { 'app/main.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/requirements.txt': 'flask==3.1.3\ngunicorn==27.0.1\n' };
const BOOKWORM = BaseImage.debian({ release: 'bookworm', slim: true });
const NOBLE = BaseImage.ubuntu({ release: '24.04' });
const SOURCE = PythonInstall.source({ version: '3.13.5', sha256: SHA256 });

function declare(base: PythonBase, props: Partial<PythonServiceImageProps> = {}, files: Record<string, string> = FILES) {
  const declared = appWith(files);
  return { ...declared, image: new PythonServiceImage(declared.application, 'api', { source: 'app', base, server: PythonServer.gunicorn('main:app'), ...props }) };
}

function dockerfile(base: PythonBase, props?: Partial<PythonServiceImageProps>): string {
  const { app, outdir } = declare(base, props);
  app.synth();
  return filesUnder(outdir)['shop/images/api/Dockerfile'];
}

/** The text of one stage. */
function stage(text: string, name: string): string {
  return new RegExp(`^FROM \\S+ AS ${name}\n([^]*?)(?=^FROM |(?![^]))`, 'm').exec(text)?.[1] ?? '';
}

function facts({ buildImage, runtimeImage }: PythonBase) {
  return [buildImage, runtimeImage].map(({ reference, facts: { python, pythonPath, pip } }) => [reference, python, pythonPath, pip]);
}

describe('PythonInstall.distribution', () => {
  test.each([
    ['Debian', BaseImage.debian({ release: 'trixie' }), undefined, '3.13', 'python3', 'python3-pip'],
    ['Ubuntu', NOBLE, undefined, '3.12', 'python3', 'python3-pip'],
    ['Alpine', BaseImage.alpine({ release: '3.23' }), undefined, '3.12', 'python3', 'py3-pip'],
    ['a release of Alpine that is not listed', BaseImage.alpine({ release: '3.99' }), undefined, undefined, 'python3', 'py3-pip'],
    ['a release of Alpine that somebody knows', BaseImage.alpine({ release: '3.99' }), '3.15', '3.15', 'python3', 'py3-pip'],
    ['Wolfi', BaseImage.wolfi(), '3.13', '3.13', 'python-3.13', 'py3.13-pip'],
  ])('installs the packages of %s in each stage, and knows the release and the path', (_, base, python, known, runs, builds) => {
    const declared = PythonBase.installed({ base, python: PythonInstall.distribution({ python }) });
    expect(facts(declared)).toEqual([[base.reference, known, '/usr/bin/python3', true], [base.reference, known, '/usr/bin/python3', false]]);
    const text = dockerfile(declared);
    const installed = (name: string) => /(?:install --yes --no-install-recommends|add --no-cache)((?: \\\n +\S+)+)/.exec(stage(text, name))![1].split(/[\s\\]+/).filter(Boolean);
    expect(installed('system')).toEqual([runs]);
    expect(installed('build')).toEqual([builds, runs].sort());
    expect(text).not.toContain(' AS python\n');
  });

  test('is what PythonBase.bareAlpine and PythonBase.wolfi are made with; the official Alpine image has its own', () => {
    expect(facts(PythonBase.bareAlpine({ release: '3.22' }))[1]).toEqual(['alpine:3.22', '3.12', '/usr/bin/python3', false]);
    expect(facts(PythonBase.wolfi({ python: '3.14' }))[1]).toEqual(['cgr.dev/chainguard/wolfi-base:latest', '3.14', '/usr/bin/python3', false]);
    expect(facts(PythonBase.alpine({ python: '3.13', alpine: '3.23' }))[1]).toEqual(['python:3.13-alpine3.23', '3.13', '/usr/local/bin/python3', true]);
  });

  refusesAtOnce('a distribution whose packages it does not know',
    'how registry.example.com/base:1, whose distribution is unknown packages its Python is not known; use a Debian, Ubuntu, Alpine or Wolfi image, or install it in a base image of your own [PYTHON_UNPACKAGED]',
    () => PythonBase.installed({ base: BaseImage.fromReference('registry.example.com/base:1'), python: PythonInstall.distribution() }),
    () => PythonBase.installed({ base: BaseImage.fromReference('registry.example.com/base:1', { distribution: 'debian 12' }), python: PythonInstall.distribution() }));
  refusesAtOnce('another release than the one that the distribution has',
    "debian:bookworm-slim packages Python 3.11, not 3.13; leave 'python' out, use another release of it, or install Python in another way [PYTHON_RELEASE_OTHER]",
    () => PythonBase.installed({ base: BOOKWORM, python: PythonInstall.distribution({ python: '3.13' }) }),
    () => PythonBase.installed({ base: BOOKWORM, python: PythonInstall.distribution({ python: '3.11' }) }));
  refusesAtOnce('Wolfi without a release',
    "cgr.dev/chainguard/wolfi-base:latest packages several Pythons; say which: PythonInstall.distribution({ python: '3.13' }) [PYTHON_RELEASE_MISSING]",
    () => PythonBase.installed({ base: BaseImage.wolfi(), python: PythonInstall.distribution() }), () => PythonBase.wolfi({ python: '3.13' }));
});

describe('PythonInstall.deadsnakes', () => {
  const text = dockerfile(PythonBase.installed({ base: NOBLE, python: PythonInstall.deadsnakes({ python: '3.13' }) }));

  test('fetches the key of the archive by its fingerprint, in a stage of its own', () => {
    expect(stage(text, 'python')).toContain('gpg --keyserver hkps://keyserver.ubuntu.com --recv-keys F23C5A6CF475977595C89F51BA6932366A755776');
    for (const name of ['build', 'system', 'runtime']) expect(stage(text, name)).not.toMatch(/gnupg|keyserver/);
  });

  test('names the key beside the archive that it may sign, before packages are installed', () => {
    for (const name of ['build', 'system']) {
      expect(stage(text, name)).toMatch(/^COPY --link --from=python --chmod=0644 \/usr\/share\/keyrings\/deadsnakes\.gpg [^]*Types: deb\nURIs: http:\/\/ppa\.launchpadcontent\.net\/deadsnakes\/ppa\/ubuntu\nSuites: noble\nComponents: main\nSigned-By: \/usr\/share\/keyrings\/deadsnakes\.gpg\n[^]*apt-get install/);
    }
    const mirrored = PythonInstall.deadsnakes({ python: '3.13', archive: 'https://packages.example.com/deadsnakes' });
    expect(dockerfile(PythonBase.installed({ base: NOBLE, python: mirrored }))).toContain('\nURIs: https://packages.example.com/deadsnakes\n');
  });

  test('installs venv and pip for building only', () => {
    expect(stage(text, 'build')).toMatch(/ {6}python3\.13 \\\n {6}python3\.13-venv\nRUN \["\/usr\/bin\/python3\.13", "-m", "ensurepip"\]\n/);
    expect(stage(text, 'system')).toMatch(/ {6}python3\.13\n+$/);
    expect(stage(text, 'build')).toContain('/usr/bin/python3.13 -m pip --python /venv/bin/python install');
  });

  refusesAtOnce('another distribution than Ubuntu',
    'deadsnakes packages Python for long-term releases of Ubuntu, and debian:bookworm-slim (debian 12) is none of ubuntu 22.04, ubuntu 24.04, ubuntu 26.04; '
    + "use BaseImage.ubuntu({ release: '24.04' }), or PythonInstall.source [DEADSNAKES_UBUNTU]",
    () => PythonBase.installed({ base: BOOKWORM, python: PythonInstall.deadsnakes({ python: '3.13' }) }),
    () => PythonBase.installed({ base: NOBLE, python: PythonInstall.deadsnakes({ python: '3.13' }) }));
  refusesAtOnce("Ubuntu's own release",
    'deadsnakes does not package Python 3.12 for ubuntu 24.04, which has it itself; use PythonInstall.distribution() [DEADSNAKES_RELEASE]',
    () => PythonBase.installed({ base: NOBLE, python: PythonInstall.deadsnakes({ python: '3.12' }) }),
    () => PythonBase.installed({ base: BaseImage.ubuntu({ release: '22.04' }), python: PythonInstall.deadsnakes({ python: '3.12' }) }));
  refusesAtOnce('what is no address of an archive', "'packages' is not the address of an archive such as https://packages.example.com/python [ARCHIVE_URL]",
    () => PythonInstall.deadsnakes({ python: '3.13', archive: 'packages' }), () => PythonInstall.deadsnakes({ python: '3.13', archive: 'https://packages.example.com/a/b' }));
});

describe('PythonInstall.source', () => {
  const text = dockerfile(PythonBase.installed({ base: BOOKWORM, python: SOURCE }));

  test('compiles what has the checksum, in a stage of its own, on all processors', () => {
    expect(stage(text, 'python')).toContain(`\nADD --checksum=sha256:${SHA256} https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz /`);
    expect(stage(text, 'python')).toContain('\n && make -j "$(nproc)" \\\n');
    for (const name of ['build', 'system', 'runtime']) expect(stage(text, name)).not.toMatch(/gcc|-dev\b|configure/);
  });

  test('gives both stages the same layer, and the build stage what only building needs', () => {
    expect(stage(text, 'system')).toMatch(/ {6}zlib1g\nCOPY --link --from=python \/usr\/local \/usr\/local\n+$/);
    expect(stage(text, 'build')).toMatch(/\nCOPY --link --from=python \/usr\/local \/usr\/local\nCOPY --link --from=python \/build-only \/usr\/local\nRUN \/usr\/local\/bin\/python3 -m venv/);
  });

  test("installs the libraries under the names of the base's release", () => {
    expect(stage(text, 'system')).toContain(' libssl3 ');
    expect(stage(dockerfile(PythonBase.installed({ base: BaseImage.debian({ release: 'trixie' }), python: SOURCE })), 'system')).toContain(' libssl3t64 ');
  });

  test('adds the library of a module that came with 3.14', () => {
    const newer = dockerfile(PythonBase.installed({ base: BOOKWORM, python: PythonInstall.source({ version: '3.14.0', sha256: SHA256 }) }));
    expect([stage(newer, 'python'), stage(newer, 'system'), text].map(part => /libzstd\S+/.exec(part)?.[0])).toEqual(['libzstd-dev', 'libzstd1', undefined]);
  });

  test('takes its options as they are given', () => {
    const configured = (props: object) => /\.\/configure((?: \\\n +\S+)+)/.exec(dockerfile(PythonBase.installed({
      base: BOOKWORM, python: PythonInstall.source({ version: '3.13.5', sha256: SHA256, ...props }),
    })))![1].split(/[\s\\]+/).filter(word => word !== '&&').slice(5);
    expect(configured({})).toEqual(['--enable-optimizations', '--with-lto']);
    expect(configured({ optimizations: false, lto: false, shared: true, options: ['--disable-gil', 'CFLAGS=-O2'] })).toEqual([
      '--enable-shared', 'LDFLAGS_NODIST=-Wl,-rpath,/usr/local/lib', '--disable-gil', 'CFLAGS=-O2',
    ]);
  });

  test('takes the source from elsewhere, and packages that it does not know', () => {
    const python = PythonInstall.source({
      version: '3.13.5', sha256: SHA256, url: 'https://packages.example.com/Python-3.13.5.tgz', systemPackages: { toBuild: ['build-base', 'openssl-dev'], toRun: ['libssl3'] },
    });
    const alpine = dockerfile(PythonBase.installed({ base: BaseImage.alpine({ release: '3.23' }), python }));
    expect(stage(alpine, 'python')).toMatch(/^RUN apk add --no-cache \\\n {6}build-base \\\n {6}openssl-dev\nADD --checksum=\S+ https:\/\/packages\.example\.com\/Python-3\.13\.5\.tgz /);
    expect(stage(alpine, 'system')).toMatch(/^RUN apk add --no-cache \\\n {6}libssl3\nCOPY/);
  });

  test('a beta is in the directory of its release', () => {
    const beta = dockerfile(PythonBase.installed({ base: BOOKWORM, python: PythonInstall.source({ version: '3.15.0rc2', sha256: SHA256 }) }));
    expect(beta).toContain('https://www.python.org/ftp/python/3.15.0/Python-3.15.0rc2.tar.xz');
  });

  test('has no system stage when bytecode is not made, and a debug image has pip', () => {
    const { app, application, outdir, image } = declare(PythonBase.installed({ base: BOOKWORM, python: SOURCE }));
    new PythonDebugImage(application, 'debug', { image });
    app.synth();
    expect(stage(filesUnder(outdir)['shop/images/debug/Dockerfile'], 'runtime')).toContain('COPY --link --from=python /build-only /usr/local\n');
    expect(stage(filesUnder(outdir)['shop/images/api/Dockerfile'], 'runtime')).not.toContain('/build-only');
  });

  test('says which release it is: files that ask for another are refused, and its end of life is told', () => {
    const base = PythonBase.installed({ base: BOOKWORM, python: PythonInstall.source({ version: '3.10.19', sha256: SHA256 }) });
    expect(refusal(declare(base, {}, { ...FILES, 'app/.python-version': '3.13.1\n' }).app)).toEqual([
      "shop/api: 'app/.python-version' asks for Python 3.13.1, and debian:bookworm-slim has 3.10; use a base with that Python, or change the file [PYTHON_REQUIRED]",
    ]);
    const { root, outdir } = appWith(FILES);
    const app = new App({ root, outdir, today: '2026-11-21' });
    new PythonServiceImage(new Application(app, 'shop'), 'api', { source: 'app', base, server: PythonServer.gunicorn('main:app') });
    expect(app.synth().findings.filter(({ code }) => code === 'END_OF_LIFE').map(({ problem }) => problem)).toEqual([
      'python 3.10 in debian:bookworm-slim has had no security updates since 2026-10-31; use a newer release',
    ]);
  });

  refusesAtOnce('a distribution whose packages are not known',
    'with which packages Python is compiled on alpine:3.23 (alpine 3.23) is not known, as it is for debian 12, debian 13, ubuntu 22.04, ubuntu 24.04; '
    + "give them with 'systemPackages', or use PythonInstall.distribution() [COMPILING_UNKNOWN]",
    () => PythonBase.installed({ base: BaseImage.alpine({ release: '3.23' }), python: SOURCE }), () => PythonBase.installed({ base: BOOKWORM, python: SOURCE }));
  refusesAtOnce('a feature release', "version '3.13' is not a release such as 3.13.5 [PYTHON_VERSION]",
    () => PythonInstall.source({ version: '3.13', sha256: SHA256 }), () => PythonInstall.source({ version: '3.13.0b1', sha256: SHA256 }));
  refusesAtOnce('a checksum of another form',
    "sha256 'sha256:abc' of 'https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz' is not 64 hexadecimal digits in lower case; "
    + 'whoever publishes the archive publishes it too, or sha256sum says it [PYTHON_CHECKSUM]',
    () => PythonInstall.source({ version: '3.13.5', sha256: 'sha256:abc' }), () => PythonInstall.source({ version: '3.13.5', sha256: SHA256 }));
  refusesAtOnce('what is no option of configure', "option 'disable-gil' is none of configure; give one such as --disable-gil or CFLAGS=-O2 [CONFIGURE_OPTION]",
    () => PythonInstall.source({ version: '3.13.5', sha256: SHA256, options: ['disable-gil'] }),
    () => PythonInstall.source({ version: '3.13.5', sha256: SHA256, options: ['--disable-gil'] }));
});

describe('PythonInstall.pythonBuild', () => {
  const declared = { version: '3.13.5', tag: 'v2.6.30', sha256: SHA256 };

  test('runs python-build of one tag, which has the checksum', () => {
    const text = dockerfile(PythonBase.installed({ base: BOOKWORM, python: PythonInstall.pythonBuild({ ...declared, shared: true }) }));
    expect(stage(text, 'python')).toContain(`\nADD --checksum=sha256:${SHA256} https://github.com/pyenv/pyenv/archive/refs/tags/v2.6.30.tar.gz /`);
    expect(stage(text, 'python')).toContain("\nRUN PYTHON_CONFIGURE_OPTS='--enable-optimizations --with-lto --enable-shared' \\\n      plugins/python-build/bin/python-build --verbose 3.13.5 /usr/local\n");
    expect(stage(text, 'system')).toContain('\nCOPY --link --from=python /usr/local /usr/local\n');
    expect(stage(text, 'system')).not.toContain('curl');
  });

  test('loads sources from a mirror', () => {
    const text = dockerfile(PythonBase.installed({ base: BOOKWORM, python: PythonInstall.pythonBuild({ ...declared, mirror: 'https://packages.example.com/pythons' }) }));
    expect(text).toContain(' PYTHON_BUILD_MIRROR_URL=https://packages.example.com/pythons');
  });

  refusesAtOnce('what is no tag', "tag 'main branch' is not one of pyenv such as v2.6.30 [PYENV_TAG]",
    () => PythonInstall.pythonBuild({ ...declared, tag: 'main branch' }), () => PythonInstall.pythonBuild(declared));
});

describe('PythonBase.installed', () => {
  refusesAtOnce('an image that has Python',
    'python:3.13-slim has a Python at /usr/local/bin/python3 already; use an image that has none, such as BaseImage.debian({ release: \'trixie\', slim: true }) [PYTHON_THERE]',
    () => PythonBase.installed({ base: BaseImage.pythonSlim({ python: '3.13' }), python: SOURCE }), () => PythonBase.installed({ base: BOOKWORM, python: SOURCE }));
  refusesAtOnce('images of two releases',
    'Python is installed on debian:bookworm-slim (debian 12) and on debian:trixie (debian 13); use the same release of the same distribution for both [PYTHON_INSTALL_BASES]',
    () => PythonBase.installed({ base: BOOKWORM, buildBase: BaseImage.debian({ release: 'trixie' }), python: SOURCE }),
    () => PythonBase.installed({ base: BOOKWORM, buildBase: BaseImage.debian({ release: 'bookworm' }), python: SOURCE }));
});
