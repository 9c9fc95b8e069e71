import { CHOSEN_TOOLS } from '../../build/lifecycle';
import { pipfileCategories, readPipfileLock } from '../pipfile-lock';
import { table, type Table } from '../pyproject';
import { chosenPackages, listedRecipe, lockFaults, managerFile, unknownFaults } from './listed-requirements';
import { sourcePath, type Recipe, type RecipeInput } from './recipe';

/**
 * Installs what a `Pipfile.lock` locks.
 *
 * @see https://pipenv.pypa.io/en/latest/cli.html
 */
export function pipenvRecipe(input: RecipeInput, categories: readonly string[], version?: string): Recipe {
  const [projectPath, lockPath] = ['Pipfile', 'Pipfile.lock'].map(name => sourcePath(input.source, name));
  const project = managerFile(projectPath, 'pipenv install', input.read);
  const lock = managerFile(lockPath, 'pipenv lock', input.read, parseJson);
  const chosen = ['packages', ...categories.filter(name => name !== 'packages')];
  const part = readPipfileLock(lock.document, chosen);
  const missing = [project, lock].flatMap(file => file.fault ?? []);
  return listedRecipe(input, 'pipenv', {
    packages: chosenPackages(CHOSEN_TOOLS.pipenv.packages, 'pipenv', version),
    files: [projectPath, lockPath],
    check: ['verify'],
    list: ['requirements', '--hash', ...(chosen.length > 1 ? ['--categories', chosen.join(' ')] : [])],
    prints: true,
  }, part, missing.length > 0 ? missing : [
    ...unknownFaults(projectPath, 'category', categories, pipfileCategories(project.document)), ...lockFaults(lockPath, part),
  ]);
}

function parseJson(text: string): Table | string {
  try {
    return table(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return 'for it has a syntax error';
  }
}
