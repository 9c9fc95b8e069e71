/** Images by hand and ours, interleaved in one run on one engine: size, builds, start. */
import { availableParallelism } from 'node:os';
import { writeFigures } from './figures';
import { figures, noise, ratios } from './images/report';
import { measuredInTurns, say, type Extent } from './images/rounds';
import { SUBJECTS, variantsOf, type Subject } from './images/variants';
import { docker } from '../test/e2e/engine';

/** Rounds of builds, and starts, per subject. */
const FULL = { flask: { rounds: 2, starts: 7 }, fastapi: { rounds: 2, starts: 5 } } as Record<string, Extent>;
const QUICK = { flask: { rounds: 1, starts: 5 } } as Record<string, Extent>;

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
  const { rows, nothing } = await measuredInTurns(subject, variants, { rounds, starts });
  return [
    `## ${subject.name === 'flask' ? 'Flask' : 'FastAPI'}, ${subject.packages} packages`,
    `${rounds} rounds of builds, ${starts} of starts. Median, with the smallest and the largest in brackets; a build in which nothing changed takes ${nothing.toFixed(2)} s.`,
    figures(rows),
    `Noise (half the distance between smallest and largest, middle variant): ${noise(rows)}.`,
    ratios(rows),
  ].join('\n\n');
}

/** On what it was measured. */
export function heading(): string {
  const engine = docker('version', '--format', '{{.Server.Version}}');
  const buildx = /v?(\d+\.\d+\.\d+)/.exec(docker('buildx', 'version'))![1];
  return `Measured on a machine with ${availableParallelism()} cores, Docker ${engine}, buildx ${buildx}; everything in one run on one engine, in turns.
What is compared, and what each column means, is in [bench/README.md](../bench/README.md).`;
}
