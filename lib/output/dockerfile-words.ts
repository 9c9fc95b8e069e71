/**
 * Words of a Dockerfile. BuildKit reads most of them in two steps: quotes, `\` and `$` first; in sources of COPY and ADD, what is left is then
 * a pattern.
 *
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */

/** A word that needs no quotes anywhere. */
function isPlain(text: string): boolean {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text);
}

/** An argument vector in the exec form: nothing in it is replaced. */
export function json(words: readonly string[]): string {
  return `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
}

/** The same where here-documents may stand: `<<` is spelled so that nobody takes it for the start of one. */
export function jsonWithoutHereDocument(words: readonly string[]): string {
  return json(words).replace(/<</g, '\\u003c<');
}

/** A value of ENV, ARG or LABEL: quoted, and `$` without its meaning unless it is to be expanded. */
export function value(text: string, expand: boolean = false): string {
  return isPlain(text) ? text : `"${text.replace(expand ? /["\\]/g : /["$\\]/g, '\\$&')}"`;
}

/** A path or address that stands alone. */
export function name(text: string): string {
  return isPlain(text) ? text : `"${text.replace(/["$\\]/g, '\\$&')}"`;
}

/** A pattern that matches just this name. @see https://pkg.go.dev/path/filepath#Match */
export function pathPattern(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** Sources and target of COPY and ADD. Several sources need a directory as their target, which the trailing slash says. */
export function pathWords(sources: readonly string[], target: string): string {
  const paths = [...sources, sources.length > 1 && target !== '/' ? `${target}/` : target];
  // a first word with dashes would be an option
  if (paths.every(isPlain) && !paths[0].startsWith('-')) return paths.join(' ');
  return jsonWithoutHereDocument(paths.map(path => path.replace(/["'$\\]/g, '\\$&')));
}
