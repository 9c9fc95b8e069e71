/** The `kubernetes.yaml` of every example on a real API server with its controllers and every admission plugin that is on by default. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { declareEverything, FULL_SOURCE } from '../full-application';
import { ApiServer } from './kubernetes/api-server';
import { describeWithJudges } from './kubernetes/judges';
import { declared, type KubernetesObject, type Manifest, manifests, podTemplate, read, written } from './kubernetes/manifests';
import { App, Application } from 'cdk-wheelhouse';

/** Examples that have to be among those that are judged. */
const AT_LEAST = ['django-celery', 'fastapi-postgres', 'fastapi-uv', 'flask-nginx', 'one-declaration'];
/** No image is pulled here: any name does. */
const IMAGE = 'registry.example.com/planted:1';
const HARD = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

/** Pods that `restricted` refuses, by what is soft in them. */
const SOFT: Record<string, { readonly pod?: object; readonly container?: object }> = {
  'runs as root': { container: { securityContext: { ...HARD, runAsNonRoot: false, runAsUser: 0 } } },
  'is privileged': { container: { securityContext: { ...HARD, allowPrivilegeEscalation: undefined, privileged: true } } },
  'may gain privileges': { container: { securityContext: { ...HARD, allowPrivilegeEscalation: true } } },
  'keeps capabilities': { container: { securityContext: { ...HARD, capabilities: undefined } } },
  'has no seccomp profile': { container: { securityContext: { ...HARD, seccompProfile: undefined } } },
  'sees the disk of its node': { pod: { volumes: [{ name: 'host', hostPath: { path: '/' } }] } },
  'is in the network of its node': { pod: { hostNetwork: true } },
};

