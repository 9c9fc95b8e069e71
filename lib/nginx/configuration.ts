import type { Directive } from './directive';

/** One nginx configuration file, as plain data. */
export interface NginxConfiguration {
  /** Port of plain HTTP. */
  readonly listenPort: number;
  /** Directory for the process id and for bodies that do not fit in memory. */
  readonly temporaryDirectory: string;
  /** Seconds that requests in progress may take to end when nginx is asked to. */
  readonly gracefulTimeoutSeconds: number;
  /** Path that nginx itself answers with 200, under any host that has no server of its own. */
  readonly healthPath: string;
  readonly accessLog: 'json' | 'combined' | 'off';
  /** Networks whose word on the client's address, protocol and request id is taken. */
  readonly trustedProxies: readonly string[];
  /** Headers of every answer. What an upstream sets itself stays. */
  readonly responseHeaders: readonly NginxHeader[];
  readonly compression: 'none' | 'files' | 'all';
  /** The most that a body may hold, in mebibytes; 0: no limit. */
  readonly bodyMebibytes: number;
  /** Seconds to wait for the client: for its header, or between two parts of its body or of the answer that it takes. */
  readonly clientTimeoutSeconds: number;
  /** Asked again and again for the addresses of upstreams. @default - addresses are looked up once, at start */
  readonly resolver?: NginxResolver;
  readonly upstreams: readonly NginxUpstream[];
  readonly requestZones: readonly NginxRequestZone[];
  readonly servers: readonly NginxServer[];
  /** @default - plain HTTP only */
  readonly tls?: NginxTls;
  /** More directives of `http`. */
  readonly directives: readonly Directive[];
}

/** A header with a value that is not empty. */
export interface NginxHeader {
  readonly name: string;
  readonly value: string;
}

/** Who knows the addresses of upstreams. */
export interface NginxResolver {
  /** IP addresses. */
  readonly addresses: readonly string[];
  readonly validSeconds: number;
  /** Ends the names of upstreams: `shop.svc.cluster.local`. */
  readonly domain?: string;
  /** In the upstream group, which keeps its connections, or by a variable in each location, which does not. */
  readonly by: 'upstream' | 'variable';
  /** Whether the address at start is used as long as the resolver does not answer. */
  readonly orAtStart: boolean;
}

/** Servers that requests are handed to. */
export interface NginxUpstream {
  /** Name in this file, and the `upstream` of error messages. */
  readonly name: string;
  readonly servers: readonly NginxUpstreamServer[];
  readonly balance: 'roundRobin' | 'leastConnections' | 'clientAddress';
  /** @default - each request has a connection of its own */
  readonly keepalive?: NginxKeepalive;
}

/** A server that requests are handed to. */
export interface NginxUpstreamServer {
  readonly host: string;
  readonly port: number;
  /** Whether it only gets requests while none of the others works. */
  readonly backup: boolean;
}

/** Idle connections to an upstream that are kept. */
export interface NginxKeepalive {
  /** How many, in each worker process. */
  readonly connections: number;
  /** How long. */
  readonly idleSeconds: number;
}

/** Counts the requests of each client. */
export interface NginxRequestZone {
  readonly name: string;
  readonly requests: number;
  readonly per: 's' | 'm';
}

/** What is answered under one host name, or under every other. */
export interface NginxServer {
  /** @default - whatever no other server answers */
  readonly host?: string;
  readonly locations: readonly NginxLocation[];
  /** More directives. */
  readonly directives: readonly Directive[];
}

/** Requests whose path starts with `path`, of which the longest wins; or is `path`, which wins over all. */
export interface NginxLocation {
  readonly match: 'prefix' | 'exact';
  readonly path: string;
  readonly answer: NginxProxy | NginxFiles;
  /** The most that a body may hold, in mebibytes; 0: no limit. @default - as the file says */
  readonly bodyMebibytes?: number;
  readonly requestLimit?: { readonly zone: string; readonly burst: number };
  /** Connections of one client at once. */
  readonly connectionLimit?: number;
  /** More directives. */
  readonly directives: readonly Directive[];
}

/** Requests are handed on. */
export interface NginxProxy {
  readonly kind: 'proxy';
  /** Name of an upstream. */
  readonly upstream: string;
  readonly connectTimeoutSeconds: number;
  readonly sendTimeoutSeconds: number;
  readonly readTimeoutSeconds: number;
  readonly websocket: boolean;
  readonly bufferAnswer: boolean;
  readonly bufferRequest: boolean;
}

/** Requests are answered with files. */
export interface NginxFiles {
  readonly kind: 'files';
  /** Directory with the file of `/a/b` at `a/b`. */
  readonly root: string;
  /** Path of the request that is answered instead of one that there is no file for. @default - 404 */
  readonly fallback?: string;
  /** Value of Cache-Control. */
  readonly cacheControl: string;
  /** Value of Cache-Control for files whose names hold a hash of what is in them. @default - the same */
  readonly hashedCacheControl?: string;
}

/** Encryption of the connections from clients. */
export interface NginxTls {
  readonly port: number;
  /** Port under which clients reach `port`. */
  readonly publicPort: number;
  /** File with the certificate and those that vouch for it. */
  readonly certificate: string;
  /** File with its key. */
  readonly key: string;
  /** Seconds for which clients use nothing but HTTPS; 0: they are not told to. */
  readonly hstsSeconds: number;
  readonly hstsSubdomains: boolean;
  /** How HTTP/2 is switched on: by a directive, by a word of `listen`, or not at all. */
  readonly http2: 'directive' | 'listen' | 'off';
}
