/** What a build did, step by step, as BuildKit tells it. */
import { run } from './engine';

/** One step of a stage. */
export interface BuildStep {
  /** The instruction, on one line. */
  readonly instruction: string;
  readonly cached: boolean;
}

/** Builds a Dockerfile and answers with its steps other than FROM, in the order of the first mention. `options` are those of the build. */
export function cachedSteps(dockerfile: string, context: string, ...options: string[]): BuildStep[] {
  const { status, stderr, stdout } = run('docker', ['buildx', 'build', '--progress', 'plain', ...options, '--file', dockerfile, context]);
  if (status !== 0) throw new Error(`the build failed\n${stdout}${stderr}`);
  const lines = `${stdout}${stderr}`.split('\n');
  const named = lines.flatMap(line => {
    const [, number, instruction] = /^#(\d+) \[(?:\S+)? *\d+\/\d+\] (?!FROM|WORKDIR \/empty)(.*)$/.exec(line) ?? [];
    return number === undefined ? [] : [{ number, instruction: instruction.replace(/\s+/g, ' ') }];
  });
  // a directory made on nothing at all is made each time, and said not to be cached: it takes no time, and what follows is cached
  const cached = new Set(lines.flatMap(line => /^#(\d+) CACHED$/.exec(line)?.[1] ?? []));
  const once = named.filter((step, index) => named.findIndex(other => other.number === step.number) === index);
  if (once.length === 0) throw new Error(`no steps in what the build said\n${lines.join('\n')}`);
  return once.map(({ number, instruction }) => ({ instruction, cached: cached.has(number) }));
}
