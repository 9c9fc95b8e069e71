import { Severity, type Check } from './check';
import { eachBuild } from './each-stage';

/** A package that is compiled, and nobody has looked up with what. */
export const NATIVE_UNKNOWN: Check = {
  code: 'NATIVE_UNKNOWN',
  severity: Severity.INFO,
  link: 'https://github.com/cdk-wheelhouse/cdk-wheelhouse/blob/main/docs/python-native-packages.md',
  find: plan => eachBuild(plan, ({ remarks }) => remarks.filter(({ code }) => code === 'NATIVE_UNKNOWN').map(({ problem }) => problem)),
};
