import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestIn } from './manifest';
import type { Answer } from './program';
import { shown } from './project';
import type { Paint } from './terminal';
import { unifiedDiff } from './unified-diff';
import { sortedUnique } from '../primitives/stable';

/** A file that synth would write, change or delete. */
export interface Difference {
  /** Path in the output folder. */
  readonly path: string;
  /** What is there; nothing when it is new. */
  readonly before?: string;
  /** What synth would write; nothing when it would delete it. */
  readonly after?: string;
}

/** The second is what a synth leaves that was cut off. */
const OWN_FILES = ['manifest.json', 'journal.json'];

/** What is not as a preview says that it has to be, the manifest last. */
export function compareOutput({ outdir, directory }: Pick<Answer, 'outdir' | 'directory'>): Difference[] {
  const files = [outdir, directory].flatMap(folder => Object.keys(manifestIn(folder)?.files ?? {}));
  return [...sortedUnique(files), ...OWN_FILES]
    .map(path => ({ path, before: textAt(join(outdir, path)), after: textAt(join(directory, path)) }))
    .filter(({ before, after }) => before !== after);
}

/** The differences as one text that `git apply` and `patch` take. */
export function differenceText(outdir: string, differences: readonly Difference[], paint: Paint): string {
  return painted(differences.map(({ path, before, after }) => {
    const name = shown(join(outdir, path)).split('\\').join('/');
    return unifiedDiff(before === undefined ? '/dev/null' : `a/${name}`, after === undefined ? '/dev/null' : `b/${name}`, before ?? '', after ?? '');
  }).join(''), paint);
}

/** A unified diff in colours. */
export function painted(text: string, { red, green, dim }: Paint): string {
  return text.split('\n').map(line => line.startsWith('@@') ? dim(line) : line.startsWith('-') ? red(line) : line.startsWith('+') ? green(line) : line).join('\n');
}

function textAt(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
