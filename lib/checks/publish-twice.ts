import { Severity, type Check } from './check';
import type { ServicePlan } from '../services/plan';

/** One port of a host is one service's. */
export const PUBLISH_TWICE: Check = {
  code: 'PUBLISH_TWICE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/compose-file/services/#ports',
  find: plan => {
    const first = new Map<number, string>();
    return plan.services.flatMap(service => portsOf(service).flatMap(port => {
      const { id, path } = service;
      const other = first.get(port);
      if (other === undefined) first.set(port, id);
      return other === undefined ? [] : [{ path, problem: `port ${port} is published by '${other}' too; give each a port of its own` }];
    }));
  },
};

function portsOf({ publish, alsoPublished, image }: ServicePlan): number[] {
  const ports = [publish?.published, ...alsoPublished.map(({ published }) => published), image.facts.development?.debuggerPort];
  return ports.filter(port => port !== undefined);
}
