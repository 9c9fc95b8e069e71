import type { HealthCheckFacts, WritablePath } from '../../build/image-facts';
import { mustBeSeconds } from '../../primitives/durations';
import { DETECTED_APPLICATION, type ApplicationKind } from '../application-object';

/** What the interpreter runs: a module as by `python -m`, or a script that an installed package brings. */
export interface ServerProgram {
  readonly kind: 'module' | 'script';
  readonly name: string;
}

/** What a server needs from the image, as plain data. */
export interface ServerPlan {
  /** Distributions that have to be among the packages, by their normalized names. */
  readonly distributions: readonly string[];
  readonly program: ServerProgram;
  /** Modules that it imports when it starts, those that it finds by name among them; after a `?`, those that may be missing. @default - unknown */
  readonly imports?: readonly string[];
  /** Arguments of the program. One of {@link DETECTED_APPLICATION} among them stands for the application that the source has. */
  readonly args: readonly string[];
  /** Arguments with which it starts its application again when a Python file of it changes. @default - it has no such way */
  readonly reloadArgs?: readonly string[];
  /** Option that it wants before the name of a function that makes the application, where `module:create()` is not understood. */
  readonly factoryOption?: string;
  /** Port that it listens on, if any. */
  readonly port?: number;
  readonly stopSignal: string;
  /** Whether it ends on that signal when it is process 1. */
  readonly handlesStopSignal: boolean;
  /** Seconds that work in progress may take to end after the signal. */
  readonly gracefulTimeoutSeconds: number;
  /** Seconds after the signal in which a deployment does not kill. */
  readonly stopGraceSeconds: number;
  /** How to tell that it works. A command in it is arguments of the interpreter, which only the layout knows. */
  readonly healthCheck?: HealthCheckFacts;
  /** Directories that it writes to, beyond `/tmp` and the home directory. */
  readonly writablePaths: readonly WritablePath[];
}

/** How long work in progress may take when nothing else is said. */
const GRACEFUL_TIMEOUT_SECONDS = 30;

/** How long a deployment waits after the graceful timeout: the server needs a moment to notice that it has passed. */
const KILL_MARGIN_SECONDS = 5;

/** Facts about the end of a server that SIGTERM asks to end. */
export function ending(handlesStopSignal: boolean, gracefulTimeoutSeconds: number = GRACEFUL_TIMEOUT_SECONDS) {
  mustBeSeconds('gracefulTimeoutSeconds', gracefulTimeoutSeconds, 1);
  return { stopSignal: 'SIGTERM', handlesStopSignal, gracefulTimeoutSeconds, stopGraceSeconds: gracefulTimeoutSeconds + KILL_MARGIN_SECONDS };
}

/** A request for `path`, or a connection when there is none. */
export function portCheck(port: number, path: string | undefined): HealthCheckFacts {
  const timings = { intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 };
  return path === undefined ? { tcpPort: port, ...timings } : { http: { port, path }, ...timings };
}

/** The arguments of an option that may be left out. */
export function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, `${value}`];
}

/** The arguments that name an application: `module:variable`, or a call such as `module:create()`. */
export function applicationArgs(application: string, factoryOption: string | undefined): string[] {
  return factoryOption && application.endsWith('()') ? [factoryOption, application.slice(0, -2)] : [application];
}

/** Which kind of application has to be found in the source, or none. */
export function applicationToDetect({ args }: ServerPlan): ApplicationKind | undefined {
  return (['wsgi', 'asgi'] as const).find(kind => args.includes(DETECTED_APPLICATION[kind]));
}

/** The arguments, with the application that was found in the source. */
export function argsWith({ args, factoryOption }: ServerPlan, application: string): string[] {
  const placeholders: readonly string[] = Object.values(DETECTED_APPLICATION);
  return args.flatMap(arg => placeholders.includes(arg) ? applicationArgs(application, factoryOption) : [arg]);
}

/**
 * The program as an argument vector. A script is run by the interpreter and not by its first line, which names a path of the build.
 *
 * @param interpreter the layout's
 * @param scripts directory of the scripts, the layout's too
 */
export function serverEntrypoint({ program }: ServerPlan, interpreter: string, scripts: string, options: readonly string[] = []): string[] {
  return [interpreter, ...options, ...(program.kind === 'module' ? ['-m', program.name] : [`${scripts}/${program.name}`])];
}

/** The health check, with the interpreter that carries out its command. */
export function serverHealthCheck({ healthCheck: check }: ServerPlan, interpreter: string): HealthCheckFacts | undefined {
  return check?.command ? { ...check, command: [interpreter, ...check.command] } : check;
}
