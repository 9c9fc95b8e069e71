/** What each property of services and jobs becomes in compose.yaml and in kubernetes.yaml, or the loss that says that it does not. */
import { parse, parseAllDocuments } from 'yaml';
import { appWith, filesUnder } from './declare';
import {
  Application, BaseImage, ComposeFile, Config, EnvValue, HealthCheck, Job, KubernetesFile, Mount, MultiStageBuild, Network, PythonBase,
  PythonServer, PythonServiceImage, RegistryImage, Restart, Secret, Service, Stage, Volume, type ImageFacts, type JobProps, type ServiceProps,
} from 'cdk-wheelhouse';

const FACTS: ImageFacts = { userId: 999, groupId: 999, ports: [8000], writablePaths: [], handlesStopSignal: true };

function synthesized(declare: (application: Application) => unknown) {
  const { app, application, outdir } = appWith();
  declare(application);
  new ComposeFile(application, 'compose');
  new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com' });
  const { losses } = app.synth();
  const files = filesUnder(outdir);
  const objects = parseAllDocuments(files['shop/kubernetes.yaml'] ?? '').map(document => document.toJS()).filter(object => object);
  const named = (...kinds: string[]) => objects.find(({ kind, metadata }) => kinds.includes(kind) && metadata.name === 'api');
  const deployment = named('Deployment', 'StatefulSet');
  const pod = deployment?.spec.template.spec;
  const compose = parse(files['shop/compose.yaml']);
  const lost = (target: string, path = 'shop/api') => losses.filter(loss => loss.target === target && loss.path === path).map(({ declared, instead }) => `${declared}: ${instead}`);
  return { files, compose, service: compose.services.api, objects, named, deployment, pod, container: pod?.containers[0], lost };
}

/** The service `api` with these properties, in both targets. */
function service(props: Partial<ServiceProps> | ((application: Application) => Partial<ServiceProps>), facts: Partial<ImageFacts> = {}) {
  return synthesized(application => {
    const given = typeof props === 'function' ? props(application) : props;
    new Service(application, 'api', { ...given, image: given.image ?? new RegistryImage(application, 'image', { reference: 'example.com/api:1', facts: { ...FACTS, ...facts } }) });
  });
}

function job(props: Partial<JobProps>) {
  return synthesized(application => new Job(application, 'api', {
    ...props, image: new RegistryImage(application, 'image', { reference: 'example.com/api:1', facts: { ...FACTS, ports: [] } }),
  }));
}

describe('a service of an image from a registry', () => {
  test('is all of this and no more', () => {
    const { service: printed, container, lost, compose } = service({});
    expect(compose).toEqual({ name: 'shop', services: { api: printed } });
    expect(printed).toEqual({ image: 'example.com/api:1', user: '999:999', read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], restart: 'unless-stopped' });
    expect(container.image).toBe('example.com/api:1');
    expect(lost('compose')).toEqual([]);
    expect(lost('kubernetes')).toEqual([]);
  });

  test('runs as what is known of its user', () => {
    expect(service({}, { userId: 5, groupId: undefined }).service.user).toBe('5');
    expect(service({}, { userId: undefined, groupId: undefined }).service.user).toBeUndefined();
    expect(service({}, { userId: undefined, groupId: undefined }).pod.securityContext.runAsNonRoot).toBe(true);
  });

  test('gets an init where it may not end on its signal', () => {
    const { service: printed, pod } = service({}, { handlesStopSignal: undefined });
    expect([printed.init, pod.shareProcessNamespace]).toEqual([true, true]);
    expect(service({}).pod).not.toHaveProperty('shareProcessNamespace');
  });

  test('lists its ports from the lowest', () => {
    expect(service({}, { ports: [9000, 8000] }).container.ports.map((port: { containerPort: number }) => port.containerPort)).toEqual([8000, 9000]);
  });
});

