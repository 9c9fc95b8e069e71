/** What TerraformApplication makes, before the real Terraform with the real AWS provider, before checkov, and before moto, which answers as AWS does. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App as Host, TerraformStack } from 'cdktn';
import { ACCEPTED_TERRAFORM_FINDINGS } from '../../examples/one-declaration/accepted-findings-terraform';
import { appWith, FLASK_SOURCE, folder } from '../declare';
import { declareEverything, FULL_SOURCE } from '../full-application';
import { checkovOn, describeWithAwsJudges, type Moto, withMoto } from './aws-judges';
import { run } from './engine';
import { describeWithTerraform, Terraform } from './terraform';
import { Application, Job, PythonBase, PythonServer, PythonServiceImage, Secret, Service, terraform } from 'cdk-wheelhouse';

const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com/shop';

/** Where moto is told to put it. */
interface Place { readonly vpcId: string; readonly subnetIds: string[]; readonly publicSubnetIds?: string[] }

const NOWHERE: Place = { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'], publicSubnetIds: ['subnet-3', 'subnet-4'] };

/** The folder of a stack with an application. */
function written(declare: (application: Application) => unknown, place: Place, files: Record<string, string>, steady: boolean = true): string {
  const { application } = appWith(files);
  declare(application);
  const host = new Host({ outdir: folder() });
  const stack = new TerraformStack(host, 'production');
  const made = new terraform.TerraformApplication(stack, 'shop', { application, registry: REGISTRY, ...place });
  // in moto no task of a service ever runs
  if (!steady) for (const { id } of application.node.children.filter(child => child instanceof Service).map(({ node }) => node)) made.service(id).service.addOverride('wait_for_steady_state', false);
  host.synth();
  return stackFolder(host.outdir, 'production');
}

/** A stack's file alone in a folder, with no state elsewhere. */
function stackFolder(outdir: string, stack: string): string {
  const document = JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
  delete document.terraform.backend;
  return folder({ 'cdk.tf.json': JSON.stringify(document) });
}

/** A migration before what needs it. */
function declareMigrated(application: Application): void {
  const image = new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  const migrate = new Job(application, 'migrate', { image: image.process('migration', PythonServer.module('app')), retries: 1 });
  new Service(application, 'api', { image, dependsOn: [migrate], secrets: [new Secret(application, 'token')], environment: { TEXT: '${x} %{y} "5 $"' } });
}

function placeIn(moto: Moto): Place {
  const vpcId = moto.aws('ec2', 'create_vpc', { CidrBlock: '10.0.0.0/16' }).Vpc.VpcId;
  const subnet = (number: number, zone: string) => moto.aws('ec2', 'create_subnet', { VpcId: vpcId, CidrBlock: `10.0.${number}.0/24`, AvailabilityZone: zone }).Subnet.SubnetId;
  return { vpcId, subnetIds: [subnet(1, 'us-east-1a'), subnet(2, 'us-east-1b')], publicSubnetIds: [subnet(3, 'us-east-1a'), subnet(4, 'us-east-1b')] };
}

/** The AWS CLI, as far as a job needs it: the words of its commands are those of boto3. */
function awsCommand(): string {
  const path = folder();
  const [python] = run('.ci/install-aws-judges', ['--check']).stdout.trim().split('\n');
  writeFileSync(join(path, 'aws'), `#!${python}/bin/python
import json, sys, boto3, jmespath
service, command, *words = sys.argv[1:]
given = dict(zip(words[::2], words[1::2]))
query, output = given.pop('--query'), given.pop('--output')
camel = lambda word: word[2:].split('-')[0] + ''.join(part.title() for part in word[2:].split('-')[1:])
value = lambda name, text: [text] if name == '--tasks' else json.loads(text) if text.startswith('{') else text
answer = getattr(boto3.client(service), command.replace('-', '_'))(**{camel(name): value(name, text) for name, text in given.items()})
print(jmespath.search(query, answer))
`);
  chmodSync(join(path, 'aws'), 0o755);
  return path;
}

function terraformFor(root: string, moto: Moto, env: NodeJS.ProcessEnv = {}): Terraform {
  const path = `${awsCommand()}:${process.env.PATH}`;
  const made = new Terraform(root, {
    AWS_ENDPOINT_URL: moto.endpoint, AWS_ACCESS_KEY_ID: 'judge', AWS_SECRET_ACCESS_KEY: 'judge', AWS_REGION: 'us-east-1', NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', PATH: path, ...env,
  });
  made.init();
  return made;
}

describeWithTerraform('An application on ECS', () => {
  test('is valid for the AWS provider, with all that can be declared, and says nothing that is deprecated', () => {
    const made = new Terraform(written(declareEverything, NOWHERE, FULL_SOURCE));
    made.init();
    expect(made.validate()).toEqual([]);
  });

  test('is invalid when an attribute is misspelt', () => {
    const root = written(declareEverything, NOWHERE, FULL_SOURCE);
    const file = join(root, 'cdk.tf.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"propagate_tags"', '"propagate_tag"'));
    const made = new Terraform(root);
    made.init();
    expect(made.validate().map(({ summary }) => summary)).toEqual(['Extraneous JSON object property']);
  });
});

