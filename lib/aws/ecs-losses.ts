import { posix } from 'node:path';
import type { EcsSettings } from './ecs-settings';
import { planHealthCheck } from './ecs-task';
import { published } from './published';
import type { StartOrder } from './start-after';
import type { Loss } from '../output/loss';
import { shellWord } from '../primitives/shell-quote';
import { sortedUnique } from '../primitives/stable';
import type { ApplicationPlan, JobPlan, ServicePlan, WorkloadPlan } from '../services/plan';
import { publishedPorts } from '../services/plan-application';

type Lost = Pick<Loss, 'declared' | 'instead'>;

/** What was declared and ECS has not, or only when somebody does the rest. */
export function ecsLosses(
  plan: ApplicationPlan, services: readonly ServicePlan[], jobs: readonly JobPlan[], order: StartOrder, settings: EcsSettings,
): Omit<Loss, 'target'>[] {
  const workloads: WorkloadPlan[] = [...services, ...jobs];
  const started = new Set(workloads);
  const of = ({ path }: { readonly path: string }, losses: readonly Lost[]) => losses.map(loss => ({ path, ...loss }));
  const used = new Set(workloads.flatMap(({ secrets }) => secrets));
  const joined = new Set(workloads.flatMap(({ networks }) => networks));
  const mounted = new Set(workloads.flatMap(({ volumes }) => volumes.map(({ volume }) => volume)));
  return [
    ...services.flatMap(service => of(service, [...lossesOfService(service), ...lossesOf(service, order)])),
    ...jobs.flatMap(job => of(job, [...lossesOfJob(job, order), ...lossesOf(job, order)])),
    ...[...plan.services, ...plan.jobs].filter(workload => !started.has(workload)).flatMap(workload => of(workload, [
      { declared: `start on demand (profile ${workload.profiles.join(', ')})`, instead: 'left out: ECS starts all that there is' },
    ])),
    ...plan.networks.filter(({ internal, name }) => internal && joined.has(name)).flatMap(network => of(network, [
      { declared: 'internal', instead: 'port 443 of every address is reached: images, logs and secrets come from there' },
    ])),
    ...plan.volumes.filter(({ name, sizeGibibytes }) => mounted.has(name) && sizeGibibytes !== undefined).flatMap(volume => of(volume, [
      { declared: `${volume.sizeGibibytes} GiB`, instead: 'no size: a file system of EFS grows with what is in it' },
    ])),
    ...plan.secrets.filter(({ name }) => used.has(name) && !settings.givenSecrets.includes(name)).flatMap(secret => of(secret, [{
      declared: `its file '${secret.file}'`,
      instead: `the secret '${settings.secretName(secret.name)}': run 'aws secretsmanager create-secret --name ${settings.secretName(secret.name)} --secret-string ${shellWord(`file://${secret.file}`)}'`,
    }])),
  ];
}

function lossesOfService(service: ServicePlan): Lost[] {
  const { restart, healthCheck } = service;
  const behindBalancer = published(service);
  const health = healthCheck && planHealthCheck(service);
  return [
    ...publishedPorts(service).filter(one => one.published !== behindBalancer?.port).map(({ published: port }) => ({
      declared: `published port ${port}`,
      instead: behindBalancer ? 'reached from inside only: the load balancer has the first port' : 'reached from inside only: it may not speak HTTP, as a load balancer of requests does',
    })),
    ...(behindBalancer && healthCheck?.http?.host !== undefined ? [{
      declared: `host '${healthCheck.http.host}' of the health check`,
      instead: 'the load balancer asks with an address for a name, and takes every answer below 500 for that of a process that works',
    }] : []),
    ...(healthCheck && !health ? [{
      declared: 'health check', instead: `nothing in the image could carry it out: ${behindBalancer ? 'only the load balancer asks' : 'a task is healthy as long as it runs'}`,
    }] : []),
    ...(healthCheck && health ? clipped(healthCheck, health) : []),
    ...(restart === 'ALWAYS' ? [] : [{ declared: `restart ${restart}`, instead: 'a task of a service is always replaced' }]),
  ];
}

/** Timings that ECS does not take. */
function clipped(declared: object, planned: object): Lost[] {
  const words: Record<string, string> = { intervalSeconds: 'interval', timeoutSeconds: 'timeout', retries: 'retries', startPeriodSeconds: 'start period' };
  return Object.entries(words).flatMap(([name, word]) => {
    const [value, taken] = [declared, planned].map(check => (check as Record<string, number>)[name]);
    const unit = name === 'retries' ? '' : ' s';
    return value === taken ? [] : [{ declared: `${word} ${value}${unit} of the health check`, instead: `${taken}${unit}, which ECS takes` }];
  });
}

function lossesOfJob({ id, retries, schedule, dependsOn }: JobPlan, { unstarted }: StartOrder): Lost[] {
  if (schedule === undefined) return [];
  const awaited = dependsOn.filter(other => !unstarted.some(([first, second]) => first === id && second === other));
  return [
    ...awaited.map(other => ({ declared: `start after '${other}'`, instead: `it starts at its times, whether '${other}' is there or not` })),
    ...(retries > 0 ? [{ declared: `${retries} retries`, instead: 'none: a schedule starts it at its times, and does not look how it ended' }] : []),
  ];
}

function lossesOf(workload: WorkloadPlan, { circles, unstarted }: StartOrder): Lost[] {
  const { id, resources, logging, configs } = workload;
  return [
    ...circles.filter(([first]) => first === id).map(([, other]) => ({
      declared: `reaches '${other}'`, instead: `it is started before '${other}', which needs it first, and finds it when it is started again: deploy twice`,
    })),
    ...unstarted.filter(([first]) => first === id).map(([, other]) => ({ declared: `start after '${other}'`, instead: `it starts without: '${other}' is not started with it` })),
    ...(resources?.pidsLimit === undefined ? [] : [{ declared: `at most ${resources.pidsLimit} processes`, instead: 'no limit' }]),
    ...(logging ? [{ declared: `log driver ${logging.driver}`, instead: 'CloudWatch Logs' }] : []),
    ...sortedUnique(configs.map(({ path }) => posix.dirname(path))).map(directory => ({
      declared: `configs in '${directory}'`, instead: 'a volume in the place of that directory: what else the image has there is hidden',
    })),
  ];
}
