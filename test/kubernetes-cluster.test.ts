/** What is around the pods: the namespace, who reaches whom, where data is kept, and settings of the file. */
import { cluster, clusterOf, imageOf, proxied, serviceOf } from './cluster';
import {
  BaseImage, Checks, Job, KubernetesExposure, MultiStageBuild, Network, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route,
  Service, Stage, Volume, type ServiceProps,
} from 'cdk-wheelhouse';

const DATA = { writablePaths: [{ path: '/data', data: true }] };
const LONG = 'a'.repeat(63);

const plain = proxied(api => [Route.prefix('/', api)]);

describe('the namespace', () => {
  const level = (userId: number | undefined) => cluster(application => {
    const image = new MultiStageBuild(application, 'image');
    const stage = new Stage(image, 'one', { base: BaseImage.fromReference('example.com/base:1') });
    if (userId !== undefined) stage.user(userId, userId);
    const job = new Job(application, 'job', { image });
    if (userId === 0) Checks.acknowledge(job, 'ROOT_USER', 'it mounts file systems');
  }).one('Namespace', 'shop').metadata.labels;

  test('has the level that refuses whatever is softer than its pods', () => {
    const labels = (enforce: string) => ({
      'app.kubernetes.io/part-of': 'shop',
      'app.kubernetes.io/managed-by': 'cdk-wheelhouse',
      'pod-security.kubernetes.io/enforce': enforce,
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/audit': 'restricted',
    });
    expect([level(999), level(undefined), level(0)]).toEqual([labels('restricted'), labels('restricted'), labels('baseline')]);
  });

  test('holds all other objects, under the name that is wanted', () => {
    const { objects } = cluster(plain, { namespace: '0-team' });
    expect(objects[0].metadata).toMatchObject({ name: '0-team' });
    expect(objects[0].metadata).not.toHaveProperty('namespace');
    expect([...new Set(objects.slice(1).map(({ metadata }) => metadata.namespace))]).toEqual(['0-team']);
  });
});

describe('network policies', () => {
  const member = (name: string) => ({ podSelector: { matchLabels: { [`network.cdk-wheelhouse/${name}`]: 'member' } } });
  const of = (id: string) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/name': id, 'app.kubernetes.io/part-of': 'shop' } } });
  const outside = { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }] };

  test('let nobody reach anybody, and all ask for names', () => {
    const { one, names } = clusterOf();
    expect(one('NetworkPolicy', 'default-deny').spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(one('NetworkPolicy', 'dns').spec).toEqual({
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{
        to: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } },
          { ipBlock: { cidr: '169.254.20.10/32' } },
        ],
        ports: [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }],
      }],
    });
    expect(names('NetworkPolicy')).toEqual(['default-deny', 'dns', 'network-default']);
  });

  test('let the members of a network reach each other, and the outside if it is not internal', () => {
    const { one, template, names } = cluster(application => {
      const [front, back] = [new Network(application, 'front'), new Network(application, 'back', { internal: true })];
      serviceOf(application, 'api', { networks: [front, back] });
      serviceOf(application, 'db', { networks: [back] });
      serviceOf(application, 'tool', { networks: [new Network(application, 'unused')], profiles: ['tools'] });
    });
    const policyTypes = ['Ingress', 'Egress'];
    expect(one('NetworkPolicy', 'network-front').spec).toEqual({ ...member('front'), policyTypes, ingress: [{ from: [member('front')] }], egress: [{ to: [member('front')] }, outside] });
    expect(one('NetworkPolicy', 'network-back').spec).toEqual({ ...member('back'), policyTypes, ingress: [{ from: [member('back')] }], egress: [{ to: [member('back')] }] });
    const joined = (id: string) => Object.keys(template(id).metadata.labels).filter(name => name.startsWith('network.'));
    expect([joined('api'), joined('db')]).toEqual([['network.cdk-wheelhouse/back', 'network.cdk-wheelhouse/front'], ['network.cdk-wheelhouse/back']]);
    expect(names('NetworkPolicy')).toHaveLength(4);
  });

  test('let anybody reach published ports, and no others', () => {
    const { one, names } = cluster(plain);
    expect(one('NetworkPolicy', 'published-web').spec).toEqual({ ...of('web'), policyTypes: ['Ingress'], ingress: [{ ports: [{ protocol: 'TCP', port: 8080 }] }] });
    expect(names('NetworkPolicy').filter(name => name.startsWith('published-'))).toEqual(['published-web']);
  });

  test('let the Ingress in place of a proxy reach the services of its routes', () => {
    const declare = proxied((api, other) => [Route.prefix('/', api), Route.prefix('/a/', other, { port: 9000 }), Route.prefix('/b/', other, { port: 8000 }), Route.exact('/c', api)]);
    const { one, names } = cluster(declare, web => ({ exposures: [KubernetesExposure.ingressInsteadOf(web)] }));
    const ports = (id: string) => one('NetworkPolicy', `published-${id}`).spec.ingress[0].ports.map(({ port }: { port: number }) => port);
    expect([ports('api'), ports('other')]).toEqual([[8000], [8000, 9000]]);
    expect(names('NetworkPolicy')).not.toContain('published-web');
  });

  test('let those reach the API that ask it for a job, and nobody else', () => {
    const { one } = cluster(application => {
      const image = imageOf(application, { interpreter: '/usr/bin/python3' });
      const networks = [new Network(application, 'back', { internal: true })];
      const db = new Service(application, 'db', { image, networks });
      const migrate = new Job(application, 'migrate', { image, networks, dependsOn: [db] });
      new Service(application, 'api', { image, networks, dependsOn: [migrate] });
      new Service(application, 'cache', { image, networks, dependsOn: [db] });
    });
    const { egress, ...rest } = one('NetworkPolicy', 'start-order').spec;
    expect(rest).toEqual({ podSelector: { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: ['api'] }] }, policyTypes: ['Egress'] });
    expect(egress[0].ports).toEqual(expect.arrayContaining([443, 6443].map(port => ({ protocol: 'TCP', port }))));
  });
});

