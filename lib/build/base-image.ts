import {
  ALPINE, alpineRelease, CHAINGUARD_NGINX, CHAINGUARD_PYTHON, CHAINGUARD_PYTHON_DEV, combined, DEBIAN, DEBIAN_RELEASES, DISTROLESS_PYTHON_RELEASES,
  distrolessUser, NGINX_UNPRIVILEGED, OFFICIAL_NGINX, OFFICIAL_PYTHON, OFFICIAL_PYTHON_ALPINE, OFFICIAL_PYTHON_SLIM, SCRATCH, UBUNTU_RELEASES,
  WOLFI_BASE, type DocumentedFacts,
} from './base-image-catalogue';
import { type BaseImageFacts } from './base-image-facts';
import type { CopyOrigin, IStageSource } from './stage-source';
import { must } from '../primitives/faults';
import { mustBeReference } from '../primitives/image-reference';

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

/** Which Alpine image of Docker's official `python` repository. */
export interface AlpinePythonProps {
  /** Feature release, such as `3.13`. */
  readonly python: string;
  /**
   * Release of Alpine, such as `3.23`.
   * @default - the tag without a release, which moves to each new Alpine
   */
  readonly alpine?: string;
}

/** Which image of Docker's official `debian` repository. */
export interface DebianProps {
  /** Release, `bookworm` or `trixie`. */
  readonly release: string;
  /** Whether documentation and translations are left out. @default false */
  readonly slim?: boolean;
}

/** Which image of Docker's official `ubuntu` repository. */
export interface UbuntuProps {
  /** Long-term release: `22.04`, `24.04` or `26.04`. */
  readonly release: string;
}

/** Which image of Docker's official `alpine` repository. */
export interface AlpineProps {
  /** Release, such as `3.23`. */
  readonly release: string;
}

/** Which of Google's distroless Python images. */
export interface DistrolessPythonProps {
  /** Release of Debian, which fixes that of Python: `bookworm` has 3.11, `trixie` has 3.13. @default 'bookworm' */
  readonly debian?: string;
  /** Whether processes run as root unless something else is said: tag `latest`, else `nonroot`. @default false */
  readonly root?: boolean;
}

/** Which nginx. */
export interface NginxImageProps {
  /** Release, such as `1.28`, or `1.28.0`. */
  readonly nginx: string;
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
   * Docker's official `python` on Alpine. Its C library is musl: wheels for glibc do not run on it.
   *
   * @see https://hub.docker.com/_/python
   */
  public static pythonAlpine(props: AlpinePythonProps): BaseImage {
    mustBePython(props.python);
    if (props.alpine !== undefined) mustBeAlpine(props.alpine);
    const release = props.alpine === undefined ? NOTHING : alpineRelease(props.alpine);
    const tag = `${props.python}-alpine${props.alpine ?? ''}`;
    return BaseImage._of(`python:${tag}`, withTagFacts(combined(OFFICIAL_PYTHON_ALPINE, release), { python: props.python, family: `python:${tag}` }));
  }

  /**
   * Docker's official `debian`.
   *
   * @see https://hub.docker.com/_/debian
   */
  public static debian(props: DebianProps): BaseImage {
    return BaseImage._of(`debian:${props.release}${props.slim ? '-slim' : ''}`, combined(DEBIAN, debianRelease(DEBIAN_RELEASES, props.release)));
  }

  /**
   * Docker's official `ubuntu`.
   *
   * @see https://hub.docker.com/_/ubuntu
   */
  public static ubuntu(props: UbuntuProps): BaseImage {
    const release = own(UBUNTU_RELEASES, props.release);
    must(release, 'UBUNTU_RELEASE', `Ubuntu release '${props.release}' is unknown; use ${oneOf(UBUNTU_RELEASES)}, or BaseImage.fromReference`);
    return BaseImage._of(`ubuntu:${props.release}`, release);
  }

  /**
   * Docker's official `alpine`. Its C library is musl.
   *
   * @see https://hub.docker.com/_/alpine
   */
  public static alpine(props: AlpineProps): BaseImage {
    mustBeAlpine(props.release);
    return BaseImage._of(`alpine:${props.release}`, combined(ALPINE, alpineRelease(props.release)));
  }

