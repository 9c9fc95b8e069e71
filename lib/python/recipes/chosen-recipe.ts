import type { DependencyChoice } from '../dependencies';
import { pdmRecipe } from './pdm';
import { pipRecipe } from './pip';
import { pipSourceInstallation } from './pip-command';
import { pipenvRecipe } from './pipenv';
import { poetryRecipe } from './poetry';
import { pyprojectRecipe } from './pyproject';
import { NO_INSTALLATION, sourcePath, type Recipe, type RecipeInput } from './recipe';
import { uvRecipe } from './uv';
import { uvLockOf } from './uv-project';
import { wheelsRecipe } from './wheels';

/** What installs nothing. */
export const NO_RECIPE: Recipe = { install: () => NO_INSTALLATION, installSource: () => NO_INSTALLATION, versions: {}, faults: [] };

/** Installs no packages; the source, where it is asked to. */
function noRecipe(input: RecipeInput): Recipe {
  return { ...NO_RECIPE, installSource: target => pipSourceInstallation(input, target), distributions: [] };
}

/** The recipe of the package manager that was chosen, or that the source's files are made for. */
export function chosenRecipe(choice: DependencyChoice, input: RecipeInput): Recipe {
  const inSource = (path: string) => sourcePath(input.source, path);
  switch (choice.manager) {
    case 'pip': return pipRecipe(input, { files: choice.files.map(inSource), constraints: choice.constraints.map(inSource) });
    case 'uv': return uvRecipe(input, choice);
    case 'poetry': return poetryRecipe(input, choice, choice);
    case 'pdm': return pdmRecipe(input, choice, choice.version);
    case 'pipenv': return pipenvRecipe(input, choice.categories, choice.version);
    case 'pyproject': return pyprojectRecipe(input, choice);
    case 'none': return noRecipe(input);
    case 'wheels': return wheelsRecipe(input, choice.sources);
    case 'detect': return detectedRecipe(input);
  }
}

/** A file that says which manager a source is made for. */
interface Detected {
  readonly file: string;
  /** How that manager is chosen. */
  readonly factory: string;
  readonly recipe: () => Recipe;
}

const NOTHING_MORE = { groups: [], extras: [] };

function detectedRecipe(input: RecipeInput): Recipe {
  const { source, read } = input;
  const path = (name: string) => sourcePath(source, name);
  const uvLock = uvLockOf(input);
  const uv: Detected[] = uvLock === undefined ? [] : [
    { file: uvLock === path('uv.lock') ? 'uv.lock' : `'${uvLock}'`, factory: 'uv', recipe: () => uvRecipe(input, NOTHING_MORE) },
  ];
  const others: Detected[] = [
    { file: 'poetry.lock', factory: 'poetry', recipe: () => poetryRecipe(input, NOTHING_MORE) },
    { file: 'pdm.lock', factory: 'pdm', recipe: () => pdmRecipe(input, NOTHING_MORE) },
    { file: 'Pipfile.lock', factory: 'pipenv', recipe: () => pipenvRecipe(input, []) },
    { file: 'requirements.txt', factory: 'requirements', recipe: () => pipRecipe(input, { files: [path('requirements.txt')], constraints: [] }) },
  ];
  const found = [...uv, ...others.filter(({ file }) => read(path(file)) !== undefined)];
  if (found.length === 1) return found[0].recipe();
  if (found.length === 0) return { ...NO_RECIPE, faults: [{ code: 'DEPENDENCIES_UNKNOWN', problem: unknownProblem(source, name => read(path(name)) !== undefined) }] };
  const files = `${found.length === 2 ? 'both ' : ''}${together(found.map(({ file }) => file), 'and')}`;
  const problem = `'${source}' has ${files}; choose one with 'dependencies': ${together(found.map(({ factory }) => `Dependencies.${factory}()`), 'or')}`;
  return { ...NO_RECIPE, faults: [{ code: 'DEPENDENCIES_UNCLEAR', problem }] };
}

/** pip reads a `pylock.toml` since 26.1, as an experiment: https://pip.pypa.io/en/stable/news/#v26-1 */
function unknownProblem(source: string, isThere: (name: string) => boolean): string {
  if (isThere('pylock.toml')) {
    return `'${source}' has a pylock.toml, which pip reads as an experiment only, and older ones not at all; make 'uv.lock', 'poetry.lock', 'pdm.lock', 'Pipfile.lock' or 'requirements.txt'`;
  }
  if (isThere('pyproject.toml')) {
    return `'${source}' has a pyproject.toml, but nothing that locks its packages; make 'uv.lock' with 'uv lock', or 'requirements.txt', or choose with 'dependencies': `
      + 'Dependencies.pyproject() installs what is newest';
  }
  return `nothing in '${source}' says which packages to install; create 'requirements.txt', or 'uv.lock' with 'uv init --bare' and 'uv lock', or choose with 'dependencies'`;
}

function together(texts: readonly string[], word: string): string {
  return `${texts.slice(0, -1).join(', ')} ${word} ${texts.at(-1)}`;
}
