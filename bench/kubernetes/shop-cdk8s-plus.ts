/** The same objects by hand in cdk8s-plus, for the same images. Its lines are counted. */
import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import {
  Capability, ConfigMap, Cpu, Deployment, DeploymentStrategy, EmptyDirMedium, EnvValue, FsGroupChangePolicy, ImagePullPolicy, Ingress,
  IngressBackend, Job, k8s, Namespace, Namespaces, NetworkPolicy, NetworkPolicyIpBlock, NetworkPolicyPort, NetworkPolicyTrafficDefault,
  PersistentVolumeAccessMode, PersistentVolumeClaim, Pods, Probe, RestartPolicy, Role, SeccompProfileType, Secret, Service, ServiceAccount, Volume,
  type ContainerProps, type ProbeOptions, type Workload,
} from 'cdk8s-plus-34';
import { WAIT_FOR_PROGRAM } from '../../lib/targets/kubernetes/wait-for';

const RELEASE = '1663c1019fea';
const API_IMAGE = `registry.example.com/shop/api-image:${RELEASE}`;
const PYTHON = '/venv/bin/python';
const LAUNCH = [PYTHON, '-IS', '/launch.py', PYTHON];
const DATABASE = { WHEELHOUSE_URL_DATABASE_URL: EnvValue.fromValue('postgresql+psycopg://shop:{/run/secrets/db-password}@db:5432/shop') };
const HARDENED = {
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  capabilities: { drop: [Capability.ALL] },
  seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT },
};
const RESOURCES = {
  cpu: { request: Cpu.millis(100), limit: Cpu.units(1) },
  memory: { request: Size.mebibytes(128), limit: Size.mebibytes(512) },
};

/** What pods differ in. */
interface PodSettings {
  readonly image: string;
  readonly user?: number;
  readonly graceSeconds: number;
  readonly container: Partial<ContainerProps>;
  readonly writable: string[];
  readonly secrets?: string[];
  readonly data?: { readonly claim: string; readonly path: string };
}

export function shopByHand(chart: Chart): void {
  declareNamespace(chart);
  const program = new ConfigMap(chart, 'start-order', { metadata: { name: 'start-order' }, data: { 'wait_for.py': WAIT_FOR_PROGRAM } });

  const postgres = (value: string) => EnvValue.fromValue(value);
  serve(chart, 'db', 5432, {
    image: 'postgres:18',
    user: 999,
    graceSeconds: 95,
    container: {
      envVariables: { POSTGRES_DB: postgres('shop'), POSTGRES_USER: postgres('shop'), POSTGRES_PASSWORD_FILE: postgres('/run/secrets/db-password') },
      ...probes(60, options => Probe.fromCommand(['pg_isready', '--quiet', '--host=127.0.0.1', '--username=shop', '--dbname=shop'], options)),
    },
    writable: ['/var/run/postgresql'],
    secrets: ['db-password'],
    data: { claim: 'db-data', path: '/var/lib/postgresql' },
  });

  const python = { image: API_IMAGE, writable: ['/tmp', '/home/nonroot'], secrets: ['db-password'] };
  const migratePod = podOf(chart, 'migrate', {
    ...python, graceSeconds: 35, container: { command: [...LAUNCH, '-m', 'shop.migrate'], envVariables: DATABASE },
  });
  const migrate = new Job(chart, 'migrate', {
    ...migratePod, metadata: { name: `migrate-${RELEASE}` }, restartPolicy: RestartPolicy.NEVER, backoffLimit: 0,
  });
  startAfter(migrate, program, ['service:db:5432']);

  const { deployment: api } = serve(chart, 'api', 8000, {
    ...python,
    graceSeconds: 40,
    container: {
      envVariables: { ...DATABASE, WHEELHOUSE_FILE_RECEIPT_KEY: EnvValue.fromValue('/run/secrets/receipt-key') },
      ...probes(30, options => Probe.fromHttpGet('/healthz', { port: 8000, ...options })),
    },
    secrets: ['db-password', 'receipt-key'],
  });
  const alive = [...LAUNCH, '-c', "import os, time; assert time.time() - os.path.getmtime('/tmp/alive') < 60"];
  const worker = (name: string, data?: PodSettings['data']) => deploy(chart, name, {
    ...python,
    graceSeconds: 35,
    container: {
      command: [...LAUNCH, '-m', `shop.${name}`], envVariables: DATABASE, ...probes(30, options => Probe.fromCommand(alive, options)),
    },
    data,
  });
  const waiting = [api, worker('mailer', { claim: 'mails', path: '/var/spool/shop' }), worker('reporter')];
  for (const workload of waiting) startAfter(workload, program, ['service:db:5432', `job:${migrate.name}`]);
  reachApi(chart, waiting.map(({ name }) => name));
  const role = new Role(chart, 'migrate-role', { metadata: { name: migrate.name } });
  role.allowGet(migrate);
  role.bind(...waiting.map(({ serviceAccount }) => serviceAccount as ServiceAccount));

  const { deployment: web, service } = serve(chart, 'web', 8080, {
    image: 'registry.example.com/shop/web-image:0a12844dc511',
    graceSeconds: 70,
    container: probes(30, options => Probe.fromHttpGet('/nginx-health', { port: 8080, ...options })),
    writable: ['/tmp'],
  });
  new Ingress(chart, 'ingress', { metadata: { name: 'web' }, rules: [{ path: '/', backend: IngressBackend.fromService(service) }] });
  const published = new NetworkPolicy(chart, 'published-web', { metadata: { name: 'published-web' }, selector: web });
  published.addIngressRule(NetworkPolicyIpBlock.anyIpv4(chart, 'visitors-ipv4'), [NetworkPolicyPort.tcp(8080)]);
  published.addIngressRule(NetworkPolicyIpBlock.anyIpv6(chart, 'visitors-ipv6'), [NetworkPolicyPort.tcp(8080)]);
}

