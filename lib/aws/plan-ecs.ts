import { eventBridgeSchedules } from './cron';
import { ecsLosses } from './ecs-losses';
import type { EcsAccessPoint, EcsJob, EcsPlan, EcsSecurityGroup, EcsService, EcsWorkload } from './ecs-plan';
import type { EcsSettings } from './ecs-settings';
import { endpointsOf, planTask } from './ecs-task';
import { published } from './published';
import { startAfter, type StartOrder } from './start-after';
import { sortedUnique } from '../primitives/stable';
import type { ApplicationPlan, JobPlan, ServicePlan, VolumePlan, WorkloadPlan } from '../services/plan';
import { isService, startedJobs, startedServices } from '../services/plan-application';

/** What ECS runs of an application. Everything is decided here, for aws-cdk and for Terraform. */
export function planEcs(plan: ApplicationPlan, settings: EcsSettings): EcsPlan {
  const services = startedServices(plan);
  const jobs = startedJobs(plan);
  const workloads: WorkloadPlan[] = [...services, ...jobs];
  const order = startAfter(services, jobs);
  const planned = new Map(services.map(service => [service.id, planService(service, plan, jobs, order, settings)]));
  return {
    id: plan.id,
    path: plan.path,
    securityGroups: securityGroups(plan, workloads),
    accessPoints: plan.volumes.flatMap(volume => accessPoint(volume, workloads)),
    secrets: sortedUnique(workloads.flatMap(({ secrets }) => secrets)),
    services: order.services.map(id => planned.get(id)!),
    jobs: jobs.map(job => planJob(job, plan, order, settings)),
    losses: ecsLosses(plan, services, jobs, order, settings),
  };
}

function planWorkload(workload: WorkloadPlan, plan: ApplicationPlan, order: StartOrder, settings: EcsSettings): EcsWorkload {
  return {
    id: workload.id,
    path: workload.path,
    task: planTask(workload, plan, settings),
    securityGroups: workload.networks,
    startAfter: order.after.get(workload.id) ?? [],
  };
}

function planService(service: ServicePlan, plan: ApplicationPlan, jobs: readonly JobPlan[], order: StartOrder, settings: EcsSettings): EcsService {
  return {
    ...planWorkload(service, plan, order, settings),
    desiredCount: service.replicas,
    scaling: service.scaling,
    endpoints: endpointsOf(service, plan),
    inDns: service.image.facts.ports.length > 0 && jobs.some(({ networks }) => networks.some(network => service.networks.includes(network))),
    published: published(service),
    alone: service.volumes.some(({ readOnly }) => !readOnly),
  };
}

function planJob(job: JobPlan, plan: ApplicationPlan, order: StartOrder, settings: EcsSettings): EcsJob {
  const { retries, schedule } = job;
  return { ...planWorkload(job, plan, order, settings), retries, schedules: schedule === undefined ? undefined : eventBridgeSchedules(schedule) };
}

/** Members reach each other's ports, and whoever else has the group nothing. */
function securityGroups(plan: ApplicationPlan, workloads: readonly WorkloadPlan[]): EcsSecurityGroup[] {
  const names = sortedUnique(workloads.flatMap(({ networks }) => networks));
  return names.map(name => ({
    name,
    ports: portsOf(workloads.filter(one => isService(one) && one.networks.includes(name))),
    internal: plan.networks.some(network => network.name === name && network.internal),
  }));
}

function portsOf(workloads: readonly WorkloadPlan[]): number[] {
  return [...new Set(workloads.flatMap(({ image }) => image.facts.ports))].sort((a, b) => a - b);
}

/** All that is written belongs to the first of its users who writes. */
function accessPoint({ name }: VolumePlan, workloads: readonly WorkloadPlan[]): EcsAccessPoint[] {
  const users = workloads.flatMap(({ volumes, image: { facts } }) => {
    return volumes.filter(({ volume }) => volume === name).map(({ readOnly }) => ({ readOnly, facts }));
  });
  const owner = users.find(({ readOnly }) => !readOnly) ?? users[0];
  return owner ? [{ name, userId: owner.facts.userId ?? 0, groupId: owner.facts.groupId ?? owner.facts.userId ?? 0 }] : [];
}
