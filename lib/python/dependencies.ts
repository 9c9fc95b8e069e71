import type { IndexData, PackageIndex } from './package-index';
import { UV_IMAGE } from './recipes/uv';
import type { WheelDirectories } from './recipes/wheels';
import type { IWheelSource } from './wheel-source';
import type { BaseImage } from '../build/base-image';
import { mustBeSourcePath } from '../build/source-path';
import { must } from '../primitives/faults';

/**
 * Which package manager installs what, as plain data.
 * @internal
 */
export type DependencyChoice =
  | { readonly manager: 'pip'; readonly files: readonly string[]; readonly constraints: readonly string[] }
  | { readonly manager: 'uv' | 'pyproject'; readonly groups: readonly string[]; readonly extras: readonly string[] }
  | { readonly manager: 'poetry'; readonly groups: readonly string[]; readonly extras: readonly string[]; readonly version?: string; readonly exportPlugin?: string }
  | { readonly manager: 'pdm'; readonly groups: readonly string[]; readonly extras: readonly string[]; readonly version?: string }
  | { readonly manager: 'pipenv'; readonly categories: readonly string[]; readonly version?: string }
  | { readonly manager: 'none' }
  | { readonly manager: 'wheels'; readonly sources: readonly WheelDirectories[] }
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
export interface RequirementsProps extends PackageSourceProps {
  /** More requirements files, as paths in the service's source directory: pip installs all together. @default - none */
  readonly moreFiles?: string[];
  /**
   * Files that say which versions are taken of what is installed, and install nothing, as paths in the service's source directory.
   * @default - none but those that the requirements name
   * @see https://pip.pypa.io/en/stable/user_guide/#constraints-files
   */
  readonly constraints?: string[];
}

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

/** Settings of {@link Dependencies.poetry}. */
export interface PoetryProps extends PackageSourceProps {
  /**
   * Dependency groups to install besides the project's dependencies.
   * @default - none, not even those that are not optional
   * @see https://python-poetry.org/docs/managing-dependencies/#dependency-groups
   */
  readonly groups?: string[];
  /**
   * Optional dependencies of the project to install.
   * @default - none
   * @see https://python-poetry.org/docs/pyproject/#extras
   */
  readonly extras?: string[];
  /**
   * Release of Poetry that reads the lock, such as `2.1.4`.
   * @default - one release of Poetry 1 for a lock that Poetry 1 wrote, else one of Poetry 2
   * @see https://pypi.org/project/poetry/#history
   */
  readonly version?: string;
  /**
   * Release of its plugin that writes the list for pip, such as `1.9.0`.
   * @default - one that fits
   * @see https://pypi.org/project/poetry-plugin-export/#history
   */
  readonly exportPlugin?: string;
}

/** Settings of {@link Dependencies.pdm}. */
export interface PdmProps extends PackageSourceProps {
  /**
   * Dependency groups to install besides the project's dependencies; the lock has to have them.
   * @default - none
   * @see https://pdm-project.org/en/latest/usage/dependency/#add-development-only-dependencies
   */
  readonly groups?: string[];
  /**
   * Optional dependencies of the project to install; the lock has to have them.
   * @default - none
   * @see https://pdm-project.org/en/latest/usage/dependency/#select-a-subset-of-dependency-groups-to-install
   */
  readonly extras?: string[];
  /**
   * Release of PDM that reads the lock, such as `2.26.0`.
   * @default - one release
   * @see https://pypi.org/project/pdm/#history
   */
  readonly version?: string;
}

/** Settings of {@link Dependencies.pipenv}. */
export interface PipenvProps extends PackageSourceProps {
  /**
   * Lists of packages of the `Pipfile` to install besides `packages`.
   * @default - none, `dev-packages` neither
   * @see https://pipenv.pypa.io/en/latest/pipfile.html
   */
  readonly categories?: string[];
  /**
   * Release of Pipenv that reads the lock, such as `2026.2.2`.
   * @default - one release
   * @see https://pypi.org/project/pipenv/#history
   */
  readonly version?: string;
}

/** Settings of {@link Dependencies.pyproject}. */
export interface PyprojectProps extends PackageSourceProps {
  /**
   * Dependency groups to install besides the project's dependencies.
   * @default - none
   * @see https://packaging.python.org/en/latest/specifications/dependency-groups/
   */
  readonly groups?: string[];
  /**
   * Optional dependencies of the project to install.
   * @default - none
   * @see https://packaging.python.org/en/latest/specifications/pyproject-toml/#dependencies-optional-dependencies
   */
  readonly extras?: string[];
}

/** Settings of {@link Dependencies.detected}. */
export interface DetectedProps extends PackageSourceProps {
  /** Where uv comes from when it is uv, as {@link UvProps.image}. @default - `ghcr.io/astral-sh/uv` of one release */
  readonly uvImage?: BaseImage;
}

/** Where a service's Python packages come from. */
export class Dependencies {
  /**
   * A pip requirements file, or several. When their packages carry hashes, all have to match.
   *
   * @param file path in the service's source directory, with `/` between its parts
   * @see https://pip.pypa.io/en/stable/topics/secure-installs/
   */
  public static requirements(file: string = 'requirements.txt', props: RequirementsProps = {}): Dependencies {
    const { moreFiles = [], constraints = [] } = props;
    for (const path of [file, ...moreFiles, ...constraints]) mustBeSourcePath(path);
    return new Dependencies({ manager: 'pip', files: [file, ...moreFiles], constraints: [...constraints] }, props);
  }

