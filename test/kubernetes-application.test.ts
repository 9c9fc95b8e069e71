import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App as ClusterApp, ApiObject, Chart, JsonPatch, Testing, type ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { appWith, declareShop, filesUnder, FLASK_SOURCE, folder } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { publicMembers } from './public-members';
import { OF_TARGETS } from '../lib/checks/run-checks';
import * as wheelhouse from 'cdk-wheelhouse';
import {
  App, Application, BaseImage, Checks, ComposeFile, Config, EnvValue, Job, kubernetes, KubernetesFile, MultiStageBuild, Network, NginxReverseProxy,
  Postgres, PythonBase, PythonBaseFamily, PythonDebugImage, PythonServer, PythonServiceImage, RabbitMq, Redis, RegistryImage, RequirementsLock,
  Route, Secret, Service, Stage, Valkey, Volume, WheelBuilder,
} from 'cdk-wheelhouse';

const REGISTRY = 'registry.example.com/shop';

/** What a Chart becomes, as data. */
function synthesized(chart: Chart): any[] {
  return JSON.parse(JSON.stringify(Testing.synth(chart)));
}

function chartFor(application: Application, props: Omit<kubernetes.KubernetesApplicationProps, 'application'> = {}, chartProps: ChartProps = {}) {
  const chart = new Chart(new ClusterApp(), 'cluster', chartProps);
  return { chart, made: new kubernetes.KubernetesApplication(chart, 'shop', { application, registry: REGISTRY, ...props }) };
}

/** What our App writes of what is declared. */
function written(declare: (application: Application) => unknown, files: Record<string, string> = FLASK_SOURCE, props: wheelhouse.AppProps = {}) {
  const app = new App({ root: folder(files), ...props });
  const application = new Application(app, 'shop');
  declare(application);
  const targets = application.node.findAll().filter(construct => construct instanceof KubernetesFile);
  if (targets.length === 0) new KubernetesFile(application, 'kubernetes', { registry: REGISTRY });
  return filesUnder(app.synth().outdir);
}

/** The objects in that. */
function objectsIn(files: Record<string, string>): any[] {
  return parseAllDocuments(files['shop/kubernetes.yaml']).map(document => document.toJS());
}

/** Does something where the working directory is a new folder with these files. */
function inFolder<T>(files: Record<string, string>, work: () => T): T {
  const before = process.cwd();
  process.chdir(folder(files));
  try {
    return work();
  } finally {
    process.chdir(before);
  }
}

function images(objects: any[]): string[] {
  return objects.flatMap(({ spec }) => spec?.template?.spec?.containers ?? []).map(({ image }) => image);
}

