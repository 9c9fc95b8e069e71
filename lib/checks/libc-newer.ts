import { Severity, type Check } from './check';
import { eachNeed } from './each-stage';

/** Code that is compiled with a C library needs that version or a newer one where it runs. */
export const LIBC_NEWER: Check = {
  code: 'LIBC_NEWER',
  severity: Severity.ERROR,
  link: 'https://peps.python.org/pep-0600/',
  find: plan => eachNeed(plan, (need, from, to) => {
    const [built, run] = [from.base.libcVersion, to.base.libcVersion];
    if (!need.sameLibc || from.base.libc !== to.base.libc || built === undefined || run === undefined || !isNewer(built, run)) return [];
    return [`${need.what} is made on ${from.baseReference} with ${from.base.libc} ${built}, which is newer than ${run} of ${to.baseReference}; build on the older release, or run on the newer`];
  }),
};

function isNewer(version: string, other: string): boolean {
  const [a, b] = [version, other].map(text => text.split('.').map(Number));
  const at = a.findIndex((part, index) => part !== (b[index] ?? 0));
  return at >= 0 && a[at] > (b[at] ?? 0);
}
