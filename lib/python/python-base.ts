import { BaseImage } from '../build/base-image';

/** Which official images a Python service is built on. */
export interface SlimPythonProps {
  /** Feature release, such as `3.13`. */
  readonly python: string;
  /**
   * Debian release, `bookworm` or `trixie`.
   * @default - the tag without a release, which moves to each new Debian
   */
  readonly debian?: string;
}

/** What is known of the rolling Chainguard images. */
export interface ChainguardPythonProps {
  /**
   * Feature release that you know `latest` to hold, such as `3.13`. It changes no tag: it is compared with other images.
   * @default - unknown, as the tag moves
   */
  readonly python?: string;
}

/** Which Debian, and with it which Python. */
export interface DebianPythonProps {
  /** Release of Debian, which fixes that of Python: `bookworm` has 3.11, `trixie` has 3.13. */
  readonly release: string;
}

/** Which of Google's distroless images. */
export interface DistrolessProps {
  /** Release of Debian, which fixes that of Python: `bookworm` has 3.11, `trixie` has 3.13. @default 'bookworm' */
  readonly release?: string;
}

/** Python of Debian's releases: the page of each one's package `python3`. @see https://packages.debian.org/bookworm/python3, https://packages.debian.org/trixie/python3 */
const DEBIAN_PYTHON: Record<string, string | undefined> = { bookworm: '3.11', trixie: '3.13' };
const DEBIAN_PACKAGES = ['python3'];
/** Debian's pip is a package of its own. @see https://packages.debian.org/bookworm/python3-pip */
const DEBIAN_PIP_PACKAGES = ['python3-pip'];

/** The two images of a Python service: one that packages are installed in, one that runs it. */
export class PythonBase {
  /**
   * Docker's official images: `python:3.13` builds, with compilers; `python:3.13-slim` runs.
   *
   * @see https://hub.docker.com/_/python
   */
  public static slim(props: SlimPythonProps): PythonBase {
    return new PythonBase(BaseImage.python(props), BaseImage.pythonSlim(props));
  }

  /**
   * Chainguard's images: `python:latest-dev` builds; `python:latest`, without shell and package manager, runs.
   *
   * @see https://images.chainguard.dev/directory/image/python/overview
   */
  public static chainguard(props: ChainguardPythonProps = {}): PythonBase {
    const known = props.python === undefined ? {} : { python: props.python };
    return new PythonBase(BaseImage.chainguardPythonDev().withFacts(known), BaseImage.chainguardPython().withFacts(known));
  }

  /**
   * Debian with the Python that it packages itself, kept safe by Debian's security team: `debian` builds, without
   * compilers; `debian` in its slim variant runs. Both install packages with apt.
   *
   * @see https://wiki.debian.org/Python
   */
  public static debian(props: DebianPythonProps): PythonBase {
    const { release } = props;
    const runtime = BaseImage.debian({ release, slim: true }).withFacts(debianPython(release));
    return new PythonBase(debianBuild(release), runtime, DEBIAN_PACKAGES, DEBIAN_PACKAGES, DEBIAN_PIP_PACKAGES);
  }

  /**
   * Google's distroless `python3`, without shell and package manager, runs; Debian of the same release, with the same Python at
   * the same path, builds.
   *
   * @see https://github.com/GoogleContainerTools/distroless/blob/main/python3/README.md
   */
  public static distroless(props: DistrolessProps = {}): PythonBase {
    const { release = 'bookworm' } = props;
    return new PythonBase(debianBuild(release), BaseImage.distrolessPython({ debian: release }), DEBIAN_PACKAGES, [], DEBIAN_PIP_PACKAGES);
  }

  /** Any two images. Whether files built in one run in the other is checked as far as their facts are known. */
  public static of(build: BaseImage, runtime: BaseImage): PythonBase {
    return new PythonBase(build, runtime);
  }

  private constructor(
    /** Image that packages are installed in. */
    public readonly buildImage: BaseImage,
    /** Image that runs the service. */
    public readonly runtimeImage: BaseImage,
    /** Packages of the distribution that the build stage installs to have Python. */
    public readonly buildPackages: string[] = [],
    /** Packages of the distribution that the runtime stage installs to have Python. */
    public readonly runtimePackages: string[] = [],
    /**
     * What it installs besides when pip is what installs.
     * @internal
     */
    public readonly _pipPackages: readonly string[] = [],
  ) {}
}

/** What is true once the packages are installed. */
function debianPython(release: string) {
  return { pythonPath: '/usr/bin/python3', python: DEBIAN_PYTHON[release], pip: false };
}

function debianBuild(release: string): BaseImage {
  return BaseImage.debian({ release }).withFacts({ ...debianPython(release), pip: true });
}
