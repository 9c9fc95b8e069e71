/** Variants of one subject, built, changed and started in turns. */
import { rmSync } from 'node:fs';
import { build, editSource, setDependencies, sizeAboveBase, start } from './measure';
import { COLUMNS, median, type Column, type Row } from './report';
import type { Subject, Variant } from './variants';

const FIRST_PORT = 8100;

/** How often it is done. */
export interface Extent {
  readonly rounds: number;
  readonly starts: number;
}

/**
 * All samples, and the seconds of a build in which nothing changed. The folders of the variants are removed.
 *
 * @param prepare what is done to a variant before each round, and before the first
 */
export async function measuredInTurns(subject: Subject, variants: readonly Variant[], { rounds, starts }: Extent,
  prepare: (variant: Variant, note: string) => void = () => undefined): Promise<{ rows: Row[]; nothing: number }> {
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
      prepare(variant, note('warm'));
      setDependencies(variant, subject, 'added', note('warm'));
      say(`${subject.name}: ${variant.name}: warmed up in ${build(variant).toFixed(2)} s`);
    }
    for (let round = 0; round < rounds; round++) {
      for (const index of turned(variants.map((_, at) => at), round * 4)) {
        const variant = variants[index];
        prepare(variant, note('round'));
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
  return { rows, nothing: median(nothing) };
}

/** The list, begun elsewhere: who goes first differs from round to round. */
function turned<T>(list: readonly T[], by: number): T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** Tells whoever waits. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
