import { HEADER } from './header';

/** Longest list that is written on one line. */
const LINE = 100;
/** Entries of a map from which it is set off by an empty line. */
const LARGE = 8;

/** Prints documents as YAML that people read and that parsers of YAML 1.1, as in Kubernetes, take the same way. */
export function printYaml(...documents: readonly object[]): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Document, isMap, isScalar, visit } = require('yaml') as typeof import('yaml');
  const texts = documents.map(content => {
    const document = new Document(content, { aliasDuplicateObjects: false, version: '1.1' });
    visit(document, {
      Seq: (_, list) => { list.flow = list.items.every(isScalar) && JSON.stringify(list.items).length <= LINE; },
      // numbers with colons are quoted: parsers of YAML 1.1 read 8080:30 as one number, to the base of 60
      Scalar: (_, scalar) => {
        if (typeof scalar.value === 'string' && /^[\d.]+:[\d:]+$/.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
      },
      Pair: (at, pair) => {
        if (at !== 0 && isMap(pair.value) && pair.value.items.length >= LARGE && isScalar(pair.key)) pair.key.spaceBefore = true;
      },
    });
    return document.toString({ lineWidth: 0, flowCollectionPadding: false, directives: false });
  });
  return `# ${HEADER}\n${texts.join('---\n')}`;
}
