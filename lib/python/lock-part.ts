import type { LockedPackage } from './locked-package';
import type { Requirement } from './requirement';
import { groupedBy, sortedUnique } from '../primitives/stable';

/** What the lock of a manager says, as far as a build needs to know. */
export interface LockPart {
  /** Normalized names of all packages that may be installed. */
  readonly names: readonly string[];
  /** Versions of those that are locked to exactly one. */
  readonly versions: Readonly<Record<string, string>>;
  /** Those that come from an index, with the files that they may be installed from; nothing where the lock does not name files. */
  readonly locked?: readonly LockedPackage[];
  /** Packages on the local disk, with their path. */
  readonly local: readonly string[];
  /** Packages from a repository of source code, with its address. */
  readonly repositories: readonly string[];
}

/** One package of a lock. */
export interface LockNode {
  /** Normalized. */
  readonly name: string;
  readonly version?: string;
  /** What it needs itself. */
  readonly needs: readonly Requirement[];
  /** What it needs besides, by the extra that is wanted of it. */
  readonly extras: Readonly<Record<string, readonly Requirement[]>>;
  /** The extra that an entry of its own is for. @default - the package without any, too */
  readonly only?: readonly string[];
  readonly files?: LockedPackage;
  /** Path on the local disk. */
  readonly local?: string;
  /** Address of a repository. */
  readonly repository?: string;
}

/** The part of a lock that some requirements lead to. Markers are not looked at: a package for another system counts. */
export function lockPart(nodes: readonly LockNode[], roots: readonly Requirement[]): LockPart {
  const named = groupedBy(nodes, ({ name }) => [name]);
  const found = new Set<LockNode>();
  const visited = new Set<string>();
  const visit = ({ name, extras }: Requirement): void => ['', ...extras].forEach(extra => {
    const key = `${name}[${extra}]`;
    if (visited.has(key)) return;
    visited.add(key);
    for (const node of (named.get(name) ?? []).filter(({ only }) => only === undefined || only.includes(extra))) {
      found.add(node);
      (extra === '' || node.only ? node.needs : node.extras[extra] ?? []).forEach(visit);
    }
  });
  roots.forEach(visit);
  return summary([...found]);
}

/** What is known of these packages together. */
export function summary(nodes: readonly LockNode[]): LockPart {
  const names = sortedUnique(nodes.map(({ name }) => name));
  const versions = names.flatMap(name => {
    const all = sortedUnique(nodes.filter(node => node.name === name).map(({ version }) => version ?? ''));
    return all.length === 1 && all[0] !== '' ? [[name, all[0]]] : [];
  });
  return {
    names,
    versions: Object.fromEntries(versions),
    locked: nodes.flatMap(({ files }) => files ?? []),
    local: sortedUnique(nodes.flatMap(({ name, local }) => local === undefined ? [] : [`${name} (${local})`])),
    repositories: sortedUnique(nodes.flatMap(({ name, repository }) => repository === undefined ? [] : [`${name} (${repository})`])),
  };
}
