import type { StageNeed } from '../../build/build-plan';
import type { Instruction } from '../../build/instruction';

/** How packages get into the image. */
export interface LayoutPlan {
  /** Directory that packages are installed in, in both stages. */
  readonly environment: string;
  /** Interpreter that packages are installed for, in the build stage. */
  readonly environmentPython: string;
  /** Interpreter that runs the service, in the runtime stage. */
  readonly runtimePython: string;
  /** Instructions that make the environment, in the build stage. */
  readonly prepare: readonly Instruction[];
  /** Instructions that bring it into the runtime stage. */
  readonly install: readonly Instruction[];
  readonly needs: readonly StageNeed[];
}

/** What a layout is made from. */
export interface LayoutInput {
  readonly buildStage: string;
  readonly runtimeStage: string;
  /** Interpreter of the build stage's image. */
  readonly pythonPath: string;
}
