import { posix } from 'node:path';
import type { KubernetesSettings } from './kubernetes-settings';
import { networkLabels } from './network-policies';
import {
  cpuQuantity, filled, filledRecord, fitted, isAnnotation, labelsOf, literal, podVolume, portName, selectorOf, shortened, sizeQuantity,
} from './object';
import { probes } from './probes';
import { startOrder, type StartOrder } from './start-order';
import type { WritablePath } from '../../build/image-facts';
import { compact, sha256, sortedBy, sortedUnique } from '../../primitives/stable';
import type { ApplicationPlan, ServicePlan, WorkloadPlan } from '../../services/plan';
import { isService } from '../../services/plan-application';

/**
 * Seconds between the start of a pod's end and the signal to its process: for as long, requests still come that proxies elsewhere have sent
 * before they learned of it.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow
 */
const DRAIN_SECONDS = 5;
/** Seconds that Kubernetes waits where nothing else is said. */
const USUAL_GRACE_SECONDS = 30;
/** Volume of the files that take the place of the image's, as the address of a Service never changes. */
const FIXED_ADDRESSES = 'fixed-addresses';

/**
 * What every container is: as Pod Security's `restricted` asks, and a root file system that nobody writes to.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
const CONTAINER_SECURITY = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };

/** What the Job of an id is called. */
export type JobName = (id: string) => string;

/** What a workload's pods are made of. @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export function podTemplate(workload: WorkloadPlan, plan: ApplicationPlan, settings: KubernetesSettings, jobName: JobName): object {
  return {
    metadata: compact({
      labels: { ...labelsOf(workload, plan), ...networkLabels(workload) },
      annotations: annotations(workload, plan),
    }),
    spec: podSpec(workload, plan, settings, jobName),
  };
}

/** Labels are for tools; the other one has pods started again when a text has changed, which no mount of a single file learns of. */
function annotations(workload: WorkloadPlan & Partial<ServicePlan>, plan: ApplicationPlan): object | undefined {
  const { labels: declared, configs, fixedAddressFiles = [] } = workload;
  const texts = [
    ...plan.configs.filter(({ name }) => configs.some(({ config }) => config === name)).map(({ name, text }) => [name, text]),
    ...fixedAddressFiles.map(({ path, text }) => [path, text]),
  ];
  const said = Object.fromEntries(Object.entries(declared).filter(([name]) => isAnnotation(name)));
  return filledRecord({ ...said, 'cdk-wheelhouse/configs': texts.length === 0 ? undefined : sha256(JSON.stringify(texts)).slice(0, 16) });
}

function podSpec(workload: WorkloadPlan, plan: ApplicationPlan, settings: KubernetesSettings, jobName: JobName): object {
  const { facts } = workload.image;
  const order = startOrderOf(workload, plan, settings, jobName);
  return compact({
    serviceAccountName: workload.id,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // whoever does not end on its signal as process 1 is another one then
    shareProcessNamespace: facts.handlesStopSignal ? undefined : true,
    restartPolicy: isService(workload) ? undefined : 'Never',
    terminationGracePeriodSeconds: grace(workload),
    nodeSelector: facts.architecture && { 'kubernetes.io/arch': facts.architecture },
    affinity: isService(workload) && workload.replicas > 1 ? apart(workload, plan) : undefined,
    imagePullSecrets: filled(settings.pullSecrets.map(name => ({ name }))),
    securityContext: compact({
      // where the user is not known, a kubelet that finds root in the image does not start it
      runAsNonRoot: facts.userId !== 0,
      runAsUser: facts.userId,
      runAsGroup: facts.groupId,
      fsGroup: facts.groupId,
      fsGroupChangePolicy: facts.groupId !== undefined && workload.volumes.length > 0 ? 'OnRootMismatch' : undefined,
      seccompProfile: { type: 'RuntimeDefault' },
    }),
    initContainers: order.initContainer && [order.initContainer],
    containers: [container(workload, plan, settings)],
    volumes: filled([
      ...workload.scratchPaths.map(volume),
      ...sortedUnique(workload.volumes.map(mount => mount.volume)).map(name => ({ name: podVolume('volume', name), persistentVolumeClaim: { claimName: name } })),
      ...sortedUnique(workload.configs.map(({ config }) => config)).map(name => ({ name: podVolume('config', name), configMap: { name } })),
      ...workload.secrets.map(name => ({ name: podVolume('secret', name), secret: { secretName: name } })),
      ...(hasFixedAddressFiles(workload) ? [{ name: FIXED_ADDRESSES, configMap: { name: fixedAddressConfigMap(workload) } }] : []),
      ...order.volumes,
    ]),
  });
}

/** How it waits for what has to be there before it. */
export function startOrderOf(workload: WorkloadPlan, plan: ApplicationPlan, { reference }: KubernetesSettings, jobName: JobName): StartOrder {
  return startOrder(workload, plan, { jobName, reference, securityContext: CONTAINER_SECURITY, resources: resources(workload) });
}

