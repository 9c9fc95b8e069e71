import { CHOSEN_TOOLS } from '../../build/lifecycle';
import { pdmGroups, readPdmLock } from '../pdm-lock';
import { readPyproject } from '../pyproject';
import type { Selection } from '../requirement';
import { normalizedName } from '../requirements-file';
import { chosenPackages, listedRecipe, lockFaults, managerFile, unknownFaults } from './listed-requirements';
import { sourcePath, type Recipe, type RecipeInput } from './recipe';
import { dynamicFaults } from './uv-project';

/**
 * Installs what a `pdm.lock` locks.
 *
 * @see https://pdm-project.org/en/latest/usage/lockfile/
 * @see https://pdm-project.org/en/latest/reference/cli/#export
 */
export function pdmRecipe(input: RecipeInput, selection: Selection, version?: string): Recipe {
  const [projectPath, lockPath] = ['pyproject.toml', 'pdm.lock'].map(name => sourcePath(input.source, name));
  const project = managerFile(projectPath, 'pdm init', input.read);
  const lock = managerFile(lockPath, 'pdm lock', input.read);
  const wanted = { groups: selection.groups.map(normalizedName), extras: selection.extras.map(normalizedName) };
  const pyproject = readPyproject(project.document);
  const part = readPdmLock(lock.document, project.document, wanted);
  const missing = [project, lock].flatMap(file => file.fault ?? []);
  const chosen = [...selection.groups, ...selection.extras].flatMap(name => ['--group', name]);
  return listedRecipe(input, 'pdm', {
    packages: chosenPackages(CHOSEN_TOOLS.pdm.packages, 'pdm[locked]', version),
    files: [projectPath, lockPath],
    variables: { PDM_CHECK_UPDATE: '0', PDM_USE_VENV: '0' },
    check: ['lock', '--check'],
    // groups that are named take the place of all development groups; where none is, it has to be said that none is wanted
    list: ['export', ...(selection.groups.length === 0 ? ['--prod'] : []), ...chosen, '--output'],
  }, part, missing.length > 0 ? missing : [
    ...unknownFaults(projectPath, 'dependency group', wanted.groups, [...pyproject.groups, ...pdmGroups(project.document)]),
    ...unknownFaults(projectPath, 'extra', wanted.extras, pyproject.extras),
    ...dynamicFaults(projectPath, pyproject),
    ...lockFaults(lockPath, part),
  ]);
}
