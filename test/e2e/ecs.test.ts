/** What becomes of an Application on ECS, before judges that know CloudFormation, and before an API that takes it. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App as CloudApp, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { appWith } from '../declare';
import { declareEverything, FULL_SOURCE } from '../full-application';
import { cfnLint, checkovOn, describeWithAwsJudges, withMoto, type Deployed } from './aws-judges';
import type { EcsContainer, EcsPlan, EcsTask } from '../../lib/aws/ecs-plan';
import { ecsSettings } from '../../lib/aws/ecs-settings';
import { planEcs } from '../../lib/aws/plan-ecs';
import { planApplication } from '../../lib/services/plan-application';
import { ecs } from 'cdk-wheelhouse';

/** What aws-cdk writes everywhere: joins without a separator, and the names of what a resource refers to already. */
const STYLE = ['I1022', 'W3005'];

/** What moto does not know. */
const NOT_IN_MOTO = ['AWS::Lambda::EventInvokeConfig'];

const SITE = 'shop.example.com';

function outdir(): string {
  return mkdtempSync(join(tmpdir(), 'wheelhouse-cdk-'));
}

/** Everything that can be declared. */
function everything(): { template: string; path: string; plan: EcsPlan } {
  const { application } = appWith(FULL_SOURCE);
  declareEverything(application);
  const app = new CloudApp({ outdir: outdir() });
  const stack = new Stack(app, 'shop');
  const props = { environment: { SITE }, buildSecrets: { 'index-token': 'env=INDEX_TOKEN' }, buildSsh: 'default' };
  new ecs.EcsApplication(stack, 'application', { application, vpc: new Vpc(stack, 'vpc', { maxAzs: 2 }), ...props });
  const { directory } = app.synth();
  const path = join(directory, 'shop.template.json');
  return { path, template: readFileSync(path, 'utf8'), plan: planEcs(planApplication(application), ecsSettings('shop', true, [])) };
}

/** The template of the program in the folder of the example. */
function example(): string {
  process.env.CDK_OUTDIR = outdir();
  jest.requireActual('../../examples/one-declaration/ecs');
  const path = join(process.env.CDK_OUTDIR, 'notes.template.json');
  delete process.env.CDK_OUTDIR;
  return path;
}

describeWithAwsJudges('a template', () => {
  test('of the example has no finding of cfn-lint and checkov', () => {
    const path = example();
    expect(cfnLint(path).filter(({ rule }) => !STYLE.includes(rule))).toEqual([]);
    expect(checkovOn(path, 'cloudformation')).toEqual([]);
  });

  test('of everything has those that only who deploys can do away with', () => {
    const { path } = everything();
    expect(cfnLint(path).filter(({ rule }) => !STYLE.includes(rule))).toEqual([]);
    const found = checkovOn(path, 'cloudformation').map(({ rule, resource }) => `${rule} ${resource.split('.')[0]}`);
    expect([...new Set(found)].sort()).toEqual([
      // a listener without a certificate
      'CKV_AWS_103 AWS::ElasticLoadBalancingV2::Listener',
      // a function that CloudFormation calls, once for each change: no limit, no queue for what nobody took, no network
      'CKV_AWS_115 AWS::Lambda::Function', 'CKV_AWS_116 AWS::Lambda::Function', 'CKV_AWS_117 AWS::Lambda::Function',
      // logs with a key of one's own
      'CKV_AWS_158 AWS::Logs::LogGroup',
      'CKV_AWS_2 AWS::ElasticLoadBalancingV2::Listener',
      // access logs, which need a bucket
      'CKV_AWS_91 AWS::ElasticLoadBalancingV2::LoadBalancer',
    ]);
  });
});

describeWithAwsJudges('everything', () => {
  const { template, plan } = everything();

  test('is deployed: the database, then its migration, then what needs both', async () => {
    await withMoto(moto => {
      const made = moto.deploy('shop', template);
      expect([made.status, made.skipped]).toEqual(['CREATE_COMPLETE', NOT_IN_MOTO]);
      const order = made.calls.flatMap(({ type, parameters }) => {
        if (type === 'Custom::RunTask') return [parameters.Job];
        return type === 'AWS::ECS::Service' ? [parameters.taskDefinition.split('/')[1].split(':')[0]] : [];
      });
      expect(order.filter(one => one !== 'shop-worker')).toEqual(['shop-db', 'migrate', 'shop-api']);
      for (const { task } of [...plan.services, ...plan.jobs]) {
        const { taskDefinition } = moto.aws('ecs', 'describe_task_definition', { taskDefinition: task.family });
        expect(readBack(taskDefinition)).toEqual(expected(task, made));
      }
    });
  });

  test('is not deployed when its migration fails, and says where it said why', async () => {
    await withMoto(moto => {
      expect(() => moto.deploy('shop', template)).toThrow(/migrate ended with 3: .*its output is in .*, stream migrate\/migrate\/[0-9a-f-]+/);
    }, 3);
  });
});

