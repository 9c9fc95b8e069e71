import { createHash } from 'node:crypto';

/** Order by UTF-16 code units: the same on every machine, whatever its locale. */
export function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A copy of `items`, ordered by the text that `key` answers. */
export function sortedBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => byCodeUnit(key(a), key(b)));
}

/** The texts once each, in code-unit order. */
export function sortedUnique(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort(byCodeUnit);
}

/** JSON with keys in code-unit order, indented by two, ending in a newline. */
export function stableJson(value: unknown): string {
  const ordered = (_key: string, item: unknown) => isRecord(item)
    ? Object.fromEntries(sortedBy(Object.entries(item), ([name]) => name))
    : item;
  return `${JSON.stringify(value, ordered, 2)}\n`;
}

/** SHA-256 in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A copy of `record` without the entries that are undefined. */
export function compact(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Those that have a key, in their order, by each key: one look where each key would otherwise be looked for among all. */
export function groupedBy<T>(items: readonly T[], keys: (item: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of new Set(keys(item))) {
      const group = groups.get(key);
      if (group) group.push(item); else groups.set(key, [item]);
    }
  }
  return groups;
}

/** Without those that have the key of one before them. */
export function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  const keys = values.map(key);
  return values.filter((_, index) => keys.indexOf(keys[index]) === index);
}
