import { Severity, type Check } from './check';
import { workloads } from '../services/plan-application';

/** Who waits for a service without a health check starts as soon as its process has, which is before it answers. */
export const HEALTH_MISSING: Check = {
  code: 'HEALTH_MISSING',
  severity: Severity.WARNING,
  link: 'https://docs.docker.com/compose/how-tos/startup-order/',
  find: plan => {
    const unchecked = new Set(plan.services.filter(({ healthCheck }) => !healthCheck).map(({ id }) => id));
    return workloads(plan).flatMap(({ path, dependsOn }) => dependsOn.filter(id => unchecked.has(id)).map(id => ({
      path, problem: `it waits for '${id}', which has no health check, and so only for the start of its process; give '${id}' a healthCheck`,
    })));
  },
};
