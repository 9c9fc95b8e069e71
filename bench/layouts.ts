/** Each layout beside the technique as it is written by hand, interleaved in one run on one engine. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFigures } from './figures';
import { heading } from './images';
import { figures, noise, ratiosToOriginals } from './images/report';
import { measuredInTurns, say } from './images/rounds';
import { ours, reference, SUBJECTS, type Variant } from './images/variants';
import { Layout, PythonBase } from 'cdk-wheelhouse';

const SLIM = 'python:3.13-slim-bookworm';
/** By the name of the original in `bench/layouts`. */
const LAYOUTS: Record<string, Layout> = {
  venv: Layout.venv(), prefix: Layout.prefix(), userBase: Layout.userBase(), wheelhouse: Layout.wheelhouse(), pex: Layout.pex(),
};
/** For those by hand: a pex unpacks itself there, with libraries that are then loaded. */
const MEMORY = ['--tmpfs', '/tmp:exec'];
const FULL = { rounds: 3, starts: 7 };
const QUICK = { rounds: 1, starts: 5 };

/** `--quick`: one round; it leaves the documentation as it is. `--only=WORD`: layouts with that in their name, neither. */
export async function benchLayouts(options: string[]): Promise<void> {
  const unknown = options.find(option => option !== '--quick' && !option.startsWith('--only='));
  if (unknown) throw new Error(`option '${unknown}' is not known; there are --quick and --only=WORD`);
  const quick = options.includes('--quick');
  const only = options.find(option => option.startsWith('--only='))?.slice('--only='.length) ?? '';
  const [flask] = SUBJECTS;
  const base = () => PythonBase.slim({ python: '3.13', debian: 'bookworm' });
  const variants = Object.entries(LAYOUTS).filter(([name]) => name.includes(only)).flatMap(([name, layout]) => [
    { ...reference(flask, name, SLIM, join('bench/layouts', name, 'Dockerfile'), '.'), options: MEMORY }, ours(flask, { name, base, layout }),
  ]);
  const extent = quick ? QUICK : FULL;
  const begun = performance.now();
  const { rows, nothing } = await measuredInTurns(flask, variants, extent, withNewCaches);
  say(`${Math.round((performance.now() - begun) / 1000)} s in all`);
  const text = [
    heading(),
    `${extent.rounds} rounds of builds, ${extent.starts} of starts. Median, with the smallest and the largest in brackets; a build in which nothing changed takes ${nothing.toFixed(2)} s.`,
    figures(rows),
    `Noise (half the distance between smallest and largest, middle variant): ${noise(rows)}.`,
    ratiosToOriginals(rows),
  ].join('\n\n') + '\n';
  process.stdout.write(text);
  if (!quick && only === '') writeFigures('layouts', text, 'docs/python-layouts.md');
}

/** Has the cache mounts of a Dockerfile begin empty: under names that no build had before. Those by hand have none. */
function withNewCaches({ dockerfile, ours: isOurs }: Variant, note: string): void {
  if (!isOurs) return;
  const id = note.replace(/ /g, '-');
  const text = readFileSync(dockerfile, 'utf8').replace(/type=cache(,id=\S+?)?,target=([^, ]+)/g, `type=cache,id=bench-${id}$2,target=$2`);
  writeFileSync(dockerfile, text);
}
