/** Pipenv where there is no other index than the test bed's: its lock has a hash over the addresses of the indexes, too. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseToml } from '../../lib/python/pyproject';

const EXAMPLE = 'https://packages.example.com/simple';

/** Has a Pipfile and its lock name the index that there is, instead of the one that is only an example. */
export function useIndexOfPipfile(lock: string): void {
  const index = process.env.TESTBED_INDEX;
  if (!index) throw new Error('the Pipfiles here name an index that is only an example: set TESTBED_INDEX to the address of one, which ends in /simple');
  const pipfile = join(dirname(lock), 'Pipfile');
  const [project, text] = [pipfile, lock].map(file => readFileSync(file, 'utf8'));
  const [before, after] = [project, project.replaceAll(EXAMPLE, index)].map(pipfileHash);
  if (!text.includes(before)) throw new Error(`${lock} does not have the hash of its Pipfile, ${before}`);
  writeFileSync(pipfile, project.replaceAll(EXAMPLE, index));
  writeFileSync(lock, text.replaceAll(EXAMPLE, index).replace(before, after));
}

/** @see https://pipenv.pypa.io/en/latest/pipfile.html */
function pipfileHash(text: string): string {
  const document = parseToml(text);
  if (typeof document === 'string') throw new Error(document);
  const { source, requires = {}, packages = {}, 'dev-packages': develop = {}, ...rest } = document;
  const { pipenv: _, scripts: __, ...categories } = rest;
  return createHash('sha256').update(sortedJson({ _meta: { sources: source, requires }, default: packages, develop, ...categories })).digest('hex');
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, item) => typeof item === 'object' && item !== null && !Array.isArray(item)
    ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => a < b ? -1 : 1)) : item);
}
