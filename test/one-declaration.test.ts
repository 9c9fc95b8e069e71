/** examples/one-declaration, by all of its programs: what each output says of a container agrees with the others. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App as Cloud, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Testing as TerraformTesting, TerraformStack } from 'cdktn';
import { parse, parseAllDocuments } from 'yaml';
import { folder } from './declare';
import { declareNotes } from '../examples/one-declaration/application';
import { App, ComposeFile, ecs, KubernetesFile, terraform, type Application } from 'cdk-wheelhouse';

const ROOT = resolve('examples/one-declaration');
const REGISTRY = 'registry.example.com/notes';

/** What an output says of one container, in words that all of them have. */
interface Facts {
  user?: string;
  readOnlyRoot?: boolean;
  droppedCapabilities?: string[];
  /** Whether something else than the process is process 1, and hands the stop signal on. */
  init?: boolean;
  /** Directories that end with it. */
  scratch?: string[];
  /** Directories that stay. */
  data?: string[];
  ports?: number[];
  /** Seconds of which the process has so many to end. */
  graceSeconds?: number;
  /** What is run inside to tell that it works. */
  healthCommand?: string[];
  /** What is asked for over HTTP to tell so. */
  healthPath?: string;
  interval?: number;
  timeout?: number;
  retries?: number;
  memoryMebibytes?: number;
  environment?: Record<string, string>;
  /** What the others call it by. */
  host?: string;
  /** Content of the image, as a tag. */
  tag?: string;
}

type Output = Record<'api' | 'web', Facts>;

function declared(outdir = folder()): Application {
  return declareNotes(new App({ root: ROOT, outdir }));
}

/** What a file target writes. */
function written(file: string, target: (application: Application) => unknown): string {
  const outdir = folder();
  const application = declared(outdir);
  target(application);
  (application.node.root as App).synth();
  return readFileSync(join(outdir, 'notes', file), 'utf8');
}

function both(of: (id: 'api' | 'web') => Facts): Output {
  return { api: of('api'), web: of('web') };
}

const seconds = (text: string) => {
  const [, minutes = 0, rest = 0] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(text)!;
  return Number(minutes) * 60 + Number(rest);
};
const mebibytes = (text: string) => Number(/^\d+/.exec(text)![0]) * (/^\d+G/i.test(text) ? 1024 : 1);
const tagOf = (image: string) => image.split(':').at(-1);

function compose(): Output {
  const { services } = parse(written('compose.yaml', application => new ComposeFile(application, 'compose')));
  return both(id => {
    const { user, read_only, cap_drop, init, tmpfs, volumes = [], stop_grace_period, healthcheck, deploy, environment = {} } = services[id];
    return {
      user,
      readOnlyRoot: read_only,
      droppedCapabilities: cap_drop,
      init: init ?? false,
      scratch: tmpfs.map((entry: string) => entry.split(':')[0]),
      data: volumes.map((entry: string) => entry.split(':')[1]),
      graceSeconds: stop_grace_period && seconds(stop_grace_period),
      healthCommand: healthcheck?.test.slice(1),
      interval: healthcheck && seconds(healthcheck.interval),
      timeout: healthcheck && seconds(healthcheck.timeout),
      retries: healthcheck?.retries,
      memoryMebibytes: mebibytes(deploy.resources.limits.memory),
      environment,
      host: id,
    };
  });
}

