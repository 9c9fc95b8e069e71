/** Servers, bases, system packages and the debug image: what each puts into the Dockerfile and the deployment, and what it refuses. */
import { parse } from 'yaml';
import { appWith, filesUnder, FLASK_SOURCE } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import {
  BaseImage, Bytecode, ComposeFile, KubernetesFile, PackageManager, PythonBase, PythonDebugImage, PythonServer, PythonServiceImage, Service,
  Unbuffered, type Application, type ContainerImage, type PythonServiceImageProps,
} from 'cdk-wheelhouse';

const HASHED = (...names: string[]) => names.map(name => `${name}==1 --hash=sha256:aa\n`).join('');

/** What is written for one service with this image. */
function written(props: Partial<PythonServiceImageProps>, files: Record<string, string> = FLASK_SOURCE,
  other?: (image: PythonServiceImage) => ContainerImage) {
  const { app, application, outdir } = appWith(files);
  const image = declared(application, props);
  new Service(application, 'api', { image: other ? other(image) : image });
  new ComposeFile(application, 'compose');
  new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/shop' });
  app.synth();
  const out = filesUnder(outdir);
  const [dockerfile] = Object.entries(out).filter(([path]) => path.endsWith('/Dockerfile')).map(([, text]) => text);
  return { dockerfile, compose: parse(out['shop/compose.yaml']).services.api };
}

function declared(application: Application, props: Partial<PythonServiceImageProps>): PythonServiceImage {
  return new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), ...props });
}

/** The last instructions of the image, those that say what it runs, without how often its health is checked. */
function process(server: PythonServer): string[] {
  const { dockerfile } = written({ server });
  return dockerfile.replace(/ \\\n +/g, ' ').split('\n').filter(line => /^(EXPOSE|STOPSIGNAL|HEALTHCHECK|ENTRYPOINT|CMD) /.test(line))
    .map(line => line.replace(/^HEALTHCHECK .*CMD /, 'HEALTHCHECK '));
}

const tcp = (port: number) => `HEALTHCHECK ["/venv/bin/python", "-IS", "-c", "import socket; socket.create_connection(('127.0.0.1', ${port}), 3)"]`;
const command = (...words: string[]) => `CMD ${JSON.stringify(words).replace(/","/g, '", "')}`;

