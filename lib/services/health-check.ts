import type { HealthCheckFacts, HttpProbe } from '../build/image-facts';
import { mustBeSeconds } from '../primitives/durations';
import { must } from '../primitives/faults';
import { mustBePort } from '../primitives/ports';

/** When a health check runs and what its failures mean. */
export interface HealthCheckTimings {
  /** Seconds between two checks, from 1 up. Compose `interval`, Kubernetes `periodSeconds`. @default 10 */
  readonly intervalSeconds?: number;
  /** Seconds after which one check has failed, from 1 up. Compose `timeout`, Kubernetes `timeoutSeconds`. @default 3 */
  readonly timeoutSeconds?: number;
  /** Failures in a row that make the container unhealthy, from 1 up. Compose `retries`, Kubernetes `failureThreshold`. @default 3 */
  readonly retries?: number;
  /** Seconds from the start in which failures do not count. Compose `start_period`, Kubernetes: the startup probe's time. @default 30 */
  readonly startPeriodSeconds?: number;
}

/** Settings of {@link HealthCheck.http}. */
export interface HttpHealthCheckProps extends HealthCheckTimings {
  /** `Host` header, for frameworks that refuse names they do not know. @default - the address */
  readonly host?: string;
}

/**
 * How to tell that a service works, when the image does not say so itself.
 *
 * Compose `healthcheck`, Kubernetes startup, readiness and liveness probe.
 * @see https://docs.docker.com/reference/compose-file/services/#healthcheck
 */
export class HealthCheck {
  /** An HTTP request that is answered with a status below 400. */
  public static http(port: number, path: string, props: HttpHealthCheckProps = {}): HealthCheck {
    mustBePort(port);
    must(path.startsWith('/'), 'HEALTH_PATH', `health path '${path}' does not start with '/'`);
    const http: HttpProbe = { port, path, host: props.host };
    return new HealthCheck({ http, ...timings(props) });
  }

  /** A port that accepts a connection. */
  public static tcp(port: number, props: HealthCheckTimings = {}): HealthCheck {
    mustBePort(port);
    return new HealthCheck({ tcpPort: port, ...timings(props) });
  }

  /** A command in the container that exits with 0. */
  public static command(command: string[], props: HealthCheckTimings = {}): HealthCheck {
    must(command.length > 0, 'COMMAND_EMPTY', 'a health check has an empty command; give a program and its arguments');
    return new HealthCheck({ command: [...command], ...timings(props) });
  }

  /**
   * A program in Python that ends without an exception, run by the image's interpreter with the service's packages and environment:
   * `import shop; shop.ping()`.
   *
   * @param program one line or several
   */
  public static python(program: string, props: HealthCheckTimings = {}): HealthCheck {
    must(program.trim() !== '' && !program.includes('\0'), 'COMMAND_EMPTY', 'a health check has an empty program, or one with a NUL; give what Python can run');
    return new HealthCheck({ command: ['-c', program], ...timings(props) }, true);
  }

  private constructor(
    /** @internal */
    public readonly _facts: HealthCheckFacts,
    /**
     * Whether its command is arguments of the image's interpreter.
     * @internal
     */
    public readonly _forInterpreter: boolean = false,
  ) {}
}

function timings(props: HealthCheckTimings): Required<HealthCheckTimings> {
  const { intervalSeconds = 10, timeoutSeconds = 3, retries = 3, startPeriodSeconds = 30 } = props;
  mustBeSeconds('intervalSeconds', intervalSeconds, 1);
  mustBeSeconds('timeoutSeconds', timeoutSeconds, 1);
  mustBeSeconds('startPeriodSeconds', startPeriodSeconds);
  must(Number.isInteger(retries) && retries >= 1, 'COUNT', `retries ${retries} is not a whole number from 1 up`);
  return { intervalSeconds, timeoutSeconds, retries, startPeriodSeconds };
}
