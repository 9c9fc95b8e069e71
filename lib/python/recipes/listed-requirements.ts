import type { Instruction } from '../../build/instruction';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { shellWord, shellWords } from '../../primitives/shell-quote';
import type { LockPart } from '../lock-part';
import { parseToml, type Table } from '../pyproject';
import { indexOptions, passwordFaults, withPasswords } from './index-options';
import { PIP_CACHE, pipInstallation, pipSourceInstallation, WRITTEN_REQUIREMENTS } from './pip-command';
import { mountedPath, REQUIREMENTS_FILE, sourcePath, type Recipe, type RecipeInput } from './recipe';

/** Environment that the manager is installed in, in the stage `requirements`. */
const MANAGER = '/manager';

/** How a manager writes what it has locked as a list for pip. */
export interface ListingManager {
  /** What pip is told to install, each with its release. */
  readonly packages: readonly string[];
  /** Files that it reads, from the root of the source tree. They are seen by this one command. */
  readonly files: readonly string[];
  /** Environment variables of its commands. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Arguments of the program: how it compares its lock with its project, and says itself what does not fit. */
  readonly check: readonly string[];
  /** How it prints or writes the list. */
  readonly list: readonly string[];
  /** Whether it prints the list, where others are told which file it is. */
  readonly prints?: boolean;
}

/**
 * Has pip install what a manager has locked. The manager is in a stage of its own, in an environment of its own; only its list, with the hashes
 * of all packages, gets from there into the build stage. Packages are installed again when that list changes, not when the lock does.
 */
export function listedRecipe(input: RecipeInput, program: string, manager: ListingManager, part: LockPart, faults: readonly Fault[]): Recipe {
  // those that the lock names are in its list already, and keep their order there; of them only the passwords are needed
  const files = manager.files.filter(path => input.read(path) !== undefined);
  const texts = files.map(path => input.read(path)!);
  const unnamed = input.indexes.filter(({ url }) => !texts.some(text => text.includes(url.replace(/\/+$/, ''))));
  const list = { ...WRITTEN_REQUIREMENTS, indexes: unnamed };
  return {
    install: target => pipInstallation(input, target, list, instructions({ ...input, indexes: unnamed }, program, { ...manager, files })),
    installSource: target => pipSourceInstallation(input, target),
    distributions: faults.length > 0 ? undefined : part.names,
    versions: part.versions,
    locked: part.locked,
    faults: [...faults, ...passwordFaults(files, input.read)],
  };
}

function instructions({ source, pythonPath, indexes }: RecipeInput, program: string, manager: ListingManager): Instruction[] {
  const { packages, files, variables, check, list, prints } = manager;
  const command = (args: readonly string[]) => shellWords([`${MANAGER}/bin/${program}`, ...args]);
  const mounts = files.map((path): MountData => ({ type: 'bind', source: path, target: mountedPath(path) }));
  return [
    withPasswords({
      kind: 'runShell',
      commands: [
        shellWords([pythonPath, '-m', 'venv', '--without-pip', MANAGER]),
        shellWords([pythonPath, '-m', 'pip', '--python', `${MANAGER}/bin/python`, 'install', '--disable-pip-version-check', ...indexOptions(indexes), ...packages]),
      ],
      mounts: [PIP_CACHE],
      why: 'in a stage of its own: neither the build stage nor the image has it',
    }, indexes),
    ...(variables ? [{ kind: 'environment', variables } as const] : []),
    { kind: 'workingDirectory', path: mountedPath(source) },
    {
      kind: 'runShell',
      commands: ['mkdir /requirements', command(check), prints ? `${command(list)} > ${shellWord(REQUIREMENTS_FILE)}` : command([...list, REQUIREMENTS_FILE])],
      mounts,
      why: 'a lock that does not fit its project ends the build; with hashes, for pip',
    },
  ];
}

/** A file of a manager, as text and document. */
export interface ManagerFile {
  readonly text: string;
  readonly document: Table;
  readonly fault?: Fault;
}

/** Reads a TOML file that has to be there, or JSON with another `parse`. `how` is the command that makes it. */
export function managerFile(path: string, how: string, read: RecipeInput['read'], parse: (text: string) => Table | string = parseToml): ManagerFile {
  const text = read(path);
  if (text === undefined) {
    return { text: '', document: {}, fault: { code: 'MANAGER_FILE_MISSING', problem: `there is no file '${path}'; make it with '${how}', or choose other 'dependencies'` } };
  }
  const document = parse(text);
  if (typeof document !== 'string') return { text, document };
  const [code, language] = parse === parseToml ? ['TOML_TEXT', 'TOML'] : ['LOCK_TEXT', 'JSON'];
  return { text, document: {}, fault: { code, problem: `'${path}' is not ${language}, ${document}; correct it` } };
}

/** What pip cannot install from the list of a lock. pip compares hashes of all packages or of none, and a repository has none. */
export function lockFaults(lock: string, { local, repositories }: LockPart): Fault[] {
  return [
    ...local.map(item => ({
      code: 'REQUIREMENT_LOCAL', problem: `'${lock}' installs ${item} from the local disk, which the build does not see; use released packages only`,
    })),
    ...repositories.map(item => ({
      code: 'REQUIREMENT_UNHASHED',
      problem: `'${lock}' installs ${item} from a repository, for which pip has no hash to compare; use a released package or the address of an archive, or lock with uv`,
    })),
  ];
}

/** What is asked for and not there. */
export function unknownFaults(file: string, what: string, wanted: readonly string[], there: readonly string[]): Fault[] {
  return wanted.filter(name => !there.includes(name)).map(name => ({
    code: 'GROUP_UNKNOWN', problem: `'${file}' has no ${what} '${name}'; ${there.length > 0 ? `it has ${there.join(', ')}` : 'it has none'}`,
  }));
}

/** The release of a manager that somebody has chosen, or the one that is known to work. */
export function chosenPackages(chosen: readonly string[], name: string, version: string | undefined): readonly string[] {
  return version === undefined ? chosen : chosen.map(item => item.replace(/==.*$/, '') === name ? `${name}==${version}` : item);
}

/** Files of the service's directory that are there. */
export function filesThere({ source, read }: RecipeInput, names: readonly string[]): string[] {
  return names.map(name => sourcePath(source, name)).filter(path => read(path) !== undefined);
}
