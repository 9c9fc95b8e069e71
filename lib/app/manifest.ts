import type { Finding } from '../checks/check';
import type { Loss } from '../output/loss';
import type { WorkloadPlan } from '../services/plan';
import type { FullApplicationPlan } from '../services/plan-application';

/** What the manifest says besides the files: what was declared, what checks found, what targets could not express. */
export function manifestOf(plans: readonly FullApplicationPlan[], findings: readonly Finding[], losses: readonly Loss[]): object {
  return {
    version: 1,
    applications: Object.fromEntries(plans.map(plan => [plan.id, {
      images: Object.fromEntries(plan.images.map(image => [image.id, { dockerfile: `${plan.id}/${image.dockerfile}`, stage: image.stage, facts: image.facts }])),
      networks: Object.fromEntries(plan.networks.map(network => [network.name, { internal: network.internal }])),
      services: Object.fromEntries(plan.services.map(service => [service.id, {
        ...workload(service),
        ports: service.image.facts.ports,
        publish: service.publish,
        alsoPublished: service.alsoPublished.length === 0 ? undefined : service.alsoPublished,
        routes: service.routes.map(({ prefix, service: to, port }) => ({ prefix, service: to, port })),
      }])),
      jobs: Object.fromEntries(plan.jobs.map(job => [job.id, { ...workload(job), schedule: job.schedule }])),
    }])),
    findings,
    losses,
  };
}

/** What services and jobs have in common. */
function workload({ image, networks, dependsOn, reaches, volumes }: WorkloadPlan): object {
  return { image: image.reference ?? image.id, networks, dependsOn, reaches, volumes: volumes.map(({ volume }) => volume) };
}
