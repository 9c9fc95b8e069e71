import type { IndexData, PackageIndex } from './package-index';
import { UV_IMAGE } from './recipes/uv';
import type { BaseImage } from '../build/base-image';
import { mustBeSourcePath } from '../build/source-path';
import { must } from '../primitives/faults';

/**
 * Which package manager installs what, as plain data.
 * @internal
 */
export type DependencyChoice =
  | { readonly manager: 'pip'; readonly file: string }
  | { readonly manager: 'uv'; readonly groups: readonly string[]; readonly extras: readonly string[] }
  | { readonly manager: 'none' }
  | { readonly manager: 'detect' };

/** Where packages come from. */
export interface PackageSourceProps {
  /**
   * Indexes that packages come from. pip takes them in place of the index that it knows, others after the first besides it. A lock names
   * those that its packages come from itself; the passwords of these here are used for it.
   * @default - what the manager's files say, else the manager's own
   */
  readonly indexes?: PackageIndex[];
}

/** Settings of {@link Dependencies.requirements}. */
export interface RequirementsProps extends PackageSourceProps {}

/** Settings of {@link Dependencies.uv}. */
export interface UvProps extends PackageSourceProps {
  /**
   * Dependency groups to install besides the project's dependencies.
   * @default - none, `dev` neither
   * @see https://docs.astral.sh/uv/concepts/projects/dependencies/#dependency-groups
   */
  readonly groups?: string[];
  /**
   * Optional dependencies of the project to install.
   * @default - none
   * @see https://docs.astral.sh/uv/concepts/projects/dependencies/#optional-dependencies
   */
  readonly extras?: string[];
  /**
   * Image with the program at `/uv`. It is a stage of its own, for bots that keep images up to date.
   * @default - `ghcr.io/astral-sh/uv` of one release
   */
  readonly image?: BaseImage;
}

/** Settings of {@link Dependencies.detected}. */
export interface DetectedProps extends PackageSourceProps {
  /** Where uv comes from when it is uv, as {@link UvProps.image}. @default - `ghcr.io/astral-sh/uv` of one release */
  readonly uvImage?: BaseImage;
}

/** Where a service's Python packages come from. */
export class Dependencies {
  /**
   * A pip requirements file. When its packages carry hashes, all have to match.
   *
   * @param file path in the service's source directory, with `/` between its parts
   * @see https://pip.pypa.io/en/stable/topics/secure-installs/
   */
  public static requirements(file: string = 'requirements.txt', props: RequirementsProps = {}): Dependencies {
    mustBeSourcePath(file);
    return new Dependencies({ manager: 'pip', file }, props);
  }

  /**
   * A `uv.lock` with its `pyproject.toml`, in the service's source directory. A lock that does not fit the project ends the build.
   *
   * @see https://docs.astral.sh/uv/guides/integration/docker/
   */
  public static uv(props: UvProps = {}): Dependencies {
    const { groups = [], extras = [], image = UV_IMAGE } = props;
    for (const name of [...groups, ...extras]) {
      must(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name), 'GROUP_NAME', `'${name}' is not the name of a dependency group or extra, such as prod`);
    }
    return new Dependencies({ manager: 'uv', groups: [...groups], extras: [...extras] }, props, image);
  }

  /** What the service's source directory has: `uv.lock`, or `requirements.txt`. Having both is refused. */
  public static detected(props: DetectedProps = {}): Dependencies {
    return new Dependencies({ manager: 'detect' }, props, props.uvImage ?? UV_IMAGE);
  }

  /** None: the application needs nothing but Python's own library. */
  public static none(): Dependencies {
    return new Dependencies({ manager: 'none' }, {});
  }

  /** @internal */
  public readonly _choice: DependencyChoice;
  /**
   * Where uv comes from, if it may be used.
   * @internal
   */
  public readonly _uvImage?: BaseImage;

  /** @internal */
  public readonly _indexes: readonly IndexData[];

  private constructor(choice: DependencyChoice, { indexes = [] }: PackageSourceProps, uvImage?: BaseImage) {
    this._choice = choice;
    this._indexes = indexes.map(index => index._data);
    this._uvImage = uvImage;
  }
}
