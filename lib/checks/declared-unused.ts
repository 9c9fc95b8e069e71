import { Severity, type Check, type Problem } from './check';
import { workloads } from '../services/plan-application';

/** What nothing uses was forgotten, here or where it should be used. */
export const DECLARED_UNUSED: Check = {
  code: 'DECLARED_UNUSED',
  severity: Severity.WARNING,
  link: 'https://docs.docker.com/reference/compose-file/secrets/',
  find: plan => {
    const all = workloads(plan);
    const unused = (kind: string, declared: readonly { name: string; path: string }[], used: readonly string[], how: string): Problem[] => declared
      .filter(({ name }) => !used.includes(name)).map(({ name, path }) => ({ path, problem: `${kind} '${name}' is used by no service and no job; ${how}, or take it out` }));
    return [
      ...unused('secret', plan.secrets, [...all.flatMap(workload => workload.secrets), ...plan.images.flatMap(({ buildMounts }) => buildMounts?.secrets ?? [])], "give it to one with 'secrets' or in its environment"),
      ...unused('volume', plan.volumes, all.flatMap(workload => workload.volumes.map(({ volume }) => volume)), "mount it with 'volumes'"),
      ...unused('config', plan.configs, all.flatMap(workload => workload.configs.map(({ config }) => config)), "mount it with 'configs'"),
    ];
  },
};
