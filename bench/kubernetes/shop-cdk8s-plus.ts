/** The same objects by hand in cdk8s-plus, for the same images. Its lines are counted. */
import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import {
  Capability, ConfigMap, Cpu, Deployment, DeploymentStrategy, EmptyDirMedium, EnvValue, FsGroupChangePolicy, ImagePullPolicy, Ingress, IngressBackend, Job,
  Namespace, Namespaces, NetworkPolicy, NetworkPolicyIpBlock, NetworkPolicyPort, NetworkPolicyTrafficDefault, PersistentVolumeAccessMode,
  PersistentVolumeClaim, Pods, Probe, RestartPolicy, Role, SeccompProfileType, Secret, ServiceAccount, Volume, type ContainerProps, type Workload,
} from 'cdk8s-plus-34';
import { WAIT_FOR_PROGRAM } from '../../lib/targets/kubernetes/wait-for';

const REGISTRY = 'registry.example.com/shop';
const API_IMAGE = `${REGISTRY}/api-image:1663c1019fea`;
const WEB_IMAGE = `${REGISTRY}/web-image:0a12844dc511`;
const RELEASE = '1663c1019fea';
const PYTHON = '/venv/bin/python';
const LAUNCH = [PYTHON, '-IS', '/launch.py', PYTHON];
const DATABASE = { WHEELHOUSE_URL_DATABASE_URL: EnvValue.fromValue('postgresql+psycopg://shop:{/run/secrets/db-password}@db:5432/shop') };

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
  const metadata = { name: 'shop', labels: Object.fromEntries(['enforce', 'warn', 'audit'].map(mode => [`pod-security.kubernetes.io/${mode}`, 'restricted'])) };
  const namespace = new Namespace(chart, 'namespace', { metadata });
  ApiObject.of(namespace).addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  networkPolicies(chart);
  const program = new ConfigMap(chart, 'start-order', { metadata: { name: 'start-order' }, data: { 'wait_for.py': WAIT_FOR_PROGRAM } });

  const database = serve(chart, 'db', 5432, podOf(chart, 'db', {
    image: 'postgres:18',
    user: 999,
    graceSeconds: 95,
    container: {
      envVariables: {
        POSTGRES_DB: EnvValue.fromValue('shop'),
        POSTGRES_USER: EnvValue.fromValue('shop'),
        POSTGRES_PASSWORD_FILE: EnvValue.fromValue('/run/secrets/db-password'),
      },
      ...probes(options => Probe.fromCommand(['pg_isready', '--quiet', '--host=127.0.0.1', '--username=shop', '--dbname=shop'], options), 60),
    },
    writable: ['/var/run/postgresql'],
    secrets: ['db-password'],
    data: { claim: 'db-data', path: '/var/lib/postgresql' },
  }));
  drainFirst(database);

  const python = { image: API_IMAGE, writable: ['/tmp', '/home/nonroot'], graceSeconds: 35 };
  const migratePod = podOf(chart, 'migrate', {
    ...python, container: { command: [...LAUNCH, '-m', 'shop.migrate'], envVariables: DATABASE }, secrets: ['db-password'],
  });
  const jobMetadata = { ...migratePod.metadata, name: `migrate-${RELEASE}` };
  const migrate = new Job(chart, 'migrate', { ...migratePod, metadata: jobMetadata, restartPolicy: RestartPolicy.NEVER, backoffLimit: 0 });
  startAfter(migrate, program, ['service:db:5432']);
  const role = new Role(chart, 'migrate-role', { metadata: { name: migrate.name } });
  role.allowGet(migrate);

  const http = (path: string, port: number) => probes(options => Probe.fromHttpGet(path, { port, ...options }), 30);
  const api = serve(chart, 'api', 8000, podOf(chart, 'api', {
    ...python,
    graceSeconds: 40,
    container: { envVariables: { ...DATABASE, WHEELHOUSE_FILE_RECEIPT_KEY: EnvValue.fromValue('/run/secrets/receipt-key') }, ...http('/healthz', 8000) },
    secrets: ['db-password', 'receipt-key'],
  }));
  drainFirst(api);
  const alive = [...LAUNCH, '-c', "import os, time; assert time.time() - os.path.getmtime('/tmp/alive') < 60"];
  const worker = (name: string, data?: PodSettings['data']) => new Deployment(chart, name, {
    ...podOf(chart, name, {
      ...python,
      container: { command: [...LAUNCH, '-m', `shop.${name}`], envVariables: DATABASE, ...probes(options => Probe.fromCommand(alive, options), 30) },
      secrets: ['db-password'],
      data,
    }),
    replicas: 1,
    strategy: data && DeploymentStrategy.recreate(),
  });
  const waiting = [api, worker('mailer', { claim: 'mails', path: '/var/spool/shop' }), worker('reporter')];
  for (const workload of waiting) startAfter(workload, program, ['service:db:5432', `job:${migrate.name}`], true);
  role.bind(...waiting.map(({ serviceAccount }) => serviceAccount as ServiceAccount));

  const webSettings = { image: WEB_IMAGE, graceSeconds: 70, container: http('/nginx-health', 8080), writable: ['/tmp'] };
  const web = serve(chart, 'web', 8080, podOf(chart, 'web', webSettings));
  drainFirst(web);
  const backend = IngressBackend.fromService(web.exposeViaService({ name: 'web', ports: [{ name: 'http', port: 8080, targetPort: 8080 }] }));
  new Ingress(chart, 'ingress', { metadata: { name: 'web' }, rules: [{ path: '/', backend }] });
  const published = new NetworkPolicy(chart, 'published-web', { metadata: { name: 'published-web' }, selector: web });
  published.addIngressRule(NetworkPolicyIpBlock.anyIpv4(chart, 'visitors-ipv4'), [NetworkPolicyPort.tcp(8080)]);
  published.addIngressRule(NetworkPolicyIpBlock.anyIpv6(chart, 'visitors-ipv6'), [NetworkPolicyPort.tcp(8080)]);
}
