import { BaseImage } from '../build/base-image';
import { distributionLabel, type InstallPlan } from './installs/install-plan';
import { PythonInstall } from './python-install';
import { must } from '../primitives/faults';

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

/** Which Alpine images of Docker's official `python` repository. */
export interface AlpinePythonBaseProps {
  /** Feature release, such as `3.13`. */
  readonly python: string;
  /** Release of Alpine, such as `3.23`. @default - the tag without a release, which moves to each new Alpine */
  readonly alpine?: string;
}

/** Which Alpine, and with it which Python. */
export interface BareAlpineProps {
  /** Release of Alpine, such as `3.23`, which has Python 3.12. */
  readonly release: string;
}

/** Which of the Pythons that Wolfi packages. */
export interface WolfiPythonProps {
  /** Feature release, such as `3.13`. */
  readonly python: string;
}

/** Settings of {@link PythonBase.installed}. */
export interface InstalledPythonProps {
  /** Image without Python that becomes the runtime image. */
  readonly base: BaseImage;
  /** How Python gets onto it. */
  readonly python: PythonInstall;
  /** Image that packages are installed in, and that Python is compiled on: the same release of the same distribution. @default - `base` */
  readonly buildBase?: BaseImage;
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
    return PythonBase.installed({
      base: BaseImage.debian({ release, slim: true }), buildBase: BaseImage.debian({ release }), python: PythonInstall.distribution(),
    });
  }

  /**
   * Docker's official images on Alpine: `python:3.13-alpine` builds and runs. Their C library is musl: what has no wheel for that is compiled.
   *
   * @see https://hub.docker.com/_/python
   */
  public static alpine(props: AlpinePythonBaseProps): PythonBase {
    const image = BaseImage.pythonAlpine(props);
    return new PythonBase(image, image);
  }

  /**
   * Alpine with the Python that it packages itself: the smallest with a shell and a package manager. Its C library is musl.
   *
   * @see https://pkgs.alpinelinux.org/packages?name=python3
   */
  public static bareAlpine(props: BareAlpineProps): PythonBase {
    return PythonBase.installed({ base: BaseImage.alpine({ release: props.release }), python: PythonInstall.distribution() });
  }

  /**
   * Chainguard's `wolfi-base` with one of the Pythons that Wolfi packages: small, with a shell and apk, linked to glibc. Wolfi has no releases:
   * each build gets the newest packages.
   *
   * @see https://edu.chainguard.dev/open-source/wolfi/overview/
   */
  public static wolfi(props: WolfiPythonProps): PythonBase {
    return PythonBase.installed({ base: BaseImage.wolfi(), python: PythonInstall.distribution({ python: props.python }) });
  }

  /**
   * An image that has no Python, with one installed: packages in each stage, or compiled in a stage of its own and copied as one layer.
   */
  public static installed(props: InstalledPythonProps): PythonBase {
    const { base, python, buildBase = base } = props;
    for (const { label, facts } of [base, buildBase]) {
      must(facts.pythonPath === undefined, 'PYTHON_THERE',
        `${label} has a Python at ${facts.pythonPath} already; use an image that has none, such as BaseImage.debian({ release: 'trixie', slim: true })`);
    }
    must(base.facts.distribution === buildBase.facts.distribution, 'PYTHON_INSTALL_BASES',
      `Python is installed on ${distributionLabel(base)} and on ${distributionLabel(buildBase)}; use the same release of the same distribution for both`);
    const plan = python._plan({ base });
    const [build, runtime] = [buildBase.withFacts({ ...plan.facts, pip: true }), base.withFacts({ ...plan.facts, pip: false })];
    return new PythonBase(build, runtime, [...plan.buildPackages], [...plan.runtimePackages], plan.pipPackages, plan);
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
    /**
     * How both stages get their Python, when the images have none.
     * @internal
     */
    public readonly _install?: InstallPlan,
  ) {}
}

function debianBuild(release: string): BaseImage {
  return BaseImage.debian({ release }).withFacts({ ...PythonInstall.distribution()._plan({ base: BaseImage.debian({ release }) }).facts, pip: true });
}
