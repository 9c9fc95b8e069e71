/** The yardstick: the same resources as ours.js, by hand in aws-cdk-lib, with its own constructs for all that has one. */
'use strict';
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { placeIn } = require('./place');
const { measure } = require('../measure');

const KIND = process.argv[2];
const USER = '65532';
const PORT = 8000;
const SCRATCH = KIND === 'built'
  ? [{ path: '/home/nonroot', size: 1024, mode: '0700' }, { path: '/tmp', size: 1024, mode: '1777' }]
  : [{ path: '/tmp', size: 64, mode: '0700' }];
const PYTHON = '/venv/bin/python';
const PROBE = "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=3); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status >= 400)";

measure(directory => {
  const { Construct } = require('constructs');
  const {
    CustomResource, Duration, RemovalPolicy, aws_ec2: ec2, aws_ecr_assets: assets, aws_ecs: ecs, aws_efs: efs, aws_iam: iam, aws_lambda: lambda,
    aws_elasticloadbalancingv2: elbv2, aws_logs: logs, aws_secretsmanager: secretsmanager, aws_servicediscovery: discovery,
  } = require('aws-cdk-lib');
  // by hand, somebody would have to write them
  const { FILES_PROGRAM } = require('../../build/aws/files-program');
  const { RUN_TASK_PROGRAM } = require('../../build/targets/ecs/run-task-program');
  if (KIND === 'built') writeContext(join(directory, 'context'));

  return (count, outdir) => {
    const { app, stack, vpc } = placeIn(outdir);
    const place = { stack, vpc, ...declarePlace(stack, vpc, count) };
    for (let number = 0; number < count; number++) declareService(place, `s${number}`, number);
    app.synth();
  };

  function declarePlace(stack, vpc, count) {
    const namespace = new discovery.PrivateDnsNamespace(stack, 'namespace', { name: 'shop.internal', vpc, description: 'Services of shop' });
    const cluster = new ecs.Cluster(stack, 'cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENHANCED });
    const group = new ec2.SecurityGroup(stack, 'group', { vpc, description: 'Network default of shop' });
    group.addIngressRule(group, ec2.Port.tcp(PORT), 'members of default');
    return {
      namespace,
      cluster,
      group,
      logGroup: new logs.LogGroup(stack, 'log', { retention: logs.RetentionDays.ONE_YEAR, removalPolicy: RemovalPolicy.RETAIN }),
      secret: secretsmanager.Secret.fromSecretNameV2(stack, 'api-key', 'shop/api-key'),
      fileSystem: count > 1 ? declareFileSystem(stack, vpc, group) : undefined,
      asset: KIND === 'built' ? new assets.DockerImageAsset(stack, 'image', { directory: join(directory, 'context'), assetName: 'shop-image' }) : undefined,
      runTask: count > 2 ? declareRunTask(stack, cluster) : undefined,
    };
  }

  function declareFileSystem(stack, vpc, group) {
    const fileSystem = new efs.FileSystem(stack, 'files', {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, onePerAz: true },
      encrypted: true,
      enableAutomaticBackups: true,
      throughputMode: efs.ThroughputMode.ELASTIC,
      removalPolicy: RemovalPolicy.RETAIN,
      allowAnonymousAccess: true,
      fileSystemPolicy: new iam.PolicyDocument({
        statements: [new iam.PolicyStatement({
          effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['*'], conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        })],
      }),
    });
    fileSystem.connections.allowDefaultPortFrom(group, 'network default');
    return fileSystem;
  }

  /** A function that runs jobs, with all that has to be there before it is called. */
  function declareRunTask(stack, cluster) {
    const scope = new Construct(stack, 'run-task');
    const logGroup = new logs.LogGroup(scope, 'log', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const role = new iam.Role(scope, 'role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    role.addToPolicy(new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [stack.stackId] }));
    const tasks = stack.formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: [tasks], conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } } }));
    const { functionArn } = new lambda.Function(scope, 'function', {
      description: 'Runs jobs of shop for CloudFormation',
      runtime: lambda.Runtime.PYTHON_3_14,
      handler: 'index.handler',
      code: lambda.Code.fromInline(RUN_TASK_PROGRAM),
      timeout: Duration.minutes(15),
      retryAttempts: 0,
      role,
      logGroup,
    });
    return { scope, role, functionArn };
  }

  function imageOf({ asset }, name) {
    return asset ? ecs.ContainerImage.fromDockerImageAsset(asset) : ecs.ContainerImage.fromRegistry(`registry.example.com/shop/${name}:1`);
  }

  function linuxParameters(definition, id, { init = false, tmpfs = [] } = {}) {
    const parameters = new ecs.LinuxParameters(definition, id, { initProcessEnabled: init });
    parameters.dropCapabilities(ecs.Capability.ALL);
    // it knows no options with a value
    const options = mode => [`uid=${USER}`, `gid=${USER}`, `mode=${mode}`, 'nosuid', 'nodev', 'noexec'];
    parameters.addTmpfs(...tmpfs.map(({ path, size, mode }) => ({ containerPath: path, size, mountOptions: options(mode) })));
    return parameters;
  }

  /** A task definition whose process finds its secret in a file. */
  function declareTask(place, name, image, { init, ...process }) {
    const definition = new ecs.FargateTaskDefinition(place.stack, `${name}-task`, {
      family: `shop-${name}`,
      cpu: 1024,
      memoryLimitMiB: 2048,
      runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.X86_64, operatingSystemFamily: ecs.OperatingSystemFamily.LINUX },
    });
    definition.addVolume({ name: 'files-secrets' });
    const logging = ecs.LogDrivers.awsLogs({ logGroup: place.logGroup, streamPrefix: name });
    const writer = definition.addContainer('files', {
      image: imageOf(place, image),
      essential: false,
      user: '0:0',
      entryPoint: [PYTHON, '-IS', '-c', FILES_PROGRAM],
      command: ['SECRET_API_KEY=/run/secrets/api-key'],
      secrets: { SECRET_API_KEY: ecs.Secret.fromSecretsManager(place.secret) },
      readonlyRootFilesystem: true,
      linuxParameters: linuxParameters(definition, 'linux-files'),
      logging,
    });
    writer.addMountPoints({ sourceVolume: 'files-secrets', containerPath: '/run/secrets', readOnly: false });
    const container = definition.addContainer(name, {
      image: imageOf(place, image),
      user: `${USER}:${USER}`,
      readonlyRootFilesystem: true,
      linuxParameters: linuxParameters(definition, 'linux', { init, tmpfs: SCRATCH }),
      stopTimeout: Duration.seconds(35),
      memoryLimitMiB: 256,
      memoryReservationMiB: 128,
      logging,
      ...process,
    });
    container.addMountPoints({ sourceVolume: 'files-secrets', containerPath: '/run/secrets', readOnly: true });
    container.addContainerDependencies({ container: writer, condition: ecs.ContainerDependencyCondition.SUCCESS });
    return { definition, container };
  }

  function declareService(place, name, number) {
    const kind = number % 10;
    const { stack, cluster, namespace, group } = place;
    const { definition, container } = declareTask(place, name, name, {
      environment: { API_KEY_FILE: '/run/secrets/api-key' },
      healthCheck: healthCheck(),
      portMappings: [{ name: `${name}-${PORT}`, containerPort: PORT, appProtocol: ecs.AppProtocol.http }],
    });
    if (kind === 1) addData(place, name, definition, container);
    const never = Duration.seconds(0);
    const service = new ecs.FargateService(stack, name, {
      cluster,
      taskDefinition: definition,
      desiredCount: kind === 3 ? undefined : 1,
      circuitBreaker: { rollback: true },
      minHealthyPercent: kind === 1 ? 0 : 100,
      maxHealthyPercent: kind === 1 ? 100 : 200,
      availabilityZoneRebalancing: kind === 1 ? ecs.AvailabilityZoneRebalancing.DISABLED : ecs.AvailabilityZoneRebalancing.ENABLED,
      enableExecuteCommand: false,
      propagateTags: ecs.PropagatedTagSource.SERVICE,
      securityGroups: [group],
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      assignPublicIp: false,
      // jobs have no Service Connect
      cloudMapOptions: place.runTask && { name, cloudMapNamespace: namespace, dnsRecordType: discovery.DnsRecordType.A, dnsTtl: Duration.seconds(10) },
      healthCheckGracePeriod: number === 0 ? Duration.seconds(60) : undefined,
      serviceConnectConfiguration: {
        namespace: namespace.namespaceArn,
        services: [{ portMappingName: `${name}-${PORT}`, discoveryName: `${name}_${PORT}`, dnsName: name, port: PORT, perRequestTimeout: never, idleTimeout: never }],
      },
    });
    service.node.addDependency(definition, group);
    if (number === 0) publish(place, service, name);
    if (kind === 1) service.node.addDependency(place.fileSystem);
    if (kind === 2) service.node.addDependency(declareJob(place, name));
    if (kind === 3) service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 5 }).scaleOnCpuUtilization('cpu', { targetUtilizationPercent: 70 });
  }

  function healthCheck() {
    return { command: ['CMD', PYTHON, '-IS', '-c', PROBE], interval: Duration.seconds(10), timeout: Duration.seconds(3), retries: 3, startPeriod: Duration.seconds(30) };
  }

  function publish({ stack, vpc }, service, name) {
    const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'balancer', { vpc, internetFacing: true, dropInvalidHeaderFields: true });
    const listener = new elbv2.ApplicationListener(stack, 'listener', { loadBalancer, port: 80, protocol: elbv2.ApplicationProtocol.HTTP });
    const targetGroup = new elbv2.ApplicationTargetGroup(stack, 'target', {
      vpc: service.cluster.vpc,
      port: PORT,
      protocol: elbv2.ApplicationProtocol.HTTP,
      targets: [service.loadBalancerTarget({ containerName: name, containerPort: PORT })],
      healthCheck: { path: '/healthz', healthyHttpCodes: '200-399', interval: Duration.seconds(10), timeout: Duration.seconds(3), unhealthyThresholdCount: 3 },
      deregistrationDelay: Duration.seconds(35),
    });
    listener.addTargetGroups('target', { targetGroups: [targetGroup] });
  }

  function addData({ fileSystem }, name, definition, container) {
    const point = fileSystem.addAccessPoint(`${name}-data`, {
      path: `/${name}-data`, posixUser: { uid: USER, gid: USER }, createAcl: { ownerUid: USER, ownerGid: USER, permissions: '0700' },
    });
    definition.addVolume({
      name: `${name}-data`,
      efsVolumeConfiguration: {
        fileSystemId: fileSystem.fileSystemId, transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: point.accessPointId, iam: 'ENABLED' },
      },
    });
    definition.addToTaskRolePolicy(new iam.PolicyStatement({
      actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      resources: [fileSystem.fileSystemArn],
      conditions: { StringEquals: { 'elasticfilesystem:AccessPointArn': point.accessPointArn } },
    }));
    container.addMountPoints({ sourceVolume: `${name}-data`, containerPath: '/var/lib/app', readOnly: false });
  }

  /** A migration that has ended well before the service has a new version. */
  function declareJob(place, service) {
    const { stack, cluster, group, runTask, logGroup, vpc } = place;
    const name = `${service}-migrate`;
    const { definition, container } = declareTask(place, name, service, {
      ...(KIND === 'built' ? { entryPoint: [PYTHON, '-m', 'migrate'], init: true } : { command: ['-m', 'migrate'] }),
      environment: { LOCALDOMAIN: 'shop.internal', API_KEY_FILE: '/run/secrets/api-key' },
    });
    const inCluster = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
    const ofTasks = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
    const roles = [definition.taskRole.roleArn, definition.executionRole.roleArn];
    runTask.role.addToPolicy(new iam.PolicyStatement({ actions: ['ecs:RunTask'], resources: [definition.taskDefinitionArn], conditions: inCluster }));
    runTask.role.addToPolicy(new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: roles, conditions: ofTasks }));
    const run = new CustomResource(stack, name, {
      serviceToken: runTask.functionArn,
      serviceTimeout: Duration.minutes(16),
      resourceType: 'Custom::RunTask',
      properties: {
        Job: name,
        Container: container.containerName,
        Retries: 0,
        Cluster: cluster.clusterArn,
        TaskDefinition: definition.taskDefinitionArn,
        LaunchType: 'FARGATE',
        Network: { subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId), securityGroups: [group.securityGroupId], assignPublicIp: 'DISABLED' },
        LogGroup: logGroup.logGroupName,
      },
    });
    run.node.addDependency(runTask.scope, definition, group);
    return run;
  }
});

/** What would be built, as one has it beside one's source. */
function writeContext(directory) {
  mkdirSync(directory);
  writeFileSync(join(directory, 'requirements.txt'), 'flask\ngunicorn\n');
  writeFileSync(join(directory, 'app.py'), 'from flask import Flask\napp = Flask(__name__)\n');
  writeFileSync(join(directory, '.dockerignore'), '*\n!requirements.txt\n!app.py\n');
  writeFileSync(join(directory, 'Dockerfile'), 'FROM python:3.13-slim-bookworm\nCOPY . /app\nRUN pip install -r /app/requirements.txt\nUSER 65532:65532\nCMD ["gunicorn", "app:app"]\n');
}
