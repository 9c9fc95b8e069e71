import { Severity, type Check } from './check';
import { eachNeed } from './each-stage';

/** Compiled code is linked to one C library: musl's and GNU's do not stand in for each other. */
export const LIBC_MIXED: Check = {
  code: 'LIBC_MIXED',
  severity: Severity.ERROR,
  link: 'https://edu.chainguard.dev/chainguard/chainguard-images/about/images-compiled-programs/glibc-vs-musl/',
  find: plan => eachNeed(plan, (need, from, to) => {
    const [built, run] = [from.base.libc, to.base.libc];
    if (!need.sameLibc || built === undefined || run === undefined || built === run) return [];
    return [`${need.what} is made on ${from.baseReference} with ${built}, but ${to.baseReference} has ${run === 'none' ? 'no C library' : run}; use two images with the same C library`];
  }),
};
