/** The part of the documentation that benchmarks write: each its own section, between two comments. What people wrote around them stays. */
import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces the figures of one benchmark. */
export function writeFigures(benchmark: string, text: string, page: string = 'docs/figures.md'): void {
  const [begin, end] = [`<!-- written by npm run bench -- ${benchmark} -->\n`, `<!-- end of ${benchmark} -->\n`];
  const document = readFileSync(page, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for '${benchmark}': ${begin.trim()} … ${end.trim()}`);
  writeFileSync(page, `${document.slice(0, from + begin.length)}\n${text.trim()}\n\n${document.slice(to)}`);
}
