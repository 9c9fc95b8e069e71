import { lockPart, type LockNode, type LockPart } from './lock-part';
import { fileLockedPackage } from './locked-package';
import { list, table, type Table } from './pyproject';
import { declaredRequirements, requirementsIn, type Selection } from './requirement';
import { normalizedName } from './requirements-file';

/**
 * Names of the groups that PDM keeps in a section of its own, besides the standard one.
 *
 * @see https://pdm-project.org/en/latest/usage/dependency/#add-development-only-dependencies
 */
export function pdmGroups(document: Table): string[] {
  return Object.keys(developmentGroups(document)).map(normalizedName);
}

/**
 * Follows the dependencies of the project through its `pdm.lock`.
 *
 * @see https://pdm-project.org/en/latest/usage/lockfile/
 */
export function readPdmLock(lock: Table, document: Table, selection: Selection): LockPart {
  const own = Object.entries(developmentGroups(document)).filter(([name]) => selection.groups.includes(normalizedName(name)));
  const roots = requirementsIn([...declaredRequirements(document, selection), ...own.flatMap(([, texts]) => list(texts))]);
  return lockPart(list(lock.package).map(table).map(node), roots);
}

/** A package with an extra has an entry of its own, which needs what the extra brings. */
function node(item: Table): LockNode {
  const repository = ['git', 'hg', 'svn', 'bzr'].map(kind => item[kind]).find(value => typeof value === 'string') as string | undefined;
  const local = typeof item.path === 'string' ? item.path : undefined;
  const only = list(item.extras).map(String).map(normalizedName);
  return {
    name: normalizedName(String(item.name)),
    version: typeof item.version === 'string' ? item.version : undefined,
    needs: requirementsIn(item.dependencies),
    extras: {},
    ...(only.length > 0 ? { only } : {}),
    files: repository === undefined && local === undefined ? fileLockedPackage(item) : undefined,
    local,
    repository,
  };
}

function developmentGroups(document: Table): Table {
  return table(table(table(document.tool).pdm)['dev-dependencies']);
}
