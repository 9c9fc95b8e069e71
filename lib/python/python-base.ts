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

  /** Any two images. Whether files built in one run in the other is checked as far as their facts are known. */
  public static of(build: BaseImage, runtime: BaseImage): PythonBase {
    return new PythonBase(build, runtime);
  }

  private constructor(
    /** Image that packages are installed in. */
    public readonly buildImage: BaseImage,
    /** Image that runs the service. */
    public readonly runtimeImage: BaseImage,
  ) {}
}
