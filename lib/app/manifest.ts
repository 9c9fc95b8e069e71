import type { Finding } from '../checks/check';
import type { Loss } from '../output/loss';
import type { FullApplicationPlan } from '../services/plan-application';

/** What the manifest says besides the files: what was declared, what checks found, what targets could not express. */
export function manifestOf(plans: readonly FullApplicationPlan[], findings: readonly Finding[], losses: readonly Loss[]): object {
  return {
    version: 1,
    applications: Object.fromEntries(plans.map(plan => [plan.id, {
      images: Object.fromEntries(plan.images.map(image => [image.id, { dockerfile: `${plan.id}/${image.dockerfile}`, stage: image.stage, facts: image.facts }])),
      services: Object.fromEntries(plan.services.map(service => [service.id, {
        image: service.image.id, networks: service.networks, dependsOn: service.dependsOn, publish: service.publish,
      }])),
    }])),
    findings,
    losses,
  };
}
