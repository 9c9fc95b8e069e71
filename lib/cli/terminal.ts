/** Colours of one stream: on a terminal, unless NO_COLOR is set. @see https://no-color.org/ */
export interface Paint {
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
}

/** How to colour what goes to a stream. */
export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
  const on = stream.isTTY === true && !process.env.NO_COLOR;
  const code = (start: number, end: number) => (text: string) => on ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return { dim: code(2, 22), red: code(31, 39), green: code(32, 39) };
}

/** Says what takes its time, where somebody is watching. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${paintFor(process.stderr).dim(text)}\n`);
}

/** Rows with their columns aligned, each line starting with `indent`. */
export function columns(rows: readonly (readonly string[])[], indent = ''): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map(row => row[at].length)));
  return rows.map(row => indent + row.map((cell, at) => cell.padEnd(widths[at])).join('  ').trimEnd());
}
