import { posix } from 'node:path';
import { CHOSEN_TOOLS } from '../../build/lifecycle';
import { isPoetry1Lock, readPoetryLock, readPoetryProject } from '../poetry-lock';
import type { Selection } from '../requirement';
import { normalizedName } from '../requirements-file';
import { filesThere, listedRecipe, lockFaults, managerFile, unknownFaults } from './listed-requirements';
import { sourcePath, type Recipe, type RecipeInput } from './recipe';

/** Which release of Poetry is used; each where it is said. */
export interface PoetryRelease {
  readonly version?: string;
  readonly exportPlugin?: string;
}

/**
 * Installs what a `poetry.lock` locks, with the Poetry that wrote it: 1 or 2.
 *
 * @see https://python-poetry.org/docs/cli/#check
 * @see https://github.com/python-poetry/poetry-plugin-export
 */
export function poetryRecipe(input: RecipeInput, selection: Selection, { version, exportPlugin }: PoetryRelease = {}): Recipe {
  const [projectPath, lockPath] = ['pyproject.toml', 'poetry.lock'].map(name => sourcePath(input.source, name));
  const project = managerFile(projectPath, 'poetry init', input.read);
  const lock = managerFile(lockPath, 'poetry lock', input.read);
  const wanted = { groups: selection.groups.map(normalizedName), extras: selection.extras.map(normalizedName) };
  const { groups, extras, readmes } = readPoetryProject(project.document);
  const part = readPoetryLock(lock.document, project.document, wanted);
  const [poetry, plugin] = CHOSEN_TOOLS[isPoetry1Lock(lock.text, lock.document) ? 'poetry1' : 'poetry'].packages;
  const missing = [project, lock].flatMap(file => file.fault ?? []);
  return listedRecipe(input, 'poetry', {
    // the plugin for another release is the newest that fits it, unless it is said
    packages: version === undefined && exportPlugin === undefined ? [poetry, plugin] : [
      version === undefined ? poetry : `poetry==${version}`, exportPlugin === undefined ? 'poetry-plugin-export' : `poetry-plugin-export==${exportPlugin}`,
    ],
    // Poetry looks whether the README is there
    files: [projectPath, lockPath, ...filesThere(input, readmes.map(path => posix.normalize(path)).filter(path => !/^(\.\.)?\//.test(path)))],
    variables: { POETRY_WARNINGS_EXPORT: 'false' },
    check: ['check', '--lock'],
    list: ['export', ...selection.groups.flatMap(group => ['--with', group]), ...selection.extras.flatMap(extra => ['--extras', extra]), '--output'],
  }, part, missing.length > 0 ? missing : [
    ...unknownFaults(projectPath, 'dependency group', wanted.groups, groups), ...unknownFaults(projectPath, 'extra', wanted.extras, extras), ...lockFaults(lockPath, part),
  ]);
}
