import type { Instruction } from '../../build/instruction';
import type { Fault } from '../../primitives/faults';

/** How one package manager installs a service's packages. */
export interface Recipe {
  /** Instructions of the build stage, after those that make the environment. */
  readonly instructions: readonly Instruction[];
  /** Instructions of a stage on top of it, which install the source itself under {@link PACKAGE}. */
  readonly package: readonly Instruction[];
  /** Whether the build stage's pip installs. */
  readonly usesPip: boolean;
  /** Normalized names of all packages that will be there, when that is known. */
  readonly distributions?: readonly string[];
  /** Versions of those whose version is known, by their normalized names. */
  readonly versions: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
}

/** What a recipe is made from. */
export interface RecipeInput {
  /** Text of a file of the source tree, or nothing. */
  readonly read: (path: string) => string | undefined;
  /** Directory of the service, from the root of the source tree. */
  readonly source: string;
  /** Interpreter of the build stage's image. */
  readonly pythonPath: string;
  /** Directory of the environment to install into. */
  readonly environment: string;
  /** Its interpreter. */
  readonly environmentPython: string;
  /** Whether packages are compiled as the manager usually does. */
  readonly compile: boolean;
}

/** Where the build sees the source tree while it installs. */
export const MOUNTED_SOURCE = '/src';
/** Where the source itself is installed, alone: it becomes a layer of its own, on top of the packages it needs. */
export const PACKAGE = '/package';

/** A path in the source directory, from the root of the source tree. */
export function sourcePath(source: string, path: string): string {
  return source === '.' ? path : `${source}/${path}`;
}

/** Where the build sees the service's source directory. */
export function mountedPath(source: string): string {
  return source === '.' ? MOUNTED_SOURCE : `${MOUNTED_SOURCE}/${source}`;
}
