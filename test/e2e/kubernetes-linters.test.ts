/** What checkov, kube-score and the default checks of kube-linter say of the Kubernetes objects that we write, at their default settings. */
import { join } from 'node:path';
import { folder } from '../declare';
import { run } from './engine';
import { describeWithJudges, program } from './kubernetes/judges';
import { KUBE_LINTER_ANNOTATION, KUBE_LINTER_RULES, kubeLinterFindings } from './kubernetes/kube-linter';
import { declared, type KubernetesObject, manifests, podTemplate, written } from './kubernetes/manifests';
import { type ObjectFinding, type Tools, toolsOrNothing } from './linters/tools';

const CHECKOV_ANNOTATION = 'checkov.io/skip';
/** What it says of a workload with nothing but privileges. */
const SEEN_BY_CHECKOV = [
  'CKV2_K8S_6', 'CKV_K8S_11', 'CKV_K8S_13', 'CKV_K8S_14', 'CKV_K8S_16', 'CKV_K8S_19', 'CKV_K8S_20', 'CKV_K8S_21', 'CKV_K8S_22', 'CKV_K8S_23',
  'CKV_K8S_28', 'CKV_K8S_29', 'CKV_K8S_31', 'CKV_K8S_37', 'CKV_K8S_38', 'CKV_K8S_40', 'CKV_K8S_43', 'CKV_K8S_8', 'CKV_K8S_9',
];
const TOOLS = toolsOrNothing();
const MANIFESTS = manifests();
const labels = { app: 'a' };
const securityContext = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 10001, capabilities: { drop: ['ALL'] } };

/** What an annotation acknowledges, and why; nothing when it is about something else. */
type Reading = (name: string, value: string) => { readonly rule: string; readonly reason: string } | undefined;

const byKubeLinter: Reading = (name, reason) => (
  name.startsWith(KUBE_LINTER_ANNOTATION) ? { rule: name.slice(KUBE_LINTER_ANNOTATION.length), reason } : undefined);
const byCheckov: Reading = (name, value) => {
  const [rule, ...reason] = value.split('=');
  return name.startsWith(CHECKOV_ANNOTATION) ? { rule, reason: reason.join('=') } : undefined;
};

/**
 * What is found in objects that have to acknowledge it and do not, and what is acknowledged and found in none of them.
 * A reason is a sentence.
 */
function unexplained(findings: readonly ObjectFinding[], objects: readonly KubernetesObject[], read: Reading): string[] {
  const acknowledged = objects.flatMap(object => Object.entries(object.metadata.annotations ?? {})
    .flatMap(([name, value]) => read(name, value) ?? []).map(entry => ({ ...entry, object: `${object.kind} ${object.metadata.name}` })));
  for (const { reason } of acknowledged) expect(reason).toMatch(/\w+ \w+ \w+/);
  return [
    ...findings.filter(({ rule, object }) => !acknowledged.some(entry => entry.rule === rule && entry.object === object)).map(({ rule, object }) => `${rule} in ${object}`),
    ...acknowledged.filter(({ rule }) => !findings.some(finding => finding.rule === rule)).map(({ rule, object }) => `${rule} is acknowledged in ${object}, and nowhere found`),
  ];
}

/** A finding of kube-score that stays: where, and why. */
interface Accepted {
  readonly rule: RegExp;
  readonly where: (object: KubernetesObject) => boolean;
  readonly reason: string;
}

const isRunOnce = ({ kind, spec }: KubernetesObject) => ['Deployment', 'StatefulSet'].includes(kind) && (spec.replicas ?? 1) === 1;
const ACCEPTED: readonly Accepted[] = [
  {
    rule: /^container-image-pull-policy$/,
    where: object => podTemplate(object) !== undefined,
    reason: 'The tag of an image is the hash of its content; a node that has it need not ask the registry at each start.',
  },
  {
    rule: /^container-ephemeral-storage-request-and-limit$/,
    where: object => podTemplate(object) !== undefined,
    reason: 'Root file systems are read-only and scratch paths are in memory: a process leaves next to nothing on its node.',
  },
  {
    rule: /^pod-probes-identical$/,
    where: object => podTemplate(object) !== undefined,
    reason: 'A service has one health check; its own liveness probe is what it takes to be restarted when it hangs.',
  },
  {
    rule: /^container-security-context-user-group-id$/,
    where: ({ metadata }) => ['db', 'broker'].includes(metadata.name),
    reason: 'The user is that of the official image, which owns the data.',
  },
  {
    rule: /^statefulset-has-servicename$/,
    where: ({ kind }) => kind === 'StatefulSet',
    reason: 'It wants a Service without an address, for names of single pods; here there is one pod, and it is reached through its Service.',
  },
  {
    rule: /^(deployment|statefulset)-(has-poddisruptionbudget|has-host-podantiaffinity|replicas)$/,
    where: isRunOnce,
    reason: 'One replica is declared: a budget would keep its node from being emptied, and there is nothing to keep it apart from.',
  },
];

