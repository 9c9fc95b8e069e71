import { Severity, type Check } from './check';
import { eachImage } from './each-stage';
import { Libc } from '../build/base-image-facts';

/** Most compiled Python packages are published for glibc first, and some for nothing else. Where there is a lock, it says which. */
export const MUSL: Check = {
  code: 'MUSL',
  severity: Severity.INFO,
  link: 'https://peps.python.org/pep-0656/',
  find: plan => eachImage(plan, ({ image: { build }, facts: { base, baseReference } }) => {
    if (base.libc !== Libc.MUSL) return [];
    const remarks = build!.remarks.filter(({ code }) => code === 'MUSL').map(({ problem }) => problem);
    return remarks.length > 0 ? remarks : [
      `${baseReference} has musl: Python packages without a musllinux wheel are compiled, which takes minutes and a compiler; slim, distroless and Wolfi images have glibc`,
    ];
  }),
};
