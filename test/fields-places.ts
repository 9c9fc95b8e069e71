/** Where the fields of each struct are tried: a small application that has one, and what is no part of the model. */
import type { Declaration } from './fields-output';
import {
  BaseImage, Bytecode, Config, Dependencies, EnvValue, HealthCheck, Job, KubernetesExposure, Layout, Mount, MultiStageBuild, NameResolution,
  Network, NginxReverseProxy, PackageIndex, Postgres, PythonBase, PythonDebugImage, PythonServer, PythonServiceImage, RabbitMq, Redis, RegistryImage,
  Route, Secret, Service, Stage, StaticFiles, Trim, Valkey, Volume, type Application, type ImageFacts,
} from 'cdk-wheelhouse';

/** Adds the field that is tried to those that the place needs; in the stack of a host, if it is one of a host target. */
export type Fields = (base: object, stack?: unknown) => any;

/** One construct with one struct. */
export interface Place {
  /** Heading in the table. */
  readonly title: string;
  readonly struct: string;
  readonly declare: (application: Application, fields: Fields) => ReturnType<Declaration>;
  /** Title of the place that says the rest: rows that are the same are not repeated, and choices are tried there only. */
  readonly like?: string;
  /** Targets that it is about. @default - all */
  readonly targets?: string[];
  /** Code of the refusal of all that is declared there, by target. */
  readonly refused?: Record<string, string>;
}

/** Source tree of all places. */
export const SOURCE: Record<string, string> = {
  'app/app.py': 'from flask import Flask\napp = Flask(__name__)\n',
  'app/requirements.txt': 'celery\nflask\ngunicorn\nhypercorn\ntwisted\nuvicorn\nuvicorn-worker\ndebugpy\n',
  'app/sentinel.txt': 'celery\nflask\ngunicorn\n',
  'app/pyproject.toml': '[project]\nname = "shop"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n',
  'sentinel/app.py': 'from flask import Flask\napp = Flask(__name__)\n',
  'sentinel/requirements.txt': 'flask\ngunicorn\n',
  'locked/sentinel.txt': 'gunicorn\n',
  'locked/app.py': 'from flask import Flask\napp = Flask(__name__)\n',
  'locked/pyproject.toml': '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["gunicorn"]\n[project.optional-dependencies]\nsentinel-extra = []\n[dependency-groups]\nsentinel-group = []\n',
  'locked/uv.lock': `version = 1
revision = 3
requires-python = ">=3.13"

[[package]]
name = "gunicorn"
version = "23.0.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "gunicorn" }]

[package.optional-dependencies]
sentinel-extra = []

[package.dev-dependencies]
sentinel-group = []
`,
  'site/index.html': '<p>shop</p>\n',
  'site/site.tar.gz': '',
};

const SLIM = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const OWNER = { userId: 4700, groupId: 4701 };
/** A source whose packages are all known. */
const LOCKED = { source: 'locked', dependencies: Dependencies.uv() };
const PORT = 8000;
const REGISTRY = 'registry.example.com/shop';

/** Facts of an image for a user that is not root, of which a deployment can do all. */
const FACTS: ImageFacts = {
  userId: 1000, groupId: 1000, ports: [PORT], writablePaths: [{ path: '/data' }], handlesStopSignal: true, interpreter: '/usr/bin/python3',
};
const TIMINGS = { intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 };

/** An image that somebody else has built. */
export function someImage(application: Application, id: string, facts: Partial<ImageFacts> = {}): RegistryImage {
  return new RegistryImage(application, `${id}-image`, { reference: `example.com/${id}:1`, facts: { ...FACTS, ...facts } });
}

/** A service that is only there for others. */
export function someService(application: Application, id: string): Service {
  return new Service(application, id, { image: someImage(application, id, { healthCheck: { tcpPort: PORT, ...TIMINGS } }) });
}

/** The image of a Python service. */
export function pythonImage(application: Application, server: PythonServer = PythonServer.gunicorn('app:app'), more: object = {}, id: string = 'python-image'): PythonServiceImage {
  return new PythonServiceImage(application, id, { source: 'app', base: SLIM, server, dependencies: Dependencies.requirements(), ...more });
}

