/** The same resources by hand in aws-cdk-lib, for the same images. Its lines are counted. */
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Port, SecurityGroup, SubnetType, type IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  AppProtocol, AvailabilityZoneRebalancing, Capability, Cluster, ContainerDependencyCondition, ContainerImage, ContainerInsights, CpuArchitecture,
  FargateService, FargateTaskDefinition, LinuxParameters, LogDrivers, OperatingSystemFamily, PropagatedTagSource, Secret, type ContainerDefinition,
  type ContainerDefinitionOptions, type TmpfsMountOption,
} from 'aws-cdk-lib/aws-ecs';
import { FileSystem, ThroughputMode } from 'aws-cdk-lib/aws-efs';
import { ApplicationListener, ApplicationLoadBalancer, ApplicationProtocol, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret as ManagedSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { DnsRecordType, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';
import { FILES_PROGRAM } from '../../lib/aws/files-program';
import { RUN_TASK_PROGRAM } from '../../lib/targets/ecs/run-task-program';

const API_IMAGE = 'registry.example.com/shop/api-image:1663c1019fea';
const PYTHON = '/venv/bin/python';
const LAUNCH = [PYTHON, '-IS', '/launch.py', PYTHON];
const DATABASE = { WHEELHOUSE_URL_DATABASE_URL: 'postgresql+psycopg://shop:{/run/secrets/db-password}@db:5432/shop' };
const NEVER = Duration.seconds(0);

/** What all tasks share. */
interface Place {
  readonly vpc: IVpc;
  readonly cluster: Cluster;
  readonly group: SecurityGroup;
  readonly logGroup: LogGroup;
  readonly namespace: PrivateDnsNamespace;
  readonly fileSystem: FileSystem;
  readonly secrets: Record<string, Secret>;
}

/** What tasks differ in. */
interface TaskSettings {
  readonly image?: string;
  readonly user?: number;
  readonly graceSeconds?: number;
  readonly container: Partial<ContainerDefinitionOptions>;
  readonly port?: number;
  readonly http?: boolean;
  readonly writable?: Record<string, string>;
  readonly secrets?: string[];
  readonly data?: { readonly volume: string; readonly path: string };
}

export function shopByHand(stack: Stack, vpc: IVpc): void {
  const place = declarePlace(stack, vpc);
  const db = serve(stack, place, 'db', {
    image: 'postgres:18',
    user: 999,
    graceSeconds: 90,
    port: 5432,
    container: {
      environment: { POSTGRES_DB: 'shop', POSTGRES_USER: 'shop', POSTGRES_PASSWORD_FILE: '/run/secrets/db-password' },
      healthCheck: checked(60, 'pg_isready', '--quiet', '--host=127.0.0.1', '--username=shop', '--dbname=shop'),
    },
    writable: { '/var/run/postgresql': '0700' },
    data: { volume: 'db-data', path: '/var/lib/postgresql' },
  });
  const migrate = run(stack, place, 'migrate', {
    container: { entryPoint: [...LAUNCH, '-m', 'shop.migrate'], command: [], environment: { LOCALDOMAIN: 'shop.internal', ...DATABASE } },
  });
  migrate.node.addDependency(db);

  const asked = "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=3); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status >= 400)";
  const api = serve(stack, place, 'api', {
    port: 8000,
    http: true,
    container: { environment: { ...DATABASE, WHEELHOUSE_FILE_RECEIPT_KEY: '/run/secrets/receipt-key' }, healthCheck: checked(30, PYTHON, '-IS', '-c', asked) },
    secrets: ['db-password', 'receipt-key'],
  });
  const alive = "import os, time; assert time.time() - os.path.getmtime('/tmp/alive') < 60";
  const worker = (name: string, data?: TaskSettings['data']) => serve(stack, place, name, {
    container: { entryPoint: [...LAUNCH, '-m', `shop.${name}`], command: [], environment: DATABASE, healthCheck: checked(30, ...LAUNCH, '-c', alive) },
    data,
  });
  for (const service of [api, worker('mailer', { volume: 'mails', path: '/var/spool/shop' }), worker('reporter')]) service.node.addDependency(db, migrate);
  const web = serve(stack, place, 'web', {
    image: 'registry.example.com/shop/web-image:bb9e96b1c766',
    graceSeconds: 65,
    port: 8080,
    http: true,
    container: {},
    writable: { '/tmp': '1777' },
    secrets: [],
  }, Duration.seconds(60));
  web.node.addDependency(api);
  publish(stack, vpc, web);
}

function declarePlace(stack: Stack, vpc: IVpc): Place {
  const cluster = new Cluster(stack, 'cluster', { vpc, containerInsightsV2: ContainerInsights.ENHANCED });
  const group = new SecurityGroup(stack, 'group', { vpc, description: 'Network default of shop' });
  for (const port of [5432, 8000, 8080]) group.addIngressRule(group, Port.tcp(port), 'members of default');
  const fileSystem = new FileSystem(stack, 'files', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, onePerAz: true },
    encrypted: true,
    enableAutomaticBackups: true,
    throughputMode: ThroughputMode.ELASTIC,
    removalPolicy: RemovalPolicy.RETAIN,
    allowAnonymousAccess: true,
    fileSystemPolicy: new PolicyDocument({
      statements: [new PolicyStatement({
        effect: Effect.DENY, principals: [new AnyPrincipal()], actions: ['*'], conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      })],
    }),
  });
  fileSystem.connections.allowDefaultPortFrom(group, 'network default');
  const secret = (name: string) => Secret.fromSecretsManager(ManagedSecret.fromSecretNameV2(stack, name, `shop/${name}`));
  return {
    vpc,
    cluster,
    group,
    fileSystem,
    logGroup: new LogGroup(stack, 'log', { retention: RetentionDays.ONE_YEAR }),
    namespace: new PrivateDnsNamespace(stack, 'namespace', { name: 'shop.internal', vpc, description: 'Services of shop' }),
    secrets: { 'db-password': secret('db-password'), 'receipt-key': secret('receipt-key') },
  };
}

