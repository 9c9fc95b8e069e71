import type { Loss } from '../../output/loss';
import type { ApplicationPlan, ServicePlan } from '../../services/plan';

/** What was declared and `kubernetes.yaml` does not have. */
export function kubernetesLosses(plan: ApplicationPlan): Loss[] {
  return plan.services.flatMap(service => lossesOf(service).map(loss => ({ target: 'kubernetes', path: service.path, ...loss })));
}

function lossesOf(service: ServicePlan): Pick<Loss, 'declared' | 'instead'>[] {
  const { facts } = service.image;
  return [
    ...service.dependsOn.map(id => ({
      declared: `start after '${id}'`,
      instead: 'all start at once: a container that cannot start without the other is restarted until it can',
    })),
    ...service.networks.filter(name => name !== 'default').map(name => ({
      declared: `network '${name}'`,
      instead: 'every pod of the cluster reaches this one',
    })),
    ...(service.publish ? [{
      declared: `published port ${service.publish.published}`,
      instead: `a Service inside the cluster: add an Ingress, or run 'kubectl port-forward service/${service.id} ${service.publish.published}:${service.publish.target}'`,
    }] : []),
    ...(facts.handlesStopSignal ? [] : [{
      declared: 'an init before a process that may not handle its stop signal',
      instead: 'the process is process 1: it may be killed only when its grace period has passed',
    }]),
    ...facts.writablePaths.filter(writable => writable.mode !== undefined && writable.mode !== '1777').map(writable => ({
      declared: `mode ${writable.mode} of '${writable.path}'`,
      instead: 'every user of the pod may write to it, and it belongs to the group of the process',
    })),
  ];
}
