import { Severity, type Check } from './check';
import { workloads } from '../services/plan-application';

/** What is only started on demand is not there to be waited for: compose refuses the whole file then. */
export const DEPENDS_ON_DEMAND: Check = {
  code: 'DEPENDS_ON_DEMAND',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/compose/how-tos/profiles/#auto-starting-profiles-and-dependency-resolution',
  find: plan => {
    const scheduled = new Map(plan.jobs.flatMap(({ id, schedule }): [string, string][] => schedule === undefined ? [] : [[id, schedule]]));
    const all = workloads(plan);
    const profilesOf = new Map(all.map(({ id, profiles }) => [id, profiles]));
    return all.flatMap(({ path, dependsOn, profiles }) => dependsOn.flatMap(id => {
      if (scheduled.has(id)) return [{ path, problem: `it waits for '${id}', which is started at '${scheduled.get(id)}' and not with the others; take it out of 'dependsOn'` }];
      const demanded = profilesOf.get(id) ?? [];
      if (demanded.length === 0 || profiles.length > 0 && profiles.every(profile => demanded.includes(profile))) return [];
      return [{ path, problem: `it waits for '${id}', which is only started on demand, with profile ${demanded.join(' or ')}; give both the same profiles, or '${id}' none` }];
    }));
  },
};
