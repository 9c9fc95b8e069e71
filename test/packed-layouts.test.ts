/** Layouts that pack the source too: a pex, a compiled program. What is built of them is run in the end-to-end tests. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { appWith, filesUnder, folder, refusal } from './declare';
import { refusesAtOnce } from './refuses';
import {
  BaseImage, ComposeFile, EnvValue, HealthCheck, Layout, PythonBase, PythonDebugImage, PythonServer, PythonServiceImage, Secret, Service, Unbuffered,
  type PythonServiceImageProps,
} from 'cdk-wheelhouse';

const BUILD = BaseImage.python({ python: '3.13', debian: 'bookworm' });
const SLIM = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const SCRATCH = PythonBase.of(BUILD, BaseImage.scratch());
const FILES = { 'app/main.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/tests/test_main.py': '', 'app/shop/cart.py': '', 'app/requirements.txt': 'flask==3.1.3\ngunicorn==27.0.1\n' };
const PACKAGED = { ...FILES, 'app/pyproject.toml': '[project]\nname = "web"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n' };
const GUNICORN = PythonServer.gunicorn('main:app', { healthPath: '/up' });

function declare(props: Partial<PythonServiceImageProps>, files: Record<string, string> = FILES) {
  const declared = appWith(files);
  const image = new PythonServiceImage(declared.application, 'api', { source: 'app', base: SLIM, server: GUNICORN, ...props });
  return { ...declared, image };
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

/** A program that a Dockerfile writes. */
function written(text: string, path: string): string {
  return new RegExp(`^COPY .*<<'EOF' ${path}\n([^]*?)^EOF$`, 'm').exec(text)![1];
}

describe('Layout.pex', () => {
  const PEX = { layout: Layout.pex() };

  test('packs wheels without asking an index, and unpacks them while the image is built', () => {
    const build = stage(dockerfile(PEX), 'build');
    expect(build).toContain('/usr/local/bin/python3 -m pip wheel --wheel-dir /wheels --requirement');
    expect(build).toMatch(/pip --python \/pex-tool\/bin\/python install --no-compile pex==[\d.]+\n/);
    expect(build).toContain('/pex-tool/bin/pex --python /usr/local/bin/python3 --pre-resolved-dists /wheels --output-file /packages.pex');
    expect(build).toContain('/pex-tool/bin/pex-tools /packages.pex venv --scope deps --non-hermetic-scripts --site-packages-copies /pex\n');
  });

  test('has the source in a layer of its own, on top of the packages', () => {
    const text = dockerfile(PEX);
    expect(stage(text, 'package')).toContain('--sources-directory /src/app -m gunicorn --output-file /application.pex');
    expect(stage(text, 'package')).toContain('venv --scope srcs');
    expect(stage(text, 'runtime')).toContain('\nCOPY --link --from=build /pex /pex\n');
    expect(stage(text, 'runtime').trimEnd()).toMatch(/\nCOPY --link --from=package \/pex \/pex$/);
  });

  test('is the entrypoint, with arguments after it', () => {
    const runtime = stage(dockerfile(PEX), 'runtime');
    expect(runtime).toContain('\nENTRYPOINT ["/pex/pex"]\nCMD ["--no-control-socket", "--bind", "0.0.0.0:8000", ');
    expect(runtime).toContain('CMD ["/pex/bin/python", "-IS", "-c", "import http.client');
    expect(dockerfile({ ...PEX, unbuffered: Unbuffered.OPTION })).toContain('\nENTRYPOINT ["/pex/bin/python", "-u", "/pex/pex"]\n');
    expect(dockerfile({ ...PEX, server: PythonServer.consoleScript('gunicorn') })).toContain(' -c gunicorn --output-file /application.pex');
  });

  test('installs a source that is a package into what is unpacked of it', () => {
    const text = stage(dockerfile({ ...PEX, install: true }, PACKAGED), 'package');
    expect(text).toContain('-m pip wheel --no-deps --wheel-dir /source-wheel /src/app');
    expect(text).toContain('--pre-resolved-dists /wheels --pre-resolved-dists /source-wheel -m gunicorn');
    expect(text).toContain('-m pip --python /pex/bin/python install --no-index --no-deps --no-compile /source-wheel/*.whl');
  });

  test('runs other processes, and what runs while the image is built, by the same interpreter', () => {
    const { app, application, image, outdir } = declare(PEX);
    new Service(application, 'worker', { image: image.process('worker', PythonServer.module('shop.cart', { handlesStopSignal: true })) });
    image.runtimeStage.copyFrom(image.runAtBuild('collected', ['main.py']), ['/app/static'], '/static');
    new ComposeFile(application, 'compose');
    app.synth();
    const files = filesUnder(outdir);
    expect(parse(files['shop/compose.yaml']).services.worker.entrypoint).toEqual(['/pex/bin/python', '-m', 'shop.cart']);
    expect(stage(files['shop/images/api/Dockerfile'], 'collected').trimEnd()).toMatch(/\nCOPY --link --from=build \/pex \/pex\nCOPY app \/app\nRUN \["\/pex\/bin\/python", "main.py"\]$/);
  });

  test('is a virtual environment with the source beside it for those who work on that', () => {
    const text = dockerfile({ ...PEX, development: true });
    expect(text).not.toContain('/pex');
    expect(stage(text, 'runtime').trimEnd()).toMatch(/\nCOPY --chown=\d+:\d+ app \/app$/);
  });

  test('is refused where the runtime image has its Python elsewhere', () => {
    const base = PythonBase.of(BUILD, PythonBase.distroless().runtimeImage);
    expect(refusal(declare({ ...PEX, base }).app).filter(line => line.includes('[PYTHON_PATH]'))).toEqual(['shop/api/runtime: the pex from python:3.13-bookworm starts '
      + '/usr/local/bin/python3, but gcr.io/distroless/python3-debian12:nonroot has its Python at /usr/bin/python3; use two images that agree, such as PythonBase.chainguard() '
      + '(https://docs.python.org/3/library/venv.html#how-venvs-work) [PYTHON_PATH]']);
  });
});

