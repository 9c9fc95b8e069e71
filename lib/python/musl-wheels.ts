import { packageFit, type LockedPackage } from './locked-package';
import type { WheelBase } from './wheel-tags';
import type { Architecture } from '../build/architecture';
import { Libc, type BaseImageFacts } from '../build/base-image-facts';
import type { ImageRemark } from '../build/build-plan';

/** Newer than all wheels are made for. */
const ANY_GLIBC = { libc: Libc.GLIBC, libcVersion: '2.999' };

/**
 * Which of the locked packages are compiled on an image with musl though they would not be on one with glibc. Without a lock nobody knows.
 *
 * @see https://peps.python.org/pep-0656/
 */
export function muslRemarks(
  { label, facts }: { readonly label: string; readonly facts: BaseImageFacts },
  architecture: Architecture | undefined,
  locked: readonly LockedPackage[] | undefined,
): ImageRemark[] {
  if (facts.libc !== Libc.MUSL || locked === undefined) return [];
  const base: WheelBase = { facts, architecture };
  const onGlibc: WheelBase = { facts: { ...facts, ...ANY_GLIBC, distribution: undefined }, architecture };
  const compiled = locked.filter(item => packageFit(item, base) === 'unfit' && packageFit(item, onGlibc) !== 'unfit');
  return [{ code: 'MUSL', problem: problem(label, compiled.map(({ name, version }) => `${name} ${version}`)) }];
}

function problem(label: string, compiled: readonly string[]): string {
  if (compiled.length === 0) return `${label} has musl: each of the locked packages has a wheel for it, or none for glibc either`;
  const [have, are] = compiled.length === 1 ? ['has', 'it is'] : ['have', 'they are'];
  return `${label} has musl, for which ${compiled.join(', ')} ${have} no wheel, only for glibc: ${are} compiled, `
    + 'which takes minutes and a compiler; use an image with glibc, such as PythonBase.slim or PythonBase.wolfi';
}