function served(application: Application, server: PythonServer): void {
  new Service(application, 'api', { image: pythonImage(application, server), publish: 8080 });
}

function work(application: Application, server: PythonServer, more: object = {}): void {
  new Service(application, 'worker', { image: pythonImage(application, server, more) });
}

function proxied(application: Application, routes: Route[], more: object = {}): void {
  new NginxReverseProxy(application, 'web', { routes, publish: 8080, ...more });
}

/** Runs an image of which this is known. */
function known(application: Application, facts: Partial<ImageFacts>, props: object = {}): void {
  new Service(application, 'api', { image: someImage(application, 'api', facts), ...props });
}

/** Beside a service whose image has Python, which writes files on ECS. */
function backing(application: Application, declare: () => Service): void {
  someService(application, 'api');
  declare();
}

/** A service with all that whoever deploys may have a say in. */
function deployed(application: Application): void {
  const image = new MultiStageBuild(application, 'api-image', { handlesStopSignal: true });
  const it = new Stage(image, 'runtime', { base: BaseImage.pythonSlim({ python: '3.13' }), output: true });
  it.runShell('make', { mounts: [Mount.secret('index', { required: false }), Mount.ssh({ required: false })] });
  it.user(1000, 1000);
  it.expose(PORT);
  it.entrypoint(['/app']);
  new Service(application, 'api', { image, publish: 8080, secrets: [new Secret(application, 'token')], environment: { PLACE: EnvValue.deployer('PLACE', { defaultValue: 'here' }) } });
  someService(application, 'python');
}

/** A stage of an image, with one thing more. */
function stage(application: Application, more: (it: Stage) => void): void {
  const build = new MultiStageBuild(application, 'api-image');
  const it = new Stage(build, 'runtime', { base: BaseImage.debian({ release: 'bookworm' }), output: true });
  more(it);
  it.user(1000, 1000);
  it.entrypoint(['/app']);
  new Service(application, 'api', { image: build });
}

function at(title: string, struct: string, declare: Place['declare'], more: Partial<Place> = {}): Place {
  return { title, struct, declare, ...more };
}

function mounted(title: string, struct: string, mount: (props: object) => Mount): Place {
  return at(title, struct, (application, fields) => stage(application, it => it.runShell('make', { mounts: [mount(fields({}))] })));
}

