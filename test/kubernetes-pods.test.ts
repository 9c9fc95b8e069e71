/** Pods and what makes them: each property and fact that becomes a field. */
import { Construct } from 'constructs';
import { cluster, clusterOf, imageOf, serviceOf } from './cluster';
import {
  Application, Architecture, Config, EnvValue, HealthCheck, Job, PythonBase, PythonServer, PythonServiceImage, Secret, Service, Volume, type JobProps,
} from 'cdk-wheelhouse';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const AGES = 'x'.repeat(63);

/** The job `migrate` with these properties. */
function job(props: Partial<JobProps> = {}, id = 'migrate') {
  return cluster(application => new Job(application, id, { image: imageOf(application, { ports: [] }), ...props }));
}

describe('the pods of a service', () => {
  test('are all of this and no more', () => {
    const { workload } = clusterOf();
    const own = { 'app.kubernetes.io/name': 'api', 'app.kubernetes.io/part-of': 'shop' };
    const labels = { ...own, 'app.kubernetes.io/managed-by': 'cdk-wheelhouse' };
    expect(workload()).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'api', namespace: 'shop', labels },
      spec: {
        selector: { matchLabels: own },
        template: {
          metadata: { labels: { ...labels, 'network.cdk-wheelhouse/default': 'member' } },
          spec: {
            serviceAccountName: 'api',
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 35,
            securityContext: { runAsNonRoot: true, runAsUser: 999, runAsGroup: 999, fsGroup: 999, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [{
              name: 'api',
              image: 'example.com/api-image:1',
              ports: [{ name: 'tcp-8000', containerPort: 8000 }],
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
              lifecycle: { preStop: { sleep: { seconds: 5 } } },
            }],
          },
        },
      },
    });
  });

  test('are for the cluster an account of their own, without a token', () => {
    const { all, pod } = cluster(application => [serviceOf(application, 'api'), new Job(application, 'migrate', { image: imageOf(application) })]);
    expect(all('ServiceAccount').map(({ metadata, automountServiceAccountToken }) => [metadata.name, automountServiceAccountToken])).toEqual([['api', false], ['migrate', false]]);
    expect([pod('api'), pod('migrate')].map(({ serviceAccountName }) => serviceAccountName)).toEqual(['api', 'migrate']);
  });

  test('share their processes where one may not end on its signal as process 1', () => {
    expect(clusterOf({}, { handlesStopSignal: false }).pod().shareProcessNamespace).toBe(true);
    expect(clusterOf({}, { handlesStopSignal: true }).pod()).not.toHaveProperty('shareProcessNamespace');
  });

  test('run on nodes of the architecture of their image', () => {
    const nodes = (architecture?: Architecture) => clusterOf(application => ({
      image: new PythonServiceImage(application, 'python', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), architecture }),
    })).pod().nodeSelector;
    expect([nodes(Architecture.ARM64), nodes()]).toEqual([{ 'kubernetes.io/arch': 'arm64' }, undefined]);
  });

  test('that answer requests go on for a moment when they end, and then have their whole grace', () => {
    const grace = (stopGraceSeconds?: number, ports = [8000]) => {
      const { pod, container } = clusterOf({ stopGraceSeconds }, { ports });
      return [pod().terminationGracePeriodSeconds, container().lifecycle?.preStop.sleep.seconds];
    };
    expect([grace(), grace(1), grace(90)]).toEqual([[35, 5], [6, 5], [95, 5]]);
    expect([grace(90, []), grace(undefined, [])]).toEqual([[90, undefined], [undefined, undefined]]);
  });

  test('are on different nodes and taken from them one by one where there are two or more', () => {
    const { pod, one } = clusterOf({ replicas: 2 });
    const matchLabels = { 'app.kubernetes.io/name': 'api', 'app.kubernetes.io/part-of': 'shop' };
    expect(pod().affinity.podAntiAffinity).toEqual({
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels } } }],
    });
    expect(one('PodDisruptionBudget').spec).toEqual({ maxUnavailable: 1, selector: { matchLabels }, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    const alone = clusterOf({ replicas: 1 });
    expect([alone.pod().affinity, alone.one('PodDisruptionBudget'), alone.workload().spec.replicas]).toEqual([undefined, undefined, undefined]);
  });

  test('follow their load, and nobody else says how many there are', () => {
    const scaled = (min: number) => clusterOf({ scaling: { min, max: 5, cpuPercent: 60 }, resources: { cpuReservation: 0.5 } });
    const { one, workload, pod } = scaled(2);
    expect(one('HorizontalPodAutoscaler').spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
    });
    expect(workload().spec).not.toHaveProperty('replicas');
    expect(pod()).toHaveProperty('affinity');
    expect([scaled(1).one('PodDisruptionBudget'), scaled(1).pod().affinity]).toEqual([undefined, undefined]);
  });

  test('have annotations of labels, and none of those that are no names of annotations', () => {
    const { template, lost } = clusterOf({ labels: { 'com.example/team': 'shop', 'empty': '', 'a..b/c': '1', 'a/b/c': '1' } });
    expect(template().metadata.annotations).toEqual({ 'com.example/team': 'shop', 'empty': '' });
    expect(lost()).toEqual(["label 'a..b/c': none: its name is no name of an annotation", "label 'a/b/c': none: its name is no name of an annotation"]);
    expect(clusterOf({ labels: {} }).template().metadata).not.toHaveProperty('annotations');
  });
});

