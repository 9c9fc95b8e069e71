import type { Construct } from 'constructs';
import { backingImage, backingVolume, inRelease, majorOf, type BackingServiceProps } from './backing-service';
import { EnvValue } from './env-value';
import { HealthCheck } from './health-check';
import type { Secret } from './secret';
import { Service } from './service';
import type { Volume } from './volume';
import { CHOSEN_IMAGES } from '../build/lifecycle';
import { must } from '../primitives/faults';

const PORT = 6379;

/** Settings of {@link Redis} and {@link Valkey}. */
export interface RedisProps extends BackingServiceProps {
  /** What clients sign in with. @default - nothing: whoever shares a network with it reads and writes */
  readonly password?: Secret;
  /**
   * Release of the official image, such as `8` or `8.6.2`; of Redis 7 or newer.
   * @default - Redis '8.6', Valkey '9.1'
   */
  readonly version?: string;
  /**
   * Whether each change is written to a volume, which loses a second at most; else all is gone when the container ends, as befits a cache.
   * @default true
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
   */
  readonly persistent?: boolean;
  /** Where the data is. @default - a volume `<id>-data` */
  readonly volume?: Volume;
  /**
   * Settings of the server, such as `{ 'maxmemory': '256mb', 'maxmemory-policy': 'allkeys-lru' }`.
   * @default - those of the image
   * @see https://redis.io/docs/latest/operate/oss_and_stack/management/config/
   */
  readonly settings?: Record<string, string>;
}

/** Settings of {@link Redis.url}. */
export interface RedisUrlProps {
  /** Number of the database, from 0 up. @default - none is named, which is 0 */
  readonly database?: number;
}

/**
 * Redis in one container, without replicas, without backups, without a second that takes over. For caches, development and tests; else
 * use one that somebody runs for you.
 *
 * It runs as the user of the official image on a read-only file system. Its image is declared beside it, under `<id>-image`.
 * @see https://github.com/redis/docker-library-redis/blob/main/debian/Dockerfile
 */
export class Redis extends Service {
  private readonly password?: Secret;

  constructor(scope: Construct, id: string, props: RedisProps = {}) {
    const reference = inRelease(CHOSEN_IMAGES.redis.reference, props.version);
    must(majorOf(reference) >= 7, 'SERVICE_VERSION', `version '${props.version}' is too old: its redis-cli does not tell whether a command has failed; give 7 or newer`);
    super(scope, id, keyValueStore(scope, id, props, reference, 'redis'));
    this.password = props.password;
  }

  /** The URL that clients connect to: `redis://default:password@host:6379/database`. With a password only images of Python services can read it. */
  public url(props: RedisUrlProps = {}): EnvValue {
    return keyValueUrl(this, this.password, props);
  }
}

/**
 * Valkey in one container, which clients of Redis use as they use Redis; without replicas, without backups, without a second that takes
 * over. For caches, development and tests; else use one that somebody runs for you.
 *
 * It runs as the user of the official image on a read-only file system. Its image is declared beside it, under `<id>-image`.
 * @see https://github.com/valkey-io/valkey-container/blob/mainline/9.1/debian/Dockerfile
 */
export class Valkey extends Service {
  private readonly password?: Secret;

  constructor(scope: Construct, id: string, props: RedisProps = {}) {
    super(scope, id, keyValueStore(scope, id, props, inRelease(CHOSEN_IMAGES.valkey.reference, props.version), 'valkey'));
    this.password = props.password;
  }

  /** The URL that clients connect to: `redis://default:password@host:6379/database`. With a password only images of Python services can read it. */
  public url(props: RedisUrlProps = {}): EnvValue {
    return keyValueUrl(this, this.password, props);
  }
}

function keyValueUrl(host: Service, password: Secret | undefined, { database }: RedisUrlProps): EnvValue {
  must(database === undefined || Number.isInteger(database) && database >= 0, 'COUNT', `database ${database} is not a whole number from 0 up`, host);
  // named, since redis-cli reads no name as an empty one, whom nobody is
  return EnvValue.url({ scheme: 'redis', host, port: PORT, user: password && 'default', password, path: database === undefined ? undefined : `${database}` });
}

function keyValueStore(scope: Construct, id: string, props: RedisProps, reference: string, program: 'redis' | 'valkey') {
  const { password, version, persistent = true, volume, settings = {}, ...common } = props;
  must(persistent || !volume, 'VOLUME_UNUSED', `volume '${volume?.node.id}' would stay empty; leave it out, or 'persistent: false'`);
  const saving = { appendonly: persistent ? 'yes' : 'no', ...persistent ? {} : { save: '' } };
  const options = Object.entries({ ...saving, ...settings }).sort().flatMap(([name, value]) => [`--${name}`, value]);
  return {
    ...common,
    image: backingImage(scope, id, reference, {
      ports: [PORT],
      writablePaths: [{ path: '/data', data: persistent }, ...password ? [{ path: '/tmp' }] : []],
      stopGraceSeconds: 60,
    }),
    healthCheck: HealthCheck.command(password ? ['sh', '-c', `${program}-cli -e --askpass ping <${password.path}`] : [`${program}-cli`, '-e', 'ping']),
    volumes: persistent ? [{ volume: backingVolume(scope, id, volume), path: '/data' }] : [],
    secrets: password ? [password] : [],
    command: password ? ['sh', '-c', withPassword(program), password.path, ...options] : [`${program}-server`, ...options],
  };
}

/** The server takes no file with a password, but one with users, whose passwords may be hashes. It is in memory and nobody else's to read. */
function withPassword(program: string): string {
  return `password=$(cat "$0") && [ -n "$password" ] || { echo "secret $0 is empty, or user $(id -u) may not read it" >&2; exit 1; }
umask 077
hash=$(printf %s "$password" | sha256sum | cut -c 1-64)
echo "user default on #$hash ~* &* +@all" >/tmp/users.acl
exec docker-entrypoint.sh ${program}-server --aclfile /tmp/users.acl "$@"`;
}
