import type { LayoutInput, LayoutPlan } from './layouts/layout-plan';
import { venvLayout } from './layouts/venv';

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