/** In the order of the table. */
export const PLACES: Place[] = [
  at('Service', 'ServiceProps', (application, fields) => void new Service(application, 'api', fields({ image: someImage(application, 'api') }))),
  at('Job', 'JobProps', (application, fields) => void new Job(application, 'migrate', fields({ image: someImage(application, 'migrate', { ports: [] }) })), { like: 'Service' }),
  at('Job with a schedule', 'JobProps', (application, fields) => void new Job(application, 'report', fields({ image: someImage(application, 'report', { ports: [] }), schedule: '0 3 * * *' })), { like: 'Job' }),
  at('Resources', 'Resources', (application, fields) => known(application, {}, { resources: fields({}) })),
  at('Scaling', 'Scaling', (application, fields) => known(application, {}, { resources: { cpuReservation: 0.5 }, scaling: fields({ min: 2, max: 5 }) })),
  at('Logging', 'Logging', (application, fields) => known(application, {}, { logging: fields({ driver: 'local' }) })),
  at('HealthCheck.http', 'HttpHealthCheckProps', (application, fields) => known(application, {}, { healthCheck: HealthCheck.http(PORT, '/health', fields({})) })),
  at('EnvValue.deployer', 'DeployerValueProps', (application, fields) => known(application, {}, { environment: { PLACE: EnvValue.deployer('PLACE', fields({})) } })),
  at('EnvValue.url', 'UrlProps', (application, fields) => void new Service(application, 'api', {
    image: pythonImage(application), environment: { OTHER_URL: EnvValue.url(fields({ scheme: 'http', host: someService(application, 'other') })) },
  })),
  at('Network', 'NetworkProps', (application, fields) => known(application, {}, { networks: [new Network(application, 'backnet', fields({}))] })),
  at('Volume', 'VolumeProps', (application, fields) => known(application, {}, { volumes: [{ volume: new Volume(application, 'files', fields({})), path: '/data' }] })),
  at('VolumeMount', 'VolumeMount', (application, fields) => known(application, {}, { volumes: [fields({ volume: new Volume(application, 'files'), path: '/data' })] })),
  at('Secret', 'SecretProps', (application, fields) => known(application, {}, { secrets: [new Secret(application, 'token', fields({}))] })),
  at('Config', 'ConfigProps', (application, fields) => known(application, {}, { configs: [{ config: new Config(application, 'settings', fields({ text: 'a = 1\n' })), path: '/etc/settings' }] })),
  at('ConfigMount', 'ConfigMount', (application, fields) => known(application, {}, { configs: [fields({ config: new Config(application, 'settings', { text: 'a = 1\n' }), path: '/etc/settings' })] })),
  at('RegistryImage', 'RegistryImageProps', (application, fields) => void new Service(application, 'api', { image: new RegistryImage(application, 'api-image', fields({ reference: 'example.com/api:1', facts: FACTS })) })),
  at('ImageFacts', 'ImageFacts', (application, fields) => {
    const image = new RegistryImage(application, 'api-image', { reference: 'example.com/api:1', facts: fields({ ...FACTS, healthCheck: { tcpPort: PORT, ...TIMINGS } }) });
    new Service(application, 'api', { image, publish: 8080 });
    new Service(application, 'asked', { image, healthCheck: HealthCheck.command(['ask']), stopGraceSeconds: 20 });
    new Service(application, 'python', { image, healthCheck: HealthCheck.python('import shop') });
  }),
  at('WritablePath', 'WritablePath', (application, fields) => known(application, { writablePaths: [fields({ path: '/scratch' })] })),
  at('HealthCheckFacts', 'HealthCheckFacts', (application, fields) => known(application, { ports: [PORT, 8123], healthCheck: fields({ tcpPort: PORT, ...TIMINGS }) })),
  at('HttpProbe', 'HttpProbe', (application, fields) => known(application, { ports: [PORT, 8123], healthCheck: { http: fields({ port: PORT, path: '/health' }), ...TIMINGS } })),
  at('DevelopmentFacts', 'DevelopmentFacts', (application, fields) => known(application, { development: fields({ source: 'app', target: '/app', rebuildFiles: ['app/requirements.txt'] }) }), { refused: { kubernetes: 'DEVELOPMENT_IMAGE', ecs: 'DEVELOPMENT_IMAGE', terraform: 'DEVELOPMENT_IMAGE' } }),
  at('Postgres', 'PostgresProps', (application, fields) => backing(application, () => new Postgres(application, 'database', fields({ password: new Secret(application, 'password') }))), { like: 'Service' }),
  at('Postgres.url', 'PostgresUrlProps', (application, fields) => {
    const database = new Postgres(application, 'database', { password: new Secret(application, 'password') });
    new Service(application, 'api', { image: pythonImage(application), environment: { DATABASE_URL: database.url(fields({})) } });
  }),
  at('Redis', 'RedisProps', (application, fields) => backing(application, () => new Redis(application, 'cache', fields({}))), { like: 'Service' }),
  at('Valkey', 'RedisProps', (application, fields) => backing(application, () => new Valkey(application, 'cache', fields({}))), { like: 'Redis' }),
  at('Redis.url and Valkey.url', 'RedisUrlProps', (application, fields) => {
    const [redis, valkey] = [new Redis(application, 'cache'), new Valkey(application, 'broker')];
    new Service(application, 'api', { image: pythonImage(application), environment: { CACHE_URL: redis.url(fields({})), BROKER_URL: valkey.url(fields({})) } });
  }),
  at('RabbitMq', 'RabbitMqProps', (application, fields) => backing(application, () => new RabbitMq(application, 'broker', fields({ password: new Secret(application, 'password') }))), { like: 'Service' }),
  at('NginxReverseProxy', 'NginxReverseProxyProps', (application, fields) => void new NginxReverseProxy(application, 'web', fields({ routes: [Route.prefix('/', someService(application, 'api'))] })), { like: 'Service' }),
  at('TLS of an NginxReverseProxy', 'TlsProps', (application, fields) => proxied(application, [Route.prefix('/', someService(application, 'api'))], {
    tls: fields({ certificate: new Secret(application, 'certificate'), key: new Secret(application, 'key') }),
  })),
  at('Kept connections of an NginxReverseProxy', 'KeepaliveProps', (application, fields) => proxied(application, [Route.prefix('/', someService(application, 'api'))], { keepalive: fields({}) })),
  at('NameResolution.repeated', 'RepeatedResolutionProps', (application, fields) => proxied(application, [Route.prefix('/', someService(application, 'api'))], { nameResolution: NameResolution.repeated(fields({})) })),
  at('Route.prefix and Route.exact', 'RouteProps', (application, fields) => {
    const api = new Service(application, 'api', { image: someImage(application, 'api', { ports: [PORT, 8123] }) });
    const port = { port: PORT };
    proxied(application, [Route.prefix('/', api, fields(port)), Route.exact('/exact', api, fields(port))]);
  }),
  at('Route.files', 'FilesRouteProps', (application, fields) => proxied(application, [Route.files('/', StaticFiles.fromSource('site'), fields({}))])),
  at('PythonServiceImage', 'PythonServiceImageProps', (application, fields) => void new Service(application, 'api', {
    image: new PythonServiceImage(application, 'api-image', fields({ source: 'app', base: SLIM, server: PythonServer.gunicorn('app:app'), dependencies: Dependencies.requirements() })),
  })),
  at('PythonDebugImage', 'PythonDebugImageProps', (application, fields) => void new Service(application, 'debug', { image: new PythonDebugImage(application, 'debug-image', fields({ image: pythonImage(application) })) })),
  at('System packages of a PythonServiceImage', 'SystemPackages', (application, fields) => void new Service(application, 'api', { image: pythonImage(application, undefined, { systemPackages: fields({}) }) })),
  at('Dependencies.uv', 'UvProps', (application, fields) => void new Service(application, 'api', { image: pythonImage(application, undefined, { ...LOCKED, dependencies: Dependencies.uv(fields({})) }) })),
  at('Dependencies.requirements', 'RequirementsProps', (application, fields) => void new Service(application, 'api', { image: pythonImage(application, undefined, { dependencies: Dependencies.requirements('requirements.txt', fields({})) }) })),
  at('PackageIndex.at', 'PackageIndexProps', (application, fields) => void new Service(application, 'api', { image: pythonImage(application, undefined, { dependencies: Dependencies.requirements('requirements.txt', { indexes: [PackageIndex.at('https://index.example.com/simple', fields({}))] }) }) })),
  at('Dependencies.detected', 'DetectedProps', (application, fields) => void new Service(application, 'api', { image: pythonImage(application, undefined, { ...LOCKED, dependencies: Dependencies.detected(fields({})) }) })),
  at('Bytecode.imported', 'ImportedBytecodeProps', (application, fields) => void new Service(application, 'api', { image: pythonImage(application, undefined, { bytecode: Bytecode.imported(fields({})) }) })),
  at('Layout.userBase', 'UserBaseProps', (application, fields) => void new Service(application, 'api', { image: pythonImage(application, undefined, { layout: Layout.userBase(fields({})) }) })),
  at('Trim.unused', 'TrimProps', (application, fields) => void new Service(application, 'api', { image: pythonImage(application, undefined, { trim: Trim.unused(fields({})) }) })),
  at('PythonServiceImage.runAtBuild', 'RunAtBuildProps', (application, fields) => {
    const collected = pythonImage(application).runAtBuild('collected', ['collect.py'], fields({}));
    proxied(application, [Route.files('/', StaticFiles.fromStage(collected, '/collected'))]);
  }),
  at('PythonServer.gunicorn', 'GunicornProps', (application, fields) => served(application, PythonServer.gunicorn('app:app', fields({})))),
  at('PythonServer.uvicorn', 'UvicornProps', (application, fields) => served(application, PythonServer.uvicorn('app:app', fields({}))), { like: 'PythonServer.gunicorn' }),
  at('PythonServer.hypercorn', 'HypercornProps', (application, fields) => served(application, PythonServer.hypercorn('app:app', fields({}))), { like: 'PythonServer.gunicorn' }),
  at('PythonServer.twisted', 'TwistedProps', (application, fields) => served(application, PythonServer.twisted(fields({ wsgi: 'app:app' }))), { like: 'PythonServer.gunicorn' }),
  at('PythonServer.celeryWorker', 'CeleryWorkerProps', (application, fields) => work(application, PythonServer.celeryWorker('app', fields({})))),
  at('PythonServer.celeryBeat', 'CeleryBeatProps', (application, fields) => work(application, PythonServer.celeryBeat('app', fields({})))),
  at('PythonServer.module', 'ProgramProps', (application, fields) => work(application, PythonServer.module('app', fields({})), LOCKED)),
  at('PythonServer.consoleScript', 'ProgramProps', (application, fields) => work(application, PythonServer.consoleScript('app', fields({})), LOCKED), { like: 'PythonServer.module' }),
  at('MultiStageBuild', 'MultiStageBuildProps', (application, fields) => {
    const build = new MultiStageBuild(application, 'api-image', fields({}));
    const runtime = new Stage(build, 'runtime', { base: BaseImage.scratch(), output: true });
    runtime.user(1000, 1000);
    runtime.expose(PORT);
    runtime.healthCheck({ tcpPort: PORT, ...TIMINGS });
    runtime.entrypoint(['/app']);
    new Service(application, 'api', { image: build });
  }),
  at('Stage', 'StageProps', (application, fields) => {
    const build = new MultiStageBuild(application, 'api-image');
    const runtime = new Stage(build, 'runtime', { base: BaseImage.scratch(), output: true });
    runtime.user(1000, 1000);
    runtime.entrypoint(['/app']);
    const other = new Stage(build, 'other', fields({ base: BaseImage.debian({ release: 'bookworm' }), output: true }));
    other.user(1000, 1000);
    new Service(application, 'api', { image: build.imageOf(runtime) });
  }),
  at('Stage.copy and Stage.copyFrom', 'CopyOptions', (application, fields) => stage(application, it => it.copy(['site'], '/site', fields(OWNER)))),
  at('Stage.addRemote', 'AddRemoteOptions', (application, fields) => stage(application, it => {
    const options = fields(OWNER);
    if (options.unpack) it.addRemote('https://example.com/archive.tar.gz', '/archive', { ...options, checksum: `sha256:${'7'.repeat(64)}` });
    else it.addRemote('https://example.com/team/name.git#v1', '/name', options);
  })),
  at('Stage.addArchive', 'AddArchiveOptions', (application, fields) => stage(application, it => it.addArchive(['site/site.tar.gz'], '/site', fields({})))),
  at('Stage.writeFile', 'WriteFileOptions', (application, fields) => stage(application, it => it.writeFile('/etc/shop', 'a = 1\n', fields(OWNER)))),
  at('Stage.environment and Stage.labels', 'ExpandOptions', (application, fields) => stage(application, it => {
    const options = fields({});
    it.environment({ PLACE: '$NAME' }, options);
    it.labels({ 'com.example.place': '$NAME' }, options);
  })),
  at('Stage.runShell, Stage.runScript and Stage.runExec', 'RunOptions', (application, fields) => stage(application, it => {
    const options = fields({});
    it.runShell('make', options);
    it.runScript('make\nmake install', options);
    it.runExec(['make'], options);
  })),
  mounted('Mount.cache', 'CacheMountProps', props => Mount.cache('/cache', props)),
  mounted('Mount.bindFrom', 'BindMountProps', props => Mount.bindFrom(BaseImage.fromReference('example.com/from:1'), '/from', props)),
  mounted('Mount.tmpfs', 'TmpfsMountProps', props => Mount.tmpfs('/tmp', props)),
  mounted('Mount.secret', 'SecretMountProps', props => Mount.secret('token', props)),
  mounted('Mount.ssh', 'SshMountProps', props => Mount.ssh(props)),
  at('KubernetesFile', 'KubernetesFileProps', (application, fields) => {
    const api = new Service(application, 'api', { image: pythonImage(application), volumes: [{ volume: new Volume(application, 'files'), path: '/data' }] });
    proxied(application, [Route.prefix('/', api)]);
    return { kubernetes: fields({}) };
  }, { targets: ['kubernetes'] }),
  at('KubernetesExposure.ingress', 'KubernetesIngressProps', (application, fields) => {
    const api = new Service(application, 'api', { image: someImage(application, 'api'), publish: 8080 });
    return { kubernetes: { exposures: [KubernetesExposure.ingress(api, fields({}))] } };
  }, { targets: ['kubernetes'] }),
  at('EcsApplication', 'EcsApplicationProps', (application, fields) => {
    deployed(application);
    return { ecs: stack => fields({ registry: REGISTRY }, stack) };
  }, { targets: ['ecs'] }),
  at('TerraformApplication', 'TerraformApplicationProps', (application, fields) => {
    deployed(application);
    return { terraform: stack => fields({ vpcId: 'vpc-1', subnetIds: ['subnet-a', 'subnet-b'], registry: REGISTRY }, stack) };
  }, { targets: ['terraform'] }),
  at('DockerApplication', 'DockerApplicationProps', (application, fields) => {
    deployed(application);
    return { docker: stack => fields({}, stack) };
  }, { targets: ['docker'] }),
];