describe('a volume', () => {
  const mounting = (ids: string[], settings: Partial<ServiceProps> = {}, sizeGibibytes?: number) => cluster(application => {
    const volume = new Volume(application, 'media', { sizeGibibytes });
    for (const id of ids) serviceOf(application, id, { volumes: [{ volume, path: '/data' }], resources: { cpuReservation: 1 }, ...settings }, DATA);
  }, { storageClass: sizeGibibytes ? 'fast.example.com' : undefined });

  test('is a claim of its size, of the class that was named', () => {
    expect(mounting(['api']).one('PersistentVolumeClaim', 'media').spec).toEqual({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } });
    expect(mounting(['api'], {}, 20).one('PersistentVolumeClaim', 'media').spec)
      .toEqual({ accessModes: ['ReadWriteOnce'], storageClassName: 'fast.example.com', resources: { requests: { storage: '20Gi' } } });
  });

  test('of several pods is one that several nodes may write to, which is said', () => {
    for (const { one, lost } of [mounting(['api', 'web']), mounting(['api'], { replicas: 2 }), mounting(['api'], { scaling: { min: 1, max: 2 } })]) {
      expect(one('PersistentVolumeClaim', 'media').spec.accessModes).toEqual(['ReadWriteMany']);
      expect(lost('shop/media')).toEqual(["volume 'media' of several containers: a claim with ReadWriteMany: name a StorageClass that has it, with 'storageClass', where the default has not"]);
    }
    expect(mounting(['api']).lost('shop/media')).toEqual([]);
  });

  test('that is written to makes a StatefulSet of its service, so that two pods never write at once', () => {
    const kind = (readOnly: boolean, ports = [8000]) => clusterOf(application => (
      { volumes: [{ volume: new Volume(application, 'v'), path: '/data', readOnly }] }), { ...DATA, ports });
    expect([kind(false).workload().kind, kind(true).workload().kind, clusterOf().workload().kind]).toEqual(['StatefulSet', 'Deployment', 'Deployment']);
    expect([kind(false).workload().spec.serviceName, kind(false, []).workload().spec.serviceName]).toEqual(['api', undefined]);
    expect([kind(false).pod().securityContext.fsGroupChangePolicy, clusterOf().pod().securityContext.fsGroupChangePolicy]).toEqual(['OnRootMismatch', undefined]);
    const ofNoGroup = clusterOf(application => ({ volumes: [{ volume: new Volume(application, 'v'), path: '/data' }] }), { ...DATA, groupId: undefined });
    expect(ofNoGroup.pod().securityContext).toEqual({ runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: 'RuntimeDefault' } });
  });

  test('that only a service on demand has is left out', () => {
    const { names, lost } = clusterOf(application => ({ profiles: ['tools'], volumes: [{ volume: new Volume(application, 'v'), path: '/data' }] }), DATA);
    expect(names('PersistentVolumeClaim')).toEqual([]);
    expect(lost()).toEqual(['start on demand (profile tools): left out: Kubernetes starts all that there is']);
  });

  test('has a StatefulSet of 52 characters at most, as the names of its revisions are longer', () => {
    const { workload, one, names, pod } = cluster(application => {
      serviceOf(application, LONG, { volumes: [{ volume: new Volume(application, 'v'), path: '/data' }], scaling: { min: 2, max: 3 }, resources: { cpuReservation: 1 } }, DATA);
    });
    expect(workload(LONG).metadata.name).toMatch(/^a{43}-[0-9a-f]{8}$/);
    expect(one('HorizontalPodAutoscaler', LONG).spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'StatefulSet', name: workload(LONG).metadata.name });
    expect([names('Service'), workload(LONG).spec.serviceName, pod(LONG).containers[0].name]).toEqual([[LONG], LONG, LONG]);
    expect(cluster(application => serviceOf(application, LONG)).workload(LONG).metadata.name).toBe(LONG);
  });
});

describe('settings of the file', () => {
  test('are annotations of what makes pods, and of nothing else', () => {
    const annotations = { 'b.example.com/why': 'yes', 'a': '1: 2' };
    const { all, objects } = cluster(application => {
      plain(application);
      new Job(application, 'once', { image: imageOf(application) });
      new Job(application, 'nightly', { image: imageOf(application, {}, 'other-image-2'), schedule: '0 3 * * *' });
    }, { annotations });
    const makers = all('Deployment', 'StatefulSet', 'Job', 'CronJob');
    expect(makers.map(({ metadata }) => metadata.annotations)).toEqual(Array(5).fill(annotations));
    expect(objects.filter(({ metadata }) => metadata.annotations)).toEqual(makers);
  });

  test('are a kustomization beside it, if it is wanted', () => {
    const kustomization = (wanted?: boolean) => cluster(plain, { kustomization: wanted }).files['shop/kustomization.yaml'];
    expect(kustomization(true)).toBe('# Written by cdk-wheelhouse: change the declaration, not this file.\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [kubernetes.yaml]\n');
    expect(kustomization()).toBeUndefined();
  });
});

test('images of a PythonServiceImage and of a proxy are in the registry', () => {
  const { container } = cluster(application => {
    const image = new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
    new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', new Service(application, 'api', { image }))], publish: 8080 });
  });
  expect([container('api').image, container('web').image]).toEqual([expect.stringMatching(/^registry\.example\.com\/api-image:\w{12}$/), expect.stringMatching(/^registry\.example\.com\/web-image:\w{12}$/)]);
});
