import type { Construct } from 'constructs';
import { backingImage, backingVolume, inRelease, majorOf, type BackingServiceProps } from './backing-service';
import { EnvValue } from './env-value';
import { HealthCheck } from './health-check';
import type { Secret } from './secret';
import { Service } from './service';
import type { Volume } from './volume';
import { CHOSEN_IMAGES } from '../build/lifecycle';
import { must } from '../primitives/faults';

const PORT = 5432;

/** Settings of {@link Postgres}. */
export interface PostgresProps extends BackingServiceProps {
  /** What its user signs in with. */
  readonly password: Secret;
  /**
   * Release of the official image, such as `18`, `18.1` or `18-trixie`. Data of one major release cannot be read by another: export it,
   * and import it into a new volume.
   * @default '18'
   * @see https://hub.docker.com/_/postgres
   */
  readonly version?: string;
  /** User that is created on the first start, with all rights: up to 63 letters, digits, '_' and '-'. @default 'postgres' */
  readonly user?: string;
  /** Database that is created on the first start, named by the same rules. @default - as the user */
  readonly database?: string;
  /** Where the data is. @default - a volume `<id>-data` */
  readonly volume?: Volume;
  /**
   * Settings of the server, such as `{ max_connections: '200' }`.
   * @default - those of the image
   * @see https://www.postgresql.org/docs/current/runtime-config.html
   */
  readonly settings?: Record<string, string>;
}

/** Settings of {@link Postgres.url}. */
export interface PostgresUrlProps {
  /** Such as `postgresql+psycopg` for SQLAlchemy. @default 'postgresql' */
  readonly scheme?: string;
  /** What follows `?`, by name. @default - nothing */
  readonly query?: Record<string, string>;
}

/**
 * PostgreSQL in one container: its data is on one volume, without replicas, without backups, without a second that takes over. For
 * development, tests and what can be restored from elsewhere; else use a database that somebody runs for you.
 *
 * It runs as the user of the official image on a read-only file system. Its image is declared beside it, under `<id>-image`.
 * @see https://github.com/docker-library/postgres/blob/master/18/trixie/Dockerfile
 */
export class Postgres extends Service {
  private readonly signIn: { readonly user: string; readonly password: Secret; readonly database: string };

  constructor(scope: Construct, id: string, props: PostgresProps) {
    const { password, version, user = 'postgres', database = user, volume, settings = {}, environment, ...common } = props;
    for (const [what, name] of [['user', user], ['database', database]]) {
      must(/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(name), 'DATABASE_NAME',
        `${what} '${name}' is not a name; use up to 63 letters, digits, '_' and '-', starting with a letter or '_'`);
    }
    const reference = inRelease(CHOSEN_IMAGES.postgres.reference, version);
    const below18 = majorOf(reference) < 18;
    const data = below18 ? '/var/lib/postgresql/data' : '/var/lib/postgresql';
    // a volume of a cluster is root's and may hold lost+found, which initdb refuses; the images of 18 and newer have a directory below by themselves:
    // https://github.com/docker-library/docs/blob/master/postgres/content.md#pgdata
    const place: Record<string, string> = below18 ? { PGDATA: `${data}/pgdata` } : {};
    super(scope, id, {
      ...common,
      image: backingImage(scope, id, reference, {
        ports: [PORT],
        writablePaths: [{ path: '/var/run/postgresql' }, { path: data, data: true }],
        // ends transactions in progress: https://www.postgresql.org/docs/current/server-shutdown.html
        stopSignal: 'SIGINT',
        stopGraceSeconds: 90,
      }),
      // by TCP: while the database is created the server listens to a socket only
      healthCheck: HealthCheck.command(['pg_isready', '--quiet', '--host=127.0.0.1', `--username=${user}`, `--dbname=${database}`], { startPeriodSeconds: 60 }),
      volumes: [{ volume: backingVolume(scope, id, volume), path: data }],
      environment: { ...place, ...environment, POSTGRES_USER: user, POSTGRES_DB: database, POSTGRES_PASSWORD_FILE: EnvValue.secretFile(password) },
      command: Object.keys(settings).length === 0 ? undefined : ['postgres', ...Object.entries(settings).sort().flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    });
    this.signIn = { user, password, database };
  }

  /** The URL with which clients sign in: `postgresql://user:password@host:5432/database`. Only images of Python services can read it. */
  public url(props: PostgresUrlProps = {}): EnvValue {
    const { user, password, database } = this.signIn;
    return EnvValue.url({ scheme: props.scheme ?? 'postgresql', host: this, port: PORT, user, password, path: database, query: props.query });
  }
}
