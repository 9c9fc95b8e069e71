import { pythonBuildInstall, sourceInstall, type CompilingInput } from './installs/compiled';
import { DEADSNAKES_ARCHIVE, deadsnakesInstall } from './installs/deadsnakes';
import { distributionInstall } from './installs/distribution';
import type { InstallInput, InstallPlan } from './installs/install-plan';
import type { SystemPackages } from './system-packages';
import { mustBeUrl } from '../build/instruction-values';
import { must } from '../primitives/faults';

/** Settings of {@link PythonInstall.distribution}. */
export interface DistributionPythonProps {
  /** Feature release, such as `3.13`. Wolfi packages several; of other distributions it has to be their own. @default - the distribution's own */
  readonly python?: string;
}

/** Settings of {@link PythonInstall.deadsnakes}. */
export interface DeadsnakesProps {
  /** Feature release, such as `3.13`. The one that Ubuntu has itself is not among them. */
  readonly python: string;
  /**
   * Address of the archive, or of a mirror of it. What it offers has to be signed with its key.
   * @default 'http://ppa.launchpadcontent.net/deadsnakes/ppa/ubuntu'
   */
  readonly archive?: string;
}

/** How a Python is compiled. */
export interface CompileProps {
  /**
   * Whether it is compiled twice, the second time for what the first one was seen to do: 10 to 20 minutes longer, and a faster Python.
   * @default true
   * @see https://docs.python.org/3/using/configure.html#cmdoption-enable-optimizations
   */
  readonly optimizations?: boolean;
  /**
   * Whether it is optimized as a whole when it is linked.
   * @default true
   * @see https://docs.python.org/3/using/configure.html#cmdoption-with-lto
   */
  readonly lto?: boolean;
  /**
   * Whether it has a shared library, for programs that have Python in them such as uWSGI. The interpreter knows where that is.
   * @default false
   * @see https://docs.python.org/3/using/configure.html#cmdoption-enable-shared
   */
  readonly shared?: boolean;
  /**
   * More options of its `configure`, such as `--disable-gil` or `CFLAGS=-O2`.
   * @default - none
   * @see https://docs.python.org/3/using/configure.html
   */
  readonly options?: string[];
  /**
   * Packages of the distribution that it is compiled with, and those that it runs with.
   * @default - those of Debian 12 and 13, Ubuntu 22.04 and 24.04; for others they have to be given
   */
  readonly systemPackages?: SystemPackages;
}

/** Settings of {@link PythonInstall.source}. */
export interface SourcePythonProps extends CompileProps {
  /** Release, such as `3.13.5`. */
  readonly version: string;
  /** SHA-256 of the archive with the source, 64 hexadecimal digits. @see https://www.python.org/downloads/ */
  readonly sha256: string;
  /** Address of the archive, compressed as `tar` knows it. @default - that on www.python.org, `Python-<version>.tar.xz` */
  readonly url?: string;
}

/** Settings of {@link PythonInstall.pythonBuild}. */
export interface PythonBuildProps extends CompileProps {
  /** Release, such as `3.13.5`: one that this python-build knows. */
  readonly version: string;
  /** Tag of pyenv, such as `v2.6.30`. @see https://github.com/pyenv/pyenv/tags */
  readonly tag: string;
  /** SHA-256 of the archive with pyenv, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Address of that archive, compressed as `tar` knows it. @default - that on github.com, `pyenv/archive/refs/tags/<tag>.tar.gz` */
  readonly url?: string;
  /**
   * Address under which python-build finds the sources of releases, by their checksums.
   * @default - where each release is published
   * @see https://github.com/pyenv/pyenv/blob/v2.6.30/plugins/python-build/README.md#package-mirrors
   */
  readonly mirror?: string;
}

/** How Python gets onto an image that has none: {@link PythonBase.installed}. */
export class PythonInstall {
  /** Packages of the distribution, kept safe by it. Debian, Ubuntu and Alpine have one Python per release, Wolfi several. */
  public static distribution(props: DistributionPythonProps = {}): PythonInstall {
    if (props.python !== undefined) mustBeFeatureRelease(props.python);
    return new PythonInstall(input => distributionInstall(input, props.python));
  }

