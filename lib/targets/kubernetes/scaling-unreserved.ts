import { Severity, type Check } from '../../checks/check';
import { startedServices } from '../../services/plan-application';

/** A share of what is reserved cannot be told where nothing is. */
export const SCALING_UNRESERVED: Check = {
  code: 'SCALING_UNRESERVED',
  severity: Severity.ERROR,
  link: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work',
  find: plan => startedServices(plan).filter(({ scaling, resources }) => scaling && !resources?.cpuReservation).map(({ path, scaling }) => ({
    path,
    problem: `it is scaled at ${scaling!.cpuPercent}% of its reserved processors, and none are reserved; give resources: { cpuReservation: 0.25 }`,
  })),
};