describe('Layout.nuitka', () => {
  const NUITKA = { layout: Layout.nuitka(), base: SCRATCH };

  test('compiles the program of the server with the modules of the source, none of which is named by an import', () => {
    const text = dockerfile({ ...NUITKA, layout: Layout.nuitka({ modules: ['flask.json'], packages: ['jinja2'], packageData: ['certifi'], args: ['--nofollow-import-to=*.tests'] }) });
    const compiled = written(text, '/program/compile.py');
    expect(compiled).toContain('PROGRAMS = [("module", "gunicorn")]');
    expect(compiled).toContain('OWN = [\n    "main",\n    "shop",\n]');
    expect(compiled).toContain('    "flask.json",\n    "gunicorn.app.wsgiapp",\n');
    expect(compiled).toContain('PACKAGES = [\n    "jinja2",\n]');
    expect(compiled).toContain('    "--include-data-dir=/src/app=.",\n    "--include-package-data=certifi",\n    "--nofollow-import-to=*.tests",\n');
  });

  test('has neither Python nor bytecode in the image, and no file of the source that is Python', () => {
    const text = dockerfile(NUITKA);
    expect(text).toContain('\nFROM scratch AS runtime\n');
    expect(text).not.toContain('AS bytecode');
    expect(stage(text, 'runtime')).not.toMatch(/python3|PYTHONPYCACHEPREFIX/);
    expect(stage(text, 'runtime').match(/^COPY.*/gm)!.filter(line => line.includes('package'))).toEqual([
      'COPY --link --from=package /libraries /', 'COPY --link --from=package /compiled/service.dist /app',
    ]);
  });

  test('writes the user where there is no file of users, and adds nothing to an image that knows it', () => {
    expect(written(dockerfile(NUITKA), '/etc/passwd')).toBe('root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n');
    expect(dockerfile({ ...NUITKA, base: PythonBase.of(BUILD, PythonBase.distroless().runtimeImage) })).not.toContain('/etc/passwd');
  });

  test('runs in the one locale in which the compiled program starts', () => {
    expect(stage(dockerfile(NUITKA), 'runtime')).toContain('\nENV LC_ALL=C \\\n');
  });

  test('looks which libraries the runtime image has, where it is one', () => {
    const mount = '--mount=type=bind,from=gcr.io/distroless/python3-debian12:nonroot,target=/image';
    expect(stage(dockerfile({ ...NUITKA, base: PythonBase.of(BUILD, PythonBase.distroless().runtimeImage) }), 'package'))
      .toContain(`RUN ${mount} \\\n    /venv/bin/python /program/libraries.py /compiled/service.dist /libraries /image\n`);
    expect(stage(dockerfile(NUITKA), 'package')).toContain('\nRUN /venv/bin/python /program/libraries.py /compiled/service.dist /libraries\n');
  });

  test('keeps what the C compiler has done where ccache can be installed', () => {
    expect(stage(dockerfile(NUITKA), 'build')).toContain('apt-get install --yes --no-install-recommends \\\n      ccache\n');
    expect(stage(dockerfile(NUITKA), 'package')).toContain('--mount=type=cache,target=/root/.cache/ccache');
  });

  test('has its health asked by itself, in the image and wherever a service asks otherwise', () => {
    const { app, application, image, outdir } = declare(NUITKA);
    new Service(application, 'same', { image });
    new Service(application, 'other', { image, healthCheck: HealthCheck.http(8000, '/other', { host: 'shop.example.com' }) });
    new ComposeFile(application, 'compose');
    app.synth();
    const files = filesUnder(outdir);
    const compose = parse(files['shop/compose.yaml']).services;
    expect(files['shop/images/api/Dockerfile']).toContain('CMD ["/app/service.bin", "--wheelhouse-probe", "http", "8000", "/up", "3"]\n');
    expect(compose.other.healthcheck.test).toEqual(['CMD', '/app/service.bin', '--wheelhouse-probe', 'http', '8000', '/other', '3', 'shop.example.com']);
  });

  test('reads secrets for the process by itself', () => {
    const { app, application, image, outdir } = declare(NUITKA);
    new Service(application, 'web', { image, environment: { A: EnvValue.secret(new Secret(application, 'a')) } });
    app.synth();
    const text = filesUnder(outdir)['shop/images/api/Dockerfile'];
    expect(text).toContain('\nENTRYPOINT ["/app/service.bin", "--wheelhouse-launch", "/app/service.bin"]\n');
    expect(text).not.toContain('/launch.py');
  });

  test('is several processes by its first argument', () => {
    const { app, application, image, outdir } = declare(NUITKA);
    new Service(application, 'worker', { image: image.process('worker', PythonServer.module('shop.cart', { handlesStopSignal: true })) });
    new ComposeFile(application, 'compose');
    app.synth();
    const files = filesUnder(outdir);
    expect(parse(files['shop/compose.yaml']).services.worker.entrypoint).toEqual(['/app/service.bin', '--wheelhouse-program-1']);
    expect(written(files['shop/images/api/Dockerfile'], '/program/compile.py')).toContain('PROGRAMS = [("module", "gunicorn"), ("module", "shop.cart")]');
    expect(written(files['shop/images/api/Dockerfile'], '/program/service.py')).toContain('elif wanted == ["--wheelhouse-program-1"]:\n    del sys.argv[1]\n    import wheelhouse_program_1\n');
  });

  test('is seen from inside on the build image, without the libraries of another', () => {
    const { app, application, image, outdir } = declare(NUITKA);
    new PythonDebugImage(application, 'debug', { image });
    app.synth();
    const text = filesUnder(outdir)['shop/images/debug/Dockerfile'];
    expect(stage(text, 'runtime')).not.toContain('/libraries');
    expect(stage(text, 'runtime')).toContain('ENTRYPOINT ["/app/service.bin"]');
  });

  test('is a virtual environment with the source beside it for those who work on that', () => {
    expect(dockerfile({ ...NUITKA, development: true })).not.toContain('nuitka');
  });

  test('is refused without a C compiler, unless one is installed to build with', () => {
    const base = PythonBase.of(BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' }), BaseImage.scratch());
    expect(refusal(declare({ ...NUITKA, base }).app)).toEqual(['shop/api: Layout.nuitka() needs a C compiler, and python:3.13-slim-bookworm has none; build on BaseImage.python(…), '
      + "or add gcc, the C library's headers and those of Python to systemPackages 'toBuild' [COMPILER_MISSING]"]);
    expect(() => dockerfile({ ...NUITKA, base, systemPackages: { toBuild: ['gcc', 'libc6-dev'] } })).not.toThrow();
  });

  test('is refused on another C library', () => {
    const base = PythonBase.of(BUILD, BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' }));
    expect(refusal(declare({ ...NUITKA, base }).app).filter(line => line.includes('[LIBC_MIXED]'))).toEqual([
      expect.stringContaining('shop/api/runtime: the program is made on python:3.13-bookworm with glibc, but python:3.13-alpine3.23 has musl'),
    ]);
  });

  test('refuses what needs an interpreter: a check in Python, a program that runs while the image is built, parts found in files', () => {
    const celery = PythonServer.celeryWorker('main:app');
    expect(refusal(declare({ ...NUITKA, server: celery }).app)).toEqual(['shop/api: the health check of celery is a program in Python, and Layout.nuitka() leaves no interpreter in the image; '
      + 'use another layout, or a server whose port is asked [COMPILED_HEALTH]']);
    expect(() => dockerfile({ ...NUITKA, server: PythonServer.celeryWorker('main:app', { remoteControl: false }) })).not.toThrow();
    const ran = declare(NUITKA);
    ran.image.runAtBuild('collected', ['manage.py', 'collectstatic']);
    expect(refusal(ran.app)).toEqual(["shop/api/collected: 'manage.py collectstatic' cannot run while the image is built: Layout.nuitka() leaves no interpreter; "
      + 'run it in a PythonServiceImage of the same source with another layout [COMPILED_RUN]']);
    expect(refusal(declare({ ...NUITKA, server: PythonServer.twisted({ wsgi: 'main:app' }) }).app)).toEqual([
      'shop/api: twisted finds its parts in files of Python, which a compiled program does not have; use another layout than Layout.nuitka() [COMPILED_SERVER]',
    ]);
  });

  refusesAtOnce('a file for an option', "'main.py' is not an option of Nuitka such as --nofollow-import-to=*.tests [NUITKA_OPTION]",
    () => Layout.nuitka({ args: ['main.py'] }), () => Layout.nuitka({ args: ['--nofollow-import-to=x'] }));
});

describe('the program that asks a port', () => {
  const root = folder({ 'probe.py': written(dockerfile({ layout: Layout.nuitka(), base: SCRATCH }), '/program/wheelhouse_probe.py') });

  test('ends with 0 when the answer is good, and with 1 when it is not or when there is none', async () => {
    const hosts: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(request.url === '/up' ? 200 : 500).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const port = `${(server.address() as AddressInfo).port}`;
    const ask = (...args: string[]) => new Promise<number>(resolve => {
      const child = spawn('python3', [join(root, 'probe.py'), ...args], { stdio: 'ignore' });
      child.on('exit', resolve);
    });
    expect(await ask('http', port, '/up', '3', 'shop.example.com')).toBe(0);
    expect(await ask('http', port, '/down', '3')).toBe(1);
    expect(await ask('tcp', port, '3')).toBe(0);
    await new Promise(resolve => server.close(resolve));
    expect(await ask('tcp', port, '3')).toBe(1);
    expect(hosts).toEqual(['shop.example.com', `127.0.0.1:${port}`]);
  });
});

describe('the program that compiles', () => {
  /** A Nuitka that only says what it was told. */
  const told = (server: PythonServer, files: Record<string, string>) => {
    const text = dockerfile({ layout: Layout.nuitka(), base: SCRATCH, server }, { ...FILES, ...files });
    const root = folder({
      'program/compile.py': written(text, '/program/compile.py'), 'program/nuitka.py': 'import sys\nprint("\\n".join(sys.argv[1:]))\n', ...files,
    });
    const { stdout, stderr, status } = spawnSync('python3', ['-B', join(root, 'program/compile.py')], { encoding: 'utf8', env: { ...process.env, PYTHONPATH: `${join(root, 'program')}:${join(root, 'app')}` } });
    return { options: stdout.split('\n'), stderr, status, program: filesUnder(root)['program/wheelhouse_program_0.py'] };
  };

  test('makes of a module what is run of it, by its whole names', () => {
    const module = '"""Works."""\nfrom __future__ import annotations\nfrom . import cart\nfrom .cart import item as thing\nif __name__ == "__main__":\n    print(cart, thing)\n';
    const { program, options } = told(PythonServer.module('shop.work'), { 'app/shop/__init__.py': '', 'app/shop/cart.py': 'item = 1\n', 'app/shop/work.py': module });
    expect(program).toBe('"""Works."""\nfrom __future__ import annotations\nfrom shop import cart\nfrom shop.cart import item as thing\nif \'__main__\' == \'__main__\':\n    print(cart, thing)\n');
    expect(options).toEqual(expect.arrayContaining(['--mode=standalone', '--include-module=main', '--include-package=shop']));
  });

  test('says which program is not there', () => {
    expect(told(PythonServer.module('shop.nothing'), {})).toMatchObject({ status: 1, stderr: 'there is no module shop.nothing in Python that could be compiled as a program\n' });
    expect(told(PythonServer.consoleScript('no-such-script'), {})).toMatchObject({ status: 1, stderr: 'no package has a console script no-such-script\n' });
  });
});
