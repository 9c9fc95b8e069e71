/** Who waits for whom in a cluster, with what, and who may ask its API. */
import { appWith } from './declare';
import { planApplication } from '../lib/services/plan-application';
import { asksApi, startOrder, startOrderConfigMap, startOrderRoles } from '../lib/targets/kubernetes/start-order';
import { WAIT_FOR_PROGRAM } from '../lib/targets/kubernetes/wait-for';
import {
  Application, Architecture, EnvValue, Job, Network, NginxReverseProxy, Postgres, PythonBase, PythonServer, PythonServiceImage,
  RegistryImage, Route, Secret, Service, type ServiceProps,
} from 'cdk-wheelhouse';

const SETTINGS = {
  jobName: (id: string) => `${id}-1a2b3c4d`,
  reference: ({ id, reference }: { id: string; reference?: string }) => reference ?? `registry.example.com/${id}:1`,
  securityContext: { readOnlyRootFilesystem: true },
  resources: { limits: { memory: '64Mi' } },
};

/** What is declared besides, with a Python image, one without Python, and a database. */
interface Declared {
  readonly application: Application;
  readonly image: PythonServiceImage;
  readonly other: RegistryImage;
  readonly db: Service;
  /** A service of the image without Python. */
  readonly service: (id: string, props?: Partial<ServiceProps>) => Service;
  /** A service of the Python image. */
  readonly python: (id: string, props?: Partial<ServiceProps>) => Service;
}

/** The plan of it, and the start order of its workloads. */
function ordered(declare: (declared: Declared) => void) {
  const { application } = appWith();
  const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  const other = new RegistryImage(application, 'other', { reference: 'example.com/other:1', facts: { ports: [9000, 9001], writablePaths: [] } });
  const service = (id: string, props: Partial<ServiceProps> = {}) => new Service(application, id, { image: other, ...props });
  const python = (id: string, props: Partial<ServiceProps> = {}) => new Service(application, id, { image, ...props });
  declare({ application, image, other, db: new Postgres(application, 'db', { password: new Secret(application, 'password') }), service, python });
  const plan = planApplication(application);
  const workload = (id: string) => [...plan.services, ...plan.jobs].find(one => one.id === id)!;
  const order = (id: string) => startOrder(workload(id), plan, SETTINGS) as { initContainer?: any; volumes: any[]; losses: object[] };
  return { plan, workload, order };
}

const WITHOUT = 'no image of theirs has a Python interpreter to wait with, for nodes of its architecture;'
  + ' a container that cannot start without the other is restarted until it can';
const loss = (id: string, why: string) => ({ declared: `start after '${id}'`, instead: `it starts at once: ${why}` });

