import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import { Construct } from 'constructs';
import { appWith, declareShop, filesUnder, FLASK_SOURCE, folder } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { golden, unread } from './golden';
import { refusesAtOnce } from './refuses';
import { stableJson } from '../lib/primitives/stable';
import {
  App, Application, EnvValue, Job, Network, PythonServer, RegistryImage, Secret, Service, terraform, Volume,
} from 'cdk-wheelhouse';

const REGISTRY = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop';
const PLACE = { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'], registry: REGISTRY };
const FACTS = { userId: 1000, groupId: 1000, ports: [], writablePaths: [] };

/** What is the same in both hosts. */
const HOSTS = { cdktn, cdktf: cdktf as unknown as typeof cdktn };

type Props = Partial<Omit<terraform.TerraformApplicationProps, 'application'>>;

/** An application in a stack. */
function made(
  declare: (application: Application) => unknown, props: Props = {}, files: Record<string, string> = FLASK_SOURCE, host: typeof cdktn = cdktn,
) {
  const { application } = appWith(files);
  declare(application);
  const app = new host.App({ outdir: folder() });
  const stack = new host.TerraformStack(app, 'production');
  return { app, stack, application, shop: new terraform.TerraformApplication(stack, 'shop', { application, ...PLACE, ...props }) };
}

/** What the host writes of it, without what it says about itself. */
function written(app: cdktn.App, stack: string = 'production'): any {
  app.synth();
  const text = readFileSync(join(app.outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
  return JSON.parse(text, (key, value) => key === '//' || key === 'backend' ? undefined : value);
}

function synthesized(declare: (application: Application) => unknown, props: Props = {}, files?: Record<string, string>): any {
  return written(made(declare, props, files).app);
}

/** The containers of a task definition. */
function containers(document: any, workload: string): any[] {
  const [, found] = Object.entries<any[]>(document.locals).find(([name]) => name.startsWith(`shop_${workload}_containers_`))!;
  return found;
}

/** The only resource of a type, or the one whose address has a word in it. */
function only(document: any, type: string, word: string = ''): any {
  const found = Object.entries<any>(document.resource[type] ?? {}).filter(([name]) => name.includes(word));
  expect(found.map(([name]) => name)).toHaveLength(1);
  return found[0][1];
}

function thrown(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

function declareMigrated(application: Application) {
  const { api, image } = declareShop(application);
  const db = new Service(application, 'db', { image: new RegistryImage(application, 'db-image', { reference: 'example.com/db:1', facts: { ...FACTS, ports: [5432] } }) });
  const migrate = new Job(application, 'migrate', { image: image.process('migration', PythonServer.module('app')), dependsOn: [db], retries: 2 });
  new Service(application, 'worker', { image: image.process('work', PythonServer.module('app')), dependsOn: [migrate, api] });
}

describe('An application in a stack', () => {
  const full = synthesized(declareEverything, { publicSubnetIds: ['subnet-3', 'subnet-4'] }, FULL_SOURCE);

  test('is resources of ECS and of what it needs', () => golden('terraform-application.tf.json', stableJson(full)));

  test('has no golden file that nothing compares', () => expect(unread('terraform-application')).toEqual([]));

  test('is the same under cdktf and under cdktn', () => {
    const other = written(made(declareEverything, { publicSubnetIds: ['subnet-3', 'subnet-4'] }, FULL_SOURCE, HOSTS.cdktf).app);
    expect(stableJson(other)).toBe(stableJson(full));
  });

  test('refers to what is there, and to nothing else', () => {
    const text = JSON.stringify(full);
    expect(text).not.toContain('TfToken');
    const addresses = [...Object.entries<object>(full.resource), ...Object.entries<object>(full.data).map(([type, all]): [string, object] => [`data.${type}`, all])]
      .flatMap(([type, all]) => Object.keys(all).map(name => `${type}.${name}`));
    const referred = [...text.matchAll(/(?:data\.)?(?:aws|terraform)_\w+\.shop_[\w-]+/g)].map(([address]) => address);
    expect(referred.length).toBeGreaterThan(100);
    expect(referred.filter(address => !addresses.includes(address))).toEqual([]);
    expect([...new Set([...text.matchAll(/\blocal\.([\w-]+)/g)].map(match => match[1]))].sort()).toEqual(Object.keys(full.locals).sort());
  });

  test('leaves the provider to the stack, and says which one it needs', () => {
    expect(full.provider).toBeUndefined();
    expect(full.terraform).toEqual({ required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.80.0' } } });
  });

  test('may be in a construct of its own below the stack, and is refused outside', () => {
    const { application } = appWith();
    declareShop(application);
    const app = new cdktn.App({ outdir: folder() });
    expect(() => new terraform.TerraformApplication(app, 'shop', { application, ...PLACE }))
      .toThrow(new Error("shop: it is not in a TerraformStack; declare it in one: new TerraformStack(app, 'shop') [STACK_MISSING]"));
    const stack = new cdktn.TerraformStack(app, 'production');
    expect(() => new terraform.TerraformApplication(new Construct(stack, 'group'), 'shop', { application, ...PLACE })).not.toThrow();
  });

  test('ends what can be declared in it', () => {
    const { application } = made(declareShop);
    expect(() => new Network(application, 'late')).toThrow(new Error("shop: 'production/shop' has already been made of 'shop', and would not follow a change; declare it before that [FROZEN]"));
  });

  test('is told in the words of our App what is wrong with it, all together, and is left as it is', () => {
    const wrong = (application: Application) => {
      new Service(application, 'worker', { image: new RegistryImage(application, 'tool', { reference: 'example.com/tool:1', facts: FACTS }), stopGraceSeconds: 200 });
      declareShop(application);
    };
    const { application, root } = appWith();
    wrong(application);
    const stack = new cdktn.TerraformStack(new cdktn.App({ outdir: folder() }), 'production');
    const lines = thrown(() => new terraform.TerraformApplication(stack, 'shop', { application, vpcId: 'vpc-1', subnetIds: ['subnet-1'] })).split('\n');
    const ecr = 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_ECS.html';
    const missing = (id: string) => `  shop/${id}: image '${id}' is built here, and tasks pull images from a registry; say which, with registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop', and push it there (${ecr}) [REGISTRY_MISSING]`;
    expect(lines[0]).toBe(`${lines.length - 1} faults, nothing was made (root: ${root})`);
    expect(lines).toContain(missing('api-image'));
    expect(lines).toContain(missing('web-image'));
    expect(lines.filter(line => line.endsWith('[STOP_TIMEOUT]'))).toHaveLength(1);
    expect(() => new Network(application, 'still')).not.toThrow();
    expect(() => made(declareShop)).not.toThrow();
  });

  test('names images after what they are built of, as our App does', () => {
    const { app, application } = appWith();
    declareShop(application);
    const [tag] = filesUnder(app.synth().outdir)['shop/kubernetes.yaml'].match(/api-image:[0-9a-f]+/)!;
    expect(containers(synthesized(declareShop), 'service-api').map(({ image }) => image)).toEqual([`${REGISTRY}/${tag}`]);
  });

  test('has its losses and findings in the annotations of the stack', () => {
    const { shop } = made(declareEverything, {}, FULL_SOURCE);
    expect(shop.losses.length).toBeGreaterThan(3);
    expect(new Set(shop.losses.map(({ target }) => target))).toEqual(new Set(['terraform']));
    const warnings = shop.node.metadata.filter(({ type }) => type === '@cdktf/warn').map(({ data }) => data);
    for (const { path, declared, instead } of shop.losses) expect(warnings).toContain(`${path}: ${declared}: ${instead}`);
  });
});

describe('What differs by environment', () => {
  const declared = (application: Application) => {
    const image = new RegistryImage(application, 'tool', { reference: 'example.com/tool:1', facts: { ...FACTS, ports: [8080] } });
    const environment = { SITE: EnvValue.deployer('SITE'), LOG_LEVEL: EnvValue.deployer('LOG_LEVEL', { defaultValue: 'a "b" $x' }), TEXT: '${y} %{z} "5 $"' };
    new Service(application, 'tool-service', { image, environment, publish: 8080 });
  };

  test('is a variable of the stack, and an output what people ask for', () => {
    const document = synthesized(declared);
    expect(document.variable).toEqual({
      SITE: { type: 'string', description: "Variable SITE of 'shop'" },
      LOG_LEVEL: { type: 'string', description: "Variable LOG_LEVEL of 'shop'", default: 'a "b" $x' },
    });
    const [{ environment }] = containers(document, 'service-tool-service');
    expect(environment).toEqual([
      { name: 'TEXT', value: '$${y} %%{z} "5 $"' }, { name: 'LOG_LEVEL', value: '${var.LOG_LEVEL}' }, { name: 'SITE', value: '${var.SITE}' },
    ]);
    expect(Object.keys(document.output).sort()).toEqual(['shop_cluster_arn', 'shop_load_balancers', 'shop_services']);
  });

  test('can be given instead', () => {
    const document = synthesized(declared, { environment: { SITE: 'shop.example.com', LOG_LEVEL: 'debug' } });
    expect(document.variable).toBeUndefined();
    expect(containers(document, 'service-tool-service')[0].environment).toContainEqual({ name: 'SITE', value: 'shop.example.com' });
  });

  for (const [name, host] of Object.entries(HOSTS)) {
    test(`can be of another stack, under ${name}`, () => {
      const { application } = appWith();
      declareShop(application);
      const app = new host.App({ outdir: folder() });
      const network = new host.TerraformStack(app, 'network');
      const other = new host.TerraformVariable(network, 'vpc', { type: 'string' });
      const subnets = new host.TerraformVariable(network, 'subnets', { type: 'list(string)' });
      const registry = new host.TerraformVariable(network, 'registry', { type: 'string' });
      new terraform.TerraformApplication(new host.TerraformStack(app, 'production'), 'shop', {
        application, vpcId: other.stringValue, subnetIds: subnets.listValue, registry: registry.stringValue, clusterArn: 'arn:aws:ecs:eu-west-1:1:cluster/ours',
      });
      const document = written(app);
      const remote = '\\$\\{data\\.terraform_remote_state\\.[\\w-]+\\.outputs\\.\\S*';
      expect(only(document, 'aws_lb_target_group').vpc_id).toMatch(new RegExp(`^${remote}vpc\\}$`));
      expect(only(document, 'aws_ecs_service', 'api').network_configuration[0].subnets).toMatch(new RegExp(`^${remote}subnets\\}$`));
      expect(containers(document, 'service-api')[0].image).toMatch(new RegExp(`^${remote}registry\\}/api-image:[0-9a-f]{12}$`));
      const policies = JSON.stringify(document.data.aws_iam_policy_document);
      expect(policies).toMatch(/:ecr:\*:\*:repository\$\{trimprefix\((local\.shop_registry_\w+), element\(split\(\\"\/\\", \1\), 0\)\)\}\/api-image"/);
      expect(only(document, 'aws_ecs_service', 'api').cluster).toBe('arn:aws:ecs:eu-west-1:1:cluster/ours');
    });
  }
});

describe('A service', () => {
  test('starts after what it needs, which has to be steady', () => {
    const document = synthesized(declareMigrated);
    const needs = (type: string, word: string) => (only(document, type, word).depends_on as string[])
      .filter(address => /^(aws_ecs_service|terraform_data)\./.test(address)).map(address => address.replace(/_[0-9A-F]{8}$/, ''));
    expect(needs('aws_ecs_service', 'service-web')).toEqual(['aws_ecs_service.shop_service-api_service']);
    expect(needs('aws_ecs_service', 'service-worker')).toEqual(['aws_ecs_service.shop_service-api_service', 'terraform_data.shop_job-migrate_run']);
    expect(needs('terraform_data', 'migrate')).toEqual(['aws_ecs_service.shop_service-db_service']);
    expect(needs('aws_ecs_service', 'service-db')).toEqual([]);
    expect(Object.values<any>(document.resource.aws_ecs_service).map(service => service.wait_for_steady_state)).toEqual([true, true, true, true]);
  });

  test('that went back to what ran before fails the apply', () => {
    const { lifecycle, task_definition: own, deployment_circuit_breaker: breaker } = only(synthesized(declareShop), 'aws_ecs_service', 'service-api');
    expect(breaker).toEqual([{ enable: true, rollback: true }]);
    expect(lifecycle.postcondition[0].condition).toBe(`\${self.task_definition == ${own.slice(2, -1)}}`);
  });

  test('that is published has HTTPS with a certificate, and sends there who comes without', () => {
    const document = synthesized(declareShop, { certificateArn: 'arn:aws:acm:eu-west-1:1:certificate/1', publicSubnetIds: ['subnet-3', 'subnet-4'] });
    expect(only(document, 'aws_lb_listener', 'listener')).toMatchObject({ port: 443, protocol: 'HTTPS', certificate_arn: 'arn:aws:acm:eu-west-1:1:certificate/1' });
    expect(only(document, 'aws_lb_listener', 'redirect').default_action).toEqual([{ type: 'redirect', redirect: [{ port: '443', protocol: 'HTTPS', status_code: 'HTTP_301' }] }]);
    expect(only(document, 'aws_lb')).toMatchObject({ internal: false, subnets: ['subnet-3', 'subnet-4'] });
    const plain = synthesized(declareShop);
    expect(only(plain, 'aws_lb_listener')).toMatchObject({ port: 8080, protocol: 'HTTP' });
    expect(only(plain, 'aws_lb')).toMatchObject({ internal: true, subnets: ['subnet-1', 'subnet-2'] });
  });

  test('says what has become of the port', () => {
    const lost = (props: Props) => made(declareShop, props).shop.losses.filter(({ declared }) => declared === 'published port 8080').map(({ instead }) => instead);
    const [certificateArn, publicSubnetIds] = ['arn:aws:acm:eu-west-1:1:certificate/1', ['subnet-3', 'subnet-4']];
    expect(lost({ publicSubnetIds })).toEqual([]);
    expect(lost({ publicSubnetIds, certificateArn })).toEqual(['port 443 of the load balancer, which has a certificate']);
    expect(lost({})).toEqual(["reached from inside the VPC only: name 'publicSubnetIds' for a load balancer that the internet reaches"]);
  });

  test('leaves names to the provider that AWS would not take', () => {
    const long = 'a'.repeat(40);
    const document = synthesized(application => {
      const image = new RegistryImage(application, 'tool', { reference: 'example.com/tool:1', facts: { ...FACTS, ports: [8080] } });
      new Service(application, long, { image, publish: 8080 });
    });
    expect(only(document, 'aws_lb').name).toBeUndefined();
    expect(only(document, 'aws_lb_target_group').name_prefix).toBe('aaaaa-');
    expect(only(document, 'aws_iam_role', 'execution').name).toBe(`shop-${long}-execution`);
  });

  test('goes on as resources of the host', () => {
    const { app, shop } = made(declareEverything, {}, FULL_SOURCE);
    const { service, taskDefinition, taskRole, executionRole, loadBalancer, targetGroup, listener } = shop.service('api');
    const all = [service, taskDefinition, taskRole, executionRole, loadBalancer, targetGroup, listener, shop.cluster, shop.logGroup, shop.fileSystem];
    expect(all.map(one => one?.terraformResourceType)).toEqual([
      'aws_ecs_service', 'aws_ecs_task_definition', 'aws_iam_role', 'aws_iam_role', 'aws_lb', 'aws_lb_target_group', 'aws_lb_listener', 'aws_ecs_cluster',
      'aws_cloudwatch_log_group', 'aws_efs_file_system',
    ]);
    expect(shop.service('db').loadBalancer).toBeUndefined();
    expect(shop.securityGroup('backnet').terraformResourceType).toBe('aws_security_group');
    expect([shop.job('migrate').run?.terraformResourceType, shop.job('migrate').schedules]).toEqual(['terraform_data', []]);
    expect([shop.job('nightly').run, shop.job('nightly').schedules.map(one => one.terraformResourceType)]).toEqual([undefined, ['aws_scheduler_schedule']]);
    service.addOverride('enable_ecs_managed_tags', true);
    expect(only(written(app), 'aws_ecs_service', 'service-api').enable_ecs_managed_tags).toBe(true);
  });

  test('is refused under an id that there is not', () => {
    const { shop } = made(declareMigrated);
    expect(() => shop.service('migrate')).toThrow(new Error("production/shop: 'shop' has no service 'migrate' here; it has 'api', 'db', 'web', 'worker' [TERRAFORM_WORKLOAD]"));
    expect(() => shop.job('api')).toThrow(new Error("production/shop: 'shop' has no job 'api' here; it has 'migrate' [TERRAFORM_WORKLOAD]"));
    expect(() => made(declareShop).shop.job('api')).toThrow(new Error("production/shop: 'shop' has no job 'api' here; it has none [TERRAFORM_WORKLOAD]"));
    expect(() => shop.service('api')).not.toThrow();
  });
});

describe('A role', () => {
  /** What the policies of a workload allow, without the trust in tasks. */
  function statements(document: any, word: string): any[] {
    const all = Object.entries<any>(document.data.aws_iam_policy_document);
    return all.filter(([name]) => name.includes(word)).flatMap(([, { statement }]) => statement);
  }

  const secretly = (application: Application) => {
    const reference = '210987654321.dkr.ecr.us-east-1.amazonaws.com/tools/tool:1';
    const { image } = declareShop(application);
    const tool = new RegistryImage(application, 'tool', { reference, facts: FACTS });
    const secrets = ['password', 'token', 'key'].map(name => new Secret(application, name));
    new Service(application, 'secretive', { image: image.process('work', PythonServer.module('app')), secrets });
    new Service(application, 'bare', { image: tool });
  };

  test('of ECS may write the logs, read the secrets and pull the images of its task', () => {
    const arn = 'arn:aws:secretsmanager:eu-west-1:1:secret:shop/token-AbCdEf';
    const parameter = 'arn:aws:ssm:eu-west-1:1:parameter/shop/key';
    const document = synthesized(secretly, { secrets: { token: `${arn}:value::`, key: parameter } });
    const logs = { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.shop_logs_\w+\.arn\}:\*$/)] };
    const pull = (repository: string) => [
      { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
      { actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: [expect.stringMatching(repository)] },
    ];
    expect(statements(document, 'service-bare')).toEqual([logs, ...pull(':ecr:us-east-1:210987654321:repository/tools/tool$')]);
    expect(statements(document, 'service-secretive')).toEqual([
      logs,
      { actions: ['secretsmanager:GetSecretValue'], resources: [expect.stringMatching(/^\$\{data\.aws_secretsmanager_secret\.shop_secret-password_\w+\.arn\}$/), arn] },
      { actions: ['ssm:GetParameters'], resources: [parameter] },
      ...pull(':ecr:eu-west-1:123456789012:repository/shop/api-image$'),
    ]);
    expect(containers(document, 'service-secretive')[0].secrets).toContainEqual({ name: 'SECRET_TOKEN', valueFrom: `${arn}:value::` });
    expect(Object.keys(document.resource.aws_iam_role_policy).filter(name => name.includes('_task-policy'))).toEqual([]);
    expect(statements(synthesized(secretly, { registry: 'registry.example.com/shop' }), 'service-api')).toEqual([logs]);
  });

  test('of a process may use its volumes', () => {
    const document = synthesized(application => {
      const image = new RegistryImage(application, 'tool', { reference: 'example.com/tool:1', facts: { ...FACTS, writablePaths: [{ path: '/data', data: true }] } });
      new Service(application, 'keeper', { image, volumes: [{ volume: new Volume(application, 'kept'), path: '/data' }] });
    });
    const [statement] = statements(document, 'task-policy');
    expect(statement.actions).toEqual(['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite']);
    expect(statement.condition).toEqual([{
      test: 'StringEquals', variable: 'elasticfilesystem:AccessPointArn', values: [expect.stringMatching(/^\$\{aws_efs_access_point\.shop_volume-kept_\w+\.arn\}$/)],
    }]);
    expect(only(document, 'aws_efs_access_point').posix_user).toEqual([{ uid: 1000, gid: 1000 }]);
    expect(only(document, 'aws_ecs_service').deployment_maximum_percent).toBe(100);
  });
});

describe('Settings', () => {
  const withProps = (props: Props, declare: (application: Application) => unknown = declareShop) => () => made(declare, props);
  refusesAtOnce('a registry that is none', "registry 'https://example.com' is not what names of images start with; give a host and a path, such as 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop [REGISTRY]",
    withProps({ registry: 'https://example.com' }), withProps({ registry: 'example.com:5000/shop' }));
  refusesAtOnce('no subnets', "subnetIds has no subnet; give one in each zone, such as ['subnet-0a', 'subnet-0b'] [SUBNETS_MISSING]", withProps({ subnetIds: [] }), withProps({}));
  refusesAtOnce('no public subnets', "publicSubnetIds has no subnet; give one in each zone, such as ['subnet-0a', 'subnet-0b'] [SUBNETS_MISSING]",
    withProps({ publicSubnetIds: [] }), withProps({ publicSubnetIds: ['subnet-3'] }));
  refusesAtOnce('days that CloudWatch does not know', 'logs cannot be kept for 8 days; CloudWatch keeps them for 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 [LOG_RETENTION]',
    withProps({ logRetentionDays: 8 }), withProps({ logRetentionDays: 7 }));
  refusesAtOnce('a secret that no task has', "no task has a secret 'pasword'; they have none [TERRAFORM_UNUSED]", withProps({ secrets: { pasword: 'arn' } }), withProps({ secrets: {} }));
  refusesAtOnce('a variable that no task has', "no task has a variable of whoever deploys 'SITES'; they have 'LOG_LEVEL', 'SITE' [TERRAFORM_UNUSED]",
    () => made(declareEverything, { environment: { SITES: 'x' } }, FULL_SOURCE), () => made(declareEverything, { environment: { SITE: 'x' } }, FULL_SOURCE));
});

test('The library is loaded without cdktn', () => {
  jest.isolateModules(() => {
    jest.doMock('cdktn', () => { throw new Error('loaded'); });
    expect(() => jest.requireActual('cdk-wheelhouse').terraform.TerraformApplication).not.toThrow();
    jest.dontMock('cdktn');
  });
  expect(new App()).toBeDefined();
});
