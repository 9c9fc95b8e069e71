import { spawnSync } from 'node:child_process';
import { CommandFault, Exit, orFail } from './command-fault';

/**
 * Runs docker before the user's eyes, and answers with its exit code.
 *
 * @param name how messages call it
 * @param stdout where what it prints there goes
 */
export function runDocker(name: string, args: readonly string[], stdout: 'inherit' | 2 = 'inherit'): number {
  const { status, signal, error } = spawnSync('docker', args, { stdio: ['inherit', stdout, 'inherit'], env: process.env });
  mustBeThere(error);
  if (signal !== null) throw new CommandFault(Exit.FAILED, `${name} was ended by ${signal}`);
  return status ?? Exit.FAILED;
}

/** What docker prints. */
export function asDocker(args: readonly string[]): string {
  const { stdout, error } = spawnSync('docker', args, { encoding: 'utf8', env: process.env });
  mustBeThere(error);
  return stdout;
}

function mustBeThere(error: Error | undefined): void {
  orFail(error === undefined, Exit.FAILED, `docker cannot be run (${error?.message}); wheelhouse doctor says more`);
}
