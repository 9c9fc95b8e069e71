/** What each field is given when it is tried, and how that is recognized in an output. */
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SubnetType, Vpc, type IVpc } from 'aws-cdk-lib/aws-ec2';
import * as aws from 'aws-cdk-lib/aws-ecs';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret as AwsSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack as AwsStack } from 'aws-cdk-lib/core';
import { pythonImage, someImage, someService } from './fields-places';
import {
  AccessLog, Application, Architecture, BaseImage, Bytecode, CacheSharing, Compression, Config, Dependencies, EnvValue, FileCaching, HealthCheck, Job,
  KubernetesExposure, Layout, LoadBalancing, Mount, MultiStageBuild, NameResolution, Network, NginxDirective, PackageIndex, PythonBase, PythonInstall,
  PythonServer, RateLimit, Restart, Route, RunNetwork, Secret, SecurityHeaders, Service, Stage, StaticFiles, Trim, Unbuffered, Volume, WheelBuilder,
  type ContainerImage,
} from 'cdk-wheelhouse';

/** What an output has to say: a text of a new line, written `path = value`, in small letters or capitals; or a pattern of a new line `+ path = value` or one that is gone, `- path = value`. */
export type Show = string | RegExp;
/** All of several. */
export type Shows = Show | Show[];

/** A value of one field. */
export interface Sentinel {
  /** A function makes it, or them, in the application; of a host target, in the stack that is its second argument. */
  readonly value: unknown;
  /** Tells several of one field apart. */
  readonly label?: string;
  /** Other fields of the same struct, with and without the value; a function may declare what has to be there in both. */
  readonly beside?: object | ((application: Application, stack: any) => object);
  /** Fields that the place gives and that are left out with the value. */
  readonly instead?: string[];
  /** By target, `aws` for both that plan for ECS, or for all. @default - the value as a text */
  readonly shows?: Shows | Record<string, Shows>;
  /** Code of the refusal, by target, where the value is refused: `all` for every target. */
  readonly refused?: Record<string, string>;
}

const SENTINEL = 'sentinel';
const python = (application: Application) => ({ image: pythonImage(application) });
const secret = (application: Application) => new Secret(application, SENTINEL);
const service = (application: Application, id: string) => application.node.findChild(id) as Service;
/** A service that is there anyway. */
const api = (application: Application) => service(application, 'sentinel-api');
const withApi = (application: Application) => {
  someService(application, 'sentinel-api');
  return {};
};
const withJob = (application: Application) => {
  new Job(application, SENTINEL, { image: someImage(application, 'job', { ports: [] }) });
  return {};
};
const withSecret = (application: Application) => {
  secret(application);
  return {};
};
function oneOfSeveral(application: Application): ContainerImage {
  const build = new MultiStageBuild(application, 'several');
  const [one] = [SENTINEL, 'other'].map(id => {
    const stage = new Stage(build, id, { base: BaseImage.scratch(), output: true });
    stage.user(1000, 1000);
    stage.entrypoint(['/app']);
    return stage;
  });
  return build.imageOf(one);
}
/** Kubernetes gives those that are reached five seconds more. */
const grace = (seconds: number) => ({
  kubernetes: new RegExp(`terminationGracePeriodSeconds = (${seconds}|${seconds + 5})$`), aws: `stopTimeout = ${seconds}`, docker: [`stop_timeout = ${seconds}`, `destroy_grace_seconds = ${seconds}`],
});
/** For 1.375 processors Fargate has two. */
const CPU_LIMIT = { compose: '1.375', kubernetes: '1375m', aws: /^\+ task .* cpu = 2048$/i, docker: 'cpu_quota = 137500' };
const PUBLISHED = { compose: '8123:', kubernetes: /Ingress .*backend/, aws: /^\+ .*listener.* port = 8123$/i, docker: 'external = 8123' };
const HANDLED = { compose: /^- .*init = true/, kubernetes: /^- .*shareProcessNamespace/, aws: /initProcessEnabled/i, docker: /^- .*init = true/ };
const MOUNTED_VOLUME = { aws: [/^\+ (EFS::AccessPoint|aws_efs_access_point) .*sentinel/, 'mountPoints[].sourceVolume = sentinel'], docker: [/^\+ docker_volume /, /mounts\[\]\.source = .*sentinel/] };
const MOUNTED_CONFIG = { aws: ['CONFIG_SENTINEL=/etc/a', 'environment[].name = CONFIG_SENTINEL', 'mountPoints[].containerPath = /etc'], docker: [/mounts\[\]\.source = .*sentinel/, 'mounts[].target = /etc/a', 'sentinel = 1'] };
const MOUNTED_SECRET = { aws: ['SECRET_SENTINEL=/run/secrets/sentinel', 'secrets[].name = SECRET_SENTINEL', 'mountPoints[].containerPath = /run/secrets'], docker: [/mounts\[\]\.source = .*sentinel_file/, 'mounts[].target = /run/secrets/sentinel', /variable sentinel_file/] };
/** Whoever deploys an image that is for development is told to build another one. */
const NOT_DEVELOPED = { kubernetes: 'DEVELOPMENT_IMAGE', ecs: 'DEVELOPMENT_IMAGE', terraform: 'DEVELOPMENT_IMAGE' };
const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'];
/** Besides a route to a service. */
const files = (made: (application: Application) => StaticFiles) => (application: Application) => [
  Route.prefix('/', service(application, 'api')), Route.files('/static/', made(application)),
];
const RESOLVERS = { resolvers: ['10.0.0.10'] };
const TIMINGS = { intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 };

/** What is made in the stack of the host. */
const inStack = <T>(make: (stack: AwsStack) => T) => (_: Application, stack: AwsStack) => make(stack);
const vpcOf = (stack: AwsStack) => stack.node.findChild('vpc') as IVpc;
const cluster = (stack: AwsStack) => aws.Cluster.fromClusterAttributes(stack, SENTINEL, { clusterName: SENTINEL, vpc: vpcOf(stack) });
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/sentinel';
const BALANCER = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/sentinel/1';
/** One that has a service of which that is a label. */
function otherApplication(application: Application): Application {
  const other = new Application(application.node.scope!, SENTINEL);
  new Service(other, 'api', { image: someImage(other, 'api'), labels: { inside: 'sentinel-inside' } });
  return other;
}

