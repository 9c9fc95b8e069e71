import { ending, option, portCheck, type ServerPlan } from './server-plan';
import { mustBeApplication, mustBeCounts, mustBeWebServer, type WebServerProps } from './server-values';
import { DETECTED_APPLICATION } from '../application-object';

/** Settings of {@link PythonServer.hypercorn}. */
export interface HypercornProps extends WebServerProps {
  /** Worker processes. @default - hypercorn's: 1 */
  readonly workers?: number;
  /**
   * Seconds that requests in progress may take to end after SIGTERM. Deployments wait five seconds longer before they kill, and
   * kill they do: from Python 3.12 on hypercorn waits for the requests themselves before it looks at this time.
   * @default 30
   * @see https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html
   */
  readonly gracefulTimeoutSeconds?: number;
}

/**
 * Facts of hypercorn. Seen of 0.18.0 as process 1, with one worker and with two: SIGTERM ends it with 0, at once when idle. With
 * a request in progress on Python 3.13 it did not end after `--graceful-timeout` and was killed. Its `--reload` is not used: it misses what is changed
 * while it starts, and ends when the source has a fault.
 */
export function hypercornPlan(application: string | undefined, props: HypercornProps): ServerPlan {
  const { port = 8000, workers, healthPath } = props;
  mustBeApplication('hypercorn', application, /^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*(\(\))?$/);
  mustBeWebServer(props);
  mustBeCounts({ workers });
  const end = ending(true, props.gracefulTimeoutSeconds);
  return {
    distributions: ['hypercorn'],
    program: { kind: 'module', name: 'hypercorn' },
    args: [
      '--bind', `0.0.0.0:${port}`,
      ...option('--workers', workers),
      '--graceful-timeout', `${end.gracefulTimeoutSeconds}`,
      ...(props.args ?? []),
      application ?? DETECTED_APPLICATION.asgi,
    ],
    port,
    ...end,
    healthCheck: portCheck(port, healthPath),
    writablePaths: [],
  };
}