describe('a workload', () => {
  test('that waits for nobody has nothing for it', () => {
    const { plan, order, workload } = ordered(({ python }) => python('api'));
    expect(order('api')).toEqual({ initContainer: undefined, volumes: [], losses: [] });
    expect(asksApi(workload('api'), plan)).toBe(false);
    expect(startOrderConfigMap(plan, plan.services)).toEqual([]);
  });

  test('asks for services by their ports, with its own interpreter, as hardened as its process', () => {
    const { plan, order, workload } = ordered(({ python, service, db }) => python('api', { dependsOn: [service('cache'), db] }));
    expect(order('api')).toEqual({
      initContainer: {
        name: 'start-order',
        image: 'registry.example.com/image:1',
        command: ['/venv/bin/python', '-IS', '/run/start-order/wait_for.py'],
        args: ['service:cache:9000', 'service:cache:9001', 'service:db:5432'],
        securityContext: SETTINGS.securityContext,
        resources: SETTINGS.resources,
        volumeMounts: [{ name: 'start-order', mountPath: '/run/start-order', readOnly: true }],
      },
      volumes: [{ name: 'start-order', configMap: { name: 'shop.start-order' } }],
      losses: [],
    });
    expect(asksApi(workload('api'), plan)).toBe(false);
    expect(startOrderConfigMap(plan, plan.services)).toEqual([{ name: 'shop.start-order', data: { 'wait_for.py': WAIT_FOR_PROGRAM } }]);
  });

  test('asks for jobs by the names of their objects, after the services, as an account that only the container that waits has', () => {
    const { plan, order, workload } = ordered(({ application, image, python, db }) => {
      const migrate = new Job(application, 'a-migration', { image: image.process('migrating', PythonServer.module('app')), dependsOn: [db] });
      python('api', { dependsOn: [migrate, db] });
    });
    const { initContainer, volumes } = order('api');
    expect(initContainer.args).toEqual(['service:db:5432', 'job:a-migration-1a2b3c4d']);
    expect(initContainer.volumeMounts[1]).toEqual({ name: 'start-order-account', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true });
    expect(volumes[1]).toEqual({
      name: 'start-order-account',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
        ],
      },
    });
    expect(asksApi(workload('api'), plan)).toBe(true);
    expect(order('a-migration').initContainer.args).toEqual(['service:db:5432']);
    expect(asksApi(workload('a-migration'), plan)).toBe(false);
  });

  test('without an interpreter waits with the image of one that it waits for', () => {
    const { order } = ordered(({ service, python, db }) => service('front', { dependsOn: [db, python('api')] }));
    expect(order('front')).toMatchObject({ initContainer: { image: 'registry.example.com/image:1', args: ['service:api:8000', 'service:db:5432'] }, losses: [] });
  });

  test('does not wait with an image for nodes of another architecture', () => {
    const { order } = ordered(({ application, python }) => {
      const facts = { ports: [], writablePaths: [], architecture: Architecture.ARM64 };
      new Service(application, 'front', { image: new RegistryImage(application, 'arm', { reference: 'example.com/arm:1', facts }), dependsOn: [python('api')] });
    });
    expect(order('front')).toEqual({ volumes: [], losses: [loss('api', WITHOUT)] });
  });

  test('without any interpreter starts at once, which is said', () => {
    const { plan, order, workload } = ordered(({ application, other, service, db }) => {
      const job = new Job(application, 'load', { image: other, dependsOn: [db] });
      service('front', { dependsOn: [job] });
    });
    const why = WITHOUT;
    expect(order('front')).toEqual({ volumes: [], losses: [loss('load', why)] });
    expect(order('load')).toEqual({ volumes: [], losses: [loss('db', why)] });
    expect(asksApi(workload('front'), plan)).toBe(false);
    expect(startOrderRoles(workload('load'), plan, SETTINGS.jobName)).toEqual([]);
    expect(startOrderConfigMap(plan, plan.services)).toEqual([]);
  });

  test('that is called as the container is has another one', () => {
    const { order } = ordered(({ python, db }) => python('start-order', { dependsOn: [db] }));
    expect(order('start-order').initContainer.name).toBe('start-order-first');
  });

  test('waits for those that it can see, and says whom it cannot', () => {
    const { order } = ordered(({ application, image, python, db }) => {
      const worker = python('worker', { image: image.process('working', PythonServer.celeryWorker('app')) });
      const far = python('far', { networks: [new Network(application, 'back')] });
      const nightly = new Job(application, 'nightly', { image, schedule: '0 3 * * *' });
      python('api', { dependsOn: [worker, far, nightly, python('debug', { profiles: ['debug'] }), db] });
    });
    expect(order('api')).toMatchObject({
      initContainer: { args: ['service:db:5432'] },
      losses: [
        loss('debug', "'debug' is not started with it"),
        loss('far', "it has no network in common with 'far' on which to ask; give it one"),
        loss('nightly', "'nightly' is not started with it"),
        loss('worker', "'worker' listens on no port by which to tell that it is there"),
      ],
    });
  });

  test('does not wait for a service that is left out of the plan', () => {
    const { plan, workload } = ordered(({ python, db }) => python('api', { dependsOn: [db] }));
    const without = { ...plan, services: plan.services.filter(({ id }) => id !== 'db') };
    expect(startOrder(workload('api'), without, SETTINGS)).toEqual({ volumes: [], losses: [loss('db', "'db' is not started with it")] });
  });
});

test('a proxy does not wait for the services of its routes: it would at every start, and its other routes with it', () => {
  const { order } = ordered(({ application, python }) => new NginxReverseProxy(application, 'web', {
    routes: [Route.prefix('/', python('api')), Route.prefix('/admin/', python('admin'))],
  }));
  expect(order('web')).toEqual({
    volumes: [],
    losses: ['admin', 'api'].map(id => loss(id, `its other routes would wait with it whenever it starts; requests for '${id}' are answered with 502 until that is ready`)),
  });
});

describe('the right to ask', () => {
  test('is for one job, of those who wait for it', () => {
    const { plan, workload } = ordered(({ application, image, python, service, db }) => {
      const migrate = new Job(application, 'migrate', { image, dependsOn: [db] });
      python('worker', { dependsOn: [migrate] });
      service('front', { dependsOn: [migrate, new Job(application, 'other-job', { image, environment: { A: EnvValue.deployer('A') } })] });
      python('api', { dependsOn: [migrate] });
      python('idle', { dependsOn: [db] });
    });
    expect(startOrderRoles(workload('migrate'), plan, SETTINGS.jobName, 'migrate-1a2b3c4d')).toEqual([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        rules: [{ apiGroups: ['batch'], resources: ['jobs'], resourceNames: ['migrate-1a2b3c4d'], verbs: ['get'] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'migrate-1a2b3c4d' },
        subjects: ['api', 'front', 'worker'].map(name => ({ kind: 'ServiceAccount', name })),
      },
    ]);
    expect(startOrderRoles(workload('other-job'), plan, SETTINGS.jobName)).toMatchObject([{}, { subjects: [{ name: 'front' }] }]);
  });

  test('is for nobody where nobody waits', () => {
    const { plan, workload } = ordered(({ application, image, python, db }) => {
      new Job(application, 'alone', { image });
      python('api', { dependsOn: [db] });
    });
    expect(startOrderRoles(workload('alone'), plan, SETTINGS.jobName)).toEqual([]);
    expect(startOrderRoles(workload('db'), plan, SETTINGS.jobName)).toEqual([]);
  });
});
