/** The program with which pods wait for each other, as process 1 of hardened containers: who is that gets no signal that it does not ask for. */
import { chmodSync } from 'node:fs';
import { describeOnEngine, docker, succeed } from './engine';
import { WAIT_FOR_PROGRAM } from '../../lib/targets/kubernetes/wait-for';
import { folder } from '../declare';

const IMAGES = [
  ['python:3.13-slim', 'python3'],
  ['cgr.dev/chainguard/python:latest', '/usr/bin/python'],
  ['gcr.io/distroless/python3-debian12:latest', '/usr/bin/python3'],
];

describeOnEngine('a container that waits', () => {
  const network = 'wheelhouse-e2e-wait-for';
  const root = folder({ 'wait_for.py': WAIT_FOR_PROGRAM });
  chmodSync(root, 0o755);
  const hardened = ['--detach', '--read-only', '--user', '65532:65532', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--network', network];
  const started: string[] = [];
  const start = (...args: string[]) => {
    const id = docker('run', ...args);
    started.push(id);
    return id;
  };
  const said = (id: string) => succeed('bash', ['-c', 'docker logs "$0" 2>&1', id]);
  const untilSaid = (id: string, text: string) => succeed('bash', ['-c', 'for i in {1..100}; do docker logs "$0" 2>&1 | grep -qF "$1" && exit; sleep 0.1; done; exit 1', id, text]);

  beforeAll(() => { docker('network', 'create', network); });
  afterEach(() => started.splice(0).forEach(id => docker('rm', '--force', id)));
  afterAll(() => { docker('network', 'rm', network); });

  test.each(IMAGES)('of %s goes on when the service is there, and ends at once when it is told to', (image, interpreter) => {
    const waiting = () => start(...hardened, '--volume', `${root}:/run/start-order:ro`, '--entrypoint', interpreter, image, '-IS', '/run/start-order/wait_for.py', 'service:late:8000');
    const [going, stopped] = [waiting(), waiting()];
    untilSaid(going, 'waiting for service late:8000: [Errno -');
    untilSaid(stopped, 'waiting');
    const before = Date.now();
    docker('stop', '--time', '30', stopped);
    expect(Date.now() - before).toBeLessThan(5000);
    expect(docker('inspect', '--format', '{{.State.ExitCode}}', stopped)).toBe('143');
    start(...hardened, '--network-alias', 'late', '--entrypoint', interpreter, image, '-m', 'http.server', '8000', '--directory', '/usr');
    expect(docker('wait', going)).toBe('0');
    expect(said(going)).toMatch(/service late:8000 is there$/);
  });
});