  /**
   * Packages of the deadsnakes archive, for long-term releases of Ubuntu: newer and older Pythons than its own.
   *
   * @see https://launchpad.net/~deadsnakes/+archive/ubuntu/ppa
   */
  public static deadsnakes(props: DeadsnakesProps): PythonInstall {
    const { python, archive = DEADSNAKES_ARCHIVE } = props;
    mustBeFeatureRelease(python);
    mustBeArchive(archive);
    return new PythonInstall(input => deadsnakesInstall(input, python, archive));
  }

  /**
   * Compiled by pyenv's python-build, as `pyenv install` does it.
   *
   * @see https://github.com/pyenv/pyenv/blob/v2.6.30/plugins/python-build/README.md
   */
  public static pythonBuild(props: PythonBuildProps): PythonInstall {
    const { version, tag, sha256, mirror } = props;
    mustBeVersion(version);
    must(/^v?\d[\w.-]*$/.test(tag), 'PYENV_TAG', `tag '${tag}' is not one of pyenv such as v2.6.30`);
    const { url = `https://github.com/pyenv/pyenv/archive/refs/tags/${tag}.tar.gz` } = props;
    mustBeChecksum(url, sha256);
    if (mirror !== undefined) mustBeArchive(mirror);
    const compiling = compilingInput(version, props);
    return new PythonInstall(input => pythonBuildInstall(input, { url, sha256 }, mirror, compiling));
  }

  /**
   * Compiled from the source of a release: `configure` and `make`, on as many processors as there are.
   *
   * @see https://docs.python.org/3/using/configure.html
   */
  public static source(props: SourcePythonProps): PythonInstall {
    const { version, sha256 } = props;
    mustBeVersion(version);
    const { url = `https://www.python.org/ftp/python/${/^[\d.]+\d(?=[a-z]|$)/.exec(version)![0]}/Python-${version}.tar.xz` } = props;
    mustBeChecksum(url, sha256);
    const compiling = compilingInput(version, props);
    return new PythonInstall(input => sourceInstall(input, { url, sha256 }, compiling));
  }

  /** @internal */
  public readonly _plan: (input: InstallInput) => InstallPlan;

  private constructor(plan: (input: InstallInput) => InstallPlan) {
    this._plan = plan;
  }
}

function compilingInput(version: string, props: CompileProps): CompilingInput {
  const { optimizations = true, lto = true, shared = false, options = [], systemPackages = {} } = props;
  for (const option of options) {
    must(/^(--[a-z]|[A-Z]\w*=)[^\n\r\0]*$/.test(option), 'CONFIGURE_OPTION', `option '${option}' is none of configure; give one such as --disable-gil or CFLAGS=-O2`);
  }
  return { version, optimizations, lto, shared, options: [...options], systemPackages: { ...systemPackages } };
}

function mustBeFeatureRelease(python: string): void {
  must(/^3\.\d+$/.test(python), 'PYTHON_RELEASE', `python '${python}' is not a feature release such as 3.13`);
}

function mustBeVersion(version: string): void {
  must(/^3\.\d+\.\d+((a|b|rc)\d+)?$/.test(version), 'PYTHON_VERSION', `version '${version}' is not a release such as 3.13.5`);
}

function mustBeChecksum(url: string, sha256: string): void {
  mustBeUrl(url);
  must(/^[0-9a-f]{64}$/.test(sha256), 'PYTHON_CHECKSUM',
    `sha256 '${sha256}' of '${url}' is not 64 hexadecimal digits in lower case; whoever publishes the archive publishes it too, or sha256sum says it`);
}

function mustBeArchive(url: string): void {
  must(/^https?:\/\/[\w.-]+(:\d+)?(\/[\w.~+-]+)*\/?$/.test(url), 'ARCHIVE_URL', `'${url}' is not the address of an archive such as https://packages.example.com/python`);
}
