import { uvLockedPackage, type LockedPackage } from './locked-package';
import { list, table, type Table } from './pyproject';
import { groupedBy, sortedUnique, stableJson } from '../primitives/stable';

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
 * Follows the dependencies of the project beside it through a lock. Markers are not looked at: a package for another system counts.
 *
 * @see https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
 */
export function readUvLock(document: Table, selection: UvSelection): UvLock {
  const packages = list(document.package).map(table);
  const root = packages.find(item => localPath(item) === '.');
  const installed = root ? [...lockedPart(document, root, selection).keys()].filter(item => item !== root) : [];
  const local = packages.filter(item => item !== root).flatMap(item => localPath(item) === undefined ? [] : [`${item.name} (${localPath(item)})`]);
  return { ...lockedNames(installed), local };
}

/** What packages there are, which version of those that have one, and files of those that are not on the local disk. */
export function lockedNames(packages: readonly Table[]): Omit<UvLock, 'local'> {
  const names = sortedUnique(packages.map(item => String(item.name)));
  const single = names.flatMap(name => {
    const versions = sortedUnique(packages.filter(item => item.name === name).map(item => String(item.version)));
    return versions.length === 1 ? [[name, versions[0]]] : [];
  });
  const locked = packages.filter(item => localPath(item) === undefined).map(uvLockedPackage);
  return { names, versions: Object.fromEntries(single), locked };
}

/**
 * The packages of a lock that one of them needs, itself first, with the extras of each that are wanted. Of the groups, those of the one alone.
 *
 * @param start one of the lock's packages
 */
export function lockedPart(document: Table, start: Table, { groups, extras }: UvSelection): ReadonlyMap<Table, ReadonlySet<string>> {
  const named = groupedBy(list(document.package).map(table), item => [String(item.name)]);
  const found = new Map<Table, Set<string>>();
  const follow = (dependencies: unknown) => list(dependencies).map(table).forEach(edge => {
    (named.get(String(edge.name)) ?? []).filter(item => leadsTo(edge, item)).forEach(item => visit(item, list(edge.extra).map(String)));
  });
  const visit = (item: Table, wanted: readonly string[]) => {
    const seen = found.get(item);
    const extrasSeen = seen ?? new Set<string>();
    found.set(item, extrasSeen);
    if (!seen) follow(item.dependencies);
    for (const extra of wanted.filter(name => !extrasSeen.has(name))) {
      extrasSeen.add(extra);
      follow(table(item['optional-dependencies'])[extra]);
    }
  };
  visit(start, extras);
  groups.forEach(group => follow(table(start['dev-dependencies'])[group]));
  return found;
}

/** Where there are several packages of a name, the dependency says which. */
function leadsTo({ version, source }: Table, item: Table): boolean {
  return (version === undefined || version === item.version) && (source === undefined || stableJson(source) === stableJson(item.source));
}

/** Where a package lies on the local disk. */
export function localPath(item: Table): string | undefined {
  const source = table(item.source);
  const path = source.editable ?? source.virtual ?? source.directory ?? source.path;
  return typeof path === 'string' ? path : undefined;
}