/** What kube-score says of one object; 10 is the best grade. */
interface Score {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string };
  readonly checks: readonly { readonly check: { readonly id: string }; readonly grade: number; readonly skipped: boolean }[];
}

/** What kube-score says at its default settings, warnings too. */
function kubeScore(objects: readonly object[]): ObjectFinding[] {
  const file = join(folder({ 'kubernetes.yaml': written(objects) }), 'kubernetes.yaml');
  const scores = JSON.parse(run(program('kube-score'), ['score', '--output-format', 'json', file]).stdout) as readonly Score[] | null;
  if (!scores) throw new Error('kube-score judged nothing');
  return scores.flatMap(({ type_meta: { kind }, object_meta: { name }, checks }) => (
    checks.filter(({ grade, skipped }) => !skipped && grade < 10).map(({ check }) => ({ rule: check.id, object: `${kind} ${name}` }))));
}

/** The same objects, acknowledging nothing. */
const bare = (objects: readonly KubernetesObject[]) => (
  objects.map(object => ({ ...object, metadata: { ...object.metadata, annotations: undefined } })));

/** A workload without a fault, and its objects. */
function deployment(pod: object = {}, container: object = {}, more: object = {}): KubernetesObject {
  const first = { name: 'a', image: 'registry.example.com/a:1', securityContext, resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } }, ...container };
  const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { ...pod, containers: [first] } }, ...more };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', namespace: 'n' }, spec };
}
const hardened = (changes: object) => deployment({}, { securityContext: { ...securityContext, ...changes } });
const hostPath = (path: string) => [deployment({ volumes: [{ name: 'v', hostPath: { path } }] })];
const probe = (name: string) => [deployment({}, { ports: [{ name: 'http', containerPort: 80 }], [name]: { httpGet: { port: 81 } } })];
const budget = (spec: object) => [deployment(), {
  apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'a', namespace: 'n' }, spec: { selector: { matchLabels: labels }, unhealthyPodEvictionPolicy: 'AlwaysAllow', ...spec },
}];

