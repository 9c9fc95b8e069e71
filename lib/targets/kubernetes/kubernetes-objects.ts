import { posix } from 'node:path';
import { claim } from './claims';
import { ingress } from './exposure-objects';
import type { KubernetesSettings } from './kubernetes-settings';
import { networkPolicies } from './network-policies';
import { annotated, applicationLabels, fitted, metadataOf, portName, selectorOf, shortened, type KubernetesObject } from './object';
import { fixedAddressConfigMap, isReached, podTemplate, type JobName } from './pod';
import { startOrderConfigMap, startOrderRoles } from './start-order';
import { compact } from '../../primitives/stable';
import type { ApplicationPlan, JobPlan, ServicePlan, WorkloadPlan } from '../../services/plan';
import { publishedPorts, startedJobs, startedServices } from '../../services/plan-application';

/**
 * Of the name of a CronJob, and of a StatefulSet: what they make is called so, with 11 characters more.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 * @see https://github.com/kubernetes/kubernetes/issues/64023
 */
const LONGEST_OF_MAKERS = 52;

/** All objects of an application: what all share, then each service and each job with what is its own. */
export function kubernetesObjects(plan: ApplicationPlan, settings: KubernetesSettings): KubernetesObject[] {
  const services = runningServices(plan, settings);
  const jobs = startedJobs(plan);
  const workloads: WorkloadPlan[] = [...services, ...jobs];
  const jobName = jobNames(plan, settings);
  const { namespace } = settings;
  const ofAll = (kind: string, name: string, rest: object): KubernetesObject => ({ apiVersion: 'v1', kind, metadata: { name, namespace, labels: applicationLabels(plan) }, ...rest });
  const configs = new Set(workloads.flatMap(workload => workload.configs.map(({ config }) => config)));
  const volumes = new Set(workloads.flatMap(workload => workload.volumes.map(({ volume }) => volume)));
  return [
    namespaceObject(plan, workloads, namespace),
    ...networkPolicies(plan, services, workloads, settings),
    ...plan.configs.filter(({ name }) => configs.has(name)).map(({ name, text }) => ofAll('ConfigMap', name, { data: { [name]: text } })),
    ...services.filter(({ fixedAddressFiles }) => fixedAddressFiles.length > 0).map(service => ofAll('ConfigMap', fixedAddressConfigMap(service), {
      data: Object.fromEntries(service.fixedAddressFiles.map(({ path, text }) => [posix.basename(path), text])),
    })),
    ...startOrderConfigMap(plan, workloads).map(({ name, data }) => ofAll('ConfigMap', name, { data })),
    ...plan.volumes.filter(({ name }) => volumes.has(name)).map(volume => claim(volume, plan, workloads, settings)),
    ...services.flatMap(service => [account(service, plan, settings), ...serviceObjects(service, plan, settings, jobName)]),
    ...settings.exposures.filter(({ kind }) => kind !== 'loadBalancer')
      .map(exposure => ingress(plan.services.find(({ id }) => id === exposure.service)!, exposure, plan, namespace)),
    ...jobs.flatMap(job => [account(job, plan, settings), ...jobObjects(job, plan, settings, jobName)]),
  ];
}

/** Those that are always started, but for proxies that an Ingress stands instead of. */
export function runningServices(plan: ApplicationPlan, { exposures }: Pick<KubernetesSettings, 'exposures'>): ServicePlan[] {
  return startedServices(plan).filter(({ id }) => !exposures.some(({ kind, service }) => kind === 'insteadOfProxy' && service === id));
}

/**
 * The cluster itself refuses what is softer than what is declared.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
function namespaceObject(plan: ApplicationPlan, workloads: readonly WorkloadPlan[], namespace: string): KubernetesObject {
  const root = workloads.some(({ image: { facts } }) => facts.userId === 0);
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: {
        ...applicationLabels(plan),
        'pod-security.kubernetes.io/enforce': root ? 'baseline' : 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
      },
    },
  };
}

/** Whom a workload is for the cluster: nobody with rights, but for looking at the jobs that it waits for. */
function account(workload: WorkloadPlan, plan: ApplicationPlan, { namespace }: KubernetesSettings): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadataOf(workload, plan, namespace), automountServiceAccountToken: false };
}