/** What holds the files that it has where addresses never change, by their names. */
export function fixedAddressConfigMap({ id }: WorkloadPlan): string {
  return `${id}.${FIXED_ADDRESSES}`;
}

function hasFixedAddressFiles({ fixedAddressFiles = [] }: WorkloadPlan & Partial<ServicePlan>): boolean {
  return fixedAddressFiles.length > 0;
}

/** Whether others reach its ports through a Service. */
export function isReached(workload: WorkloadPlan): boolean {
  return isService(workload) && workload.image.facts.ports.length > 0;
}

/** The process has its whole grace after the time in which its last requests come in. */
function grace(workload: WorkloadPlan): number | undefined {
  return isReached(workload) ? (workload.stopGraceSeconds ?? USUAL_GRACE_SECONDS) + DRAIN_SECONDS : workload.stopGraceSeconds;
}

/** On different nodes, as long as there are enough. */
function apart(workload: WorkloadPlan, plan: ApplicationPlan): object {
  const podAffinityTerm = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: selectorOf(workload, plan) } };
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] } };
}

function container(workload: WorkloadPlan, plan: ApplicationPlan, { reference }: KubernetesSettings): object {
  const { ports } = workload.image.facts;
  const { healthCheck, fixedAddressFiles } = workload as Partial<ServicePlan>;
  return compact({
    name: workload.id,
    image: reference(workload.image),
    command: workload.entrypoint?.map(literal),
    args: filled(workload.command?.map(literal) ?? []),
    env: filled(environment(workload, plan)),
    ports: filled(ports.map(port => ({ name: portName(port), containerPort: port }))),
    securityContext: CONTAINER_SECURITY,
    ...(isService(workload) && healthCheck ? probes(healthCheck) : {}),
    lifecycle: isReached(workload) ? { preStop: { sleep: { seconds: DRAIN_SECONDS } } } : undefined,
    resources: resources(workload),
    volumeMounts: filled([
      ...workload.scratchPaths.map(writable => ({ name: volumeName(writable), mountPath: writable.path })),
      ...workload.volumes.map(mount => compact({ name: podVolume('volume', mount.volume), mountPath: mount.path, readOnly: mount.readOnly || undefined })),
      ...workload.configs.map(({ config, path }) => ({ name: podVolume('config', config), mountPath: path, subPath: config, readOnly: true })),
      ...workload.secrets.map(name => ({ name: podVolume('secret', name), mountPath: `/run/secrets/${name}`, subPath: name, readOnly: true })),
      ...(fixedAddressFiles ?? []).map(({ path }) => ({ name: FIXED_ADDRESSES, mountPath: path, subPath: posix.basename(path), readOnly: true })),
    ]),
  });
}

/** Nobody is asked when this is applied: what has no default is in a ConfigMap of whoever deploys. */
function environment({ environment: texts, deployerEnvironment }: WorkloadPlan, plan: ApplicationPlan): object[] {
  const given = Object.entries(deployerEnvironment).map(([name, { variable, defaultValue }]) => defaultValue === undefined
    ? { name, valueFrom: { configMapKeyRef: { name: deployerConfigMap(plan), key: variable } } }
    : literalVariable(name, defaultValue));
  return sortedBy([...Object.entries(texts).map(([name, text]) => literalVariable(name, text)), ...given], ({ name }) => name);
}

/** An API server keeps no empty value: what is applied again should be what is there. */
function literalVariable(name: string, text: string): { name: string; value?: string } {
  return text === '' ? { name } : { name, value: literal(text) };
}

/** What whoever deploys says, of all workloads. The name has a dot, which no Config has. */
export function deployerConfigMap({ id }: ApplicationPlan): string {
  return `${id}.environment`;
}

/** @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
function resources({ resources: amounts = {} }: WorkloadPlan): object | undefined {
  const { cpuReservation, cpuLimit, memoryReservationMebibytes, memoryLimitMebibytes } = amounts;
  const entry = (cpu?: number, memory?: number) => filledRecord({ cpu: cpu && cpuQuantity(cpu), memory: memory && sizeQuantity(memory) });
  return filledRecord({ requests: entry(cpuReservation, memoryReservationMebibytes), limits: entry(cpuLimit, memoryLimitMebibytes) });
}

/** Memory, as the tmpfs of other targets. */
function volume(writable: WritablePath): object {
  const sizeLimit = writable.sizeMebibytes === undefined ? undefined : sizeQuantity(writable.sizeMebibytes);
  return { name: volumeName(writable), emptyDir: compact({ medium: 'Memory', sizeLimit }) };
}

/** `/home/nonroot` as `home-nonroot`: names are DNS labels. */
function volumeName({ path }: WritablePath): string {
  const name = path.slice(1).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  // another path of the same letters, or too long
  const own = `/${name.replace(/-/g, '/')}` === path && !/^(volume|config|secret|start-order|fixed-addresses)(-|$)/.test(name);
  return own ? fitted(name, path) : shortened(name || 'root', path);
}