describe('a container', () => {
  test('is given what whoever deploys says, or its default', () => {
    const { container, lost } = clusterOf({ environment: { SITE: EnvValue.deployer('OF_SITE'), LEVEL: EnvValue.deployer('LEVEL', { defaultValue: '$(X)' }), A: '' } });
    expect(container().env).toEqual([
      { name: 'A' }, { name: 'LEVEL', value: '$$(X)' }, { name: 'SITE', valueFrom: { configMapKeyRef: { name: 'shop.environment', key: 'OF_SITE' } } },
    ]);
    expect(lost('shop')).toEqual(["OF_SITE of whoever deploys: none: run 'kubectl create configmap shop.environment --namespace shop --from-literal=OF_SITE=…'"]);
  });

  test('asks once for each variable of whoever deploys, whoever needs it', () => {
    const { lost } = cluster(application => [
      serviceOf(application, 'api', { environment: { B: EnvValue.deployer('B'), A: EnvValue.deployer('A') } }), serviceOf(application, 'web', { environment: { X: EnvValue.deployer('A') } }),
      serviceOf(application, 'tool', { profiles: ['tools'], environment: { X: EnvValue.deployer('UNUSED') } }),
    ]);
    expect(lost('shop')).toEqual(["A, B of whoever deploys: none: run 'kubectl create configmap shop.environment --namespace shop --from-literal=A=… --from-literal=B=…'"]);
  });

  test('has no text that Kubernetes reads as a variable', () => {
    const { container } = clusterOf({ command: ['$(A)', '$B', '$$'], environment: { A: '$(B)' }, healthCheck: HealthCheck.command(['x', '$(A)']) });
    expect([container().args, container().env[0].value, container().readinessProbe.exec.command]).toEqual([['$$(A)', '$B', '$$$$'], '$$(B)', ['x', '$$(A)']]);
  });

  test('of another process of its image is started as that, without arguments where it has none', () => {
    const started = (args?: string[]) => clusterOf(application => {
      const image = new PythonServiceImage(application, 'python', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
      return { image: image.process('other', PythonServer.module('app', { args })) };
    }).container();
    expect(started(['$(A)'])).toMatchObject({ command: ['/venv/bin/python', '-m', 'app'], args: ['$$(A)'] });
    expect(started()).not.toHaveProperty('args');
  });

  test('is looked at every second while it starts, then as was said', () => {
    const { container } = clusterOf({ healthCheck: HealthCheck.http(8000, '/up', { host: 'shop.example.com', intervalSeconds: 7, timeoutSeconds: 2, retries: 4, startPeriodSeconds: 50 }) });
    const handler = { httpGet: { path: '/up', port: 8000, httpHeaders: [{ name: 'Host', value: 'shop.example.com' }] } };
    const usual = { ...handler, periodSeconds: 7, timeoutSeconds: 2, failureThreshold: 4 };
    const { startupProbe, readinessProbe, livenessProbe } = container();
    expect(startupProbe).toEqual({ ...handler, periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 50 });
    expect([readinessProbe, livenessProbe]).toEqual([usual, usual]);
    const quick = clusterOf({ healthCheck: HealthCheck.tcp(8000, { retries: 4, startPeriodSeconds: 0 }) }).container();
    expect(quick.startupProbe).toMatchObject({ tcpSocket: { port: 8000 }, failureThreshold: 4 });
    expect(clusterOf().container()).not.toHaveProperty('readinessProbe');
  });

  test('has its secrets and configs at their paths, the same config at two of them', () => {
    const { container, pod, all } = clusterOf(application => {
      const config = new Config(application, 'settings', { text: 'a: yes\n' });
      const secrets = ['b', 'a'].map(id => new Secret(application, id));
      return { secrets, configs: [{ config, path: '/etc/two' }, { config, path: '/etc/one' }], environment: { A_FILE: EnvValue.secretFile(secrets[1]) } };
    });
    expect(container().volumeMounts).toEqual([
      { name: 'config-settings', mountPath: '/etc/one', subPath: 'settings', readOnly: true }, { name: 'config-settings', mountPath: '/etc/two', subPath: 'settings', readOnly: true },
      { name: 'secret-a', mountPath: '/run/secrets/a', subPath: 'a', readOnly: true }, { name: 'secret-b', mountPath: '/run/secrets/b', subPath: 'b', readOnly: true },
    ]);
    expect(pod().volumes).toEqual([
      { name: 'config-settings', configMap: { name: 'settings' } }, { name: 'secret-a', secret: { secretName: 'a' } }, { name: 'secret-b', secret: { secretName: 'b' } },
    ]);
    expect(all('ConfigMap').map(({ metadata, data }) => [metadata.name, data])).toEqual([['settings', { settings: 'a: yes\n' }]]);
  });

  test('is started again with the text of its configs', () => {
    const configured = (text: string) => clusterOf(application => ({ configs: [{ config: new Config(application, 'c', { text }), path: '/c' }] }));
    const annotation = (text: string) => configured(text).template().metadata.annotations;
    expect(annotation('a')).toEqual({ 'cdk-wheelhouse/configs': expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(annotation('b')).not.toEqual(annotation('a'));
  });

  test('keeps apart directories, volumes, configs and secrets that would be called the same', () => {
    const { pod, container } = clusterOf(application => {
      const volumes = ['a', 'a-b'].map((id, at) => ({ volume: new Volume(application, id), path: `/v${at}`, readOnly: true }));
      const config = new Config(new Construct(application, 'configs'), 'a', { text: '' });
      const other = new Construct(application, 'secrets');
      return { volumes, configs: [{ config, path: '/etc/a' }], secrets: [new Secret(other, 'a'), new Secret(other, AGES)] };
    }, { writablePaths: ['/a/b', '/a-b', '/A/b', '/volume/a', '/config/a', '/secret/a', '/start/order', `/${'long/'.repeat(20)}x`, '/_'].map(path => ({ path })) });
    const names: string[] = pod().volumes.map(({ name }: { name: string }) => name);
    expect(new Set(names).size).toBe(14);
    expect(names.filter(name => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))).toEqual([]);
    expect(container().volumeMounts.map(({ name }: { name: string }) => name).filter((name: string) => !names.includes(name))).toEqual([]);
  });
});

describe('an image', () => {
  const python = (application: Application) => new Service(application, 'api', {
    image: new PythonServiceImage(application, 'python', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') }),
  });

  test('is named by registry, id and content, or by the digest that was pushed', () => {
    expect(cluster(python, { registry: 'localhost:5000' }).container().image).toMatch(/^localhost:5000\/python:[0-9a-f]{12}$/);
    const { container } = cluster(python, { registry: 'registry.example.com/shop', digests: { python: DIGEST } });
    expect(container().image).toMatch(new RegExp(`^registry\\.example\\.com/shop/python:[0-9a-f]{12}@${DIGEST}$`));
  });

  test('of somebody else keeps its name, with another digest if there is one', () => {
    const named = (digests: Record<string, string>) => cluster(application => serviceOf(application), { digests }).container().image;
    expect([named({}), named({ 'api-image': DIGEST })]).toEqual(['example.com/api-image:1', `example.com/api-image:1@${DIGEST}`]);
  });

  test('is pulled with the Secrets that are named, each once', () => {
    expect(cluster(application => serviceOf(application), { pullSecrets: ['b', 'a', 'b'] }).pod().imagePullSecrets).toEqual([{ name: 'b' }, { name: 'a' }]);
    expect(cluster(application => serviceOf(application)).pod()).not.toHaveProperty('imagePullSecrets');
  });
});

describe('a job', () => {
  test('is a Job that is tried as often as was said, and never by the kubelet itself', () => {
    const { workload, pod, container } = job({ retries: 3 });
    expect(workload('migrate').spec).toMatchObject({ backoffLimit: 3, template: { spec: { restartPolicy: 'Never' } } });
    expect(job().workload('migrate').spec.backoffLimit).toBe(0);
    expect(pod('migrate')).not.toHaveProperty('terminationGracePeriodSeconds');
    expect(container('migrate')).not.toHaveProperty('lifecycle');
  });

  test('is another Job when its pods change, and the same one otherwise', () => {
    const name = (...given: Parameters<typeof job>) => job(...given).names('Job')[0];
    expect(name()).toMatch(/^migrate-[0-9a-f]{8}$/);
    expect(name()).toBe(name());
    expect(new Set([name(), name({ retries: 1 }), name({ command: ['a'] }), name({ environment: { A: '1' } }), name({ environment: { A: '2' } }), name({ labels: { a: 'b' } })]).size).toBe(6);
    const [short, long] = ['a'.repeat(63), `${'b'.repeat(53)}-${'b'.repeat(9)}`].map(id => name({}, id));
    expect([short, long]).toEqual([expect.stringMatching(/^a{54}-[0-9a-f]{8}$/), expect.stringMatching(/^b{53}-[0-9a-f]{8}$/)]);
  });

  test('is another Job when one that it waits for is, and so is what waits for it', () => {
    const chain = (retries: number) => cluster(application => {
      const image = imageOf(application, { interpreter: '/usr/bin/python3' });
      const first = new Job(application, 'first', { image, retries });
      const second = new Job(application, 'second', { image, dependsOn: [first] });
      return new Service(application, 'api', { image, dependsOn: [second] });
    });
    const [one, two] = [chain(0), chain(1)];
    expect(one.names('Job').filter(name => two.names('Job').includes(name))).toEqual([]);
    expect(two.pod('api').initContainers[0].args).toEqual([`job:${two.names('Job')[1]}`]);
  });

  test('with a schedule is a CronJob that never runs twice at once', () => {
    const { workload, names } = job({ schedule: '*/5 * * * *', retries: 1 });
    expect(names('Job')).toEqual([]);
    expect(workload('migrate').spec).toMatchObject({ schedule: '*/5 * * * *', concurrencyPolicy: 'Forbid', jobTemplate: { spec: { backoffLimit: 1, template: { spec: { restartPolicy: 'Never' } } } } });
  });

  test('with a schedule has a name of 52 characters at most', () => {
    const name = (id: string) => job({ schedule: '0 3 * * *' }, id).names('CronJob')[0];
    expect([name('a'.repeat(52)), name('a'.repeat(53))]).toEqual(['a'.repeat(52), expect.stringMatching(/^a{43}-[0-9a-f]{8}$/)]);
    expect(name('a'.repeat(53))).not.toBe(name('a'.repeat(54)));
  });
});
