import { Severity, type Check } from './check';
import { workloads } from '../services/plan-application';

/** A volume has one owner. */
export const VOLUME_USERS: Check = {
  code: 'VOLUME_USERS',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/engine/storage/volumes/',
  find: plan => plan.volumes.flatMap(({ name, path }) => {
    const writers = workloads(plan).filter(workload => workload.volumes.some(mount => mount.volume === name && !mount.readOnly))
      .filter(({ image: { facts } }) => facts.userId !== undefined && facts.userId !== 0);
    const users = new Set(writers.map(({ image }) => image.facts.userId));
    if (users.size < 2) return [];
    const who = writers.map(({ id, image }) => `'${id}' as user ${image.facts.userId}`).join(' and ');
    return [{ path, problem: `volume '${name}' is written by ${who}; run them as one user, or let all but one only read` }];
  }),
};