describe('a property of services', () => {
  test('command', () => {
    const { service: { command }, container: { args } } = service({ command: ['-c', '$x', '$(X) $$', ''] });
    expect(command).toEqual(['-c', '$$x', '$$(X) $$$$', '']);
    expect(args).toEqual(['-c', '$x', '$$(X) $$$$', '']);
  });

  test('environment, with what whoever deploys gives', () => {
    const environment = { C: '$a ${b}', B: EnvValue.deployer('OF_B', { defaultValue: '$x:-y' }), A: EnvValue.deployer('OF_A'), D: EnvValue.deployer('OF_D', { defaultValue: '' }) };
    const { service: printed, container, lost } = service({ environment });
    expect(Object.entries(printed.environment)).toEqual([['A', '${OF_A:?set it where compose runs, or in a file .env}'], ['B', '${OF_B-$$x:-y}'], ['C', '$$a $${b}'], ['D', '${OF_D-}']]);
    expect(container.env).toEqual([
      { name: 'A', valueFrom: { configMapKeyRef: { name: 'shop.environment', key: 'OF_A' } } }, { name: 'B', value: '$x:-y' }, { name: 'C', value: '$a ${b}' }, { name: 'D' },
    ]);
    expect(lost('kubernetes', 'shop')).toEqual(["OF_A of whoever deploys: none: run 'kubectl create configmap shop.environment --namespace shop --from-literal=OF_A=…'"]);
  });

  test('a value that Kubernetes would read as a variable', () => {
    const values = ['$(A)', '$$', '$$(A)', '$', 'a$b', '$($$('].map((value, index): [string, string] => [`V${index}`, value]);
    const { container } = service({ environment: Object.fromEntries(values) });
    expect(container.env.map(({ value }: { value: string }) => expanded(value))).toEqual(values.map(([, value]) => value));
  });

  test('secrets, and those of variables, once each', () => {
    const { service: printed, compose, container, pod, lost } = service(application => {
      const [token, password] = [new Secret(application, 'token'), new Secret(application, 'password', { file: 'local/p' })];
      return { secrets: [token], environment: { A_FILE: EnvValue.secretFile(token), B_FILE: EnvValue.secretFile(password) } };
    });
    expect(printed.secrets).toEqual(['password', 'token']);
    expect(printed.environment).toEqual({ A_FILE: '/run/secrets/token', B_FILE: '/run/secrets/password' });
    expect(compose.secrets).toEqual({ password: { file: '../../local/p' }, token: { file: '../../secrets/token' } });
    expect(container.volumeMounts).toContainEqual({ name: 'secret-token', mountPath: '/run/secrets/token', subPath: 'token', readOnly: true });
    expect(pod.volumes).toContainEqual({ name: 'secret-token', secret: { secretName: 'token' } });
    expect(lost('kubernetes', 'shop/password')).toEqual(["its file 'local/p': none: run 'kubectl create secret generic password --namespace shop --from-file=password=local/p'"]);
  });

  test('volumes, by path', () => {
    const { service: printed, compose, objects, container, pod, lost } = service(application => {
      const volume = new Volume(application, 'tmp');
      return { volumes: [{ volume, path: '/srv/b', readOnly: true }, { volume, path: '/data' }] };
    }, { writablePaths: [{ path: '/tmp' }, { path: '/data' }, { path: '/data/cache' }] });
    expect(printed.volumes).toEqual(['tmp:/data', 'tmp:/srv/b:ro']);
    expect(printed.tmpfs).toEqual(['/tmp:uid=999,gid=999,mode=0700']);
    expect(compose.volumes).toEqual({ tmp: {} });
    expect(container.volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }, { name: 'volume-tmp', mountPath: '/data' }, { name: 'volume-tmp', mountPath: '/srv/b', readOnly: true }]);
    expect(pod.volumes.map(({ name }: { name: string }) => name)).toEqual(['tmp', 'volume-tmp']);
    expect(pod.volumes[1].persistentVolumeClaim).toEqual({ claimName: 'tmp' });
    expect(objects.find(({ kind }) => kind === 'PersistentVolumeClaim').metadata.name).toBe('tmp');
    expect(lost('kubernetes')).toEqual([]);
  });

  test('the size of a volume', () => {
    const asked = ({ objects }: ReturnType<typeof service>) => objects.find(({ kind }) => kind === 'PersistentVolumeClaim').spec.resources;
    const sized = (sizeGibibytes?: number) => service(application => ({ volumes: [{ volume: new Volume(application, 'media', { sizeGibibytes }), path: '/data' }] }), { writablePaths: [{ path: '/data' }] });
    expect(sized(20).compose.volumes).toEqual({ media: {} });
    expect(sized(20).lost('compose', 'shop/media')).toEqual(['room for 20 GiB: what the disk of the engine has left']);
    expect(sized().lost('compose', 'shop/media')).toEqual([]);
    expect([asked(sized(20)), asked(sized())]).toEqual([{ requests: { storage: '20Gi' } }, { requests: { storage: '1Gi' } }]);
  });

  test('writable paths, with owner, mode, size and exec', () => {
    const { service: { tmpfs }, pod, lost } = service({}, { writablePaths: [{ path: '/a', mode: '1777', sizeMebibytes: 5, exec: true }, { path: '/b/c', userId: 1, groupId: 2 }, { path: '/b-c', mode: '0750' }, { path: '/config/x' }] });
    expect(tmpfs).toEqual(['/a:uid=999,gid=999,mode=1777,size=5m,exec', '/b/c:uid=1,gid=2,mode=0700', '/b-c:uid=999,gid=999,mode=0750', '/config/x:uid=999,gid=999,mode=0700']);
    expect(pod.volumes[0]).toEqual({ name: 'a', emptyDir: { medium: 'Memory', sizeLimit: '5Mi' } });
    const names = pod.volumes.map(({ name }: { name: string }) => name);
    expect(new Set(names).size).toBe(4);
    expect(names.slice(1)).toEqual(['b-c', expect.stringMatching(/^b-c-[0-9a-f]{8}$/), expect.stringMatching(/^config-x-[0-9a-f]{8}$/)]);
    expect(lost('kubernetes')).toEqual([
      "owner 1:2 of '/b/c': it belongs to root, and the group of the process may write to it", "mode 0750 of '/b-c': every user of the pod may write to it, and it belongs to the group of the process",
    ]);
  });

  test('configs', () => {
    const { files, service: printed, objects, container, deployment } = service(application => ({ configs: [{ config: new Config(application, 'c'.repeat(63), { text: 'a: $b\n' }), path: '/etc/c' }] }));
    const name = 'c'.repeat(63);
    expect(printed.configs).toEqual([{ source: name, target: '/etc/c' }]);
    expect(files[`shop/configs/${name}`]).toBe('a: $b\n');
    expect(objects.find(({ kind }) => kind === 'ConfigMap')).toMatchObject({ metadata: { name }, data: { [name]: 'a: $b\n' } });
    expect(container.volumeMounts).toEqual([{ name: expect.stringMatching(/^config-c{47}-[0-9a-f]{8}$/), mountPath: '/etc/c', subPath: name, readOnly: true }]);
    expect(deployment.spec.template.metadata.annotations).toEqual(printed.labels);
  });

  test('dependsOn, by what is waited for', () => {
    const { service: printed, pod, lost } = service(application => {
      const image = (id: string, facts: Partial<ImageFacts> = {}) => new RegistryImage(application, `${id}-image`, { reference: 'a:1', facts: { ...FACTS, ...facts } });
      const healthCheck = HealthCheck.tcp(8000);
      return {
        dependsOn: [
          new Service(application, 'silent', { image: image('silent') }),
          new Service(application, 'unasked', { image: image('unasked'), healthCheck }),
          new Service(application, 'healthy', { image: image('healthy', { interpreter: '/usr/bin/python3' }), healthCheck }),
          new Job(application, 'done', { image: image('done') }),
        ],
      };
    });
    expect(printed.depends_on).toEqual({
      done: { condition: 'service_completed_successfully' }, healthy: { condition: 'service_healthy' }, silent: { condition: 'service_started' }, unasked: { condition: 'service_started' },
    });
    expect(pod.initContainers[0].args).toEqual(['service:healthy:8000', 'service:silent:8000', 'service:unasked:8000', expect.stringMatching(/^job:done-[0-9a-f]{8}$/)]);
    expect(lost('kubernetes')).toEqual([]);
    expect(lost('compose', 'shop/unasked')).toEqual(['health check: none: compose runs it inside the container, where this image has no interpreter; services that wait for it wait until it has started']);
  });

  test('healthCheck, of each kind', () => {
    const timings = { intervalSeconds: 61, timeoutSeconds: 2, retries: 5, startPeriodSeconds: 0 };
    const http = service({ healthCheck: HealthCheck.http(8000, '/h', { ...timings, host: 'shop.example.com' }) }, { interpreter: '/usr/bin/python3' });
    expect(http.service.healthcheck).toEqual({ test: ['CMD', '/usr/bin/python3', '-IS', '-c', expect.stringContaining("c.request('GET', '/h', headers={'Host': 'shop.example.com'})")], interval: '1m1s', timeout: '2s', retries: 5, start_period: '0s' });
    expect(http.container.livenessProbe).toEqual({ httpGet: { path: '/h', port: 8000, httpHeaders: [{ name: 'Host', value: 'shop.example.com' }] }, periodSeconds: 61, timeoutSeconds: 2, failureThreshold: 5 });
    expect(http.container.startupProbe).toMatchObject({ periodSeconds: 1, failureThreshold: 5 });
    const tcp = service({ healthCheck: HealthCheck.tcp(8000) }, { interpreter: '/usr/bin/python3' });
    expect(tcp.service.healthcheck.test[4]).toBe("import socket; socket.create_connection(('127.0.0.1', 8000), 3)");
    expect(tcp.container.readinessProbe.tcpSocket).toEqual({ port: 8000 });
    const command = service({ healthCheck: HealthCheck.command(['check', '$x', '$(Y)']) });
    expect(command.service.healthcheck.test).toEqual(['CMD', 'check', '$$x', '$$(Y)']);
    expect(command.container.livenessProbe.exec).toEqual({ command: ['check', '$x', '$$(Y)'] });
  });

  test('publish', () => {
    const { service: printed, named, lost } = service({ publish: 80 });
    expect(printed.ports).toEqual(['80:8000']);
    expect(named('Ingress').spec.rules).toEqual([{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'api', port: { name: 'tcp-8000' } } } }] } }]);
    expect(lost('kubernetes')).toEqual(['published port 80: an Ingress for every host, at the ports of its controller']);
  });

  test('replicas and scaling', () => {
    const three = service({ replicas: 3 });
    expect([three.service.deploy, three.deployment.spec.replicas]).toEqual([{ replicas: 3 }, 3]);
    const scaled = service({ scaling: { min: 2, max: 5 }, resources: { cpuReservation: 1 } });
    expect([scaled.service.deploy.replicas, scaled.deployment.spec.replicas]).toEqual([2, undefined]);
    expect(scaled.named('HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 2, maxReplicas: 5 });
    expect(scaled.lost('compose')).toEqual(['2 to 5 containers: 2, whatever the load']);
    expect(scaled.lost('kubernetes')).toEqual([]);
  });

  test.each([
    [Restart.ALWAYS, 'unless-stopped', []],
    [Restart.ON_FAILURE, 'on-failure', ['restart ON_FAILURE: a container of a Deployment is always started again']],
    [Restart.NEVER, 'no', ['restart NEVER: a container of a Deployment is always started again']],
  ])('restart %s', (restart, text, losses) => {
    const { service: printed, lost } = service({ restart });
    expect(printed.restart).toBe(text);
    expect(lost('kubernetes')).toEqual(losses);
  });

  test('resources', () => {
    const resources = { cpuReservation: 0.29, cpuLimit: 1.001, memoryReservationMebibytes: 6, memoryLimitMebibytes: 7, pidsLimit: 8 };
    const { service: printed, container, lost } = service({ resources });
    expect(printed.deploy).toEqual({ resources: { limits: { cpus: '1.001', memory: '7M', pids: 8 }, reservations: { cpus: '0.29', memory: '6M' } } });
    expect(container.resources).toEqual({ requests: { cpu: '290m', memory: '6Mi' }, limits: { cpu: '1001m', memory: '7Mi' } });
    expect(lost('kubernetes')).toEqual(["at most 8 processes: the node's limit"]);
    expect(service({ resources: {} }).service.deploy).toBeUndefined();
  });

  test('stopGraceSeconds, before that of the image', () => {
    const { service: printed, pod } = service({ stopGraceSeconds: 90 }, { stopGraceSeconds: 5, stopSignal: 'SIGINT' });
    expect([printed.stop_grace_period, printed.stop_signal, pod.terminationGracePeriodSeconds]).toEqual(['1m30s', 'SIGINT', 95]);
    expect(service({}, { stopGraceSeconds: 5 }).service.stop_grace_period).toBe('5s');
  });

  test('logging', () => {
    const { service: printed, lost } = service({ logging: { driver: 'local', options: { 'max-size': '$1' } } });
    expect(printed.logging).toEqual({ driver: 'local', options: { 'max-size': '$$1' } });
    expect(service({ logging: { driver: 'none' } }).service.logging).toEqual({ driver: 'none' });
    expect(lost('kubernetes')).toEqual(["log driver local: the node's"]);
  });

  test('labels', () => {
    const long = `traefik.${'x'.repeat(70)}`;
    const { service: printed, deployment, lost } = service({ labels: { [long]: 'b', 'com.example/a': '$x' } });
    expect(printed.labels).toEqual({ [long]: 'b', 'com.example/a': '$$x' });
    expect(deployment.spec.template.metadata.annotations).toEqual({ 'com.example/a': '$x' });
    expect(lost('kubernetes')).toEqual([`label '${long}': none: its name is no name of an annotation`]);
  });

  test('profiles', () => {
    const { service: printed, objects, lost } = service({ profiles: ['b', 'a', 'b'] });
    expect(printed.profiles).toEqual(['a', 'b']);
    expect(objects.filter(({ metadata }) => metadata.name === 'api')).toEqual([]);
    expect(lost('kubernetes')).toEqual(['start on demand (profile a, b): left out: Kubernetes starts all that there is']);
  });

  test('networks', () => {
    const { service: printed, deployment, lost } = service(application => ({ networks: [new Network(application, 'b'), new Network(application, 'a')] }));
    expect(printed.networks).toEqual(['a', 'b']);
    expect(deployment.spec.template.metadata.labels).toMatchObject({ 'network.cdk-wheelhouse/a': 'member', 'network.cdk-wheelhouse/b': 'member' });
    expect(lost('kubernetes')).toEqual([]);
  });
});