/** What the program in the folder of the example writes. */
function example(): string {
  process.env.CDKTF_OUTDIR = folder();
  jest.requireActual('../../examples/one-declaration/terraform');
  const stack = stackFolder(process.env.CDKTF_OUTDIR, 'notes');
  delete process.env.CDKTF_OUTDIR;
  return stack;
}

describeWithTerraform('examples/one-declaration/terraform.ts', () => {
  const stack = example();

  test('is valid for the AWS provider', () => {
    const made = new Terraform(stack);
    made.init();
    expect(made.validate()).toEqual([]);
  });

  describeWithAwsJudges('before checkov', () => {
    test('has no finding but those that are accepted, and each of those', () => {
      const found = checkovOn(stack, 'terraform_json').map(({ rule }) => rule);
      expect([...new Set(found)].sort()).toEqual(Object.keys(ACCEPTED_TERRAFORM_FINDINGS).sort());
    });

    test('can be planned', async () => {
      await withMoto(moto => {
        const { vpcId, subnetIds, publicSubnetIds } = placeIn(moto);
        const planned = terraformFor(stack, moto, {
          TF_VAR_vpc: vpcId,
          TF_VAR_private_subnets: JSON.stringify(subnetIds),
          TF_VAR_public_subnets: JSON.stringify(publicSubnetIds),
          TF_VAR_registry: REGISTRY,
          TF_VAR_certificate: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
        }).planned();
        const all = planned.planned_values.root_module.resources;
        expect(all.filter(({ type }: any) => type === 'aws_efs_mount_target').map(({ values }: any) => values.subnet_id)).toEqual(subnetIds);
        const images = all.filter(({ type }: any) => type === 'aws_ecs_task_definition').map(({ values }: any) => JSON.parse(values.container_definitions)[0].image);
        expect(images.sort()).toEqual(['api-image', 'web-image'].map(name => expect.stringMatching(`^${REGISTRY}/${name}:[0-9a-f]{12}$`)));
      });
    });
  });
});

describeWithTerraform('terraform', () => {
  describeWithAwsJudges('with moto', () => {
    test('plans all that can be declared, and has nothing left to guess in containers', async () => {
      await withMoto(moto => {
        for (const name of ['db-password', 'api-token']) moto.aws('secretsmanager', 'create_secret', { Name: `shop/${name}`, SecretString: 'x' });
        const site = 'a "b" ${x}';
        const planned = terraformFor(written(declareEverything, placeIn(moto), FULL_SOURCE), moto, { TF_VAR_SITE: site }).planned();
        const definitions = planned.planned_values.root_module.resources.filter(({ type }: any) => type === 'aws_ecs_task_definition');
        expect(definitions.map(({ values }: any) => values.family).sort()).toEqual(['shop-api', 'shop-db', 'shop-migrate', 'shop-nightly', 'shop-worker']);
        const containers = JSON.parse(definitions.find(({ values }: any) => values.family === 'shop-api').values.container_definitions);
        const api = containers.find(({ name }: any) => name === 'api');
        expect(api.environment).toContainEqual({ name: 'SITE', value: site });
        expect(api.dockerLabels).toEqual({ 'com.example.team': 'shop', 'com.example.cost': '5 $' });
      });
    }, 300_000);

    test('runs the migration before what needs it, once for each image, and destroys', async () => {
      await withMoto(moto => {
        moto.aws('secretsmanager', 'create_secret', { Name: 'shop/token', SecretString: 'x' });
        const made = terraformFor(written(declareMigrated, placeIn(moto), FLASK_SOURCE, false), moto);
        made.apply();
        expect(made.outputs()).toMatchObject({ shop_services: { api: 'api' } });
        const { taskDefinition } = moto.aws('ecs', 'describe_task_definition', { taskDefinition: 'shop-api' });
        expect(taskDefinition.containerDefinitions[1].environment).toContainEqual({ name: 'TEXT', value: '${x} %{y} "5 $"' });
        const ran = () => moto.aws('ecs', 'list_tasks', { cluster: 'shop', family: 'shop-migrate' }).taskArns.length;
        expect(ran()).toBe(1);
        const again = made.planned().resource_changes.filter(({ change }: any) => change.actions[0] !== 'no-op' && change.actions[0] !== 'read');
        // what moto forgets of these two is no change of ours
        expect(again.filter(({ type }: any) => !['aws_ecs_service', 'aws_vpc_security_group_ingress_rule'].includes(type))).toEqual([]);
        made.destroy();
        expect(moto.aws('ecs', 'describe_clusters', { clusters: ['shop'] }).clusters.map(({ status }: any) => status)).toEqual(['INACTIVE']);
      });
    }, 600_000);

    test('makes nothing of what waits for a migration that failed', async () => {
      await withMoto(moto => {
        moto.aws('secretsmanager', 'create_secret', { Name: 'shop/token', SecretString: 'x' });
        const made = terraformFor(written(declareMigrated, placeIn(moto), FLASK_SOURCE, false), moto);
        const { status, stdout, stderr } = made.run('apply', '-auto-approve');
        expect(status).toBe(1);
        expect((stdout + stderr).match(/Job 'migrate' ended with 3: /g)).toHaveLength(2);
        expect(moto.aws('ecs', 'list_services', { cluster: 'shop' }).serviceArns).toEqual([]);
      }, 3);
    }, 600_000);
  });
});
