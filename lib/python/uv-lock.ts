import { uvLockedPackage, type LockedPackage } from './locked-package';
import { list, table, type Table } from './pyproject';
import { sortedUnique } from '../primitives/stable';

/** What a `uv.lock` says, as far as a build needs to know. */
export interface UvLock {
  /** Normalized names of all packages that may be installed. */
  readonly names: readonly string[];
  /** Versions of those that are locked to exactly one. */
  readonly versions: Readonly<Record<string, string>>;
  /** Those that are not on the local disk, with the files that they may be installed from. */
  readonly locked: readonly LockedPackage[];
  /** Packages on the local disk besides the project itself, with their path. */
  readonly local: readonly string[];
}

/** Which of a project's packages are wanted besides its dependencies. */
export interface UvSelection {
  readonly groups: readonly string[];
  readonly extras: readonly string[];
}

/**
 * Follows the dependencies of the project through its lock. Markers are not looked at: a package for another system counts.
 *
 * @see https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
 */
export function readUvLock(document: Table, { groups, extras }: UvSelection): UvLock {
  const packages = list(document.package).map(table);
  const root = packages.find(item => localPath(item) === '.');
  const found = new Set<Table>();
  const visited = new Set<string>();
  const follow = (dependencies: unknown) => list(dependencies).map(table).forEach(({ name, extra }) => {
    for (const item of packages.filter(candidate => candidate.name === name)) visit(item, list(extra).map(String));
  });
  const visit = (item: Table, wanted: readonly string[]) => {
    found.add(item);
    for (const part of ['', ...wanted]) {
      const key = `${packages.indexOf(item)} ${part}`;
      if (visited.has(key)) continue;
      visited.add(key);
      follow(part === '' ? item.dependencies : table(item['optional-dependencies'])[part]);
    }
  };
  if (root) {
    visit(root, extras);
    groups.forEach(group => follow(table(root['dev-dependencies'])[group]));
    found.delete(root);
  }
  const installed = [...found];
  const names = sortedUnique(installed.map(item => String(item.name)));
  const single = names.flatMap(name => {
    const versions = sortedUnique(installed.filter(item => item.name === name).map(item => String(item.version)));
    return versions.length === 1 ? [[name, versions[0]]] : [];
  });
  const local = packages.filter(item => item !== root).flatMap(item => localPath(item) === undefined ? [] : [`${item.name} (${localPath(item)})`]);
  const locked = installed.filter(item => localPath(item) === undefined).map(uvLockedPackage);
  return { names, versions: Object.fromEntries(single), locked, local };
}

/** Where a package lies on the local disk. */
function localPath(item: Table): string | undefined {
  const source = table(item.source);
  const path = source.editable ?? source.virtual ?? source.directory ?? source.path;
  return typeof path === 'string' ? path : undefined;
}
