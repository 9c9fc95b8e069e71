import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join('test', 'golden');
const compared = new Set<string>();

/** Compares a text with a file in test/golden; GOLDEN=write accepts it instead. */
export function golden(name: string, text: string): void {
  compared.add(name);
  const file = join(FOLDER, name);
  if (process.env.GOLDEN === 'write') writeFileSync(file, text);
  expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : `(there is no ${file}; GOLDEN=write makes it)`);
}

/** Golden files of a test file, recognized by a prefix, that none of its tests has compared. */
export function unread(prefix: string): string[] {
  return readdirSync(FOLDER).filter(name => name.startsWith(prefix) && !compared.has(name));
}
