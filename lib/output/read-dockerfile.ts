/** One instruction, as the engine reads it. */
export interface ReadInstruction {
  /** In capitals. */
  readonly keyword: string;
  /** On one line, without comments; of a here-document the word, and of a script the first line. */
  readonly text: string;
  /** Options before the arguments: `--from=build` is `['from', 'build']`. */
  readonly flags: readonly (readonly [name: string, value: string])[];
  /** What follows keyword and options, on one line. */
  readonly rest: string;
  /** The text of its here-documents. */
  readonly documents: string;
}

/**
 * Takes a Dockerfile apart: continued lines, comments, here-documents and the escape directive are done with afterwards.
 *
 * @see https://docs.docker.com/reference/dockerfile/#format
 */
export function readDockerfile(dockerfile: string): ReadInstruction[] {
  const lines = dockerfile.split(/\r?\n/);
  const escape = escapeCharacter(lines);
  const continued = escape === '`' ? /`[ \t]*$/ : /\\[ \t]*$/;
  const found: ReadInstruction[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (isNothing(lines[at])) continue;
    let text = lines[at];
    while (continued.test(text) && at + 1 < lines.length) {
      at++;
      if (!isNothing(lines[at])) text = text.replace(continued, '') + lines[at];
    }
    const documents: string[] = [];
    for (const { word, indented } of hereDocuments(text)) {
      for (at++; at < lines.length && (indented ? lines[at].replace(/^\t+/, '') : lines[at]) !== word; at++) documents.push(lines[at]);
    }
    found.push(instruction(text.replace(continued, ''), documents.join('\n')));
  }
  return found;
}

/** Words of a line; quotes and what they hold belong to the word. */
export function shellWords(line: string): string[] {
  return line.match(/(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|\S)+/gs) ?? [];
}

/** What a word means to a shell that knows no variables. */
export function unquoted(word: string): string {
  return word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs, (_, single?: string, double?: string, escaped?: string) =>
    single ?? double?.replace(/\\(["$\\])/g, '$1') ?? escaped ?? '');
}

function instruction(line: string, documents: string): ReadInstruction {
  const [, keyword, all] = /^\s*(\S+)\s*(.*)$/s.exec(line)!;
  let rest = all.trim();
  const flags: [string, string][] = [];
  for (let flag = leadingFlag(rest); flag; flag = leadingFlag(rest)) {
    flags.push([flag[1], unquoted(flag[2] ?? '')]);
    rest = rest.slice(flag[0].length).trim();
  }
  const script = keyword.toUpperCase() === 'RUN' && /^<<\S+$/.test(rest) ? ` (${documents.replace(/\n[^]*$/, '...')})` : '';
  return { keyword: keyword.toUpperCase(), text: line.trim().replace(/\s+/g, ' ') + script, flags, rest, documents };
}

function leadingFlag(rest: string): RegExpExecArray | null {
  return /^--([a-z][a-z-]*)(?:=((?:"[^"]*"|\S)*))?(?=\s|$)/.exec(rest);
}

/** The only directive that changes how the rest is read; directives come before everything else. */
function escapeCharacter(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const directive = /^\s*#\s*([a-z]+)\s*=\s*(\S+)\s*$/i.exec(line);
    if (!directive) return undefined;
    if (directive[1].toLowerCase() === 'escape') return directive[2];
  }
  return undefined;
}

function hereDocuments(line: string): { word: string; indented: boolean }[] {
  if (!/^\s*(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i.test(line)) return [];
  return shellWords(line).flatMap((word, index, words) => {
    // space may stand between `<<` and the word
    const [, dash, name] = /^\d*<<(-?)([^<]+)$/.exec(/^\d*<<$/.test(word) ? `${word}${words[index + 1] ?? ''}` : word) ?? [];
    return name === undefined ? [] : [{ word: unquoted(name), indented: dash === '-' }];
  });
}

function isNothing(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}
