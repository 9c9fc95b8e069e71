import type { Architecture } from './architecture';

/** An HTTP request that a healthy process answers with a status below 400. */
export interface HttpProbe {
  /** Port that the process listens on. */
  readonly port: number;
  /** Path of the request, starting with `/`. */
  readonly path: string;
  /** `Host` header, for frameworks that refuse names they do not know. @default - the address */
  readonly host?: string;
}

/**
 * How a deployment learns that a container works. Exactly one of `http`, `tcpPort` and `command` is given; an image that brings a program to ask
 * with has a `command` besides, for engines that check from inside.
 *
 * Dockerfile HEALTHCHECK, compose `healthcheck`, Kubernetes startup, readiness and liveness probe.
 * @see https://docs.docker.com/reference/dockerfile/#healthcheck
 */
export interface HealthCheckFacts {
  /** An HTTP request. @default - not checked by HTTP */
  readonly http?: HttpProbe;
  /** A port that has to accept a connection. @default - not checked by connecting */
  readonly tcpPort?: number;
  /** A command that has to exit with 0, as an argument vector. @default - not checked by a command */
  readonly command?: string[];
  /** Seconds between two checks. */
  readonly intervalSeconds: number;
  /** Seconds after which one check has failed. */
  readonly timeoutSeconds: number;
  /** Failures in a row that make the container unhealthy. */
  readonly retries: number;
  /** Seconds from the start in which failures do not count; checked every second meanwhile. */
  readonly startPeriodSeconds: number;
}

/** A directory that the process writes to; everything else may be read-only. */
export interface WritablePath {
  /** Absolute path in the container. */
  readonly path: string;
  /** User that owns it. @default - the user that the image runs as */
  readonly userId?: number;
  /** Group that owns it. @default - the group that the image runs as */
  readonly groupId?: number;
  /** Mode in octal. @default '0700' */
  readonly mode?: string;
  /** Whether files in it may be executed. @default false */
  readonly exec?: boolean;
  /** The most that it may hold, in mebibytes. @default - no limit of its own */
  readonly sizeMebibytes?: number;
  /** Whether what is in it has to outlive the container: a volume belongs there, and nothing else makes it writable. @default false */
  readonly data?: boolean;
}

/** How the container of an image that is made for development is kept as its source is, while somebody works on that. */
export interface DevelopmentFacts {
  /** Directory, from the App's root, whose files are copied into the running container when they change. @default - none is copied */
  readonly source?: string;
  /** Where they are in the container; its user may write there. @default - none is copied */
  readonly target?: string;
  /** Patterns of those files, as in an ignore list, that the process itself notices; for others it has to be started again. @default - it notices none */
  readonly noticed?: string[];
  /** Files, from the App's root, whose change builds the image again. */
  readonly rebuildFiles: string[];
  /** Directories of such files. @default - none */
  readonly rebuildDirectories?: string[];
  /**
   * Port on which a debugger listens. Who reaches it runs what they like in the process: it is never published beyond the machine.
   * @default - there is no debugger
   */
  readonly debuggerPort?: number;
}

/** All that a deployment may know of an image. A fact that is absent is unknown. */
export interface ImageFacts {
  /** Number of the user that the process runs as. @default - unknown */
  readonly userId?: number;
  /** Number of its group. @default - unknown */
  readonly groupId?: number;
  /**
   * Processors that it is made for. Compose `platform`, Kubernetes the node label `kubernetes.io/arch`, ECS `cpuArchitecture`.
   * @default - unknown: that of whoever builds or pulls it
   */
  readonly architecture?: Architecture;
  /** TCP ports that the process listens on, in ascending order. */
  readonly ports: number[];
  /** How to tell that it works. @default - nothing is known */
  readonly healthCheck?: HealthCheckFacts;
  /** Directories that it writes to. */
  readonly writablePaths: WritablePath[];
  /** Signal that asks it to end. @default - the engine's, SIGTERM */
  readonly stopSignal?: string;
  /** Whether it ends on that signal when it is process 1. @default - unknown, and a deployment puts an init before it */
  readonly handlesStopSignal?: boolean;
  /** Seconds that it may take to end after the signal. @default - unknown */
  readonly stopGraceSeconds?: number;
  /** Seconds after the signal in which the server itself lets requests in progress end; below `stopGraceSeconds`. @default - unknown */
  readonly gracefulTimeoutSeconds?: number;
  /** Command that sets variables from secret files and then becomes the command that follows it. @default - there is none */
  readonly launcher?: string[];
  /** Python interpreter in the image that can run a health check. @default - none is known */
  readonly interpreter?: string;
  /**
   * Command in the image that asks a port, for images without an interpreter: `http`, port, path, seconds and perhaps a `Host` header follow it, or
   * `tcp`, port and seconds. It ends with 0 when the answer is good.
   * @default - none is known
   */
  readonly prober?: string[];
  /** How its source is kept as it is in the source tree. @default - it is not: the image is made to be deployed */
  readonly development?: DevelopmentFacts;
}

/** What of an image can carry out a check. */
export type ProbePrograms = Pick<ImageFacts, 'interpreter' | 'prober'>;

/**
 * The command that carries out a check inside the container, or nothing when the image has nothing to do it with.
 *
 * `-I -S` leaves out site packages and the environment: the check starts in milliseconds and no proxy variable redirects it.
 */
export function probeCommand(check: HealthCheckFacts, { interpreter, prober }: ProbePrograms): string[] | undefined {
  if (check.command) return [...check.command];
  if (prober) return [...prober, ...probeArguments(check)];
  if (!interpreter) return undefined;
  if (check.http) return [interpreter, '-IS', '-c', httpProbe(check.http, check.timeoutSeconds)];
  return [interpreter, '-IS', '-c', `import socket; socket.create_connection(('127.0.0.1', ${check.tcpPort}), ${check.timeoutSeconds})`];
}

function probeArguments({ http, tcpPort, timeoutSeconds }: HealthCheckFacts): string[] {
  if (!http) return ['tcp', `${tcpPort}`, `${timeoutSeconds}`];
  return ['http', `${http.port}`, http.path, `${timeoutSeconds}`, ...(http.host === undefined ? [] : [http.host])];
}

function httpProbe(probe: HttpProbe, timeout: number): string {
  const headers = probe.host === undefined ? '' : `, headers={'Host': ${pythonText(probe.host)}}`;
  return `import http.client as h; c = h.HTTPConnection('127.0.0.1', ${probe.port}, timeout=${timeout}); `
    + `c.request('GET', ${pythonText(probe.path)}${headers}); raise SystemExit(c.getresponse().status >= 400)`;
}

/** A Python string literal of printable ASCII. */
function pythonText(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`;
}
