import type { DependencyChoice } from '../dependencies';
import { pipRecipe } from './pip';
import { pipSourceInstallation } from './pip-command';
import { NO_INSTALLATION, sourcePath, type Recipe, type RecipeInput } from './recipe';
import { uvRecipe } from './uv';
import { uvLockOf } from './uv-project';

/** What installs nothing. */
export const NO_RECIPE: Recipe = { install: () => NO_INSTALLATION, installSource: () => NO_INSTALLATION, versions: {}, faults: [] };

/** Installs no packages; the source, where it is asked to. */
function noRecipe(input: RecipeInput): Recipe {
  return { ...NO_RECIPE, installSource: target => pipSourceInstallation(input, target), distributions: [] };
}

/** The recipe of the package manager that was chosen, or that the source's files are made for. */
export function chosenRecipe(choice: DependencyChoice, input: RecipeInput): Recipe {
  switch (choice.manager) {
    case 'pip': return pipRecipe(input, sourcePath(input.source, choice.file));
    case 'uv': return uvRecipe(input, choice);
    case 'none': return noRecipe(input);
    case 'detect': return detectedRecipe(input);
  }
}

function detectedRecipe(input: RecipeInput): Recipe {
  const { source, read } = input;
  const [requirements, project] = ['requirements.txt', 'pyproject.toml'].map(name => sourcePath(source, name));
  const lock = uvLockOf(input);
  if (lock !== undefined && read(requirements) !== undefined) {
    const problem = `'${source}' has both ${lock === sourcePath(source, 'uv.lock') ? 'uv.lock' : `'${lock}'`} and requirements.txt; choose one with 'dependencies': Dependencies.uv() or Dependencies.requirements()`;
    return { ...NO_RECIPE, faults: [{ code: 'DEPENDENCIES_UNCLEAR', problem }] };
  }
  if (lock !== undefined) return uvRecipe(input, { groups: [], extras: [] });
  if (read(requirements) !== undefined) return pipRecipe(input, requirements);
  const problem = read(project) === undefined
    ? `nothing in '${source}' says which packages to install; create 'requirements.txt', or 'uv.lock' with 'uv init --bare' and 'uv lock', or choose with 'dependencies'`
    : `'${source}' has a pyproject.toml, but nothing that locks its packages; make 'uv.lock' with 'uv lock', or 'requirements.txt', or choose with 'dependencies'`;
  return { ...NO_RECIPE, faults: [{ code: 'DEPENDENCIES_UNKNOWN', problem }] };
}
