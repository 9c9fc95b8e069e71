import { list, table, type Table } from './pyproject';
import { normalizedName } from './requirements-file';

/** A package that something needs. */
export interface Requirement {
  /** Normalized. */
  readonly name: string;
  /** Normalized names of its optional dependencies that are needed too. */
  readonly extras: readonly string[];
  /** Where it is from, when that is no index. */
  readonly url?: string;
}

/** Which of a project's packages are wanted besides its dependencies, by their normalized names. */
export interface Selection {
  readonly groups: readonly string[];
  readonly extras: readonly string[];
}

/**
 * Reads a requirement such as `celery[redis] >= 5 ; python_version > "3.12"`, as far as to tell which package it is; nothing when it is none.
 *
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 */
export function readRequirement(text: string): Requirement | undefined {
  const [, name, extras = '', url] = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(?:@\s*(\S+))?/.exec(text) ?? [];
  return name === undefined ? undefined : { name: normalizedName(name), extras: namesIn(extras), ...(url === undefined ? {} : { url }) };
}

/** Several of them, without what is none. */
export function requirementsIn(texts: unknown): Requirement[] {
  return list(texts).flatMap(text => typeof text === 'string' ? readRequirement(text) ?? [] : []);
}

/**
 * What a project file says that a selection of it needs, as it writes it: its dependencies, those of extras, and groups with what they include.
 *
 * @see https://packaging.python.org/en/latest/specifications/pyproject-toml/#dependencies-optional-dependencies
 * @see https://packaging.python.org/en/latest/specifications/dependency-groups/
 */
export function declaredRequirements(document: Table, { groups, extras }: Selection): string[] {
  const project = table(document.project);
  const optional = byName(table(project['optional-dependencies']));
  const declared = byName(table(document['dependency-groups']));
  const own = typeof project.name === 'string' ? normalizedName(project.name) : undefined;
  const found: string[] = [];
  const seen = new Set<string>();
  const addAll = (texts: unknown) => list(texts).forEach(text => {
    const requirement = typeof text === 'string' ? readRequirement(text) : undefined;
    if (requirement !== undefined && requirement.name === own) requirement.extras.forEach(addExtra);
    else if (typeof text === 'string') found.push(text.trim());
    else addGroup(normalizedName(String(table(text)['include-group'] ?? '')));
  });
  const once = (key: string, texts: unknown) => {
    if (seen.has(key)) return;
    seen.add(key);
    addAll(texts);
  };
  const addExtra = (name: string) => once(`extra ${name}`, optional.get(name));
  const addGroup = (name: string) => once(`group ${name}`, declared.get(name));
  addAll(project.dependencies);
  extras.forEach(addExtra);
  groups.forEach(addGroup);
  return [...new Set(found)];
}

function byName(values: Table): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(values).map(([name, value]) => [normalizedName(name), value]));
}

function namesIn(texts: string): string[] {
  return texts.split(',').map(text => text.trim()).filter(Boolean).map(normalizedName);
}