  /**
   * Google's distroless `python3`: Debian's Python at `/usr/bin/python3`, no shell, no package manager. Its builds are made on
   * Debian of the same release, with its own Python.
   *
   * @see https://github.com/GoogleContainerTools/distroless/blob/main/python3/README.md
   */
  public static distrolessPython(props: DistrolessPythonProps = {}): BaseImage {
    const release = debianRelease(DISTROLESS_PYTHON_RELEASES, props.debian ?? 'bookworm');
    const tag = props.root ? 'latest' : 'nonroot';
    return BaseImage._of(`${release.facts.family}:${tag}`, combined(release, distrolessUser(props.root ?? false)));
  }

  /**
   * Docker's official `nginx`. It starts as root.
   *
   * @see https://hub.docker.com/_/nginx
   */
  public static nginx(props: NginxImageProps): BaseImage {
    return nginxImage('nginx', OFFICIAL_NGINX, props);
  }

  /**
   * nginx' own image for a user without privileges, number 101.
   *
   * @see https://github.com/nginx/docker-nginx-unprivileged
   */
  public static nginxUnprivileged(props: NginxImageProps): BaseImage {
    return nginxImage('nginxinc/nginx-unprivileged', NGINX_UNPRIVILEGED, props);
  }

  /**
   * Chainguard's `wolfi-base:latest`: a shell and apk, and packages that are linked to glibc.
   *
   * @see https://images.chainguard.dev/directory/image/wolfi-base/overview
   */
  public static wolfi(): BaseImage {
    return BaseImage._of('cgr.dev/chainguard/wolfi-base:latest', WOLFI_BASE);
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

  /**
   * Any other image, with what you know of it.
   *
   * @param reference `registry.example.com/team/name:tag@sha256:…`. In what a stage starts from, arguments of the build may stand for parts of
   * it: `${REGISTRY}/python:3.13-slim`. Then give facts that hold whatever their values are, see {@link MultiStageBuild.argument}
   */
  public static fromReference(reference: string, facts: BaseImageFacts = {}): BaseImage {
    mustBeReference(reference);
    return BaseImage._of(reference, { facts: { ...facts }, sources: {} });
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

  /** @internal */
  public _origin(): CopyOrigin {
    return { kind: 'image', reference: this.reference };
  }

  /** The same image, with facts that you know better: which Python a rolling tag holds, for example. */
  public withFacts(facts: BaseImageFacts): BaseImage {
    const kept = Object.entries(this.sources).filter(([fact]) => !(fact in facts));
    return new BaseImage(this.reference, { ...this.facts, ...facts }, Object.fromEntries(kept));
  }
}

const NOTHING: DocumentedFacts = { facts: {}, sources: {} };

function officialPython(variant: string, image: DocumentedFacts, props: OfficialPythonProps): BaseImage {
  mustBePython(props.python);
  const release = props.debian === undefined ? NOTHING : debianRelease(DEBIAN_RELEASES, props.debian);
  const suffix = props.debian === undefined ? '' : `-${props.debian}`;
  const known = { python: props.python, family: `python:${props.python}${suffix}` };
  return BaseImage._of(`python:${props.python}${variant}${suffix}`, withTagFacts(combined(image, release), known));
}

function nginxImage(repository: string, image: DocumentedFacts, { nginx }: NginxImageProps): BaseImage {
  must(/^1\.\d+(\.\d+)?$/.test(nginx), 'NGINX_RELEASE', `nginx '${nginx}' is not a release such as 1.28`);
  return BaseImage._of(`${repository}:${nginx}`, withTagFacts(image, { nginxVersion: nginx }));
}

/** What the tag itself says, which no page has to. */
function withTagFacts(image: DocumentedFacts, facts: BaseImageFacts): DocumentedFacts {
  return { facts: { ...image.facts, ...facts }, sources: image.sources };
}

function debianRelease(releases: Record<string, DocumentedFacts | undefined>, name: string): DocumentedFacts {
  const release = own(releases, name);
  must(release, 'DEBIAN_RELEASE', `Debian release '${name}' is unknown; use ${oneOf(releases)}`);
  return release;
}

function own(releases: Record<string, DocumentedFacts | undefined>, name: string): DocumentedFacts | undefined {
  return Object.hasOwn(releases, name) ? releases[name] : undefined;
}

function oneOf(releases: Record<string, unknown>): string {
  return Object.keys(releases).join(' or ');
}

function mustBePython(release: string): void {
  must(/^3\.\d+$/.test(release), 'PYTHON_RELEASE', `python '${release}' is not a feature release such as 3.13`);
}

function mustBeAlpine(release: string): void {
  must(/^3\.\d+$/.test(release), 'ALPINE_RELEASE', `Alpine release '${release}' is not a release such as 3.23`);
}
