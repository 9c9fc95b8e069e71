import type { DevelopmentFacts } from '../build/image-facts';
import type { Fault } from '../primitives/faults';
import type { ServerPlan } from './servers/server-plan';

/** How an image for development differs from the other, as data. */
export interface DevelopmentInput {
  /** Port of the debugger; nothing when there is none. */
  readonly debuggerPort?: number;
}

/** How soon it is killed: nobody wants to wait for work in progress before they see their edit. The server is told otherwise, and may end sooner. */
export const DEVELOPMENT_END = { stopGraceSeconds: 5, gracefulTimeoutSeconds: undefined };

/** What of the source tree the build reads. */
export interface DevelopmentSource {
  /** Directory of the application. */
  readonly source: string;
  /** Where it is in the image; nothing when it is installed. */
  readonly target?: string;
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** What a deployment has to know of a process whose source somebody works on. */
export function developmentFacts(of: DevelopmentSource, { reloadArgs }: ServerPlan, debuggerPort?: number): DevelopmentFacts {
  const { source, target, files, directories } = of;
  const rebuilt = directories.filter(path => target === undefined || path !== source);
  const rebuildDirectories = rebuilt.filter(path => !rebuilt.some(other => isIn(path, other)));
  const rebuildFiles = files.filter(path => !rebuildDirectories.some(directory => isIn(path, directory)));
  if (target === undefined) return { rebuildFiles, rebuildDirectories, debuggerPort };
  return { source, target, noticed: reloadArgs ? ['**/*.py'] : [], rebuildFiles, rebuildDirectories, debuggerPort };
}

function isIn(path: string, directory: string): boolean {
  return path !== directory && (directory === '.' || path.startsWith(`${directory}/`));
}

/**
 * Options of the interpreter that have a debugger listen before the program starts, and follow the processes that it makes. Without
 * frozen modules it sees all of the standard library.
 *
 * @see https://github.com/microsoft/debugpy/wiki/Command-Line-Reference
 */
export function debuggerOptions(development: DevelopmentInput | undefined): string[] {
  return development?.debuggerPort === undefined ? [] : ['-Xfrozen_modules=off', '-m', 'debugpy', '--listen', `0.0.0.0:${development.debuggerPort}`];
}

/** What a debugger needs that is not there. */
export function debuggerFaults(port: number | undefined, server: ServerPlan, distributions: readonly string[] | undefined): Fault[] {
  if (port === undefined) return [];
  return [
    ...(!distributions || distributions.includes('debugpy') ? [] : [{
      code: 'DEBUGGER_NOT_INSTALLED', problem: "the debugger is debugpy, which is not among the required packages; add it to them, or leave out 'debuggerPort'",
    }]),
    ...(server.port !== port ? [] : [{ code: 'DEBUGGER_PORT', problem: `debuggerPort ${port} is the port that the server listens on; use another, such as 5678` }]),
  ];
}
