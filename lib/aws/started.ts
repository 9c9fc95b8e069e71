import type { ApplicationPlan, JobPlan, ServicePlan, WorkloadPlan } from '../services/plan';

/** Those that are not only started on demand, which ECS knows nothing like. */
export function startedServices(plan: ApplicationPlan): ServicePlan[] {
  return plan.services.filter(({ profiles }) => profiles.length === 0);
}

/** Jobs, likewise. */
export function startedJobs(plan: ApplicationPlan): JobPlan[] {
  return plan.jobs.filter(({ profiles }) => profiles.length === 0);
}

/** Services and jobs that ECS starts by itself. */
export function startedWorkloads(plan: ApplicationPlan): WorkloadPlan[] {
  return [...startedServices(plan), ...startedJobs(plan)];
}
