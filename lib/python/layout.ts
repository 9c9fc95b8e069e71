import type { LayoutInput, LayoutPlan } from './layouts/layout-plan';
import { prefixLayout } from './layouts/prefix';
import { userBaseLayout } from './layouts/user-base';
import { venvLayout } from './layouts/venv';
import { wheelhouseLayout } from './layouts/wheelhouse';
import { mustBeScript } from './servers/server-values';

/** Settings of {@link Layout.userBase}. */
export interface UserBaseProps {
  /**
   * Console scripts that the image has, by their names, found on its `PATH`; a build fails when no package has one of them. Those that the
   * image's processes start are there, too.
   * @default - none
   */
  readonly scripts?: string[];
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

  /**
   * Installed for the interpreter of the image itself, in a directory of the build stage that is copied onto its prefix: `/usr/local` for
   * Docker's official images. No interpreter but that one is needed, and every program of the image sees the packages.
   *
   * @see https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-prefix
   */
  public static prefix(): Layout {
    return new Prefix();
  }

  /**
   * Installed as a user's own packages, in a directory that belongs to root and that `PYTHONUSERBASE` names: `pip install --user`. The interpreter
   * may be at another path than in the build image, unless there are `scripts`, which hold that path. Interpreters that are told to pass over such
   * packages, by `-s`, `-I` or `PYTHONNOUSERSITE`, do not find them.
   *
   * @see https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUSERBASE
   */
  public static userBase(props: UserBaseProps = {}): Layout {
    const { scripts = [] } = props;
    scripts.forEach(mustBeScript);
    return new UserBase([...scripts]);
  }

  /**
   * A wheel of every package is made in the build stage, `pip wheel`. The runtime image's own pip installs them from a mount, `--no-index --find-links`,
   * so that no layer holds a wheel, and is removed afterwards. The runtime image has to have pip; its Python may be at another path.
   *
   * @see https://pip.pypa.io/en/stable/user_guide/#installing-from-local-packages
   */
  public static wheelhouse(): Layout {
    return new Wheelhouse();
  }

  /**
   * Whether it installs into the runtime image itself.
   * @internal
   */
  public readonly _installsInImage: boolean = false;
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

class UserBase extends Layout {
  constructor(private readonly scripts: readonly string[]) {
    super();
  }

  /** @internal */
  public _plan(input: LayoutInput): LayoutPlan {
    return userBaseLayout(input, this.scripts);
  }
}

class Wheelhouse extends Layout {
  /** @internal */
  public override readonly _installsInImage = true;

  /** @internal */
  public _plan(input: LayoutInput): LayoutPlan {
    return wheelhouseLayout(input);
  }
}
