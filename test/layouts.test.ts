/** How packages get into the image, in the text of Dockerfiles. */
import { appWith, filesUnder, refusal } from './declare';
import { refusesAtOnce } from './refuses';
import {
  BaseImage, Bytecode, ComposeFile, EnvValue, Layout, PythonBase, PythonDebugImage, PythonServer, PythonServiceImage, Secret, Service, Trim,
  Unbuffered, type PythonServiceImageProps,
} from 'cdk-wheelhouse';

const SLIM = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const FILES = { 'app/main.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/requirements.txt': 'flask==3.1.3\ngunicorn==27.0.1\n' };
const PACKAGED = { ...FILES, 'app/pyproject.toml': '[project]\nname = "web"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n' };

function declare(props: Partial<PythonServiceImageProps>, files: Record<string, string> = FILES) {
  const declared = appWith(files);
  new PythonServiceImage(declared.application, 'api', { source: 'app', base: SLIM, server: PythonServer.gunicorn('main:app'), ...props });
  return declared;
}

function dockerfile(props: Partial<PythonServiceImageProps>, files?: Record<string, string>): string {
  const { app, outdir } = declare(props, files);
  app.synth();
  return filesUnder(outdir)['shop/images/api/Dockerfile'];
}

/** The text of one stage. */
function stage(text: string, name: string): string {
  return new RegExp(`^FROM \\S+ AS ${name}\n([^]*?)(?=^FROM |(?![^]))`, 'm').exec(text)?.[1] ?? '';
}

describe('Layout.prefix', () => {
  test("installs apart, and copies onto the prefix of the image's own interpreter, which runs the service", () => {
    const text = dockerfile({ layout: Layout.prefix() });
    expect(stage(text, 'build')).toContain('/usr/local/bin/python3 -m pip install --no-compile --ignore-installed --no-warn-script-location --prefix /install --requirement');
    expect(stage(text, 'runtime')).toContain('\nCOPY --link --from=build /install /usr/local\n');
    expect(stage(text, 'runtime')).toContain('\nENTRYPOINT ["/usr/local/bin/python3", "-m", "gunicorn"]\n');
    expect(text).not.toContain('/venv');
  });

  test('gives the stage that compiles the packages as the image has them', () => {
    expect(stage(dockerfile({ layout: Layout.prefix() }), 'bytecode')).toContain('COPY --link --from=build /install /usr/local\n');
  });

  test('copies what is installed of the source onto the same prefix', () => {
    const text = dockerfile({ layout: Layout.prefix(), install: true }, PACKAGED);
    expect(stage(text, 'package')).toContain('-m pip install --no-deps --no-compile --ignore-installed --no-warn-script-location --prefix /package /src/app');
    expect(stage(text, 'runtime').trimEnd()).toMatch(/\nCOPY --link --from=package \/package \/usr\/local$/);
  });

  test("has Debian's Python find packages and scripts where Debian wants what is not its own", () => {
    const text = dockerfile({ layout: Layout.prefix(), base: PythonBase.debian({ release: 'bookworm' }), server: PythonServer.consoleScript('gunicorn') });
    expect(stage(text, 'runtime')).toContain('\nCOPY --link --from=build /install /usr\n');
    expect(stage(text, 'runtime')).toContain('\nENTRYPOINT ["/usr/bin/python3", "/usr/local/bin/gunicorn"]\n');
  });

  test('is refused where the runtime image has its Python elsewhere', () => {
    const base = PythonBase.of(SLIM.buildImage, PythonBase.distroless().runtimeImage);
    const lines = refusal(declare({ layout: Layout.prefix(), base }).app).filter(line => line.includes('PYTHON_'));
    expect(lines[0]).toBe('shop/api/runtime: what is installed for the interpreter from python:3.13-bookworm starts /usr/local/bin/python3, but '
      + 'gcr.io/distroless/python3-debian12:nonroot has its Python at /usr/bin/python3; use two images that agree, such as PythonBase.chainguard() '
      + '(https://docs.python.org/3/library/venv.html#how-venvs-work) [PYTHON_PATH]');
    expect(() => dockerfile({ layout: Layout.prefix(), base: PythonBase.distroless() })).not.toThrow();
  });
});

