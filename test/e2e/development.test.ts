/** Development mode on a real engine: what is edited is seen, with `docker compose watch` and without; what locks the packages builds again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { folder } from '../declare';
import { describeOnEngine, docker, request } from './engine';
import { App, Application, ComposeFile, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const [PAGES, DEBUGGED_PAGES, DEBUGGER] = [8230, 8231, 8232];
const SOURCE = {
  'app/requirements.txt': 'debugpy\nflask\ngunicorn\nuvicorn\n',
  'app/web.py': `
from flask import Flask, render_template
from parts.word import WORD
app = Flask(__name__)
@app.get('/')
def page():
    return render_template('page.html', word=WORD)
`,
  'app/parts/word.py': "WORD = 'first'\n",
  'app/templates/page.html': '<p>{{ word }}</p>',
  'app/asgi.py': `
async def app(scope, receive, send):
    if scope['type'] == 'http':
        await send({'type': 'http.response.start', 'status': 200, 'headers': []})
        await send({'type': 'http.response.body', 'body': b'first'})
`,
  'app/worker.py': `
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
print('worker first')
while True:
    time.sleep(1)
`,
};

describeOnEngine('development mode', () => {
  let root: string;
  let watch: ChildProcess | undefined;
  let said = '';
  let compose: (...args: string[]) => string;
  const watching = async (...services: string[]) => {
    await ended(watch);
    said = '';
    const args = ['compose', '--file', join(root, 'wheelhouse.out/wheelhouse-e2e-development/compose.yaml'), 'watch', '--no-up', ...services];
    watch = spawn('docker', args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [watch.stdout!, watch.stderr!]) stream.on('data', (data: Buffer) => { said += data.toString(); });
    await until(() => `${/enabled/.test(said)}`, 'true');
  };
  const container = (service: string) => compose('ps', '--quiet', service);
  const python = (service: string, program: string) => docker('exec', container(service), '/venv/bin/python', '-c', program);
  const edit = (path: string, from: string, to: string) => writeFileSync(join(root, path), readFileSync(join(root, path), 'utf8').replace(from, to));
  const page = (port = PAGES) => request(`http://127.0.0.1:${port}/`).body;

  beforeAll(() => {
    root = folder(SOURCE);
    const app = new App({ root });
    const application = new Application(app, 'wheelhouse-e2e-development');
    const settings = { source: 'app', base: PythonBase.chainguard(), development: true };
    const web = new PythonServiceImage(application, 'web-image', { ...settings, server: PythonServer.gunicorn('web:app', { workers: 2 }) });
    const debugged = new PythonServiceImage(application, 'debugged-image', { ...settings, server: PythonServer.uvicorn('asgi:app'), debuggerPort: DEBUGGER });
    new Service(application, 'web', { image: web, publish: PAGES });
    new Service(application, 'worker', { image: web.process('worker', PythonServer.module('worker', { handlesStopSignal: true })) });
    new Service(application, 'debugged', { image: debugged, publish: DEBUGGED_PAGES });
    new ComposeFile(application, 'compose');
    app.synth();
    compose = (...args) => docker('compose', '--file', join(root, 'wheelhouse.out/wheelhouse-e2e-development/compose.yaml'), ...args);
    compose('up', '--build', '--detach');
    compose('up', '--wait', '--no-recreate', 'web', 'debugged');
  });
  afterAll(async () => {
    await ended(watch);
    compose('down', '--volumes', '--rmi', 'local', '--timeout', '0');
  });

  test('runs as a user that is not root and may change the source, and neither its packages nor anything else', () => {
    const { Config, HostConfig } = JSON.parse(docker('inspect', container('web')))[0];
    expect([Config.User, HostConfig.CapDrop, HostConfig.SecurityOpt, HostConfig.Privileged]).toEqual(['65532', ['ALL'], ['no-new-privileges:true'], false]);
    const writable = python('web', 'import os; print(os.getuid(), os.getgid(), *[p for p in ["/app", "/app/web.py", "/app/parts", "/venv", "/usr", "/etc", "/"] if os.access(p, os.W_OK)])');
    expect(writable).toBe('65532 65532 /app /app/web.py /app/parts');
  });

  test('sees a file that is edited in the running container: no bytecode hides it', async () => {
    expect([page(), page(DEBUGGED_PAGES)]).toEqual(['<p>first</p>', 'first']);
    python('web', "import os; print(os.environ.get('PYTHONPYCACHEPREFIX')); open('/app/parts/word.py', 'w').write('WORD = \"inside\"')");
    python('debugged', "t = open('/app/asgi.py').read(); open('/app/asgi.py', 'w').write(t.replace('first', 'inside'))");
    await until(() => page(), '<p>inside</p>');
    await until(() => page(DEBUGGED_PAGES), 'inside');
    expect(python('web', "import os; print([d for d, _, files in os.walk('/app') if d.endswith('__pycache__')], os.path.exists('/pycache'))")).toBe('[] False');
  });

  test('has a debugger that answers, on this machine only', async () => {
    expect(compose('port', 'debugged', `${DEBUGGER}`)).toBe(`127.0.0.1:${DEBUGGER}`);
    expect(await debuggerAnswer(DEBUGGER)).toMatchObject({ type: 'response', command: 'initialize', success: true });
  });

  test('watch copies an edited module, and the server takes it without a restart', async () => {
    await watching();
    const started = () => docker('inspect', '--format', '{{.State.StartedAt}}', container('web'));
    const before = started();
    edit('app/parts/word.py', 'first', 'second');
    await until(() => page(), '<p>second</p>');
    expect(started()).toBe(before);
  });

  test('watch starts again what cannot notice a change itself: another kind of file, another kind of process', async () => {
    edit('app/templates/page.html', '<p>', '<p class="new">');
    edit('app/worker.py', 'worker first', 'worker second');
    await until(() => page(), '<p class="new">second</p>');
    await until(() => `${compose('logs', 'worker').includes('worker second')}`, 'true');
  });

  test('watch brings new files, takes deleted ones away, and leaves alone what is never in an image', async () => {
    mkdirSync(join(root, 'app/more'));
    for (const path of ['app/.env', 'app/parts/word.pyc', 'app/more/module.py']) writeFileSync(join(root, path), '# new\n');
    const files = () => python('web', "import os; print(*[p for p in ['.env', 'parts/word.pyc', 'more/module.py'] if os.path.exists(p)])");
    await until(files, 'more/module.py');
    rmSync(join(root, 'app/more'), { recursive: true });
    await until(files, '');
  });

  test('watch builds again when the requirements change, with the source as it is now', async () => {
    // compose 2.26 stumbles where one file builds several services again: it makes all their containers anew at the same time
    await watching('web');
    const before = container('web');
    appendFileSync(join(root, 'app/requirements.txt'), `# ${Date.now()}\n`);
    await until(() => python('web', "print(open('/app/requirements.txt').read().count('#'))"), '1', 60);
    await until(() => page(), '<p class="new">second</p>');
    expect(container('web')).not.toBe(before);
  });
});

/** Asks until the answer is this one; a question may fail while its container starts. */
async function until(ask: () => string, answer: string, seconds = 20): Promise<void> {
  let last = '';
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise(done => setTimeout(done, 300))) {
    try {
      last = ask();
    } catch (error) {
      last = (error as Error).message;
    }
    if (last === answer) return;
  }
  throw new Error(`expected ${answer}; last answer: ${last}`);
}

/** Ends it and what it has started. */
async function ended(child: ChildProcess | undefined): Promise<void> {
  if (!child?.pid || child.exitCode !== null) return;
  const exit = new Promise(done => child.once('exit', done));
  process.kill(-child.pid, 'SIGINT');
  await exit;
}

/** The first response of a debugger. @see https://microsoft.github.io/debug-adapter-protocol/overview#initialization */
function debuggerAnswer(port: number): Promise<unknown> {
  const ask = JSON.stringify({ seq: 1, type: 'request', command: 'initialize', arguments: { adapterID: 'test' } });
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`Content-Length: ${ask.length}\r\n\r\n${ask}`));
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer: ${text}`)));
    socket.on('error', reject);
    socket.on('data', data => {
      text += data.toString();
      const answers = text.split(/Content-Length: \d+\r\n\r\n/).filter(part => part.endsWith('}')).map(part => JSON.parse(part));
      const answer = answers.find(({ type }) => type === 'response');
      if (!answer) return;
      socket.destroy();
      resolve(answer);
    });
  });
}