function thrown(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('An application in a Chart', () => {
  test('has the objects that KubernetesFile writes, in the same order', () => {
    const { application } = appWith(FULL_SOURCE);
    declareEverything(application);
    const objects = synthesized(chartFor(application).chart);
    expect(objects.length).toBeGreaterThan(10);
    expect(objects).toEqual(objectsIn(written(declareEverything, FULL_SOURCE)));
  });

  test('may be declared in the tree of the Chart, and reads the working directory then', () => {
    const objects = inFolder({ ...FLASK_SOURCE, 'wheelhouse.out/left-over': '' }, () => {
      const chart = new Chart(new ClusterApp(), 'cluster');
      const application = new Application(chart, 'shop');
      declareShop(application);
      new kubernetes.KubernetesApplication(chart, 'kubernetes', { application, registry: REGISTRY });
      return synthesized(chart);
    });
    expect(objects).toEqual(objectsIn(written(declareShop)));
  });

  test('may be in a construct of its own below the Chart', () => {
    const { application } = appWith();
    declareShop(application);
    const chart = new Chart(new ClusterApp(), 'cluster');
    new kubernetes.KubernetesApplication(new Construct(chart, 'group'), 'shop', { application, registry: REGISTRY });
    expect(synthesized(chart)).toEqual(objectsIn(written(declareShop)));
  });

  test('keeps its names, and constructs have ids that do not change with a pod', () => {
    const made = (retries: number) => {
      const { application } = appWith(FULL_SOURCE);
      declareEverything(application);
      new Job(application, 'once', { image: new RegistryImage(application, 'tool', { reference: 'example.com/tool:1', facts: { userId: 1000, groupId: 1000, ports: [], writablePaths: [] } }), retries });
      return chartFor(application).made;
    };
    const [one, other] = [made(1), made(2)];
    for (const object of one.objects) expect(object.toJson().metadata.name).toBe(object.name);
    expect(one.service('api').workload.name).toBe('api');
    expect(one.service('api').workload.node.path).toBe('cluster/shop/Deployment-api'.replace('Deployment', one.service('api').workload.kind));
    expect(one.job('once').workload.node.path).toBe('cluster/shop/Job-once');
    expect(one.job('once').workload.name).not.toBe(other.job('once').workload.name);
    expect(one.objects.map(({ node }) => node.path)).toEqual(other.objects.map(({ node }) => node.path));
  });

  test('is in the namespace of the Chart when it is told no other', () => {
    const namespaces = (props: { namespace?: string }, chartProps: ChartProps) => {
      const { application } = appWith();
      declareShop(application);
      const objects = synthesized(chartFor(application, props, chartProps).chart);
      const [own] = objects.filter(({ kind }) => kind === 'Namespace');
      return [own.metadata.name, own.metadata.namespace, ...new Set(objects.filter(({ kind }) => kind !== 'Namespace').map(({ metadata }) => metadata.namespace))];
    };
    expect(namespaces({}, {})).toEqual(['shop', undefined, 'shop']);
    expect(namespaces({}, { namespace: 'staging' })).toEqual(['staging', undefined, 'staging']);
    expect(namespaces({ namespace: 'production' }, { namespace: 'staging' })).toEqual(['production', undefined, 'production']);
  });

  test('gets the labels of the Chart, and is found by its own', () => {
    const { application } = appWith();
    declareShop(application);
    const { chart, made } = chartFor(application, {}, { labels: { 'team': 'shop', 'app.kubernetes.io/name': 'api' } });
    expect(synthesized(chart).every(({ metadata }) => metadata.labels.team === 'shop')).toBe(true);
    expect(made.service('api').objects.map(({ name }) => name)).toEqual(made.service('api').objects.map(() => 'api'));
    expect(made.service('web').workload.metadata.getLabel('app.kubernetes.io/name')).toBe('web');
  });

  test('can be made once more, in another namespace', () => {
    const { application } = appWith();
    declareShop(application);
    const chart = new Chart(new ClusterApp(), 'cluster');
    for (const namespace of ['staging', 'production']) new kubernetes.KubernetesApplication(chart, namespace, { application, registry: REGISTRY, namespace });
    const objects = synthesized(chart);
    expect(objects.slice(0, objects.length / 2).map(({ metadata }) => metadata.namespace ?? metadata.name)).toEqual(Array(objects.length / 2).fill('staging'));
    expect(objects.slice(objects.length / 2).map(({ metadata }) => metadata.namespace ?? metadata.name)).toEqual(Array(objects.length / 2).fill('production'));
  });

  test('is refused outside a Chart', () => {
    const { application } = appWith();
    declareShop(application);
    expect(() => new kubernetes.KubernetesApplication(new ClusterApp(), 'shop', { application, registry: REGISTRY }))
      .toThrow(new Error("shop: it is not in a cdk8s Chart; declare it in one: new Chart(app, 'shop') [CHART_MISSING]"));
    expect(() => chartFor(application)).not.toThrow();
  });
});

describe('The objects of a service', () => {
  function shop() {
    const { application } = appWith();
    const { image } = declareShop(application);
    new Service(application, 'worker', {
      image: image.process('worker-process', PythonServer.celeryWorker('app')), scaling: { min: 2, max: 4 }, resources: { cpuReservation: 0.5 },
    });
    new Job(application, 'migrate', { image: image.process('migration', PythonServer.module('app')) });
    new Job(application, 'nightly', { image: image.process('report', PythonServer.module('app')), schedule: '0 3 * * *' });
    return chartFor(application);
  }

  test('are found by its id', () => {
    const { made } = shop();
    const { objects, ...web } = made.service('web');
    expect(Object.fromEntries(Object.entries(web).map(([what, object]) => [what, object && `${object.kind} ${object.name}`]))).toEqual({
      workload: 'Deployment web', serviceAccount: 'ServiceAccount web', service: 'Service web', ingress: 'Ingress web',
    });
    expect(objects).toEqual(expect.arrayContaining(Object.values(web).filter(object => object !== undefined)));
    const worker = made.service('worker');
    expect([worker.autoscaler?.kind, worker.disruptionBudget?.kind]).toEqual(['HorizontalPodAutoscaler', 'PodDisruptionBudget']);
    expect([worker.service, worker.ingress, made.service('api').ingress]).toEqual([undefined, undefined, undefined]);
    for (const object of [...objects, ...worker.objects]) expect(made.objects).toContain(object);
  });

  test('of a job as well', () => {
    const { made } = shop();
    expect(made.job('migrate').workload.kind).toBe('Job');
    expect(made.job('nightly').workload.kind).toBe('CronJob');
    expect(made.job('nightly').serviceAccount?.name).toBe('nightly');
  });

  test('are ordinary ones: they can be patched, get annotations, and wait for each other', () => {
    const { chart, made } = shop();
    const before = synthesized(chart);
    const added = new ApiObject(chart, 'quota', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'quota', namespace: 'shop' }, spec: { hard: { pods: '20' } } });
    const { workload, service } = made.service('api');
    workload.addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 5));
    service!.metadata.addAnnotation('example.com/note', 'ours');
    made.objects[0].addDependency(added);
    const after = synthesized(chart);
    expect(after[0].kind).toBe('ResourceQuota');
    const find = (objects: any[], kind: string) => objects.find(object => object.kind === kind && object.metadata.name === 'api');
    expect(find(after, 'Deployment')).toEqual({ ...find(before, 'Deployment'), spec: { ...find(before, 'Deployment').spec, minReadySeconds: 5 } });
    expect(find(after, 'Service').metadata.annotations).toEqual({ 'example.com/note': 'ours' });
    expect(after.length).toBe(before.length + 1);
  });

  test('are refused under an id that there is not', () => {
    const { made } = shop();
    expect(() => made.service('migrate')).toThrow(new Error("cluster/shop: 'shop' has no service 'migrate' here; it has 'api', 'web', 'worker' [KUBERNETES_WORKLOAD]"));
    expect(() => made.job('api')).toThrow(new Error("cluster/shop: 'shop' has no job 'api' here; it has 'migrate', 'nightly' [KUBERNETES_WORKLOAD]"));
    const { application } = appWith();
    declareShop(application);
    expect(() => chartFor(application).made.job('api')).toThrow(new Error("cluster/shop: 'shop' has no job 'api' here; it has none [KUBERNETES_WORKLOAD]"));
    expect(() => made.service('api')).not.toThrow();
  });
});