describe('Layout.prefix, where there is more to it', () => {
  test('has a directory to copy where no package is installed', () => {
    const files = { 'app/web.py': '', 'app/requirements.txt': '# none\n' };
    const text = dockerfile({ layout: Layout.prefix(), server: PythonServer.module('web') }, files);
    expect(stage(text, 'build').trimEnd()).toMatch(/\nRUN mkdir -p \/install$/);
    expect(dockerfile({ layout: Layout.prefix() })).not.toContain('mkdir');
  });

  test("is refused between Debian's Python and another at the same path", () => {
    const runtime = BaseImage.chainguardPython().withFacts({ python: '3.13', pythonPath: '/usr/bin/python3' });
    expect(refusal(declare({ layout: Layout.prefix(), base: PythonBase.of(PythonBase.debian({ release: 'trixie' }).buildImage, runtime) }).app)).toContain(
      "shop/api: Debian's Python, as in debian:trixie, has its packages in dist-packages below /usr/local, and that of cgr.dev/chainguard/python:latest elsewhere; "
      + 'use two images of one distribution, or Layout.venv() [PYTHON_PREFIX]');
  });
});

describe('Layout.userBase', () => {
  test('installs as for a user, leaves out all console scripts, and has the interpreter of the image find the packages', () => {
    const text = dockerfile({ layout: Layout.userBase() });
    expect(stage(text, 'build')).toContain('    PYTHONUSERBASE=/user-base /usr/local/bin/python3 -m pip install --no-compile --user --ignore-installed --no-warn-script-location --requirement');
    expect(stage(text, 'build')).toContain('\nRUN mkdir -p /user-base \\\n && rm -rf /user-base/bin\n');
    expect(stage(text, 'runtime')).toContain('\nCOPY --link --from=build /user-base /user-base\nENV PYTHONUSERBASE=/user-base\n');
    expect(stage(text, 'runtime')).toContain('\nENTRYPOINT ["/usr/local/bin/python3", "-m", "gunicorn"]\n');
    expect(stage(text, 'bytecode')).toContain('ENV PYTHONUSERBASE=/user-base\n');
  });

  test('keeps the console scripts that are chosen, finds them by name, and ends a build that has none of that name', () => {
    const text = dockerfile({ layout: Layout.userBase({ scripts: ['flask', 'babel'] }) });
    expect(stage(text, 'build')).toContain([
      'RUN mkdir -p /user-base/bin \\',
      ' && find /user-base/bin -mindepth 1 ! -name babel ! -name flask -delete \\',
      " && { [ -e /user-base/bin/babel ] || { echo 'no package has the console script babel' >&2; exit 1; }; } \\",
      " && { [ -e /user-base/bin/flask ] || { echo 'no package has the console script flask' >&2; exit 1; }; }", '',
    ].join('\n'));
    expect(stage(text, 'runtime')).toContain('\nENV PATH="/user-base/bin:$PATH" \\\n    PYTHONUSERBASE=/user-base\n');
  });

  test("keeps those that the image's processes start, too", () => {
    const text = dockerfile({ layout: Layout.userBase(), server: PythonServer.consoleScript('gunicorn') });
    expect(stage(text, 'build')).toContain('find /user-base/bin -mindepth 1 ! -name gunicorn -delete');
    expect(stage(text, 'runtime')).toContain('\nENTRYPOINT ["/usr/local/bin/python3", "/user-base/bin/gunicorn"]\n');
    expect(stage(text, 'runtime')).toContain('\nENV PYTHONUSERBASE=/user-base\n');
  });

  test('looks for them in what is installed of the source, too', () => {
    const text = dockerfile({ layout: Layout.userBase({ scripts: ['web'] }), install: true }, PACKAGED);
    expect(stage(text, 'build')).not.toContain('[ -e');
    expect(stage(text, 'package')).toContain('PYTHONUSERBASE=/package /usr/local/bin/python3 -m pip install --no-deps --no-compile --user');
    expect(stage(text, 'package')).toContain("[ -e /user-base/bin/web ] || [ -e /package/bin/web ] || { echo 'no package has the console script web' >&2; exit 1; }");
    expect(stage(text, 'runtime').trimEnd()).toMatch(/\nCOPY --link --from=package \/package \/user-base$/);
  });

  test("is let in by a distribution's own Python", () => {
    expect(stage(dockerfile({ layout: Layout.userBase(), base: PythonBase.debian({ release: 'bookworm' }) }), 'build'))
      .toContain('    PIP_BREAK_SYSTEM_PACKAGES=1 PYTHONUSERBASE=/user-base /usr/bin/python3 -m pip install');
  });

  test('needs no interpreter at the same path, but for scripts', () => {
    const base = PythonBase.of(BaseImage.python({ python: '3.11', debian: 'bookworm' }), PythonBase.distroless().runtimeImage);
    expect(stage(dockerfile({ layout: Layout.userBase(), base }), 'runtime')).toContain('\nENTRYPOINT ["/usr/bin/python3", "-m", "gunicorn"]\n');
    expect(refusal(declare({ layout: Layout.userBase({ scripts: ['flask'] }), base }).app)).toEqual([
      'shop/api/runtime: the user base from python:3.11-bookworm starts /usr/local/bin/python3, but gcr.io/distroless/python3-debian12:nonroot has its Python at '
      + '/usr/bin/python3; use two images that agree, such as PythonBase.chainguard() (https://docs.python.org/3/library/venv.html#how-venvs-work) [PYTHON_PATH]',
    ]);
  });

  refusesAtOnce('a script that is no file name', "console script '../flask' is not a file name; use letters, digits, '_', '.' and '-' [SCRIPT_NAME]",
    () => Layout.userBase({ scripts: ['../flask'] }), () => Layout.userBase({ scripts: ['flask'] }));
});

