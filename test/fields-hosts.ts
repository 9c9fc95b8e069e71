/** What an application becomes in the trees of other hosts: aws-cdk, and Terraform on AWS and on one machine. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { App as AwsApp, CfnResource, Stack } from 'aws-cdk-lib/core';
import * as cdktn from 'cdktn';
import type { IConstruct } from 'constructs';
import { filesUnder } from './declare';
import { leaves, orRefused, stable, type Line, type Output } from './fields-lines';
import { SourceDirectory } from '../lib/build/source-directory';
import { examine, invalidLines } from '../lib/output/examined-application';
import { whileNothingChanges } from '../lib/primitives/once';
import { planApplication, workloads } from '../lib/services/plan-application';
import { ecs, terraform, type Application, type Loss } from 'cdk-wheelhouse';

/** Settings of host targets, where those are what is tried: each is asked for them in the stack in which it is made. */
export interface HostSettings {
  readonly ecs?: (stack: Stack) => object;
  readonly terraform?: (stack: cdktn.TerraformStack) => object;
  readonly docker?: (stack: cdktn.TerraformStack) => object;
}

/** Something made of an application, with what it reports. */
interface Made {
  readonly losses: Loss[];
  readonly lines: Line[];
}

type Make = (application: Application, settings: HostSettings) => Made;

const HOSTS: Record<string, Make> = { ecs: madeOfEcs, terraform: madeOfTerraform, docker: madeOfDocker };
const REGISTRY = 'registry.example.com/shop';
/** What hosts write, in the source tree: nobody looks at it but where that is said. */
const outdirOf = (application: Application) => join(SourceDirectory.of(application).path, 'hosts.out');

const known = new Map<string, Record<string, Output>>();

/**
 * Outputs of hosts, by name. They are made of the plan and of nothing else: of the same plan they are not made again. Of an image that is built they
 * see its tag, which no line has.
 */
export function hostOutputs(application: Application, names: readonly string[], settings: HostSettings): Record<string, Output> {
  return whileNothingChanges(() => {
    const make = () => withoutTraces(() => Object.fromEntries(names.map(name => [name, hostOutput(() => HOSTS[name](application, settings))])));
    if (Object.keys(settings).length > 0) return make();
    const seen = [names, examine(application), invalidLines(application)];
    const key = JSON.stringify(seen, (name, value) => name === 'build' ? undefined : value);
    const outputs = known.get(key) ?? make();
    known.set(key, outputs);
    return outputs;
  });
}

function hostOutput(make: () => Made): Output {
  return orRefused(() => ({ ...make(), refused: [] }));
}

/** Hosts keep where each token was made; to look up where that is in sources that are compiled for a test takes most of the time. */
function withoutTraces<T>(work: () => T): T {
  const [{ stackTraceLimit }, { CDKTN_DISABLE_CREATION_STACK: before }] = [Error, process.env];
  Error.stackTraceLimit = 0;
  process.env.CDKTN_DISABLE_CREATION_STACK = '1';
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (before === undefined) delete process.env.CDKTN_DISABLE_CREATION_STACK;
    else process.env.CDKTN_DISABLE_CREATION_STACK = before;
  }
}

/** Variables of whoever deploys that have no default: ECS has to be told. */
function valuesOfDeployer(application: Application): Record<string, string> {
  const all = workloads(planApplication(application)).flatMap(({ deployerEnvironment }) => Object.values(deployerEnvironment));
  return Object.fromEntries(all.filter(({ defaultValue }) => defaultValue === undefined).map(({ variable }) => [variable, `value of ${variable}`]));
}

function madeOfEcs(application: Application, settings: HostSettings): Made {
  const app = new AwsApp({ outdir: outdirOf(application), analyticsReporting: false, treeMetadata: false });
  const stack = new Stack(app, 'stack');
  const vpc = Vpc.fromVpcAttributes(stack, 'vpc', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['private-a', 'private-b'], publicSubnetIds: ['public-a', 'public-b'],
  });
  const given = settings.ecs?.(stack) ?? { registry: REGISTRY, environment: valuesOfDeployer(application) };
  const { losses } = new ecs.EcsApplication(stack, 'ecs', { application, ...'cluster' in given ? {} : { vpc }, ...given });
  const lines = stack.node.findAll().flatMap(construct => cloudFormationLines(stack, construct));
  return { losses, lines: settings.ecs ? [...lines, ...assetLines(app.synth({ skipValidation: true }).directory, stack)] : lines };
}

/** An id without the hash at its end. */
const readable = (id: string) => id.replace(/_?[0-9A-F]{8}$/, '');
const isIntrinsic = (node: object) => Object.keys(node).length === 1 && /^(Ref|Fn::)/.test(Object.keys(node)[0]);

/** A resource, as it is in the template. What a construct waits for is written there when the whole App is synthesized, and known before. */
function cloudFormationLines(stack: Stack, construct: IConstruct): Line[] {
  const [first] = construct.node.findAll().filter(CfnResource.isCfnResource);
  const waits = construct.node.dependencies.map((other): Line => (
    { field: [kindOf(first), 'DependsOn[]'], path: `${kindOf(first)} ${construct.node.path} DependsOn[]`, value: other.node.path }
  ));
  return CfnResource.isCfnResource(construct) ? [...waits, ...resourceLines(stack, construct)] : waits;
}

