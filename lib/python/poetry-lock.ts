import { lockPart, type LockNode, type LockPart } from './lock-part';
import { fileLockedPackage } from './locked-package';
import { list, table, type Table } from './pyproject';
import { declaredRequirements, requirementsIn, type Requirement, type Selection } from './requirement';
import { normalizedName } from './requirements-file';

/** Groups and extras of a project of Poetry. */
export interface PoetryProject {
  /** Normalized names of its dependency groups, in its own section or the standard one. */
  readonly groups: readonly string[];
  /** Normalized names of its optional dependencies. */
  readonly extras: readonly string[];
  /** README files that it declares, from its directory: Poetry looks whether they are there. */
  readonly readmes: readonly string[];
}

/**
 * Reads the `pyproject.toml` of a project of Poetry.
 *
 * @see https://python-poetry.org/docs/pyproject/
 */
export function readPoetryProject(document: Table): PoetryProject {
  const { project, poetry } = sections(document);
  const groups = [...Object.keys(table(poetry.group)), ...Object.keys(table(document['dependency-groups'])), ...('dev-dependencies' in poetry ? ['dev'] : [])];
  const extras = [...Object.keys(table(project['optional-dependencies'])), ...Object.keys(table(poetry.extras))];
  const readmes = [project.readme, table(project.readme).file, poetry.readme].flatMap(value => typeof value === 'string' ? [value] : list(value).map(String));
  return { groups: unique(groups), extras: unique(extras), readmes: [...new Set(readmes)] };
}

/**
 * Whether Poetry 1 wrote a `poetry.lock`. Poetry 2 writes another version of it.
 *
 * @see https://github.com/python-poetry/poetry/blob/main/src/poetry/packages/locker.py
 */
export function isPoetry1Lock(text: string, document: Table): boolean {
  const [, major] = /^# .*\bPoetry (\d+)\./.exec(text) ?? [];
  return major === undefined ? /^(1\.|2\.0)/.test(String(table(document.metadata)['lock-version'] ?? '')) : major === '1';
}

/**
 * Follows the dependencies of the project through its lock.
 *
 * @see https://python-poetry.org/docs/basic-usage/#committing-your-poetrylock-file-to-version-control
 */
export function readPoetryLock(lock: Table, document: Table, { groups, extras }: Selection): LockPart {
  const { project, poetry } = sections(document);
  const isStandard = 'dependencies' in project || 'optional-dependencies' in project;
  const optional = byName(table(poetry.extras));
  const own = byName(table(poetry.group));
  const roots: Requirement[] = [
    ...requirementsIn(declaredRequirements(document, { groups, extras })),
    ...(isStandard ? [] : dependencies(table(poetry.dependencies))),
    ...extras.flatMap(extra => list(optional.get(extra)).map(name => ({ name: normalizedName(String(name)), extras: [] }))),
    ...groups.flatMap(group => dependencies(table(table(own.get(group)).dependencies))),
    ...groups.includes('dev') ? dependencies(table(poetry['dev-dependencies'])) : [],
  ];
  // an extra names packages; which of their own extras are wanted is said with the dependency
  const wanted = roots.map(root => ({ ...root, extras: [...root.extras, ...extrasOf(table(poetry.dependencies), root.name)] }));
  return lockPart(list(lock.package).map(table).map(node), wanted);
}

function node(item: Table): LockNode {
  const { type, url } = table(item.source);
  const isLocal = type === 'directory' || type === 'file';
  return {
    name: normalizedName(String(item.name)),
    version: typeof item.version === 'string' ? item.version : undefined,
    needs: dependencies(table(item.dependencies)),
    extras: Object.fromEntries(Object.entries(table(item.extras)).map(([extra, texts]) => [normalizedName(extra), requirementsIn(texts)])),
    files: isLocal || type === 'git' ? undefined : fileLockedPackage(item),
    local: isLocal ? String(url) : undefined,
    repository: type === 'git' ? String(url) : undefined,
  };
}

/** Dependencies as Poetry writes them: a version, a table, or several tables. Those that are optional are left to extras. */
function dependencies(written: Table): Requirement[] {
  return Object.entries(written).filter(([name]) => name.toLowerCase() !== 'python').flatMap(([name, value]) => {
    const all = (Array.isArray(value) ? value : [value]).map(table);
    const needed = all.filter(({ optional }) => optional !== true);
    return needed.length === 0 ? [] : [{ name: normalizedName(name), extras: unique(needed.flatMap(({ extras }) => list(extras).map(String))) }];
  });
}

function extrasOf(written: Table, name: string): string[] {
  const values = Object.entries(written).filter(([key]) => normalizedName(key) === name).flatMap(([, value]) => value);
  return unique(values.flatMap(value => list(table(value).extras).map(String)));
}

function sections(document: Table): { project: Table; poetry: Table } {
  return { project: table(document.project), poetry: table(table(document.tool).poetry) };
}

function byName(values: Table): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(values).map(([name, value]) => [normalizedName(name), value]));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names.map(normalizedName))];
}
