import { Severity, type Check } from './check';
import { workloads } from '../services/plan-application';

/** Services reach each other only where both are on one network. */
export const NETWORK_UNSHARED: Check = {
  code: 'NETWORK_UNSHARED',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/compose/how-tos/networking/',
  find: plan => {
    const networksOf = new Map(plan.services.map(({ id, networks }) => [id, networks]));
    return workloads(plan).flatMap(({ path, networks, reaches }) => reaches.map(id => ({ id, others: networksOf.get(id) ?? [] }))
      .filter(({ others }) => !others.some(name => networks.includes(name)))
      .map(({ id, others }) => ({
        path, problem: `it has a URL of '${id}', but is on ${networks.join(', ')} and '${id}' on ${others.join(', ')}; put both on one network`,
      })));
  },
};