  /**
   * A `uv.lock` with its `pyproject.toml`, in the service's source directory. A lock that does not fit the project ends the build.
   *
   * @see https://docs.astral.sh/uv/guides/integration/docker/
   */
  public static uv(props: UvProps = {}): Dependencies {
    const { groups = [], extras = [], image = UV_IMAGE } = props;
    mustBeGroups([...groups, ...extras]);
    return new Dependencies({ manager: 'uv', groups: [...groups], extras: [...extras] }, props, image);
  }

  /**
   * A `poetry.lock` with its `pyproject.toml`, in the service's source directory. Poetry compares the two in a stage of its own, and pip installs what
   * is locked, all hashes compared. A lock that does not fit the project ends the build.
   *
   * @see https://python-poetry.org/docs/cli/#check
   */
  public static poetry(props: PoetryProps = {}): Dependencies {
    const { groups = [], extras = [], version, exportPlugin } = props;
    mustBeGroups([...groups, ...extras]);
    mustBeRelease('Poetry', version, '2.1.4');
    mustBeRelease('poetry-plugin-export', exportPlugin, '1.9.0');
    return new Dependencies({ manager: 'poetry', groups: [...groups], extras: [...extras], version, exportPlugin }, props);
  }

  /**
   * A `pdm.lock` with its `pyproject.toml`, in the service's source directory. PDM compares the two in a stage of its own, and pip installs what is
   * locked, all hashes compared. A lock that does not fit the project ends the build.
   *
   * @see https://pdm-project.org/en/latest/usage/lockfile/
   */
  public static pdm(props: PdmProps = {}): Dependencies {
    const { groups = [], extras = [], version } = props;
    mustBeGroups([...groups, ...extras]);
    mustBeRelease('PDM', version, '2.26.0');
    return new Dependencies({ manager: 'pdm', groups: [...groups], extras: [...extras], version }, props);
  }

  /**
   * A `Pipfile.lock` with its `Pipfile`, in the service's source directory. Pipenv compares the two in a stage of its own, and pip installs what is
   * locked, from the sources that the `Pipfile` names, all hashes compared. A lock that does not fit the `Pipfile` ends the build.
   *
   * @see https://pipenv.pypa.io/en/latest/cli.html
   */
  public static pipenv(props: PipenvProps = {}): Dependencies {
    const { categories = [], version } = props;
    mustBeGroups(categories);
    mustBeRelease('Pipenv', version, '2026.2.2');
    return new Dependencies({ manager: 'pipenv', categories: [...categories], version }, props);
  }

  /**
   * A `pyproject.toml` that nothing locks: pip takes what is newest on the day of the build, of the packages and of all that they need. Two builds
   * may differ; a lock is better.
   *
   * @see https://packaging.python.org/en/latest/specifications/pyproject-toml/
   */
  public static pyproject(props: PyprojectProps = {}): Dependencies {
    const { groups = [], extras = [] } = props;
    mustBeGroups([...groups, ...extras]);
    return new Dependencies({ manager: 'pyproject', groups: [...groups], extras: [...extras] }, props);
  }

  /**
   * What the service's source directory has: `uv.lock`, `poetry.lock`, `pdm.lock`, `Pipfile.lock`, or `requirements.txt`. Having two of them is refused,
   * and a `pyproject.toml` alone, too: {@link Dependencies.pyproject} has to be chosen.
   */
  public static detected(props: DetectedProps = {}): Dependencies {
    return new Dependencies({ manager: 'detect' }, props, props.uvImage ?? UV_IMAGE);
  }

  /**
   * Wheels that a {@link WheelBuilder} makes, all of them, and nothing else: no index is asked. The wheel of the service's own source is left to
   * `install: true`.
   */
  public static wheels(...sources: IWheelSource[]): Dependencies {
    must(sources.length > 0, 'WHEELS_NONE', 'no wheels are named; give at least one WheelBuilder');
    return new Dependencies({ manager: 'wheels', sources: [] }, {}, undefined, sources);
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
  /**
   * What makes the wheels, if it is wheels.
   * @internal
   */
  public readonly _wheelSources: readonly IWheelSource[];

  private constructor(
    choice: DependencyChoice, { indexes = [] }: PackageSourceProps, uvImage?: BaseImage, wheelSources: readonly IWheelSource[] = [],
  ) {
    this._wheelSources = [...wheelSources];
    this._choice = choice;
    this._indexes = indexes.map(index => index._data);
    this._uvImage = uvImage;
  }
}

function mustBeGroups(names: readonly string[]): void {
  for (const name of names) {
    must(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(name), 'GROUP_NAME', `'${name}' is not the name of a dependency group or extra, such as prod`);
  }
}

function mustBeRelease(manager: string, version: string | undefined, example: string): void {
  must(version === undefined || /^\d+(\.\d+)*((a|b|rc)\d+)?$/.test(version), 'MANAGER_RELEASE', `'${version}' is not a release of ${manager}, such as ${example}`);
}
