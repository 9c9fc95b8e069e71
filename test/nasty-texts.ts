/** Texts that one of YAML, compose, a shell or a URL reads as something else when it is not told. */
const KNOWN = [
  '', ' ', '  leading', 'trailing  ', '\t', 'a\tb', 'a\nb', '\n', 'a\n', 'a\n\n', '\n\na', 'a\r\nb', ' \n a', 'a: b', 'a:', ':a', '- a', '-', '--', '---', '...', '?', '? a', '#', 'a #b',
  '# a', '!tag', '&a', '*a', '%a', '@a', '`a`', '"', "'", '""', "''", '"a\'b"', '\\', '\\n', '\\"', 'a\\', '{', '{a}', '{}', '[', '[]', ']', ',', '|', '>', '|-', 'null', '~', 'Null', 'true', 'false',
  'yes', 'No', 'on', 'off', 'y', 'n', '0', '1', '-1', '+1', '007', '0o7', '-0o17', '0b1', '0B1', '0O7', '0X1f', '0x_1', '_1', '1_0.5', '1_0.5e3', '-1_0', '.1_0', '0.0.0', '1-2', '1e_3', '1_', '+.5', '1e', '1e+3', '1:2', '1:2:3.4', 'NULL', 'TRUE', 'Y', 'OFF', '0x1F', '1_000', '1e3', '1.0', '.5', '1.', '.inf', '-.INF', '.nan', '8080:30', '12:30:45', '2026-11-21', '2026-11-21T10:00:00Z',
  '<<', '=', '$', '$$', '$$$', '$$$$', '$a', '${a}', '$${a}', '${a:-b}', '${a:?b}', '${', '$(a)', '$$(a)', '$((1))', 'a$', '$HOME', '${HOME}', '$1', '$-', '$ ', '`id`', '$(id)', ':-', 'a:-b', 'a-b', '-a', '?b', 'a?b', ':?', 'a:?b', 'a-b?c', '+', ':+a',
  'p@ss/w:rd%', '%20', 'a=b', '=a', '/', '../..', '~/x', 'é', 'ß\u0301', '\u00a0', '\u2028', '\u2029', '\u0085', '\ufeff', '\ufeffa', '\u200b', '日本語', '😀', '\ufffd', '\u0001', '\u0007', '\u001b[0m', '\u007f', '\u009f',
  'a'.repeat(3000), 'word '.repeat(60), `${'long '.repeat(30)}\n  indented\n`, '{"a": [1, "}"]}', 'key: [a, b]\nother: {c: d}\n', '#!/bin/sh\nexec "$@"\n', '{{.Name}}', '<a href="#">&amp;</a>',
];
const PARTS = ['$', '{', '}', '$$', '${', ':-', '-', ':?', '?', '(', ')', '"', "'", '\\', '\n', '\r', '\t', ' ', '#', ':', ': ', ' #', '&', '*', '!', '%', '@', '`', '|', '>', ',', '[', ']', 'a', 'B', '0', '.', '=', '/', '~', '+', '_', 'é', '\u2028', '\u0085', '😀', '\u0001', '\u007f'];

/** That many texts, the same ones each time: known traps, then random sequences of what traps are made of. */
export function nastyTexts(count: number, seed = 1): string[] {
  let state = seed;
  const below = (limit: number) => {
    state = (state * 48271) % 2147483647;
    return state % limit;
  };
  const random = () => Array.from({ length: 1 + below(12) }, () => PARTS[below(PARTS.length)]).join('');
  return [...KNOWN, ...Array.from({ length: Math.max(0, count - KNOWN.length) }, random)].slice(0, count);
}
