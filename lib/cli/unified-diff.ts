/** Lines around a change that are shown with it. */
const CONTEXT = 3;
const NO_NEWLINE = '\\ No newline at end of file';

/** One line of both texts, or of one. */
interface Step { readonly mark: ' ' | '-' | '+'; readonly line: string }

/**
 * What makes `after` of `before`, or nothing when they are the same.
 *
 * @see https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
 */
export function unifiedDiff(beforeName: string, afterName: string, before: string, after: string): string {
  if (before === after) return '';
  const all = steps(linesOf(before), linesOf(after));
  const hunks = rangesOf(all).map(([start, end]) => hunk(all, start, end));
  return [`--- ${beforeName}`, `+++ ${afterName}`, ...hunks.flat(), ''].join('\n');
}

/** Lines with their ends, so that a last line without one is another line. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Both texts as one list of steps, with as few changes as can be: Myers' algorithm. @see https://doi.org/10.1007/BF01840446 */
function steps(before: readonly string[], after: readonly string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const same = (lines: readonly string[]) => lines.map((line): Step => ({ mark: ' ', line }));
  return [
    ...same(before.slice(0, head)),
    ...changes(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

function changes(before: readonly string[], after: readonly string[]): Step[] {
  const trace = furthest(before, after);
  const found: Step[] = [];
  let [x, y] = [before.length, after.length];
  for (let depth = trace.length - 1; depth >= 0; depth--) {
    const reached = trace[depth];
    const diagonal = x - y;
    const down = diagonal === -depth || diagonal !== depth && at(reached, diagonal - 1) < at(reached, diagonal + 1);
    const previousX = depth === 0 ? 0 : at(reached, down ? diagonal + 1 : diagonal - 1);
    const previousY = depth === 0 ? 0 : previousX - (down ? diagonal + 1 : diagonal - 1);
    for (; x > previousX && y > previousY; x--, y--) found.push({ mark: ' ', line: before[x - 1] });
    if (depth === 0) break;
    found.push(down ? { mark: '+', line: after[--y] } : { mark: '-', line: before[--x] });
  }
  return found.reverse();
}

/** For each number of changes, how far each diagonal reached before it. */
function furthest(before: readonly string[], after: readonly string[]): Map<number, number>[] {
  const trace: Map<number, number>[] = [];
  const reached = new Map([[1, 0]]);
  for (let depth = 0; ; depth++) {
    trace.push(new Map(reached));
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      const down = diagonal === -depth || diagonal !== depth && at(reached, diagonal - 1) < at(reached, diagonal + 1);
      let x = down ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      reached.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return trace;
    }
  }
}

function at(reached: ReadonlyMap<number, number>, diagonal: number): number {
  return reached.get(diagonal) ?? -1;
}

/** Parts that hold changes with the lines around them; those that would touch are one. */
function rangesOf(all: readonly Step[]): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  all.forEach(({ mark }, index) => {
    if (mark === ' ') return;
    const [start, end] = [Math.max(0, index - CONTEXT), Math.min(all.length, index + CONTEXT + 1)];
    const last = ranges.at(-1);
    if (last && start <= last[1]) last[1] = end;
    else ranges.push([start, end]);
  });
  return ranges;
}

function hunk(all: readonly Step[], start: number, end: number): string[] {
  const count = (part: readonly Step[], other: Step['mark']) => part.filter(({ mark }) => mark !== other).length;
  const range = (other: Step['mark']) => {
    const [first, length] = [count(all.slice(0, start), other) + 1, count(all.slice(start, end), other)];
    return `${length === 0 ? first - 1 : first}${length === 1 ? '' : `,${length}`}`;
  };
  const lines = all.slice(start, end).flatMap(({ mark, line }) => line.endsWith('\n') ? [mark + line.slice(0, -1)] : [mark + line, NO_NEWLINE]);
  return [`@@ -${range('+')} +${range('-')} @@`, ...lines];
}
