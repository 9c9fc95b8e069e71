/** One nginx configuration file, as plain data. */
export interface NginxConfiguration {
  /** Port that nginx listens on. */
  readonly listenPort: number;
  /** Directory for the process id and for bodies that do not fit in memory. */
  readonly temporaryDirectory: string;
  readonly upstreams: readonly NginxUpstream[];
  readonly locations: readonly NginxLocation[];
}

/** A server that requests are handed to. */
export interface NginxUpstream {
  /** Name in this file, and the `upstream` of error messages. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Requests whose path starts with `prefix`; the longest matching prefix wins. */
export interface NginxLocation {
  /** Starts and ends with `/`. */
  readonly prefix: string;
  /** Name of an upstream. */
  readonly upstream: string;
  readonly connectTimeoutSeconds: number;
  readonly sendTimeoutSeconds: number;
  readonly readTimeoutSeconds: number;
}
