import { posix } from 'node:path';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { shellWords } from '../../primitives/shell-quote';
import { readRequirements, type RequirementsFile } from '../requirements-file';
import type { Recipe, RecipeInput } from './recipe';

/** Where the build sees the source tree while it installs. */
const MOUNTED_SOURCE = '/src';
/** pip's cache for root. @see https://pip.pypa.io/en/stable/topics/caching/ */
const PIP_CACHE = '/root/.cache/pip';

/**
 * Installs a requirements file with the pip of the build image, so that the environment itself holds no pip. The files are
 * mounted for the one command: no layer holds them, and no other change of the source repeats it.
 *
 * @see https://pip.pypa.io/en/stable/user_guide/#requirements-files
 */
export function pipRecipe(input: RecipeInput): Recipe {
  const files = new Map<string, RequirementsFile>();
  const faults: Fault[] = [];
  collect(input.file, input.read, files, faults);
  const all = [...files.values()];
  const hashed = all.some(file => file.hashed > 0);
  const unhashed = all.map(file => file.unhashed).find(line => line !== undefined);
  if (hashed && unhashed !== undefined) {
    faults.push({ code: 'HASH_MISSING', problem: `'${input.file}' has hashes, but not for '${unhashed}'; pip wants them for all packages or none` });
  }
  for (const line of all.flatMap(file => file.local)) {
    faults.push({ code: 'REQUIREMENT_LOCAL', problem: `'${input.file}' installs '${line}' from the local disk, which the build does not see; list released packages only` });
  }
  const command = [
    input.pythonPath, '-m', 'pip', '--python', input.environmentPython, 'install',
    ...(hashed ? ['--require-hashes'] : []),
    '--requirement', `${MOUNTED_SOURCE}/${input.file}`,
  ];
  const mounts: MountData[] = [
    { type: 'cache', target: PIP_CACHE },
    ...[...files.keys()].sort().map((path): MountData => ({ type: 'bind', source: path, target: `${MOUNTED_SOURCE}/${path}` })),
  ];
  return {
    instructions: [{ kind: 'runShell', commands: [shellWords(command)], mounts }],
    distributions: hashed ? all.flatMap(file => file.names) : undefined,
    faults,
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