describe('PythonServer', () => {
  const servers: [string, PythonServer, string[]][] = [
    ['gunicorn', PythonServer.gunicorn('app:app', { workers: 2, args: ['--max-requests', '1000'] }), [
      'EXPOSE 8000', 'STOPSIGNAL SIGTERM', tcp(8000), 'ENTRYPOINT ["/venv/bin/python", "-m", "gunicorn"]',
      command('--bind', '0.0.0.0:8000', '--workers', '2', '--worker-tmp-dir', '/tmp', '--graceful-timeout', '30', '--max-requests', '1000', 'app:app'),
    ]],
    ['gunicorn with uvicorn workers', PythonServer.gunicorn('app:app', { uvicornWorkers: true, port: 9000 }), [
      'EXPOSE 9000', 'STOPSIGNAL SIGTERM', tcp(9000), 'ENTRYPOINT ["/venv/bin/python", "-m", "gunicorn"]',
      command('--bind', '0.0.0.0:9000', '--worker-class', 'uvicorn_worker.UvicornWorker', '--worker-tmp-dir', '/tmp', '--graceful-timeout', '30', 'app:app'),
    ]],
    ['uvicorn', PythonServer.uvicorn('app:app', { workers: 2, trustedProxies: ['10.0.0.0/8', '::1'], gracefulTimeoutSeconds: 60 }), [
      'EXPOSE 8000', 'STOPSIGNAL SIGTERM', tcp(8000), 'ENTRYPOINT ["/venv/bin/python", "-m", "uvicorn"]',
      command('--host', '0.0.0.0', '--port', '8000', '--workers', '2', '--forwarded-allow-ips', '10.0.0.0/8,::1', '--no-server-header', '--timeout-graceful-shutdown', '60', 'app:app'),
    ]],
    ['uvicorn with a function that makes the application', PythonServer.uvicorn('app:create_app()'), [
      'EXPOSE 8000', 'STOPSIGNAL SIGTERM', tcp(8000), 'ENTRYPOINT ["/venv/bin/python", "-m", "uvicorn"]',
      command('--host', '0.0.0.0', '--port', '8000', '--no-server-header', '--timeout-graceful-shutdown', '30', '--factory', 'app:create_app'),
    ]],
    ['hypercorn', PythonServer.hypercorn('app:app', { workers: 2, gracefulTimeoutSeconds: 3 }), [
      'EXPOSE 8000', 'STOPSIGNAL SIGTERM', tcp(8000), 'ENTRYPOINT ["/venv/bin/python", "-m", "hypercorn"]',
      command('--bind', '0.0.0.0:8000', '--workers', '2', '--graceful-timeout', '3', 'app:app'),
    ]],
    ['twisted with WSGI', PythonServer.twisted({ wsgi: 'shop.wsgi:app' }), [
      'EXPOSE 8000', 'STOPSIGNAL SIGTERM', tcp(8000), 'ENTRYPOINT ["/venv/bin/python", "-m", "twisted"]', command('web', '--listen', 'tcp:8000', '--wsgi', 'shop.wsgi.app'),
    ]],
    ['twisted with a resource', PythonServer.twisted({ resourceClass: 'shop.site.Root', port: 8080, args: ['--notracebacks'] }), [
      'EXPOSE 8080', 'STOPSIGNAL SIGTERM', tcp(8080), 'ENTRYPOINT ["/venv/bin/python", "-m", "twisted"]',
      command('web', '--listen', 'tcp:8080', '--class', 'shop.site.Root', '--notracebacks'),
    ]],
    ['a Celery worker', PythonServer.celeryWorker('shop.worker:celery', { concurrency: 2, queues: ['mail', 'slow'], args: ['--loglevel', 'INFO'] }), [
      'STOPSIGNAL SIGTERM',
      'HEALTHCHECK ["/venv/bin/python", "-c", "from celery.app.utils import find_app as a; from celery.utils.nodenames import gethostname as h; '
      + "raise SystemExit(not a('shop.worker:celery').control.ping(['celery@' + h()], timeout=5))\"]",
      'ENTRYPOINT ["/venv/bin/python", "-m", "celery"]',
      command('--app', 'shop.worker:celery', 'worker', '--concurrency', '2', '--queues', 'mail,slow', '--loglevel', 'INFO'),
    ]],
    ['a Celery worker whose broker reaches no single worker', PythonServer.celeryWorker('shop.worker', { remoteControl: false }), [
      'STOPSIGNAL SIGTERM', 'ENTRYPOINT ["/venv/bin/python", "-m", "celery"]', command('--app', 'shop.worker', 'worker'),
    ]],
    ['Celery beat', PythonServer.celeryBeat('shop.worker'), [
      'STOPSIGNAL SIGTERM',
      'HEALTHCHECK ["/venv/bin/python", "-IS", "-c", "import os, time; '
      + "raise SystemExit(time.time() - max(file.stat().st_mtime for file in os.scandir('/var/lib/celery')) > 600)\"]",
      'ENTRYPOINT ["/venv/bin/python", "-m", "celery"]', command('--app', 'shop.worker', 'beat', '--schedule', '/var/lib/celery/celerybeat-schedule'),
    ]],
    ['Celery beat with a scheduler that saves elsewhere', PythonServer.celeryBeat('shop.worker', { args: ['--scheduler', 'shop.Scheduler'] }), [
      'STOPSIGNAL SIGTERM', 'ENTRYPOINT ["/venv/bin/python", "-m", "celery"]',
      command('--app', 'shop.worker', 'beat', '--schedule', '/var/lib/celery/celerybeat-schedule', '--scheduler', 'shop.Scheduler'),
    ]],
    ['a module', PythonServer.module('shop.worker'), ['STOPSIGNAL SIGTERM', 'ENTRYPOINT ["/venv/bin/python", "-m", "shop.worker"]']],
    ['a module with a port', PythonServer.module('http.server', { args: ['9000'], port: 9000, healthPath: '/healthz' }), [
      'EXPOSE 9000', 'STOPSIGNAL SIGTERM', expect.stringContaining("c = h.HTTPConnection('127.0.0.1', 9000, timeout=3); c.request('GET', '/healthz')"),
      'ENTRYPOINT ["/venv/bin/python", "-m", "http.server"]', command('9000'),
    ]],
    ['a console script', PythonServer.consoleScript('daphne', { args: ['--port', '9000', 'app:app'], port: 9000 }), [
      'EXPOSE 9000', 'STOPSIGNAL SIGTERM', tcp(9000), 'ENTRYPOINT ["/venv/bin/python", "/venv/bin/daphne"]', command('--port', '9000', 'app:app'),
    ]],
  ];
  test.each(servers)('runs %s in exec form, with the venv\'s interpreter', (_, server, lines) => expect(process(server)).toEqual(lines));

  test.each([
    ['gunicorn', PythonServer.gunicorn('app:app', { gracefulTimeoutSeconds: 10 }), '15s'],
    ['uvicorn', PythonServer.uvicorn('app:app', { gracefulTimeoutSeconds: 10 }), '15s'],
    ['hypercorn', PythonServer.hypercorn('app:app', { gracefulTimeoutSeconds: 10 }), '15s'],
    ['twisted', PythonServer.twisted({ wsgi: 'app:app', gracefulTimeoutSeconds: 10 }), '15s'],
    ['a Celery worker', PythonServer.celeryWorker('app', { gracefulTimeoutSeconds: 600 }), '10m5s'],
    ['Celery beat', PythonServer.celeryBeat('app'), '10s'],
    ['a module that says so', PythonServer.module('app', { handlesStopSignal: true, gracefulTimeoutSeconds: 10 }), '15s'],
  ])('gives %s five seconds more than its graceful timeout, and no init', (_, server, grace) => {
    const { compose } = written({ server });
    expect({ grace: compose.stop_grace_period, init: compose.init }).toEqual({ grace, init: undefined });
  });

  test.each([['a module', PythonServer.module('app')], ['a console script', PythonServer.consoleScript('app')]])('puts an init before %s, which ignores SIGTERM as process 1', (_, server) => {
    expect(written({ server }).compose).toMatchObject({ init: true, stop_grace_period: '35s' });
  });

  test('lets beat write its schedule, and a module what it says', () => {
    const tmpfs = (server: PythonServer) => written({ server }).compose.tmpfs;
    const usual = tmpfs(PythonServer.celeryWorker('app'));
    expect(tmpfs(PythonServer.celeryBeat('app'))).toEqual([...usual, expect.stringMatching(/^\/var\/lib\/celery:.*uid=65532,gid=65532/)]);
    expect(tmpfs(PythonServer.celeryBeat('app', { scheduleDirectory: '/schedule' }))).toEqual(expect.arrayContaining([expect.stringMatching(/^\/schedule:/)]));
    expect(tmpfs(PythonServer.module('app', { writablePaths: [{ path: '/spool' }] }))).toEqual(expect.arrayContaining([expect.stringMatching(/^\/spool:/)]));
  });

  test('has compiled what Celery imports by name, whichever broker there is', () => {
    const compiled = (server: PythonServer) => /^READ = """\n([^]*?)"""[^]*NEEDED = """\n([^]*?)"""/m.exec(written({ server }).dockerfile)!.slice(1).map(names => names.split(/\s/));
    const [perhaps, needed] = compiled(PythonServer.celeryWorker('app'));
    expect(perhaps).toEqual(expect.arrayContaining(['kombu.transport.pyamqp', 'redis']));
    expect(needed).toEqual(expect.arrayContaining(['celery.apps.worker', 'celery.concurrency.prefork']));
    expect(compiled(PythonServer.celeryBeat('app'))[1]).toContain('celery.apps.beat');
  });

  test('takes the application that the source has', () => {
    const server = PythonServer.gunicorn();
    expect(written({ server }).dockerfile).toContain(command('--bind', '0.0.0.0:8000', '--worker-tmp-dir', '/tmp', '--graceful-timeout', '30', 'app:app'));
    const files = { 'app/main.py': 'from fastapi import FastAPI\ndef create_app():\n    return FastAPI()\napi = FastAPI()\n', 'app/requirements.txt': 'fastapi\n' };
    expect(written({ server: PythonServer.uvicorn() }, files).dockerfile).toContain(', "main:api"]');
    expect(written({ server: PythonServer.hypercorn() }, files).dockerfile).toContain(', "main:api"]');
    expect(written({ server: PythonServer.gunicorn(undefined, { uvicornWorkers: true }) }, files).dockerfile).toContain(', "main:api"]');
  });

  refusesAtOnce('a uvicorn application without a variable', "uvicorn application 'app' is not a module and a variable, such as shop.wsgi:app [APPLICATION_NAME]",
    () => PythonServer.uvicorn('app'), () => PythonServer.uvicorn('app:app'));
  refusesAtOnce('a hypercorn application without a variable', "hypercorn application 'app' is not a module and a variable, such as shop.wsgi:app [APPLICATION_NAME]",
    () => PythonServer.hypercorn('app'), () => PythonServer.hypercorn('app:create()'));
  refusesAtOnce('a Celery application that would end the quotes of its health check', "celery application 'app'')' is not a module and a variable, such as shop.wsgi:app [APPLICATION_NAME]",
    () => PythonServer.celeryWorker("app'')"), () => PythonServer.celeryWorker('app'));
  refusesAtOnce('a port of any server that needs root', 'port 443 is below 1024, which only root may listen on; use 1024-65535 [PORT_PRIVILEGED]',
    () => PythonServer.module('app', { port: 443 }), () => PythonServer.module('app', { port: 8443 }));
  refusesAtOnce('a number of processes that is none', 'concurrency 1.5 is not a whole number from 1 up [COUNT]',
    () => PythonServer.celeryWorker('app', { concurrency: 1.5 }), () => PythonServer.celeryWorker('app', { concurrency: 1 }));
  refusesAtOnce('a graceful timeout that is none', 'gracefulTimeoutSeconds 0 is not a duration; give a whole number of seconds from 1 up [DURATION_SECONDS]',
    () => PythonServer.uvicorn('app:app', { gracefulTimeoutSeconds: 0 }), () => PythonServer.uvicorn('app:app', { gracefulTimeoutSeconds: 1 }));
  refusesAtOnce('a queue name with a comma', "queue 'a,b' is not a name; use no spaces and no commas [QUEUE_NAME]",
    () => PythonServer.celeryWorker('app', { queues: ['a,b'] }), () => PythonServer.celeryWorker('app', { queues: ['a', 'b'] }));
  refusesAtOnce('a Twisted server of two things', "twisted is given both 'wsgi' and 'resourceClass'; give one of them [TWISTED_SERVES]",
    () => PythonServer.twisted({ wsgi: 'app:app', resourceClass: 'app.Root' }), () => PythonServer.twisted({ resourceClass: 'app.Root' }));
  refusesAtOnce('a Twisted server of nothing', "twisted is given neither 'wsgi' nor 'resourceClass'; give one of them [TWISTED_SERVES]",
    () => PythonServer.twisted({}), () => PythonServer.twisted({ wsgi: 'app:app' }));
  refusesAtOnce('a module name that is a file', "module 'shop/worker.py' is not a dotted Python name, such as shop.worker [MODULE_NAME]",
    () => PythonServer.module('shop/worker.py'), () => PythonServer.module('shop.worker'));
  refusesAtOnce('a console script that is a path', "console script '../sh' is not a file name; use letters, digits, '_', '.' and '-' [SCRIPT_NAME]",
    () => PythonServer.consoleScript('../sh'), () => PythonServer.consoleScript('daphne'));
  refusesAtOnce('a health path without a port', "health path '/healthz' has no port to ask; give the port as well [HEALTH_PORT]",
    () => PythonServer.module('app', { healthPath: '/healthz' }), () => PythonServer.module('app', { healthPath: '/healthz', port: 8000 }));
  refusesAtSynth('uvicorn workers without what makes them', ['shop/image: the server needs uvicorn-worker, which is not among the required packages; add it to them [SERVER_NOT_INSTALLED]'],
    application => declared(application, { server: PythonServer.gunicorn('app:app', { uvicornWorkers: true }) }),
    application => declared(application, { server: PythonServer.gunicorn('app:app') }),
    { 'app/app.py': '', 'app/requirements.txt': HASHED('gunicorn', 'uvicorn') });
  refusesAtSynth('a program whose package is not there', ['shop/image: the server needs daphne, which is not among the required packages; add it to them [SERVER_NOT_INSTALLED]'],
    application => declared(application, { server: PythonServer.consoleScript('daphne', { distributions: ['daphne'] }) }),
    application => declared(application, { server: PythonServer.consoleScript('daphne') }),
    { 'app/app.py': '', 'app/requirements.txt': HASHED('django') });
});

