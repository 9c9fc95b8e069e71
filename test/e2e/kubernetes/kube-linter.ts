/**
 * The checks that kube-linter has on by default, as its documentation and source describe them. The program itself cannot be installed everywhere that
 * these tests run; where a check leaves room, this is stricter (containers that initialize count too, `allowPrivilegeEscalation` has to be there).
 *
 * @see https://github.com/stackrox/kube-linter/blob/main/internal/defaultchecks/default_checks.go
 * @see https://github.com/stackrox/kube-linter/blob/main/docs/generated/checks.md
 */
import { type KubernetesObject, podTemplate } from './manifests';
import type { ObjectFinding } from '../linters/tools';

/**
 * Beginning of an annotation that acknowledges; its value is the reason.
 *
 * @see https://github.com/stackrox/kube-linter/blob/main/docs/configuring-kubelinter.md
 */
export const KUBE_LINTER_ANNOTATION = 'ignore-check.kube-linter.io/';

/** What is wrong with an object, beside all others of its file. */
type Rule = (object: KubernetesObject, all: readonly KubernetesObject[]) => boolean;

const podSpec = (object: KubernetesObject) => podTemplate(object)?.spec;
const containers = (object: KubernetesObject): any[] => [...podSpec(object)?.initContainers ?? [], ...podSpec(object)?.containers ?? []];
const volumes = (object: KubernetesObject): any[] => podSpec(object)?.volumes ?? [];
const labels = (object: KubernetesObject): Record<string, string> => podTemplate(object)?.metadata?.labels ?? {};
const selects = (selector: object, of: Record<string, string>) => Object.entries(selector).every(([name, value]) => of[name] === value);
const inContainers = (wrong: (container: any) => boolean): Rule => object => containers(object).some(wrong);
const inPod = (wrong: (spec: any) => boolean): Rule => object => podSpec(object) !== undefined && wrong(podSpec(object));
const inKind = (kind: string, wrong: Rule): Rule => (object, all) => object.kind === kind && wrong(object, all);
const mounts = (pattern: RegExp): Rule => object => volumes(object).some(({ hostPath }) => hostPath && pattern.test(hostPath.path));
/** Names as RFC 6335 has them. */
const isPortName = (name: unknown) => typeof name !== 'string' || name.length <= 15 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && /[a-z]/.test(name);
const ports = (object: KubernetesObject): any[] => [
  ...containers(object).flatMap(container => container.ports ?? []).map(({ name }) => name),
  ...(object.kind === 'Service' ? object.spec.ports : []).map((port: any) => port.targetPort),
];

/** A probe of a port that the container does not list. */
const probes = (probe: string) => inContainers(container => {
  const port = (container[probe]?.httpGet ?? container[probe]?.tcpSocket ?? container[probe]?.grpc)?.port;
  return port !== undefined && !(container.ports ?? []).some((listed: any) => listed.containerPort === port || listed.name === port);
});

/** Workloads that a disruption budget is about. */
const budgeted = (budget: KubernetesObject, all: readonly KubernetesObject[]) => all.filter(object => (
  podTemplate(object) && object.metadata.namespace === budget.metadata.namespace && selects(budget.spec.selector.matchLabels, labels(object))));
const replicas = (workload: KubernetesObject, all: readonly KubernetesObject[]): number => {
  const scales = ({ kind, name }: { kind: string; name: string }) => kind === workload.kind && name === workload.metadata.name;
  const scaler = all.find(({ kind, spec }) => kind === 'HorizontalPodAutoscaler' && scales(spec.scaleTargetRef));
  return scaler ? scaler.spec.minReplicas ?? 1 : workload.spec.replicas ?? 1;
};
const isApart = (object: KubernetesObject) => {
  const rules = podSpec(object).affinity?.podAntiAffinity ?? {};
  const preferred = (rules.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term: any) => term.podAffinityTerm);
  return [...rules.requiredDuringSchedulingIgnoredDuringExecution ?? [], ...preferred].some(term => (
    term.topologyKey === 'kubernetes.io/hostname' && selects(term.labelSelector?.matchLabels ?? {}, labels(object))));
};
const none = (quantity: unknown) => quantity === undefined || parseFloat(`${quantity}`) === 0;

