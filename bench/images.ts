/** Images by hand and ours, interleaved in one run on one engine: size, builds, start. */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { writeFigures } from './figures';
import { build, editSource, setDependencies, sizeAboveBase, start } from './images/measure';
import { COLUMNS, figures, median, noise, ratios, type Column, type Row } from './images/report';
import { SUBJECTS, variantsOf, type Subject } from './images/variants';
import { docker } from '../test/e2e/engine';

const FIRST_PORT = 8100;
/** Rounds of builds, and starts, per subject. */
const FULL = { flask: { rounds: 2, starts: 7 }, fastapi: { rounds: 2, starts: 5 } } as Record<string, Extent>;
const QUICK = { flask: { rounds: 1, starts: 5 } } as Record<string, Extent>;

interface Extent {
  readonly rounds: number;
  readonly starts: number;
}

/** `--quick`: Flask alone, one round; it leaves the documentation as it is. `--only=WORD`: variants with that in their name, neither. */
export async function benchImages(options: string[]): Promise<void> {
  const unknown = options.find(option => option !== '--quick' && !option.startsWith('--only='));
  if (unknown) throw new Error(`option '${unknown}' is not known; there are --quick and --only=WORD`);
  const quick = options.includes('--quick');
  const only = options.find(option => option.startsWith('--only='))?.slice('--only='.length) ?? '';
  const extents = quick ? QUICK : FULL;
  const begun = performance.now();
  const parts: string[] = [];
  for (const subject of SUBJECTS.filter(({ name }) => extents[name])) parts.push(await benchSubject(subject, extents[subject.name], only));
  say(`${Math.round((performance.now() - begun) / 1000)} s in all`);
  const text = [heading(), ...parts].join('\n\n') + '\n';
  process.stdout.write(text);
  if (!quick && only === '') writeFigures('images', text);
}

async function benchSubject(subject: Subject, { rounds, starts }: Extent, only: string): Promise<string> {
  const variants = variantsOf(subject).filter(({ name }) => name.includes(only));
  const rows: Row[] = variants.map(({ name, ours }) => ({
    name, ours, samples: Object.fromEntries(COLUMNS.map(column => [column, [] as number[]])) as Record<Column, number[]>,
  }));
  const nothing: number[] = [];
  const note = (what: string) => `${what} ${Date.now()}`;
  const take = (index: number, column: Column, value: number) => {
    rows[index].samples[column].push(value);
    say(`${subject.name} / ${rows[index].ours ? 'ours' : 'by hand'}: ${rows[index].name}: ${column} ${value.toFixed(2)}`);
  };
  try {
    for (const variant of variants) {
      // downloads are in the caches from here on, those of the added dependency too
      setDependencies(variant, subject, 'added', note('warm'));
      say(`${subject.name}: ${variant.name}: warmed up in ${build(variant).toFixed(2)} s`);
    }
    for (let round = 0; round < rounds; round++) {
      for (const index of turned(variants.map((_, at) => at), round * 4)) {
        const variant = variants[index];
        setDependencies(variant, subject, 'app', note('round'));
        take(index, 'cold build, s', build(variant, '--no-cache'));
        nothing.push(build(variant));
        if (round === 0) take(index, 'above base, MB', sizeAboveBase(variant));
        editSource(variant, note('edited'));
        take(index, 'source changed, s', build(variant));
        setDependencies(variant, subject, 'added', note('added'));
        take(index, 'dependency added, s', build(variant));
      }
    }
    for (const [index, variant] of variants.entries()) say(`${subject.name}: ${variant.name}: first start ${(await start(variant, FIRST_PORT + index % 10)).toFixed(2)} s`);
    for (let round = 0; round < starts; round++) {
      for (const index of turned(variants.map((_, at) => at), round * 3)) take(index, 'first page, s', await start(variants[index], FIRST_PORT + index % 10));
    }
  } finally {
    for (const { context, ours, source } of variants) rmSync(ours ? context : source, { recursive: true, force: true });
  }
  return [
    `## ${subject.name === 'flask' ? 'Flask' : 'FastAPI'}, ${subject.packages} packages`,
    `${rounds} rounds of builds, ${starts} of starts. Median, with the smallest and the largest in brackets; a build in which nothing changed takes ${median(nothing).toFixed(2)} s.`,
    figures(rows),
    `Noise (half the distance between smallest and largest, middle variant): ${noise(rows)}.`,
    ratios(rows),
  ].join('\n\n');
}

/** The list, begun elsewhere: who goes first differs from round to round. */
function turned<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function heading(): string {
  const engine = docker('version', '--format', '{{.Server.Version}}');
  const buildx = /v?(\d+\.\d+\.\d+)/.exec(docker('buildx', 'version'))![1];
  return `Measured on a machine with ${availableParallelism()} cores, Docker ${engine}, buildx ${buildx}; everything in one run on one engine, in turns.
What is compared, and what each column means, is in [bench/README.md](../bench/README.md).`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
