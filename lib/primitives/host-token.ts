import { uniqueBy } from './stable';

/** Whoever deploys what was declared, and knows some values only then: until then a token is in their place. */
export type TokenHost = 'aws-cdk' | 'Terraform';

/** What stands for a value that is not known yet. */
export interface HostToken {
  readonly host: TokenHost;
  /** How it is written, such as `${Token[Bucket.Name.123]}`. */
  readonly text: string;
}

/**
 * Tokens in texts and lists, in keys of maps, and numbers: huge negative ones, whose last bits count the tokens. Those in lists of numbers of
 * cdktf and cdktn look like the numbers of aws-cdk.
 *
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/private/encoding.ts
 * @see https://github.com/open-constructs/cdk-terrain/blob/main/packages/cdktn/lib/tokens/private/encoding.ts
 */
const TOKENS: readonly [TokenHost, RegExp][] = [
  ['aws-cdk', /[$#]\{Token\[[\w:.-]+\]\}|-1\.\d{10,16}e\+289/g],
  ['Terraform', /[$#&]\{TfToken\[[\w:.-]+\]\}|-8\.\d{10,16}e\+298/g],
];

/** Page that explains the tokens of a host. */
export const TOKENS_OF: Readonly<Record<TokenHost, string>> = {
  'aws-cdk': 'https://docs.aws.amazon.com/cdk/v2/guide/tokens.html',
  'Terraform': 'https://cdktn.io/docs/concepts/tokens',
};

/** What is wrong with it. */
export function tokenIs({ host, text }: HostToken): string {
  return `'${text}', a value that ${host} knows only when it deploys`;
}

/** The tokens in plain data, each once: in texts, numbers, lists, keys and values of maps. */
export function hostTokensIn(data: unknown): HostToken[] {
  const found: HostToken[] = [];
  collect(data, found);
  return uniqueBy(found, ({ text }) => text);
}

/** Whole applications are looked through, and hardly any has one: what cannot be one costs next to nothing. */
function collect(data: unknown, found: HostToken[]): void {
  if (typeof data === 'string') {
    if (!data.includes('Token[') && !data.includes('e+2')) return;
    for (const [host, pattern] of TOKENS) found.push(...[...data.matchAll(pattern)].map(([text]) => ({ host, text })));
  } else if (typeof data === 'number') {
    if (data < -1e288) collect(String(data), found);
  } else if (Array.isArray(data)) {
    for (const item of data) collect(item, found);
  } else if (typeof data === 'object' && data !== null) {
    for (const key of Object.keys(data)) {
      collect(key, found);
      collect((data as Record<string, unknown>)[key], found);
    }
  }
}
