import type { LayoutInput, LayoutPlan } from './layouts/layout-plan';
import { nuitkaLayout, type NuitkaProps } from './layouts/nuitka';
import { pexLayout } from './layouts/pex';
import { prefixLayout } from './layouts/prefix';
import { userBaseLayout } from './layouts/user-base';
import { venvLayout } from './layouts/venv';
import { wheelhouseLayout } from './layouts/wheelhouse';
import { mustBeModule, mustBeScript } from './servers/server-values';
import { must } from '../primitives/faults';

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
   * A pex: packages, as wheels, and application in one program, which is the image's entrypoint. It is unpacked while the image is built, so that
   * the container starts at once and with a read-only root. The runtime image has to have the same Python at the same path; it needs no shell.
   *
   * An image for development has a virtual environment instead, and the source in `/app`.
   * @see https://docs.pex-tool.org/
   */
  public static pex(): Layout {
    return new Pex();
  }

  /**
   * One program, compiled with Nuitka from the application, its packages and the server. There is no Python in the image, so it may be `scratch`:
   * `PythonBase.of(BaseImage.python(…), BaseImage.scratch())`. Shared libraries that the runtime image does not have are added. Data files of the
   * source are in `/app`, its Python files are not. Compiling takes minutes, for each edit of the source too; what the C compiler has
   * made is kept where apt or apk can install `ccache`.
   *
   * An image for development has a virtual environment instead, and the source in `/app`.
   * @see https://nuitka.net/user-documentation/
   */
  public static nuitka(props: NuitkaProps = {}): Layout {
    return new Nuitka(props);
  }

  /**
   * Whether the source goes through a stage of its own, though it is not installed.
   * @internal
   */
  public readonly _packsSource: boolean = false;

  /** @internal */
  public abstract _plan(input: LayoutInput): LayoutPlan;

  /**
   * The layout of an image whose source somebody works on.
   * @internal
   */
  public _forDevelopment(): Layout {
    return this._packsSource ? Layout.venv() : this;
  }
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

class Pex extends Layout {
  /** @internal */
  public override readonly _packsSource = true;

  /** @internal */
  public _plan(input: LayoutInput): LayoutPlan {
    return pexLayout(input);
  }
}

class Nuitka extends Layout {
  /** @internal */
  public override readonly _packsSource = true;

  constructor(private readonly props: NuitkaProps) {
    super();
    for (const name of [...props.modules ?? [], ...props.packages ?? [], ...props.packageData ?? []]) mustBeModule('module', name);
    for (const arg of props.args ?? []) must(/^--[a-z]/.test(arg), 'NUITKA_OPTION', `'${arg}' is not an option of Nuitka such as --nofollow-import-to=*.tests`);
  }

  /** @internal */
  public _plan(input: LayoutInput): LayoutPlan {
    return nuitkaLayout(input, this.props);
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
  public _plan(input: LayoutInput): LayoutPlan {
    return wheelhouseLayout(input);
  }
}
