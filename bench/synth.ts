/** Times synthesis: ours beside cdk8s-plus, in turns, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { writeFigures } from './figures';
import { median } from './images/report';

const SIZES = [10, 100, 1_000, 10_000];
const QUICK = [10, 100, 1_000];
const ROUNDS = 3;
const PROGRAMS = ['ours', 'cdk8s-plus'] as const;

interface Sample {
  /** Seconds from nothing to files that are new. */
  readonly first: number;
  /** Seconds for the same again. */
  readonly unchanged: number;
  /** The most memory that the process had. */
  readonly megabytes: number;
}

/** `--quick`: up to 1,000 services. */
export async function benchSynth(options: string[]): Promise<void> {
  const unknown = options.find(option => option !== '--quick');
  if (unknown) throw new Error(`option '${unknown}' is not known; there is --quick`);
  const sizes = options.includes('--quick') ? QUICK : SIZES;
  const results = sizes.map(size => ({ size, 'ours': [] as Sample[], 'cdk8s-plus': [] as Sample[] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const result of results) {
      for (const program of round % 2 === 0 ? PROGRAMS : [...PROGRAMS].reverse()) {
        const sample = run(program, result.size);
        result[program].push(sample);
        process.stderr.write(`${program}, ${result.size} services: ${sample.first.toFixed(2)} s, unchanged ${sample.unchanged.toFixed(2)} s, ${Math.round(sample.megabytes)} MB\n`);
      }
    }
  }
  const perService = (samples: readonly Sample[], key: 'first' | 'unchanged', size: number) => median(samples.map(sample => sample[key])) / size * 1000;
  const rows = results.map(({ size, ...samples }) => {
    const [first, unchanged, theirs] = [perService(samples.ours, 'first', size), perService(samples.ours, 'unchanged', size), perService(samples['cdk8s-plus'], 'first', size)];
    const memory = Math.round(Math.max(...samples.ours.map(sample => sample.megabytes)));
    return { size, first, unchanged, theirs, memory };
  });
  const [low, high] = rows.slice(-2);
  const exponent = (key: 'first' | 'unchanged') => 1 + Math.log(high[key] / low[key]) / Math.log(high.size / low.size);
  const text = [
    `Median of ${ROUNDS} rounds, ${availableParallelism()} cores, milliseconds per service; cdk8s-plus: a Deployment and a Service each, from nothing.`,
    '',
    '| services | from nothing | unchanged | cdk8s-plus | ratio, from nothing | ratio, unchanged | peak memory, MB |',
    '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(({ size, first, unchanged, theirs, memory }) =>
      `| ${size} | ${first.toFixed(2)} | ${unchanged.toFixed(2)} | ${theirs.toFixed(2)} | ${(first / theirs).toFixed(2)} | ${(unchanged / theirs).toFixed(2)} | ${memory} |`),
    '',
    `Growth exponent between ${low.size} and ${high.size}: ${exponent('first').toFixed(2)} from nothing, ${exponent('unchanged').toFixed(2)} unchanged.`,
    '',
  ].join('\n');
  process.stdout.write(text);
  if (!options.includes('--quick')) writeFigures('synth', text);
}

function run(program: string, size: number): Sample {
  // plain JavaScript: a compiler in the same process would count as memory
  const { status, stdout, stderr } = spawnSync(process.execPath, [join('bench/synth', `${program}.js`), `${size}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return JSON.parse(stdout) as Sample;
}
