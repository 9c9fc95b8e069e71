import { packageFit, type LockedPackage } from './locked-package';
import { COMPILERS, NATIVE_PACKAGES, type NativeNeeds, type NativePackage } from './native-packages';
import type { NativePackageNeeds } from './system-packages';
import type { Architecture } from '../build/architecture';
import { Libc, PackageManager, type BaseImageFacts } from '../build/base-image-facts';
import type { ImageRemark } from '../build/build-plan';
import type { Fault } from '../primitives/faults';
import { sortedUnique, stableJson, uniqueBy } from '../primitives/stable';

/** What a service's packages are installed for. */
export interface NativeInput {
  /** Nothing where no lock says which files there are. */
  readonly locked?: readonly LockedPackage[];
  readonly build: NativeBase;
  readonly runtime: NativeBase;
  /** @default - that of whoever builds */
  readonly architecture?: Architecture;
  /** What is declared of a package, by its normalized name. */
  readonly said: Readonly<Record<string, NativePackageNeeds>>;
  /** Whether anything is added. */
  readonly derived: boolean;
}

/** One of the two images. */
export interface NativeBase {
  /** How messages call it. */
  readonly label: string;
  readonly facts: BaseImageFacts;
  /** Packages of the distribution that are declared. */
  readonly packages: readonly string[];
}

/** What the locked packages need of the distribution, besides what is declared. */
export interface NativePlan {
  readonly toBuild: readonly string[];
  readonly toRun: readonly string[];
  /** Names of the packages that the one is for, and the other. */
  readonly building: readonly string[];
  readonly running: readonly string[];
  readonly remarks: readonly ImageRemark[];
  readonly faults: readonly Fault[];
}

/** What one package needs; a list that is not there is not known. */
interface Need {
  readonly name: string;
  readonly version: string;
  /** Whether it is built from its source. */
  readonly built: boolean;
  readonly toBuild?: readonly string[];
  readonly toRun?: readonly string[];
}

const NOTHING: NativePlan = { toBuild: [], toRun: [], building: [], running: [], remarks: [], faults: [] };

/** What the packages of a lock need: to be built, where no wheel fits the build image, and to run. */
export function nativePlan(input: NativeInput): NativePlan {
  const { build, runtime, locked = [], derived } = input;
  if (!derived) return NOTHING;
  const needs = locked.flatMap(item => needOf(item, input) ?? []);
  const compilers = compilersOf(build.facts);
  const building = needs.filter(({ built }) => built);
  const running = needs.filter(({ toRun = [] }) => lacking(toRun, runtime).length > 0);
  const installs = runtime.facts.packageManager !== PackageManager.NONE;
  return {
    toBuild: building.length === 0 ? [] : lacking([...building.flatMap(({ toBuild = [] }) => toBuild), ...compilers], build),
    toRun: installs ? lacking(running.flatMap(({ toRun = [] }) => toRun), runtime) : [],
    building: sortedUnique(building.map(({ name }) => name)),
    running: installs ? sortedUnique(running.map(({ name }) => name)) : [],
    remarks: needs.flatMap(need => [...addedRemark(need, input, compilers), ...unknownRemark(need, input)]),
    faults: installs ? [] : running.map(need => libraryFault(need, input)),
  };
}

/** What the Dockerfile says of it; nothing when none of the packages is for the lock. */
export function nativeWhy(names: readonly string[], what: string): string | undefined {
  return names.length === 0 ? undefined : `${names.join(', ')}: ${what}`;
}

/** Nothing when a wheel is installed, or may be, that needs nothing; or when the package has, as far as one can tell, nothing native in it. */
function needOf(item: LockedPackage, input: NativeInput): Need | undefined {
  const { build, runtime, said, architecture, locked = [] } = input;
  const { name, version, wheels, sdist } = item;
  const built = packageFit(item, { facts: build.facts, architecture }) === 'unfit';
  // no file fits: the package manager says so
  if (built && wheels.length > 0 && !sdist) return undefined;
  if (said[name]) return saidNeed(item, built, said[name]);
  const known = NATIVE_PACKAGES[name];
  if (known === undefined) return built && wheels.some(wheel => !wheel.endsWith('-any.whl')) ? { name, version, built } : undefined;
  const isBrought = locked.some(other => known.broughtBy?.includes(other.name));
  const fields = [...isBrought ? [] : ['always' as const], ...built ? ['toRun' as const] : []];
  const lists = fields.map(field => neededOf(known, runtime.facts, field));
  const toRun = lists.includes(undefined) ? undefined : lists.flatMap(list => list ?? []);
  if (!built) return toRun?.length === 0 ? undefined : { name, version, built, toRun };
  return { name, version, built, toBuild: neededOf(known, build.facts, 'toBuild'), toRun };
}