function kubernetes(): Output {
  const text = written('kubernetes.yaml', application => new KubernetesFile(application, 'kubernetes', { registry: REGISTRY }));
  const objects = parseAllDocuments(text).map(document => document.toJS());
  return both(id => {
    const { spec } = objects.find(({ kind, metadata }) => ['Deployment', 'StatefulSet'].includes(kind) && metadata.name === id).spec.template;
    const [container] = spec.containers;
    const { runAsUser, runAsGroup } = spec.securityContext;
    const ofVolume = (name: string) => spec.volumes.find((volume: any) => volume.name === name);
    const mounts = (kind: string) => container.volumeMounts.filter(({ name }: any) => ofVolume(name)[kind]).map(({ mountPath }: any) => mountPath);
    const probe = container.readinessProbe;
    return {
      user: `${runAsUser}:${runAsGroup}`,
      readOnlyRoot: container.securityContext.readOnlyRootFilesystem,
      droppedCapabilities: container.securityContext.capabilities.drop,
      init: spec.shareProcessNamespace ?? false,
      scratch: mounts('emptyDir'),
      data: mounts('persistentVolumeClaim'),
      ports: container.ports.map(({ containerPort }: any) => containerPort),
      graceSeconds: spec.terminationGracePeriodSeconds - container.lifecycle.preStop.sleep.seconds,
      healthPath: probe.httpGet.path,
      interval: probe.periodSeconds,
      timeout: probe.timeoutSeconds,
      retries: container.livenessProbe.failureThreshold,
      memoryMebibytes: mebibytes(container.resources.limits.memory),
      environment: Object.fromEntries((container.env ?? []).map(({ name, value }: any) => [name, value])),
      host: objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === id).metadata.name,
      tag: tagOf(container.image),
    };
  });
}

/** Of a container definition of ECS, with lower-case keys, and the service around it. */
function ofEcs({ containerDefinitions: [container], volumes }: any, host: string, healthPath: string | undefined): Facts {
  const check = container.healthCheck;
  const data = new Set((volumes ?? []).map(({ name }: any) => name));
  return {
    user: container.user,
    readOnlyRoot: container.readonlyRootFilesystem,
    droppedCapabilities: container.linuxParameters.capabilities.drop,
    init: container.linuxParameters.initProcessEnabled ?? false,
    scratch: container.linuxParameters.tmpfs.map(({ containerPath }: any) => containerPath),
    data: (container.mountPoints ?? []).filter(({ sourceVolume }: any) => data.has(sourceVolume)).map(({ containerPath }: any) => containerPath),
    ports: container.portMappings.map(({ containerPort }: any) => containerPort),
    graceSeconds: container.stopTimeout,
    healthCommand: check?.command.slice(1),
    healthPath,
    interval: check?.interval,
    timeout: check?.timeout,
    retries: check?.retries,
    memoryMebibytes: container.memory,
    environment: Object.fromEntries((container.environment ?? []).map(({ name, value }: any) => [name, value])),
    host,
    tag: tagOf(container.image),
  };
}

function awsCdk(): Output {
  const stack = new Stack(new Cloud({ outdir: folder() }), 'notes');
  new ecs.EcsApplication(stack, 'application', { application: declared(), vpc: new Vpc(stack, 'network'), registry: REGISTRY });
  const resources: any[] = Object.values(Template.fromStack(stack).toJSON().Resources);
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => lowered(Properties));
  const [target] = ofType('AWS::ElasticLoadBalancingV2::TargetGroup');
  return both(id => {
    const definition = ofType('AWS::ECS::TaskDefinition').find(({ family }) => family === `notes-${id}`);
    const service = ofType('AWS::ECS::Service').map(({ serviceConnectConfiguration: { services } }) => services?.[0])
      .find(one => one?.portName.startsWith(`${id}-`));
    return ofEcs(definition, service.clientAliases[0].dnsName, id === 'web' ? target.healthCheckPath : undefined);
  });
}

/** CloudFormation writes keys in capitals, but for those of maps. */
function lowered(value: any): any {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key[0].toLowerCase() + key.slice(1), lowered(item)]));
}

function onAwsByTerraform(): Output {
  const stack = new TerraformStack(TerraformTesting.app(), 'notes');
  new terraform.TerraformApplication(stack, 'application', {
    application: declared(), registry: REGISTRY, vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'],
  });
  const { resource, locals } = JSON.parse(TerraformTesting.synth(stack));
  const all = (type: string): any[] => Object.values(resource[type]);
  return both(id => {
    const definition = all('aws_ecs_task_definition').find(({ family }) => family === `notes-${id}`);
    const local = /^\$\{jsonencode\(local\.([\w-]+)\)\}$/.exec(definition.container_definitions)![1];
    const alias = all('aws_ecs_service').flatMap(({ service_connect_configuration: [{ service = [] }] }) => service)
      .find(({ port_name }) => port_name.startsWith(`${id}-`)).client_alias[0];
    const [target] = all('aws_lb_target_group');
    return ofEcs({ containerDefinitions: locals[local], volumes: definition.volume }, alias.dns_name, id === 'web' ? target.health_check[0].path : undefined);
  });
}

