import { posix } from 'node:path';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { readRequirements, type RequirementsFile } from '../requirements-file';
import { passwordFaults } from './index-options';
import { pipInstallation, pipSourceInstallation, type PipRequirements } from './pip-command';
import { mountedPath, type Recipe, type RecipeInput } from './recipe';

/** Files that say what pip installs, by path from the root of the source tree. */
export interface PipFiles {
  readonly files: readonly string[];
  /** Files that limit versions, and install nothing. */
  readonly constraints: readonly string[];
}

/**
 * Installs requirements files, with those that they include.
 *
 * @see https://pip.pypa.io/en/stable/user_guide/#requirements-files
 * @see https://pip.pypa.io/en/stable/user_guide/#constraints-files
 */
export function pipRecipe(input: RecipeInput, { files: [first, ...more], constraints }: PipFiles): Recipe {
  const found: Found = { installed: new Map(), limiting: new Map(), faults: [] };
  for (const path of [first, ...more]) collect(path, input.read, found, found.installed);
  for (const path of constraints) collect(path, input.read, found, found.limiting);
  const { faults } = found;
  const installed = [...found.installed];
  const limiting = [...found.limiting].filter(([path]) => !found.installed.has(path));
  const hashed = installed.some(([, file]) => file.hashed > 0);
  const unhashed = installed.find(([, file]) => file.unhashed !== undefined);
  if (hashed && unhashed !== undefined) {
    const named = more.length === 0 ? first : installed.find(([, file]) => file.hashed > 0)![0];
    faults.push({ code: 'HASH_MISSING', problem: `'${named}' has hashes, but not for '${unhashed[1].unhashed}'${more.length === 0 ? '' : ` in '${unhashed[0]}'`}; pip wants them for all packages or none` });
  }
  for (const [path, file] of installed) {
    faults.push(...file.local.map(line => ({
      code: 'REQUIREMENT_LOCAL',
      problem: `'${more.length === 0 ? first : path}' installs '${line}' from the local disk, which the build does not see; list released packages only`,
    })));
  }
  const mounts = [...installed, ...limiting].map(([path]) => path).sort().map((path): MountData => ({ type: 'bind', source: path, target: mountedPath(path) }));
  const options = (name: string, paths: readonly string[]) => paths.flatMap(path => [name, mountedPath(path)]);
  const what: PipRequirements = { args: [...options('--requirement', [first, ...more]), ...options('--constraint', constraints)], mounts, hashed };
  return {
    install: target => pipInstallation(input, target, what),
    installSource: target => pipSourceInstallation(input, target),
    distributions: hashed || unhashed === undefined && faults.length === 0 ? installed.flatMap(([, file]) => file.names) : undefined,
    versions: Object.assign({}, ...[...limiting, ...installed].map(([, file]) => file.versions)),
    faults: [...faults, ...passwordFaults([...installed, ...limiting].map(([path]) => path).sort(), input.read)],
  };
}

/** What has been read. */
interface Found {
  readonly installed: Map<string, RequirementsFile>;
  readonly limiting: Map<string, RequirementsFile>;
  readonly faults: Fault[];
}

/** Reads a file and those that it includes, each once. What a file that limits versions includes limits them too. */
function collect(path: string, read: RecipeInput['read'], found: Found, files: Map<string, RequirementsFile>): void {
  if (files.has(path)) return;
  const text = read(path);
  if (text === undefined) {
    found.faults.push({ code: 'REQUIREMENTS_MISSING', problem: `there is no file '${path}'; create it, or name another with Dependencies.requirements(…)` });
    return;
  }
  const file = readRequirements(text);
  files.set(path, file);
  const included = [
    ...file.includes.map(include => ({ include, into: files })),
    ...file.constraints.map(include => ({ include, into: found.limiting })),
  ];
  for (const { include, into } of included) {
    const target = posix.normalize(posix.join(posix.dirname(path), include));
    if (target.startsWith('../')) {
      found.faults.push({ code: 'SOURCE_OUTSIDE', problem: `'${path}' includes '${include}', which is outside the App's root; move it in, or choose a higher root` });
    } else {
      collect(target, read, found, into);
    }
  }
}