/** The agent carries it out; what the image says does not count. */
function checked(startSeconds: number, ...command: string[]): ContainerDefinitionOptions['healthCheck'] {
  return { command: ['CMD', ...command], interval: Duration.seconds(10), timeout: Duration.seconds(3), retries: 3, startPeriod: Duration.seconds(startSeconds) };
}

/** What all containers have. */
function hardened(definition: FargateTaskDefinition, id: string, user: number, writable: Record<string, string>, { logGroup }: Place) {
  const linuxParameters = new LinuxParameters(definition, `${id}-linux`, { initProcessEnabled: false });
  linuxParameters.dropCapabilities(Capability.ALL);
  linuxParameters.addTmpfs(...Object.entries(writable).map(([containerPath, mode]) => ({
    containerPath, size: 1024, mountOptions: [`uid=${user}`, `gid=${user}`, `mode=${mode}`, 'nosuid', 'nodev', 'noexec'] as TmpfsMountOption[],
  })));
  const streamPrefix = definition.family.replace('shop-', '');
  return { user: `${user}:${user}`, readonlyRootFilesystem: true, linuxParameters, logging: LogDrivers.awsLogs({ logGroup, streamPrefix }) };
}

function declareTask(stack: Stack, place: Place, name: string, settings: TaskSettings) {
  const { image = API_IMAGE, user = 65532, graceSeconds = 35, container, port, http, secrets = ['db-password'], data } = settings;
  const { writable = { '/tmp': '1777', '/home/nonroot': '0700' } } = settings;
  const definition = new FargateTaskDefinition(stack, `${name}-task`, {
    family: `shop-${name}`,
    cpu: 1024,
    memoryLimitMiB: 2048,
    runtimePlatform: { cpuArchitecture: CpuArchitecture.X86_64, operatingSystemFamily: OperatingSystemFamily.LINUX },
  });
  const main = definition.addContainer(name, {
    ...hardened(definition, name, user, writable, place),
    image: ContainerImage.fromRegistry(image),
    stopTimeout: Duration.seconds(graceSeconds),
    memoryLimitMiB: 512,
    memoryReservationMiB: 128,
    portMappings: port === undefined ? [] : [{ name: `${name}-${port}`, containerPort: port, appProtocol: http ? AppProtocol.http : undefined }],
    ...container,
  });
  if (data) mountData(place, definition, main, user, data);
  if (secrets.length > 0) writeSecrets(place, definition, main, secrets);
  return { definition, main };
}

/** Secrets are files, which ECS has no word for: a container that ends first writes them. */
function writeSecrets(place: Place, definition: FargateTaskDefinition, main: ContainerDefinition, names: string[]): void {
  const variables = Object.fromEntries(names.map(name => [`SECRET_${name.toUpperCase().replace('-', '_')}`, name]));
  const writer = definition.addContainer('files', {
    ...hardened(definition, 'files', 0, {}, place),
    image: ContainerImage.fromRegistry(API_IMAGE),
    essential: false,
    entryPoint: [PYTHON, '-IS', '-c', FILES_PROGRAM],
    command: Object.entries(variables).map(([variable, name]) => `${variable}=/run/secrets/${name}`),
    secrets: Object.fromEntries(Object.entries(variables).map(([variable, name]) => [variable, place.secrets[name]])),
  });
  definition.addVolume({ name: 'files-secrets' });
  for (const container of [writer, main]) {
    container.addMountPoints({ sourceVolume: 'files-secrets', containerPath: '/run/secrets', readOnly: container === main });
  }
  main.addContainerDependencies({ container: writer, condition: ContainerDependencyCondition.SUCCESS });
}

function mountData(
  { fileSystem }: Place, definition: FargateTaskDefinition, main: ContainerDefinition, user: number, { volume, path }: NonNullable<TaskSettings['data']>,
): void {
  const [uid, gid] = [`${user}`, `${user}`];
  const createAcl = { ownerUid: uid, ownerGid: gid, permissions: '0700' };
  const point = fileSystem.addAccessPoint(volume, { path: `/${volume}`, posixUser: { uid, gid }, createAcl });
  const { fileSystemId, fileSystemArn } = fileSystem;
  const authorizationConfig = { accessPointId: point.accessPointId, iam: 'ENABLED' };
  definition.addVolume({ name: volume, efsVolumeConfiguration: { fileSystemId, transitEncryption: 'ENABLED', authorizationConfig } });
  definition.addToTaskRolePolicy(new PolicyStatement({
    actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
    resources: [fileSystemArn],
    conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': point.accessPointArn } },
  }));
  main.addMountPoints({ sourceVolume: volume, containerPath: path, readOnly: false });
}