/** What is declared of it, and nothing else. */
function saidNeed({ name, version }: LockedPackage, built: boolean, { toBuild, toRun = [], always = [] }: NativePackageNeeds): Need {
  const compiled = built && toBuild !== undefined;
  return { name, version, built: compiled, toBuild: toBuild ?? [], toRun: [...always, ...compiled ? toRun : []] };
}

/** Nothing when it is not known for the image, or depends on a release that is not. */
function neededOf({ needs }: NativePackage, facts: NativeFacts, field: keyof NativeNeeds): readonly string[] | undefined {
  if (!Object.values(needs).some(need => need[field])) return [];
  const [family, release] = distributionOf(facts);
  const one = needs[`${family} ${release}`] ?? needs[`${family}`];
  const releases = Object.keys(needs).filter(key => key.startsWith(`${family} `)).map(key => needs[key]);
  const entries = one !== undefined ? [one] : release === undefined ? releases : [];
  const lists = uniqueBy(entries.map(need => need[field] ?? []), list => stableJson(list));
  if (lists.length === 1) return lists[0];
  // where nothing can be installed, what is missing has a name all the same
  return facts.packageManager === PackageManager.NONE && entries.length === 0 && family !== 'debian' ? neededOf({ needs, source: '' }, DEBIAN, field) : undefined;
}

type NativeFacts = Pick<BaseImageFacts, 'distribution' | 'packageManager' | 'libc'>;

const DEBIAN: NativeFacts = { distribution: 'debian 13' };

/** Distribution and release. What has apt takes Debian's packages, what has apk and musl Alpine's, as far as that is all that is known. */
function distributionOf({ distribution, packageManager, libc }: NativeFacts): readonly (string | undefined)[] {
  if (distribution !== undefined) return distribution.split(' ');
  if (packageManager === PackageManager.APT) return ['debian'];
  return packageManager === PackageManager.APK && libc === Libc.MUSL ? ['alpine'] : [];
}

function compilersOf(facts: BaseImageFacts): readonly string[] {
  const known = COMPILERS[`${distributionOf(facts)[0]}`];
  if (facts.compilers || known === undefined) return [];
  return [...known.packages, ...facts.pythonPath?.startsWith('/usr/bin/') ? known.headers : []];
}

/** Those that are not declared, with a version or without. */
function lacking(names: readonly string[], { packages }: NativeBase): string[] {
  const declared = packages.map(name => name.replace(/[:=~].*$/, ''));
  return sortedUnique(names).filter(name => !declared.includes(name));
}

function addedRemark(need: Need, { build, runtime }: NativeInput, compilers: readonly string[]): ImageRemark[] {
  const { name, version, built, toBuild = [], toRun = [] } = need;
  const [building, running] = [built ? lacking([...toBuild, ...compilers], build) : [], lacking(toRun, runtime)];
  if (building.length + running.length === 0) return [];
  const added = [...building.length > 0 ? [`${building.join(', ')} to build it`] : [], ...running.length > 0 ? [`${running.join(', ')} to run it`] : []];
  const why = built ? `${name} ${version} has no wheel for ${build.label}` : `${name} ${version} needs more than its wheel holds`;
  return [{ code: 'NATIVE_PACKAGES', problem: `${why}: the image gets ${added.join(', and ')}` }];
}

function unknownRemark({ name, version, built, toBuild, toRun }: Need, { build, runtime }: NativeInput): ImageRemark[] {
  const unknown = [...built && toBuild === undefined ? [`to be built on ${build.label}`] : [], ...toRun === undefined ? [`to run on ${runtime.label}`] : []];
  if (unknown.length === 0) return [];
  const why = built ? `${name} ${version} has no wheel for ${build.label}, and ` : '';
  return [{
    code: 'NATIVE_UNKNOWN',
    problem: `${why}what ${built ? 'it' : `${name} ${version}`} needs ${unknown.join(' and ')} is not known; say it with 'systemPackages.needs'`,
  }];
}

function libraryFault({ name, built, toRun = [] }: Need, { build, runtime }: NativeInput): Fault {
  const why = built ? `'${name}' has no wheel for ${build.label}, and built from its source it` : `'${name}'`;
  return {
    code: 'NATIVE_LIBRARY',
    problem: `${why} needs libraries such as ${toRun.join(', ')} to run, and ${runtime.label} has no package manager to install them;`
      + ' use a runtime base that has one, a package whose wheel holds its libraries,'
      + ` or a base that has them, and say so: systemPackages: { needs: { '${name}': {} } }`,
  };
}