/** What the plan says, in the words of the API. */
function expected(task: EcsTask, { resources }: Deployed): object {
  const idsOf = (type: string) => Object.values(resources).filter(one => one.type === type).map(({ id }) => id);
  return {
    family: task.family,
    cpu: String(task.cpuUnits),
    memory: String(task.memoryMebibytes),
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { cpuArchitecture: task.architecture ?? 'X86_64', operatingSystemFamily: 'LINUX' },
    volumes: task.volumes.map(({ name, accessPoint }) => accessPoint === undefined ? { name } : {
      name,
      efsVolumeConfiguration: {
        fileSystemId: idsOf('AWS::EFS::FileSystem')[0],
        rootDirectory: '/',
        transitEncryption: 'ENABLED',
        authorizationConfig: { accessPointId: expect.stringMatching(/^fsap-/), iam: 'ENABLED' },
      },
    }),
    containers: task.containers.map(container => expectedContainer(task, container, idsOf('AWS::Logs::LogGroup'))),
  };
}

function expectedContainer(task: EcsTask, container: EcsContainer, logGroups: string[]): object {
  const { healthCheck, tmpfs } = container;
  const secrets = Object.entries(container.secrets);
  const directories = tmpfs.map(({ path, sizeMebibytes: size, options }) => ({ containerPath: path, size, mountOptions: options }));
  const ofDeployer = Object.entries(container.deployerEnvironment).map(([name, { defaultValue }]) => [name, defaultValue ?? SITE]);
  return {
    name: container.name,
    image: container.image.reference ?? expect.stringMatching(/\/cdk-hnb659fds-container-assets-.*:[0-9a-f]{64}$/),
    essential: container.essential,
    user: container.user,
    entryPoint: container.entryPoint,
    command: container.command,
    environment: { ...container.environment, ...Object.fromEntries(ofDeployer) },
    secrets: Object.fromEntries(secrets.map(([variable, secret]) => [variable, expect.stringMatching(`:secret:shop/${secret}$`)])),
    readonlyRootFilesystem: true,
    linuxParameters: {
      capabilities: { drop: ['ALL'] },
      initProcessEnabled: container.init,
      tmpfs: tmpfs.length === 0 ? undefined : directories,
    },
    mountPoints: container.mountPoints.map(({ volume, path, readOnly }) => ({ sourceVolume: volume, containerPath: path, readOnly })),
    portMappings: container.endpoints.map(({ name, port, http }) => ({ name, containerPort: port, protocol: 'tcp', ...http ? { appProtocol: 'http' } : {} })),
    healthCheck: healthCheck && {
      command: ['CMD', ...healthCheck.command],
      interval: healthCheck.intervalSeconds,
      timeout: healthCheck.timeoutSeconds,
      retries: healthCheck.retries,
      startPeriod: healthCheck.startPeriodSeconds,
    },
    stopTimeout: container.stopTimeoutSeconds,
    memory: container.memoryLimitMebibytes,
    memoryReservation: container.memoryReservationMebibytes,
    dockerLabels: container.dockerLabels,
    dependsOn: container.startsAfter.map(containerName => ({ containerName, condition: 'SUCCESS' })),
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': expect.stringMatching(logGroups.join('|')),
        'awslogs-region': 'us-east-1',
        'awslogs-stream-prefix': task.family.slice('shop-'.length),
      },
    },
  };
}

/** What the API answers: lists by name as maps, and what is left out when it is empty as if it were there. */
function readBack(answer: any): object {
  const { family, cpu, memory, networkMode, requiresCompatibilities, runtimePlatform, volumes, containerDefinitions } = answer;
  const record = (pairs: any[] = [], value: string) => Object.fromEntries(pairs.map(pair => [pair.name, pair[value]]));
  return {
    family,
    cpu,
    memory,
    networkMode,
    requiresCompatibilities,
    runtimePlatform,
    volumes: volumes.map(({ name, efsVolumeConfiguration }: any) => efsVolumeConfiguration ? { name, efsVolumeConfiguration } : { name }),
    containers: containerDefinitions.map((one: any) => ({
      name: one.name,
      image: one.image,
      essential: one.essential,
      user: one.user,
      entryPoint: one.entryPoint,
      command: one.command,
      environment: record(one.environment, 'value'),
      secrets: record(one.secrets, 'valueFrom'),
      readonlyRootFilesystem: one.readonlyRootFilesystem,
      linuxParameters: one.linuxParameters,
      mountPoints: one.mountPoints ?? [],
      portMappings: one.portMappings ?? [],
      healthCheck: one.healthCheck,
      stopTimeout: one.stopTimeout,
      memory: one.memory,
      memoryReservation: one.memoryReservation,
      dockerLabels: one.dockerLabels ?? {},
      dependsOn: one.dependsOn ?? [],
      logConfiguration: one.logConfiguration,
    })),
  };
}
