import type { Directive } from './directive';

/** Letters that no reader of nginx configurations takes for anything but themselves. A `$` may begin a variable, never `${`. */
const BARE = /^[A-Za-z0-9_$./:=@~^*+,%-]+$/;

/** Prints directives as nginx reads them. */
export function printDirectives(directives: readonly Directive[], indentation: string = ''): string {
  return directives.map((directive, index) => printDirective(directive, indentation, index === 0)).join('');
}

/**
 * A word that nginx reads as exactly `text`. Between quotes it takes away a backslash before a quote or a backslash; the quotes are those that
 * need fewer of them.
 *
 * @see https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
 */
export function printWord(text: string): string {
  if (BARE.test(text)) return text;
  return text.includes('"') && !text.includes("'") ? `'${text.replace(/\\/g, '\\$&')}'` : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function printDirective(directive: Directive, indentation: string, first: boolean): string {
  const { name, words, comment, block } = directive;
  const before = [...directive.apart && !first ? [''] : [], ...comment === undefined ? [] : [`${indentation}# ${comment}`]];
  const separator = directive.tall ? `\n${indentation}  ` : ' ';
  const [start, ...rest] = [`${indentation}${printWord(name)}`, ...words.map(printWord)];
  const head = [[start, ...rest.slice(0, 1)].join(' '), ...rest.slice(1)].join(separator);
  const lines = [...before, block ? `${head} {` : `${head};`];
  const inside = block ? `${printDirectives(block, `${indentation}  `)}${indentation}}\n` : '';
  return `${lines.join('\n')}\n${inside}`;
}