describe('a job', () => {
  test('is a service of compose that is not restarted, and a Job', () => {
    const { service: printed, objects, lost } = job({});
    expect(printed).toMatchObject({ image: 'example.com/api:1', restart: 'no' });
    expect(printed.profiles).toBeUndefined();
    expect(objects.find(({ kind }) => kind === 'Job').spec.template.spec.restartPolicy).toBe('Never');
    expect(lost('kubernetes')).toEqual([]);
  });

  test('is started again as often as it is told', () => {
    const { service: printed, objects } = job({ retries: 3 });
    expect([printed.restart, objects.find(({ kind }) => kind === 'Job').spec.backoffLimit]).toEqual(['on-failure:3', 3]);
  });

  test('with a schedule is left to a clock, which a cluster has', () => {
    const { service: printed, named, lost } = job({ schedule: '0 3 * * *' });
    expect(printed.profiles).toEqual(['scheduled']);
    expect(lost('compose')).toEqual(["a process that runs at '0 3 * * *': started by hand or by a clock of yours: docker compose --profile scheduled run --rm api"]);
    expect(named('CronJob').spec.schedule).toBe('0 3 * * *');
    expect(lost('kubernetes')).toEqual([]);
  });

  test('with profiles is left to whoever asks for it, clock or not', () => {
    for (const schedule of [undefined, '0 3 * * *']) {
      const { service: printed, objects, lost } = job({ schedule, profiles: ['tools'] });
      expect(printed.profiles).toEqual(['tools', ...schedule ? ['scheduled'] : []]);
      expect(objects.filter(({ metadata }) => metadata.name.startsWith('api'))).toEqual([]);
      expect(lost('kubernetes')).toEqual(['start on demand (profile tools): left out: Kubernetes starts all that there is']);
    }
  });
});

