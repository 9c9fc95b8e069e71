/**
 * Redis on a real engine: hardened, with a password that nobody sees, its data kept; Redis and Postgres on a volume as a cluster has it. More of
 * Postgres is in fastapi-postgres.test.ts; of Valkey and RabbitMQ there is no image on machines without a registry, where only their
 * declarations are tested.
 */
import { join } from 'node:path';
import { folder } from '../declare';
import { softness } from './container-judge';
import { describeOnEngine, docker, tryDocker } from './engine';
import { App, Application, ComposeFile, Postgres, Redis, Secret } from 'cdk-wheelhouse';

const PASSWORD = 'p@ss/w:rd% "$x\' #';

describeOnEngine('Redis', () => {
  const root = folder({ 'secrets/password': `${PASSWORD}\n` });
  const app = new App({ root, outdir: join(root, 'out') });
  const application = new Application(app, 'backing');
  new Redis(application, 'store', { version: '7', password: new Secret(application, 'password') });
  new Redis(application, 'cache', { version: '7', persistent: false, settings: { 'maxmemory': '16mb', 'maxmemory-policy': 'allkeys-lru' } });
  new ComposeFile(application, 'compose');
  app.synth();
  const compose = (...args: string[]) => docker('compose', '--file', join(root, 'out/backing/compose.yaml'), ...args);
  const container = (service: string) => compose('ps', '--all', '--quiet', service);
  const ask = (service: string, password: string, ...command: string[]) => tryDocker('exec', container(service), 'redis-cli', '-e', '-u',
    `redis://default:${encodeURIComponent(password)}@127.0.0.1`, '--no-auth-warning', ...command);
  const health = (service: string) => JSON.parse(docker('inspect', container(service)))[0].State.Health.Status;

  beforeAll(() => { compose('up', '--wait'); });
  afterAll(() => { compose('down', '--volumes'); });

  test('runs as it promised', () => {
    const promised = { userId: 999, code: ['/usr/bin'], without: ['pip'] as const, published: [] };
    expect(softness(container('store'), { ...promised, writable: ['/tmp'], volumes: ['/data'], secrets: ['/run/secrets/password'] })).toEqual([]);
    expect(softness(container('cache'), { ...promised, writable: ['/data'] })).toEqual([]);
  });

  test('is healthy, and asks for its password', () => {
    expect([health('store'), health('cache')]).toEqual(['healthy', 'healthy']);
    expect(ask('store', PASSWORD, 'set', 'kept', 'yes')).toMatchObject({ status: 0, stdout: 'OK\n' });
    expect(ask('store', 'wrong', 'get', 'kept')).toMatchObject({ status: 1, stdout: '' });
    expect(docker('exec', container('cache'), 'redis-cli', 'set', 'kept', 'no')).toBe('OK');
    expect(docker('exec', container('cache'), 'redis-cli', 'config', 'get', 'maxmemory')).toContain('16777216');
  });

  test('has its password in no answer of the engine, no log and no process', () => {
    const told = [docker('inspect', container('store')), docker('top', container('store'), '-eo', 'pid,args'), tryDocker('logs', container('store')).stdout, compose('config')].join('\n');
    expect(told).toContain('/run/secrets/password');
    for (const hidden of [PASSWORD, encodeURIComponent(PASSWORD), JSON.stringify(PASSWORD).slice(1, -1)]) expect(told).not.toContain(hidden);
  });

  test('keeps what is to be kept over down and up, and ends on its signal', () => {
    for (const service of ['store', 'cache']) {
      docker('stop', container(service));
      expect(JSON.parse(docker('inspect', container(service)))[0].State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    }
    compose('down');
    compose('up', '--wait');
    expect(ask('store', PASSWORD, 'get', 'kept').stdout).toBe('yes\n');
    expect(docker('exec', container('cache'), 'redis-cli', 'get', 'kept')).toBe('');
  });

  test('is not started with a password that it may not read, and says so', () => {
    const file = join(root, 'secrets/password');
    docker('run', '--rm', '--volume', `${file}:/secret`, '--user', '0:0', '--entrypoint', 'chmod', 'redis:7', '0400', '/secret');
    const { status, stderr } = tryDocker('compose', '--file', join(root, 'out/backing/compose.yaml'), 'run', '--rm', 'store');
    docker('run', '--rm', '--volume', `${file}:/secret`, '--user', '0:0', '--entrypoint', 'chmod', 'redis:7', '0444', '/secret');
    expect(status).toBe(1);
    expect(stderr).toMatch(/cat: \/run\/secrets\/password: Permission denied\nsecret \/run\/secrets\/password is empty, or user 999 may not read it/);
  });
});

/**
 * A disk of its own, as Kubernetes mounts it: root's, with a group that may write to it and, each time, to whatever is in it.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-the-security-context-for-a-pod
 */
describeOnEngine('on a volume of a cluster', () => {
  const root = folder({ 'secrets/password': PASSWORD });
  const app = new App({ root, outdir: join(root, 'out') });
  const application = new Application(app, 'backing-cluster');
  const password = new Secret(application, 'password');
  new Redis(application, 'store', { version: '7', password });
  new Postgres(application, 'db', { version: '15', password });
  // what is in the volume itself is seen by initdb
  new Postgres(application, 'refused', { version: '15', password, environment: { PGDATA: '/var/lib/postgresql/data' } });
  new ComposeFile(application, 'compose');
  app.synth();
  const compose = (...args: string[]) => tryDocker('compose', '--file', join(root, 'out/backing-cluster/compose.yaml'), ...args);
  const volume = (service: string) => `backing-cluster_${service}-data`;
  const asRoot = (service: string, script: string) => docker('run', '--rm', '--user', '0:0', '--volume', `${volume(service)}:/disk`, '--entrypoint', 'sh', 'redis:7', '-c', script);
  const mounted = (service: string) => asRoot(service, 'chgrp -R 999 /disk && find /disk -type d -exec chmod g+rwxs {} + && find /disk -type f -exec chmod g+rw {} +');

  beforeAll(() => {
    for (const service of ['store', 'db', 'refused']) {
      // so that the engine does not give it the owner of the image's directory
      asRoot(service, 'mkdir /disk/lost+found && chown -R 0:0 /disk && chmod 0755 /disk && chmod 0700 /disk/lost+found');
      mounted(service);
    }
  });
  afterAll(() => { compose('down', '--volumes'); });

  test('Redis and Postgres start, and start again when its modes have been set again', () => {
    expect(compose('up', '--wait', 'store', 'db')).toMatchObject({ status: 0 });
    expect(asRoot('db', 'stat -c %u /disk; ls /disk; stat -c %a /disk/pgdata | tail -c 4')).toBe('0\nlost+found\npgdata\n700');
    compose('stop', 'store', 'db');
    ['store', 'db'].forEach(mounted);
    // as the entrypoint of the official image does at each start; the one on machines without a registry does at the first
    asRoot('db', 'chmod 0700 /disk/pgdata');
    expect(compose('up', '--wait', 'store', 'db')).toMatchObject({ status: 0 });
  });

  test('Postgres has its data below it, for it would not take what is not empty or not its own', () => {
    const { status, stderr } = compose('run', '--rm', 'refused');
    expect(status).toBe(1);
    expect(stderr).toMatch(/initdb: error: directory "\/var\/lib\/postgresql\/data" exists but is not empty/);
  });
});