describe('PythonServiceImage', () => {
  test('keeps output unbuffered by the environment, or by an option', () => {
    const { dockerfile } = written({});
    expect(dockerfile).toContain('PYTHONUNBUFFERED');
    expect(dockerfile).not.toContain('"-u"');
    const option = written({ unbuffered: Unbuffered.OPTION }).dockerfile;
    expect(option).not.toContain('PYTHONUNBUFFERED');
    expect(option).toContain('ENTRYPOINT ["/venv/bin/python", "-u", "-m", "gunicorn"]');
  });

  test('installs system packages in two halves, one on a line, sorted, each once', () => {
    const { dockerfile } = written({
      base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }), systemPackages: { toBuild: ['libpq-dev', 'gcc', 'libpq-dev'], toRun: ['libpq5=15.14-0+deb12u1'] },
    });
    const apt = (...packages: string[]) => [
      'RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\', '    --mount=type=cache,target=/var/lib/apt,sharing=locked \\', '    apt-get update \\',
      ` && ${['apt-get install --yes --no-install-recommends', ...packages].join(' \\\n      ')}`,
    ].join('\n');
    const [build, runtime] = ['build', 'system'].map(name => new RegExp(`^FROM \\S+ AS ${name}$([^]*?)^FROM `, 'm').exec(dockerfile)![1]);
    expect(build).toContain(apt('gcc', 'libpq-dev'));
    expect(build.indexOf('apt-get')).toBeLessThan(build.indexOf('-m venv'));
    expect(runtime).toContain(apt('libpq5=15.14-0+deb12u1'));
  });

  test('installs with apk where that is what there is', () => {
    const { dockerfile } = written({ systemPackages: { toBuild: ['postgresql-dev'] } });
    expect(dockerfile).toContain('RUN apk add --no-cache \\\n      postgresql-dev\n');
  });

  refusesAtSynth('system packages on a base that cannot install any',
    ['shop/image: cgr.dev/chainguard/python:latest has no package manager to install libpq5; use a base that has one, or copy what is needed from a stage that has [PACKAGES_CANNOT_INSTALL]'],
    application => declared(application, { systemPackages: { toRun: ['libpq5'] } }), application => declared(application, { systemPackages: { toBuild: ['libpq5'] } }));
  refusesAtSynth('system packages on a base of which nothing is known', [
    "shop/image: how example.com/python:1 installs curl is unknown; say 'packageManager' with BaseImage.fromReference, apt or apk, or install in a base image of your own [PACKAGES_CANNOT_INSTALL]",
  ], application => installing(application, {}), application => installing(application, { packageManager: PackageManager.APT }));
  refusesAtSynth('system packages on a base whose package manager it does not know', [
    "shop/image: how example.com/python:1 installs curl is not known for dnf; say 'packageManager' with BaseImage.fromReference, apt or apk, or install in a base image of your own [PACKAGES_CANNOT_INSTALL]",
  ], application => installing(application, { packageManager: PackageManager.DNF }),
  application => installing(application, { packageManager: PackageManager.APK }));
  refusesAtSynth('a system package that is a command', [
    "shop/image: system package 'curl; reboot' is not a package name; give a name, or a name and a version such as libpq5=15.14-0+deb12u1 [PACKAGE_NAME]",
  ], application => declared(application, { systemPackages: { toBuild: ['curl; reboot'] } }), application => declared(application, { systemPackages: { toBuild: ['curl'] } }));

  function installing(application: Application, facts: { packageManager?: PackageManager }) {
    const base = BaseImage.fromReference('example.com/python:1', { pythonPath: '/usr/bin/python3', python: '3.13', shell: ['/bin/sh', '-c'], ...facts });
    return declared(application, { base: PythonBase.of(base, base), systemPackages: { toBuild: ['curl'] } });
  }
});

