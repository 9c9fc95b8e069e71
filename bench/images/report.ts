/** Tables of what was measured: markdown, from numbers alone. */

/** What is measured, in the order of the columns. */
export const COLUMNS = ['above base, MB', 'cold build, s', 'source changed, s', 'dependency added, s', 'first page, s'] as const;
export type Column = (typeof COLUMNS)[number];

/** All samples of one variant. */
export interface Row {
  readonly name: string;
  readonly ours: boolean;
  readonly samples: Record<Column, number[]>;
}

/** The middle one, or between the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median of each column, with the smallest and the largest sample. */
export function figures(rows: readonly Row[]): string {
  return table(['', ...COLUMNS], rows.map(row => [title(row), ...COLUMNS.map(column => cell(column, row.samples[column]))]));
}

/** What ours are, as parts of the best reference of each column, which need not be the same one. */
export function ratios(rows: readonly Row[]): string {
  const byHand = rows.filter(row => !row.ours);
  const medians = (column: Column) => byHand.map(({ name, samples }) => ({ name, value: median(samples[column]) }));
  const best = COLUMNS.map(column => medians(column).sort((a, b) => a.value - b.value)[0]);
  const ratio = (row: Row) => COLUMNS.map((column, index) => (median(row.samples[column]) / best[index].value).toFixed(2));
  const lines = rows.filter(row => row.ours).map(row => [title(row), ...ratio(row)]);
  return table(['ratio to the best by hand', ...COLUMNS.map((column, index) => `${column.replace(/,.*/, '')} (${best[index].name})`)], lines);
}

/** What each of ours is, as a part of the one by hand that has its name. */
export function ratiosToOriginals(rows: readonly Row[]): string {
  const lines = rows.filter(row => row.ours).map(row => {
    const original = rows.find(other => !other.ours && other.name === row.name)!;
    return [title(row), ...COLUMNS.map(column => (median(row.samples[column]) / median(original.samples[column])).toFixed(2))];
  });
  return table(['ratio to the same by hand', ...COLUMNS.map(column => column.replace(/,.*/, ''))], lines);
}

/** Half of the distance between the extremes, as a part of the median: the middle one of all variants. */
export function noise(rows: readonly Row[]): string {
  return COLUMNS.slice(1).map(column => {
    if (rows.some(({ samples: { [column]: samples } }) => samples.length < 2)) return `${column.replace(/, s$/, '')} not known: measured once`;
    const parts = rows.map(({ samples: { [column]: samples } }) => (Math.max(...samples) - Math.min(...samples)) / 2 / median(samples));
    return `${column.replace(/, s$/, '')} ±${(median(parts) * 100).toFixed(0)}%`;
  }).join(', ');
}

function title({ name, ours }: Row): string {
  return ours ? `**ours: ${name}**` : `by hand: ${name}`;
}

function cell(column: Column, samples: readonly number[]): string {
  if (column === 'above base, MB') return median(samples).toFixed(0);
  return `${median(samples).toFixed(2)} (${Math.min(...samples).toFixed(2)}-${Math.max(...samples).toFixed(2)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, index) => index === 0 ? '---' : '---:'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
