import { Severity, type Check } from './check';
import { workloads } from '../services/plan-application';

/** Nothing of a circle would ever start. */
export const DEPENDS_CIRCLE: Check = {
  code: 'DEPENDS_CIRCLE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/compose/how-tos/startup-order/',
  find: plan => {
    const all = new Map(workloads(plan).map(workload => [workload.id, workload]));
    const done = new Set<string>();
    const circles: { path: string; problem: string }[] = [];
    const visit = (id: string, way: readonly string[]) => {
      if (way.includes(id)) {
        const circle = [...way.slice(way.indexOf(id)), id];
        circles.push({ path: all.get(id)!.path, problem: `it waits for itself: ${circle.join(' -> ')}; take one of these out of 'dependsOn'` });
      } else if (!done.has(id)) {
        for (const next of all.get(id)?.dependsOn ?? []) visit(next, [...way, id]);
        done.add(id);
      }
    };
    for (const id of all.keys()) visit(id, []);
    return circles;
  },
};
