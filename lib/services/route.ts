import type { NginxDirective } from './nginx-directive';
import { FileCaching, LoadBalancing, type RateLimit } from './nginx-options';
import { mustBeHost, mustBeRoutePath, mustBeWhole } from './nginx-values';
import type { Service } from './service';
import type { StaticFiles } from './static-files';
import { mustBeSeconds } from '../primitives/durations';
import { must } from '../primitives/faults';
import { mustBePort } from '../primitives/ports';

/** What routes to services and to files share. */
export interface RouteOptions {
  /**
   * Host name that clients ask for, such as `shop.example.com`, or `*.example.com`. A host has its own routes only: what none of them matches is
   * answered with 404. nginx `server_name`.
   * @default - every host that no other route names
   */
  readonly host?: string;
  /** Requests of one client; more are answered with 429. @default - as the proxy says */
  readonly rateLimit?: RateLimit;
  /** Connections of one client at once, from 1 up; more are answered with 429. nginx `limit_conn`. @default - as the proxy says */
  readonly connectionsPerClient?: number;
  /** More directives of the `location`. @default - none */
  readonly directives?: NginxDirective[];
}

/** Settings of {@link Route.prefix} and {@link Route.exact}. */
export interface RouteProps extends RouteOptions {
  /** Port of the service, and of the others. @default - the one port that its image listens on */
  readonly port?: number;
  /** Services that share the requests with the first. @default - none */
  readonly others?: Service[];
  /** Services that get requests only while none of those works. @default - none */
  readonly backups?: Service[];
  /** How requests are shared. @default LoadBalancing.ROUND_ROBIN */
  readonly balancing?: LoadBalancing;
  /** Seconds to wait for a connection. nginx `proxy_connect_timeout`. @default 5 */
  readonly connectTimeoutSeconds?: number;
  /** Seconds to wait between two parts of a request that is sent. nginx `proxy_send_timeout`. @default 60 */
  readonly sendTimeoutSeconds?: number;
  /** Seconds to wait between two parts of an answer. nginx `proxy_read_timeout`. @default 60, and 3600 with websockets or server-sent events */
  readonly readTimeoutSeconds?: number;
  /** The most that the body of a request may hold, in mebibytes; 0: no limit. More is answered with 413. @default - as the proxy says */
  readonly bodyMebibytes?: number;
  /**
   * Whether connections may become websockets.
   * @default false
   * @see https://nginx.org/en/docs/http/websocket.html
   */
  readonly websocket?: boolean;
  /** Whether answers are streams of events: nothing is held back. @default false */
  readonly serverSentEvents?: boolean;
  /**
   * Whether an answer is taken from the service as fast as it comes, however slow the client. nginx `proxy_buffering`.
   * @default true, and false with server-sent events
   */
  readonly bufferAnswer?: boolean;
  /** Whether the service gets a request only when all of it is there. nginx `proxy_request_buffering`. @default true */
  readonly bufferRequest?: boolean;
}

/** Settings of {@link Route.files}. */
export interface FilesRouteProps extends RouteOptions {
  /** How long browsers and caches keep the files. @default FileCaching.revalidated() */
  readonly caching?: FileCaching;
  /** Whether a path without a file is answered with the `index.html` of the route: the page decides what to show. @default false - 404 */
  readonly singlePage?: boolean;
}

/** Which requests a proxy hands to which service, or answers with which files. An exact path wins over prefixes, then the longest prefix. */
export class Route {
  /**
   * Requests whose path starts with `prefix`. The service sees the whole path.
   *
   * @param prefix starts and ends with `/`; of several that match, the longest wins
   * @see https://nginx.org/en/docs/http/ngx_http_core_module.html#location
   */
  public static prefix(prefix: string, service: Service, props: RouteProps = {}): Route {
    mustBeRoutePath(prefix, false);
    return new Route('prefix', prefix, { kind: 'service', service, props: checkedRoute(service, props) });
  }

