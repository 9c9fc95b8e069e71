import { DETECTED_APPLICATION } from '../application-object';
import { applicationArgs, ending, option, portCheck, type ServerPlan } from './server-plan';
import { mustBeApplication, mustBeCounts, mustBeWebServer, type WebServerProps } from './server-values';

/** Settings of {@link PythonServer.uvicorn}. */
export interface UvicornProps extends WebServerProps {
  /** Worker processes. @default - uvicorn's: WEB_CONCURRENCY, else 1 */
  readonly workers?: number;
  /**
   * Addresses and networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; `*` for all, where only a proxy reaches
   * the service.
   * @default - uvicorn's: FORWARDED_ALLOW_IPS, else the container itself
   * @see https://uvicorn.dev/settings/#http
   */
  readonly trustedProxies?: string[];
  /**
   * Seconds that requests in progress may take to end after SIGTERM. Deployments wait five seconds longer before they kill.
   * @default 30
   * @see https://uvicorn.dev/settings/#timeouts
   */
  readonly gracefulTimeoutSeconds?: number;
}

/** Uvicorn does not call what it is given unless it is told to. */
const FACTORY_OPTION = '--factory';

/**
 * Facts of uvicorn. Seen of 0.54.0 as process 1, with one worker and with two: SIGTERM ends it with 0, at once when idle, else
 * when requests have ended or `--timeout-graceful-shutdown` has passed; without that option it waits for ever.
 */
export function uvicornPlan(application: string | undefined, props: UvicornProps): ServerPlan {
  const { port = 8000, workers, trustedProxies, healthPath } = props;
  mustBeApplication('uvicorn', application, /^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*(\(\))?$/);
  mustBeWebServer(props);
  mustBeCounts({ workers });
  const end = ending(true, props.gracefulTimeoutSeconds);
  return {
    distributions: ['uvicorn'],
    program: { kind: 'module', name: 'uvicorn' },
    imports: ['uvicorn.main', 'uvicorn.lifespan.on', 'uvicorn.logging', 'uvicorn.loops.auto', 'uvicorn.protocols.http.auto', 'uvicorn.protocols.websockets.auto'],
    args: [
      '--host', '0.0.0.0',
      '--port', `${port}`,
      ...option('--workers', workers),
      ...option('--forwarded-allow-ips', trustedProxies?.join(',')),
      '--no-server-header',
      '--timeout-graceful-shutdown', `${end.gracefulTimeoutSeconds}`,
      ...(props.args ?? []),
      ...applicationArgs(application ?? DETECTED_APPLICATION.asgi, FACTORY_OPTION),
    ],
    // there is then one worker, whatever --workers says
    reloadArgs: ['--reload'],
    factoryOption: FACTORY_OPTION,
    port,
    ...end,
    healthCheck: portCheck(port, healthPath),
    writablePaths: [],
  };
}
