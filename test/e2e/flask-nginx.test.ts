/** examples/flask-nginx on a real engine: built, started hardened, asked, stopped, changed; on both kinds of bases. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { folder } from '../declare';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { softness } from './container-judge';
import { docker, onEngine, request, tryDocker } from './engine';

const SLIM = "PythonBase.slim({ python: '3.13', debian: 'bookworm' })";
const URL = 'http://127.0.0.1:8080';
/** In what tests change: the engine has not built it before. */
const NOW = `changed at ${Date.now()}`;
/** What the engine is told to do: the file's `stop_grace_period`, in seconds. */
const GRACE: Record<string, number> = { 'flask-app': 35, 'nginx': 65 };

onEngine().each([
  { bases: 'Chainguard', edit: (program: string) => program, without: ['shell', 'compiler', 'pip', 'package manager'] as const },
  { bases: 'slim', edit: (program: string) => program.replace('PythonBase.chainguard()', SLIM), without: ['compiler', 'pip'] as const },
])('flask-nginx on $bases bases', ({ edit, without }) => {
  let root: string;
  let out: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
  const container = (service: string) => compose('ps', '--all', '--quiet', service);
  const python = (program: string) => docker('exec', container('flask-app'), '/venv/bin/python', '-c', program);

  beforeAll(() => {
    ({ root } = synthesize('flask-nginx', { edit }));
    out = join(root, 'wheelhouse.out/flask-nginx');
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('starts every service, once', () => {
    const running = compose('ps', '--format', '{{.Service}} {{.State}}').split('\n').sort();
    expect(running).toEqual(['flask-app running', 'nginx running']);
  });

  test('serves its pages through nginx', () => {
    expect(request(`${URL}/`)).toMatchObject({ status: 200, body: expect.stringContaining('<h1>Pictures</h1>') });
    expect(request(`${URL}/badge/hello.png`)).toMatchObject({ status: 200, type: 'image/png', body: expect.stringContaining('PNG') });
    expect(request(`${URL}/nothing`).status).toBe(404);
  });

  test('works with an upload that does not fit in memory', () => {
    const picture = join(folder({}), 'large.png');
    docker('cp', `${container('flask-app')}:/venv/pyvenv.cfg`, picture); // a file that is no picture
    expect(request(`${URL}/thumbnail`, '--form', `picture=@${picture}`)).toMatchObject({ status: 400, body: expect.stringContaining('send a picture') });
    writeFileSync(picture, bitmap(500, 500));
    expect(request(`${URL}/thumbnail`, '--form', `picture=@${picture}`)).toMatchObject({ status: 200, type: 'image/png' });
  });

  test('runs the application as it promised', () => {
    expect(softness(container('flask-app'), {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/app', '/venv'], without, python: '/venv/bin/python', published: [],
    })).toEqual([]);
  });

  test('runs nginx as it promised', () => {
    expect(softness(container('nginx'), {
      userId: 65532, writable: ['/tmp'], code: ['/etc/nginx', '/usr/sbin'], without: ['shell', 'compiler', 'pip', 'package manager'], published: ['8080'],
    })).toEqual([]);
  });

  test('gives writable paths their owner and mode, in memory', () => {
    const said = python('import os\nfor p in ["/tmp", "/home/nonroot", "/home", "/app"]: s = os.stat(p); print(p, oct(s.st_mode)[-4:], s.st_uid, s.st_gid)');
    expect(said.split('\n')).toEqual(['/tmp 1777 65532 65532', '/home/nonroot 0700 65532 65532', '/home 0755 0 0', '/app 0755 0 0']);
    const mounts = python('print(open("/proc/mounts").read())').split('\n').map(line => line.split(' '));
    for (const path of ['/tmp', '/home/nonroot']) expect(mounts.find(mount => mount[1] === path)?.[2]).toBe('tmpfs');
  });

  test('runs as a user that can be looked up, writes no bytecode, buffers no output', () => {
    expect(python('import getpass, os, pwd, sys; print(getpass.getuser(), os.path.expanduser("~"), pwd.getpwuid(os.getuid()).pw_dir, sys.dont_write_bytecode, sys.stdout.write_through)'))
      .toBe('nonroot /home/nonroot /home/nonroot True True');
  });

  test('has the same paths without the mounts of compose', () => {
    const image = JSON.parse(docker('inspect', container('flask-app')))[0].Image;
    const program = 'import os; print(*[p for p in ["/tmp", "/home/nonroot", "/home", "/app", "/venv"] if os.access(p, os.W_OK)])';
    expect(docker('run', '--rm', '--entrypoint', '/venv/bin/python', image, '-c', program)).toBe('/tmp /home/nonroot');
    // and the check of health fails where nothing listens
    const [, ...check] = JSON.parse(docker('image', 'inspect', image))[0].Config.Healthcheck.Test;
    expect(tryDocker('run', '--rm', '--entrypoint', check[0], image, ...check.slice(1)).status).toBe(1);
  });

  test('knows that the application is healthy', () => {
    const { Health } = JSON.parse(docker('inspect', container('flask-app')))[0].State;
    expect(Health).toMatchObject({ Status: 'healthy', FailingStreak: 0 });
    const healthcheck = parse(readFileSync(join(out, 'compose.yaml'), 'utf8')).services['flask-app'].healthcheck;
    expect(tryDocker('exec', container('flask-app'), ...healthcheck.test.slice(1)).status).toBe(0);
    const wrong = healthcheck.test.slice(1).map((word: string) => word.replace('/healthz', '/nothing'));
    expect(tryDocker('exec', container('flask-app'), ...wrong).status).toBe(1);
  });

  test('keeps the application out of reach of those who are only in the front network', () => {
    const reach = (network: string) => tryDocker('run', '--rm', '--network', `flask-nginx_${network}`, 'cgr.dev/chainguard/python:latest', '-c',
      "import socket; socket.create_connection(('flask-app', 8000), 3)").status;
    expect([reach('backnet'), reach('frontnet')]).toEqual([0, 1]);
  });

  test('rebuilds nothing but the last layer when the source changes', () => {
    appendFileSync(join(root, 'app/app.py'), `\n\n@app.get("/changed")\ndef changed():\n    return "${NOW}"\n`);
    const steps = cachedSteps(join(out, 'images/flask-app-image/Dockerfile'), root);
    expect(steps.filter(step => !step.cached).map(step => step.instruction)).toEqual(['COPY app /app']);
    expect(steps.filter(step => step.instruction.startsWith('RUN')).length).toBeGreaterThanOrEqual(2);
    compose('up', '--build', '--wait');
    expect(request(`${URL}/changed`)).toMatchObject({ status: 200, body: NOW });
  });

  test('installs again when the requirements change; the same packages are the same bytes, so that their layer stays', () => {
    appendFileSync(join(root, 'app/requirements.txt'), `# ${NOW}\n`);
    const instructions = cachedSteps(join(out, 'images/flask-app-image/Dockerfile'), root).filter(step => !step.cached).map(step => step.instruction);
    expect(instructions).toEqual([expect.stringContaining('-m pip --python /venv/bin/python install'), 'COPY app /app']);
  });

  test.each(['flask-app-image', 'nginx-image'])("has nothing that BuildKit's checks find in %s", image => {
    docker('buildx', 'build', '--quiet', '--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=error=true', '--file', join(out, `images/${image}/Dockerfile`), root);
  });

  test('ends on its signal, within its grace, with 0', () => {
    for (const service of ['nginx', 'flask-app']) {
      const id = container(service);
      expect(JSON.parse(docker('inspect', id))[0].Config).toMatchObject({ StopTimeout: GRACE[service], StopSignal: service === 'nginx' ? 'SIGQUIT' : 'SIGTERM' });
      const start = Date.now();
      docker('stop', id);
      expect(JSON.parse(docker('inspect', id))[0].State).toMatchObject({ Status: 'exited', ExitCode: 0, OOMKilled: false });
      expect(Date.now() - start).toBeLessThan(GRACE[service] * 1000);
    }
  });
});

/** A bitmap of this many pixels, in noise that nothing compresses. */
function bitmap(width: number, height: number): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + width * height * 4, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(32, 28);
  return Buffer.concat([header, Buffer.from(Array.from({ length: width * height * 4 }, (_, index) => (index * 2654435761) % 251))]);
}
