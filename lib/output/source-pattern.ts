import { sortedUnique } from '../primitives/stable';

/** A path of the source tree as COPY names it. */
export interface SourcePattern {
  readonly text: string;
  readonly covers: (path: string) => boolean;
}

/** A path of the source tree, without those in it that one of `excludes` names. */
export function sourcePath(text: string, excludes: readonly string[] = []): SourcePattern {
  const name = plainName(text);
  const matcher = new RegExp(`^${expression(text)}(?:/|$)`, 'u');
  const rest = (path: string) => name === undefined ? restAfter(matcher, path) : restIn(name, path);
  return {
    text: name ?? text,
    covers: path => {
      const inside = rest(path);
      return inside !== undefined && !isExcluded(inside, excludes);
    },
  };
}

/** The name that a pattern without wildcards stands for: `[*]` is an asterisk. */
function plainName(text: string): string | undefined {
  const plain = text.replace(/\[([^^\]])\]|\\(.)/gs, '');
  return /[*?]|\[.+\]/s.test(plain) ? undefined : text.replace(/\[([^^\]])\]|\\(.)/gs, (_, alone?: string, escaped?: string) => alone ?? escaped!);
}

/**
 * A pattern as a regular expression: `*`, `?`, `[a-z]` and backslash as in COPY, and `**` for any number of directories.
 *
 * @see https://pkg.go.dev/path/filepath#Match
 */
function expression(text: string): string {
  return text.replace(/\*\*\/|\*\*|\\.|\[\^?(?:\\.|[^\]])+\]|[^]/gsu, part => {
    switch (part) {
      case '**/': return '(?:.*/)?';
      case '**': return '.*';
      case '*': return '[^/]*';
      case '?': return '[^/]';
      default: return part.length > 1 && part.startsWith('[') ? part.replace(/\\(.)/gs, (_, escaped: string) => codePoint(escaped)) : codePoint(part.replace(/^\\(?=.)/s, ''));
    }
  });
}

function codePoint(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

function restAfter(matcher: RegExp, path: string): string | undefined {
  const found = matcher.exec(path);
  return found ? path.slice(found[0].length) : undefined;
}

/** What is left of `path` inside of `name`; nothing of it for the thing itself and for directories that it is in. */
function restIn(name: string, path: string): string | undefined {
  if (name === '.') return path === '.' ? '' : path;
  return path.startsWith(`${name}/`) ? path.slice(name.length + 1) : covers(name, path) ? '' : undefined;
}

/** Patterns of --exclude start at the directory that is copied, name everything in a directory with it, and the last that matches counts. */
function isExcluded(path: string, excludes: readonly string[]): boolean {
  const last = [...excludes].reverse().find(exclude => path !== '' && new RegExp(`^${expression(exclude.replace(/^!/, ''))}(?:/|$)`, 'u').test(path));
  return last !== undefined && !last.startsWith('!');
}

/** Whether a change at `path` is one of `read`: what is in it, the thing itself, or a directory that it is in. */
export function covers(read: string, path: string): boolean {
  return read === '.' || read === path || path.startsWith(`${read}/`) || path === '.' || read.startsWith(`${path}/`);
}

/** The paths once each, without those that lie in another. */
export function outermost(sources: readonly SourcePattern[]): string[] {
  const texts = sortedUnique(sources.map(({ text }) => text));
  return texts.filter(text => !texts.some(other => other !== text && (other === '.' || text.startsWith(`${other}/`))));
}