describe('What is wrong with an application', () => {
  function wrong(application: Application) {
    const image = new MultiStageBuild(application, 'image');
    const stage = new Stage(image, 'one', { base: BaseImage.scratch(), output: true });
    stage.user(0, 0);
    stage.expose(8080);
    stage.copy(['missing'], '/x');
    new Service(application, 'bare', { image });
    new Service(application, 'two', { image: declareShop(application).image, publish: 8081, networks: [new Network(new Application(application.node.scope as Construct, 'other'), 'net')] });
  }

  test('is shown together: what constructs say, what checks say, what only matters to Kubernetes', () => {
    const { application, root } = appWith();
    wrong(application);
    const chart = new Chart(new ClusterApp(), 'cluster');
    const lines = thrown(() => new kubernetes.KubernetesApplication(chart, 'shop', { application, registry: REGISTRY })).split('\n');
    expect(lines[0]).toMatch(new RegExp(`^${lines.length - 1} faults, nothing was made \\(root: ${root}\\)$`));
    for (const code of ['APPLICATION_FOREIGN', 'SOURCE_MISSING', 'ROOT_USER']) {
      expect(lines.slice(1).filter(line => /^ {2}shop\/\S+: /.test(line) && line.endsWith(`[${code}]`))).toHaveLength(1);
    }
  });

  test('is told in the words of our App', () => {
    const one = appWith();
    wrong(one.application);
    new KubernetesFile(one.application, 'file', { registry: REGISTRY });
    const other = appWith();
    wrong(other.application);
    const byApp = thrown(() => one.app.synth()).split('\n');
    const byChart = thrown(() => chartFor(other.application)).split('\n');
    expect(byChart.slice(1)).toEqual(byApp.slice(1).filter(line => !line.startsWith('  other/')));
  });

  test('leaves the application as it is', () => {
    const { application } = appWith();
    wrong(application);
    thrown(() => chartFor(application));
    expect(() => new Network(application, 'still')).not.toThrow();
  });
});

