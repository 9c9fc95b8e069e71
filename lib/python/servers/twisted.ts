import { ending, portCheck, type ServerPlan } from './server-plan';
import { mustBeApplication, mustBeModule, mustBeWebServer, type WebServerProps } from './server-values';
import { must } from '../../primitives/faults';

/** Settings of {@link PythonServer.twisted}. Either `wsgi` or `resourceClass` is given. */
export interface TwistedProps extends WebServerProps {
  /** Module and variable of a WSGI application, such as `shop.wsgi:app`. @default - it serves `resourceClass` */
  readonly wsgi?: string;
  /** Class of a `twisted.web` resource that is made without arguments, such as `shop.site.Root`. @default - it serves `wsgi` */
  readonly resourceClass?: string;
  /**
   * Seconds that deployments leave it after SIGTERM, and five more. Twisted has no such time of its own: it waits for the threads
   * of WSGI requests, and drops other requests at once.
   * @default 30
   */
  readonly gracefulTimeoutSeconds?: number;
}

/**
 * Facts of `twist web`. Seen of 26.10.0 as process 1: SIGTERM ends it with 0, at once when idle; with a WSGI request in progress
 * only when that has ended.
 */
export function twistedPlan(props: TwistedProps): ServerPlan {
  const { port = 8000, wsgi, resourceClass, healthPath } = props;
  must((wsgi === undefined) !== (resourceClass === undefined), 'TWISTED_SERVES',
    `twisted is given ${wsgi === undefined ? "neither 'wsgi' nor" : "both 'wsgi' and"} 'resourceClass'; give one of them`);
  mustBeApplication('twisted', wsgi, /^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$/);
  if (resourceClass !== undefined) mustBeModule('resource class', resourceClass);
  mustBeWebServer(props);
  return {
    distributions: ['twisted'],
    program: { kind: 'module', name: 'twisted' },
    args: [
      'web',
      '--listen', `tcp:${port}`,
      ...(wsgi === undefined ? ['--class', resourceClass!] : ['--wsgi', wsgi.replace(':', '.')]),
      ...(props.args ?? []),
    ],
    port,
    ...ending(true, props.gracefulTimeoutSeconds),
    healthCheck: portCheck(port, healthPath),
    writablePaths: [],
  };
}
