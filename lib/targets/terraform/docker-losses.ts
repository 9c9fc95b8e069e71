import { containerName, healthCheck, isScheduled, isStarted } from './docker-container';
import type { Loss } from '../../output/loss';
import { sortedUnique } from '../../primitives/stable';
import type { ApplicationPlan, ImagePlan, JobPlan, ServicePlan, WorkloadPlan } from '../../services/plan';
import { isService, workloads } from '../../services/plan-application';

type Lost = Pick<Loss, 'declared' | 'instead'>;

/** What was declared and the docker provider has no word for, or what is there only when somebody does the rest. */
export function dockerLosses(plan: ApplicationPlan, project: string): Loss[] {
  const all = workloads(plan);
  const waiting = new Map(all.filter(workload => !isStarted(workload)).map(workload => [workload.id, workload]));
  const of = ({ path }: { readonly path: string }, losses: readonly Lost[]) => losses.map(loss => ({ path, ...loss }));
  return [
    ...plan.images.flatMap(image => of(image, lossesOfImage(image, plan))),
    ...all.flatMap(workload => of(workload, [
      ...isService(workload) ? lossesOfService(workload) : lossesOfJob(workload as JobPlan),
      ...isStarted(workload) ? lossesOfOrder(workload, waiting) : lossesOfStart(workload, project),
      ...lossesOf(workload),
    ])),
    ...plan.volumes.filter(({ sizeGibibytes }) => sizeGibibytes !== undefined).flatMap(volume => of(volume, [
      { declared: `room for ${volume.sizeGibibytes} GiB`, instead: 'what the disk of the engine has left' },
    ])),
  ].map(loss => ({ target: 'terraform docker', ...loss }));
}

function lossesOfImage({ buildMounts }: ImagePlan, plan: ApplicationPlan): Lost[] {
  const declared = new Set(plan.secrets.map(({ name }) => name));
  return [
    ...(buildMounts?.secrets ?? []).filter(id => !declared.has(id)).map(id => ({
      declared: `secret '${id}' of the build`, instead: `none: declare it, new Secret(application, '${id}'), and it is given to the build`,
    })),
    ...(buildMounts?.ssh ?? []).map(id => ({
      declared: `SSH agent '${id}' of the build`, instead: 'none: the provider hands no agent to a build; build the image elsewhere where it cannot do without',
    })),
  ];
}

function lossesOfService(service: ServicePlan): Lost[] {
  const { scaling } = service;
  return [
    ...(service.healthCheck && !healthCheck(service) ? [{
      declared: 'health check',
      instead: 'none: the engine runs it inside the container, where this image has no interpreter; what waits for the service waits until it has started',
    }] : []),
    ...(scaling ? [{ declared: `${scaling.min} to ${scaling.max} containers`, instead: `${scaling.min}, whatever the load` }] : []),
  ];
}

function lossesOfJob(job: JobPlan): Lost[] {
  if (job.retries === 0 || !isStarted(job)) return [];
  return [{ declared: `${job.retries} more tries when it fails`, instead: 'none: the apply fails, and says how it runs again' }];
}

function lossesOfOrder({ dependsOn }: WorkloadPlan, waiting: ReadonlyMap<string, WorkloadPlan>): Lost[] {
  return dependsOn.filter(id => waiting.has(id)).map(id => ({ declared: `start after '${id}'`, instead: `none: '${id}' is made, and started by hand` }));
}

/** Of what is only made. */
function lossesOfStart(workload: WorkloadPlan, project: string): Lost[] {
  const names = Array.from({ length: isService(workload) ? workload.replicas : 1 }, (_, index) => containerName(project, workload, index + 1));
  const profiles = sortedUnique(workload.profiles).join(', ');
  const onDemand = (instead: string): Lost[] => profiles === '' ? [] : [{ declared: `start on demand (profile ${profiles})`, instead }];
  if (!isScheduled(workload)) return onDemand(`made, and started by hand: docker start ${names.join(' ')}`);
  const { schedule } = workload as JobPlan;
  return [
    { declared: `a process that runs at '${schedule}'`, instead: `a container that a clock of yours starts: docker start --attach ${names[0]}` },
    ...onDemand('made: a clock of yours starts it or not'),
  ];
}

function lossesOf({ image, resources }: WorkloadPlan): Lost[] {
  return [
    ...(image.facts.development ? [{ declared: 'development mode', instead: 'what was built: no change of the source reaches a container' }] : []),
    ...(resources?.pidsLimit === undefined ? [] : [{ declared: `at most ${resources.pidsLimit} processes`, instead: "the engine's limit: the provider has no word for it" }]),
  ];
}