/** For each check of kube-linter, objects that only it has something against. */
const BREAKS: Record<string, readonly KubernetesObject[]> = {
  'dangling-service': [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'n' }, spec: { selector: labels, ports: [] } }],
  'deprecated-service-account-field': [deployment({ serviceAccount: 'default' })],
  'docker-sock': hostPath('/var/run/docker.sock'),
  'drop-net-raw-capability': [hardened({ capabilities: { drop: ['CHOWN'] } })],
  'duplicate-env-var': [deployment({}, { env: [{ name: 'A', value: '1' }, { name: 'A', value: '2' }] })],
  'env-var-secret': [deployment({}, { env: [{ name: 'SECRET_KEY', value: 'hunter2' }] })],
  'host-ipc': [deployment({ hostIPC: true })],
  'host-network': [deployment({ hostNetwork: true })],
  'host-pid': [deployment({ hostPID: true })],
  'invalid-target-ports': [deployment({}, { ports: [{ name: 'a-name-that-is-too-long', containerPort: 80 }] })],
  'job-ttl-seconds-after-finished': [{ ...deployment({}, {}, { selector: undefined }), kind: 'Job' }],
  'latest-tag': [deployment({}, { image: 'registry.example.com/a:latest' })],
  'liveness-port': probe('livenessProbe'),
  'mismatching-selector': [deployment({}, {}, { selector: { matchLabels: { app: 'b' } } })],
  'no-anti-affinity': [deployment({}, {}, { replicas: 2 })],
  'no-extensions-v1beta': [{ ...deployment(), apiVersion: 'extensions/v1beta1' }],
  'no-read-only-root-fs': [hardened({ readOnlyRootFilesystem: false })],
  'non-existent-service-account': [deployment({ serviceAccountName: 'nobody' })],
  'pdb-max-unavailable': budget({ maxUnavailable: 0 }),
  'pdb-min-available': budget({ minAvailable: 1 }),
  'pdb-unhealthy-pod-eviction-policy': budget({ maxUnavailable: 1, unhealthyPodEvictionPolicy: undefined }),
  'privilege-escalation-container': [hardened({ allowPrivilegeEscalation: true })],
  'privileged-container': [hardened({ privileged: true })],
  'readiness-port': probe('readinessProbe'),
  'run-as-non-root': [hardened({ runAsNonRoot: false })],
  'sensitive-host-mounts': hostPath('/etc'),
  'ssh-port': [deployment({}, { ports: [{ containerPort: 22 }] })],
  'startup-port': probe('startupProbe'),
  'unsafe-sysctls': [deployment({ securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1024' }] } })],
  'unset-cpu-requirements': [deployment({}, { resources: { limits: { memory: '1Gi' } } })],
  'unset-memory-requirements': [deployment({}, { resources: { requests: { cpu: '1' } } })],
};
/** A privileged container may gain privileges too. */
const AND_ALSO: Record<string, string[]> = { 'privileged-container': ['privilege-escalation-container'] };

test('every example that declares Kubernetes is judged', () => {
  expect(MANIFESTS.map(({ example }) => example)).toEqual(declared());
  expect(declared().length).toBeGreaterThan(1);
});

describe('the default checks of kube-linter', () => {
  test.each(MANIFESTS)('find nothing in $example that is not acknowledged, nor an acknowledgement of nothing', ({ objects }) => {
    expect(unexplained(kubeLinterFindings(objects), objects, byKubeLinter)).toEqual([]);
  });

  test('find nothing in what is in order', () => {
    const podAffinityTerm = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } };
    const apart = { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm }] } };
    expect(kubeLinterFindings([deployment({ affinity: apart }, {}, { replicas: 2 }), ...budget({ minAvailable: 1 }).slice(1)])).toEqual([]);
  });

  test.each(Object.entries(BREAKS))('see what breaks %s', (rule, objects) => {
    expect(kubeLinterFindings(objects).map(finding => finding.rule).sort()).toEqual([rule, ...AND_ALSO[rule] ?? []].sort());
  });

  test('are all shown', () => expect(Object.keys(BREAKS)).toEqual(Object.keys(KUBE_LINTER_RULES)));
});

describeWithJudges('kube-score', () => {
  const accepts = ({ rule, object }: ObjectFinding, objects: readonly KubernetesObject[]) => ACCEPTED.filter(entry => (
    entry.rule.test(rule) && objects.some(judged => `${judged.kind} ${judged.metadata.name}` === object && entry.where(judged))));

  test.each(MANIFESTS)('finds nothing in $example that is not accepted', ({ objects }) => {
    const findings = kubeScore(objects);
    expect(findings.filter(finding => accepts(finding, objects).length === 0)).toEqual([]);
  });

  test('is not asked to overlook what it does not find', () => {
    const used = MANIFESTS.flatMap(({ objects }) => kubeScore(objects).flatMap(finding => accepts(finding, objects)));
    expect(ACCEPTED.filter(entry => !used.includes(entry))).toEqual([]);
  });

  test('sees a soft workload', () => {
    expect(kubeScore([deployment({}, { image: 'a:latest', securityContext: { privileged: true }, resources: {} })]).map(({ rule }) => rule)).toEqual(expect.arrayContaining([
      'container-image-tag', 'container-resources', 'container-security-context-privileged', 'container-security-context-readonlyrootfilesystem', 'pod-networkpolicy',
    ]));
  });
});

(TOOLS ? describe : describe.skip)('checkov', () => {
  const { checkovKubernetes } = TOOLS ?? {} as Tools;

  test('finds nothing in any example', () => {
    expect(checkovKubernetes(written(MANIFESTS.flatMap(({ objects }) => objects)))).toEqual([]);
  });

  test.each(MANIFESTS)('finds nothing in $example that is not acknowledged, nor an acknowledgement of nothing', ({ objects }) => {
    expect(unexplained(checkovKubernetes(written(bare(objects))), objects, byCheckov)).toEqual([]);
  });

  test('sees a soft workload', () => {
    const container = { image: 'a:latest', securityContext: { privileged: true }, resources: {} };
    const soft = { ...deployment({ hostNetwork: true }, container), metadata: { name: 'a' } };
    const rules = checkovKubernetes(written([soft])).map(({ rule }) => rule);
    expect(rules.sort()).toEqual(SEEN_BY_CHECKOV);
  });
});
