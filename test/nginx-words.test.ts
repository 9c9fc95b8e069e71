/** Words of a configuration come back as they were: read by a reader that follows nginx' own rules, written here a second time. */
import * as fc from 'fast-check';
import { type Directive } from '../lib/nginx/directive';
import { printDirectives } from '../lib/nginx/print-directives';

/** A directive as a reader finds it. */
interface Read { readonly words: readonly string[]; readonly block?: readonly Read[] }

/**
 * Reads as ngx_conf_read_token does: a word ends at space, `;` or `{`; a quoted one at its quote, after which only space, `;`, `{` or `)` may
 * follow; a backslash keeps the next letter in the word, and is taken away before quotes and backslashes; `\t`, `\r` and `\n` are control letters.
 * @see https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c
 */
function read(text: string): readonly Read[] {
  let at = 0;
  return directives(false);

  function directives(inside: boolean): Read[] {
    const found: Read[] = [];
    for (let words: string[] = []; ;) {
      while (/\s/.test(text[at] ?? '')) at++;
      if (at >= text.length) {
        if (inside || words.length > 0) throw new Error('unexpected end of file');
        return found;
      }
      const letter = text[at];
      if (letter === '#') {while (at < text.length && text[at] !== '\n') at++;} else if (letter === ';' || letter === '{') {
        if (words.length === 0) throw new Error(`unexpected '${letter}' at ${at}`);
        at++;
        found.push(letter === ';' ? { words } : { words, block: directives(true) });
        words = [];
      } else if (letter === '}') {
        if (!inside || words.length > 0) throw new Error(`unexpected '}' at ${at}`);
        at++;
        return found;
      } else {words.push(letter === '"' || letter === "'" ? quoted(letter) : bare());}
    }
  }

  function quoted(quote: string): string {
    const start = ++at;
    while (text[at] !== quote) {
      if (at >= text.length) throw new Error('unexpected end of file');
      at += text[at] === '\\' ? 2 : 1;
    }
    const word = unescaped(text.slice(start, at++));
    if (!/[\s;{)]/.test(text[at] ?? '')) throw new Error(`unexpected '${text[at]}' after a quote at ${at}`);
    return word;
  }

  function bare(): string {
    const start = at;
    while (at < text.length && !/[\s;{]/.test(text[at])) {
      if (text[at] === '\\' || text[at] === '$' && text[at + 1] === '{') at++;
      at++;
    }
    return unescaped(text.slice(start, at));
  }

  function unescaped(word: string): string {
    return word.replace(/\\(["'\\trn])/g, (_, letter: string) => ({ t: '\t', r: '\r', n: '\n' })[letter] ?? letter);
  }
}

function expected(directive: Directive): Read {
  const words = [directive.name, ...directive.words];
  return directive.block ? { words, block: directive.block.map(expected) } : { words };
}

const WORD = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('"', "'", '\\', ' ', ';', '{', '}', '#', '$', 'a', 'n', '\n') }))
  .filter(word => !word.includes('\0'));
const DIRECTIVE = fc.letrec<{ directive: Directive }>(tie => ({
  directive: fc.record({
    name: WORD,
    words: fc.array(WORD, { maxLength: 4 }),
    block: fc.option(fc.array(tie('directive'), { maxLength: 3 }), { nil: undefined, depthSize: 'small' }),
    comment: fc.option(fc.constantFrom('a comment; with { and "', 'another'), { nil: undefined }),
    apart: fc.boolean(),
    tall: fc.boolean(),
  }),
})).directive;

test('every word is read as it was, in its directive', () => {
  fc.assert(fc.property(fc.array(DIRECTIVE, { maxLength: 5 }), directives => {
    expect(read(printDirectives(directives))).toEqual(directives.map(expected));
  }), { numRuns: Number(process.env.PROPERTY_RUNS ?? 1000) });
});

test.each([
  ['plain', 'plain'], ['', '""'], ['a b', '"a b"'], ['a"b', "'a\"b'"], ['a"\'b', '"a\\"\'b"'], ['a\\b', '"a\\\\b"'], ['#', '"#"'], ['a;b', '"a;b"'], ['$host', '$host'], ['${host}x', '"${host}x"'],
])('%j is written as %s', (word, text) => {
  expect(printDirectives([{ name: 'x', words: [word] }])).toBe(`x ${text};\n`);
});