function declareNamespace(chart: Chart): void {
  const restricted = Object.fromEntries(['enforce', 'warn', 'audit'].map(mode => [`pod-security.kubernetes.io/${mode}`, 'restricted']));
  const namespace = new Namespace(chart, 'namespace', { metadata: { name: 'shop', labels: restricted } });
  ApiObject.of(namespace).addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  const deny = { default: NetworkPolicyTrafficDefault.DENY };
  new NetworkPolicy(chart, 'default-deny', { metadata: { name: 'default-deny' }, ingress: deny, egress: deny });
  const dns = new NetworkPolicy(chart, 'dns', { metadata: { name: 'dns' }, egress: deny });
  const ports = [NetworkPolicyPort.udp(53), NetworkPolicyPort.tcp(53)];
  const namespaces = Namespaces.select(chart, 'kube-system', { names: ['kube-system'] });
  dns.addEgressRule(Pods.select(chart, 'kube-dns', { labels: { 'k8s-app': 'kube-dns' }, namespaces }), ports);
  dns.addEgressRule(NetworkPolicyIpBlock.ipv4(chart, 'node-local-dns', '169.254.20.10/32'), ports);
  const members = Pods.select(chart, 'members', { labels: { network: 'default' } });
  const network = new NetworkPolicy(chart, 'network-default', { metadata: { name: 'network-default' }, selector: members });
  network.addIngressRule(members);
  network.addEgressRule(members);
  network.addEgressRule(NetworkPolicyIpBlock.anyIpv4(chart, 'any-ipv4'));
  network.addEgressRule(NetworkPolicyIpBlock.anyIpv6(chart, 'any-ipv6'));
}

/** One health check as all three probes. */
function probes(startSeconds: number, probe: (options: ProbeOptions) => Probe): Partial<ContainerProps> {
  const timed = (period: number, failureThreshold: number) => probe({
    periodSeconds: Duration.seconds(period), timeoutSeconds: Duration.seconds(3), failureThreshold,
  });
  return { startup: timed(1, startSeconds), readiness: timed(10, 3), liveness: timed(10, 3) };
}

