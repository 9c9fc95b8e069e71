import { Architecture } from '../build/architecture';
import { Libc, type BaseImageFacts } from '../build/base-image-facts';

/** Whether a wheel can be installed: a fact of the image that the answer depends on may be unknown. */
export type WheelFit = 'fits' | 'unfit' | 'unknown';

/** What a wheel has to fit. */
export interface WheelBase {
  readonly facts: Pick<BaseImageFacts, 'python' | 'libc' | 'libcVersion' | 'distribution'>;
  /** @default - unknown: a wheel for either fits */
  readonly architecture?: Architecture;
}

/** @see https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/ */
const PROCESSORS: Readonly<Record<Architecture, string>> = { [Architecture.AMD64]: 'x86_64', [Architecture.ARM64]: 'aarch64' };
/** The oldest glibc that a wheel may be for, 2.X. @see https://github.com/pypa/packaging/blob/main/src/packaging/_manylinux.py */
const OLDEST_GLIBC: Readonly<Record<string, number>> = { x86_64: 5, aarch64: 17 };
/** Older names of glibc 2.X. @see https://peps.python.org/pep-0600/#legacy-manylinux-tags */
const LEGACY: Readonly<Record<string, number>> = { manylinux1: 5, manylinux2010: 12, manylinux2014: 17 };
/** The first release of Alpine with musl 1.2; before, it was 1.1. @see https://wiki.alpinelinux.org/wiki/Release_Notes_for_Alpine_3.13.0 */
const ALPINE_MUSL_1_2 = 13;

/**
 * Whether a wheel of this file name can be installed with CPython on an image. A name that is none of a wheel fits nowhere.
 *
 * @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention
 */
export function wheelFit(fileName: string, base: WheelBase): WheelFit {
  const parts = /^(.+)\.whl$/.exec(fileName)?.[1].split('-') ?? [];
  if (parts.length < 5 || parts.length > 6) return 'unfit';
  const [pythons, abis, platforms] = parts.slice(-3).map(part => part.split('.'));
  return best(pythons.flatMap(python => abis.flatMap(abi => platforms.map(platform =>
    worst([interpreterFit(python, abi, platform, base.facts.python), platformFit(platform, base)])))));
}

/** Whether a wheel of this file name may be installed on an image, as far as its facts are known. */
export function mayFit(fileName: string, base: WheelBase): boolean {
  return wheelFit(fileName, base) !== 'unfit';
}

/** The best of several answers, of which one is enough. */
export function best(answers: readonly WheelFit[]): WheelFit {
  return (['fits', 'unknown'] as const).find(answer => answers.includes(answer)) ?? 'unfit';
}

/** The worst of several answers, all of which are needed. */
export function worst(answers: readonly WheelFit[]): WheelFit {
  return (['unfit', 'unknown'] as const).find(answer => answers.includes(answer)) ?? 'fits';
}

/** An answer to a question, which is not known where a fact that it needs is not. */
function when<T>(fact: T | undefined, holds: (fact: T) => boolean): WheelFit {
  if (fact === undefined) return 'unknown';
  return holds(fact) ? 'fits' : 'unfit';
}

/** Code for CPython 3.9 (`cp39-cp39`) fits no other; what keeps to its stable interface (`cp39-abi3`) or is Python alone fits newer ones too. */
function interpreterFit(python: string, abi: string, platform: string, release: string | undefined): WheelFit {
  const [, kind, minor] = /^(cp|py)3(\d*)$/.exec(python) ?? [];
  const actual = release === undefined ? undefined : Number(release.split('.')[1]);
  if (kind === undefined || abi !== 'none' && platform === 'any') return 'unfit';
  if (kind === 'py') return abi !== 'none' ? 'unfit' : minor === '' ? 'fits' : when(actual, value => value >= Number(minor));
  if (abi === 'abi3') return Number(minor) < 2 ? 'unfit' : when(actual, value => value >= Number(minor));
  return minor !== '' && (abi === 'none' || abi === python) ? when(actual, value => value === Number(minor)) : 'unfit';
}

function platformFit(platform: string, { facts, architecture }: WheelBase): WheelFit {
  if (platform === 'any') return 'fits';
  const processors = (architecture === undefined ? Object.values(Architecture) : [architecture]).map(known => PROCESSORS[known]);
  const [, system, processor] = /^(linux|manylinux[0-9]+|manylinux_2_[0-9]+|musllinux_1_[0-9]+)_(x86_64|aarch64)$/.exec(platform) ?? [];
  if (system === undefined || !processors.includes(processor)) return 'unfit';
  if (system === 'linux') return 'fits';
  const minor = system.includes('_') ? Number(system.split('_')[2]) : LEGACY[system];
  if (system.startsWith('musllinux')) return worst([when(facts.libc, libc => libc === Libc.MUSL), muslFit(minor, facts.distribution)]);
  if (minor === undefined || minor < OLDEST_GLIBC[processor]) return 'unfit';
  return worst([when(facts.libc, libc => libc === Libc.GLIBC), when(facts.libcVersion, version => Number(version.split('.')[1]) >= minor)]);
}

/** Which musl is there is told by the release of Alpine. */
function muslFit(minor: number, distribution: string | undefined): WheelFit {
  if (minor > 2) return 'unfit';
  const release = /^alpine 3\.(\d+)/.exec(distribution ?? '')?.[1];
  return minor <= 1 ? 'fits' : when(release, value => Number(value) >= ALPINE_MUSL_1_2);
}
