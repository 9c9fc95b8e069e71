/**
 * Every server on a real engine: started hardened as its facts say, asked, stopped while idle and while busy. What lib/python/servers
 * says of their end is seen here.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { softness } from './container-judge';
import { describeOnEngine, docker, succeed, tryDocker } from './engine';
import {
  App, Application, ComposeFile, PythonBase, PythonDebugImage, PythonServer, PythonServiceImage, Service, Unbuffered, type ContainerImage,
} from 'cdk-wheelhouse';

const PROJECT = 'wheelhouse-e2e-servers';
const GRACEFUL = 3;
const GRACE = GRACEFUL + 5;

/** A page at every path, which takes a minute at /slow. */
const SOURCE = {
  'app/requirements.txt': ['celery', 'gunicorn', 'hypercorn', 'twisted', 'uvicorn', 'uvicorn-worker', ''].join('\n'),
  'app/asgi.py': `
import asyncio, pathlib
async def app(scope, receive, send):
    if scope['type'] != 'http':
        raise RuntimeError('HTTP only')
    if scope['path'] == '/slow':
        pathlib.Path('/tmp/begun').touch()
        await asyncio.sleep(60)
    await send({'type': 'http.response.start', 'status': 200, 'headers': [(b'content-type', b'text/plain')]})
    await send({'type': 'http.response.body', 'body': b'served'})
`,
  'app/wsgi.py': `
import pathlib, time
def app(environ, start_response):
    if environ['PATH_INFO'] == '/slow':
        pathlib.Path('/tmp/begun').touch()
        time.sleep(60)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'served']
`,
  'app/site_root.py': `
from twisted.web.resource import Resource
class Root(Resource):
    isLeaf = True
    def render_GET(self, request):
        return b'served'
`,
  'app/jobs.py': `
import os, pathlib, time
from celery import Celery
for folder in ('/tmp/broker', '/tmp/control'):
    os.makedirs(folder, exist_ok=True)
celery = Celery('jobs', broker='filesystem://')
celery.conf.broker_transport_options = {'data_folder_in': '/tmp/broker', 'data_folder_out': '/tmp/broker', 'control_folder': '/tmp/control'}
celery.conf.beat_schedule = {'note': {'task': 'jobs.note', 'schedule': 1}}
@celery.task
def note(seconds=0):
    pathlib.Path('/tmp/begun').touch()
    time.sleep(seconds)
    pathlib.Path('/tmp/done').touch()
`,
};

/** What is seen of a server: `idle` and `busy` are exit codes after SIGTERM. */
interface Seen {
  readonly server: PythonServer;
  readonly port?: number;
  readonly idle: number;
  /** With a request of a minute in progress. 0: it ended by itself after the graceful timeout. 137: it was killed after the grace. */
  readonly busy?: number;
}

const times = { gracefulTimeoutSeconds: GRACEFUL };
const SERVERS: Record<string, Seen> = {
  'gunicorn': { server: PythonServer.gunicorn('wsgi:app', { ...times, healthPath: '/' }), port: 8000, idle: 0, busy: 0 },
  'gunicorn-uvicorn': { server: PythonServer.gunicorn('asgi:app', { ...times, uvicornWorkers: true }), port: 8000, idle: 0, busy: 0 },
  'uvicorn': { server: PythonServer.uvicorn('asgi:app', { ...times, healthPath: '/' }), port: 8000, idle: 0, busy: 0 },
  'uvicorn-workers': { server: PythonServer.uvicorn('asgi:app', { ...times, workers: 2 }), port: 8000, idle: 0, busy: 0 },
  'hypercorn': { server: PythonServer.hypercorn('asgi:app', times), port: 8000, idle: 0, busy: 137 },
  'twisted-wsgi': { server: PythonServer.twisted({ ...times, wsgi: 'wsgi:app' }), port: 8000, idle: 0, busy: 137 },
  'twisted-resource': { server: PythonServer.twisted({ ...times, resourceClass: 'site_root.Root', port: 8080 }), port: 8080, idle: 0 },
  'celery-worker': { server: PythonServer.celeryWorker('jobs:celery', { concurrency: 1, gracefulTimeoutSeconds: 15 }), idle: 0 },
  'celery-beat': { server: PythonServer.celeryBeat('jobs:celery'), idle: 0 },
  // an init passes the signal on, and Python dies of it
  'module': { server: PythonServer.module('http.server', { ...times, args: ['8000'], port: 8000 }), port: 8000, idle: 143 },
  'console-script': {
    server: PythonServer.consoleScript('uvicorn', { ...times, args: ['--host', '0.0.0.0', '--port', '8000', 'asgi:app'], port: 8000, handlesStopSignal: true }), port: 8000, idle: 0,
  },
};
const names = Object.keys(SERVERS);
const listening = names.filter(name => SERVERS[name].port !== undefined);
const busy = names.filter(name => SERVERS[name].busy !== undefined);

