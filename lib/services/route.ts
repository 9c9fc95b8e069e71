import type { Service } from './service';
import { mustBeSeconds } from '../primitives/durations';
import { must } from '../primitives/faults';
import { mustBePort } from '../primitives/ports';

/** Settings of a {@link Route}. */
export interface RouteProps {
  /** Port of the service. @default - the one port that its image listens on */
  readonly port?: number;
  /** Seconds to wait for a connection. nginx `proxy_connect_timeout`. @default 5 */
  readonly connectTimeoutSeconds?: number;
  /** Seconds to wait between two parts of a request that is sent. nginx `proxy_send_timeout`. @default 60 */
  readonly sendTimeoutSeconds?: number;
  /** Seconds to wait between two parts of an answer. nginx `proxy_read_timeout`. @default 60 */
  readonly readTimeoutSeconds?: number;
}

/** Which requests a proxy hands to which service. */
export class Route {
  /**
   * Requests whose path starts with `prefix`. The service sees the whole path.
   *
   * @param prefix starts and ends with `/`; of several that match, the longest wins
   * @see https://nginx.org/en/docs/http/ngx_http_core_module.html#location
   */
  public static prefix(prefix: string, service: Service, props: RouteProps = {}): Route {
    must(/^\/([A-Za-z0-9._~@:+-]+\/)*$/.test(prefix), 'ROUTE_PREFIX',
      `route prefix '${prefix}' is not a path that starts and ends with '/'; use letters, digits and . _ ~ @ : + - between slashes, such as /api/`);
    if (props.port !== undefined) mustBePort(props.port);
    mustBeSeconds('connectTimeoutSeconds', props.connectTimeoutSeconds ?? 5, 1);
    mustBeSeconds('sendTimeoutSeconds', props.sendTimeoutSeconds ?? 60, 1);
    mustBeSeconds('readTimeoutSeconds', props.readTimeoutSeconds ?? 60, 1);
    return new Route(prefix, service, { ...props });
  }

  private constructor(
    /** @internal */
    public readonly _prefix: string,
    /** @internal */
    public readonly _service: Service,
    /** @internal */
    public readonly _props: RouteProps,
  ) {}

  /**
   * The port that requests go to; nothing when none is given and the image listens on several, or on none.
   * @internal
   */
  public _port(): number | undefined {
    if (this._props.port !== undefined) return this._props.port;
    const { ports } = this._service.image._plan().facts;
    return ports.length === 1 ? ports[0] : undefined;
  }
}
