import type { Instruction } from '../../build/instruction';
import type { Fault } from '../../primitives/faults';

/** How one package manager installs a service's packages. */
export interface Recipe {
  /** Instructions of the build stage, after those that make the environment. */
  readonly instructions: readonly Instruction[];
  /** Normalized names of all packages that will be there, when that is known. */
  readonly distributions?: readonly string[];
  readonly faults: readonly Fault[];
}

/** What a recipe is made from. */
export interface RecipeInput {
  /** Text of a file of the source tree, or nothing. */
  readonly read: (path: string) => string | undefined;
  /** The file that says what to install, from the root of the source tree. */
  readonly file: string;
  /** Interpreter of the build stage's image. */
  readonly pythonPath: string;
  /** Interpreter of the environment to install into. */
  readonly environmentPython: string;
}