describe('Layout.wheelhouse', () => {
  const HASHED = { 'app/main.py': FILES['app/main.py'], 'app/requirements.txt': `gunicorn==27.0.1 --hash=sha256:${'7'.repeat(64)}\n` };

  test('makes wheels of what has its hashes, and has the pip of the runtime image install them from a mount', () => {
    const text = dockerfile({ layout: Layout.wheelhouse() }, HASHED);
    expect(stage(text, 'build')).toContain('/usr/local/bin/python3 -m pip wheel --wheel-dir /wheels --require-hashes --requirement /src/app/requirements.txt\n');
    expect(stage(text, 'build')).toMatch(/^RUN \/usr\/local\/bin\/python3 -c '.*os\.listdir\("\/wheels"\).*' > \/wheels\/requirements\.txt$/m);
    expect(stage(text, 'system')).toContain([
      'RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \\',
      '    ["/usr/local/bin/python3", "-B", "-m", "pip", "install", "--no-compile", "--no-cache-dir", "--root-user-action=ignore", '
      + '"--no-index", "--find-links", "/wheels", "--requirement", "/wheels/requirements.txt"]', '',
    ].join('\n'));
    expect(text).toContain('\nFROM system AS bytecode\n');
    expect(text).toContain('\nFROM system AS runtime\n');
    expect(stage(text, 'runtime')).toContain('"pip", "uninstall"');
    expect(text.match(/COPY.*wheels/g)).toBeNull();
  });

  test('installs before pip goes where no bytecode is made', () => {
    const text = dockerfile({ layout: Layout.wheelhouse(), bytecode: Bytecode.installed() });
    expect(text).not.toContain('AS system');
    expect(stage(text, 'runtime')).toMatch(/"install", "--no-cache-dir"[^]*"uninstall"/);
  });

  test('trims what it installs in the same layer, and not the standard library', () => {
    expect(stage(dockerfile({ layout: Layout.wheelhouse(), trim: Trim.unused() }), 'system')).toMatch(
      /\n {4}\/usr\/local\/bin\/python3 -B -m pip install .*\\\n && find \/usr\/local\/lib\/python\*\/site-packages -type d .*\\\n && find \/usr\/local\/lib\/python\*\/site-packages -type f .*\n/);
  });

  test("copies what is installed of the source onto the interpreter's prefix", () => {
    const text = dockerfile({ layout: Layout.wheelhouse(), install: true }, PACKAGED);
    expect(stage(text, 'runtime').trimEnd()).toMatch(/\nCOPY --link --from=package \/package \/usr\/local$/);
  });

  test('has the interpreter of the runtime image, wherever that is', () => {
    const runtime = BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' }).withFacts({ pythonPath: '/opt/python/bin/python3' });
    const text = dockerfile({ layout: Layout.wheelhouse(), base: PythonBase.of(SLIM.buildImage, runtime), server: PythonServer.consoleScript('gunicorn') });
    expect(stage(text, 'runtime')).toContain('\nENTRYPOINT ["/opt/python/bin/python3", "/opt/python/bin/gunicorn"]\n');
  });

  test("is let in by Debian's own Python", () => {
    const text = dockerfile({ layout: Layout.wheelhouse(), base: PythonBase.debian({ release: 'bookworm' }), development: true });
    expect(stage(text, 'runtime')).toContain('    PIP_BREAK_SYSTEM_PACKAGES=1 /usr/bin/python3 -B -m pip install');
  });

  test('leaves pip where the image is for development', () => {
    const text = dockerfile({ layout: Layout.wheelhouse(), development: true });
    expect(stage(text, 'runtime')).toContain('"--find-links"');
    expect(text).not.toContain('uninstall');
  });

  test('is refused without pip in the runtime image, and where a shell is wanted for trimming', () => {
    expect(refusal(declare({ layout: Layout.wheelhouse(), base: PythonBase.chainguard(), trim: Trim.unused() }).app)).toEqual([
      'shop/api: a wheelhouse is installed by the pip of the runtime image, and cgr.dev/chainguard/python:latest has none; use a base that has one, such as '
      + 'PythonBase.slim(…), or Layout.venv() [PIP_MISSING]',
      'shop/api: packages of a wheelhouse are trimmed in the runtime image, and cgr.dev/chainguard/python:latest has no shell to do that; leave out \'trim\', '
      + 'or use Layout.venv() [TRIM_WITHOUT_SHELL]',
    ]);
    const unknown = BaseImage.fromReference('example.com/python:3.13', { python: '3.13', pythonPath: '/usr/local/bin/python3', shell: ['/bin/sh', '-c'] });
    expect(refusal(declare({ layout: Layout.wheelhouse(), base: PythonBase.of(SLIM.buildImage, unknown) }).app)).toContain(
      'shop/api: a wheelhouse is installed by the pip of the runtime image, and example.com/python:3.13 is not known to have one; use a base that has one, such as '
      + 'PythonBase.slim(…), say so with withFacts({ pip: true }), or Layout.venv() [PIP_MISSING]');
  });
});

