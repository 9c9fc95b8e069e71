import { Severity, type Check, type Problem } from './check';
import { hostTokensIn, tokenIs, TOKENS_OF } from '../primitives/host-token';
import type { WorkloadPlan } from '../services/plan';
import { workloads } from '../services/plan-application';

/** Of targets that no host deploys: what they write is taken as it stands. */
export const TOKEN_IN_FILE: Check = {
  code: 'TOKEN_IN_FILE',
  severity: Severity.ERROR,
  link: TOKENS_OF['aws-cdk'],
  find: plan => workloads(plan).flatMap(inEnvironment),
};

function inEnvironment({ path, environment }: WorkloadPlan): Problem[] {
  return Object.entries(environment).flatMap(([name, value]) => hostTokensIn(value).map(token => ({
    path,
    problem: `environment variable '${name}' has ${tokenIs(token)}, and ${token.host} does not deploy this;`
      + ` let whoever deploys say it: EnvValue.deployer('${name}')`,
    link: TOKENS_OF[token.host],
  })));
}
