import type { StageNeed } from '../build/build-plan';
import type { Instruction } from '../build/instruction';
import { venvLayout } from './layouts/venv';

/**
 * How packages get into the image, as plain data.
 * @internal
 */
export interface LayoutPlan {
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

/**
 * What a layout is made from.
 * @internal
 */
export interface LayoutInput {
  readonly buildStage: string;
  readonly runtimeStage: string;
  /** Interpreter of the build stage's image. */
  readonly pythonPath: string;
}

/** How installed Python packages get from the build stage into the runtime stage. */
export abstract class Layout {
  /**
   * A virtual environment, made in the build stage and copied whole. Its interpreter is a link: the runtime image has to have
   * the same Python at the same path.
   *
   * @see https://docs.python.org/3/library/venv.html
   */
  public static venv(): Layout {
    return new Venv();
  }

  /** @internal */
  public abstract _plan(input: LayoutInput): LayoutPlan;
}

class Venv extends Layout {
  /** @internal */
  public _plan(input: LayoutInput): LayoutPlan {
    return venvLayout(input);
  }
}
