import { resolve } from 'node:path';
import { DEFAULT_OUTDIR } from '../build/source-directory';
import { must } from '../primitives/faults';

/**
 * What `wheelhouse` tells the App of the program that it runs. It travels in an environment variable, which passes every launcher
 * (npx, ts-node, Python's jsii) on its way. This is the only place outside the command that reads the environment; without the
 * variable, App does what the program says and no more.
 */
export interface Handover {
  /** The day, for findings that depend on it. */
  readonly today: string;
  /** Folder that the output belongs in, when the user names one. */
  readonly outdir?: string;
  /** Folder of the command's own, for what App answers. */
  readonly answers: string;
  /** Whether the output is only wanted for a look: it is written below `answers`, and what it belongs in stays as it is. */
  readonly preview: boolean;
  /** Whether only what makes strict requirements is wanted: the rest may be refused because they are not there yet. */
  readonly lock?: boolean;
}

/** Reads `WHEELHOUSE_COMMAND`; nothing when no command runs this program. */
export function handover(): Handover | undefined {
  const text = process.env.WHEELHOUSE_COMMAND;
  if (!text) return undefined;
  const { today, outdir, answers, preview, lock } = parsed(text) ?? {};
  must(typeof today === 'string' && typeof answers === 'string' && typeof preview === 'boolean' && (lock === undefined || typeof lock === 'boolean') && (outdir === undefined || typeof outdir === 'string'),
    'COMMAND_HANDOVER', `WHEELHOUSE_COMMAND is '${text}', which this version does not understand; it is set by 'wheelhouse' alone: unset it, or use the same version of both`);
  return { today, outdir, answers, preview, lock };
}

/** The folder that the output belongs in. The user's word and the program's have to agree. */
export function agreedOutdir(declared: string | undefined, root: string, handed: string | undefined): string {
  if (handed === undefined) return resolve(declared ?? `${root}/${DEFAULT_OUTDIR}`);
  must(declared === undefined || resolve(declared) === resolve(handed), 'OUTDIR_TWICE',
    `the program's 'outdir' is '${declared}', and wheelhouse was told '${handed}'; say it in one of the two places`);
  return resolve(handed);
}

function parsed(text: string): Partial<Record<keyof Handover, unknown>> | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}
