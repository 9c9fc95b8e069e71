import type { Postcondition, TerraformResource } from 'cdktn';
import { Construct } from 'constructs';
import { annotate } from './annotate';
import { deployerValues } from './deployer-values';
import { containerAttributes, type ContainerReferences } from './docker-container';
import { dockerLosses } from './docker-losses';
import { placeOf, writeConfig, writeContext, type Place } from './docker-place';
import type { DockerApplicationProps } from './docker-props';
import { EMPTY_WORD } from './empty-word';
import { PUBLISHED_INSIDE } from './published-inside';
import { addressOf, literal, requiredProvider, resource, stackOf, variable } from './terraform-element';
import { platformOf } from '../../build/architecture';
import type { Finding } from '../../checks/check';
import { mustBeExamined } from '../../output/examined-application';
import type { Loss } from '../../output/loss';
import { must } from '../../primitives/faults';
import { freeze } from '../../primitives/freeze';
import { whileNothingChanges } from '../../primitives/once';
import { compact, sortedUnique } from '../../primitives/stable';
import type { ImagePlan, WorkloadPlan } from '../../services/plan';
import { isService, workloads, type FullApplicationPlan } from '../../services/plan-application';

/** Where the provider comes from, and the first version that builds with BuildKit by itself. */
const PROVIDER = { source: 'kreuzwerker/docker', version: '>= 4.0.0, < 5.0.0' };

/** What a service or job is made of, to go on with in the host. */
export interface DockerWorkload {
  /** Its containers, a `docker_container`; of a service there is a `count`. */
  readonly container: TerraformResource;
  /** What they run, a `docker_image`. */
  readonly image: TerraformResource;
}

/**
 * An {@link Application} on one machine, under a stack of cdktn or cdktf, by Terraform's docker provider: what {@link ComposeFile} writes, in its
 * words. `terraform apply` builds the images with BuildKit, starts what others wait for before them, and ends when all of it works; a job
 * runs again when its image has changed, and fails the apply when it fails.
 *
 * It is made at once: everything is checked, and all faults are thrown together. What the builds read, and the configs, are written into
 * the folder of the stack. Containers have configs and secrets from the disk: the engine is that of the machine where Terraform runs, or has them at the same
 * paths. In a tree without an {@link App}, sources are read from the working directory. Who destroys the stack destroys its volumes, unless their
 * `lifecycle` prevents that: {@link DockerApplication.volume}.
 *
 * @see https://registry.terraform.io/providers/kreuzwerker/docker/latest/docs
 */
export class DockerApplication extends Construct {
  /** What checks had to say and somebody acknowledged, or what only matters to know; annotations of the stack have those that nobody did. */
  public readonly findings: Finding[];
  /** What was declared and the provider cannot express; annotations of the stack have it, too. */
  public readonly losses: Loss[];
  private readonly path: string;
  private readonly project: string;
  private readonly services = new Map<string, DockerWorkload>();
  private readonly jobs = new Map<string, DockerWorkload>();
  private readonly volumes = new Map<string, TerraformResource>();

  constructor(scope: Construct, id: string, props: DockerApplicationProps) {
    super(scope, id);
    const { application } = props;
    const stack = stackOf(this);
    this.path = application.node.path;
    this.project = props.project ?? application.node.id;
    mustBeProject(this.project);
    const { plan, findings, losses, place } = whileNothingChanges(() => {
      const examined = mustBeExamined(application, [EMPTY_WORD, PUBLISHED_INSIDE]);
      mustBeDeclared('secret', props.secrets, examined.plan.secrets.map(({ name }) => name));
      mustBeDeclared('variable of whoever deploys', props.environment, sortedUnique(deployerVariables(examined.plan).map(([name]) => name)));
      mustBeAbsolute(props.secrets);
      return { ...examined, losses: dockerLosses(examined.plan, this.project), place: placeOf(stack, examined.source) };
    });
    this.findings = findings;
    this.losses = losses;
    requiredProvider(this, 'docker', PROVIDER.source, PROVIDER.version);
    whileNothingChanges(() => this.make(plan, props, place));
    annotate(this, losses, findings);
    freeze(application, this);
  }

  /**
   * The containers of a service.
   *
   * @param id of the service
   */
  public service(id: string): DockerWorkload {
    return this.find('service', this.services, id);
  }

  /**
   * The container of a job.
   *
   * @param id of the job
   */
  public job(id: string): DockerWorkload {
    return this.find('job', this.jobs, id);
  }

  /**
   * A volume, a `docker_volume`.
   *
   * @param name of the volume
   */
  public volume(name: string): TerraformResource {
    return this.find('volume', this.volumes, name);
  }

  private find<T>(what: string, made: ReadonlyMap<string, T>, id: string): T {
    const found = made.get(id);
    must(found, 'DOCKER_RESOURCE', `'${this.path}' has no ${what} '${id}' here; it has ${[...made.keys()].map(name => `'${name}'`).join(', ') || 'none'}`, this);
    return found;
  }

