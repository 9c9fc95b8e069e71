import { Severity, type Check } from '../../checks/check';
import { workloads } from '../../services/plan-application';

/** Seen of compose 2.26: `up --wait` answers with 1 as soon as a container has ended that nothing waits for, even when it ended well. */
export const JOB_UNAWAITED: Check = {
  code: 'JOB_UNAWAITED',
  severity: Severity.WARNING,
  link: 'https://github.com/docker/compose/issues/10596',
  find: plan => {
    const awaited = workloads(plan).flatMap(({ dependsOn }) => dependsOn);
    const started = plan.jobs.filter(({ schedule, profiles }) => schedule === undefined && profiles.length === 0);
    return started.filter(({ id }) => !awaited.includes(id)).map(({ path, id }) => ({
      path, problem: `nothing waits for '${id}', so 'docker compose up --wait' fails once it has ended; let a service depend on it, or give it a profile`,
    }));
  },
};