function serve(stack: Stack, place: Place, name: string, settings: TaskSettings, healthCheckGracePeriod?: Duration): FargateService {
  const { cluster, group, namespace, fileSystem } = place;
  const { definition } = declareTask(stack, place, name, settings);
  const { port, http, data } = settings;
  const service = new FargateService(stack, name, {
    cluster,
    taskDefinition: definition,
    desiredCount: 1,
    circuitBreaker: { rollback: true },
    minHealthyPercent: data ? 0 : 100,
    maxHealthyPercent: data ? 100 : 200,
    availabilityZoneRebalancing: data ? AvailabilityZoneRebalancing.DISABLED : AvailabilityZoneRebalancing.ENABLED,
    enableExecuteCommand: false,
    propagateTags: PropagatedTagSource.SERVICE,
    securityGroups: [group],
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    assignPublicIp: false,
    healthCheckGracePeriod,
    serviceConnectConfiguration: {
      namespace: namespace.namespaceArn,
      services: port === undefined ? [] : [{
        portMappingName: `${name}-${port}`,
        discoveryName: `${name}_${port}`,
        dnsName: name,
        port,
        idleTimeout: NEVER,
        ...http ? { perRequestTimeout: NEVER } : {},
      }],
    },
    cloudMapOptions: port === undefined ? undefined : {
      name, cloudMapNamespace: namespace, dnsRecordType: DnsRecordType.A, dnsTtl: Duration.seconds(10),
    },
  });
  service.node.addDependency(definition, group);
  if (data) service.node.addDependency(fileSystem);
  return service;
}

/** A custom resource that runs a task and waits for its end: CloudFormation has none for that. */
function run(stack: Stack, place: Place, name: string, settings: TaskSettings): CustomResource {
  const { vpc, cluster, group } = place;
  const { definition } = declareTask(stack, place, name, settings);
  const scope = new Construct(stack, 'run-task');
  const logGroup = new LogGroup(scope, 'log', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
  const role = new Role(scope, 'role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  const inCluster = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
  const toTasks = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
  const tasks = stack.formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` });
  const roles = [definition.taskRole.roleArn, definition.obtainExecutionRole().roleArn];
  role.addToPolicy(new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stack.stackId] }));
  role.addToPolicy(new PolicyStatement({ actions: ['ecs:RunTask'], resources: [definition.taskDefinitionArn], conditions: inCluster }));
  role.addToPolicy(new PolicyStatement({ actions: ['iam:PassRole'], resources: roles, conditions: toTasks }));
  role.addToPolicy(new PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: [tasks], conditions: inCluster }));
  const { functionArn } = new LambdaFunction(scope, 'function', {
    description: 'Runs jobs of shop for CloudFormation',
    runtime: Runtime.PYTHON_3_14,
    handler: 'index.handler',
    code: Code.fromInline(RUN_TASK_PROGRAM),
    timeout: Duration.minutes(15),
    retryAttempts: 0,
    role,
    logGroup,
  });
  const job = new CustomResource(stack, name, {
    serviceToken: functionArn,
    serviceTimeout: Duration.minutes(16),
    resourceType: 'Custom::RunTask',
    properties: {
      Job: name,
      Container: name,
      Retries: 0,
      Cluster: cluster.clusterArn,
      TaskDefinition: definition.taskDefinitionArn,
      LaunchType: 'FARGATE',
      Network: { subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId), securityGroups: [group.securityGroupId], assignPublicIp: 'DISABLED' },
      LogGroup: place.logGroup.logGroupName,
    },
  });
  job.node.addDependency(scope, definition, group);
  return job;
}

function publish(stack: Stack, vpc: IVpc, service: FargateService): void {
  const loadBalancer = new ApplicationLoadBalancer(stack, 'balancer', { vpc, internetFacing: true, dropInvalidHeaderFields: true });
  const listener = new ApplicationListener(stack, 'listener', { loadBalancer, port: 8095, protocol: ApplicationProtocol.HTTP });
  const targetGroup = new ApplicationTargetGroup(stack, 'target', {
    vpc: service.cluster.vpc,
    port: 8080,
    protocol: ApplicationProtocol.HTTP,
    targets: [service.loadBalancerTarget({ containerName: 'web', containerPort: 8080 })],
    healthCheck: {
      path: '/nginx-health', healthyHttpCodes: '200-399', interval: Duration.seconds(10), timeout: Duration.seconds(3), unhealthyThresholdCount: 3,
    },
    deregistrationDelay: Duration.seconds(65),
  });
  listener.addTargetGroups('target', { targetGroups: [targetGroup] });
}
