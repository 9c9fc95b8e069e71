/** `wheelhouse up`, `down` and `doctor` on a real engine, with examples/flask-nginx and with a job that nobody waits for. */
import { join, resolve } from 'node:path';
import { folder } from '../declare';
import { synthesize } from '../examples';
import { describeOnEngine, docker, request, run } from './engine';

const wheelhouse = (...args: string[]) => run(process.execPath, [resolve('build/cli/wheelhouse.js'), ...args]);

describeOnEngine('wheelhouse up and down', () => {
  test('start an example, and remove it', () => {
    const { root } = synthesize('flask-nginx');
    try {
      expect(wheelhouse('up', '--directory', root)).toMatchObject({ status: 0 });
      expect(request('http://127.0.0.1:8080/healthz').status).toBe(200);
      expect(docker('compose', 'ls', '--quiet').split('\n')).toContain('flask-nginx');
    } finally {
      expect(wheelhouse('down', '--directory', root, '--volumes')).toMatchObject({ status: 0 });
    }
    expect(docker('compose', 'ls', '--all', '--quiet').split('\n')).not.toContain('flask-nginx');
    docker('compose', '--file', join(root, 'wheelhouse.out/flask-nginx/compose.yaml'), 'down', '--rmi', 'local');
  });

  /** Services of compose, each `python -c` in an image that is there. */
  const project = (services: Record<string, string>) => folder({
    'wheelhouse.out/manifest.json': '{"applications":{"cli-jobs":{}}}',
    'wheelhouse.out/cli-jobs/compose.yaml': JSON.stringify({
      name: 'cli-jobs',
      services: Object.fromEntries(Object.entries(services).map(([name, program]) => [name, { image: 'cgr.dev/chainguard/python:latest', command: ['-c', program], init: true, stop_grace_period: '1s' }])),
    }),
  });
  const SERVES = 'import time; time.sleep(600)';

  test('take a job that has done its work for what it is, and compose does not', () => {
    const root = project({ api: SERVES, migrate: 'print("migrated")' });
    const file = join(root, 'wheelhouse.out/cli-jobs/compose.yaml');
    try {
      expect(run('docker', ['compose', '--file', file, 'up', '--wait']).status).not.toBe(0);
      docker('compose', '--file', file, 'down');
      const { status, stderr } = wheelhouse('up', '--directory', root);
      expect([status, stderr]).toEqual([0, expect.stringContaining('wheelhouse: migrate finished with 0, which compose takes for a failure where no service waits for it; the others work\n')]);
      expect(docker('compose', '--file', file, 'ps', '--format', '{{.Service}} {{.State}}')).toBe('api running');
    } finally {
      expect(wheelhouse('down', '--directory', root).status).toBe(0);
    }
  });

  test('name a job that has failed', () => {
    const root = project({ api: SERVES, migrate: 'raise SystemExit(3)' });
    try {
      const { status, stderr } = wheelhouse('up', '--directory', root);
      expect([status, stderr]).toEqual([1, expect.stringContaining('wheelhouse: migrate ended with 3; see: docker compose -f ')]);
    } finally {
      wheelhouse('down', '--directory', root);
    }
  });
});

describeOnEngine('wheelhouse doctor', () => {
  test('is content with this engine, and says its versions', () => {
    const { status, stdout } = wheelhouse('doctor');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^ok {2}engine {3}\d+\.\S+\nok {2}buildx {3}\d+\.\S+\nok {2}compose {2}\d+\.\S+\n$/)]);
  });

  test('fails where no engine answers', () => {
    const { status, stdout } = run(process.execPath, [resolve('build/cli/wheelhouse.js'), 'doctor'], { DOCKER_HOST: 'tcp://127.0.0.1:1' });
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^bad {2}engine {3}no answer\n[^]*\nengine: nothing can be built or started \(.+\); start the engine/)]);
  });
});

