import { posix } from 'node:path';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { shellWords } from '../../primitives/shell-quote';
import { readRequirements, type RequirementsFile } from '../requirements-file';
import { mountedPath, MOUNTED_SOURCE, PACKAGE, type Recipe, type RecipeInput } from './recipe';

/** pip's cache for root. @see https://pip.pypa.io/en/stable/topics/caching/ */
const PIP_CACHE = '/root/.cache/pip';

/**
 * Installs a requirements file with the pip of the build image, so that the environment itself holds no pip. The files are
 * mounted for the one command: no layer holds them, and no other change of the source repeats it.
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
  const command = [
    input.pythonPath, '-m', 'pip', '--python', input.environmentPython, 'install',
    ...(input.compile ? [] : ['--no-compile']),
    ...(hashed ? ['--require-hashes'] : []),
    '--requirement', `${MOUNTED_SOURCE}/${requirements}`,
  ];
  const mounts: MountData[] = [
    { type: 'cache', target: PIP_CACHE },
    ...[...files.keys()].sort().map((path): MountData => ({ type: 'bind', source: path, target: `${MOUNTED_SOURCE}/${path}` })),
  ];
  return {
    instructions: [{ kind: 'runShell', commands: [shellWords(command)], mounts, why: 'only the files that say what to install are seen: nothing else repeats it' }],
    package: packageInstructions(input),
    usesPip: true,
    distributions: hashed ? all.flatMap(file => file.names) : undefined,
    versions: Object.assign({}, ...all.map(file => file.versions)),
    faults,
  };
}

/** Builders such as setuptools write into the source. What changes with each edit gets no bytecode. */
function packageInstructions({ source, pythonPath, environmentPython }: RecipeInput): Recipe['package'] {
  const directory = mountedPath(source);
  const command = [pythonPath, '-m', 'pip', '--python', environmentPython, 'install', '--no-deps', '--no-compile', '--prefix', PACKAGE, directory];
  const mounts: MountData[] = [{ type: 'cache', target: PIP_CACHE }, { type: 'bind', source, target: directory, writable: true }];
  return [{ kind: 'runShell', commands: [shellWords(command)], mounts }];
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
