import type { Fault } from '../primitives/faults';

/** A file of the source that says which Python it is for. */
export interface PythonRequirement {
  readonly file: string;
  /** What the file says, for messages. */
  readonly says: string;
  /** The same as version specifiers. */
  readonly specifiers: string;
}

/**
 * What a `.python-version` file asks for: its first line. Nothing when that names no release of CPython.
 *
 * @see https://docs.astral.sh/uv/concepts/python-versions/#requesting-a-version
 */
export function pythonVersionFile(file: string, text: string): PythonRequirement | undefined {
  const says = text.split(/\r?\n/).map(line => line.replace(/#.*/, '').trim()).find(line => line !== '');
  if (says === undefined) return undefined;
  const [, operators] = /^(?:cpython|cp|python)?([<>=!~].*)$/i.exec(says) ?? [];
  if (operators !== undefined) return { file, says, specifiers: operators };
  const [, major, minor] = /^(?:(?:cpython|python)[@-]?)?(\d+)(?:\.(\d+))?(?:[.a-z+-].*)?$/i.exec(says) ?? /^cp(\d)(\d+)$/i.exec(says) ?? [];
  return major === undefined ? undefined : { file, says, specifiers: minor === undefined ? `==${major}.*` : `==${major}.${minor}.*` };
}

/** Files that ask for another Python than the base has. A base whose Python is unknown has any. */
export function pythonFaults(requirements: readonly PythonRequirement[], base: { readonly label: string; readonly python?: string }): Fault[] {
  const { label, python } = base;
  if (python === undefined) return [];
  return requirements.filter(({ specifiers }) => !allowsRelease(specifiers, python)).map(({ file, says }) => ({
    code: 'PYTHON_REQUIRED', problem: `'${file}' asks for Python ${says}, and ${label} has ${python}; use a base with that Python, or change the file`,
  }));
}

/**
 * Whether version specifiers allow some patch release of a feature release such as `3.13`. What cannot be judged is allowed.
 *
 * @see https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
export function allowsRelease(specifiers: string, release: string): boolean {
  const [major, minor] = release.split('.').map(Number);
  return specifiers.split(',').every(specifier => {
    const [, operator, first, second, third, wildcard] = /^\s*(~=|==|!=|<=|>=|<|>)\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?[^*]*?(\.\*)?\s*$/.exec(specifier) ?? [];
    if (operator === undefined) return true;
    const sameMajor = major === Number(first);
    const order = sameMajor ? minor - Number(second ?? 0) : major - Number(first);
    switch (operator) {
      case '>=': case '>': return order >= 0;
      case '<=': return order <= 0;
      case '<': return order < 0 || order === 0 && Number(third ?? 0) > 0;
      case '~=': return sameMajor && (third === undefined ? order >= 0 : order === 0);
      case '==': return second === undefined && wildcard !== undefined ? sameMajor : order === 0;
      case '!=': return wildcard === undefined || !(second === undefined ? sameMajor : order === 0 && third === undefined);
      default: return true;
    }
  });
}
