/** Programs that do the same, in turns: each in a process of its own for each size and round. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { median } from './images/report';

/** What measure.js says of a program. */
export interface Sample {
  /** Seconds from the start of the process to the files. */
  readonly whole: number;
  /** Seconds of processors for that: what else runs on the machine hardly changes them. */
  readonly wholeProcessor: number;
  /** Seconds for the same in a process that has done it before. */
  readonly warm: number;
  /** Seconds of processors for that. */
  readonly warmProcessor: number;
  /** The most memory that the process had until the files were there. */
  readonly megabytes: number;
}

/** A file of the benchmark's folder, without its extension, and the kind of image. */
export type Program = readonly [file: string, kind: string];

/** What was measured of programs, by what they are called in tables. */
export interface Result {
  readonly size: number;
  readonly samples: Readonly<Record<string, Sample[]>>;
}

/** Runs a program: plain JavaScript, as a compiler in the same process would count as memory. */
export function run(folder: string, name: string, [file, kind]: Program, size: number, ...rest: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${folder}/${file}.js`, kind, `${size}`, ...rest], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return stdout;
}

/** Who is first is another one in each round. */
export function inTurns(folder: string, programs: Readonly<Record<string, Program>>, sizes: readonly number[], rounds: number): Result[] {
  const names = Object.keys(programs);
  const results = sizes.map(size => ({ size, samples: Object.fromEntries(names.map(name => [name, [] as Sample[]])) }));
  for (let round = 0; round < rounds; round++) {
    for (const { size, samples } of results) {
      const first = round % names.length;
      for (const name of [...names.slice(first), ...names.slice(0, first)]) {
        const sample = JSON.parse(run(folder, name, programs[name], size)) as Sample;
        samples[name].push(sample);
        const { whole, warm, megabytes } = sample;
        process.stderr.write(`${name}, ${size} services: ${whole.toFixed(2)} s, warm ${warm.toFixed(4)} s, ${Math.round(megabytes)} MB\n`);
      }
    }
  }
  return results;
}

/** What a program is compared to, by its name; nothing for one that others are compared to. */
export type Yardsticks = Readonly<Record<string, string | undefined>>;

/** A table of medians; in brackets the ratio of each program to its yardstick, which is the first where nothing else is said. */
export function ratios(results: readonly Result[], value: (sample: Sample, size: number) => number, digits = 2, yardsticks: Yardsticks = {}): string {
  const names = Object.keys(results[0].samples);
  const rows = results.map(({ size, samples }) => {
    const medians = new Map(names.map(name => [name, median(samples[name].map(sample => value(sample, size)))]));
    return [`${size}`, ...names.map((name, index) => {
      const one = medians.get(name)!;
      const yardstick = name in yardsticks ? yardsticks[name] : index === 0 ? undefined : names[0];
      return yardstick === undefined ? one.toFixed(digits) : `${one.toFixed(digits)} (${(one / medians.get(yardstick)!).toFixed(2)})`;
    })];
  });
  return table(['services', ...names], rows);
}

/** Milliseconds per service. */
export function perService(key: 'whole' | 'wholeProcessor' | 'warm' | 'warmProcessor'): (sample: Sample, size: number) => number {
  return (sample, size) => sample[key] / size * 1000;
}

/** Lines of code, without blank ones and comments. */
export function sourceLines(...files: string[]): string[] {
  const code = files.map(file => readFileSync(file, 'utf8').replace(/\/\*\*[^]*?\*\//g, '')).join('\n');
  return code.split('\n').filter(line => line.trim() !== '' && !/^\s*\/\//.test(line));
}

/** Characters that are no white space. */
export function characters(lines: readonly string[]): string {
  return `${lines.join('').replace(/\s/g, '').length}`;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, index) => index === 0 ? '---' : '---:'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