describe('several processes of one image', () => {
  const { compose, files, deployment, objects } = synthesized(application => {
    const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
    new Service(application, 'web', { image });
    new Service(application, 'api', { image: image.process('other', PythonServer.module('app', { args: ['--port', '$(A)'] })) });
    new Job(application, 'job', { image: image.process('plain', PythonServer.module('job')), dependsOn: [] });
  });

  test('are built once, and started as what they are', () => {
    expect(Object.keys(files).filter(path => path.endsWith('/Dockerfile'))).toEqual(['shop/images/image/Dockerfile']);
    expect(compose.services.web.entrypoint).toBeUndefined();
    expect(compose.services.api).toMatchObject({ entrypoint: ['/venv/bin/python', '-m', 'app'], command: ['--port', '$$(A)'] });
    expect(deployment.spec.template.spec.containers[0]).toMatchObject({ command: ['/venv/bin/python', '-m', 'app'], args: ['--port', '$$(A)'] });
    expect(compose.services.job.command).toBeUndefined();
    expect(new Set(['web', 'api', 'job'].map(id => compose.services[id].build.dockerfile)).size).toBe(1);
  });

  test('have the facts of their own process', () => {
    expect(compose.services.api.healthcheck).toEqual({ disable: true });
    expect(compose.services.web.healthcheck.test).toBeDefined();
    expect(objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name)).toEqual(['web']);
    expect(compose.services.job.init).toBe(true);
  });
});

