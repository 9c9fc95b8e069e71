import type { Fault } from '../../primitives/faults';
import { readPyproject } from '../pyproject';
import { declaredRequirements, readRequirement, type Selection } from '../requirement';
import { normalizedName, readRequirements } from '../requirements-file';
import { passwordFaults } from './index-options';
import { managerFile, unknownFaults } from './listed-requirements';
import { pipInstallation, pipSourceInstallation } from './pip-command';
import { NO_INSTALLATION, sourcePath, type Recipe, type RecipeInput } from './recipe';
import { dynamicFaults } from './uv-project';

/**
 * Installs what a `pyproject.toml` asks for: the newest releases that fit, on the day of the build. pip gets the requirements themselves: no other
 * change of the file installs anything again, and a pip that does not know groups yet will do.
 *
 * @see https://packaging.python.org/en/latest/specifications/dependency-groups/
 */
export function pyprojectRecipe(input: RecipeInput, selection: Selection): Recipe {
  const path = sourcePath(input.source, 'pyproject.toml');
  const { document, fault } = managerFile(path, 'uv init --bare', input.read);
  const wanted = { groups: selection.groups.map(normalizedName), extras: selection.extras.map(normalizedName) };
  const pyproject = readPyproject(document);
  const requirements = declaredRequirements(document, wanted);
  const faults: Fault[] = fault ? [fault] : [
    ...unknownFaults(path, 'dependency group', wanted.groups, pyproject.groups),
    ...unknownFaults(path, 'extra', wanted.extras, pyproject.extras),
    ...dynamicFaults(path, pyproject),
    ...requirements.filter(text => /^file:/i.test(readRequirement(text)?.url ?? '')).map(text => ({
      code: 'REQUIREMENT_LOCAL', problem: `'${path}' installs '${text}' from the local disk, which the build does not see; list released packages only`,
    })),
    ...requirements.filter(text => readRequirement(text) === undefined).map(text => ({
      code: 'REQUIREMENT_TEXT', problem: `'${path}' requires '${text}', which names no package; write it as 'flask >= 3.1'`,
    })),
  ];
  return {
    install: target => requirements.length === 0 ? NO_INSTALLATION
      : pipInstallation(input, target, { args: requirements, mounts: [], hashed: false }),
    installSource: target => pipSourceInstallation(input, target),
    distributions: requirements.length === 0 && faults.length === 0 ? [] : undefined,
    versions: readRequirements(requirements.join('\n')).versions,
    faults: [...faults, ...passwordFaults([path], input.read)],
  };
}