describe('PythonBase', () => {
  const froms = (base: PythonBase) => written({ base }).dockerfile.split('\n').filter(line => /^FROM (?!scratch)/.test(line));

  test('has the Python of Debian, installed in both stages', () => {
    const base = PythonBase.debian({ release: 'bookworm' });
    expect(froms(base)).toEqual(['FROM debian:bookworm-slim AS system', 'FROM debian:bookworm AS build', 'FROM system AS bytecode', 'FROM system AS runtime']);
    const [build, runtime] = ['build', 'system'].map(name => new RegExp(`^FROM \\S+ AS ${name}$([^]*?)^FROM `, 'm').exec(written({ base }).dockerfile)![1]);
    expect(build).toContain('python3 \\\n      python3-pip\n');
    expect(build).toContain('/usr/bin/python3 -m venv');
    expect(runtime).toContain('--no-install-recommends \\\n      python3\n');
    expect(runtime).not.toContain('pip');
    expect(written({ base, bytecode: Bytecode.installed() }).dockerfile).not.toMatch(/ AS (system|bytecode)/);
  });

  test('has the Python of Debian in the build stage only for distroless', () => {
    const base = PythonBase.distroless();
    expect(froms(base).slice(0, 1)).toEqual(['FROM debian:bookworm AS build']);
    expect(froms(base).slice(1)).toEqual(['bytecode', 'runtime'].map(stage => `FROM gcr.io/distroless/python3-debian12:nonroot AS ${stage}`));
    expect(written({ base }).dockerfile.match(/apt-get install/g)).toHaveLength(1);
    expect(froms(PythonBase.distroless({ release: 'trixie' }))).toEqual([
      'FROM debian:trixie AS build', ...['bytecode', 'runtime'].map(stage => `FROM gcr.io/distroless/python3-debian13:nonroot AS ${stage}`),
    ]);
    expect(base.buildImage.facts.python).toBe(base.runtimeImage.facts.python);
    expect(base.buildImage.facts.pythonPath).toBe(base.runtimeImage.facts.pythonPath);
  });

  refusesAtOnce('a Debian without a known Python', "Debian release 'sid' is unknown; use bookworm or trixie [DEBIAN_RELEASE]",
    () => PythonBase.debian({ release: 'sid' }), () => PythonBase.debian({ release: 'trixie' }));
});

