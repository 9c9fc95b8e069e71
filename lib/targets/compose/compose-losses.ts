import { composeHealthCheck, SCHEDULED } from './compose-document';
import type { Loss } from '../../output/loss';
import type { ApplicationPlan } from '../../services/plan';

/** What was declared and `compose.yaml` does not have. */
export function composeLosses(plan: ApplicationPlan): Loss[] {
  const declaredSecrets = new Set(plan.secrets.map(({ name }) => name));
  return [
    ...plan.images.flatMap(({ path, buildMounts }) => (buildMounts?.secrets ?? []).filter(id => !declaredSecrets.has(id)).map(id => ({
      path, declared: `secret '${id}' of the build`, instead: `none: declare it, new Secret(application, '${id}'), and compose gives it to the build`,
    }))),
    ...plan.services.filter(service => service.healthCheck && !composeHealthCheck(service)).map(({ path }) => ({
      path,
      declared: 'health check',
      instead: 'none: compose runs it inside the container, where this image has no interpreter; services that wait for it wait until it has started',
    })),
    ...plan.services.filter(({ scaling }) => scaling).map(({ path, scaling }) => ({
      path, declared: `${scaling!.min} to ${scaling!.max} containers`, instead: `${scaling!.min}, whatever the load`,
    })),
    ...plan.volumes.filter(({ sizeGibibytes }) => sizeGibibytes !== undefined).map(({ path, sizeGibibytes }) => ({
      path, declared: `room for ${sizeGibibytes} GiB`, instead: 'what the disk of the engine has left',
    })),
    ...plan.jobs.filter(({ schedule }) => schedule !== undefined).map(({ path, id, schedule }) => ({
      path,
      declared: `a process that runs at '${schedule}'`,
      instead: `started by hand or by a clock of yours: docker compose --profile ${SCHEDULED} run --rm ${id}`,
    })),
  ].map(loss => ({ target: 'compose', ...loss }));
}
