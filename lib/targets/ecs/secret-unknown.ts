import { Severity, type Check } from '../../checks/check';
import { sortedUnique } from '../../primitives/stable';
import { startedWorkloads } from '../../services/plan-application';

/** A secret that is nobody's is a name that was misspelt, or one that is gone. */
export function secretUnknown(given: readonly string[]): Check {
  return {
    code: 'SECRET_UNKNOWN',
    severity: Severity.ERROR,
    link: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html',
    find: plan => {
      const read = sortedUnique(startedWorkloads(plan).flatMap(({ secrets }) => secrets));
      return given.filter(name => !read.includes(name)).sort().map(name => ({
        path: plan.path, problem: `'${name}' of secrets is read by no service or job here; there is ${read.join(', ') || 'none'}`,
      }));
    },
  };
}