function resourceLines(stack: Stack, resource: CfnResource): Line[] {
  const template = JSON.parse(JSON.stringify(stack.resolve((resource as any)._toCloudFormation())));
  const [[id, { Properties: properties = {} }]] = Object.entries<{ Properties?: object }>(template.Resources);
  const [kind, name] = [kindOf(resource), readable(id)];
  const whole: Line = { field: [kind], path: `${kind} ${name}`, value: kind, whole: true };
  return [whole, ...leaves(properties, isIntrinsic).map(({ keys, value }): Line => {
    const inContainer = kind === 'task' && keys[0] === 'ContainerDefinitions[]';
    const [object, ...path] = inContainer ? ['container', ...keys.slice(1)] : [kind, ...keys];
    const said = value.replace(/(?<="(?:Ref|Fn::GetAtt)":\[?")\w+/g, readable);
    return { field: [object, ...named(path)], path: `${object} ${name} ${path.join('.')}`, value: said };
  })];
}

function kindOf({ cfnResourceType }: CfnResource): string {
  return cfnResourceType.replace(/^AWS::(ECS::)?/, '').replace(/^TaskDefinition$/, 'task');
}

/** Names of yours in maps, which are no names of fields. */
function named(keys: readonly string[]): string[] {
  return keys.map((key, index) => index > 0 && /^(DockerLabels|dockerLabels|log_opts|tmpfs|dockerBuildSecrets)$/.test(keys[index - 1]) ? '<name>' : key);
}

/** What aws-cdk builds and pushes. */
function assetLines(directory: string, { artifactId }: Stack): Line[] {
  const images = JSON.parse(readFileSync(join(directory, `${artifactId}.assets.json`), 'utf8')).dockerImages ?? {};
  return Object.values<{ source: object }>(images).flatMap(({ source }) => leaves({ ...source, directory: '' }).map(({ keys, value }): Line => (
    { field: ['asset', ...named(keys)], path: `asset ${keys.join('.')}`, value }
  )));
}

function madeOfTerraform(application: Application, settings: HostSettings): Made {
  return inTerraform(application, stack => new terraform.TerraformApplication(stack, 'aws', {
    application, vpcId: 'vpc-1', subnetIds: ['subnet-a', 'subnet-b'], ...settings.terraform?.(stack) ?? { registry: REGISTRY },
  }));
}

function madeOfDocker(application: Application, settings: HostSettings): Made {
  return inTerraform(application, stack => new terraform.DockerApplication(stack, 'docker', { application, ...settings.docker?.(stack) }));
}

function inTerraform(application: Application, make: (stack: cdktn.TerraformStack) => { readonly losses: Loss[] }): Made {
  const outdir = outdirOf(application);
  const stack = new cdktn.TerraformStack(new cdktn.App({ outdir }), 'stack');
  const { losses } = make(stack);
  // contexts of images are there as well: they are Dockerfiles and sources
  const beside = join(outdir, cdktn.Manifest.stacksFolder, stack.node.id, 'configs');
  const configs = existsSync(beside) ? filesUnder(beside) : {};
  rmSync(beside, { recursive: true, force: true });
  const written = Object.entries(configs).map(([path, value]): Line => ({ field: ['configs/<id>'], path: stable(path), value }));
  return { losses, lines: [...terraformLines(JSON.parse(cdktn.Testing.synth(stack))), ...written] };
}

type Blocks = Record<string, Record<string, object>>;

function terraformLines({ resource = {}, data = {}, locals = {}, variable = {}, output = {} }: {
  resource?: Blocks; data?: Blocks; locals?: Record<string, object>; variable?: Record<string, object>; output?: Record<string, object>;
}): Line[] {
  const of = (kind: string, id: string, content: object): Line[] => {
    const name = `${kind} ${readable(id)}`;
    return [{ field: [kind], path: name, value: kind, whole: true }, ...leaves(content).map(({ keys, value }): Line => (
      { field: [kind, ...named(keys)], path: `${name} ${keys.join('.')}`, value: referring(value) }
    ))];
  };
  return [
    ...Object.entries(resource).flatMap(([type, all]) => Object.entries(all).flatMap(([id, content]) => of(type.replace(/^aws_ecs_task_definition$/, 'task'), id, content))),
    ...Object.entries(data).flatMap(([type, all]) => Object.entries(all).flatMap(([id, content]) => of(`data.${type}`, id, content))),
    ...Object.entries(locals).flatMap(([id, all]) => leaves({ [readable(id)]: all }).map(({ keys: [name, ...keys], value }): Line => (
      { field: ['container', ...named(keys)], path: `container ${name.replace('[]', '')} ${keys.join('.')}`, value: referring(value) }
    ))),
    ...Object.entries(variable).flatMap(([id, content]) => of('variable', id, content)),
    ...Object.entries(output).flatMap(([id, content]) => of('output', id, content)),
  ];
}

function referring(value: string): string {
  return stable(value.replace(/_[0-9A-F]{8}(?=[.\]}[])/g, '').replace(/_[0-9A-F]{8}$/, ''));
}
