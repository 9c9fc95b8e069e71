/** Judges the judges: what is right passes, and a planted fault is found. */
import { join } from 'node:path';
import { App, CfnOutput, type CfnResource, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as efs from 'aws-cdk-lib/aws-efs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { NamespaceType, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { nagFindings } from '../cdk-nag';
import { folder } from '../declare';
import { cfnLint, checkovOn, describeWithAwsJudges, Moto } from './aws-judges';

/** Runs a task of the new revision to its end, as CloudFormation has to wait for it. */
const MIGRATION = `
import boto3, cfnresponse, time
def handler(event, context):
    if event["RequestType"] == "Delete":
        return cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, event["PhysicalResourceId"])
    asked, ecs = event["ResourceProperties"], boto3.client("ecs")
    network = {"awsvpcConfiguration": {"subnets": asked["Subnets"], "securityGroups": asked["Groups"]}}
    task = ecs.run_task(cluster=asked["Cluster"], taskDefinition=asked["Task"], launchType="FARGATE", networkConfiguration=network)["tasks"][0]
    while task["lastStatus"] != "STOPPED":
        time.sleep(0.1)
        task = ecs.describe_tasks(cluster=asked["Cluster"], tasks=[task["taskArn"]])["tasks"][0]
    code = task["containers"][0]["exitCode"]
    status = cfnresponse.FAILED if code else cfnresponse.SUCCESS
    cfnresponse.send(event, context, status, {"Task": task["taskArn"]}, "migration", reason=f"exit code {code}")
`;

/** One service behind a load balancer, with everything that a service of ours may have. */
function shop(): Stack {
  const stack = new Stack(new App(), 'shop');
  const vpc = new ec2.Vpc(stack, 'vpc', { maxAzs: 2, natGateways: 1 });
  const cluster = new ecs.Cluster(stack, 'cluster', { vpc, containerInsightsV2: ecs.ContainerInsights.ENABLED, defaultCloudMapNamespace: { name: 'shop', type: NamespaceType.HTTP, useForServiceConnect: true } });
  const files = new efs.FileSystem(stack, 'files', { vpc, encrypted: true });
  const point = files.addAccessPoint('data', { path: '/data', createAcl: { ownerUid: '999', ownerGid: '999', permissions: '750' }, posixUser: { uid: '999', gid: '999' } });
  const task = new ecs.FargateTaskDefinition(stack, 'task', { cpu: 512, memoryLimitMiB: 1024, runtimePlatform: { cpuArchitecture: ecs.CpuArchitecture.ARM64 } });
  task.addVolume({ name: 'data', efsVolumeConfiguration: { fileSystemId: files.fileSystemId, transitEncryption: 'ENABLED', authorizationConfig: { accessPointId: point.accessPointId, iam: 'ENABLED' } } });
  const parameters = new ecs.LinuxParameters(stack, 'linux', { initProcessEnabled: true });
  parameters.dropCapabilities(ecs.Capability.ALL);
  const container = task.addContainer('api', {
    image: ecs.ContainerImage.fromRegistry('example.com/api:1'),
    user: '999:999',
    readonlyRootFilesystem: true,
    linuxParameters: parameters,
    stopTimeout: Duration.seconds(30),
    logging: ecs.LogDriver.awsLogs({ streamPrefix: 'api', logRetention: 30 }),
    secrets: { KEY: ecs.Secret.fromSecretsManager(new Secret(stack, 'key')) },
    portMappings: [{ name: 'http', containerPort: 8000 }],
  });
  container.addMountPoints({ sourceVolume: 'data', containerPath: '/data', readOnly: false });
  const group = new ec2.SecurityGroup(stack, 'group', { vpc, allowAllOutbound: false });
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443));
  const service = new ecs.FargateService(stack, 'service', {
    cluster,
    taskDefinition: task,
    securityGroups: [group],
    minHealthyPercent: 100,
    circuitBreaker: { rollback: true },
    serviceConnectConfiguration: { services: [{ portMappingName: 'http', dnsName: 'api', port: 8000 }] },
    cloudMapOptions: { name: 'api', cloudMapNamespace: new PrivateDnsNamespace(stack, 'names', { name: 'shop.internal', vpc }) },
  });
  service.autoScaleTaskCount({ maxCapacity: 4 }).scaleOnCpuUtilization('cpu', { targetUtilizationPercent: 60 });
  const balancer = new elb.ApplicationLoadBalancer(stack, 'balancer', { vpc, internetFacing: true });
  const listener = balancer.addListener('http', { port: 80, protocol: elb.ApplicationProtocol.HTTP });
  listener.addTargets('api', { port: 8000, protocol: elb.ApplicationProtocol.HTTP, targets: [service], healthCheck: { path: '/healthz' } });
  const run = new lambda.Function(stack, 'run', { runtime: lambda.Runtime.PYTHON_3_13, handler: 'index.handler', code: lambda.Code.fromInline(MIGRATION) });
  const migration = new CustomResource(stack, 'migration', {
    serviceToken: run.functionArn,
    resourceType: 'Custom::RunTask',
    properties: {
      Cluster: cluster.clusterName,
      Task: task.taskDefinitionArn,
      Subnets: vpc.privateSubnets.map(subnet => subnet.subnetId),
      Groups: [group.securityGroupId],
    },
  });
  (service.node.findChild('Service') as CfnResource).addDependency(migration.node.defaultChild as CfnResource);
  new CfnOutput(stack, 'ran', { value: migration.getAttString('Task') });
  return stack;
}

