/** Databases, caches and brokers: what their declarations become, and what is refused. Postgres and Redis also run: test/e2e. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { appWith } from './declare';
import { refusesAtOnce } from './refuses';
import {
  ComposeFile, Postgres, PythonBase, PythonServer, PythonServiceImage, RabbitMq, Redis, Secret, Service, Valkey, Volume, type Application,
  type EnvValue,
} from 'cdk-wheelhouse';

/** The compose file of what is declared. */
function composed(declare: (application: Application) => void): any {
  const { app, application, outdir } = appWith();
  declare(application);
  new ComposeFile(application, 'compose');
  app.synth();
  return parse(readFileSync(join(outdir, 'shop/compose.yaml'), 'utf8'));
}

/** What a client's variable becomes. */
function urlOf(url: (application: Application) => EnvValue): Record<string, string> {
  return composed(application => {
    const image = new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
    new Service(application, 'api', { image, environment: { SERVICE_URL: url(application) } });
  }).services.api.environment;
}

const password = (application: Application) => new Secret(application, 'password');
const HARDENED = { user: '999:999', read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], restart: 'unless-stopped' };
const TIMES = { interval: '10s', timeout: '3s', retries: 3, start_period: '30s', start_interval: '1s' };

describe('Postgres', () => {
  test('is the official image, hardened, with its data on a volume of its own and its password in a file', () => {
    expect(composed(application => new Postgres(application, 'db', { password: password(application) }))).toEqual({
      name: 'shop',
      services: {
        db: {
          ...HARDENED,
          image: 'postgres:18',
          tmpfs: ['/var/run/postgresql:uid=999,gid=999,mode=0700'],
          volumes: ['db-data:/var/lib/postgresql'],
          secrets: ['password'],
          environment: { POSTGRES_USER: 'postgres', POSTGRES_DB: 'postgres', POSTGRES_PASSWORD_FILE: '/run/secrets/password' },
          healthcheck: { ...TIMES, test: ['CMD', 'pg_isready', '--quiet', '--host=127.0.0.1', '--username=postgres', '--dbname=postgres'], start_period: '1m' },
          stop_signal: 'SIGINT',
          stop_grace_period: '1m30s',
        },
      },
      volumes: { 'db-data': {} },
      secrets: { password: { file: '../../secrets/password' } },
    });
  });

  test.each([['17', '/var/lib/postgresql/data'], ['17.6-bookworm', '/var/lib/postgresql/data'], ['18.1', '/var/lib/postgresql'], ['19', '/var/lib/postgresql']])(
    'has the data of release %s in %s', (version, path) => {
      const { db } = composed(application => new Postgres(application, 'db', { password: password(application), version })).services;
      expect([db.image, db.volumes]).toEqual([`postgres:${version}`, [`db-data:${path}`]]);
    });

  // seen to be needed in test/e2e/backing-services.test.ts; 18 has PGDATA=/var/lib/postgresql/18/docker
  test('has it below the volume itself, which is root\'s and not empty in a cluster, unless it is told otherwise', () => {
    const place = (version: string, environment?: Record<string, string>) => composed(application => (
      new Postgres(application, 'db', { password: password(application), version, environment })
    )).services.db.environment.PGDATA;
    expect(place('17')).toBe('/var/lib/postgresql/data/pgdata');
    expect(place('17', { PGDATA: '/var/lib/postgresql/data' })).toBe('/var/lib/postgresql/data');
    expect(place('18')).toBeUndefined();
  });

  test('has the user, database, volume, settings and variables that it is given', () => {
    const { services: { db }, volumes } = composed(application => new Postgres(application, 'db', {
      password: password(application),
      user: 'shop',
      database: 'orders',
      volume: new Volume(application, 'kept'),
      settings: { work_mem: '16MB', max_connections: '200' },
      environment: { POSTGRES_INITDB_ARGS: '--data-checksums', POSTGRES_USER: 'other' },
    }));
    expect(db).toMatchObject({
      volumes: ['kept:/var/lib/postgresql'],
      command: ['postgres', '-c', 'max_connections=200', '-c', 'work_mem=16MB'],
      environment: { POSTGRES_USER: 'shop', POSTGRES_DB: 'orders', POSTGRES_INITDB_ARGS: '--data-checksums' },
      healthcheck: { test: expect.arrayContaining(['--username=shop', '--dbname=orders']) },
    });
    expect(volumes).toEqual({ kept: {} });
  });

  test('tells its clients how to reach it, without the password', () => {
    expect(urlOf(application => new Postgres(application, 'db', { password: password(application), user: 'shop' }).url()))
      .toEqual({ WHEELHOUSE_URL_SERVICE_URL: 'postgresql://shop:{/run/secrets/password}@db:5432/shop' });
    const database = (application: Application) => new Postgres(application, 'db', { password: password(application), database: 'orders' });
    expect(urlOf(application => database(application).url({ scheme: 'postgresql+psycopg', query: { connect_timeout: '5' } })))
      .toEqual({ WHEELHOUSE_URL_SERVICE_URL: 'postgresql+psycopg://postgres:{/run/secrets/password}@db:5432/orders?connect_timeout=5' });
  });

  const declared = (props: object) => () => {
    const { application } = appWith();
    new Postgres(application, 'db', { password: password(application), ...props });
  };
  for (const bad of ['18-alpine', '18-alpine3.22', 'latest', '', '18:1', '18 ']) {
    refusesAtOnce(`release '${bad}'`,
      `version '${bad}' is not a release of postgres such as 18; give one of the images on Debian or Ubuntu, whose user has the number 999 [SERVICE_VERSION]`,
      declared({ version: bad }), declared({ version: `18.1-trixie@sha256:${'0'.repeat(64)}` }));
  }
  refusesAtOnce('a user that is no name', "user 'shop user' is not a name; use up to 63 letters, digits, '_' and '-', starting with a letter or '_' [DATABASE_NAME]",
    declared({ user: 'shop user' }), declared({ user: 'shop_user' }));
  refusesAtOnce('a database that clients would read as more than a name',
    "database 'host=elsewhere' is not a name; use up to 63 letters, digits, '_' and '-', starting with a letter or '_' [DATABASE_NAME]",
    declared({ database: 'host=elsewhere' }), declared({ database: 'a'.repeat(63) }));
});