/** What all pods have. */
function podOf(chart: Chart, name: string, settings: PodSettings) {
  const { image, user = 65532, graceSeconds, container, writable, secrets = [], data } = settings;
  const labels = { 'app.kubernetes.io/name': name };
  const mounts = [
    ...writable.map(path => ({
      path, volume: Volume.fromEmptyDir(chart, `${name}${path}`, path.slice(1).replace(/\//g, '-'), { medium: EmptyDirMedium.MEMORY }),
    })),
    ...secrets.map(secret => ({
      path: `/run/secrets/${secret}`,
      subPath: secret,
      readOnly: true,
      volume: Volume.fromSecret(chart, `${name}-${secret}`, Secret.fromSecretName(chart, `${name}-${secret}-name`, secret), { name: secret }),
    })),
    ...data ? [{ path: data.path, volume: Volume.fromPersistentVolumeClaim(chart, `${name}-data`, claimOf(chart, data.claim), { name: 'data' }) }] : [],
  ];
  return {
    metadata: { name, labels },
    podMetadata: { labels: { ...labels, network: 'default' } },
    serviceAccount: new ServiceAccount(chart, `${name}-account`, { metadata: { name, labels }, automountToken: false }),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriod: Duration.seconds(graceSeconds),
    securityContext: { user, group: user, fsGroup: user, fsGroupChangePolicy: FsGroupChangePolicy.ON_ROOT_MISMATCH, ensureNonRoot: true },
    containers: [{
      name,
      image,
      imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
      securityContext: { ...HARDENED, user, group: user, ensureNonRoot: true },
      resources: RESOURCES,
      volumeMounts: mounts,
      ...container,
    }],
  };
}

function claimOf(chart: Chart, name: string): PersistentVolumeClaim {
  return new PersistentVolumeClaim(chart, `${name}-claim`, {
    metadata: { name }, storage: Size.gibibytes(1), accessModes: [PersistentVolumeAccessMode.READ_WRITE_ONCE],
  });
}

function deploy(chart: Chart, name: string, settings: PodSettings): Deployment {
  return new Deployment(chart, name, { ...podOf(chart, name, settings), replicas: 1, strategy: settings.data && DeploymentStrategy.recreate() });
}

/** A deployment that others reach; it ends after the last requests have come in, for which there is an action without a word of its own. */
function serve(chart: Chart, name: string, port: number, settings: PodSettings): { deployment: Deployment; service: Service } {
  const deployment = deploy(chart, name, { ...settings, container: { portNumber: port, ...settings.container } });
  ApiObject.of(deployment).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/lifecycle', { preStop: { sleep: { seconds: 5 } } }));
  return { deployment, service: deployment.exposeViaService({ name, ports: [{ name: 'tcp', port, targetPort: port }] }) };
}

/** No label tells who the API is, and there is no word for a rule without a peer. */
function reachApi(chart: Chart, names: string[]): void {
  const ports = [443, 6443, 8443, 16443].map(port => ({ protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) }));
  const podSelector = { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: names }] };
  new k8s.KubeNetworkPolicy(chart, 'api-server', { metadata: { name: 'start-order' }, spec: { podSelector, policyTypes: ['Egress'], egress: [{ ports }] } });
}

/** A container that waits; it alone has a token, and only when it asks for a job. There is no word for such a volume. */
function startAfter(workload: Workload, program: ConfigMap, awaited: string[]): void {
  const chart = Chart.of(workload);
  workload.addInitContainer({
    name: 'start-order',
    image: API_IMAGE,
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    command: [PYTHON, '-IS', '/run/start-order/wait_for.py'],
    args: awaited,
    securityContext: { ...HARDENED, user: 65532, group: 65532, ensureNonRoot: true },
    resources: RESOURCES,
    volumeMounts: [{
      path: '/run/start-order', readOnly: true, volume: Volume.fromConfigMap(chart, `${workload.node.id}-start-order`, program, { name: 'start-order' }),
    }],
  });
  if (!awaited.some(one => one.startsWith('job:'))) return;
  const sources = [
    { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardApi: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
  ];
  const mount = { name: 'account', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true };
  ApiObject.of(workload).addJsonPatch(
    JsonPatch.add('/spec/template/spec/volumes/-', { name: 'account', projected: { sources } }),
    JsonPatch.add('/spec/template/spec/initContainers/0/volumeMounts/-', mount),
  );
}
