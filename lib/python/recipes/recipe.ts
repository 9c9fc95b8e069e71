import type { Instruction } from '../../build/instruction';
import type { Fault } from '../../primitives/faults';
import type { LockedPackage } from '../locked-package';
import type { IndexData } from '../package-index';
import type { PythonRequirement } from '../python-release';
import type { WheelBase } from '../wheel-tags';

/** Where an installation goes, in a stage on the build image. */
export type InstallTarget =
  /** A virtual environment that is there, with its interpreter. */
  | { readonly kind: 'environment'; readonly directory: string; readonly python: string }
  /** A directory with `bin` and `lib`, to be copied onto the prefix of an interpreter: that of the build image, when none is said. */
  | { readonly kind: 'prefix'; readonly directory: string; readonly python?: string }
  /** What `PYTHONUSERBASE` will name. */
  | { readonly kind: 'user'; readonly directory: string }
  /** Wheels, which are not installed. */
  | { readonly kind: 'wheels'; readonly directory: string };

/** How one installation is made. */
export interface Installation {
  /** Instructions of the stage {@link REQUIREMENTS_STAGE}, where pip cannot read what the manager locks; mostly none. */
  readonly requirements: readonly Instruction[];
  readonly instructions: readonly Instruction[];
  /** Whether the build image's pip installs. */
  readonly usesPip: boolean;
}

/** How one package manager installs a service's packages. */
export interface Recipe {
  /** Installs the packages, and not the source itself. */
  readonly install: (target: InstallTarget) => Installation;
  /** Installs the source itself, and none of the packages. */
  readonly installSource: (target: InstallTarget) => Installation;
  /** Installs what the source needs of the rest of the source tree, and none of their packages; nothing when it needs none of it. */
  readonly libraries?: RecipeLibraries;
  /** Instructions of the stage `workspace`: generated files that a manager reads. */
  readonly workspace?: readonly Instruction[];
  /** For which Python a lock is made, where that is more than the source asks for. */
  readonly requiresPython?: PythonRequirement;
  /** Normalized names of all packages that will be there, when that is known. */
  readonly distributions?: readonly string[];
  /** Versions of those whose version is known, by their normalized names. */
  readonly versions: Readonly<Record<string, string>>;
  /** Packages that a lock says the files of; nothing where it does not. */
  readonly locked?: readonly LockedPackage[];
  readonly faults: readonly Fault[];
}

/** Packages of the source tree that a service needs besides its own. */
export interface RecipeLibraries {
  /** Their directories, from the root of the source tree. */
  readonly sources: readonly string[];
  readonly install: (target: InstallTarget) => Installation;
}

/** What a recipe is made from. */
export interface RecipeInput {
  /** Text of a file of the source tree, or nothing. */
  readonly read: (path: string) => string | undefined;
  /** Directory of the service, from the root of the source tree. */
  readonly source: string;
  /** Interpreter of the build stage's image. */
  readonly pythonPath: string;
  /** Image that packages are installed on. */
  readonly base: WheelBase;
  /** Whether packages are compiled as the manager usually does. */
  readonly compile: boolean;
  /** Where packages come from, when that is not left to the manager and its files. */
  readonly indexes: readonly IndexData[];
}

/** Where the build sees the source tree while it installs. */
const MOUNTED_SOURCE = '/src';
/** Name of the stage in which a manager writes the list of what it has locked, for pip. */
export const REQUIREMENTS_STAGE = 'requirements';
/** The list, in that stage. */
export const REQUIREMENTS_FILE = '/requirements/requirements.txt';

/** What installs nothing. */
export const NO_INSTALLATION: Installation = { requirements: [], instructions: [], usesPip: false };

/** A path in the source directory, from the root of the source tree. */
export function sourcePath(source: string, path: string): string {
  return source === '.' ? path : `${source}/${path}`;
}

/** Where the build sees a file or directory of the source tree: under the same path, without what no mount can name. */
export function mountedPath(source: string): string {
  return source === '.' ? MOUNTED_SOURCE : `${MOUNTED_SOURCE}/${source.replace(/[^\w@+./-]/gu, plainName)}`;
}

/** The letters and digits of a character that a mount cannot name. */
function plainName(character: string): string {
  return `_${character.codePointAt(0)!.toString(16)}`;
}
