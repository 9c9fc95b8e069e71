import { Severity, type Check } from './check';
import { eachBuild } from './each-stage';
import { imagesOf } from './image-references';

/** `latest`, or no tag at all, is whatever was pushed last. */
export const LATEST_TAG: Check = {
  code: 'LATEST_TAG',
  severity: Severity.INFO,
  link: 'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
  find: plan => eachBuild(plan, build => {
    const told = build.stages.flatMap(({ base }) => base.kind === 'image' && base.facts.rolling !== undefined ? [base.reference] : []);
    return imagesOf(build).filter(reference => !told.includes(reference) && isLatest(reference))
      .map(reference => `${reference} is whatever was pushed last; name a version, or the digest`);
  }),
};

/** A digest, which names one image for ever, has a colon too; a variable may hold anything. */
function isLatest(reference: string): boolean {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return !/[:$]/.test(name) || name.endsWith(':latest');
}
