import type { LayoutInput, LayoutPlan } from './layouts/layout-plan';
import { prefixLayout } from './layouts/prefix';
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

  /**
   * Installed for the interpreter of the image itself, in a directory of the build stage that is copied onto its prefix: `/usr/local` for
   * Docker's official images. No interpreter but that one is needed, and every program of the image sees the packages.
   *
   * @see https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-prefix
   */
  public static prefix(): Layout {
    return new Prefix();
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

class Prefix extends Layout {
  /** @internal */
  public _plan(input: LayoutInput): LayoutPlan {
    return prefixLayout(input);
  }
}