describe.each([
  { Store: Redis, image: 'redis:8.6', program: 'redis' },
  { Store: Valkey, image: 'valkey/valkey:9.1', program: 'valkey' },
])('$program', ({ Store, image, program }) => {
  test('is the official image, hardened, with each change on a volume of its own', () => {
    const { services: { cache }, volumes } = composed(application => new Store(application, 'cache'));
    expect(cache).toEqual({
      ...HARDENED,
      image,
      command: [`${program}-server`, '--appendonly', 'yes'],
      volumes: ['cache-data:/data'],
      healthcheck: { ...TIMES, test: ['CMD', `${program}-cli`, '-e', 'ping'] },
      stop_grace_period: '1m',
    });
    expect(volumes).toEqual({ 'cache-data': {} });
  });

  test('keeps nothing where it need not', () => {
    const { services: { cache }, volumes } = composed(application => new Store(application, 'cache', { persistent: false, settings: { maxmemory: '64mb' } }));
    expect(cache).toMatchObject({ command: [`${program}-server`, '--appendonly', 'no', '--maxmemory', '64mb', '--save', ''], tmpfs: ['/data:uid=999,gid=999,mode=0700'] });
    expect([cache.volumes, volumes]).toEqual([undefined, undefined]);
  });

  test('has a password in a file only, which its health check reads as well', () => {
    const { cache } = composed(application => new Store(application, 'cache', { password: password(application) })).services;
    expect(cache).toMatchObject({
      secrets: ['password'],
      tmpfs: ['/tmp:uid=999,gid=999,mode=0700'],
      command: ['sh', '-c', expect.stringContaining(`exec docker-entrypoint.sh ${program}-server --aclfile /tmp/users.acl "$$@"`), '/run/secrets/password', '--appendonly', 'yes'],
      healthcheck: { test: ['CMD', 'sh', '-c', `${program}-cli -e --askpass ping </run/secrets/password`] },
    });
    expect(cache.environment).toBeUndefined();
  });

  test('tells its clients how to reach it', () => {
    expect(urlOf(application => new Store(application, 'cache').url())).toEqual({ SERVICE_URL: 'redis://cache:6379' });
    expect(urlOf(application => new Store(application, 'cache', { password: password(application) }).url({ database: 1 })))
      .toEqual({ WHEELHOUSE_URL_SERVICE_URL: 'redis://default:{/run/secrets/password}@cache:6379/1' });
  });

  const declared = (props: object = {}) => new Store(appWith().application, 'cache', props);
  refusesAtOnce('a database that is no number', 'shop/cache: database -1 is not a whole number from 0 up [COUNT]',
    () => declared().url({ database: -1 }), () => declared().url({ database: 0 }));
  test('refuses a volume that nothing is kept on', () => {
    const given = (persistent: boolean) => () => {
      const { application } = appWith();
      new Store(application, 'cache', { volume: new Volume(application, 'kept'), persistent });
    };
    expect(given(false)).toThrow(new Error("volume 'kept' would stay empty; leave it out, or 'persistent: false' [VOLUME_UNUSED]"));
    expect(given(true)).not.toThrow();
  });
});

