import { isShared } from './claims';
import { runningServices } from './kubernetes-objects';
import type { KubernetesSettings } from './kubernetes-settings';
import { isAnnotation } from './object';
import { deployerConfigMap, startOrderOf } from './pod';
import type { Loss } from '../../output/loss';
import { shellWord } from '../../primitives/shell-quote';
import { sortedUnique } from '../../primitives/stable';
import type { ApplicationPlan, ServicePlan, WorkloadPlan } from '../../services/plan';
import { publishedPorts, startedJobs } from '../../services/plan-application';

type Lost = Pick<Loss, 'declared' | 'instead'>;

/** What was declared and is not in the objects, or is there only when somebody does the rest. */
export function kubernetesLosses(plan: ApplicationPlan, settings: KubernetesSettings): Loss[] {
  const { namespace } = settings;
  const services = runningServices(plan, settings);
  const jobs = startedJobs(plan);
  const workloads: WorkloadPlan[] = [...services, ...jobs];
  const used = new Set(workloads.flatMap(({ secrets }) => secrets));
  const started = new Set(workloads);
  const left = [...plan.services, ...plan.jobs].filter(workload => !started.has(workload));
  const deployer = workloads.flatMap(({ deployerEnvironment }) => Object.values(deployerEnvironment));
  const asked = sortedUnique(deployer.filter(({ defaultValue }) => defaultValue === undefined).map(({ variable }) => variable));
  const of = ({ path }: WorkloadPlan, losses: readonly Lost[]) => losses.map(loss => ({ path, ...loss }));
  return [
    ...services.flatMap(service => of(service, [...lossesOfService(service, settings), ...lossesOf(service, plan, settings)])),
    ...jobs.flatMap(job => of(job, lossesOf(job, plan, settings))),
    ...left.flatMap(workload => of(workload, leftOut(workload, settings))),
    ...plan.volumes.filter(volume => isShared(volume, workloads)).map(({ path, name }) => ({
      path, declared: `volume '${name}' of several containers`, instead: "a claim with ReadWriteMany: name a StorageClass that has it, with 'storageClass', where the default has not",
    })),
    ...plan.secrets.filter(({ name }) => used.has(name)).map(({ name, path, file }) => ({
      path, declared: `its file '${file}'`, instead: `none: run 'kubectl create secret generic ${name} --namespace ${namespace} --from-file=${shellWord(`${name}=${file}`)}'`,
    })),
    ...(asked.length === 0 ? [] : [{
      path: plan.path,
      declared: `${asked.join(', ')} of whoever deploys`,
      instead: `none: run 'kubectl create configmap ${deployerConfigMap(plan)} --namespace ${namespace} ${asked.map(name => `--from-literal=${name}=…`).join(' ')}'`,
    }]),
  ].map(loss => ({ target: 'kubernetes', ...loss }));
}

/** Of a service or job that there is not. */
function leftOut({ id, profiles, routes = [], publish }: WorkloadPlan & Partial<Pick<ServicePlan, 'routes' | 'publish'>>, { exposures }: KubernetesSettings): Lost[] {
  if (profiles.length > 0) return [{ declared: `start on demand (profile ${profiles.join(', ')})`, instead: 'left out: Kubernetes starts all that there is' }];
  return [
    { declared: 'nginx', instead: 'an Ingress with its routes: limits, headers, compression and logs are those of the controller' },
    ...(publish?.tls && exposures.some(one => one.service === id && one.tlsSecret === undefined) ? [{
      declared: 'TLS', instead: "the controller's, if it has a certificate: name a Secret of type kubernetes.io/tls with 'tlsSecret' of the Ingress",
    }] : []),
    ...routes.filter(({ settings }) => settings.length > 0).map(({ prefix, settings }) => ({
      declared: `${settings.join(', ')} of route '${prefix}'`, instead: "those of the controller: set them with 'annotations' of the Ingress",
    })),
  ];
}

function lossesOfService(service: ServicePlan, { exposures }: KubernetesSettings): Lost[] {
  const exposure = exposures.find(one => one.service === service.id);
  return [
    ...(exposure?.kind === 'loadBalancer' ? [] : publishedPorts(service).map(({ published: port }) => ({
      declared: `published port ${port}`,
      instead: exposure
        ? `an Ingress for ${exposure.host ?? 'every host'}, at the ports of its controller`
        : 'inside the cluster only, as it may not speak HTTP: expose it with KubernetesExposure.loadBalancer',
    }))),
    ...(service.restart === 'ALWAYS' ? [] : [{ declared: `restart ${service.restart}`, instead: 'a container of a Deployment is always started again' }]),
  ];
}

function lossesOf(workload: WorkloadPlan, plan: ApplicationPlan, settings: KubernetesSettings): Lost[] {
  const { facts } = workload.image;
  return [
    ...startOrderOf(workload, plan, settings, id => id).losses,
    ...(facts.development ? [{ declared: 'development mode', instead: 'what was built: no change of the source reaches a pod, and no debugger is published' }] : []),
    ...(workload.resources?.pidsLimit === undefined ? [] : [{ declared: `at most ${workload.resources.pidsLimit} processes`, instead: "the node's limit" }]),
    ...Object.keys(workload.labels).filter(name => !isAnnotation(name)).map(name => ({ declared: `label '${name}'`, instead: 'none: its name is no name of an annotation' })),
    ...(workload.logging ? [{ declared: `log driver ${workload.logging.driver}`, instead: "the node's" }] : []),
    ...workload.scratchPaths
      .filter(({ userId, groupId }) => (userId ?? facts.userId) !== facts.userId || (groupId ?? facts.groupId) !== facts.groupId)
      .map(({ path, userId = facts.userId, groupId = facts.groupId }) => ({
        declared: `owner ${[userId, groupId].filter(id => id !== undefined).join(':')} of '${path}'`,
        instead: 'it belongs to root, and the group of the process may write to it',
      })),
    ...workload.scratchPaths.filter(writable => writable.mode !== undefined && writable.mode !== '1777').map(writable => ({
      declared: `mode ${writable.mode} of '${writable.path}'`,
      instead: 'every user of the pod may write to it, and it belongs to the group of the process',
    })),
  ];
}