/** By their names. */
export const KUBE_LINTER_RULES: Readonly<Record<string, Rule>> = {
  'dangling-service': inKind('Service', ({ metadata, spec }, all) => spec.selector !== undefined
    && !all.some(object => podTemplate(object) && object.metadata.namespace === metadata.namespace && selects(spec.selector, labels(object)))),
  'deprecated-service-account-field': inPod(spec => spec.serviceAccount !== undefined),
  'docker-sock': mounts(/docker\.sock$/),
  'drop-net-raw-capability': inContainers(({ securityContext: { capabilities: { drop = [], add = [] } = {} as any } = {} }) => (
    !drop.some((name: string) => ['ALL', 'NET_RAW'].includes(name)) || add.includes('NET_RAW'))),
  'duplicate-env-var': inContainers(({ env = [] }) => new Set(env.map(({ name }: any) => name)).size < env.length),
  'env-var-secret': inContainers(({ env = [] }) => env.some(({ name, value }: any) => /secret/i.test(name) && value)),
  'host-ipc': inPod(spec => spec.hostIPC),
  'host-network': inPod(spec => spec.hostNetwork),
  'host-pid': inPod(spec => spec.hostPID),
  'invalid-target-ports': object => !ports(object).every(isPortName),
  'job-ttl-seconds-after-finished': ({ kind, spec }) => (
    kind === 'Job' && spec.ttlSecondsAfterFinished === undefined || kind === 'CronJob' && spec.jobTemplate.spec.ttlSecondsAfterFinished !== undefined),
  'latest-tag': inContainers(({ image }) => /:latest$|^[^:]*$|\/[^:]+$/.test(image)),
  'liveness-port': probes('livenessProbe'),
  'mismatching-selector': object => podTemplate(object) !== undefined && object.spec.selector !== undefined && !selects(object.spec.selector.matchLabels, labels(object)),
  'no-anti-affinity': object => podTemplate(object) !== undefined && (object.spec.replicas ?? 1) > 1 && !isApart(object),
  'no-extensions-v1beta': ({ apiVersion }) => apiVersion.startsWith('extensions/v1beta'),
  'no-read-only-root-fs': inContainers(({ securityContext }) => securityContext?.readOnlyRootFilesystem !== true),
  'non-existent-service-account': (object, all) => ![undefined, '', 'default'].includes(podSpec(object)?.serviceAccountName)
    && !all.some(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === podSpec(object).serviceAccountName && metadata.namespace === object.metadata.namespace),
  'pdb-max-unavailable': inKind('PodDisruptionBudget', ({ spec }) => ['0', '0%'].includes(`${spec.maxUnavailable}`)),
  'pdb-min-available': inKind('PodDisruptionBudget', (budget, all) => budget.spec.minAvailable === '100%'
    || budgeted(budget, all).some(workload => Number.isInteger(budget.spec.minAvailable) && budget.spec.minAvailable >= replicas(workload, all))),
  'pdb-unhealthy-pod-eviction-policy': inKind('PodDisruptionBudget', ({ spec }) => spec.unhealthyPodEvictionPolicy === undefined),
  'privilege-escalation-container': inContainers(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false
    || securityContext.privileged || (securityContext.capabilities?.add ?? []).includes('SYS_ADMIN')),
  'privileged-container': inContainers(({ securityContext }) => securityContext?.privileged),
  'readiness-port': probes('readinessProbe'),
  'run-as-non-root': inPod(spec => [...spec.initContainers ?? [], ...spec.containers].some(({ securityContext }) => {
    const { runAsNonRoot, runAsUser } = { ...spec.securityContext, ...securityContext };
    return runAsNonRoot !== true || runAsUser === 0;
  })),
  'sensitive-host-mounts': mounts(/^\/(boot|dev|etc|lib|proc|sys|usr)?$/),
  'ssh-port': inContainers(container => (container.ports ?? []).some(({ containerPort, protocol = 'TCP' }: any) => containerPort === 22 && protocol === 'TCP')),
  'startup-port': probes('startupProbe'),
  'unsafe-sysctls': inPod(spec => (spec.securityContext?.sysctls ?? []).some(({ name }: any) => /^(kernel\.(msg|sem|shm)|fs\.mqueue\.|net\.)/.test(name))),
  'unset-cpu-requirements': inContainers(({ resources }) => none(resources?.requests?.cpu)),
  'unset-memory-requirements': inContainers(({ resources }) => none(resources?.limits?.memory)),
};

/** What they find in one file, acknowledged or not. */
export function kubeLinterFindings(all: readonly KubernetesObject[]): ObjectFinding[] {
  return all.flatMap(object => Object.entries(KUBE_LINTER_RULES).filter(([, wrong]) => wrong(object, all)).map(([rule]) => ({ rule, object: `${object.kind} ${object.metadata.name}` })));
}
