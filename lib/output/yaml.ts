import { HEADER } from './header';

/** Longest list that is written on one line. */
const LINE = 100;
/** Entries of a map from which it is set off by an empty line. */
const LARGE = 8;
/** Ancestors of a map beyond which it is not: that of the services of compose has as many. */
const DEEP = 4;
/** Numbers to some parsers only: 8080:30, to the base of 60, to those of version 1.1; 0o7 to those of 1.2; 0X1f and 1_0.5 to Go's. */
const NUMBER = /^[\d.]+:[\d:.]+$|^[-+]?0[box][\da-f_]+$|^[-+]?\.?\d[\d.e+-]*_[\d._e+-]*$/i;
/** What YAML has only as escapes, line ends of other kinds, and marks that editors swallow: in double quotes, by number. */
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Prints documents as YAML that people read and that parsers of YAML 1.1, as in Kubernetes, take the same way. */
export function printYaml(...documents: readonly object[]): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Document, isMap, isScalar, isSeq, visit } = require('yaml') as typeof import('yaml');
  const texts = documents.map(content => {
    const document = new Document(content, { aliasDuplicateObjects: false, version: '1.1' });
    visit(document, {
      Seq: (_, list) => { list.flow = list.items.every(isScalar) && JSON.stringify(list.items).length <= LINE; },
      Scalar: (_, scalar, path) => {
        const { value } = scalar;
        const parent = path[path.length - 1];
        // in a list on one line, a question mark ends a word of Go's parser, and a line end is one of the file
        const ended = isSeq(parent) && parent.flow === true && typeof value === 'string' && /[?\n]/.test(value);
        if (typeof value === 'string' && (ended || misread(value))) scalar.type = 'QUOTE_DOUBLE';
      },
      Pair: (at, pair, path) => {
        const large = isMap(pair.value) && pair.value.items.length >= LARGE;
        if (at !== 0 && path.length <= DEEP && large && isScalar(pair.key)) pair.key.spaceBefore = true;
      },
    });
    return document.toString({ lineWidth: 0, flowCollectionPadding: false, directives: false })
      .replace(UNPRINTABLE, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  });
  return `# ${HEADER}\n${texts.join('---\n')}`;
}

/** Whether some parser reads it as something else where it is not in double quotes: a block that starts with a tab or space is one, too. */
function misread(text: string): boolean {
  return NUMBER.test(text) || text.search(UNPRINTABLE) >= 0 || /^[:?]|^-+$|^(<<|=)$/.test(text) || /^\s/.test(text) && text.includes('\n') || /^[^\n]*\t[^\n]*$/.test(text);
}
