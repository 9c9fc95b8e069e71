import { Severity, type Check } from './check';
import { eachImage } from './each-stage';
import { Libc } from '../build/base-image-facts';

/** Most compiled Python packages are published for glibc first, and some for nothing else. */
export const MUSL: Check = {
  code: 'MUSL',
  severity: Severity.INFO,
  link: 'https://peps.python.org/pep-0656/',
  find: plan => eachImage(plan, ({ facts: { base, baseReference } }) => base.libc !== Libc.MUSL ? [] : [
    `${baseReference} has musl: Python packages without a musllinux wheel are compiled, which takes minutes and a compiler; slim, distroless and Wolfi images have glibc`,
  ]),
};