/** The template, changed. */
function template(change: (resource: (type: string) => any) => void = () => undefined): string {
  const { Resources, ...rest } = (App.of(shop()) as App).synth().getStackByName('shop').template;
  change(type => (Object.values(Resources) as any[]).find(({ Type }) => Type === type).Properties);
  return JSON.stringify({ ...rest, Resources }, null, 1);
}

const written = (text: string) => join(folder({ 'shop.template.json': text }), 'shop.template.json');
const RIGHT = template();

describe('cdk-nag', () => {
  const PUBLIC = 'shop/balancer/SecurityGroup/Resource: AwsSolutions-EC23';

  test('finds a balancer that is open to everybody', () => expect(nagFindings(shop())).toContain(PUBLIC));

  test('finds nothing of the kind in an empty stack', () => expect(nagFindings(new Stack(new App(), 'empty'))).toEqual([]));
});

describeWithAwsJudges('cfn-lint', () => {
  test('finds no errors in a good template', () => expect(cfnLint(written(RIGHT)).filter(({ rule }) => rule.startsWith('E'))).toEqual([]));

  test('finds a size that Fargate does not have', () => {
    const found = cfnLint(written(template(of => { of('AWS::ECS::TaskDefinition').Cpu = '300'; })));
    expect(found.map(({ rule, where }) => `${rule} ${where.replace(/task[0-9A-F]+/, 'task')}`)).toContain('E3048 Resources/task/Properties/Cpu');
  });
});

describeWithAwsJudges('checkov', () => {
  const rules = (text: string) => checkovOn(written(text), 'cloudformation').map(({ rule, resource }) => `${rule} ${resource}`);

  test('finds a file system without encryption', () => {
    const fault = (text: string) => rules(text).filter(line => line.startsWith('CKV_AWS_42 '));
    expect(fault(RIGHT)).toEqual([]);
    expect(fault(template(of => { of('AWS::EFS::FileSystem').Encrypted = false; }))).toEqual([expect.stringContaining('AWS::EFS::FileSystem')]);
  });
});

describeWithAwsJudges('moto', () => {
  const moto = new Moto();
  beforeAll(async () => moto.start());
  afterAll(async () => moto.stop());

  test('deploys a stack, runs its custom resource before what waits for it, and answers what was declared', () => {
    const made = moto.deploy('shop', RIGHT);
    expect(made.status).toBe('CREATE_COMPLETE');
    expect(made.skipped).toEqual([]);
    expect(made.outputs.ran).toContain(':task/');
    expect(made.calls.map(({ type }) => type).filter(type => /Custom|ECS::Service/.test(type))).toEqual(['Custom::RunTask', 'AWS::ECS::Service']);
    const [task, service] = ['AWS::ECS::TaskDefinition', 'AWS::ECS::Service'].map(type => Object.values(made.resources).find(one => one.type === type)!.id);
    expect(moto.aws('ecs', 'describe_task_definition', { taskDefinition: task }).taskDefinition).toMatchObject({
      cpu: '512', runtimePlatform: { cpuArchitecture: 'ARM64' }, containerDefinitions: [{ user: '999:999', linuxParameters: { capabilities: { drop: ['ALL'] }, initProcessEnabled: true } }],
    });
    const described = () => moto.aws('ecs', 'describe_services', { cluster: service.split('/')[1], services: [service] }).services[0];
    expect(described()).toMatchObject({ status: 'ACTIVE', taskDefinition: task });
    expect(moto.aws('elbv2', 'describe_target_groups').TargetGroups).toMatchObject([{ HealthCheckPath: '/healthz', TargetType: 'ip', Port: 8000 }]);
    moto.destroy('shop');
    expect(described()?.status).not.toBe('ACTIVE');
  });

  test('refuses a parameter that the API does not have', () => {
    const wrong = template(of => { of('AWS::ECS::TaskDefinition').ContainerDefinitions[0].LinuxParameters.Tmpfs = [{ ContainerPath: '/tmp', Sise: 5 }]; });
    expect(() => moto.deploy('wrong', wrong)).toThrow('Tmpfs has no ContainerDefinitions.LinuxParameters.Tmpfs.Sise');
  });

  test('shows what differs', () => {
    const { calls } = moto.deploy('other', template(of => { of('AWS::ECS::Service').DeploymentConfiguration.MinimumHealthyPercent = 50; }));
    expect(calls.find(({ operation, type }) => operation === 'CreateService' && type === 'AWS::ECS::Service')!.parameters.deploymentConfiguration).toMatchObject({ minimumHealthyPercent: 50 });
  });

  test('fails a stack whose custom resource fails', async () => {
    const failing = new Moto();
    try {
      await failing.start(3);
      expect(() => failing.deploy('shop', RIGHT)).toThrow('exit code 3');
    } finally {
      await failing.stop();
    }
  });
});
