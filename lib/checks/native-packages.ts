import { Severity, type Check } from './check';
import { eachBuild } from './each-stage';

/** Packages of the distribution that nobody declared. */
export const NATIVE_PACKAGES: Check = {
  code: 'NATIVE_PACKAGES',
  severity: Severity.INFO,
  link: 'https://github.com/cdk-wheelhouse/cdk-wheelhouse/blob/main/docs/python-native-packages.md',
  find: plan => eachBuild(plan, ({ remarks }) => remarks.filter(({ code }) => code === 'NATIVE_PACKAGES').map(({ problem }) => problem)),
};
