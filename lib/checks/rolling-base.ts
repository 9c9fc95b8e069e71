import { Severity, type Check } from './check';
import { eachBuild } from './each-stage';
import { imagesOf, isPinned } from './image-references';
import type { BuildPlan } from '../build/build-plan';

/** A tag that moves to new releases keeps an image current, and may change its Python or its distribution under it. */
export const ROLLING_BASE: Check = {
  code: 'ROLLING_BASE',
  severity: Severity.INFO,
  link: 'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
  find: plan => eachBuild(plan, build => {
    const rolling = rollingBases(build);
    if (rolling.length === 0) return [];
    return [rolling.length === 1
      ? `${rolling[0]} moves to new releases: a rebuild may get another; name a tag that stays where there is one, or the digest`
      : `${rolling.join(' and ')} move to new releases: a rebuild may get another; name tags that stay where there are some, or the digests`];
  }),
};

/** Bases that are known to move. */
function rollingBases(build: BuildPlan): string[] {
  const known = build.stages.flatMap(({ base }) => base.kind === 'image' && base.facts.rolling ? [base.reference] : []);
  return imagesOf(build).filter(reference => known.includes(reference) && !isPinned(reference));
}
