import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App as CloudApp, aws_certificatemanager as acm, aws_ec2 as ec2, aws_ecs as awsEcs, aws_elasticloadbalancingv2 as elbv2, aws_s3 as s3,
  aws_ssm as ssm, Stack,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { nagFindings } from './cdk-nag';
import { appWith, declareShop } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { golden, unread } from './golden';
import { refusesAtOnce } from './refuses';
import {
  Application, Architecture, Checks, ecs, EnvValue, HealthCheck, Job, Network, PythonBase, PythonServer, PythonServiceImage, RegistryImage, Secret,
  Service, Volume, type ServiceProps,
} from 'cdk-wheelhouse';

type Props = Partial<Omit<ecs.EcsApplicationProps, 'application'>>;

const FULL_PROPS: Props = { environment: { SITE: 'shop.example.com' }, buildSecrets: { 'index-token': 'env=INDEX_TOKEN' }, buildSsh: 'default' };
const TASK_DEFINITION = 'AWS::ECS::TaskDefinition';
const SERVICE = 'AWS::ECS::Service';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';

function cloud() {
  const stack = new Stack(new CloudApp({ outdir: mkdtempSync(join(tmpdir(), 'wheelhouse-cdk-')) }), 'stack');
  return { stack, vpc: new ec2.Vpc(stack, 'vpc', { maxAzs: 2 }) };
}

type Place = ReturnType<typeof cloud>;

/** What is declared, on ECS. */
function made(declare: (application: Application) => unknown, props: Props | ((place: Place) => Props) = {}, files?: Record<string, string>) {
  const { application } = appWith(files);
  declare(application);
  const place = cloud();
  const given = typeof props === 'function' ? props(place) : props;
  const shop = new ecs.EcsApplication(place.stack, 'shop', { application, ...given.cluster ? {} : { vpc: place.vpc }, ...given });
  return { ...place, application, shop };
}

function everything(props: Props = {}) {
  return made(declareEverything, { ...FULL_PROPS, ...props }, FULL_SOURCE);
}

function imageOf(application: Application, props: object = {}) {
  return new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app', { healthPath: '/up' }), ...props });
}

function api(props: Partial<ServiceProps> = {}) {
  return (application: Application) => new Service(application, 'api', { image: imageOf(application), ...props });
}

/** Resources of a type, by logical id. */
function resources(stack: Stack, type: string): Record<string, any> {
  return Template.fromStack(stack).findResources(type);
}

function only(stack: Stack, type: string): any {
  const found = Object.values(resources(stack, type));
  expect(found.length).toBe(1);
  return found[0].Properties;
}

/** The template resource that a construct is. */
function resourceOf(stack: Stack, construct: { node: { defaultChild?: any } }): any {
  return Template.fromStack(stack).toJSON().Resources[stack.resolve(construct.node.defaultChild.logicalId)];
}