function serviceObjects(service: ServicePlan, plan: ApplicationPlan, settings: KubernetesSettings, jobName: JobName): KubernetesObject[] {
  const { namespace, exposures } = settings;
  const metadata = metadataOf(service, plan, namespace);
  const kind = isStateful(service) ? 'StatefulSet' : 'Deployment';
  const name = isStateful(service) ? makerName(service.id) : service.id;
  const exposure = exposures.find(({ service: id }) => id === service.id);
  return [
    {
      apiVersion: 'apps/v1',
      kind,
      metadata: annotated({ ...metadata, name }, settings.annotations),
      spec: compact({
        // a number here would be set again each time that this is applied, whatever the load
        replicas: service.scaling || service.replicas === 1 ? undefined : service.replicas,
        serviceName: isStateful(service) && isReached(service) ? service.id : undefined,
        // in order, a pod that never gets ready would be in the way of the one that mends it
        podManagementPolicy: isStateful(service) ? 'Parallel' : undefined,
        selector: { matchLabels: selectorOf(service, plan) },
        template: podTemplate(service, plan, settings, jobName),
      }),
    },
    ...(isReached(service) ? [networkService(service, plan, namespace, exposure?.kind === 'loadBalancer')] : []),
    ...(service.scaling ? [autoscaler(service, { kind, name }, metadata)] : []),
    ...(service.replicas > 1 ? [disruptionBudget(service, plan, metadata)] : []),
  ];
}

/**
 * A writer's new pod starts when its old one has gone, wherever that was: two never write at once.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
function isStateful({ volumes }: ServicePlan): boolean {
  return volumes.some(({ readOnly }) => !readOnly);
}

function makerName(id: string): string {
  return fitted(id, id, LONGEST_OF_MAKERS);
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
function networkService(service: ServicePlan, plan: ApplicationPlan, namespace: string, balanced: boolean): KubernetesObject {
  const published = balanced ? publishedPorts(service) : [];
  const inside = service.image.facts.ports.filter(port => !published.some(one => one.published === port));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(service, plan, namespace),
    spec: compact({
      type: balanced ? 'LoadBalancer' : undefined,
      selector: selectorOf(service, plan),
      ports: [
        ...inside.map(port => ({ name: portName(port), port, targetPort: portName(port) })),
        ...published.map(({ published: port, target }) => ({ name: port === target ? portName(port) : `published-${port}`, port, targetPort: portName(target) })),
      ],
    }),
  };
}

/** @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ */
function autoscaler({ scaling }: ServicePlan, target: { kind: string; name: string }, metadata: KubernetesObject['metadata']): KubernetesObject {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', ...target },
      minReplicas: scaling!.min,
      maxReplicas: scaling!.max,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: scaling!.cpuPercent } } }],
    },
  };
}

/**
 * Nodes are emptied one pod at a time; one that does not work anyway is in nobody's way.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
function disruptionBudget(service: ServicePlan, plan: ApplicationPlan, metadata: KubernetesObject['metadata']): KubernetesObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(service, plan) }, unhealthyPodEvictionPolicy: 'AlwaysAllow' },
  };
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/job/ */
function jobObjects(job: JobPlan, plan: ApplicationPlan, settings: KubernetesSettings, jobName: JobName): KubernetesObject[] {
  const metadata = metadataOf(job, plan, settings.namespace, jobName(job.id));
  const spec = { backoffLimit: job.retries, template: podTemplate(job, plan, settings, jobName) };
  const object = job.schedule === undefined
    ? { kind: 'Job', spec }
    : { kind: 'CronJob', spec: { schedule: job.schedule, concurrencyPolicy: 'Forbid', jobTemplate: { spec } } };
  return [
    { apiVersion: 'batch/v1', kind: object.kind, metadata: annotated(metadata, settings.annotations), spec: object.spec },
    ...startOrderRoles(job, plan, jobName, metadata.name).map(body => {
      const { apiVersion, kind, ...rest } = body as KubernetesObject;
      return { apiVersion, kind, metadata, ...(rest as object) };
    }),
  ];
}

/**
 * A Job cannot be changed: another template is another Job, with a name of its own, and whoever waits for it waits for that one.
 *
 * @see https://github.com/kubernetes/kubernetes/issues/89657 for what an API server says to a change
 */
function jobNames(plan: ApplicationPlan, settings: KubernetesSettings): JobName {
  const names = new Map<string, string>();
  const jobName = (id: string): string => {
    const job = plan.jobs.find(one => one.id === id)!;
    if (job.schedule !== undefined) return makerName(id);
    if (!names.has(id)) names.set(id, shortened(id, JSON.stringify([job.retries, podTemplate(job, plan, settings, jobName)])));
    return names.get(id)!;
  };
  return jobName;
}