const LAYOUTS: Record<string, Layout> = {
  'venv': Layout.venv(),
  'prefix': Layout.prefix(),
  'user base': Layout.userBase(),
  'user base with a script': Layout.userBase({ scripts: ['flask'] }),
  'wheelhouse': Layout.wheelhouse(),
};
const BASES: Record<string, PythonBase> = {
  'slim': SLIM,
  'chainguard': PythonBase.chainguard(),
  'debian': PythonBase.debian({ release: 'bookworm' }),
  'distroless': PythonBase.distroless(),
  'alpine': PythonBase.of(BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' }), BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' })),
  'slim on distroless': PythonBase.of(BaseImage.python({ python: '3.11', debian: 'bookworm' }), PythonBase.distroless().runtimeImage),
  'debian on wolfi': PythonBase.of(PythonBase.debian({ release: 'trixie' }).buildImage, BaseImage.chainguardPython().withFacts({ python: '3.13', pythonPath: '/usr/bin/python3' })),
  'another Python': PythonBase.of(SLIM.buildImage, BaseImage.pythonSlim({ python: '3.12', debian: 'bookworm' })),
  'another C library': PythonBase.of(SLIM.buildImage, BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' })),
};
const OPTIONS: Record<string, Partial<PythonServiceImageProps>> = {
  'nothing more': {},
  'install': { install: true },
  'development': { development: true },
  'a console script': { server: PythonServer.consoleScript('gunicorn', { args: ['main:app'], port: 8000, handlesStopSignal: true }) },
  'bytecode of the installer': { bytecode: Bytecode.installed() },
  'trim': { trim: Trim.unused() },
  'an option for buffers': { unbuffered: Unbuffered.OPTION },
};
const PIP_IN_RUNTIME = ['slim', 'alpine'];
/** What is refused on each pair of bases; nothing for all others. */
const REFUSED: Record<string, (layout: string, option: string) => string[]> = {
  'chainguard': (layout, option) => withoutPip(layout, option),
  'debian': (layout, option) => layout === 'wheelhouse' && option !== 'development' ? ['PIP_MISSING'] : [],
  'distroless': (layout, option) => withoutPip(layout, option),
  'slim on distroless': (layout, option) => option === 'development' ? [] : [
    ...['user base', 'wheelhouse'].includes(layout) && !(layout === 'wheelhouse' && option === 'install') ? [] : ['PYTHON_PATH'],
    ...withoutPip(layout, option),
  ],
  'debian on wolfi': (layout, option) => option === 'development' ? [] : [...layout === 'prefix' ? ['PYTHON_PREFIX'] : [], ...withoutPip(layout, option)],
  'another Python': (_, option) => option === 'development' ? [] : ['PYTHON_MIXED'],
  'another C library': (_, option) => option === 'development' ? [] : ['LIBC_MIXED'],
};

function withoutPip(layout: string, option: string): string[] {
  return layout !== 'wheelhouse' || option === 'development' ? [] : ['PIP_MISSING', ...option === 'trim' ? ['TRIM_WITHOUT_SHELL'] : []];
}