describe('a build that mounts secrets', () => {
  const building = (declareSecret: boolean) => service(application => {
    const image = new MultiStageBuild(application, 'image');
    const stage = new Stage(image, 'one', { base: BaseImage.pythonSlim({ python: '3.13' }) });
    stage.runShell('true', { mounts: [Mount.secret('token'), Mount.secret('other', { env: 'X' }), Mount.ssh()] });
    stage.user(999, 999);
    if (declareSecret) for (const id of ['token', 'other']) new Secret(application, id);
    return { image };
  });

  test('is given those that are declared under the same name', () => {
    const { service: printed, compose, lost } = building(true);
    expect(printed.build).toMatchObject({ secrets: ['other', 'token'], ssh: ['default'] });
    expect(printed.secrets).toBeUndefined();
    expect(Object.keys(compose.secrets)).toEqual(['other', 'token']);
    expect(lost('compose', 'shop/image')).toEqual([]);
  });

  test('is told of those that are not', () => {
    const { service: printed, lost } = building(false);
    expect(printed.build.secrets).toBeUndefined();
    expect(lost('compose', 'shop/image')).toEqual(['other', 'token'].map(id => `secret '${id}' of the build: none: declare it, new Secret(application, '${id}'), and compose gives it to the build`));
  });
});

/** As a kubelet reads it: `$$` is a dollar sign, `$(NAME)` a variable, of which there is none here. */
function expanded(text: string): string {
  return text.replace(/\$\$|\$\([^)]*\)/g, match => match === '$$' ? '$' : '(a variable)');
}
