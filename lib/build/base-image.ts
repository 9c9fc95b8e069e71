import {
  CHAINGUARD_NGINX, CHAINGUARD_PYTHON, CHAINGUARD_PYTHON_DEV, DEBIAN_RELEASES, OFFICIAL_PYTHON, OFFICIAL_PYTHON_SLIM, SCRATCH,
  type DocumentedFacts,
} from './base-image-catalogue';
import { type BaseImageFacts } from './base-image-facts';
import { type IStageSource } from './stage-source';
import { must } from '../primitives/faults';
import { ImageReference } from '../primitives/image-reference';

/** Which image of Docker's official `python` repository. */
export interface OfficialPythonProps {
  /** Feature release, such as `3.13`. */
  readonly python: string;
  /**
   * Debian release, `bookworm` or `trixie`. It makes the C library's version known.
   * @default - the tag without a release, which moves to each new Debian
   */
  readonly debian?: string;
}

/** The image that a {@link Stage} starts from, with what is known of it. */
export class BaseImage implements IStageSource {
  /**
   * Docker's official `python`, with compilers and headers: for build stages.
   *
   * @see https://hub.docker.com/_/python
   */
  public static python(props: OfficialPythonProps): BaseImage {
    return officialPython('', OFFICIAL_PYTHON, props);
  }

  /**
   * Docker's official `python`, without compilers.
   *
   * @see https://hub.docker.com/_/python
   */
  public static pythonSlim(props: OfficialPythonProps): BaseImage {
    return officialPython('-slim', OFFICIAL_PYTHON_SLIM, props);
  }

  /**
   * Chainguard's `python:latest`: no shell, no package manager, not root.
   *
   * @see https://images.chainguard.dev/directory/image/python/overview
   */
  public static chainguardPython(): BaseImage {
    return BaseImage._of('cgr.dev/chainguard/python:latest', CHAINGUARD_PYTHON);
  }

  /**
   * Chainguard's `python:latest-dev`: with a shell, pip and apk, for build stages.
   *
   * @see https://images.chainguard.dev/directory/image/python/overview
   */
  public static chainguardPythonDev(): BaseImage {
    return BaseImage._of('cgr.dev/chainguard/python:latest-dev', CHAINGUARD_PYTHON_DEV);
  }

  /**
   * Chainguard's `nginx:latest`: no shell, not root.
   *
   * @see https://images.chainguard.dev/directory/image/nginx/overview
   */
  public static chainguardNginx(): BaseImage {
    return BaseImage._of('cgr.dev/chainguard/nginx:latest', CHAINGUARD_NGINX);
  }

  /**
   * Nothing at all.
   *
   * @see https://docs.docker.com/build/building/base-images/
   */
  public static scratch(): BaseImage {
    return BaseImage._of('scratch', SCRATCH);
  }

  /** Any other image, with what you know of it. */
  public static fromReference(reference: string, facts: BaseImageFacts = {}): BaseImage {
    return BaseImage._of(ImageReference.parse(reference).toString(), { facts: { ...facts }, sources: {} });
  }

  /** @internal */
  public static _of(reference: string, documented: DocumentedFacts): BaseImage {
    return new BaseImage(reference, documented.facts, documented.sources);
  }

  private constructor(
    /** Name of the image, with its tag or digest. */
    public readonly reference: string,
    /** What is known of it. */
    public readonly facts: BaseImageFacts,
    /** For facts of the catalogue: name of the fact to the page that says so. */
    public readonly sources: Record<string, string>,
  ) {}

  /** How messages call it: its reference. */
  public get label(): string {
    return this.reference;
  }

  /** The same image, with facts that you know better: which Python a rolling tag holds, for example. */
  public withFacts(facts: BaseImageFacts): BaseImage {
    const kept = Object.entries(this.sources).filter(([fact]) => !(fact in facts));
    return new BaseImage(this.reference, { ...this.facts, ...facts }, Object.fromEntries(kept));
  }
}

function officialPython(variant: string, documented: DocumentedFacts, props: OfficialPythonProps): BaseImage {
  must(/^3\.\d+$/.test(props.python), 'PYTHON_RELEASE', `python '${props.python}' is not a feature release such as 3.13`);
  const release = props.debian === undefined ? { facts: {}, sources: {} } : DEBIAN_RELEASES[props.debian];
  must(release, 'DEBIAN_RELEASE', `Debian release '${props.debian}' is unknown; use ${Object.keys(DEBIAN_RELEASES).join(' or ')}`);
  const suffix = props.debian === undefined ? '' : `-${props.debian}`;
  return BaseImage._of(`python:${props.python}${variant}${suffix}`, {
    facts: { ...documented.facts, ...release.facts, python: props.python, family: `python:${props.python}${suffix}` },
    sources: { ...documented.sources, ...release.sources },
  });
}
