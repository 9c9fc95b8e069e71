import { DETECTED_APPLICATION } from '../application-object';
import { ending, option, portCheck, type ServerPlan } from './server-plan';
import { mustBeApplication, mustBeCounts, mustBeWebServer, type WebServerProps } from './server-values';

/** Settings of {@link PythonServer.gunicorn}. */
export interface GunicornProps extends WebServerProps {
  /** Worker processes. @default - gunicorn's: WEB_CONCURRENCY, else 1 */
  readonly workers?: number;
  /** Threads of each worker. @default - gunicorn's: 1 */
  readonly threads?: number;
  /**
   * Serves ASGI applications: uvicorn in gunicorn's worker processes. The distribution `uvicorn-worker` has to be installed.
   * @default false
   * @see https://github.com/Kludex/uvicorn-worker
   */
  readonly uvicornWorkers?: boolean;
  /**
   * Seconds that requests in progress may take to end after SIGTERM. Deployments wait five seconds longer before they kill.
   * @default 30
   * @see https://gunicorn.org/reference/settings/
   */
  readonly gracefulTimeoutSeconds?: number;
}

/**
 * Facts of gunicorn. Seen of 27.0.1 as process 1, with either kind of workers: SIGTERM ends it with 0, at once when idle, else
 * when requests have ended or `--graceful-timeout` has passed.
 */
export function gunicornPlan(application: string | undefined, props: GunicornProps): ServerPlan {
  const { port = 8000, workers, threads, uvicornWorkers = false, healthPath } = props;
  mustBeApplication('gunicorn', application, /^[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*(\(.*\))?)?$/);
  mustBeWebServer(props);
  mustBeCounts({ workers, threads });
  const end = ending(true, props.gracefulTimeoutSeconds);
  return {
    // uvicorn's own module uvicorn.workers is deprecated: https://github.com/Kludex/uvicorn/pull/2302
    distributions: uvicornWorkers ? ['gunicorn', 'uvicorn-worker'] : ['gunicorn'],
    program: { kind: 'module', name: 'gunicorn' },
    imports: ['gunicorn.app.wsgiapp', 'gunicorn.glogging', uvicornWorkers ? 'uvicorn_worker' : `gunicorn.workers.${(threads ?? 1) > 1 ? 'gthread' : 'sync'}`],
    args: [
      '--bind', `0.0.0.0:${port}`,
      ...option('--workers', workers),
      ...option('--threads', threads),
      ...(uvicornWorkers ? ['--worker-class', 'uvicorn_worker.UvicornWorker'] : []),
      '--worker-tmp-dir', '/tmp',
      '--graceful-timeout', `${end.gracefulTimeoutSeconds}`,
      ...(props.args ?? []),
      application ?? DETECTED_APPLICATION[uvicornWorkers ? 'asgi' : 'wsgi'],
    ],
    // seen of 27.0.1 with uvicorn-worker 0.4.0: it notices the change, and the worker goes on; https://github.com/encode/uvicorn/discussions/1638
    reloadArgs: uvicornWorkers ? undefined : ['--reload'],
    port,
    ...end,
    healthCheck: portCheck(port, healthPath),
    writablePaths: [],
  };
}
