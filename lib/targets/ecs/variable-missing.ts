import { Severity, type Check, type Problem } from '../../checks/check';
import { sortedUnique } from '../../primitives/stable';
import type { ApplicationPlan } from '../../services/plan';
import { startedWorkloads } from '../../services/plan-application';

/** There is no shell that a variable of whoever deploys could come from: its value is in the template. */
export function variableMissing(given: Record<string, string>): Check {
  return {
    code: 'VARIABLE_MISSING',
    severity: Severity.ERROR,
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/taskdef-envfiles.html',
    find: plan => {
      const asked = variables(plan);
      const missing = asked.filter(({ variable, defaultValue }) => defaultValue === undefined && !Object.hasOwn(given, variable));
      return [
        ...sortedUnique(missing.map(({ variable }) => variable)).map((variable): Problem => ({
          path: plan.path,
          problem: `variable '${variable}' has no value, and ${sortedUnique(missing.filter(one => one.variable === variable).map(({ id }) => `'${id}'`)).join(', ')} needs it;`
            + ` say which: environment: { ${variable}: '…' }`,
        })),
        ...Object.keys(given).filter(variable => !asked.some(one => one.variable === variable)).sort().map((variable): Problem => ({
          path: plan.path, problem: `a value is given for variable '${variable}', which nothing asks for; there is ${namesOf(asked.map(one => one.variable))}`,
        })),
      ];
    },
  };
}

function variables(plan: ApplicationPlan) {
  return startedWorkloads(plan).flatMap(({ id, deployerEnvironment }) => Object.values(deployerEnvironment).map(one => ({ id, ...one })));
}

function namesOf(names: readonly string[]): string {
  return sortedUnique(names).join(', ') || 'none';
}