const container = (name: string) => `${PROJECT}-${name}-1`;
/** What a container answers at the address that others reach it by. */
const ask = (name: string, path = '/') =>
  `import socket as s, urllib.request as r; print(r.urlopen(f'http://{s.gethostbyname(s.gethostname())}:${SERVERS[name].port}${path}', timeout=70).read().decode())`;
const python = (name: string, program: string) => docker('exec', container(name), '/venv/bin/python', '-c', program);

/** Waits until the work that takes its time is in progress. */
const HAS_BEGUN = `
import os, time
for _ in range(200):
    if os.path.exists('/tmp/begun'): break
    time.sleep(0.1)
else: raise SystemExit('it has not begun')
`;

/** Stops containers all at once. Exit code and seconds of each. */
function stopped(which: string[]): Record<string, { code: number; seconds: number }> {
  const script = 'for name; do { begun=$(date +%s.%N); docker stop "$name" > /dev/null; echo "$name $(docker inspect --format "{{.State.ExitCode}}" "$name") $begun $(date +%s.%N)"; } & done; wait';
  const said = succeed('bash', ['-c', script, 'stop', ...which.map(container)]).split('\n').map(line => line.split(' '));
  return Object.fromEntries(said.map(([name, code, begun, ended]) => {
    const end = { code: Number(code), seconds: Number(ended) - Number(begun) };
    return [name.slice(PROJECT.length + 1, -2), end];
  }));
}

