import { posix } from 'node:path';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { readRequirements, type RequirementsFile } from '../requirements-file';
import { passwordFaults } from './index-options';
import { pipInstallation, pipSourceInstallation, type PipRequirements } from './pip-command';
import { mountedPath, type Recipe, type RecipeInput } from './recipe';

/**
 * Installs a requirements file, with those that it includes.
 *
 * @see https://pip.pypa.io/en/stable/user_guide/#requirements-files
 */
export function pipRecipe(input: RecipeInput, requirements: string): Recipe {
  const files = new Map<string, RequirementsFile>();
  const faults: Fault[] = [];
  collect(requirements, input.read, files, faults);
  const all = [...files.values()];
  const hashed = all.some(file => file.hashed > 0);
  const unhashed = all.map(file => file.unhashed).find(line => line !== undefined);
  if (hashed && unhashed !== undefined) {
    faults.push({ code: 'HASH_MISSING', problem: `'${requirements}' has hashes, but not for '${unhashed}'; pip wants them for all packages or none` });
  }
  for (const line of all.flatMap(file => file.local)) {
    faults.push({ code: 'REQUIREMENT_LOCAL', problem: `'${requirements}' installs '${line}' from the local disk, which the build does not see; list released packages only` });
  }
  const mounts = [...files.keys()].sort().map((path): MountData => ({ type: 'bind', source: path, target: mountedPath(path) }));
  const what: PipRequirements = { args: ['--requirement', mountedPath(requirements)], mounts, hashed };
  return {
    install: target => pipInstallation(input, target, what),
    installSource: target => pipSourceInstallation(input, target),
    distributions: hashed || unhashed === undefined && faults.length === 0 ? all.flatMap(file => file.names) : undefined,
    versions: Object.assign({}, ...all.map(file => file.versions)),
    faults: [...faults, ...passwordFaults([...files.keys()].sort(), input.read)],
  };
}

/** Reads a file and those that it includes, each once. */
function collect(path: string, read: RecipeInput['read'], files: Map<string, RequirementsFile>, faults: Fault[]): void {
  if (files.has(path)) return;
  const text = read(path);
  if (text === undefined) {
    faults.push({ code: 'REQUIREMENTS_MISSING', problem: `there is no file '${path}'; create it, or name another with Dependencies.requirements(…)` });
    return;
  }
  const file = readRequirements(text);
  files.set(path, file);
  for (const include of file.includes) {
    const included = posix.normalize(posix.join(posix.dirname(path), include));
    if (included.startsWith('../')) {
      faults.push({ code: 'SOURCE_OUTSIDE', problem: `'${path}' includes '${include}', which is outside the App's root; move it in, or choose a higher root` });
    } else {
      collect(included, read, files, faults);
    }
  }
}
