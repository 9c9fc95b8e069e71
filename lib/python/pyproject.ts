import { normalizedName } from './requirements-file';

/** What a `pyproject.toml` says, as far as a build needs to know. */
export interface Pyproject {
  /** Normalized name of the project. */
  readonly name?: string;
  /** Which releases of Python it works with, as version specifiers. */
  readonly requiresPython?: string;
  /** Whether it can be installed: it says what builds it, or uv is told that it is a package. */
  readonly isPackage: boolean;
  /** Whether its dependencies are only known by running its build. */
  readonly computesDependencies: boolean;
  /** Whether it is the root of a uv workspace. */
  readonly isWorkspace: boolean;
  /** Normalized names of its dependency groups. */
  readonly groups: readonly string[];
  /** Normalized names of its optional dependencies. */
  readonly extras: readonly string[];
}

/** A TOML table. */
export type Table = Readonly<Record<string, unknown>>;

/**
 * Reads a `pyproject.toml`.
 *
 * @see https://packaging.python.org/en/latest/specifications/pyproject-toml/
 * @see https://docs.astral.sh/uv/concepts/projects/config/#build-systems
 */
export function readPyproject(document: Table): Pyproject {
  const project = table(document.project);
  const uv = table(table(document.tool).uv);
  const groups = [...Object.keys(table(document['dependency-groups'])), ...('dev-dependencies' in uv ? ['dev'] : [])];
  return {
    name: typeof project.name === 'string' ? normalizedName(project.name) : undefined,
    requiresPython: typeof project['requires-python'] === 'string' ? project['requires-python'] : undefined,
    isPackage: typeof uv.package === 'boolean' ? uv.package : 'build-system' in document,
    computesDependencies: list(project.dynamic).some(field => field === 'dependencies' || field === 'optional-dependencies'),
    isWorkspace: 'workspace' in uv,
    groups: groups.map(normalizedName),
    extras: Object.keys(table(project['optional-dependencies'])).map(normalizedName),
  };
}

/** The document in a TOML text, or the reason why there is none. */
export function parseToml(text: string): Table | string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parse, TomlError } = require('smol-toml') as typeof import('smol-toml', { with: { 'resolution-mode': 'require' } });
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return `line ${error.line}: ${error.message.split('\n')[0].replace(/^Invalid TOML document: /, '')}`;
  }
}

/** A table, empty when it is none. */
export function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Table : {};
}

/** An array, empty when it is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
