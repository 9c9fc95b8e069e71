/** examples/layout-nuitka on a real engine: one compiled program on nothing, then with the same program on distroless. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, succeed, tryDocker } from './engine';

const URL = 'http://127.0.0.1:8105';
const SCRATCH = 'BaseImage.scratch()';
const DISTROLESS = 'BaseImage.distrolessPython()';

describeOnEngine('layout-nuitka', () => {
  let root: string;
  let out: string;
  let container: string;
  let files: string[];
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);

  beforeAll(() => {
    ({ root } = synthesize('layout-nuitka'));
    out = join(root, 'wheelhouse.out/layout-nuitka');
    compose('up', '--build', '--wait');
    container = compose('ps', '--quiet', 'dice');
    files = succeed('bash', ['-c', `docker export ${container} | tar --list | sed 's,^,/,' | grep -v '/$'`]).split('\n');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('answers from the files of the source that are no Python', () => {
    expect(request(`${URL}/`)).toMatchObject({ status: 200, body: expect.stringMatching(/You have thrown a <b>[1-6]<\/b>/) });
    expect(request(`${URL}/nothing`).status).toBe(404);
  });

  test('runs as it promised, on nothing', () => {
    expect(softness(container, {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/app'], without: ['shell', 'compiler', 'pip', 'package manager'], published: ['8105'],
    })).toEqual([]);
    expect(files.filter(path => /\/python[\d.]*$|\.pyc?$/.test(path))).toEqual([]);
  });

  test('has the libraries that readelf names, each for the program or one of its libraries', () => {
    // an independent judge, in the image that built it: readelf of binutils, and the loader of that image
    const build = `layout-nuitka-judge:${Date.now()}`;
    docker('buildx', 'build', '--load', '--quiet', '--target', 'package', '--tag', build, '--file', join(out, 'images/dice-image/Dockerfile'), root);
    const named = docker('run', '--rm', build, 'sh', '-c',
      "find /compiled /libraries -type f | xargs -n1 readelf --dynamic 2>/dev/null | sed -n 's/.*(NEEDED).*\\[\\(.*\\)\\]/\\1/p' | sort -u").split('\n');
    const loader = docker('run', '--rm', build, 'sh', '-c', "readelf --program-headers /compiled/service.dist/service.bin | sed -n 's/.*interpreter: \\(.*\\)\\]/\\1/p'");
    docker('rmi', build);
    const names = files.map(path => path.slice(path.lastIndexOf('/') + 1));
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter(name => !names.includes(name))).toEqual([]);
    expect(files).toContain(loader);
    // and none besides: what glibc opens by name is the exception
    const added = files.filter(path => /\.so(\.\d+)*$/.test(path) && !path.startsWith('/app/') && path !== loader).map(path => path.slice(path.lastIndexOf('/') + 1));
    expect(added.filter(name => !named.includes(name))).toEqual(['libgcc_s.so.1']);
  });

  test('asks its own health, and fails where nothing answers', () => {
    expect(JSON.parse(docker('inspect', container))[0].State.Health).toMatchObject({ Status: 'healthy', FailingStreak: 0 });
    const [, ...check] = parse(readFileSync(join(out, 'compose.yaml'), 'utf8')).services.dice.healthcheck.test;
    expect(tryDocker('exec', container, ...check).status).toBe(0);
    expect(tryDocker('exec', container, ...check.map((word: string) => word.replace('/healthz', '/nothing'))).status).toBe(1);
    expect(tryDocker('exec', container, '/app/service.bin', '--wheelhouse-probe', 'tcp', '8001', '1').status).toBe(1);
  });

  test('reads a secret for the process by itself', () => {
    const { Image } = JSON.parse(docker('inspect', container))[0];
    const secret = join(root, 'secret');
    writeFileSync(secret, 'pass word\n', { mode: 0o444 });
    const said = docker('run', '--rm', '--read-only', '--volume', `${secret}:/run/secrets/s:ro`, '--env', 'WHEELHOUSE_URL_GUNICORN_CMD_ARGS=--name x{/run/secrets/s}', '--entrypoint', '/app/service.bin', Image,
      '--wheelhouse-launch', '/app/service.bin', '--print-config', '--check-config', 'dice:app');
    expect(said).toMatch(/proc_name\s+= xpass%20word/);
  });

  test('ends on SIGTERM with 0', () => {
    docker('stop', container);
    expect(JSON.parse(docker('inspect', container))[0].State).toMatchObject({ Status: 'exited', ExitCode: 0, OOMKilled: false });
    expect(tryDocker('logs', container).stderr).toContain('Shutting down: Master');
  });

  test('is the same program on distroless, which gets only what it does not have', () => {
    const other = synthesize('layout-nuitka', { edit: text => text.replace(SCRATCH, DISTROLESS) });
    const dockerfile = join(other.root, 'wheelhouse.out/layout-nuitka/images/dice-image/Dockerfile');
    const compiled = cachedSteps(dockerfile, other.root).filter(step => /^RUN .*compile\.py/.test(step.instruction));
    expect(compiled.map(({ cached }) => cached)).toEqual([true]);
    const tag = `layout-nuitka-distroless:${Date.now()}`;
    docker('buildx', 'build', '--load', '--quiet', '--tag', tag, '--file', dockerfile, other.root);
    const id = docker('run', '--detach', '--read-only', '--tmpfs', '/tmp', '--publish', '127.0.0.1::8000', tag);
    try {
      const port = docker('port', id, '8000').replace(/^.*:/, '');
      expect(request(`http://127.0.0.1:${port}/`).status).toBe(200);
      const layers = docker('history', '--no-trunc', '--format', '{{.Size}} {{.CreatedBy}}', tag).split('\n');
      expect(layers.find(line => line.includes('/libraries'))).toMatch(/^0B /);
    } finally {
      docker('rm', '--force', id);
      docker('rmi', tag);
    }
  });
});
