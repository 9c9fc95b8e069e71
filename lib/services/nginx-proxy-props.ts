import type { Network } from './network';
import type { NginxDirective } from './nginx-directive';
import type { AccessLog, Compression, KeepaliveProps, NameResolution, RateLimit, SecurityHeaders } from './nginx-options';
import type { Resources } from './resources';
import type { Route } from './route';
import type { Secret } from './secret';
import type { Architecture } from '../build/architecture';
import type { BaseImage } from '../build/base-image';

/**
 * HTTPS, in the modern profile of Mozilla: TLS 1.3 and nothing older.
 *
 * @see https://wiki.mozilla.org/Security/Server_Side_TLS#Modern_compatibility
 */
export interface TlsProps {
  /** Certificate of the server, then those that vouch for it, as PEM. The user of the proxy has to be able to read its file. */
  readonly certificate: Secret;
  /** Its key, as PEM, without a password. */
  readonly key: Secret;
  /** Port, 1-65535, under which plain HTTP is reached from outside, and redirected. Compose `ports`. @default - it is not */
  readonly redirectFrom?: number;
  /**
   * Seconds for which browsers that have come by HTTPS use nothing else for this host; 0: they are not told to. They cannot be told otherwise
   * before that time is over.
   * @default 63072000 - two years
   * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security
   */
  readonly hstsSeconds?: number;
  /** Whether that goes for every host below this one, too. @default false */
  readonly hstsSubdomains?: boolean;
}

/** Settings of a {@link NginxReverseProxy}. */
export interface NginxReverseProxyProps {
  /** Which requests go to which service, or are answered with which files. */
  readonly routes: Route[];
  /**
   * Port, 1-65535, under which the proxy is reached from outside: by HTTPS with `tls`, else by HTTP. Compose `ports`.
   * @default - it is reached by its networks only
   */
  readonly publish?: number;
  /** Networks that it joins besides those of its routes' services. @default - none */
  readonly networks?: Network[];
  /** Image that it is built on; where its nginx is has to be known. @default BaseImage.chainguardNginx() */
  readonly base?: BaseImage;
  /** Processors that its image is made for, as {@link MultiStageBuildProps.architecture}. @default - that of whoever builds */
  readonly architecture?: Architecture;
  /**
   * Idle connections to services that are kept for the next request: faster, where services keep theirs longer.
   * @default - each request has a connection of its own, which works with every server
   */
  readonly keepalive?: KeepaliveProps;
  /**
   * How the addresses of services are found.
   * @default - repeated, with a base whose nginx is known to be 1.27.3 or newer; else at start
   */
  readonly nameResolution?: NameResolution;
  /** The most that the body of a request may hold, in mebibytes; 0: no limit. More is answered with 413. nginx `client_max_body_size`. @default 1 */
  readonly bodyMebibytes?: number;
  /** Seconds to wait for a client: for its request, or until it takes more of the answer. @default 60 */
  readonly clientTimeoutSeconds?: number;
  /** Seconds that requests in progress may take to end when the proxy is stopped, from 1 up. nginx `worker_shutdown_timeout`. @default 60 */
  readonly gracefulTimeoutSeconds?: number;
  /** Requests of one client, of all routes without a limit of their own. @default - no limit */
  readonly rateLimit?: RateLimit;
  /** Connections of one client at once, on routes without a limit of their own. @default - no limit */
  readonly connectionsPerClient?: number;
  /** What is compressed. @default Compression.FILES */
  readonly compression?: Compression;
  /** Headers that are added to every answer. @default SecurityHeaders.standard() */
  readonly securityHeaders?: SecurityHeaders;
  /**
   * Networks of proxies in front of this one, as `10.0.0.0/8`, or their addresses. They are believed what they say of the client's address
   * (X-Forwarded-For), its protocol (X-Forwarded-Proto) and the request's id (X-Request-ID). Name no network that clients are in.
   * @default - none: the client is who connects
   */
  readonly trustedProxies?: string[];
  /** How requests are written down. @default AccessLog.JSON */
  readonly accessLog?: AccessLog;
  /** HTTPS. Plain HTTP is redirected to it: on port 8080 of the container, and on the port of HTTPS. @default - HTTP only */
  readonly tls?: TlsProps;
  /** Path that nginx itself answers with 200 as long as it works, for health checks. @default '/nginx-health' */
  readonly healthPath?: string;
  /** Processors and memory. @default - no promises and no limits */
  readonly resources?: Resources;
  /** More directives of `http`. @default - none */
  readonly httpDirectives?: NginxDirective[];
  /** More directives of every `server`. @default - none */
  readonly serverDirectives?: NginxDirective[];
}