describe('PythonDebugImage', () => {
  const files = { ...FLASK_SOURCE, 'extra.txt': 'extra' };
  const both = (props: Partial<PythonServiceImageProps> = {}) => {
    const addTo = (image: PythonServiceImage) => (image.runtimeStage.copy(['extra.txt'], '/extra.txt'), image);
    return {
      production: written(props, files, addTo),
      debug: written(props, files, image => new PythonDebugImage(image.node.scope!, 'debug', { image: addTo(image) })),
    };
  };

  test.each([
    ['chainguard', PythonBase.chainguard(), 'cgr.dev/chainguard/python:latest-dev'],
    ['distroless', PythonBase.distroless(), 'debian:bookworm'],
  ])('is the same image on the build base of %s, with what was added', (_, base, reference) => {
    const { production, debug } = both({ base, bytecode: Bytecode.installed() });
    const [before, after] = [production, debug].map(({ dockerfile }) => dockerfile.split('\n'));
    expect(after.filter(line => line.startsWith('FROM ') && line.endsWith(' AS runtime'))).toEqual([`FROM ${reference} AS runtime`]);
    expect(before.filter(line => !after.includes(line) && line !== 'USER 0:0')).toEqual([expect.stringMatching(/^FROM .* AS runtime$/)]);
    expect(after).toContain('COPY extra.txt /extra.txt');
  });

  test('keeps pip', () => {
    const { production, debug } = both({ base: PythonBase.slim({ python: '3.13' }) });
    expect([production, debug].map(({ dockerfile }) => dockerfile.includes('"uninstall"'))).toEqual([true, false]);
  });

  test('runs as the same user, added where the build image has none', () => {
    const user = { name: 'app', userId: 1001, groupId: 1001, home: '/home/app' };
    const build = BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' });
    const { production, debug } = both({ base: PythonBase.of(build, build.withFacts({ users: [user] })) });
    expect(production.dockerfile).not.toContain('/etc/passwd');
    expect(debug.dockerfile).toContain('echo app:x:1001:1001:app:/home/app:/sbin/nologin >> /etc/passwd');
    expect(debug.compose).toEqual({ ...production.compose, build: debug.compose.build, image: debug.compose.image });
  });

  test('has the system packages of both stages', () => {
    const { debug } = both({ base: PythonBase.slim({ python: '3.13' }), systemPackages: { toBuild: ['gcc'], toRun: ['libpq5'] } });
    expect(debug.dockerfile).toMatch(/AS runtime[^]*\n {6}gcc \\\n {6}libpq5\n/);
  });
});
