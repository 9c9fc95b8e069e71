import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFault, Exit, orFail } from './command-fault';
import { shown, type Project } from './project';
import { progress } from './terminal';
import type { Handover } from '../app/handover';
import type { LockAnswer } from '../app/lock-answer';
import type { Finding } from '../checks/check';
import type { Loss } from '../output/loss';

/** What one App of the program did. Paths start at the output folder. */
export interface Answer {
  /** Folder that the output belongs in. */
  readonly outdir: string;
  /** Folder that it was written to: another one in a preview. */
  readonly directory: string;
  readonly written: readonly string[];
  readonly created: readonly string[];
  readonly unchanged: readonly string[];
  readonly deleted: readonly string[];
  readonly findings: readonly Finding[];
  readonly losses: readonly Loss[];
  /** What makes strict requirements, when that is what was asked for. */
  readonly locks?: readonly LockAnswer[];
}

const NO_PROGRAM = 'no program is named; give --app "COMMAND", or create wheelhouse.json with wheelhouse init';

/** What the program is run for: what it writes, a look at that, or only what makes strict requirements. */
export type Wanted = 'output' | 'preview' | 'locks';

/**
 * Runs the program, and `use`s what its Apps answered. The program's own words go through; those of a preview to stderr, as stdout
 * is for its result.
 */
export function runProgram<T>({ directory, app, output }: Project, wanted: Wanted, use: (answers: readonly Answer[]) => T): T {
  const preview = wanted !== 'output';
  orFail(app, Exit.WRONG_COMMAND_LINE, NO_PROGRAM);
  const answers = mkdtempSync(join(tmpdir(), 'wheelhouse-'));
  try {
    const handed: Handover = { today: new Date().toISOString().slice(0, 10), outdir: output, answers, preview, lock: wanted === 'locks' ? true : undefined };
    progress(`running ${app}`);
    const { status, signal, error } = spawnSync(app, {
      cwd: directory, shell: true, stdio: ['inherit', preview ? 2 : 'inherit', 'inherit'], env: { ...process.env, WHEELHOUSE_COMMAND: JSON.stringify(handed) },
    });
    if (error) throw error;
    mustHaveWorked(app, status, signal);
    const given = answersIn(answers);
    orFail(given.length > 0, Exit.FAILED, `the program ended well and synthesized nothing; does it call app.synth(), with a cdk-wheelhouse of this version? ${app}`);
    return use(given);
  } finally {
    rmSync(answers, { recursive: true, force: true });
  }
}

/** The shell adds 128 to the number of the signal that ended its command. */
function mustHaveWorked(app: string, status: number | null, signal: NodeJS.Signals | null): void {
  if (status === 0) return;
  const number = signal === null ? (status ?? 0) - 128 : constants.signals[signal];
  if (number === constants.signals.SIGINT || number === constants.signals.SIGTERM) throw new CommandFault(128 + number, `interrupted: ${app}`);
  throw new CommandFault(Exit.PROGRAM_FAILED, `the program failed (${signal === null ? `exit ${status}` : `by ${signal}`}): ${app}`);
}

function answersIn(folder: string): Answer[] {
  const files = readdirSync(folder).filter(name => name.endsWith('.json'));
  return files.map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Answer)
    .sort((a, b) => shown(a.outdir) < shown(b.outdir) ? -1 : 1);
}
