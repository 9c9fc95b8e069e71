import { NO_STEPS, type InstallSteps } from './installs/install-plan';
import { PackageManager, type BaseImageFacts } from '../build/base-image-facts';
import type { Instruction } from '../build/instruction';
import type { MountData } from '../build/mount';
import type { Fault } from '../primitives/faults';
import { sortedUnique } from '../primitives/stable';

/** Packages of the distribution, by the stage that needs them. A version may follow: `libpq5=15.14-0+deb12u1`. */
export interface SystemPackages {
  /** What building needs: compilers, headers (`libpq-dev`). They are not in the image. @default - none */
  readonly toBuild?: string[];
  /** What the running service needs: libraries (`libpq5`), programs. @default - none */
  readonly toRun?: string[];
}

/** Packages of the distribution for a service, whose lock says more. */
export interface PythonSystemPackages extends SystemPackages {
  /**
   * What packages of PyPI with native parts need of the distribution, by name: it counts instead of what is known of them, and `{}` adds nothing. It is asked
   * where the lock names the files of each package.
   * @default - what is known
   * @see https://github.com/cdk-wheelhouse/cdk-wheelhouse/blob/main/docs/python-native-packages.md
   */
  readonly needs?: Record<string, NativePackageNeeds>;
  /** Whether packages are added that the lock shows to be needed. @default true */
  readonly derived?: boolean;
}

/** What one package of PyPI needs of the distribution. */
export interface NativePackageNeeds {
  /** To be built from its source, when no wheel fits: a compiler is added by itself, also to an empty list. @default - nothing is added */
  readonly toBuild?: string[];
  /** To run when it was built so. @default - none */
  readonly toRun?: string[];
  /** To run, also when it was installed from a wheel. @default - none */
  readonly always?: string[];
}

/** The base that packages are installed on. */
export interface PackagesBase {
  /** How messages call it. */
  readonly label: string;
  readonly facts: Pick<BaseImageFacts, 'packageManager'>;
  /** What it does besides to have its Python. @default - nothing */
  readonly steps?: InstallSteps;
}

/** What installs packages, or why that is not possible. */
export interface PackagesInstall {
  readonly instructions: readonly Instruction[];
  readonly faults: readonly Fault[];
}

/**
 * Debian: lower-case letters, digits, `+`, `-`, `.`, then perhaps an architecture; Alpine also upper case and `_`.
 *
 * @see https://www.debian.org/doc/debian-policy/ch-controlfields.html#source
 */
const PACKAGE = /^[A-Za-z0-9][A-Za-z0-9+._-]*(:[a-z0-9]+)?([=~][A-Za-z0-9][A-Za-z0-9.+~:_-]*)?$/;

/** apt wants its directories for itself: parallel builds wait for each other. @see https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages */
const APT_MOUNTS: readonly MountData[] = ['/var/cache/apt', '/var/lib/apt'].map(target => ({ type: 'cache', target, sharing: 'locked' }));

/** What is done in the same layer that packages are installed in. */
export interface PackagesAround {
  /** Whether what is there is brought to the newest release that the distribution has for it. @default false */
  readonly upgrade?: boolean;
  /** Commands before that. */
  readonly before?: readonly string[];
  /** Commands after the installation. */
  readonly after?: readonly string[];
  /** Why, for readers who ask. */
  readonly why?: string;
}

/** What gives a stage its packages, and its Python where the image has none. */
export function packagesInstall(base: PackagesBase, names: readonly string[], around: PackagesAround = {}): PackagesInstall {
  const { before, after } = base.steps ?? NO_STEPS;
  const { instructions, faults } = installedPackages(base, names, around);
  return { instructions: [...before, ...instructions, ...after], faults };
}

/** Installs packages as root, one on a line, sorted; what the package manager downloads and lists is in no layer. */
function installedPackages({ label, facts }: PackagesBase, names: readonly string[], around: PackagesAround): PackagesInstall {
  const packages = sortedUnique(names);
  const faults = packages.filter(name => !PACKAGE.test(name)).map(name => ({
    code: 'PACKAGE_NAME', problem: `system package '${name}' is not a package name; give a name, or a name and a version such as libpq5=15.14-0+deb12u1`,
  }));
  const { upgrade = false } = around;
  if (packages.length === 0 && !upgrade || faults.length > 0) return { instructions: [], faults };
  const some = packages.length > 0;
  switch (facts.packageManager) {
    case PackageManager.APT: return installed([
      'apt-get update', ...upgrade ? ['apt-get upgrade --yes'] : [], ...some ? [lines('apt-get install --yes --no-install-recommends', packages)] : [],
    ], APT_MOUNTS, around);
    case PackageManager.APK: return installed([...upgrade ? ['apk upgrade --no-cache'] : [], ...some ? [lines('apk add --no-cache', packages)] : []], [], around);
    case PackageManager.NONE: return refused(`${label} has no package manager to install ${packages.join(', ')}; use a base that has one, or copy what is needed from a stage that has`);
    case PackageManager.DNF: case PackageManager.MICRODNF: case undefined:
      return refused(`how ${label} installs ${packages.join(', ')} is ${facts.packageManager === undefined ? 'unknown' : `not known for ${facts.packageManager}`}; `
        + "say 'packageManager' with BaseImage.fromReference, apt or apk, or install in a base image of your own");
  }
}

function installed(commands: string[], mounts: readonly MountData[], { before = [], after = [], why }: PackagesAround): PackagesInstall {
  return { instructions: [{ kind: 'runShell', commands: [...before, ...commands, ...after], mounts, why }], faults: [] };
}

function refused(problem: string): PackagesInstall {
  return { instructions: [], faults: [{ code: 'PACKAGES_CANNOT_INSTALL', problem }] };
}

function lines(command: string, packages: readonly string[]): string {
  return [command, ...packages].join(' \\\n      ');
}
