/** examples/layout-pex on a real engine: built, started hardened without a shell, asked, stopped, changed. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, tryDocker } from './engine';

const URL = 'http://127.0.0.1:8104';
const PYTHON = '/pex/bin/python';

describeOnEngine('layout-pex', () => {
  let root: string;
  let out: string;
  let container: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
  const python = (program: string) => docker('exec', container, PYTHON, '-c', program);

  beforeAll(() => {
    ({ root } = synthesize('layout-pex'));
    out = join(root, 'wheelhouse.out/layout-pex');
    compose('up', '--build', '--wait');
    container = compose('ps', '--quiet', 'colours');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('answers, and is known to be healthy', () => {
    expect(request(`${URL}/`)).toMatchObject({ status: 200, body: expect.stringContaining('<h1>Colours</h1>') });
    expect(request(`${URL}/teal.png`)).toMatchObject({ status: 200, type: 'image/png' });
    expect(JSON.parse(docker('inspect', container))[0].State.Health).toMatchObject({ Status: 'healthy', FailingStreak: 0 });
  });

  test('runs as it promised, without a shell, pip, or what made the pex', () => {
    expect(softness(container, {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/pex'], without: ['shell', 'compiler', 'pip', 'package manager'], python: PYTHON, published: ['8104'],
    })).toEqual([]);
    expect(python('import importlib.util as u; print([name for name in ("pex", "pip", "wheel", "setuptools") if u.find_spec(name)])')).toBe('[]');
  });

  test('is process 1 itself, with nothing above the server and nothing left to unpack', () => {
    const processes = docker('top', container, '-eo', 'pid,ppid,args').split('\n').slice(1).map(line => line.trim().split(/\s+/));
    const pids = processes.map(([pid]) => pid);
    expect(processes.filter(([, parent]) => !pids.includes(parent)).map(([,, ...args]) => args.slice(0, 2).join(' '))).toEqual([expect.stringMatching(/^\/pex\/bin\/python3\.\d+ \/pex\/pex$/)]);
    expect(python('import os; print(sorted(os.listdir("/home/nonroot")), [name for name in os.listdir("/tmp") if "pex" in name])')).toBe('[] []');
  });

  test('takes arguments after its own', () => {
    const image = JSON.parse(docker('inspect', container))[0].Image;
    expect(docker('run', '--rm', '--read-only', image, '--version')).toMatch(/gunicorn.*\d+\.\d+/);
  });

  test('adopts orphans and reaps them', () => {
    // a grandchild whose parent ends is process 1's
    python('import os; os.fork() == 0 and (os.setsid(), os.fork() and os._exit(0), os._exit(0))');
    const defunct = () => docker('top', container, '-eo', 'pid,stat,args').split('\n').filter(line => /^\s*\d+\s+Z/.test(line));
    for (let tries = 0; tries < 20 && defunct().length > 0; tries++) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    expect(defunct()).toEqual([]);
  });

  test('builds nothing but the layer of the source when that changes', () => {
    appendFileSync(join(root, 'app/app.py'), `\n# changed at ${Date.now()}\n`);
    const changed = cachedSteps(join(out, 'images/colours-image/Dockerfile'), root).filter(step => !step.cached).map(step => step.instruction);
    expect(changed).toEqual([expect.stringContaining('--sources-directory /src/app'), 'COPY --link --from=package /pex /pex']);
  });

  test('ends on SIGTERM with 0', () => {
    docker('stop', container);
    expect(JSON.parse(docker('inspect', container))[0].State).toMatchObject({ Status: 'exited', ExitCode: 0, OOMKilled: false });
    expect(tryDocker('logs', container).stderr).toContain('Shutting down: Master');
  });
});