/** Structs that are no part of the model, by the reason. */
export const ELSEWHERE: Record<string, string[]> = {
  'what a target is given: its fields are derived from those above': [
    'ApplicationPlan', 'BuildMountsPlan', 'ConfigMountPlan', 'ConfigPlan', 'DeployerVariable', 'ImagePlan', 'JobPlan', 'LoggingPlan', 'NetworkPlan',
    'FileTextPlan', 'PublishedPort', 'ResourcesPlan', 'RoutePlan', 'ScalingPlan', 'SecretPlan', 'ServicePlan', 'VolumeMountPlan', 'VolumePlan', 'WorkloadPlan',
  ],
  'what is answered, not declared': [
    'DockerWorkload', 'EcsJobParts', 'EcsServiceParts', 'EcsWorkloadParts', 'Finding', 'KubernetesService', 'KubernetesWorkload', 'LayerStep', 'Loss',
    'OutputFile', 'SynthResult', 'TargetOutput', 'TerraformJobParts', 'TerraformServiceParts', 'TerraformWorkload',
  ],
  'KubernetesProps for a Chart, which has the objects of the file: test/kubernetes-application.test.ts': ['KubernetesApplicationProps'],
  'where and when is synthesized, not what': ['AppProps'],
  'of images that services start from, which no target starts: test/python-base-family.test.ts': ['PythonBaseFamilyProps'],
  'which image a stage starts from, with what is known of it: FROM, and test/catalogue.test.ts': [
    'AlpineProps', 'AlpinePythonBaseProps', 'AlpinePythonProps', 'BareAlpineProps', 'BaseImageFacts', 'BaseImageUser', 'ChainguardPythonProps',
    'DebianProps', 'DebianPythonProps', 'DistrolessProps',
    'DistrolessPythonProps', 'InstalledPythonProps', 'NginxImageProps', 'OfficialPythonProps', 'SlimPythonProps', 'UbuntuProps', 'WolfiPythonProps',
  ],
  'how Python gets onto an image: test/python-install.test.ts': [
    'CompileProps', 'DeadsnakesProps', 'DistributionPythonProps', 'PythonBuildProps', 'SourcePythonProps',
  ],
};

/** Choices that no field has, by the reason. */
export const CHOSEN_ELSEWHERE: Record<string, string[]> = {
  'a parameter of Route.files, which is tried with each': ['StaticFiles'],
  'a parameter of Stage.expose: docs/dockerfile-language.md': ['Protocol'],
  'what is known of a base image: test/catalogue.test.ts': ['Libc', 'PackageManager'],
  'how Python gets onto an image: test/python-install.test.ts': ['PythonInstall'],
  'answered, not declared': ['LayerPlan', 'Severity'],
};
