import { ending, portCheck, type ServerPlan, type ServerProgram } from './server-plan';
import { mustBeModule, mustBeScript, mustBeWebServer } from './server-values';
import type { HealthCheckFacts, WritablePath } from '../../build/image-facts';
import { must } from '../../primitives/faults';

/** Settings of {@link PythonServer.module} and {@link PythonServer.consoleScript}: what the program says of itself nowhere. */
export interface ProgramProps {
  /** Arguments. @default - none */
  readonly args?: string[];
  /** Distributions that have to be among the packages. @default - not checked */
  readonly distributions?: string[];
  /** Port that it listens on, on all addresses, 1024-65535: the process is not root. @default - none */
  readonly port?: number;
  /**
   * Path that answers with a status below 400 when it works.
   * @default - with a port, that has to accept a connection; without one there is no health check
   */
  readonly healthPath?: string;
  /** Directories that it writes to, beyond `/tmp` and the home directory. @default - none */
  readonly writablePaths?: WritablePath[];
  /**
   * Whether it ends on SIGTERM when it is process 1. Python does nothing about that signal, and the kernel spares process 1 what it
   * does not handle: without code of its own a program is killed after the whole grace time, so deployments put an init before it.
   * @default false
   * @see https://docs.docker.com/reference/cli/docker/container/run/#init
   */
  readonly handlesStopSignal?: boolean;
  /** Seconds that work in progress may take to end after SIGTERM. Deployments wait five seconds longer before they kill. @default 30 */
  readonly gracefulTimeoutSeconds?: number;
}

/** What `python -m` runs. Seen of `http.server` as process 1: killed with 137 after the whole grace; behind an init 143 at once. */
export function modulePlan(name: string, props: ProgramProps): ServerPlan {
  mustBeModule('module', name);
  return programPlan({ kind: 'module', name }, props);
}

/** What a package has installed beside the interpreter. */
export function consoleScriptPlan(name: string, props: ProgramProps): ServerPlan {
  mustBeScript(name);
  return programPlan({ kind: 'script', name }, props);
}

function programPlan(program: ServerProgram, props: ProgramProps): ServerPlan {
  const { args = [], distributions = [], port, healthPath, writablePaths = [], handlesStopSignal = false } = props;
  mustBeWebServer(props);
  must(healthPath === undefined || port !== undefined, 'HEALTH_PORT', `health path '${healthPath}' has no port to ask; give the port as well`);
  return {
    distributions: [...distributions],
    program,
    args: [...args],
    port,
    ...ending(handlesStopSignal, props.gracefulTimeoutSeconds),
    healthCheck: health(port, healthPath),
    writablePaths: [...writablePaths],
  };
}

function health(port: number | undefined, path: string | undefined): HealthCheckFacts | undefined {
  return port === undefined ? undefined : portCheck(port, path);
}
