import type { HealthCheckFacts } from '../build/image-facts';
import { mustBeSeconds } from '../primitives/durations';
import { must } from '../primitives/faults';
import { mustBePort } from '../primitives/ports';

/** Settings of {@link PythonServer.gunicorn}. */
export interface GunicornProps {
  /** Port that it listens on, 1024-65535: the process is not root. @default 8000 */
  readonly port?: number;
  /** Worker processes. @default - gunicorn's: WEB_CONCURRENCY, else 1 */
  readonly workers?: number;
  /** Threads of each worker. @default - gunicorn's: 1 */
  readonly threads?: number;
  /**
   * Path that answers with a status below 400 when the application works.
   * @default - the port has to accept a connection
   */
  readonly healthPath?: string;
  /**
   * Seconds that requests in progress may take to end after SIGTERM. Deployments wait five seconds longer before they kill.
   * @default 30
   * @see https://gunicorn.org/reference/settings/
   */
  readonly gracefulTimeoutSeconds?: number;
}

/**
 * What a server needs from the image, as plain data.
 * @internal
 */
export interface ServerPlan {
  /** Distribution that has to be among the packages. */
  readonly distribution: string;
  /** Module that `python -m` starts. */
  readonly module: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly stopSignal: string;
  readonly handlesStopSignal: boolean;
  readonly stopGraceSeconds: number;
  readonly healthCheck: HealthCheckFacts;
}

/** How long a deployment waits after the graceful timeout: the server needs a moment to notice that it has passed. */
const KILL_MARGIN_SECONDS = 5;

/** The program that serves a Python application. */
export abstract class PythonServer {
  /**
   * Gunicorn, for WSGI applications.
   *
   * Its workers' heartbeat files are in `/tmp`, which deployments keep in memory: on a disk they can block a worker.
   * @param application module and variable, such as `shop.wsgi:app`
   * @see https://gunicorn.org/
   */
  public static gunicorn(application: string, props: GunicornProps = {}): PythonServer {
    return new Gunicorn(application, props);
  }

  /** @internal */
  public abstract _plan(): ServerPlan;
}

class Gunicorn extends PythonServer {
  constructor(private readonly application: string, private readonly props: GunicornProps) {
    super();
    must(/^[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*(\(.*\))?)?$/.test(application), 'APPLICATION_NAME',
      `gunicorn application '${application}' is not a module and a variable, such as shop.wsgi:app`);
    mustBePort(props.port ?? 8000);
    must((props.port ?? 8000) >= 1024, 'PORT_PRIVILEGED', `port ${props.port} is below 1024, which only root may listen on; use 1024-65535`);
    for (const [name, count] of Object.entries({ workers: props.workers, threads: props.threads })) {
      must(count === undefined || Number.isInteger(count) && count >= 1, 'COUNT', `${name} ${count} is not a whole number from 1 up`);
    }
    must((props.healthPath ?? '/').startsWith('/'), 'HEALTH_PATH', `health path '${props.healthPath}' does not start with '/'`);
    mustBeSeconds('gracefulTimeoutSeconds', props.gracefulTimeoutSeconds ?? 30, 1);
  }

  /** @internal */
  public _plan(): ServerPlan {
    const { port = 8000, workers, threads, healthPath, gracefulTimeoutSeconds = 30 } = this.props;
    const timings = { intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 };
    return {
      distribution: 'gunicorn',
      module: 'gunicorn',
      args: [
        '--bind', `0.0.0.0:${port}`,
        ...option('--workers', workers),
        ...option('--threads', threads),
        '--worker-tmp-dir', '/tmp',
        '--graceful-timeout', `${gracefulTimeoutSeconds}`,
        this.application,
      ],
      port,
      stopSignal: 'SIGTERM',
      handlesStopSignal: true,
      stopGraceSeconds: gracefulTimeoutSeconds + KILL_MARGIN_SECONDS,
      healthCheck: healthPath === undefined ? { tcpPort: port, ...timings } : { http: { port, path: healthPath }, ...timings },
    };
  }
}

function option(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : [name, `${value}`];
}