describe('A finding that only Kubernetes has', () => {
  function rooted(application: Application) {
    const image = new MultiStageBuild(application, 'image', { handlesStopSignal: true });
    const stage = new Stage(image, 'one', { base: BaseImage.scratch(), output: true });
    stage.user(0, 0);
    stage.entrypoint(['/x']);
    new Service(application, 'bare', { image });
    Checks.acknowledge(application, 'ROOT_USER', 'the cluster is our own');
  }

  test('can be acknowledged, and our App, which has no such target, writes the rest', () => {
    const { app, application } = appWith();
    rooted(application);
    const { made } = chartFor(application);
    expect(made.findings.filter(({ code }) => code === 'ROOT_USER').map(({ acknowledged }) => acknowledged)).toEqual(['the cluster is our own']);
    expect(app.synth().findings).toEqual(made.findings.filter(({ code }) => code !== 'ROOT_USER'));
  });

  test('cannot be acknowledged where it looks and finds nothing', () => {
    const { application } = appWith();
    declareShop(application);
    Checks.acknowledge(application, 'ROOT_USER', 'the cluster is our own');
    expect(() => chartFor(application)).toThrow(/'ROOT_USER' is acknowledged, but no check says it here; .* \[ACKNOWLEDGED_NOTHING\]/);
  });

  test('is one of those that are known to be of a target', () => {
    const files = ['lib/aws', 'lib/targets'].flatMap(top => readdirSync(top, { recursive: true, encoding: 'utf8' }).map(path => join(top, path)));
    const codes = files.filter(path => path.endsWith('.ts'))
      .flatMap(path => [...readFileSync(path, 'utf8').matchAll(/^ {2,4}code: '(\w+)'/gm)].map(match => match[1]));
    expect([...OF_TARGETS]).toEqual([...new Set([...codes, 'TOKEN_IN_FILE'])].sort()); // which is of all file targets
  });
});

test('losses, and findings that nobody acknowledged, are metadata of the construct', () => {
  const { application } = appWith(FULL_SOURCE);
  declareEverything(application);
  const { made } = chartFor(application);
  const metadata = (kind: string) => made.node.metadata.filter(({ type }) => type === kind).map(({ data }) => data);
  expect(made.losses.length).toBeGreaterThan(0);
  expect(made.losses.every(({ target }) => target === 'kubernetes')).toBe(true);
  expect(metadata('cdk-wheelhouse:loss')).toEqual(made.losses);
  expect(metadata('cdk-wheelhouse:finding')).toEqual(made.findings.filter(({ acknowledged }) => acknowledged === undefined));
  expect(metadata('cdk-wheelhouse:finding').length).toBeGreaterThan(0);
  const first = made.findings.find(({ acknowledged }) => acknowledged === undefined)!;
  const again = appWith(FULL_SOURCE);
  declareEverything(again.application);
  Checks.acknowledge(again.application, first.code, 'it is right here');
  const accepted = chartFor(again.application).made;
  expect(accepted.findings.some(({ code }) => code === first.code)).toBe(true);
  expect(accepted.node.metadata.some(({ data }) => data.code === first.code)).toBe(false);
});