/** With what an image can have beside it: another process, what is run while it is built, secrets, and the same for those who look inside. */
function declareWithAll(layout: Layout, base: PythonBase, option: Partial<PythonServiceImageProps>) {
  const declared = appWith(option.install ? PACKAGED : FILES);
  const { application } = declared;
  const image = new PythonServiceImage(application, 'api', { source: 'app', base, server: PythonServer.gunicorn('main:app'), layout, ...option });
  const collected = image.runAtBuild('collected', ['-m', 'main']);
  image.runtimeStage.copyFrom(collected, ['/tmp'], '/collected');
  new Service(application, 'web', { image, environment: { TOKEN: EnvValue.secret(new Secret(application, 'token')) } });
  new Service(application, 'worker', { image: image.process('worker', PythonServer.celeryWorker('main')) });
  if (!option.development) new Service(application, 'look', { image: new PythonDebugImage(application, 'debug', { image }), profiles: ['debug'] });
  new ComposeFile(application, 'compose');
  return declared;
}

/** What is wrong with a Dockerfile, whatever made it. */
function incoherent(text: string, isService: boolean): string[] {
  const parts = text.split(/^(?=FROM )/m).slice(1).map(part => {
    const [, base, name] = /^FROM (\S+) AS (\S+)$/m.exec(part)!;
    return { base, name, part };
  });
  const named = (name: string) => parts.find(other => other.name === name);
  /** A stage with all that it is built on. */
  const whole = (name: string): string => {
    const found = named(name);
    return found ? whole(found.base) + found.part : '';
  };
  const runtime = whole('runtime');
  const found = parts.flatMap(({ part, name }, index) => [...part.matchAll(/(?:--from=|[ ,]from=)([a-z]+)(?:.*?source=| )(\/[a-z-]+)/g)].flatMap(([, from, path]) => [
    ...parts.slice(0, index).some(earlier => earlier.name === from) ? [] : [`${name} takes from ${from}, which is not before it`],
    ...from === 'directories' || path === '/tmp' || whole(from).includes(path) ? [] : [`${name} takes ${path} of ${from}, which nothing makes`],
  ]));
  const python = /^ENTRYPOINT \["(\S+)", "-IS", "\/launch.py", "\1"/m.exec(runtime)?.[1] ?? 'another';
  const sees = (stageText: string) => /source=\/venv,|--from=build \/venv|--from=build \/install|PYTHONUSERBASE=|--find-links/.test(stageText);
  return [
    ...found,
    ...python.startsWith('/') ? [] : ['it is not one interpreter that starts it'],
    ...runtime.includes(`CMD ["${python}", "-IS", "-c"`) ? [] : ['its health is checked by another interpreter'],
    ...!isService || named('collected')?.part.includes(`RUN ["${python}", "-m", "main"]`) ? [] : ['another interpreter is run while it is built'],
    ...['runtime', 'collected', ...named('bytecode') ? ['bytecode'] : []].filter(name => !sees(whole(name))).map(name => `${name} has no packages`),
    ...runtime.lastIndexOf('--find-links') > runtime.indexOf('"pip", "uninstall"') && runtime.includes('"pip", "uninstall"') ? ['pip is gone before it installs'] : [],
    ...runtime.indexOf('\nUSER 65532:65532\n') > Math.max(runtime.lastIndexOf('\nRUN'), runtime.indexOf('pip')) ? [] : ['something is run as the user'],
  ];
}

describe.each(Object.keys(LAYOUTS))('the layout %s', layout => {
  const table = Object.keys(BASES).flatMap(base => Object.keys(OPTIONS).map(option => ({ base, option })));

  test.each(table)('on $base with $option is whole, or refused', ({ base, option }) => {
    const { app, outdir } = declareWithAll(LAYOUTS[layout], BASES[base], OPTIONS[option]);
    const codes = REFUSED[base]?.(layout, option) ?? [];
    if (codes.length > 0) {
      const said = refusal(app).map(line => /\[(\w+)\]$/.exec(line)![1]);
      expect([...new Set(said)].filter(code => code !== 'SECRET_FILE').sort()).toEqual([...codes].sort());
      return;
    }
    app.synth();
    const files = filesUnder(outdir);
    expect(files['shop/images/api/Dockerfile'].includes('"uninstall"')).toBe(option !== 'development' && PIP_IN_RUNTIME.includes(base));
    expect(incoherent(files['shop/images/api/Dockerfile'], true)).toEqual([]);
    if (option !== 'development') expect(incoherent(files['shop/images/debug/Dockerfile'], false)).toEqual([]);
  });
});