describe('Redis', () => {
  refusesAtOnce('releases whose health cannot be told', "version '6.2' is too old: its redis-cli does not tell whether a command has failed; give 7 or newer [SERVICE_VERSION]",
    () => new Redis(appWith().application, 'cache', { version: '6.2' }), () => new Redis(appWith().application, 'cache', { version: '7' }));
});

describe('RabbitMq', () => {
  test('is the official image, hardened, with the same name for its data in each container', () => {
    const { services: { queue }, volumes } = composed(application => new RabbitMq(application, 'queue', { password: password(application) }));
    expect(queue).toEqual({
      ...HARDENED,
      image: 'rabbitmq:4.3',
      command: ['bash', '-c', expect.stringMatching(/chmod 0600 \S+\/\.erlang\.cookie\nRABBITMQ_DEFAULT_PASS=\$\$password exec docker-entrypoint\.sh rabbitmq-server$/), '/run/secrets/password'],
      tmpfs: ['/var/log/rabbitmq:uid=999,gid=999,mode=0700', '/tmp:uid=999,gid=999,mode=0700'],
      volumes: ['queue-data:/var/lib/rabbitmq'],
      secrets: ['password'],
      environment: { RABBITMQ_DEFAULT_USER: 'rabbitmq', RABBITMQ_NODENAME: 'rabbit@localhost' },
      healthcheck: { ...TIMES, test: ['CMD', 'rabbitmq-diagnostics', '--quiet', 'check_port_connectivity'], interval: '30s', timeout: '15s', start_period: '1m' },
      stop_grace_period: '1m',
    });
    expect(volumes).toEqual({ 'queue-data': {} });
  });

  test('tells its clients how to reach it, without the password', () => {
    expect(urlOf(application => new RabbitMq(application, 'queue', { password: password(application), user: 'shop' }).url()))
      .toEqual({ WHEELHOUSE_URL_SERVICE_URL: 'amqp://shop:{/run/secrets/password}@queue:5672' });
  });

  const declared = (props: object) => () => {
    const { application } = appWith();
    new RabbitMq(application, 'queue', { password: password(application), ...props });
  };
  refusesAtOnce('an empty user', "user '' is not a name; give one, such as 'rabbitmq' [DATABASE_NAME]", declared({ user: '' }), declared({ user: 'guest' }));
  refusesAtOnce('the image on Alpine', "version '4.3-management-alpine' is not a release of rabbitmq such as 4.3; give one of the images on Debian or Ubuntu, whose user has the number 999 [SERVICE_VERSION]",
    declared({ version: '4.3-management-alpine' }), declared({ version: '4.3-management' }));
});
