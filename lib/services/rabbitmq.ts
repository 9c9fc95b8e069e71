import type { Construct } from 'constructs';
import { backingImage, backingVolume, inRelease, type BackingServiceProps } from './backing-service';
import { EnvValue } from './env-value';
import { HealthCheck } from './health-check';
import type { Secret } from './secret';
import { Service } from './service';
import type { Volume } from './volume';
import { CHOSEN_IMAGES } from '../build/lifecycle';
import { must } from '../primitives/faults';

const PORT = 5672;
const DATA = '/var/lib/rabbitmq';

/** Settings of {@link RabbitMq}. */
export interface RabbitMqProps extends BackingServiceProps {
  /** What its user signs in with. */
  readonly password: Secret;
  /**
   * Release of the official image, such as `4.3` or `4.3-management`.
   * @default '4.3'
   * @see https://hub.docker.com/_/rabbitmq
   */
  readonly version?: string;
  /** User that is created on the first start, with all rights. @default 'rabbitmq' */
  readonly user?: string;
  /** Where the data is. @default - a volume `<id>-data` */
  readonly volume?: Volume;
}

/**
 * RabbitMQ in one container: one node, without a cluster, without backups. For development, tests and messages that may be lost with
 * their volume; else use one that somebody runs for you.
 *
 * It runs as the user of the official image on a read-only file system. Its image is declared beside it, under `<id>-image`.
 * @see https://github.com/docker-library/rabbitmq/blob/master/4.3/ubuntu/Dockerfile
 */
export class RabbitMq extends Service {
  private readonly signIn: { readonly user: string; readonly password: Secret };

  constructor(scope: Construct, id: string, props: RabbitMqProps) {
    const { password, version, user = 'rabbitmq', volume, environment, ...common } = props;
    must(user !== '', 'DATABASE_NAME', "user '' is not a name; give one, such as 'rabbitmq'");
    super(scope, id, {
      ...common,
      image: backingImage(scope, id, inRelease(CHOSEN_IMAGES.rabbitMq.reference, version), {
        ports: [PORT],
        writablePaths: [{ path: DATA, data: true }, { path: '/var/log/rabbitmq' }, { path: '/tmp' }],
        stopGraceSeconds: 60,
      }),
      // starts a machine of its own each time: not often
      healthCheck: HealthCheck.command(['rabbitmq-diagnostics', '--quiet', 'check_port_connectivity'], { intervalSeconds: 30, timeoutSeconds: 15, startPeriodSeconds: 60 }),
      volumes: [{ volume: backingVolume(scope, id, volume), path: DATA }],
      // the name of the node is that of its data: by default it is the container's, and new with each
      environment: { ...environment, RABBITMQ_DEFAULT_USER: user, RABBITMQ_NODENAME: 'rabbit@localhost' },
      secrets: [password],
      command: ['bash', '-c', START, password.path],
    });
    this.signIn = { user, password };
  }

  /** The URL with which clients sign in: `amqp://user:password@host:5672`. Only images of Python services can read it. */
  public url(): EnvValue {
    return EnvValue.url({ scheme: 'amqp', host: this, port: PORT, ...this.signIn });
  }
}

/**
 * The image takes no file with a password: the variable is set for the server alone, and neither the engine nor its manifests have it. Kubernetes lets
 * the group of a volume read every file, and Erlang takes no cookie that others can read.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods
 * @see https://www.rabbitmq.com/docs/clustering#erlang-cookie
 */
const START = `password=$(cat "$0") && [ -n "$password" ] || { echo "secret $0 is empty, or user $(id -u) may not read it" >&2; exit 1; }
[ ! -e ${DATA}/.erlang.cookie ] || chmod 0600 ${DATA}/.erlang.cookie
RABBITMQ_DEFAULT_PASS=$password exec docker-entrypoint.sh rabbitmq-server`;
