import { composeHealthCheck } from './compose-document';
import type { Loss } from '../../output/loss';
import type { ApplicationPlan } from '../../services/plan';

/** What was declared and `compose.yaml` does not have. */
export function composeLosses(plan: ApplicationPlan): Loss[] {
  return plan.services.filter(service => service.healthCheck && !composeHealthCheck(service)).map(service => ({
    target: 'compose',
    path: service.path,
    declared: 'health check',
    instead: 'none: compose runs it inside the container, where this image has no interpreter; services that wait for it wait until it has started',
  }));
}
