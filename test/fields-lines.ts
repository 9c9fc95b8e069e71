/** An output as lines that can be compared, whatever its language. */
import type { Loss } from 'cdk-wheelhouse';

/** One leaf of an output. */
export interface Line {
  /** Where it is, as documentation calls it: the kind of the object or the file, if there are several, then keys: `services`, `<id>`, `stop_grace_period`. */
  readonly field: readonly [within: string, ...keys: string[]];
  /** Where it is, with all names. */
  readonly path: string;
  readonly value: string;
  /** Whether it only says that the object is there. */
  readonly whole?: boolean;
}

/** What there is of one output. */
export interface Output {
  readonly lines: Line[];
  readonly losses: Loss[];
  /** Codes of what is refused; there are no lines then. */
  readonly refused: string[];
}

/** A value in a document, and the keys on the way there. */
export interface Leaf {
  readonly keys: string[];
  readonly value: string;
}

/** Places in a list are not told apart: each has `[]`. */
export function leaves(node: unknown, isLeaf: (node: object) => boolean = () => false, keys: string[] = []): Leaf[] {
  if (Array.isArray(node) && node.length > 0) return node.flatMap(one => leaves(one, isLeaf, [...keys.slice(0, -1), `${keys.at(-1)}[]`]));
  if (typeof node === 'object' && node !== null && Object.keys(node).length > 0 && !isLeaf(node)) {
    return Object.entries(node).flatMap(([key, value]) => leaves(value, isLeaf, [...keys, key]));
  }
  return [{ keys, value: stable(typeof node === 'string' ? node : JSON.stringify(node)) }];
}

/** Without what only says that something else has changed: tags and hashes of content. */
export function stable(text: string): string {
  return text.replace(/((registry\.example\.com\/|shop-)\S+):[0-9a-f]{12}\b/g, '$1:<tag>').replace(/-[0-9a-f]{8,}\b/g, '-<hash>').replace(/^[0-9a-f]{8,64}$/, '<hash>');
}

/** An output, or why there is none. */
export function orRefused(make: () => Output): Output {
  try {
    return make();
  } catch (error) {
    return { lines: [], losses: [], refused: codesOf(error) };
  }
}

/** Codes of a refusal; anything else is thrown on. */
export function codesOf(error: unknown): string[] {
  const codes = [...new Set([...(error as Error).message.matchAll(/\[([A-Z][A-Z0-9_]+)\]$/gm)].map(([, code]) => code))];
  if (codes.length === 0) throw error;
  return codes;
}
