import { Severity, type Check } from './check';
import { groupedBy } from '../primitives/stable';
import type { ApplicationPlan, WorkloadPlan } from '../services/plan';
import { workloads } from '../services/plan-application';

/** A volume has one owner. */
export const VOLUME_USERS: Check = {
  code: 'VOLUME_USERS',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/engine/storage/volumes/',
  find: plan => {
    const writersOf = writersByVolume(plan);
    return plan.volumes.flatMap(({ name, path }) => {
      const writers = writersOf.get(name) ?? [];
      const users = new Set(writers.map(({ image }) => image.facts.userId));
      if (users.size < 2) return [];
      const who = writers.map(({ id, image }) => `'${id}' as user ${image.facts.userId}`).join(' and ');
      return [{ path, problem: `volume '${name}' is written by ${who}; run them as one user, or let all but one only read` }];
    });
  },
};

/** Those whose user is known and not root, who may write anyway. */
function writersByVolume(plan: ApplicationPlan): ReadonlyMap<string, readonly WorkloadPlan[]> {
  const writers = workloads(plan).filter(({ image: { facts } }) => facts.userId !== undefined && facts.userId !== 0);
  return groupedBy(writers, ({ volumes }) => volumes.filter(({ readOnly }) => !readOnly).map(({ volume }) => volume));
}
