import { summary, type LockPart } from './lock-part';
import { table, type Table } from './pyproject';
import { normalizedName } from './requirements-file';

/** What a Pipfile has besides lists of packages. @see https://pipenv.pypa.io/en/latest/pipfile.html */
const NO_PACKAGES = ['pipenv', 'requires', 'scripts', 'source'];

/** Names of the lists of packages in a `Pipfile`: `packages`, `dev-packages`, and others that it may have. */
export function pipfileCategories(document: Table): string[] {
  return Object.keys(document).filter(name => !NO_PACKAGES.includes(name));
}

/**
 * What a `Pipfile.lock` has of some categories. It lists all that each leads to, and for a package its hashes instead of its files.
 *
 * @see https://pipenv.pypa.io/en/latest/pipfile.html
 */
export function readPipfileLock(lock: Table, categories: readonly string[]): LockPart {
  const sections = categories.map(name => ({ 'packages': 'default', 'dev-packages': 'develop' }[name] ?? name));
  const { locked: _, ...part } = summary(sections.flatMap(section => Object.entries(table(lock[section]))).map(([name, value]) => {
    const { version, git, path, file } = table(value);
    const local = [path, file].find(place => typeof place === 'string' && !/^https?:/.test(place)) as string | undefined;
    return {
      name: normalizedName(name),
      version: typeof version === 'string' ? version.replace(/^==/, '') : undefined,
      needs: [],
      extras: {},
      local,
      repository: typeof git === 'string' ? git : undefined,
    };
  }));
  return part;
}
