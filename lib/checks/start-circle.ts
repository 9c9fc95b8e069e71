import { Severity, type Check } from './check';
import type { ServicePlan } from '../services/plan';

/** Services that wait for each other never start. */
export const START_CIRCLE: Check = {
  code: 'START_CIRCLE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/compose/how-tos/startup-order/',
  find: plan => {
    const circle = plan.services.map(service => circleFrom(service.id, plan.services, [])).find(found => found !== undefined);
    if (!circle) return [];
    const path = plan.services.find(service => service.id === circle[0])!.path;
    return [{ path, problem: `services wait for each other: ${circle.join(' -> ')}; take one out of 'dependsOn'` }];
  },
};

function circleFrom(id: string, services: readonly ServicePlan[], path: readonly string[]): string[] | undefined {
  if (path.includes(id)) return path[0] === id ? [...path, id] : undefined;
  const service = services.find(candidate => candidate.id === id);
  return service?.dependsOn.map(next => circleFrom(next, services, [...path, id])).find(found => found !== undefined);
}