/** JSON in which what fits is in one line. */
function text(value: unknown, indent = ''): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length < 140) return line;
  const inner = `${indent} `;
  const parts = Array.isArray(value) ? value.map(item => text(item, inner)) : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${text(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${parts.map(part => inner + part).join(',\n')}\n${indent}${close}`;
}

/** The assets that a stack wants in a repository. */
function assets(stack: Stack): any[] {
  const { directory } = (stack.node.root as CloudApp).synth();
  return Object.values(JSON.parse(readFileSync(join(directory, 'stack.assets.json'), 'utf8')).dockerImages);
}

/** Their names. */
function images(stack: Stack): string[] {
  return assets(stack).map(({ displayName }) => displayName);
}

describe('the template', () => {
  test('of everything that can be declared is what it was', () => {
    const { application } = appWith(FULL_SOURCE);
    declareEverything(application);
    const stack = new Stack(new CloudApp({ outdir: mkdtempSync(join(tmpdir(), 'wheelhouse-cdk-')) }), 'stack');
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], publicSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetIds: ['subnet-3', 'subnet-4'] });
    new ecs.EcsApplication(stack, 'shop', { application, vpc, ...FULL_PROPS });
    golden('ecs-application.template.json', `${text(Template.fromStack(stack).toJSON())}\n`);
    expect(unread('ecs-')).toEqual([]);
  });

  test('does not depend on the order in which it was declared', () => {
    const one = appWith(FULL_SOURCE);
    const other = appWith(FULL_SOURCE);
    declareEverything(one.application);
    declareEverything(other.application, count => count - 1);
    const [first, second] = [one, other].map(({ application }) => {
      const { stack, vpc } = cloud();
      new ecs.EcsApplication(stack, 'shop', { application, vpc, ...FULL_PROPS });
      return text(Template.fromStack(stack).toJSON());
    });
    expect(first).toBe(second);
  });

  test('is made without Docker, and without anything else to run', () => {
    const { PATH } = process.env;
    process.env.PATH = '';
    try {
      const { stack } = made(declareShop);
      expect(images(stack)).toEqual(['shop-api-image', 'shop-web-image']);
    } finally {
      process.env.PATH = PATH;
    }
  });

  test('can be of two applications', () => {
    const { stack, vpc } = made(declareShop);
    const application = new Application(appWith().app, 'other');
    api()(application);
    new ecs.EcsApplication(stack, 'other', { application, vpc });
    expect(Object.values(resources(stack, TASK_DEFINITION)).map(({ Properties }) => Properties.Family)).toEqual(['shop-api', 'shop-web', 'other-api']);
  });
});

describe('examples/one-declaration', () => {
  let stack: Stack;
  beforeAll(() => {
    process.env.CDK_OUTDIR = mkdtempSync(join(tmpdir(), 'wheelhouse-cdk-'));
    try {
      stack = jest.requireActual('../examples/one-declaration/ecs').stack;
    } finally {
      delete process.env.CDK_OUTDIR;
    }
  });

  test('has a task definition for each service, and nothing that it does not need', () => {
    const types = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type)
      .filter(type => !/^AWS::(EC2|IAM|CDK)::/.test(type));
    expect(Object.fromEntries([...new Set(types)].sort().map(type => [type, types.filter(one => one === type).length]))).toEqual({
      'AWS::CloudWatch::Alarm': 1,
      'AWS::ECS::Cluster': 1,
      'AWS::ECS::Service': 2,
      'AWS::ECS::TaskDefinition': 2,
      'AWS::EFS::AccessPoint': 1,
      'AWS::EFS::FileSystem': 1,
      'AWS::EFS::MountTarget': 2,
      'AWS::ElasticLoadBalancingV2::Listener': 1,
      'AWS::ElasticLoadBalancingV2::LoadBalancer': 1,
      'AWS::ElasticLoadBalancingV2::TargetGroup': 1,
      'AWS::Logs::LogGroup': 2,
      'AWS::ServiceDiscovery::PrivateDnsNamespace': 1,
    });
  });

  test('leaves cdk-nag nothing to say', () => expect(nagFindings(stack)).toEqual([]));
});

describe('the parts of a service', () => {
  test('take grants and answer metrics', () => {
    const { stack, shop } = made(api({ publish: 80, scaling: { min: 1, max: 3 }, resources: { cpuReservation: 1 } }));
    const { service, taskDefinition, container, loadBalancer, listener, targetGroup, scaling, securityGroups } = shop.service('api');
    new s3.Bucket(stack, 'bucket').grantRead(taskDefinition.taskRole);
    service.metricCpuUtilization().createAlarm(stack, 'busy', { threshold: 80, evaluationPeriods: 1 });
    targetGroup!.metrics.unhealthyHostCount().createAlarm(stack, 'ill', { threshold: 1, evaluationPeriods: 1 });
    scaling!.scaleOnMemoryUtilization('memory', { targetUtilizationPercent: 70 });
    container.addEnvironment('MORE', '1');
    listener!.connections.securityGroups[0].addIngressRule(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(81));
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['s3:GetObject*']) })]) },
      Roles: [stack.resolve((taskDefinition.taskRole as any).roleName)],
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 2);
    expect([loadBalancer, securityGroups.length, service instanceof awsEcs.FargateService]).toEqual([shop.loadBalancer, 1, true]);
    expect(service.cluster).toBe(shop.cluster);
  });

  test('are those of a job as well', () => {
    const { shop, stack } = everything();
    const [migrate, nightly] = ['migrate', 'nightly'].map(id => shop.job(id));
    expect([migrate.rules, nightly.run, nightly.rules!.length, migrate.container.containerName]).toEqual([undefined, undefined, 1, 'migrate']);
    nightly.rules![0].addTarget({ bind: () => ({ arn: 'arn:aws:sns:::x' }) });
    expect(only(stack, 'AWS::Events::Rule').Targets.length).toBe(2);
    expect(resourceOf(stack, migrate.run!).Type).toBe('Custom::RunTask');
  });

  test('are refused under an id that there is not', () => {
    const { shop } = everything();
    expect(() => shop.service('admin')).toThrow(new Error("stack/shop: 'shop' has no service 'admin' here; it has 'api', 'db', 'worker' [ECS_WORKLOAD]"));
    expect(() => shop.job('api')).toThrow(new Error("stack/shop: 'shop' has no job 'api' here; it has 'migrate', 'nightly' [ECS_WORKLOAD]"));
    expect(() => made(api()).shop.job('api')).toThrow(new Error("stack/shop: 'shop' has no job 'api' here; it has none [ECS_WORKLOAD]"));
    expect(() => shop.service('api')).not.toThrow();
  });

  test('are missing where nothing needs them', () => {
    const { shop, stack } = made(application => new Job(application, 'once', { image: imageOf(application) }));
    expect([shop.namespace, shop.fileSystem, shop.loadBalancer]).toEqual([undefined, undefined, undefined]);
    const { listener, scaling, loadBalancer } = made(api()).shop.service('api');
    expect([listener, scaling, loadBalancer]).toEqual([undefined, undefined, undefined]);
    Template.fromStack(stack).resourceCountIs('AWS::EFS::FileSystem', 0);
  });
});

describe('what is started', () => {
  test('waits for what it depends on: the database, then its migration, then what serves', () => {
    const { stack, shop } = everything();
    const idOf = (construct: { node: { defaultChild?: any } }) => stack.resolve(construct.node.defaultChild.logicalId);
    const [db, service, run] = [shop.service('db').service, shop.service('api').service, shop.job('migrate').run!].map(idOf);
    const { Resources } = Template.fromStack(stack).toJSON();
    expect(Resources[run].DependsOn).toContain(db);
    expect(Resources[service].DependsOn).toEqual(expect.arrayContaining([db, run]));
    expect(Resources[db].DependsOn).not.toEqual(expect.arrayContaining([run]));
    expect(Resources[db].DependsOn).not.toEqual(expect.arrayContaining([service]));
  });

  test('waits for its file system, and for the rules that let it in', () => {
    const { stack, shop } = everything();
    const { DependsOn } = resourceOf(stack, shop.service('db').service);
    const ofType = (type: string) => Object.keys(resources(stack, type));
    expect(DependsOn).toEqual(expect.arrayContaining(ofType('AWS::EFS::MountTarget')));
    expect(ofType('AWS::EC2::SecurityGroupIngress').filter(id => DependsOn.includes(id)).length).toBeGreaterThan(2);
    expect(resourceOf(stack, shop.service('worker').service).DependsOn).not.toEqual(expect.arrayContaining(ofType('AWS::EFS::MountTarget')));
  });

  test('is the newest revision of a job, by a role that can run nothing else', () => {
    const { stack, shop } = everything();
    const { taskDefinition, run } = shop.job('migrate');
    const definition = stack.resolve(taskDefinition.taskDefinitionArn);
    expect(resourceOf(stack, run!).Properties).toMatchObject({ TaskDefinition: definition, Job: 'migrate', Container: 'migrate', Retries: 2, LaunchType: 'FARGATE' });
    const [policy] = Object.values(resources(stack, 'AWS::IAM::Policy')).map(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(statements => statements.some(({ Action }: any) => Action === 'cloudformation:DescribeStacks'));
    const cluster = { ArnEquals: { 'ecs:cluster': stack.resolve(shop.cluster.clusterArn) } };
    expect(policy.map(({ Action, Resource, Condition }: any) => ({ Action, Resource, Condition }))).toEqual([
      { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: expect.anything() },
      { Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } },
      { Action: 'ecs:RunTask', Resource: definition, Condition: cluster },
      {
        Action: 'iam:PassRole',
        Resource: [taskDefinition.taskRole, taskDefinition.executionRole!].map(({ roleArn }) => stack.resolve(roleArn)),
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
      { Action: 'ecs:DescribeTasks', Resource: expect.objectContaining({ 'Fn::Join': expect.anything() }), Condition: cluster },
    ]);
  });

  test('at its times is a task of that definition', () => {
    const { stack, shop } = everything();
    const { ScheduleExpression, Targets } = only(stack, 'AWS::Events::Rule');
    expect(ScheduleExpression).toBe('cron(0 3 * * ? *)');
    expect(Targets[0].EcsParameters).toMatchObject({ TaskDefinitionArn: stack.resolve(shop.job('nightly').taskDefinition.taskDefinitionArn), TaskCount: 1, LaunchType: 'FARGATE' });
  });
});

describe('a service', () => {
  test('that writes to a volume never runs twice, and others are replaced while they run', () => {
    const { stack, shop } = everything();
    const properties = (id: string) => resourceOf(stack, shop.service(id).service).Properties;
    expect(['db', 'worker'].map(id => properties(id)).map(({ AvailabilityZoneRebalancing, DeploymentConfiguration }) => [AvailabilityZoneRebalancing, DeploymentConfiguration])).toEqual([
      ['DISABLED', expect.objectContaining({ MinimumHealthyPercent: 0, MaximumPercent: 100 })],
      ['ENABLED', expect.objectContaining({ MinimumHealthyPercent: 100, MaximumPercent: 200, DeploymentCircuitBreaker: { Enable: true, Rollback: true } })],
    ]);
  });

  test('that is scaled has no number in the template', () => {
    const { stack, shop } = everything();
    expect(resourceOf(stack, shop.service('worker').service).Properties).not.toHaveProperty('DesiredCount');
    expect(resourceOf(stack, shop.service('api').service).Properties.DesiredCount).toBe(1);
    expect(only(stack, 'AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({ MinCapacity: 2, MaxCapacity: 10 });
  });

  test('is reached by its id, under a name in Cloud Map that no other has', () => {
    const { stack, shop } = made(application => {
      const image = imageOf(application);
      for (const id of ['api', 'api-8000']) new Service(application, id, { image });
      new Job(application, 'once', { image: image.process('once', PythonServer.module('app')) });
    });
    const services = ['api', 'api-8000'].map(id => resourceOf(stack, shop.service(id).service).Properties.ServiceConnectConfiguration);
    expect(services.flatMap(({ Services }) => Services).map(({ DiscoveryName, ClientAliases }: any) => [DiscoveryName, ClientAliases])).toEqual([
      ['api_8000', [{ DnsName: 'api', Port: 8000 }]], ['api-8000_8000', [{ DnsName: 'api-8000', Port: 8000 }]],
    ]);
    const names = Object.values(resources(stack, 'AWS::ServiceDiscovery::Service')).map(({ Properties }) => Properties.Name);
    expect(names).toEqual(['api', 'api-8000']);
    expect(services.map(({ Namespace }) => Namespace)).toEqual(Array(2).fill(stack.resolve(shop.namespace!.namespaceArn)));
  });

  test('is given time by proxies for as long as it takes', () => {
    const { stack, shop } = everything();
    const timeouts = ['api', 'db'].map(id => resourceOf(stack, shop.service(id).service).Properties.ServiceConnectConfiguration.Services[0].Timeout);
    expect(timeouts).toEqual([{ IdleTimeoutSeconds: 0 }, { IdleTimeoutSeconds: 0 }]);
    const http = made(api());
    expect(resourceOf(http.stack, http.shop.service('api').service).Properties.ServiceConnectConfiguration.Services[0].Timeout).toEqual({ IdleTimeoutSeconds: 0, PerRequestTimeoutSeconds: 0 });
  });

  test('in an internal network reaches its members and HTTPS, and nothing else', () => {
    const { stack, shop } = made(application => new Service(application, 'api', { image: imageOf(application), networks: [new Network(application, 'inside', { internal: true })] }));
    const [group] = shop.service('api').securityGroups;
    expect(resources(stack, 'AWS::EC2::SecurityGroup')[stack.resolve((group.node.defaultChild as ec2.CfnSecurityGroup).logicalId)].Properties.SecurityGroupEgress).toEqual([
      expect.objectContaining({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }),
    ]);
    expect(only(stack, 'AWS::EC2::SecurityGroupEgress')).toMatchObject({ FromPort: 8000, ToPort: 8000 });
  });

  test('mounts its volume only with its own role, and writes only where it may', () => {
    const { stack, shop } = made(application => {
      const volume = new Volume(application, 'data');
      const image = imageOf(application);
      new Service(application, 'writer', { image, volumes: [{ volume, path: '/data' }] });
      new Service(application, 'reader', { image, volumes: [{ volume, path: '/data', readOnly: true }] });
    });
    const actions = (id: string) => {
      const role = stack.resolve((shop.service(id).taskDefinition.taskRole as any).roleName);
      const [policy] = Object.values(resources(stack, 'AWS::IAM::Policy')).filter(({ Properties }) => JSON.stringify(Properties.Roles) === JSON.stringify([role]));
      return policy.Properties.PolicyDocument.Statement.map(({ Action }: any) => Action);
    };
    expect(actions('writer')).toEqual([['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite']]);
    expect(actions('reader')).toEqual(['elasticfilesystem:ClientMount']);
    expect(only(stack, 'AWS::EFS::FileSystem').FileSystemPolicy.Statement.map(({ Effect }: any) => Effect)).toEqual(['Deny']);
    expect(resources(stack, 'AWS::EFS::FileSystem')[Object.keys(resources(stack, 'AWS::EFS::FileSystem'))[0]].DeletionPolicy).toBe('Retain');
  });

  test('for another processor says so', () => {
    const { stack } = made(application => new Service(application, 'api', { image: imageOf(application, { architecture: Architecture.ARM64 }) }));
    expect(only(stack, TASK_DEFINITION).RuntimePlatform).toEqual({ CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' });
  });

  test('may have any health check that can be declared', () => {
    const { stack } = made(api({ healthCheck: HealthCheck.command(['true'], { intervalSeconds: 1, timeoutSeconds: 30 }) }));
    expect(only(stack, TASK_DEFINITION).ContainerDefinitions[0].HealthCheck).toMatchObject({ Command: ['CMD', 'true'], Interval: 30, Timeout: 30 });
  });
});

describe('values', () => {
  test('of variables may be tokens, as those that a service is given', () => {
    const { application } = appWith();
    const { stack, vpc } = cloud();
    const bucket = new s3.Bucket(stack, 'bucket');
    api({ environment: { BUCKET: bucket.bucketName, SITE: EnvValue.deployer('SITE'), LEVEL: EnvValue.deployer('LEVEL', { defaultValue: 'info' }) } })(application);
    new ecs.EcsApplication(stack, 'shop', { application, vpc, environment: { SITE: bucket.bucketWebsiteUrl } });
    const environment = only(stack, TASK_DEFINITION).ContainerDefinitions[0].Environment;
    expect(environment).toEqual(expect.arrayContaining([
      { Name: 'BUCKET', Value: stack.resolve(bucket.bucketName) }, { Name: 'SITE', Value: stack.resolve(bucket.bucketWebsiteUrl) }, { Name: 'LEVEL', Value: 'info' },
    ]));
  });

  test('of secrets are where somebody says, or under the name of the application', () => {
    const declare = (application: Application) => api({ secrets: [new Secret(application, 'one'), new Secret(application, 'two')] })(application);
    const { stack, shop } = made(declare, place => ({
      secrets: { one: awsEcs.Secret.fromSsmParameter(ssm.StringParameter.fromSecureStringParameterAttributes(place.stack, 'parameter', { parameterName: '/shop/one' })) },
    }));
    const [files] = only(stack, TASK_DEFINITION).ContainerDefinitions;
    expect(JSON.stringify(files.Secrets)).toMatch(/SECRET_ONE.*parameter\/shop\/one.*SECRET_TWO.*secret:shop\/two/);
    expect(shop.losses.map(({ path }) => path).filter(path => /one|two/.test(path))).toEqual(['shop/two']);
  });
});

describe('images', () => {
  const references = (stack: Stack) => Object.values(resources(stack, TASK_DEFINITION))
    .flatMap(({ Properties }) => Properties.ContainerDefinitions.map(({ Image }: any) => Image));

  test('are for what Fargate runs where nobody said, whoever builds them', () => {
    const platforms = (props: object, ofStack: (place: Place) => Props = () => ({})) => {
      return assets(made(application => new Service(application, 'api', { image: imageOf(application, props) }), ofStack).stack).map(({ source }) => source.platform);
    };
    expect(platforms({})).toEqual(['linux/amd64']);
    expect(platforms({ architecture: Architecture.ARM64 })).toEqual(['linux/arm64']);
    const onInstances = ({ stack, vpc }: Place) => {
      return { launchType: awsEcs.LaunchType.EC2, cluster: awsEcs.Cluster.fromClusterAttributes(stack, 'cluster', { clusterName: 'shop', vpc, hasEc2Capacity: true }) };
    };
    expect(platforms({}, onInstances)).toEqual([undefined]);
  });

  test('are assets, one for each', () => {
    const { stack } = everything();
    const built = references(stack).filter(image => typeof image !== 'string');
    expect(built.length).toBeGreaterThan(4);
    expect(images(stack).length).toBe(new Set(built.map(image => JSON.stringify(image))).size);
  });

  test('are in a registry under their content', () => {
    const { stack } = made(declareShop, { registry: 'registry.example.com/shop' });
    expect(references(stack)).toEqual([expect.stringMatching(/^registry\.example\.com\/shop\/api-image:[0-9a-f]{12}$/), expect.stringMatching(/^registry\.example\.com\/shop\/web-image:[0-9a-f]{12}$/)]);
  });

  test('may be in one that is known when it is deployed', () => {
    const { stack } = made(api(), place => ({ registry: `${place.stack.account}.dkr.ecr.example.com` }));
    expect(references(stack)[0]['Fn::Join'][1]).toEqual([{ Ref: 'AWS::AccountId' }, expect.stringMatching(/^\.dkr\.ecr\.example\.com\/image:[0-9a-f]{12}$/)]);
  });
});

describe('the load balancer', () => {
  const listeners = (stack: Stack) => Object.values(resources(stack, LISTENER)).map(({ Properties }) => `${Properties.Protocol} ${Properties.Port} ${Properties.DefaultActions[0].Type}`).sort();
  const published = (...ports: number[]) => (application: Application) => {
    const image = imageOf(application);
    ports.forEach((port, index) => new Service(application, `s${index}`, { image, publish: port }));
  };
  const certified = ({ stack }: { stack: Stack }): Props => ({ certificate: acm.Certificate.fromCertificateArn(stack, 'certificate', 'arn:aws:acm:us-east-1:1:certificate/x') });

  test.each<[string, number[], Props | typeof certified, string[]]>([
    ['listens at each published port', [80, 8080], {}, ['HTTP 80 forward', 'HTTP 8080 forward']],
    ['has the only service at 443 with a certificate', [8080], certified, ['HTTP 80 redirect', 'HTTPS 443 forward']],
    ['has that at 80 there', [8080, 80], certified, ['HTTP 80 redirect', 'HTTPS 443 forward', 'HTTPS 8080 forward']],
    ['leaves alone who is there', [80, 443], certified, ['HTTPS 443 forward', 'HTTPS 80 forward']],
    ['has nobody there when nobody is meant', [8080, 8081], certified, ['HTTPS 8080 forward', 'HTTPS 8081 forward']],
    ['is made only for published services', [], {}, []],
  ])('%s', (_, ports, props, expected) => {
    const { stack } = made(ports.length ? published(...ports) : api(), props);
    expect(listeners(stack)).toEqual(expected);
    Template.fromStack(stack).resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', ports.length ? 1 : 0);
  });

  test('says where a certificate has moved a port', () => {
    expect(made(published(8080), certified).shop.losses).toContainEqual({
      target: 'ecs', path: 'shop/s0', declared: 'published port 8080', instead: 'port 443 of the load balancer, which has a certificate',
    });
    expect(made(published(443), certified).shop.losses).toEqual([]);
  });

  test('may be one that is there', () => {
    const { stack, shop } = made(published(80), place => ({ loadBalancer: new elbv2.ApplicationLoadBalancer(place.stack, 'own', { vpc: place.vpc }) }));
    expect(shop.loadBalancer).toBe(stack.node.findChild('own'));
    Template.fromStack(stack).resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 1);
    expect(listeners(stack)).toEqual(['HTTP 80 forward']);
  });

  test('may be one of another stack, of which little is known', () => {
    const { stack, shop } = made(published(80), place => ({
      loadBalancer: elbv2.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(place.stack, 'own', {
        loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/own/1', securityGroupId: 'sg-1',
      }),
    }));
    expect(listeners(stack)).toEqual(['HTTP 80 forward']);
    expect(stack.resolve(shop.service('s0').targetGroup!.targetGroupArn)).toEqual({ Ref: expect.stringContaining('Target') });
  });

  test('asks as the image is asked, and lets requests end', () => {
    const { stack } = made(api({ publish: 80, stopGraceSeconds: 45 }));
    const group = only(stack, 'AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(group).toMatchObject({ HealthCheckPath: '/up', Port: 8000, Protocol: 'HTTP', TargetType: 'ip', Matcher: { HttpCode: '200-399' } });
    expect(group.TargetGroupAttributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '45' });
  });
});

describe('on EC2', () => {
  function onInstances(declare: (application: Application) => unknown) {
    return made(declare, ({ stack, vpc }) => ({
      cluster: awsEcs.Cluster.fromClusterAttributes(stack, 'cluster', { clusterName: 'own', vpc, securityGroups: [] }), launchType: awsEcs.LaunchType.EC2,
    }));
  }

  test('tasks have what they ask for, in the network of the VPC', () => {
    const { stack, shop } = onInstances(api({ resources: { cpuLimit: 0.5, memoryLimitMebibytes: 300 } }));
    expect(only(stack, TASK_DEFINITION)).toMatchObject({ Cpu: '512', Memory: '364', NetworkMode: 'awsvpc', RequiresCompatibilities: ['EC2'] });
    expect(only(stack, SERVICE)).toMatchObject({ LaunchType: 'EC2', NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } } });
    expect(shop.service('api').service).toBeInstanceOf(awsEcs.Ec2Service);
  });

  test('tasks are placed where their processor is', () => {
    const { stack } = onInstances(application => new Service(application, 'api', { image: imageOf(application, { architecture: Architecture.ARM64 }) }));
    expect(only(stack, TASK_DEFINITION).PlacementConstraints).toEqual([{ Type: 'memberOf', Expression: 'attribute:ecs.cpu-architecture == arm64' }]);
  });

  test('jobs run there as well', () => {
    const { stack } = onInstances(application => {
      const image = imageOf(application);
      new Job(application, 'once', { image });
      new Job(application, 'nightly', { image, schedule: '0 3 * * *' });
    });
    expect(only(stack, 'Custom::RunTask')).toMatchObject({ LaunchType: 'EC2', Network: { subnets: expect.anything() } });
    expect(only(stack, 'Custom::RunTask').Network).not.toHaveProperty('assignPublicIp');
    expect(only(stack, 'AWS::Events::Rule').Targets[0].EcsParameters.LaunchType).toBe('EC2');
  });
});

describe('what is wrong', () => {
  function refusal(declare: (application: Application) => unknown, props: Props = {}): string[] {
    try {
      made(declare, props);
    } catch (error) {
      return (error as Error).message.split('\n').slice(1).map(line => line.trim());
    }
    throw new Error('nothing was refused');
  }

  test('is shown together: what is missing, what is too much, what ECS has not', () => {
    const declare = api({ environment: { SITE: EnvValue.deployer('SITE') }, stopGraceSeconds: 121 });
    expect(refusal(declare, { environment: { SITES: 'x' }, secrets: { tokens: awsEcs.Secret.fromSsmParameter({} as any) } })).toEqual([
      'shop/api: it may take 121 seconds to end, and Fargate waits for 120 at most; give it 120 or less, or run it on EC2 (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html) [STOP_TIMEOUT]',
      "shop: 'tokens' of secrets is read by no service or job here; there is none (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html) [SECRET_UNKNOWN]",
      "shop: a value is given for variable 'SITES', which nothing asks for; there is SITE (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/taskdef-envfiles.html) [VARIABLE_MISSING]",
      "shop: variable 'SITE' has no value, and 'api' needs it; say which: environment: { SITE: '…' } (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/taskdef-envfiles.html) [VARIABLE_MISSING]",
    ]);
    expect(() => made(api({ environment: { SITE: EnvValue.deployer('SITE') }, stopGraceSeconds: 120 }), { environment: { SITE: 'x' } })).not.toThrow();
  });

  test('is a build that needs what nobody gave, unless the image is in a registry', () => {
    const without = { ...FULL_PROPS, buildSecrets: {}, buildSsh: undefined };
    expect(() => made(declareEverything, without, FULL_SOURCE)).toThrow(/\[BUILD_MOUNT_MISSING\]/);
    expect(() => made(declareEverything, { ...without, registry: 'registry.example.com/shop' }, FULL_SOURCE)).not.toThrow();
  });

  test('leaves the application as it is', () => {
    const { application } = appWith();
    api({ stopGraceSeconds: 121 })(application);
    const { stack, vpc } = cloud();
    expect(() => new ecs.EcsApplication(stack, 'shop', { application, vpc })).toThrow('STOP_TIMEOUT');
    expect(() => new Network(application, 'still')).not.toThrow();
  });

  const shop = (props: (place: Place) => Props) => () => {
    const { application } = appWith();
    api()(application);
    const place = cloud();
    return new ecs.EcsApplication(place.stack, 'shop', { application, ...props(place) });
  };
  const cluster = ({ stack, vpc }: Place) => new awsEcs.Cluster(stack, 'cluster', { vpc });
  refusesAtOnce('two places', 'stack/shop: both vpc and cluster are given; give one: a cluster, or the vpc that one is made in [ECS_CLUSTER]',
    shop(place => ({ vpc: place.vpc, cluster: cluster(place) })), shop(place => ({ cluster: cluster(place) })));
  refusesAtOnce('no place', 'stack/shop: neither vpc nor cluster is given; give one: a cluster, or the vpc that one is made in [ECS_CLUSTER]',
    shop(() => ({})), shop(({ vpc }) => ({ vpc })));
  refusesAtOnce('a cluster without instances', 'stack/shop: a cluster that is made here has no instances, which launch type EC2 needs; give a cluster that has [ECS_CLUSTER]',
    shop(({ vpc }) => ({ vpc, launchType: awsEcs.LaunchType.EC2 })), shop(place => ({ cluster: cluster(place), launchType: awsEcs.LaunchType.EC2 })));
  refusesAtOnce('another launch type', "stack/shop: launch type 'EXTERNAL' is none of those that are made here; take LaunchType.FARGATE or LaunchType.EC2 [ECS_LAUNCH_TYPE]",
    shop(({ vpc }) => ({ vpc, launchType: awsEcs.LaunchType.EXTERNAL })), shop(({ vpc }) => ({ vpc, launchType: awsEcs.LaunchType.FARGATE })));
  refusesAtOnce('a registry that is none', "stack/shop: registry 'https://example.com' is not what names of images start with; give a host, or one with a path, such as registry.example.com/shop or localhost:5000 [REGISTRY]",
    shop(({ vpc }) => ({ vpc, registry: 'https://example.com' })), shop(({ vpc }) => ({ vpc, registry: 'example.com' })));
});

describe('an application on ECS', () => {
  test('is frozen', () => {
    const { application } = made(api());
    expect(() => new Network(application, 'late')).toThrow(new Error("shop: 'stack/shop' has already been made of 'shop', and would not follow a change; declare it before that [FROZEN]"));
  });

  test('may be declared in the tree of the Stack', () => {
    const { root } = appWith();
    const before = process.cwd();
    process.chdir(root);
    try {
      const { stack, vpc } = cloud();
      const application = new Application(stack, 'shop');
      api()(application);
      expect(() => new ecs.EcsApplication(stack, 'ecs', { application, vpc }).service('api')).not.toThrow();
      expect(() => (stack.node.root as CloudApp).synth()).not.toThrow();
    } finally {
      process.chdir(before);
    }
  });

  test('says what is lost for whoever reads, and warns of what nobody acknowledged', () => {
    const declare = (application: Application) => {
      const facts = { userId: 1, groupId: 1, ports: [], writablePaths: [], handlesStopSignal: true };
      const plain = new Service(application, 'plain', { image: new RegistryImage(application, 'tool', { reference: 'example.com/tool:1', facts }) });
      api({ dependsOn: [plain] })(application);
    };
    const { stack, shop } = made(declare);
    expect(shop.losses.every(({ target }) => target === 'ecs')).toBe(true);
    Annotations.fromStack(stack).hasWarning('/stack/shop', Match.stringLikeRegexp('^shop/api: .*\\[ack: cdk-wheelhouse:HEALTH_MISSING\\]$'));
    const accepted = made(application => {
      declare(application);
      Checks.acknowledge(application, 'HEALTH_MISSING', 'it starts at once');
    });
    Annotations.fromStack(accepted.stack).hasNoWarning('/stack/shop', Match.stringLikeRegexp('HEALTH_MISSING'));
    expect(accepted.shop.findings.some(({ acknowledged }) => acknowledged === 'it starts at once')).toBe(true);
    const full = everything();
    Annotations.fromStack(full.stack).hasInfo('/stack/shop', Match.stringLikeRegexp('^shop/api: at most 200 processes: no limit'));
    expect(Annotations.fromStack(full.stack).findWarning('/stack/shop', Match.stringLikeRegexp('no limit'))).toEqual([]);
  });
});