describe('The tag of an image', () => {
  test('is the same under our App, explained or not, and in a Chart', () => {
    const [plain, explained] = [false, true].map(explain => written(declareShop, FLASK_SOURCE, { explain }));
    const tags = images(objectsIn(plain));
    expect(tags).toHaveLength(2);
    expect(tags[0]).toMatch(/^registry\.example\.com\/shop\/api-image:[0-9a-f]{12}$/);
    expect(explained['shop/images/api-image/Dockerfile']).not.toBe(plain['shop/images/api-image/Dockerfile']);
    expect(images(objectsIn(explained))).toEqual(tags);
    const { application } = appWith();
    declareShop(application);
    expect(images(synthesized(chartFor(application).chart))).toEqual(tags);
    expect(images(objectsIn(written(declareShop, { ...FLASK_SOURCE, 'app/more.py': '' })))).not.toEqual(tags);
  });

  test('does not depend on what our App has written, where the whole tree is copied', () => {
    const declare = (application: Application) => {
      const image = new PythonServiceImage(application, 'image', { source: '.', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
      new Service(application, 'api', { image });
    };
    const files = { 'app.py': FLASK_SOURCE['app/app.py'], 'requirements.txt': 'flask\ngunicorn\n' };
    const tags = images(objectsIn(written(declare, files)));
    expect(inFolder({ ...files, 'wheelhouse.out/shop/kubernetes.yaml': 'old' }, () => {
      const chart = new Chart(new ClusterApp(), 'cluster');
      const application = new Application(chart, 'shop');
      declare(application);
      new kubernetes.KubernetesApplication(chart, 'kubernetes', { application, registry: REGISTRY });
      return images(synthesized(chart));
    })).toEqual(tags);
  });
});

describe('A frozen application', () => {
  /** What every change below can be tried on. */
  function declared() {
    const { app, application } = appWith();
    const { image, api } = declareShop(application);
    const build = new MultiStageBuild(application, 'build', { handlesStopSignal: true });
    const stage = new Stage(build, 'one', { base: BaseImage.scratch(), output: true });
    stage.user(1000, 1000);
    stage.entrypoint(['/x']);
    new Service(application, 'built', { image: build });
    const other = new Stage(build, 'two', { base: BaseImage.scratch() });
    const compose = application.node.findChild('compose') as ComposeFile;
    const secret = new Secret(application, 'password');
    return { app, application, image, api, build, stage, other, compose, secret };
  }
  type Declared = ReturnType<typeof declared>;

  const FACTS = { ports: [], writablePaths: [] };

  const CHANGES: Record<string, (made: Declared) => unknown> = {
    'Stage.runShell': ({ stage }) => stage.runShell('true'),
    'Stage.runScript': ({ stage }) => stage.runScript('true\n'),
    'Stage.runExec': ({ stage }) => stage.runExec(['true']),
    'Stage.copy': ({ stage }) => stage.copy(['app'], '/app'),
    'Stage.copyFrom': ({ stage, other }) => stage.copyFrom(other, ['/x'], '/x'),
    'Stage.addRemote': ({ stage }) => stage.addRemote('https://example.com/team/x.git#v1', '/x'),
    'Stage.addArchive': ({ stage }) => stage.addArchive(['app'], '/app'),
    'Stage.writeFile': ({ stage }) => stage.writeFile('/x', 'x'),
    'Stage.environment': ({ stage }) => stage.environment({ X: '1' }),
    'Stage.labels': ({ stage }) => stage.labels({ x: '1' }),
    'Stage.argument': ({ stage }) => stage.argument('X'),
    'Stage.workingDirectory': ({ stage }) => stage.workingDirectory('/x'),
    'Stage.user': ({ stage }) => stage.user(1000, 1000),
    'Stage.expose': ({ stage }) => stage.expose(8080),
    'Stage.volumes': ({ stage }) => stage.volumes(['/x']),
    'Stage.shell': ({ stage }) => stage.shell(['/bin/sh', '-c']),
    'Stage.stopSignal': ({ stage }) => stage.stopSignal('SIGINT'),
    'Stage.healthCheck': ({ stage }) => stage.healthCheck({ command: ['true'], intervalSeconds: 1, timeoutSeconds: 1, retries: 1, startPeriodSeconds: 1 }),
    'Stage.noHealthCheck': ({ stage }) => stage.noHealthCheck(),
    'Stage.writablePath': ({ stage }) => stage.writablePath({ path: '/x' }),
    'Stage.entrypoint': ({ stage }) => stage.entrypoint(['/x']),
    'Stage.command': ({ stage }) => stage.command(['x']),
    'Stage.onBuild': ({ stage }) => stage.onBuild('RUN true'),
    'Stage.comment': ({ stage }) => stage.comment('x'),
    'Stage.raw': ({ stage }) => stage.raw('RUN true'),
    'MultiStageBuild.argument': ({ build }) => build.argument('X'),
    'MultiStageBuild.imageOf': ({ build, stage }) => build.imageOf(stage),
    'PythonServiceImage.process': ({ image }) => image.process('other', PythonServer.module('app')),
    'PythonServiceImage.runAtBuild': ({ image }) => image.runAtBuild('collect', ['x.py']),
    'ComposeFile.add': ({ compose }) => compose.add('/services/web/shm_size', '1g'),
    'ComposeFile.replace': ({ compose }) => compose.replace('/services/web/init', false),
    'ComposeFile.remove': ({ compose }) => compose.remove('/services/web/init'),
    'Checks.acknowledge': ({ application }) => Checks.acknowledge(application, 'HEALTH_MISSING', 'it is'),
    'new Application': ({ application }) => new Application(application, 'inner'),
    'new Stage': ({ build }) => new Stage(build, 'more', { base: BaseImage.scratch() }),
    'new MultiStageBuild': ({ application }) => new MultiStageBuild(application, 'more'),
    'new RegistryImage': ({ application }) => new RegistryImage(application, 'more', { reference: 'example.com/x:1', facts: FACTS }),
    'new PythonServiceImage': ({ application }) => new PythonServiceImage(application, 'more', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') }),
    'new PythonDebugImage': ({ application, image }) => new PythonDebugImage(application, 'more', { image }),
    'new RequirementsLock': ({ application }) => new RequirementsLock(application, 'more', { source: 'app', base: PythonBase.chainguard() }),
    'new WheelBuilder': ({ application }) => new WheelBuilder(application, 'more', { source: 'app', base: PythonBase.chainguard() }),
    'new PythonBaseFamily': ({ application }) => new PythonBaseFamily(application, 'more', {
      repository: 'registry.example.com/python', bases: [PythonBase.slim({ python: '3.13' })], securityUpdates: '2026-11-21',
    }),
    'new Service': ({ application, image }) => new Service(application, 'more', { image }),
    'new Job': ({ application, image }) => new Job(application, 'more', { image }),
    'new Postgres': ({ application, secret }) => new Postgres(application, 'more', { password: secret }),
    'new Redis': ({ application }) => new Redis(application, 'more'),
    'new Valkey': ({ application }) => new Valkey(application, 'more'),
    'new RabbitMq': ({ application, secret }) => new RabbitMq(application, 'more', { password: secret }),
    'new NginxReverseProxy': ({ application, api }) => new NginxReverseProxy(application, 'more', { routes: [Route.prefix('/', api)] }),
    'new Network': ({ application }) => new Network(application, 'more'),
    'new Secret': ({ application }) => new Secret(application, 'more'),
    'new Volume': ({ application }) => new Volume(application, 'more'),
    'new Config': ({ application }) => new Config(application, 'more', { text: 'x' }),
    'new ComposeFile': ({ application }) => new ComposeFile(application, 'more'),
    'new KubernetesFile': ({ application }) => new KubernetesFile(application, 'more'),
    'a service elsewhere that has an image read secrets': ({ app, api, image, secret }) => new Service(new Application(app, 'other'), 'more', {
      image, environment: { X: EnvValue.url({ scheme: 'x', user: 'x', password: secret, host: api, port: 1 }) },
    }),
    'a service elsewhere that has an image make a directory': ({ app, image }) => {
      const other = new Application(app, 'other');
      return new Service(other, 'more', { image, volumes: [{ volume: new Volume(other, 'data'), path: '/data' }] });
    },
  };
  /** Methods of constructs that change nothing, and classes that nothing is declared with. */
  const NO_CHANGES = [
    'App.synth', 'ComposeFile.render', 'KubernetesFile.render', 'Postgres.url', 'Redis.url', 'Valkey.url', 'RabbitMq.url',
    ...['DockerApplication', 'EcsApplication', 'KubernetesApplication', 'TerraformApplication'].flatMap(host => [`new ${host}`, `${host}.service`, `${host}.job`]),
    'DockerApplication.volume', 'PythonBaseFamily.base', 'TerraformApplication.securityGroup', 'new App', 'new ContainerImage', 'new FileTarget', 'new Workload',
  ];

  test.each(Object.entries(CHANGES))('refuses %s', (_, change) => {
    expect(() => change(declared())).not.toThrow();
    const made = declared();
    chartFor(made.application);
    expect(() => change(made)).toThrow(/'cluster\/shop' has already been made of 'shop', and would not follow a change; declare it before that \[FROZEN\]$/);
  });

  test('is tried with every public method of every construct', () => {
    const known = publicMembers();
    const exported = { ...wheelhouse, ...wheelhouse.ecs, ...wheelhouse.kubernetes, ...wheelhouse.terraform };
    const classes = Object.entries<any>(exported).filter(([, made]) => made.prototype instanceof Construct);
    const methods = classes.flatMap(([name, { prototype }]) => Object.getOwnPropertyNames(prototype)
      .filter(method => method !== 'constructor' && !method.startsWith('_') && Object.getOwnPropertyDescriptor(prototype, method)!.value)
      .map(method => `${name}.${method}`).filter(method => known.has(method)));
    const tried = [...Object.keys(CHANGES), ...NO_CHANGES];
    expect([...methods, ...classes.map(([name]) => `new ${name}`)].filter(name => !tried.includes(name))).toEqual([]);
    expect(methods).toContain('Stage.runShell');
  });

  test('says where and what to do', () => {
    const { application, stage } = declared();
    chartFor(application);
    expect(() => stage.runShell('true')).toThrow(
      new Error("shop/build/one: 'cluster/shop' has already been made of 'shop', and would not follow a change; declare it before that [FROZEN]"));
    expect(() => new Network(application, 'late')).toThrow(
      new Error("shop: 'cluster/shop' has already been made of 'shop', and would not follow a change; declare it before that [FROZEN]"));
    expect(() => new Construct(application, 'late')).toThrow('Cannot add children to "shop" during synthesis');
  });

  test('is written by our App as if it were not frozen', () => {
    const [one, other] = [appWith(FULL_SOURCE), appWith(FULL_SOURCE)];
    for (const { application } of [one, other]) declareEverything(application);
    chartFor(one.application);
    expect(one.app.synth().written).toEqual(other.app.synth().written);
    expect(filesUnder(one.outdir)).toEqual(filesUnder(other.outdir));
  });

  test('leaves others in the same tree alone', () => {
    const { app, application } = declared();
    chartFor(application);
    expect(() => new Network(new Application(app, 'other'), 'net')).not.toThrow();
  });
});