  /** Requests for exactly this path, whatever their query. */
  public static exact(path: string, service: Service, props: RouteProps = {}): Route {
    mustBeRoutePath(path, true);
    return new Route('exact', path, { kind: 'service', service, props: checkedRoute(service, props) });
  }

  /**
   * Requests whose path starts with `prefix`, answered with files: `Route.files('/static/', files)` answers `/static/a.css` with `a.css` of the
   * directory, and a path that ends with `/` with the `index.html` there.
   */
  public static files(prefix: string, files: StaticFiles, props: FilesRouteProps = {}): Route {
    mustBeRoutePath(prefix, false);
    checkOptions(props);
    return new Route('prefix', prefix, { kind: 'files', files, props: { ...props } });
  }

  private constructor(
    /** @internal */
    public readonly _match: 'prefix' | 'exact',
    /** @internal */
    public readonly _path: string,
    /** @internal */
    public readonly _target: RouteTarget,
  ) {}

  /**
   * What two routes must not share, for messages.
   * @internal
   */
  public _label(): string {
    return `${this._match === 'exact' ? '= ' : ''}${this._target.props.host ?? ''}${this._path}`;
  }

  /**
   * Names of what it was told besides where it leads to and for which requests.
   * @internal
   */
  public _settings(): string[] {
    const given = Object.entries(this._target.props).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
    return given.map(([name]) => name).filter(name => !['host', 'port', 'others', 'backups'].includes(name)).sort();
  }

  /**
   * Services that it leads to: those that share the requests, then the spare ones.
   * @internal
   */
  public _services(): RoutedService[] {
    if (this._target.kind === 'files') return [];
    const { service, props: { others = [], backups = [], port } } = this._target;
    const routed = (backup: boolean) => (one: Service) => ({ service: one, port, backup });
    return [...[service, ...others].map(routed(false)), ...backups.map(routed(true))];
  }
}

/** What a route leads to. */
export type RouteTarget =
  | { readonly kind: 'service'; readonly service: Service; readonly props: RouteProps }
  | { readonly kind: 'files'; readonly files: StaticFiles; readonly props: FilesRouteProps };

/** One of the services of a route. */
export interface RoutedService {
  readonly service: Service;
  /** Port that was asked for. */
  readonly port?: number;
  readonly backup: boolean;
}

/** The port that requests go to; nothing when none was asked for and the image listens on several, or on none. */
export function routedPort({ service, port }: RoutedService): number | undefined {
  if (port !== undefined) return port;
  const { ports } = service.image._plan().facts;
  return ports.length === 1 ? ports[0] : undefined;
}

function checkedRoute(service: Service, props: RouteProps): RouteProps {
  checkOptions(props);
  const services = [service, ...props.others ?? [], ...props.backups ?? []];
  const twice = services.find((one, index) => services.indexOf(one) !== index);
  must(!twice, 'ROUTE_SERVICE_TWICE', `a route leads to service '${twice?.node.id}' twice; name each once`);
  if (props.port !== undefined) mustBePort(props.port);
  mustBeSeconds('connectTimeoutSeconds', props.connectTimeoutSeconds ?? 5, 1);
  mustBeSeconds('sendTimeoutSeconds', props.sendTimeoutSeconds ?? 60, 1);
  mustBeSeconds('readTimeoutSeconds', props.readTimeoutSeconds ?? 60, 1);
  mustBeWhole('bodyMebibytes', props.bodyMebibytes ?? 0, 0);
  must(!props.serverSentEvents || !props.bufferAnswer, 'ROUTE_EVENTS', 'a route with server-sent events holds answers back; leave bufferAnswer out');
  must(props.balancing !== LoadBalancing.CLIENT_ADDRESS || !props.backups?.length, 'ROUTE_BACKUPS',
    'a route shares requests by the address of the client and has backups, which nginx cannot do together; leave one out');
  return { ...props, others: [...props.others ?? []], backups: [...props.backups ?? []] };
}

function checkOptions({ host, connectionsPerClient }: RouteOptions): void {
  if (host !== undefined) mustBeHost(host);
  mustBeWhole('connectionsPerClient', connectionsPerClient ?? 1, 1);
}