/** By id of the field, `WorkloadProps.command`, or of a choice, `Restart.NEVER`. */
export const SENTINELS: Record<string, Sentinel | Sentinel[]> = {
  'WorkloadProps.image': [
    { value: (application: Application) => someImage(application, SENTINEL), shows: { compose: 'image = example.com/sentinel:1', kubernetes: 'image = example.com/sentinel:1', aws: 'image = example.com/sentinel:1', docker: [/docker_container .* image = .*sentinel/, 'name = example.com/sentinel:1'] } },
    {
      label: 'another process of one',
      value: (application: Application) => pythonImage(application).process(SENTINEL, PythonServer.module(SENTINEL)),
      shows: { dockerfile: 'COPY = app /app', compose: ['entrypoint[] = sentinel', 'build.dockerfile'], kubernetes: 'command[] = sentinel', aws: 'entryPoint[] = sentinel', docker: 'entrypoint[] = sentinel' },
    },
    { label: 'one of several of a build', value: oneOfSeveral, shows: { dockerfile: 'AS sentinel', compose: 'build.target = sentinel', kubernetes: 'image = registry.example.com/shop/several', aws: 'image = registry.example.com/shop/several-sentinel-image', docker: 'build[].target = sentinel' } },
  ],
  'WorkloadProps.command': { value: [SENTINEL], shows: SENTINEL },
  'WorkloadProps.networks': { value: (application: Application) => [new Network(application, SENTINEL)], shows: { compose: ['networks.sentinel', 'networks[] = sentinel'], kubernetes: SENTINEL, ecs: /^\+ (EC2::SecurityGroup |Service .*SecurityGroups).*sentinel/, terraform: /^\+ (aws_security_group |aws_ecs_service .*security_groups).*sentinel/, docker: ['networks_advanced[].name', 'docker_network'] } },
  'WorkloadProps.environment': { label: 'text', value: { SENTINEL: 'its text' }, shows: 'its text' },
  'EnvValue.secret': { value: (application: Application) => ({ SENTINEL: EnvValue.secret(secret(application)) }), beside: python, shows: { dockerfile: 'launch.py', compose: '/run/secrets/sentinel', kubernetes: '/run/secrets/sentinel', aws: ['WHEELHOUSE_FILE_SENTINEL', 'secrets[].name = SECRET_SENTINEL'], docker: ['/run/secrets/sentinel', /mounts\[\]\.source = .*sentinel_file/] } },
  'EnvValue.secretFile': { value: (application: Application) => ({ SENTINEL: EnvValue.secretFile(secret(application)) }), shows: '/run/secrets/sentinel' },
  'EnvValue.deployer': { value: { SENTINEL: EnvValue.deployer('OF_DEPLOYER') }, shows: 'OF_DEPLOYER' },
  'EnvValue.url': { value: (application: Application) => ({ SENTINEL: EnvValue.url({ scheme: 'http', host: api(application), path: 'path' }) }), beside: withApi, shows: 'http://sentinel-api/path' },
  'WorkloadProps.secrets': { value: (application: Application) => [secret(application)], shows: { compose: ['secrets.sentinel.file', 'secrets[] = sentinel'], kubernetes: ['mountPath = /run/secrets/sentinel', 'secretName = sentinel'], ...MOUNTED_SECRET } },
  'WorkloadProps.configs': { value: (application: Application) => [{ config: new Config(application, SENTINEL, { text: '1\n' }), path: '/etc/a' }], shows: { compose: ['configs.sentinel.file', 'source = sentinel', 'target = /etc/a'], kubernetes: ['ConfigMap sentinel data', 'mountPath = /etc/a', 'configMap.name = sentinel'], ...MOUNTED_CONFIG } },
  'WorkloadProps.volumes': { value: (application: Application) => [{ volume: new Volume(application, SENTINEL), path: '/data' }], shows: { compose: ['volumes.sentinel', 'sentinel:/data'], kubernetes: ['PersistentVolumeClaim sentinel', 'volumeMounts[].name = volume-sentinel', 'claimName = sentinel'], ...MOUNTED_VOLUME } },
  'WorkloadProps.dependsOn': [
    { label: 'a service', value: (application: Application) => [api(application)], beside: withApi, shows: 'sentinel-api' },
    { label: 'a job', value: (application: Application) => [application.node.findChild(SENTINEL)], beside: withJob, shows: SENTINEL },
  ],
  'WorkloadProps.resources': { value: { cpuLimit: 1.375 }, shows: CPU_LIMIT },
  'WorkloadProps.stopGraceSeconds': { value: 71, shows: { compose: '1m11s', ...grace(71) } },
  'WorkloadProps.logging': { value: { driver: SENTINEL }, shows: SENTINEL },
  'WorkloadProps.labels': [
    { label: 'a name that annotations can have', value: { 'example.com/team': SENTINEL }, shows: SENTINEL },
    { label: 'another name', value: { 'example.com/a/b': SENTINEL }, shows: SENTINEL },
  ],
  'WorkloadProps.profiles': { value: [SENTINEL], shows: SENTINEL },

  'HealthCheck.http': { value: HealthCheck.http(8000, '/sentinel'), shows: { compose: '/sentinel', kubernetes: PROBES.map(probe => `${probe}.httpGet.path = /sentinel`), aws: /healthCheck\.command\[\] = .*\/sentinel/i, docker: /test\[\] = .*\/sentinel/ } },
  'HealthCheck.tcp': { value: HealthCheck.tcp(8000), shows: { compose: '127.0.0.1\', 8000', kubernetes: PROBES.map(probe => `${probe}.tcpSocket.port = 8000`), aws: '127.0.0.1\', 8000', docker: '127.0.0.1\', 8000' } },
  'HealthCheck.command': { value: HealthCheck.command([SENTINEL]), shows: { compose: SENTINEL, kubernetes: PROBES.map(probe => `${probe}.exec.command[] = sentinel`), aws: 'healthCheck.command[] = sentinel', docker: 'test[] = sentinel' } },
  'HealthCheck.python': { value: HealthCheck.python(SENTINEL), shows: SENTINEL },
  'ServiceProps.publish': { value: 8123, shows: PUBLISHED },
  'ServiceProps.replicas': { value: 3, shows: { compose: /replicas = 3/, kubernetes: /replicas = 3/, ecs: 'DesiredCount = 3', terraform: 'desired_count = 3', docker: 'count = 3' } },
  'ServiceProps.scaling': { value: { min: 3, max: 7 }, beside: { resources: { cpuReservation: 0.5 } }, shows: { compose: 'replicas = 3', kubernetes: ['minReplicas = 3', 'maxReplicas = 7'], ecs: ['MinCapacity = 3', 'MaxCapacity = 7'], terraform: ['min_capacity = 3', 'max_capacity = 7'], docker: 'count = 3' } },
  'Restart.ALWAYS': { value: Restart.ALWAYS, beside: { restart: Restart.NEVER }, shows: { compose: 'unless-stopped', kubernetes: 'Always', docker: 'restart = unless-stopped' } },
  'Restart.ON_FAILURE': { value: Restart.ON_FAILURE, shows: { compose: 'on-failure', kubernetes: 'OnFailure', docker: 'restart = on-failure' } },
  'Restart.NEVER': { value: Restart.NEVER, shows: { compose: 'restart = no', kubernetes: 'Never', docker: 'restart = no' } },
  'JobProps.retries': { value: 4, shows: { compose: 'on-failure:4', kubernetes: 'backoffLimit = 4', ecs: 'Retries = 4', terraform: 'RETRIES = 4', docker: 'max_retry_count = 4' } },
  'JobProps.schedule': { value: '7 4 * * *', shows: { kubernetes: '7 4 * * *', aws: 'cron(7 4 * * ? *)' } },

  'Resources.cpuReservation': { value: 0.625, shows: { compose: '0.625', kubernetes: '625m', aws: /^\+ task .* cpu = 1024$/i, docker: 'cpu_shares = 640' } },
  'Resources.cpuLimit': { value: 1.375, shows: CPU_LIMIT },
  'Resources.memoryReservationMebibytes': { value: 97, shows: { compose: '97M', kubernetes: '97Mi', aws: 'memoryReservation = 97', docker: 'memory_reservation = 97' } },
  'Resources.memoryLimitMebibytes': { value: 397, shows: { compose: '397M', kubernetes: '397Mi', aws: /^\+ container .* memory = 397$/i, docker: 'memory = 397' } },
  'Resources.pidsLimit': { value: 71 },
  'Scaling.min': { value: 3, shows: { compose: 'replicas = 3', kubernetes: 'minReplicas = 3', ecs: 'MinCapacity = 3', terraform: 'min_capacity = 3', docker: 'count = 3' } },
  'Scaling.max': { value: 7 },
  'Scaling.cpuPercent': { value: 61 },
  'Logging.driver': { value: SENTINEL },
  'Logging.options': { value: { tag: SENTINEL }, shows: SENTINEL },

  'HealthCheckTimings.intervalSeconds': { value: 71, shows: { compose: '1m11s', kubernetes: 'periodSeconds = 71', aws: 'healthCheck.interval = 71', docker: 'interval = 1m11s' } },
  'HealthCheckTimings.timeoutSeconds': { value: 71, shows: { compose: '1m11s', kubernetes: 'timeoutSeconds = 71', aws: 'healthCheck.timeout = 60', docker: 'timeout = 1m11s' } },
  'HealthCheckTimings.retries': { value: 7, shows: { compose: 'retries = 7', kubernetes: 'failureThreshold = 7', aws: 'healthCheck.retries = 7', docker: 'retries = 7' } },
  'HealthCheckTimings.startPeriodSeconds': { value: 71, shows: { compose: '1m11s', kubernetes: 'startupProbe.failureThreshold = 71', aws: 'healthCheck.startPeriod = 71', docker: 'start_period = 1m11s' } },
  'HttpHealthCheckProps.host': { value: 'sentinel.example.com' },

  'DeployerValueProps.defaultValue': { value: SENTINEL },
  'UrlProps.scheme': { value: SENTINEL, shows: 'sentinel://' },
  'UrlProps.host': { value: api, beside: withApi, shows: '://sentinel-api' },
  'UrlProps.port': { value: 8123, shows: ':8123' },
  'UrlProps.user': { value: SENTINEL, shows: 'sentinel@' },
  'UrlProps.password': { value: secret, shows: { dockerfile: 'launch.py', compose: '{/run/secrets/sentinel}', kubernetes: '{/run/secrets/sentinel}', aws: ['{/run/secrets/sentinel}', 'secrets[].name = SECRET_SENTINEL'], docker: ['{/run/secrets/sentinel}', /mounts\[\]\.source = .*sentinel_file/] } },
  'UrlProps.path': { value: SENTINEL, shows: '/sentinel' },
  'UrlProps.query': { value: { asked: SENTINEL }, shows: 'asked=sentinel' },

  'NetworkProps.internal': { value: true, shows: { compose: 'internal = true', kubernetes: /^[+-] NetworkPolicy .*egress/, ecs: /^[+-] EC2::SecurityGroup.*gress/, terraform: /^[+-] aws_vpc_security_group_egress_rule /, docker: 'internal = true' } },
  'VolumeMount.volume': { value: (application: Application) => new Volume(application, SENTINEL), shows: SENTINEL },
  'VolumeMount.path': { value: '/sentinel', beside: { readOnly: true } },
  'VolumeMount.readOnly': { value: true, shows: { compose: ':ro', kubernetes: 'readOnly = true', aws: 'mountPoints[].readOnly = true', docker: 'read_only = true' } },
  'VolumeProps.sizeGibibytes': { value: 71, shows: '71Gi' },
  'SecretProps.file': { value: 'sentinel/file' },
  'ConfigProps.text': { value: SENTINEL },
  'ConfigMount.config': { value: (application: Application) => new Config(application, SENTINEL, { text: '2\n' }), shows: { compose: 'source = sentinel', kubernetes: /name = sentinel|subPath = sentinel/, aws: 'CONFIG_SENTINEL=/etc/settings', docker: /mounts\[\]\.source = .*sentinel/ } },
  'ConfigMount.path': { value: '/etc/sentinel' },

  'RegistryImageProps.reference': { value: 'example.com/sentinel:2', shows: '= example.com/sentinel:2' },
  'RegistryImageProps.facts': { value: { userId: 4711, ports: [8000], writablePaths: [] }, shows: '4711' },
  'ImageFacts.userId': { value: 4711, shows: { compose: 'user = 4711:1000', kubernetes: 'runAsUser = 4711', aws: ['user = 4711:1000', 'mountOptions[] = uid=4711'], docker: 'user = 4711:1000' } },
  'ImageFacts.groupId': { value: 4711, shows: { compose: 'user = 1000:4711', kubernetes: ['runAsGroup = 4711', 'fsGroup = 4711'], aws: ['user = 1000:4711', 'mountOptions[] = gid=4711'], docker: 'user = 1000:4711' } },
  'ImageFacts.ports': { value: [8123], beside: { healthCheck: undefined }, shows: '8123' },
  'ImageFacts.healthCheck': { value: { http: { port: 8000, path: '/sentinel' }, ...TIMINGS }, shows: '/sentinel' },
  'ImageFacts.writablePaths': { value: [{ path: '/written' }], shows: '/written' },
  'ImageFacts.stopSignal': { value: 'SIGQUIT' },
  'ImageFacts.handlesStopSignal': { value: false, shows: { compose: 'init = true', kubernetes: 'shareProcessNamespace = true', aws: 'initProcessEnabled = true', docker: 'init = true' } },
  'ImageFacts.stopGraceSeconds': { value: 71, shows: { compose: '1m11s', ...grace(71) } },
  'ImageFacts.gracefulTimeoutSeconds': { value: 99, beside: { stopGraceSeconds: 30 }, refused: { all: 'GRACE_TOO_SHORT' } },
  'ImageFacts.launcher': { value: ['/sentinel'], shows: '/sentinel' },
  'ImageFacts.interpreter': { value: '/sentinel/python' },
  'ImageFacts.prober': { value: ['/sentinel', 'ask'], shows: '/sentinel' },
  'ImageFacts.development': { value: { rebuildFiles: ['sentinel.txt'] }, shows: 'sentinel.txt', refused: NOT_DEVELOPED },
  'Architecture.AMD64': { value: Architecture.AMD64, beside: { architecture: Architecture.ARM64 }, shows: { compose: 'platform = linux/amd64', kubernetes: 'nodeSelector.kubernetes.io/arch = amd64', aws: /^\+ .*cpu_?architecture = X86_64/i, docker: 'platform = linux/amd64' } },
  'Architecture.ARM64': { value: Architecture.ARM64, shows: { compose: 'platform = linux/arm64', kubernetes: 'nodeSelector.kubernetes.io/arch = arm64', aws: /^\+ .*cpu_?architecture = ARM64/i, docker: 'platform = linux/arm64' } },

  'WritablePath.path': { value: '/written' },
  'WritablePath.userId': { value: 4711 },
  'WritablePath.groupId': { value: 4712 },
  'WritablePath.mode': { value: '0712' },
  'WritablePath.exec': { value: true, shows: 'exec' },
  'WritablePath.sizeMebibytes': { value: 37, shows: { compose: 'size=37m', kubernetes: '37Mi', aws: 'tmpfs[].size = 37', docker: 'size=37m' } },
  'WritablePath.data': { value: true, refused: { all: 'DATA_WITHOUT_VOLUME' } },

  'HealthCheckFacts.http': { value: { port: 8000, path: '/sentinel' }, instead: ['tcpPort'], shows: '/sentinel' },
  'HealthCheckFacts.tcpPort': { value: 8123 },
  'HealthCheckFacts.command': { value: [SENTINEL], instead: ['tcpPort'], shows: SENTINEL },
  'HealthCheckFacts.intervalSeconds': { value: 71, shows: { compose: '1m11s', kubernetes: 'periodSeconds = 71', aws: 'healthCheck.interval = 71', docker: 'interval = 1m11s' } },
  'HealthCheckFacts.timeoutSeconds': { value: 71, shows: { compose: '1m11s', kubernetes: 'timeoutSeconds = 71', aws: 'healthCheck.timeout = 60', docker: 'timeout = 1m11s' } },
  'HealthCheckFacts.retries': { value: 7, shows: { compose: 'retries = 7', kubernetes: 'failureThreshold = 7', aws: 'healthCheck.retries = 7', docker: 'retries = 7' } },
  'HealthCheckFacts.startPeriodSeconds': { value: 71, shows: { compose: '1m11s', kubernetes: 'startupProbe.failureThreshold = 71', aws: 'healthCheck.startPeriod = 71', docker: 'start_period = 1m11s' } },
  'HttpProbe.port': { value: 8123 },
  'HttpProbe.path': { value: '/sentinel' },
  'HttpProbe.host': { value: 'sentinel.example.com' },

  'DevelopmentFacts.source': { value: SENTINEL },
  'DevelopmentFacts.target': { value: '/sentinel' },
  'DevelopmentFacts.noticed': { value: ['*.sentinel'], shows: '*.sentinel' },
  'DevelopmentFacts.rebuildFiles': { value: ['sentinel.txt'], shows: 'sentinel.txt' },
  'DevelopmentFacts.rebuildDirectories': { value: [SENTINEL], shows: SENTINEL },
  'DevelopmentFacts.debuggerPort': { value: 5999 },

  'BackingServiceProps.networks': { value: (application: Application) => [new Network(application, SENTINEL)], shows: SENTINEL },
  'BackingServiceProps.publish': { value: 8123, shows: PUBLISHED },
  'BackingServiceProps.environment': { label: 'text', value: { SENTINEL: 'its text' }, shows: 'its text' },
  'BackingServiceProps.configs': { value: (application: Application) => [{ config: new Config(application, SENTINEL, { text: '1\n' }), path: '/etc/a' }], shows: { compose: ['configs.sentinel.file', 'source = sentinel', 'target = /etc/a'], kubernetes: ['ConfigMap sentinel data', 'mountPath = /etc/a', 'configMap.name = sentinel'], ...MOUNTED_CONFIG } },
  'BackingServiceProps.resources': { value: { cpuLimit: 1.375 }, shows: CPU_LIMIT },
  'BackingServiceProps.logging': { value: { driver: SENTINEL }, shows: SENTINEL },
  'BackingServiceProps.labels': { label: 'a name that annotations can have', value: { 'example.com/team': SENTINEL }, shows: SENTINEL },
  'BackingServiceProps.profiles': { value: [SENTINEL], shows: SENTINEL },
  'PostgresProps.password': { value: secret, shows: SENTINEL },
  'PostgresProps.version': { value: '18.1', shows: '18.1' },
  'PostgresProps.user': { value: SENTINEL },
  'PostgresProps.database': { value: SENTINEL },
  'PostgresProps.volume': { value: (application: Application) => new Volume(application, SENTINEL), shows: SENTINEL },
  'PostgresProps.settings': { value: { sentinel: 'on' }, shows: 'sentinel=on' },
  'PostgresUrlProps.scheme': { value: SENTINEL, shows: 'sentinel://' },
  'PostgresUrlProps.query': { value: { asked: SENTINEL }, shows: 'asked=sentinel' },
  'RedisProps.password': { value: secret, shows: SENTINEL },
  'RedisProps.version': { value: '8.1', shows: ':8.1' },
  'RedisProps.persistent': { value: false, shows: /^- .*(volumes|claimName|sourceVolume)/i, refused: { docker: 'EMPTY_WORD' } },
  'RedisProps.volume': { value: (application: Application) => new Volume(application, SENTINEL), shows: SENTINEL },
  'RedisProps.settings': { value: { sentinel: 'on' }, shows: '--sentinel' },
  'RedisUrlProps.database': { value: 7, shows: '/7' },
  'RabbitMqProps.password': { value: secret, shows: SENTINEL },
  'RabbitMqProps.version': { value: '4.1', shows: ':4.1' },
  'RabbitMqProps.user': { value: SENTINEL },
  'RabbitMqProps.volume': { value: (application: Application) => new Volume(application, SENTINEL), shows: SENTINEL },

  'Route.prefix': { value: (application: Application) => [Route.prefix('/sentinel/', api(application))], beside: withApi, shows: { dockerfile: '/sentinel/', compose: 'sentinel-api', kubernetes: 'sentinel-api', ecs: 'sentinel-api', terraform: 'sentinel-api', docker: 'sentinel-api' } },
  'Route.exact': { value: (application: Application) => [Route.exact('/sentinel', api(application))], beside: withApi, shows: { dockerfile: '/sentinel', compose: 'sentinel-api', kubernetes: 'sentinel-api', ecs: 'sentinel-api', terraform: 'sentinel-api', docker: 'sentinel-api' } },
  'Route.files': [
    { label: 'StaticFiles.fromImage', value: files(() => StaticFiles.fromImage(BaseImage.fromReference('example.com/sentinel:1'), '/site')), shows: 'example.com/sentinel:1' },
    { label: 'StaticFiles.fromSource', value: files(() => StaticFiles.fromSource('site')), shows: 'site /' },
    { label: 'StaticFiles.fromStage', value: files(application => StaticFiles.fromStage(pythonImage(application, undefined, {}, SENTINEL).runAtBuild('collect', ['collect.py']), '/site')), shows: 'sentinel-collect' },
    { label: 'StaticFiles.fromVolume', value: files(application => StaticFiles.fromVolume(new Volume(application, SENTINEL))), shows: { dockerfile: '/static/', compose: 'sentinel:', kubernetes: 'claimName = sentinel', ...MOUNTED_VOLUME } },
  ],
  'NginxReverseProxyProps.publish': { value: 8123, shows: PUBLISHED },
  'NginxReverseProxyProps.networks': { value: (application: Application) => [new Network(application, SENTINEL)], shows: SENTINEL },
  'NginxReverseProxyProps.base': { value: BaseImage.nginx({ nginx: '1.29' }), shows: { dockerfile: 'FROM = nginx:1.29', compose: /user = 101|healthcheck/, kubernetes: 'runAsUser = 101' } },
  'NginxReverseProxyProps.keepalive': { value: { connections: 7 }, shows: 'keepalive 7' },
  'NameResolution.atStart': { value: NameResolution.atStart(), beside: { nameResolution: NameResolution.repeated({ resolvers: ['10.0.0.10'] }) }, shows: /^- .*resolver/ },
  'NameResolution.repeated': { value: NameResolution.repeated({ resolvers: ['10.0.0.10'] }), shows: 'resolver 10.0.0.10' },
  'NginxReverseProxyProps.bodyMebibytes': { value: 71, shows: '71m' },
  'NginxReverseProxyProps.clientTimeoutSeconds': { value: 71, shows: '71s' },
  'NginxReverseProxyProps.gracefulTimeoutSeconds': { value: 71, shows: { dockerfile: '71s', compose: '1m16s', ...grace(76) } },
  'RateLimit.perSecond': { value: RateLimit.perSecond(71), shows: 'rate=71r/s' },
  'RateLimit.perMinute': { value: RateLimit.perMinute(71), shows: 'rate=71r/m' },
  'NginxReverseProxyProps.connectionsPerClient': { value: 71, shows: /limit_conn .* 71/ },
  'Compression.NONE': { value: Compression.NONE, beside: { compression: Compression.ALL }, shows: /^- .*gzip/ },
  'Compression.FILES': { value: Compression.FILES, beside: { compression: Compression.ALL }, shows: /^- .*gzip/ },
  'Compression.ALL': { value: Compression.ALL, shows: 'gzip on' },
  'SecurityHeaders.standard': { value: SecurityHeaders.standard(), beside: { securityHeaders: SecurityHeaders.none() }, shows: 'nosniff' },
  'SecurityHeaders.of': { value: SecurityHeaders.of({ 'X-Sentinel': 'x' }), shows: 'X-Sentinel' },
  'SecurityHeaders.none': { value: SecurityHeaders.none(), shows: /^- .*nosniff/ },
  'NginxReverseProxyProps.trustedProxies': { value: ['10.71.0.0/16'], shows: '10.71.0.0/16' },
  'AccessLog.JSON': { value: AccessLog.JSON, beside: { accessLog: AccessLog.OFF }, shows: 'access_log /dev/stdout json' },
  'AccessLog.COMBINED': { value: AccessLog.COMBINED, shows: 'access_log /dev/stdout' },
  'AccessLog.OFF': { value: AccessLog.OFF, shows: 'access_log off' },
  'NginxReverseProxyProps.tls': {
    value: (application: Application) => ({ certificate: secret(application), key: new Secret(application, 'sentinel-key') }), shows: SENTINEL,
  },
  'NginxReverseProxyProps.healthPath': { value: '/sentinel' },
  'NginxReverseProxyProps.resources': { value: { cpuLimit: 1.375 }, shows: CPU_LIMIT },
  'NginxDirective.of': { value: [NginxDirective.of('absolute_redirect', SENTINEL)], shows: 'absolute_redirect sentinel' },
  'NginxDirective.block': { value: [NginxDirective.block('map', ['$uri', '$sentinel'], [NginxDirective.of('default', '1')])], shows: 'map $uri $sentinel' },
  'TlsProps.certificate': { value: secret, shows: SENTINEL },
  'TlsProps.key': { value: secret, shows: SENTINEL },
  'TlsProps.redirectFrom': { value: 8123, shows: { compose: '8123:', kubernetes: /redirect|port/, docker: 'external = 8123' } },
  'TlsProps.hstsSeconds': { value: 71, shows: 'max-age=71' },
  'TlsProps.hstsSubdomains': { value: true, shows: 'includeSubDomains' },
  'KeepaliveProps.connections': { value: 71, shows: 'keepalive 71' },
  'KeepaliveProps.idleSeconds': { value: 71, shows: '71s' },
  'RepeatedResolutionProps.resolvers': { beside: RESOLVERS, value: ['10.0.0.71'], shows: { dockerfile: '10.0.0.71', kubernetes: /fixed-addresses/ } },
  'RepeatedResolutionProps.domain': { beside: RESOLVERS, value: 'sentinel.example.com' },
  'RepeatedResolutionProps.validSeconds': { beside: RESOLVERS, value: 71, shows: 'valid=71s' },
  'RouteOptions.host': { value: 'sentinel.example.com' },
  'RouteOptions.connectionsPerClient': { value: 71, shows: /limit_conn .* 71/ },
  'RouteProps.port': { value: 8123 },
  'RouteProps.others': { value: (application: Application) => [api(application)], beside: withApi, shows: 'sentinel-api' },
  'RouteProps.backups': { value: (application: Application) => [api(application)], beside: withApi, shows: 'sentinel-api' },
  'LoadBalancing.ROUND_ROBIN': {
    value: LoadBalancing.ROUND_ROBIN, beside: (application: Application) => ({ others: [someService(application, 'sentinel-api')], balancing: LoadBalancing.CLIENT_ADDRESS }), shows: /^- .*ip_hash/,
  },
  'LoadBalancing.LEAST_CONNECTIONS': { value: LoadBalancing.LEAST_CONNECTIONS, beside: (application: Application) => ({ others: [someService(application, 'sentinel-api')] }), shows: 'least_conn' },
  'LoadBalancing.CLIENT_ADDRESS': { value: LoadBalancing.CLIENT_ADDRESS, beside: (application: Application) => ({ others: [someService(application, 'sentinel-api')] }), shows: 'ip_hash' },
  'RouteProps.connectTimeoutSeconds': { value: 71, shows: 'proxy_connect_timeout 71s' },
  'RouteProps.sendTimeoutSeconds': { value: 71, shows: 'proxy_send_timeout 71s' },
  'RouteProps.readTimeoutSeconds': { value: 71, shows: 'proxy_read_timeout 71s' },
  'RouteProps.bodyMebibytes': { value: 71, shows: '71m' },
  'RouteProps.websocket': { value: true, shows: 'Upgrade' },
  'RouteProps.serverSentEvents': { value: true, shows: 'proxy_buffering off' },
  'RouteProps.bufferAnswer': { value: false, shows: 'proxy_buffering off' },
  'RouteProps.bufferRequest': { value: false, shows: 'proxy_request_buffering off' },
  'FileCaching.revalidated': { value: FileCaching.revalidated(), beside: { caching: FileCaching.seconds(71) }, shows: 'no-cache' },
  'FileCaching.seconds': { value: FileCaching.seconds(71), shows: 'max-age=71' },
  'FileCaching.immutable': { value: FileCaching.immutable(), shows: 'immutable' },
  'FileCaching.hashedNames': { value: FileCaching.hashedNames(), shows: 'immutable' },
  'FileCaching.of': { value: FileCaching.of('public, max-age=71'), shows: 'max-age=71' },
  'FilesRouteProps.singlePage': { value: true, shows: 'try_files' },

  'PythonServiceImageProps.source': { value: SENTINEL, shows: { dockerfile: 'COPY = sentinel /app' } },
  'PythonBase.slim': { value: PythonBase.slim({ python: '3.12', debian: 'bookworm' }), shows: 'FROM = python:3.12' },
  'PythonBase.chainguard': { value: PythonBase.chainguard(), shows: 'FROM = cgr.dev/chainguard/python' },
  'PythonBase.debian': { value: PythonBase.debian({ release: 'bookworm' }), shows: 'FROM = debian:bookworm' },
  'PythonBase.distroless': { value: PythonBase.distroless(), shows: 'FROM = gcr.io/distroless' },
  'PythonBase.alpine': { value: PythonBase.alpine({ python: '3.12' }), shows: 'FROM = python:3.12-alpine' },
  'PythonBase.bareAlpine': { value: PythonBase.bareAlpine({ release: '3.22' }), shows: 'FROM = alpine:3.22' },
  'PythonBase.installed': {
    value: PythonBase.installed({ base: BaseImage.debian({ release: 'trixie' }), python: PythonInstall.distribution() }), shows: 'FROM = debian:trixie',
  },
  'PythonBase.wolfi': { value: PythonBase.wolfi({ python: '3.13' }), shows: 'FROM = cgr.dev/chainguard/wolfi-base' },
  'PythonBase.of': {
    value: PythonBase.of(BaseImage.python({ python: '3.12' }), BaseImage.pythonSlim({ python: '3.12' })), shows: 'FROM = python:3.12',
  },
  'PythonServer.gunicorn': { value: PythonServer.gunicorn('sentinel:app'), shows: 'sentinel:app' },
  'PythonServer.uvicorn': { value: PythonServer.uvicorn('sentinel:app'), shows: 'sentinel:app' },
  'PythonServer.hypercorn': { value: PythonServer.hypercorn('sentinel:app'), shows: 'sentinel:app' },
  'PythonServer.twisted': { value: PythonServer.twisted({ wsgi: 'sentinel:app' }), shows: 'sentinel.app' },
  'PythonServer.celeryWorker': { value: PythonServer.celeryWorker(SENTINEL), shows: SENTINEL },
  'PythonServer.celeryBeat': { value: PythonServer.celeryBeat(SENTINEL), shows: { dockerfile: SENTINEL, compose: '/var/lib/celery', kubernetes: '/var/lib/celery', aws: '/var/lib/celery', docker: '/var/lib/celery' } },
  'PythonServer.module': { value: PythonServer.module(SENTINEL, { port: 8000, handlesStopSignal: true }), shows: SENTINEL },
  'PythonServer.consoleScript': { value: PythonServer.consoleScript(SENTINEL, { port: 8000, handlesStopSignal: true }), shows: SENTINEL },
  'Dependencies.none': { value: Dependencies.none(), beside: { server: PythonServer.module('app', { port: 8000, handlesStopSignal: true }) }, shows: /^- .*pip/ },
  'Dependencies.requirements': { value: Dependencies.requirements('sentinel.txt'), shows: 'sentinel.txt' },
  'Dependencies.uv': { value: Dependencies.uv(), beside: { source: 'locked', dependencies: Dependencies.requirements('sentinel.txt') }, shows: 'uv.lock' },
  'Dependencies.poetry': { value: Dependencies.poetry(), beside: { source: 'poetry', dependencies: Dependencies.requirements('sentinel.txt') }, shows: 'poetry.lock' },
  'Dependencies.pdm': { value: Dependencies.pdm(), beside: { source: 'poetry', dependencies: Dependencies.requirements('sentinel.txt') }, shows: 'pdm.lock' },
  'Dependencies.pipenv': { value: Dependencies.pipenv(), beside: { source: 'poetry', dependencies: Dependencies.requirements('sentinel.txt') }, shows: 'pipfile.lock' },
  'Dependencies.pyproject': { value: Dependencies.pyproject(), beside: { source: 'poetry', dependencies: Dependencies.requirements('sentinel.txt') }, shows: '--no-compile gunicorn' },
  'Dependencies.wheels': {
    value: (application: Application) => Dependencies.wheels(new WheelBuilder(application, 'sentinel-wheels', {
      source: 'app', base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }), project: false, dependencies: Dependencies.requirements('sentinel.txt'),
    })),
    shows: '--no-index',
  },
  'Dependencies.detected': { value: Dependencies.detected(), beside: { dependencies: Dependencies.requirements('sentinel.txt') }, shows: 'requirements.txt' },
  'Layout.prefix': { value: Layout.prefix(), shows: /\/install|bin\/python/ },
  'Layout.userBase': { value: Layout.userBase(), shows: /PYTHONUSERBASE|bin\/python/ },
  'Layout.wheelhouse': { value: Layout.wheelhouse(), beside: { base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }) }, shows: /\/wheels|bin\/python/ },
  'UserBaseProps.scripts': { value: ['sentinel'], shows: 'sentinel' },
  'Layout.pex': { value: Layout.pex(), shows: /\/pex\/(pex|bin)/ },
  'Layout.nuitka': { value: Layout.nuitka(), shows: '/app/service.bin' },
  'NuitkaProps.modules': { value: [SENTINEL], shows: SENTINEL },
  'NuitkaProps.packages': { value: [SENTINEL], shows: SENTINEL },
  'NuitkaProps.packageData': { value: [SENTINEL], shows: `--include-package-data=${SENTINEL}` },
  'NuitkaProps.args': { value: [`--nofollow-import-to=${SENTINEL}`], shows: `--nofollow-import-to=${SENTINEL}` },
  'Layout.venv': { value: Layout.venv(), beside: { layout: Layout.prefix() }, shows: '/venv' },
  'PythonServiceImageProps.install': { value: true, shows: 'pip' },
  'PythonServiceImageProps.systemPackages': { value: { toRun: ['libsentinel'] }, shows: 'libsentinel' },
  'Bytecode.installed': { value: Bytecode.installed(), shows: /^- .*bytecode/ },
  'Bytecode.imported': { value: Bytecode.imported(), beside: { bytecode: Bytecode.installed() }, shows: 'bytecode' },
  'Trim.nothing': { value: Trim.nothing(), beside: { trim: Trim.unused() }, shows: /^- .*tests/ },
  'Trim.unused': { value: Trim.unused(), shows: 'tests' },
  'Unbuffered.ENVIRONMENT': { value: Unbuffered.ENVIRONMENT, beside: { unbuffered: Unbuffered.OPTION }, shows: 'PYTHONUNBUFFERED' },
  'Unbuffered.OPTION': { value: Unbuffered.OPTION, shows: '"-u"' },
  'PythonServiceImageProps.development': { value: true, shows: { dockerfile: 'FROM', compose: 'watch' }, refused: NOT_DEVELOPED },
  'PythonServiceImageProps.debuggerPort': { value: 5999, beside: { development: true }, refused: NOT_DEVELOPED },
  'PythonDebugImageProps.image': { value: (application: Application) => pythonImage(application, PythonServer.module(SENTINEL, { handlesStopSignal: true, port: 8000 }), {}, SENTINEL), shows: '"-m", "sentinel"' },
  'SystemPackages.toBuild': { value: ['libsentinel-dev'], shows: 'libsentinel-dev' },
  'SystemPackages.toRun': { value: ['libsentinel'], shows: 'libsentinel' },
  'PythonSystemPackages.needs': { value: { gunicorn: { always: ['libsentinel'] } }, shows: 'libsentinel' },
  'PythonSystemPackages.derived': { value: false, beside: { needs: { gunicorn: { always: ['libsentinel'] } } }, shows: /^- .*libsentinel/ },
  'NativePackageNeeds.toBuild': { value: ['libsentinel-dev'], shows: 'libsentinel-dev' },
  'NativePackageNeeds.toRun': { value: ['libsentinel'], beside: { toBuild: [] }, shows: 'libsentinel' },
  'NativePackageNeeds.always': { value: ['libsentinel'], shows: 'libsentinel' },
  'RequirementsProps.moreFiles': { value: ['sentinel.txt'], shows: '--requirement /src/app/sentinel.txt' },
  'RequirementsProps.constraints': { value: ['sentinel.txt'], shows: '--constraint /src/app/sentinel.txt' },
  'PoetryProps.groups': { value: ['sentinel-group'], shows: '--with sentinel-group' },
  'PoetryProps.extras': { value: ['sentinel-extra'], shows: '--extras sentinel-extra' },
  'PoetryProps.version': { value: '2.1.9', shows: 'poetry==2.1.9' },
  'PoetryProps.exportPlugin': { value: '1.9.9', shows: 'poetry-plugin-export==1.9.9' },
  'PdmProps.groups': { value: ['sentinel-group'], shows: '--group sentinel-group' },
  'PdmProps.extras': { value: ['sentinel-extra'], shows: '--group sentinel-extra' },
  'PdmProps.version': { value: '2.1.9', shows: 'pdm[locked]==2.1.9' },
  'PipenvProps.categories': { value: ['sentinel-category'], shows: 'packages sentinel-category' },
  'PipenvProps.version': { value: '2026.9.9', shows: 'pipenv==2026.9.9' },
  'PyprojectProps.groups': { value: ['web'], shows: 'sentinel-package' },
  'PyprojectProps.extras': { value: ['fast'], shows: 'sentinel-json' },
  'UvProps.groups': { value: ['sentinel-group'], shows: 'sentinel-group' },
  'UvProps.extras': { value: ['sentinel-extra'], shows: 'sentinel-extra' },
  'UvProps.image': { value: BaseImage.fromReference('example.com/sentinel:1'), shows: 'example.com/sentinel:1' },
  'PackageIndex.at': { value: [PackageIndex.at('https://sentinel.example.com/simple', { passwordSecret: SENTINEL })], shows: /id=sentinel|secret 'sentinel'/ },
  'PackageIndexProps.username': { value: SENTINEL, beside: { passwordSecret: 'token' }, shows: SENTINEL },
  'PackageIndexProps.passwordSecret': { value: SENTINEL, shows: SENTINEL },
  'DetectedProps.uvImage': { value: BaseImage.fromReference('example.com/sentinel:1'), shows: 'example.com/sentinel:1' },
  'ImportedBytecodeProps.modules': { value: [SENTINEL], shows: SENTINEL },
  'ImportedBytecodeProps.leaveOut': { value: ['flask'], shows: /^- .*flask/ },
  'TrimProps.keep': { value: [SENTINEL], shows: SENTINEL },
  'RunAtBuildProps.environment': { value: { SENTINEL: 'its text' }, shows: 'its text' },
  'WebServerProps.port': { value: 8123 },
  'WebServerProps.healthPath': { value: '/sentinel' },
  'WebServerProps.args': { value: ['--sentinel'], shows: '--sentinel' },
  'GunicornProps.workers': { value: 7, shows: '"--workers", "7"' },
  'GunicornProps.threads': { value: 7, shows: '"--threads", "7"' },
  'GunicornProps.uvicornWorkers': { value: true, shows: 'uvicorn_worker' },
  'GunicornProps.gracefulTimeoutSeconds': { value: 71, shows: { dockerfile: '"71"', compose: '1m16s', ...grace(76) } },
  'UvicornProps.workers': { value: 7, shows: '"--workers", "7"' },
  'UvicornProps.trustedProxies': { value: ['10.71.0.0/16'], shows: '10.71.0.0/16' },
  'UvicornProps.gracefulTimeoutSeconds': { value: 71, shows: { dockerfile: '"71"', compose: '1m16s', ...grace(76) } },
  'HypercornProps.workers': { value: 7, shows: '"--workers", "7"' },
  'HypercornProps.gracefulTimeoutSeconds': { value: 71, shows: { dockerfile: '"71"', compose: '1m16s', ...grace(76) } },
  'TwistedProps.wsgi': { value: 'sentinel:app', shows: 'sentinel.app' },
  'TwistedProps.resourceClass': { value: 'sentinel.Root', instead: ['wsgi'], shows: 'sentinel.Root' },
  'TwistedProps.gracefulTimeoutSeconds': { value: 71, shows: { compose: '1m16s', ...grace(76) } },
  'CeleryWorkerProps.concurrency': { value: 7, shows: '"--concurrency", "7"' },
  'CeleryWorkerProps.queues': { value: [SENTINEL], shows: SENTINEL },
  'CeleryWorkerProps.remoteControl': { value: false, shows: { dockerfile: /^- .*HEALTHCHECK/, compose: /^- .*healthcheck/, kubernetes: /^- .*Probe/, aws: /^- .*healthCheck/i, docker: /^- .*healthcheck/ } },
  'CeleryWorkerProps.gracefulTimeoutSeconds': { value: 71, shows: { compose: '1m16s', ...grace(76) } },
  'CeleryWorkerProps.args': { value: ['--sentinel'], shows: '--sentinel' },
  'CeleryBeatProps.scheduleDirectory': { value: '/var/sentinel' },
  'CeleryBeatProps.args': { value: ['--sentinel'], shows: '--sentinel' },
  'ProgramProps.args': { value: ['--sentinel'], shows: '--sentinel' },
  'ProgramProps.distributions': { value: ['sentinel'], refused: { all: 'SERVER_NOT_INSTALLED' } },
  'ProgramProps.port': { value: 8123 },
  'ProgramProps.healthPath': { value: '/sentinel', beside: { port: 8000 } },
  'ProgramProps.writablePaths': { value: [{ path: '/var/sentinel' }], shows: { dockerfile: 'sentinel', compose: '/var/sentinel', kubernetes: '/var/sentinel', aws: '/var/sentinel', docker: '/var/sentinel' } },
  'ProgramProps.handlesStopSignal': { value: true, shows: HANDLED },
  'ProgramProps.gracefulTimeoutSeconds': { value: 71, shows: { compose: '1m16s', ...grace(76) } },
  'ProcessProps.handlesStopSignal': { value: true, shows: HANDLED },
  'ProcessProps.stopGraceSeconds': { value: 71, shows: { compose: '1m11s', ...grace(71) } },
  'ProcessProps.gracefulTimeoutSeconds': { value: 99, beside: { stopGraceSeconds: 30 }, refused: { all: 'GRACE_TOO_SHORT' } },
  'ProcessProps.interpreter': { value: '/sentinel/python' },
  'MultiStageBuildProps.syntax': { value: 'example.com/sentinel:1' },
  'MultiStageBuildProps.skippedChecks': { value: ['Sentinel'], shows: 'Sentinel' },
  'MultiStageBuildProps.failOnChecks': { value: true, shows: 'error=true' },
  'StageProps.base': { value: BaseImage.fromReference('example.com/sentinel:1'), shows: 'example.com/sentinel:1' },
  'StageProps.output': { value: true, beside: { output: false }, shows: 'AS other' },
  'StageProps.platform': { value: 'linux/arm64', shows: 'linux/arm64' },

  'FileOptions.userId': { value: 4711 },
  'FileOptions.groupId': { value: 4711 },
  'FileOptions.mode': { value: '0712' },
  'FileOptions.link': { value: true, shows: '--link' },
  'CopyOptions.excludes': { value: ['*.sentinel'], shows: '*.sentinel' },
  'CopyOptions.parents': { value: true, shows: '--parents' },
  'AddRemoteOptions.checksum': { value: '7'.repeat(40) },
  'AddRemoteOptions.excludes': { value: ['*.sentinel'], shows: '*.sentinel' },
  'AddRemoteOptions.keepGitDirectory': { value: true, shows: '--keep-git-dir' },
  'AddRemoteOptions.unpack': { value: true, shows: '--unpack' },
  'AddArchiveOptions.link': { value: true, shows: '--link' },
  'WriteFileOptions.mode': { value: '0712' },
  'WriteFileOptions.userId': { value: 4711 },
  'WriteFileOptions.groupId': { value: 4711 },
  'ExpandOptions.expand': { value: true, shows: /\$NAME/ },
  'Mount.bind': { value: [Mount.bind('site', '/sentinel')], shows: '/sentinel' },
  'Mount.bindFrom': { value: [Mount.bindFrom(BaseImage.fromReference('example.com/sentinel:1'), '/from')], shows: 'sentinel' },
  'Mount.cache': { value: [Mount.cache('/sentinel')], shows: '/sentinel' },
  'Mount.secret': [
    { label: 'of nobody', value: [Mount.secret(SENTINEL)], shows: SENTINEL },
    { label: 'of a Secret', value: [Mount.secret(SENTINEL)], beside: withSecret, shows: { dockerfile: SENTINEL, compose: 'build.secrets[] = sentinel', docker: 'build[].secrets[].id = sentinel' } },
  ],
  'Mount.ssh': { value: [Mount.ssh({ id: SENTINEL })], shows: SENTINEL },
  'Mount.tmpfs': { value: [Mount.tmpfs('/sentinel')], shows: '/sentinel' },
  'RunNetwork.DEFAULT': { value: RunNetwork.DEFAULT, beside: { network: RunNetwork.NONE }, shows: /^[+-] .*--network/ },
  'RunNetwork.NONE': { value: RunNetwork.NONE, shows: '--network = none' },
  'RunNetwork.HOST': { value: RunNetwork.HOST, shows: '--network = host' },
  'RunOptions.insecure': { value: true, shows: '--security' },
  'RunOptions.devices': { value: ['example.com/sentinel=all'], shows: 'example.com/sentinel=all' },
  'MountOwnerProps.userId': { value: 4711, shows: 'uid=4711' },
  'MountOwnerProps.groupId': { value: 4711, shows: 'gid=4711' },
  'MountOwnerProps.mode': { value: '0712', shows: 'mode=0712' },
  'CacheMountProps.id': { value: SENTINEL, shows: /id=sentinel|secret 'sentinel'/ },
  'CacheSharing.SHARED': { value: CacheSharing.SHARED, beside: { sharing: CacheSharing.LOCKED }, shows: '' },
  'CacheSharing.LOCKED': { value: CacheSharing.LOCKED, shows: 'sharing=locked' },
  'CacheSharing.PRIVATE': { value: CacheSharing.PRIVATE, shows: 'sharing=private' },
  'CacheMountProps.from': { value: BaseImage.fromReference('example.com/sentinel:1'), shows: 'from=example.com/sentinel:1' },
  'CacheMountProps.source': { value: '/sentinel', beside: { from: BaseImage.fromReference('example.com/from:1') }, shows: 'source=/sentinel' },
  'CacheMountProps.readOnly': { value: true, shows: /readonly|,ro\b/ },
  'BindMountProps.source': { value: '/sentinel', shows: 'source=/sentinel' },
  'BindMountProps.writable': { value: true, shows: /rw|readwrite/ },
  'TmpfsMountProps.sizeMebibytes': { value: 37, shows: 'size=37' },
  'SecretMountProps.target': { value: '/sentinel', shows: 'target=/sentinel' },
  'SecretMountProps.env': { value: 'SENTINEL', shows: 'env=SENTINEL' },
  'SecretMountProps.required': { value: false, shows: /^- .*required/ },
  'SshMountProps.id': { value: SENTINEL, shows: SENTINEL },
  'SshMountProps.target': { value: '/sentinel', shows: 'target=/sentinel' },
  'SshMountProps.required': { value: false, shows: /^- .*required/ },

  'KubernetesProps.registry': { value: 'registry.example.com/sentinel' },
  'KubernetesProps.digests': { value: { 'python-image': `sha256:${'7'.repeat(64)}` }, shows: `sha256:${'7'.repeat(64)}` },
  'KubernetesProps.pullSecrets': { value: [SENTINEL], shows: 'imagePullSecrets[].name = sentinel' },
  'KubernetesProps.namespace': { value: SENTINEL },
  'KubernetesProps.annotations': { value: { 'example.com/a': SENTINEL }, shows: SENTINEL },
  'KubernetesExposure.ingress': { value: (application: Application) => [KubernetesExposure.ingress(service(application, 'web'), { host: 'sentinel.example.com' })], shows: 'sentinel.example.com' },
  'KubernetesExposure.ingressInsteadOf': { value: (application: Application) => [KubernetesExposure.ingressInsteadOf(service(application, 'web'), { host: 'sentinel.example.com' })], shows: 'sentinel.example.com' },
  'KubernetesExposure.loadBalancer': { value: (application: Application) => [KubernetesExposure.loadBalancer(service(application, 'web'))], shows: 'LoadBalancer' },
  'KubernetesProps.storageClass': { value: SENTINEL },
  'KubernetesFileProps.kustomization': { value: true, shows: 'kind = Kustomization' },
  'KubernetesIngressProps.host': { value: 'sentinel.example.com' },
  'KubernetesIngressProps.className': { value: SENTINEL },
  'KubernetesIngressProps.tlsSecret': { value: SENTINEL, beside: { host: 'shop.example.com' } },
  'KubernetesIngressProps.annotations': { value: { 'example.com/a': SENTINEL }, shows: SENTINEL },

  'EcsBuildProps.buildSecrets': { value: { index: 'env=SENTINEL' }, instead: ['registry'], shows: 'dockerBuildSecrets.index = env=SENTINEL' },
  'EcsBuildProps.buildSsh': { value: 'default', instead: ['registry'], shows: 'dockerBuildSsh = default' },
  'EcsApplicationProps.application': { value: otherApplication, shows: 'sentinel-inside' },
  'EcsApplicationProps.vpc': { value: inStack(stack => Vpc.fromVpcAttributes(stack, SENTINEL, { vpcId: 'vpc-sentinel', availabilityZones: ['a'], privateSubnetIds: ['subnet-sentinel'], publicSubnetIds: ['public'] })), shows: 'vpc-sentinel' },
  'EcsApplicationProps.cluster': { value: inStack(cluster), shows: 'Cluster = sentinel' },
  'EcsApplicationProps.launchType': { value: aws.LaunchType.EC2, beside: inStack(stack => ({ cluster: cluster(stack) })), shows: ['LaunchType = EC2', 'RequiresCompatibilities[] = EC2'] },
  'EcsApplicationProps.vpcSubnets': { value: { subnetType: SubnetType.PUBLIC }, shows: 'Subnets[] = public-a' },
  'EcsApplicationProps.registry': { value: 'registry.example.com/sentinel' },
  'EcsApplicationProps.secrets': { value: inStack(stack => ({ token: aws.Secret.fromSecretsManager(AwsSecret.fromSecretNameV2(stack, SENTINEL, 'sentinel/name')) })), shows: 'sentinel/name' },
  'EcsApplicationProps.environment': { value: { PLACE: SENTINEL }, shows: 'Environment[].Value = sentinel' },
  'EcsApplicationProps.certificate': { value: inStack(stack => Certificate.fromCertificateArn(stack, SENTINEL, CERTIFICATE)), shows: CERTIFICATE },
  'EcsApplicationProps.loadBalancer': {
    value: inStack(stack => ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, SENTINEL, { loadBalancerArn: BALANCER, securityGroupId: 'sg-1', vpc: vpcOf(stack) })), shows: BALANCER,
  },
  'EcsApplicationProps.logRetention': { value: RetentionDays.ONE_WEEK, shows: 'RetentionInDays = 7' },
  'TerraformApplicationProps.application': { value: otherApplication, shows: 'sentinel-inside' },
  'TerraformApplicationProps.vpcId': { value: 'vpc-sentinel' },
  'TerraformApplicationProps.subnetIds': { value: ['subnet-sentinel'], shows: 'subnet-sentinel' },
  'TerraformApplicationProps.publicSubnetIds': { value: ['subnet-sentinel'], shows: 'subnet-sentinel' },
  'TerraformApplicationProps.clusterArn': { value: 'arn:aws:ecs:eu-west-1:123456789012:cluster/sentinel' },
  'TerraformApplicationProps.registry': { value: 'registry.example.com/sentinel' },
  'TerraformApplicationProps.secrets': { value: { token: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:sentinel' }, shows: 'secret:sentinel' },
  'TerraformApplicationProps.environment': { value: { PLACE: SENTINEL }, shows: 'environment[].value = sentinel' },
  'TerraformApplicationProps.certificateArn': { value: CERTIFICATE },
  'TerraformApplicationProps.logRetentionDays': { value: 7, shows: 'retention_in_days = 7' },
  'DockerApplicationProps.application': { value: otherApplication, shows: 'sentinel-inside' },
  'DockerApplicationProps.project': { value: SENTINEL, shows: [/name = sentinel-/] },
  'DockerApplicationProps.secrets': { value: { token: '/sentinel' }, shows: 'source = /sentinel' },
  'DockerApplicationProps.environment': { value: { PLACE: SENTINEL }, shows: 'env[] = PLACE=sentinel' },
};
