import { isAnnotation, startedServices } from './kubernetes-objects';
import type { Loss } from '../../output/loss';
import type { ApplicationPlan, ServicePlan } from '../../services/plan';

/** What was declared and `kubernetes.yaml` does not have. */
export function kubernetesLosses(plan: ApplicationPlan): Loss[] {
  const started = startedServices(plan);
  const used = new Set(started.flatMap(service => service.secrets));
  return [
    ...started.flatMap(service => lossesOf(service).map(loss => ({ path: service.path, ...loss }))),
    ...plan.services.filter(service => !started.includes(service)).map(({ path, profiles }) => ({
      path, declared: `start on demand (profile ${profiles.join(', ')})`, instead: 'left out: Kubernetes starts all that there is',
    })),
    ...plan.jobs.map(({ path, schedule }) => ({
      path, declared: schedule === undefined ? 'a process that ends' : `a process that runs at '${schedule}'`, instead: 'left out: run it by other means',
    })),
    ...plan.secrets.filter(({ name }) => used.has(name)).map(({ name, path, file }) => ({
      path, declared: `its file '${file}'`, instead: `none: run 'kubectl create secret generic ${name} --from-file=${name}=${file}'`,
    })),
  ].map(loss => ({ target: 'kubernetes', ...loss }));
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
    ...[service.publish ?? [], service.alsoPublished].flat().map(({ published, target }) => ({
      declared: `published port ${published}`,
      instead: `a Service inside the cluster: add an Ingress, or run 'kubectl port-forward service/${service.id} ${published}:${target}'`,
    })),
    ...(service.routes.some(({ resolvers }) => resolvers?.includes('127.0.0.11')) ? [{
      declared: "addresses of services from Docker's resolver",
      instead: "nothing answers at 127.0.0.11 in a pod, and the routes fail: name the cluster's resolver and domain in NameResolution.repeated",
    }] : []),
    ...(facts.development ? [{ declared: 'development mode', instead: 'what was built: no change of the source reaches a pod, and no debugger is published' }] : []),
    ...service.volumes.map(({ volume }) => ({ declared: `volume '${volume}'`, instead: 'an empty directory that ends with its pod' })),
    ...Object.entries(service.deployerEnvironment).filter(([, { defaultValue }]) => defaultValue === undefined).map(([name, { variable }]) => ({
      declared: `${name} from '${variable}' of whoever deploys`, instead: 'left out: add the variable with a patch',
    })),
    ...(service.scaling ? [{ declared: `${service.scaling.min} to ${service.scaling.max} containers`, instead: `${service.scaling.min}: add a HorizontalPodAutoscaler` }] : []),
    ...(service.restart === 'ALWAYS' ? [] : [{ declared: `restart ${service.restart}`, instead: 'a container of a Deployment is always started again' }]),
    ...(service.resources?.pidsLimit === undefined ? [] : [{ declared: `at most ${service.resources.pidsLimit} processes`, instead: "the node's limit" }]),
    ...Object.keys(service.labels).filter(name => !isAnnotation(name)).map(name => ({ declared: `label '${name}'`, instead: 'none: its name is no name of an annotation' })),
    ...(service.logging ? [{ declared: `log driver ${service.logging.driver}`, instead: "the node's" }] : []),
    ...(facts.handlesStopSignal ? [] : [{
      declared: 'an init before a process that may not handle its stop signal',
      instead: 'the process is process 1: it may be killed only when its grace period has passed',
    }]),
    ...service.scratchPaths.filter(writable => writable.mode !== undefined && writable.mode !== '1777').map(writable => ({
      declared: `mode ${writable.mode} of '${writable.path}'`,
      instead: 'every user of the pod may write to it, and it belongs to the group of the process',
    })),
  ];
}
