import { mustBeAddress, mustBeHeader, mustBeWhole } from './nginx-values';
import type { NginxHeader, NginxResolver } from '../nginx/configuration';
import { mustBeSeconds } from '../primitives/durations';
import { must } from '../primitives/faults';

/** How requests are shared between the services of a route. */
export enum LoadBalancing {
  /** In turn. */
  ROUND_ROBIN = 'roundRobin',
  /** To the one with the fewest requests in progress. nginx `least_conn`. */
  LEAST_CONNECTIONS = 'leastConnections',
  /** Each client to the same one, by its address. nginx `ip_hash`. */
  CLIENT_ADDRESS = 'clientAddress',
}

/** What is compressed. Answers that hold a secret beside what a client sent give it away when they are compressed. */
export enum Compression {
  /** Nothing. */
  NONE = 'none',
  /** Files of {@link Route.files}. */
  FILES = 'files',
  /** What services answer, too. */
  ALL = 'all',
}

/** How requests are written down. */
export enum AccessLog {
  /** One JSON object on each line of the standard output. */
  JSON = 'json',
  /** nginx' own format, `combined`. */
  COMBINED = 'combined',
  /** Not at all. */
  OFF = 'off',
}

/** Idle connections to services that are kept for the next request. */
export interface KeepaliveProps {
  /** How many for each service, in each worker process of nginx. nginx `keepalive`. @default 16 */
  readonly connections?: number;
  /**
   * Seconds that one is kept. Less than the service keeps it: a request on a connection that it has just closed fails. uvicorn keeps them five seconds,
   * gunicorn two, or none with its `sync` workers. nginx `keepalive_timeout`. @default 1
   */
  readonly idleSeconds?: number;
}

/** How many requests a client may send. */
export class RateLimit {
  /**
   * So many in a second, evenly.
   *
   * @param burst as many more at once; the next are answered with 429
   * @see https://nginx.org/en/docs/http/ngx_http_limit_req_module.html
   */
  public static perSecond(requests: number, burst: number = 0): RateLimit {
    return new RateLimit(requests, 's', burst);
  }

  /** So many in a minute, evenly. */
  public static perMinute(requests: number, burst: number = 0): RateLimit {
    return new RateLimit(requests, 'm', burst);
  }

  private constructor(
    /** @internal */
    public readonly _requests: number,
    /** @internal */
    public readonly _per: 's' | 'm',
    /** @internal */
    public readonly _burst: number,
  ) {
    mustBeWhole('requests', _requests, 1);
    mustBeWhole('burst', _burst, 0);
  }
}

/** Headers that are added to every answer. A service that sets one of them itself is left alone. */
export class SecurityHeaders {
  /**
   * Content is what it says it is, pages are framed by their own site only, other sites learn no paths.
   *
   * @see https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
   */
  public static standard(): SecurityHeaders {
    return SecurityHeaders.of({ 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'SAMEORIGIN', 'Referrer-Policy': 'strict-origin-when-cross-origin' });
  }

  /** These. */
  public static of(headers: Record<string, string>): SecurityHeaders {
    return new SecurityHeaders(Object.entries(headers));
  }

  /** None. */
  public static none(): SecurityHeaders {
    return new SecurityHeaders([]);
  }

  private constructor(private readonly headers: [string, string][]) {
    const seen = new Set<string>();
    for (const [name, value] of headers) {
      mustBeHeader(name, value);
      const plain = name.toLowerCase();
      must(!seen.has(plain), 'HEADER_TWICE', `header '${name}' is given twice; keep one`);
      must(plain !== 'strict-transport-security', 'HEADER_HSTS', `header '${name}' belongs to HTTPS only; say it with 'tls', or let the service set it`);
      seen.add(plain);
    }
  }

  /** These and one more, or one of them with another value. */
  public with(name: string, value: string): SecurityHeaders {
    return new SecurityHeaders([...this.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase()), [name, value]]);
  }

  /** @internal */
  public _list(): NginxHeader[] {
    return this.headers.map(([name, value]) => ({ name, value }));
  }
}

/** How long browsers and caches keep files. */
export class FileCaching {
  /** They ask each time whether the file has changed. */
  public static revalidated(): FileCaching {
    return new FileCaching('no-cache');
  }

  /** They keep it for so many seconds. */
  public static seconds(seconds: number): FileCaching {
    mustBeSeconds('seconds', seconds, 1);
    return new FileCaching(`public, max-age=${seconds}`);
  }

  /** They keep it for a year and never ask: for directories in which every name changes with its content, such as `assets/` of Vite. */
  public static immutable(): FileCaching {
    return new FileCaching(IMMUTABLE);
  }

  /**
   * A year for names with a hash of eight hexadecimal digits or more before an extension, as Django's ManifestStaticFilesStorage and webpack
   * write them: `app.3f2a1b9c.css`. For others they ask each time.
   */
  public static hashedNames(): FileCaching {
    return new FileCaching('no-cache', IMMUTABLE);
  }

  /** Another value of Cache-Control. */
  public static of(cacheControl: string): FileCaching {
    mustBeHeader('Cache-Control', cacheControl);
    return new FileCaching(cacheControl);
  }

  private constructor(
    /** @internal */
    public readonly _cacheControl: string,
    /** @internal */
    public readonly _hashed?: string,
  ) {}
}

/** @see https://www.rfc-editor.org/rfc/rfc8246 */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Settings of {@link NameResolution.repeated}. */
export interface RepeatedResolutionProps {
  /** IP addresses of name servers. nginx `resolver`. @default - Docker's own, 127.0.0.11, and the address at start where that does not answer */
  readonly resolvers?: string[];
  /** Ends the names of services, which nginx does not look up in search domains: `shop.svc.cluster.local`. @default - nothing */
  readonly domain?: string;
  /** Seconds for which an address is used. @default 5 */
  readonly validSeconds?: number;
}

/** How the addresses of services are found. */
export class NameResolution {
  /**
   * Once, when nginx starts, by the system: its hosts file, name servers and search domains. A service that comes back with another address is
   * not found before nginx starts again.
   */
  public static atStart(): NameResolution {
    return new NameResolution();
  }

  /**
   * Again and again, by name servers. With `keepalive`, or for several services, nginx has to be 1.27.3 or newer.
   *
   * @see https://nginx.org/en/docs/http/ngx_http_upstream_module.html#resolve
   */
  public static repeated(props: RepeatedResolutionProps = {}): NameResolution {
    const { resolvers = [DOCKER_RESOLVER], domain, validSeconds = 5 } = props;
    must(resolvers.length > 0, 'RESOLVERS', 'no name server is given; give at least one, or leave it to Docker\'s');
    resolvers.forEach(mustBeAddress);
    mustBeSeconds('validSeconds', validSeconds, 1);
    must(domain === undefined || /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(domain), 'DOMAIN', `domain '${domain}' is not a name such as shop.svc.cluster.local`);
    return new NameResolution({ addresses: [...resolvers], domain, validSeconds, orAtStart: props.resolvers === undefined });
  }

  private constructor(
    /** @internal */
    public readonly _resolver?: Omit<NginxResolver, 'by'>,
  ) {}
}

/** @see https://docs.docker.com/engine/network/#dns-services */
export const DOCKER_RESOLVER = '127.0.0.11';