const pod = (namespace: string, { pod: spec = {}, container = {} }: typeof SOFT[string] = {}) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'planted', namespace }, spec: { ...spec, containers: [{ name: 'planted', image: IMAGE, securityContext: HARD, ...container }] },
});
/** Namespaces that objects of a file are in. */
const namespaces = (objects: readonly KubernetesObject[]) => [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))];
const named = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}`;
/** The same objects elsewhere, as far as a pod needs them to be admitted. */
const moved = (object: KubernetesObject, namespace: string) => ({ ...object, metadata: { ...object.metadata, namespace } });

test('every example that declares Kubernetes is judged', () => {
  expect(declared()).toEqual(expect.arrayContaining(AT_LEAST));
});

describeWithJudges('a Kubernetes API server', () => {
  const server = new ApiServer();
  let judged: readonly Manifest[];

  beforeAll(async () => {
    judged = manifests();
    await server.start();
  });
  afterAll(async () => server.stop());

  test('takes everything that can be declared, what no example has too, by the kustomization.yaml that is written', () => {
    const root = folder(FULL_SOURCE);
    const app = new App({ root });
    declareEverything(new Application(app, 'everything'));
    app.synth();
    const directory = join(root, 'wheelhouse.out/everything');
    const { status, stdout, stderr } = server.kubectl('kustomize', directory);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const names = (objects: readonly KubernetesObject[]) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
    expect(names(read(stdout))).toEqual(names(read(readFileSync(join(directory, 'kubernetes.yaml'), 'utf8'))));
    expect(read(stdout).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ConfigMap', 'CronJob', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']));
    expect(server.kubectl('apply', '--validate=strict', '--kustomize', directory)).toMatchObject({ status: 0, stderr: '' });
    // a second apply changes nothing, and says otherwise of what is patched as a whole: the selector of a PodDisruptionBudget
    expect(server.kubectl('diff', '--kustomize', directory)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const again = server.kubectl('apply', '--validate=strict', '--kustomize', directory);
    expect(again.stdout.trim().split('\n').filter(line => !line.endsWith(' unchanged'))).toEqual(['poddisruptionbudget.policy/worker configured']);
  });

  describe('with objects that are planted', () => {
    let namespace: string;
    beforeAll(async () => {
      namespace = await server.restrictedNamespace('planted');
    });

    test('admits a pod that is hardened', () => expect(server.apply([pod(namespace)], '--dry-run=server')).toMatchObject({ status: 0, stderr: '' }));

    test.each(Object.keys(SOFT))('refuses one that %s', what => {
      const { status, stderr } = server.apply([pod(namespace, SOFT[what])], '--dry-run=server');
      expect(stderr).toContain('violates PodSecurity "restricted:latest"');
      expect(status).toBe(1);
    });

    test('refuses a misspelt field', () => {
      const { status, stderr } = server.apply([pod(namespace, { container: { imagePullPolice: 'Always' } })], '--dry-run=server');
      expect(stderr).toContain('unknown field "spec.containers[0].imagePullPolice"');
      expect(status).toBe(1);
    });

    test('warns of a soft template where a namespace asks for warnings', () => {
      const labels = { 'pod-security.kubernetes.io/warn': 'restricted' };
      server.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'warned', labels } }]);
      const { spec } = pod('warned', SOFT['runs as root']);
      const template = { metadata: { labels: { app: 'a' } }, spec };
      const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', namespace: 'warned' }, spec: { selector: { matchLabels: { app: 'a' } }, template } };
      expect(server.apply([deployment], '--dry-run=server').stderr).toContain('Warning: would violate PodSecurity');
    });
  });

  describe.each(declared())('takes %s', example => {
    const ours = (): Manifest[] => judged.filter(manifest => manifest.example === example);
    const objects = () => ours().flatMap(manifest => manifest.objects);
    const workloads = () => objects().filter(podTemplate);
    const ofKind = (...kinds: string[]) => objects().filter(({ kind }) => kinds.includes(kind));

    test('as one file of workloads in a namespace that it makes', () => {
      expect(ours()).toHaveLength(1);
      expect(workloads().length).toBeGreaterThan(0);
      expect(namespaces(objects())).toEqual([ofKind('Namespace')[0].metadata.name]);
      expect(ofKind('Namespace')[0].metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    });

    test('without an error or a warning', () => {
      const { status, stdout, stderr } = server.apply(ours()[0].file);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const lines = stdout.trim().split('\n');
      expect(lines.filter(line => !line.endsWith(' created'))).toEqual([]);
      expect(lines).toHaveLength(objects().length);
    });

    test('with nothing left to change the second time', () => {
      const { stdout, stderr } = server.apply(ours()[0].file);
      expect(stderr).toBe('');
      expect(stdout.trim().split('\n').filter(line => !line.endsWith(' unchanged'))).toEqual([]);
    });

    test('with every pod admitted by itself, where `restricted` is enforced', async () => {
      const namespace = await server.restrictedNamespace(`restricted-${example}`);
      const accounts = ofKind('ServiceAccount').map(object => moved(object, namespace));
      if (accounts.length > 0) expect(server.apply(accounts)).toMatchObject({ status: 0 });
      const bare = workloads().map(({ kind, metadata, ...rest }) => {
        const { spec } = podTemplate({ kind, metadata, ...rest })!;
        const restartPolicy = spec.restartPolicy ?? 'Always';
        return { apiVersion: 'v1', kind: 'Pod', metadata: { name: `${kind.toLowerCase()}-${metadata.name}`, namespace }, spec: { ...spec, restartPolicy } };
      });
      expect(server.apply(bare, '--dry-run=server')).toMatchObject({ status: 0, stderr: '' });
    });

    test('and its controllers make the pods of every workload', async () => {
      for (const { metadata } of ofKind('CronJob')) {
        server.ask('create', 'job', `${metadata.name}-now`, `--from=cronjob/${metadata.name}`, '--namespace', metadata.namespace!);
      }
      const [namespace] = namespaces(objects());
      await server.untilNone(() => {
        const pods = server.list('pods', namespace);
        return workloads().filter(workload => madeFor(workload, pods).length < (workload.kind === 'Deployment' ? workload.spec.replicas ?? 1 : 1)).map(workload => `${named(workload)} has its pods`);
      });
      // those of an autoscaler, which has no metrics here, are not about our objects
      const complaints = server.list('events', namespace).filter(event => event.type === 'Warning' && event.involvedObject.kind !== 'HorizontalPodAutoscaler');
      expect(complaints.map(({ reason, message, involvedObject }) => `${involvedObject.kind} ${involvedObject.name}: ${reason}: ${message}`)).toEqual([]);
    });

    test('and every rollout and Job comes to its end, every Service finds its pods and their ports', async () => {
      const node = `node-${example}`;
      expect(server.apply([{ apiVersion: 'v1', kind: 'Node', metadata: { name: node } }])).toMatchObject({ status: 0 });
      const [namespace] = namespaces(objects());
      await server.untilNone(() => {
        playKubelet(server, namespace, node);
        const there = server.list('deployments,statefulsets,jobs,services,endpointslices', namespace);
        return ofKind('Deployment', 'StatefulSet', 'Job', 'Service').filter(object => !isDone(there.find(other => named(other) === named(object))!, there)).map(object => `${named(object)} is there`);
      });
    });

    test('and lets its programs ask for no more than their roles say', () => {
      const may = (account: string, namespace: string, verb: string, what: string) => (
        server.kubectl('auth', 'can-i', verb, what, '--namespace', namespace, '--as', `system:serviceaccount:${namespace}:${account}`).stdout.trim());
      for (const { metadata: { name, namespace } } of ofKind('ServiceAccount')) {
        for (const [verb, what] of [['get', 'secrets'], ['create', 'pods'], ['list', 'jobs']]) {
          expect({ name, verb, what, may: may(name, namespace!, verb, what) }).toEqual({ name, verb, what, may: 'no' });
        }
      }
      for (const binding of ofKind('RoleBinding')) {
        const role = ofKind(binding.roleRef.kind).find(({ metadata }) => metadata.name === binding.roleRef.name)!;
        const granted = role.rules.flatMap((rule: any) => rule.verbs.flatMap((verb: string) => rule.resources.flatMap((resource: string) => (
          (rule.resourceNames ?? []).map((name: string) => [verb, `${resource}${rule.apiGroups[0] ? `.${rule.apiGroups[0]}` : ''}/${name}`])))));
        expect(granted.length).toBeGreaterThan(0); // by name: a role without names lets see everything of its kind
        for (const { name } of binding.subjects) {
          for (const [verb, what] of granted) expect({ name, verb, what, may: may(name, binding.metadata.namespace!, verb, what) }).toEqual({ name, verb, what, may: 'yes' });
        }
      }
    });

    test('in another namespace and with another tag, through kustomize', () => {
      const namespace = `staging-${example}`;
      const root = folder({
        'base/kubernetes.yaml': written(objects()),
        'base/kustomization.yaml': written([{ resources: ['kubernetes.yaml'] }]),
        'overlay/kustomization.yaml': written([{ resources: ['../base'], namespace, images: images(objects()).map(name => ({ name, newTag: 'other' })) }]),
      });
      const { status, stdout, stderr } = server.kubectl('kustomize', join(root, 'overlay'));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const overlaid = read(stdout);
      expect(overlaid).toHaveLength(objects().length);
      expect(namespaces(overlaid)).toEqual([namespace]);
      expect(images(overlaid)).toEqual(images(objects()));
      expect(stdout.match(/^ *image: .*(?<!:other)$/gm)).toBeNull();
      expect(server.apply(overlaid)).toMatchObject({ status: 0, stderr: '' });
    });
  });
});

/** Pods that have all labels of a workload's template. */
function madeFor(workload: KubernetesObject, pods: readonly KubernetesObject[]): KubernetesObject[] {
  const labels = Object.entries(podTemplate(workload)!.metadata!.labels!);
  return pods.filter(({ metadata }) => labels.every(([name, value]) => metadata.labels?.[name] === value));
}

/** Does what a node would: takes pods in, gives them addresses, says of those of Jobs that they have succeeded and of the others that they are ready. */
function playKubelet(server: ApiServer, namespace: string, node: string): void {
  const pods = server.list('pods', namespace);
  const taken = pods.filter(({ spec }) => spec.nodeName).length;
  pods.filter(({ spec }) => !spec.nodeName).forEach(({ metadata: { name, labels }, spec }, index) => {
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target: { apiVersion: 'v1', kind: 'Node', name: node } };
    server.ask('create', '--filename', join(folder({ 'binding.yaml': written([binding]) }), 'binding.yaml'));
    const podIP = `10.1.0.${taken + index + 1}`;
    const containerStatuses = spec.containers.map((container: any) => ({ name: container.name, image: container.image, imageID: '', ready: true, restartCount: 0 }));
    const running = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions: [{ type: 'Ready', status: 'True' }], containerStatuses };
    const status = labels?.['batch.kubernetes.io/job-name'] ? { phase: 'Succeeded' } : running;
    server.ask('patch', 'pod', name, '--namespace', namespace, '--subresource=status', '--type=merge', '--patch', JSON.stringify({ status }));
  });
}

/** Whether all pods of a workload are ready, a Job has succeeded, each port of a Service leads to a pod. */
function isDone({ kind, metadata, spec, status }: KubernetesObject, there: readonly KubernetesObject[]): boolean {
  if (kind === 'Job') return status.succeeded === 1;
  if (kind !== 'Service') return status.observedGeneration === metadata.generation && status.availableReplicas === spec.replicas;
  const ports = there.filter(other => other.kind === 'EndpointSlice' && other.endpoints?.length > 0)
    .filter(slice => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name).flatMap(slice => slice.ports ?? []);
  return spec.ports.every(({ name = '' }: { name?: string }) => ports.some(port => (port.name ?? '') === name));
}

/** Names of images without tag and digest, each once. */
function images(objects: readonly KubernetesObject[]): string[] {
  const containers = objects.flatMap(object => podTemplate(object)?.spec ?? []).flatMap(spec => [...spec.initContainers ?? [], ...spec.containers]);
  return [...new Set(containers.map(({ image }) => image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')))].sort();
}