describeOnEngine('servers', () => {
  let compose: (...args: string[]) => string;

  beforeAll(() => {
    const root = folder(SOURCE);
    const app = new App({ root });
    const application = new Application(app, 'servers');
    for (const name of names) {
      const image = new PythonServiceImage(application, `${name}-image`, { source: 'app', base: PythonBase.chainguard(), server: SERVERS[name].server });
      new Service(application, name, { image });
    }
    new ComposeFile(application, 'compose');
    app.synth();
    compose = (...args) => docker('compose', '--project-name', PROJECT, '--file', join(root, 'wheelhouse.out/servers/compose.yaml'), ...args);
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local', '--timeout', '0'); });

  test.each(listening.filter(name => name !== 'module'))('%s answers, at the address of its container', name => expect(python(name, ask(name))).toBe('served'));
  test('module answers, at the address of its container', () => expect(python('module', ask('module'))).toContain('asgi.py'));

  test.each(names)('%s runs as promised', name => {
    const writable = ['/home/nonroot', '/tmp', ...(name === 'celery-beat' ? ['/var/lib/celery'] : [])];
    expect(softness(container(name), {
      userId: 65532, writable, code: ['/app', '/venv'], without: ['shell', 'compiler', 'pip', 'package manager'], python: '/venv/bin/python', published: [],
    })).toEqual([]);
  });

  test('a Celery worker is asked for its health without a shell, and it is the worker that answers', () => {
    const check: string[] = JSON.parse(docker('inspect', '--format', '{{json .Config.Healthcheck.Test}}', container('celery-worker')));
    expect(check.slice(0, 3)).toEqual(['CMD', '/venv/bin/python', '-c']);
    const status = (program: string) => tryDocker('exec', container('celery-worker'), '/venv/bin/python', '-c', program).status;
    expect([status(check[3]), status(check[3].replace("'celery@' + h()", "'celery@another'"))]).toEqual([0, 1]);
    expect(docker('inspect', '--format', '{{.State.Health.Status}}', container('celery-worker'))).toBe('healthy');
  });

  test('beat keeps its schedule where it may write', () => {
    expect(python('celery-beat', "import os; print(*os.listdir('/var/lib/celery'))")).toContain('celerybeat-schedule');
    expect(python('celery-beat', "import os; print(len(os.listdir('/tmp/broker')) > 0)")).toBe('True');
  });

  test('each ends on SIGTERM, with the exit code and within the time that its facts say', () => {
    const ends = stopped(names);
    expect(Object.fromEntries(names.map(name => [name, ends[name].code]))).toEqual(Object.fromEntries(names.map(name => [name, SERVERS[name].idle])));
    for (const name of names.filter(other => other !== 'celery-worker')) expect([name, ends[name].seconds < GRACE]).toEqual([name, true]);
    expect(ends['celery-worker'].seconds).toBeLessThan(20);
  });

  test('with a request in progress each ends after its graceful timeout, or is killed after its grace', () => {
    docker('start', ...busy.map(container));
    compose('up', '--wait', '--no-recreate', ...busy);
    for (const name of busy) docker('exec', '--detach', container(name), '/venv/bin/python', '-c', ask(name, '/slow'));
    for (const name of busy) python(name, HAS_BEGUN);
    const ends = stopped(busy);
    expect(Object.fromEntries(busy.map(name => [name, ends[name].code]))).toEqual(Object.fromEntries(busy.map(name => [name, SERVERS[name].busy])));
    for (const name of busy) {
      expect([name, ends[name].seconds >= (SERVERS[name].busy === 0 ? GRACEFUL - 0.5 : GRACE - 0.5)]).toEqual([name, true]);
      expect([name, ends[name].seconds < (SERVERS[name].busy === 0 ? GRACE : GRACE + 5)]).toEqual([name, true]);
    }
  });

  test('a Celery worker finishes its task first', () => {
    docker('start', container('celery-worker'));
    compose('up', '--wait', '--no-recreate', 'celery-worker');
    python('celery-worker', `import jobs; jobs.note.delay(6)\n${HAS_BEGUN}`);
    const { 'celery-worker': end } = stopped(['celery-worker']);
    expect(end.code).toBe(0);
    expect(end.seconds).toBeGreaterThan(4);
  });

  test('a module without an init is killed after its whole grace, which is why it gets one', () => {
    const image = docker('inspect', '--format', '{{.Config.Image}}', container('module'));
    const name = `${PROJECT}-bare-1`;
    docker('run', '--detach', '--name', name, image);
    spend(2);
    docker('stop', '--time', '2', name);
    const code = docker('inspect', '--format', '{{.State.ExitCode}}', name);
    docker('rm', name);
    expect(code).toBe('137');
  });
});

describeOnEngine('bases and the debug image', () => {
  const tags: string[] = [];
  const built = (base: PythonBase, debug: boolean, packages: string[] = []): string => {
    const root = folder({ 'app/asgi.py': SOURCE['app/asgi.py'], 'app/requirements.txt': 'uvicorn\n' });
    const app = new App({ root });
    const application = new Application(app, 'bases');
    const image = new PythonServiceImage(application, 'image', {
      source: 'app', base, server: PythonServer.uvicorn('asgi:app'), systemPackages: { toBuild: packages }, unbuffered: Unbuffered.OPTION,
    });
    const used: ContainerImage = debug ? new PythonDebugImage(application, 'debug', { image }) : image;
    new Service(application, 'service', { image: used });
    new ComposeFile(application, 'compose');
    app.synth();
    const dockerfile = join(root, `wheelhouse.out/bases/images/${used.node.id}/Dockerfile`);
    useIndex(dockerfile);
    tags.push(`${PROJECT}-base-${tags.length}`);
    docker('buildx', 'build', '--quiet', '--tag', tags.at(-1)!, '--file', dockerfile, root);
    return tags.at(-1)!;
  };
  const started = (tag: string): string => {
    docker('run', '--detach', '--name', tag, '--read-only', '--cap-drop', 'ALL', '--tmpfs', '/tmp:mode=1777', tag);
    const answer = "import time, urllib.request as r\nfor _ in range(100):\n    try: print(r.urlopen('http://127.0.0.1:8000/').read().decode()); break\n    except OSError: time.sleep(0.1)";
    expect(docker('exec', tag, '/venv/bin/python', '-c', answer)).toBe('served');
    return docker('exec', tag, '/venv/bin/python', '-c', "import os, sys; print(os.getuid(), os.path.expanduser('~'), sys.version_info[1], open('/proc/1/cmdline').read().split('\\0')[1])");
  };
  const runs = (tag: string, program: string) => tryDocker('exec', tag, program, '--version').status === 0;
  afterAll(() => {
    docker('rm', '--force', ...tags);
    docker('rmi', ...tags);
  });

  test('distroless serves with the Python that Debian built for, and its debug image is the same with a shell and pip', () => {
    const [plain, debug] = [built(PythonBase.distroless(), false, ['tree']), built(PythonBase.distroless(), true, ['tree'])];
    expect([started(plain), started(debug)]).toEqual(['65532 /home/nonroot 11 -u', '65532 /home/nonroot 11 -u']);
    expect(['bash', 'pip', 'tree'].map(program => [runs(plain, program), runs(debug, program)])).toEqual([[false, true], [false, true], [false, true]]);
    const command = (tag: string) => docker('inspect', '--format', '{{json .Config.Entrypoint}} {{json .Config.Cmd}} {{.Config.User}} {{json .Config.Healthcheck}}', tag);
    expect(command(debug)).toBe(command(plain));
  });

  test("Debian serves with its own Python, without pip, and keeps none of apt's lists", () => {
    const tag = built(PythonBase.debian({ release: 'bookworm' }), false);
    expect(started(tag)).toBe('65532 /home/nonroot 11 -u');
    expect([runs(tag, 'bash'), runs(tag, 'pip')]).toEqual([true, false]);
    expect(docker('run', '--rm', '--entrypoint', 'find', tag, '/var/lib/apt', '/var/cache/apt', '-type', 'f', '-size', '+100k')).toBe('');
  });
});

/** Debian itself has no pip whose settings could name the index of the test bed. */
function useIndex(dockerfile: string): void {
  const index = process.env.TESTBED_INDEX;
  if (!index) return;
  const settings = `ENV PIP_INDEX_URL=${index} PIP_TRUSTED_HOST=${new URL(index).hostname}`;
  writeFileSync(dockerfile, readFileSync(dockerfile, 'utf8').replace(/^FROM \S+ AS build$/m, line => `${line}\n${settings}`));
}

function spend(seconds: number): void {
  succeed('sleep', [`${seconds}`]);
}