function onDockerByTerraform(): Output {
  const stack = new TerraformStack(TerraformTesting.app({ outdir: folder() }), 'notes');
  new terraform.DockerApplication(stack, 'application', { application: declared() });
  const containers: any[] = Object.values(JSON.parse(TerraformTesting.synth(stack)).resource.docker_container);
  return both(id => {
    const container = containers.find(({ networks_advanced: [{ aliases }] }) => aliases[0] === id);
    const [check] = container.healthcheck ?? [];
    return {
      user: container.user,
      readOnlyRoot: container.read_only,
      droppedCapabilities: container.capabilities[0].drop,
      init: container.init ?? false,
      scratch: Object.keys(container.tmpfs),
      data: (container.mounts ?? []).map(({ target }: any) => target),
      graceSeconds: container.stop_timeout,
      healthCommand: check?.test.slice(1),
      interval: check && seconds(check.interval),
      timeout: check && seconds(check.timeout),
      retries: check?.retries,
      memoryMebibytes: container.memory,
      environment: Object.fromEntries((container.env ?? []).map((entry: string) => entry.split('='))),
      host: container.networks_advanced[0].aliases[0],
    };
  });
}

const OUTPUTS: Record<string, () => Output> = { compose, kubernetes, awsCdk, onAwsByTerraform, onDockerByTerraform };

describe.each(['api', 'web'] as const)('of %s', id => {
  let all: Record<string, Facts>;

  beforeAll(() => {
    all = Object.fromEntries(Object.entries(OUTPUTS).map(([name, made]) => [name, made()[id]]));
  });

  /** Each fact, with those outputs that say it. */
  const FACTS: Record<keyof Facts, string[]> = {
    user: Object.keys(OUTPUTS),
    readOnlyRoot: Object.keys(OUTPUTS),
    droppedCapabilities: Object.keys(OUTPUTS),
    init: Object.keys(OUTPUTS),
    scratch: Object.keys(OUTPUTS),
    data: Object.keys(OUTPUTS),
    ports: ['kubernetes', 'awsCdk', 'onAwsByTerraform'],
    graceSeconds: Object.keys(OUTPUTS),
    // nothing in the image of the proxy could be run
    healthCommand: id === 'web' ? [] : ['compose', 'awsCdk', 'onAwsByTerraform', 'onDockerByTerraform'],
    healthPath: id === 'web' ? ['kubernetes', 'awsCdk', 'onAwsByTerraform'] : ['kubernetes'],
    interval: id === 'web' ? ['kubernetes'] : Object.keys(OUTPUTS),
    timeout: id === 'web' ? ['kubernetes'] : Object.keys(OUTPUTS),
    retries: id === 'web' ? ['kubernetes'] : Object.keys(OUTPUTS),
    memoryMebibytes: Object.keys(OUTPUTS),
    environment: Object.keys(OUTPUTS),
    host: Object.keys(OUTPUTS),
    tag: ['kubernetes', 'awsCdk', 'onAwsByTerraform'],
  };

  test.each(Object.entries(FACTS))('%s is the same in %j', (fact, names) => {
    const values = Object.entries(all).map(([name, facts]) => ({ name, value: sorted(facts[fact as keyof Facts]) }));
    const said = values.filter(({ value }) => value !== undefined);
    expect(said).toEqual(names.map(name => ({ name, value: said[0].value })));
  });
});

function sorted(value: unknown): unknown {
  return Array.isArray(value) && value.every(one => typeof one === 'string' && one.startsWith('/')) ? [...value].sort() : value;
}