  private make(plan: FullApplicationPlan, props: DockerApplicationProps, place: Place): void {
    const started = workloads(plan);
    const secrets = this.secretPaths(plan, props, place);
    const deployer = deployerValues(this, this.path, deployerVariables(plan), props.environment);
    const images = new Map(started.map(({ image }) => [image.id, image]));
    const imageResources = new Map([...images].map(([name, image]) => [name, this.image(image, plan, secrets, place)]));
    const networks = new Map(sortedUnique(started.flatMap(workload => workload.networks)).map(name => [name, this.network(name, plan)]));
    for (const { name } of plan.volumes) this.volumes.set(name, resource(this, `volume-${name}`, 'docker_volume', { name: `${this.project}_${name}` }));
    const configs = new Map(plan.configs.map(config => [config.name, writeConfig(config, place)]));
    for (const workload of started) {
      const image = imageResources.get(workload.image.id)!;
      const container = this.container(workload, plan, {
        image: image.getStringAttribute('image_id'),
        networks: workload.networks.map(name => networks.get(name)!.getStringAttribute('id')),
        volumes: workload.volumes.map(({ volume }) => this.volumes.get(volume)!.getStringAttribute('name')),
        configs: workload.configs.map(({ config }) => configs.get(config)!),
        secrets: workload.secrets.map(name => secrets.get(name)!),
        deployer,
      });
      (isService(workload) ? this.services : this.jobs).set(workload.id, { container, image });
    }
    const made = new Map([...this.services, ...this.jobs]);
    for (const { id, dependsOn } of started.filter(workload => workload.dependsOn.length > 0)) {
      made.get(id)!.container.dependsOn = dependsOn.map(other => addressOf(made.get(other)!.container));
    }
  }

  private image(image: ImagePlan, plan: FullApplicationPlan, secrets: ReadonlyMap<string, string>, place: Place): TerraformResource {
    const id = `image-${image.id}`;
    const platform = image.facts.architecture && platformOf(image.facts.architecture);
    // what was pulled may be somebody else's, too
    if (image.reference !== undefined) return resource(this, id, 'docker_image', { name: literal(image.reference), platform, keep_locally: true });
    const context = writeContext(plan, image, place);
    const given = (image.buildMounts?.secrets ?? []).filter(name => secrets.has(name));
    return resource(this, id, 'docker_image', {
      name: `${this.project}-${image.id}:${context.tag}`,
      platform,
      build: [compact({
        context: context.path,
        dockerfile: context.dockerfile,
        target: image.stage,
        platform,
        secrets: given.length === 0 ? undefined : given.map(name => ({ id: name, src: secrets.get(name) })),
      })],
    }, { lifecycle: { createBeforeDestroy: true } });
  }

  private network(name: string, plan: FullApplicationPlan): TerraformResource {
    const internal = plan.networks.find(network => network.name === name)?.internal;
    return resource(this, `network-${name}`, 'docker_network', { name: `${this.project}_${name}`, internal: internal || undefined });
  }

  private container(workload: WorkloadPlan, plan: FullApplicationPlan, references: ContainerReferences): TerraformResource {
    const attributes = containerAttributes(workload, plan, this.project, references);
    const count = isService(workload) ? workload.replicas : undefined;
    const container = resource(this, `container-${workload.id}`, 'docker_container', attributes, { count });
    // what the engine adds to a limit of memory depends on the machine
    const ignored = attributes.memory === undefined ? {} : { ignoreChanges: ['memory_swap'] };
    const expected = attributes.attach ? { postcondition: [hasEndedWell(workload, attributes.name as string, container)] } : {};
    const lifecycle = { ...ignored, ...expected };
    if (Object.keys(lifecycle).length > 0) container.lifecycle = lifecycle;
    return container;
  }

  /** Where the files of secrets are, by name. */
  private secretPaths(plan: FullApplicationPlan, { secrets = {} }: DockerApplicationProps, place: Place): Map<string, string> {
    const ofBuilds = plan.images.flatMap(({ buildMounts }) => buildMounts?.secrets ?? []);
    const used = new Set([...workloads(plan).flatMap(workload => workload.secrets), ...ofBuilds]);
    return new Map(plan.secrets.filter(({ name }) => used.has(name)).map(({ name, file }): [string, string] => {
      if (secrets[name] !== undefined) return [name, literal(secrets[name])];
      const id = `${name.replaceAll('-', '_')}_file`;
      const description = `File of secret '${name}' on the machine: ${file} of the sources`;
      variable(this, id, { description, default: place.fromFolder(file), givenBy: `secrets: { '${name}': … }` });
      return [name, `\${abspath(var.${id})}`];
    }));
  }
}

/** A job that failed before is a fault of the next plan, too, unless its image has changed. */
function hasEndedWell({ id }: WorkloadPlan, name: string, container: TerraformResource): Postcondition {
  return {
    condition: '${self.exit_code == 0}',
    errorMessage: `Job '${id}' has failed: see 'docker logs ${name}'. What did not change runs again with 'terraform apply -replace=${addressOf(container)}'.`,
  };
}

/** Variables of whoever deploys, each with its default. */
function deployerVariables(plan: FullApplicationPlan): [string, string | undefined][] {
  const said = workloads(plan).flatMap(({ deployerEnvironment }) => Object.values(deployerEnvironment));
  return said.map(({ variable: name, defaultValue }) => [name, defaultValue]);
}

function mustBeProject(project: string): void {
  must(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(project), 'DOCKER_PROJECT', `project '${project}' is no DNS label; use up to 63 of a-z, 0-9 and '-', such as 'shop'`);
}

function mustBeDeclared(what: string, given: Readonly<Record<string, string>> = {}, declared: readonly string[]): void {
  for (const name of Object.keys(given)) {
    must(declared.includes(name), 'DOCKER_UNDECLARED', `the application has no ${what} '${name}'; it has ${declared.map(one => `'${one}'`).join(', ') || 'none'}`);
  }
}

function mustBeAbsolute(secrets: Readonly<Record<string, string>> = {}): void {
  for (const [name, path] of Object.entries(secrets)) {
    must(path.startsWith('/') || path.startsWith('${'), 'DOCKER_SECRET_PATH', `path '${path}' of secret '${name}' is not absolute; begin it with '/', or give a reference of the stack`);
  }
}
