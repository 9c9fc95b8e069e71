import type { IConstruct } from 'constructs';
import { Application } from './application';
import { Config } from './config';
import { EnvValue, type EnvPlan } from './env-value';
import type { HealthCheck } from './health-check';
import { Job } from './job';
import { Network } from './network';
import type { ApplicationPlan, BuildMountsPlan, DeployerVariable, ImagePlan, JobPlan, NetworkPlan, PublishedPort, ServicePlan, VolumePlan, WorkloadPlan } from './plan';
import { Restart } from './restart';
import { Secret } from './secret';
import { Service } from './service';
import { Volume } from './volume';
import { Workload } from './workload';
import { stagesFor, type BuildPlan } from '../build/build-plan';
import { ContainerImage, type ImageProcess } from '../build/container-image';
import type { HealthCheckFacts, ImageFacts } from '../build/image-facts';
import { SourceDirectory } from '../build/source-directory';
import { sortedBy, sortedUnique } from '../primitives/stable';
import { RequirementsLock, type LockPlan } from '../python/requirements-lock';

/** Name of the network of services that name none. @see https://docs.docker.com/compose/how-tos/networking/ */
const DEFAULT_NETWORK = 'default';
/** What the launcher of an image looks for: these, then the instruction and the variable's name. What they hold is the path of a secret. */
export const LAUNCHER_VARIABLE = 'WHEELHOUSE';

/** An image with how it is built, which only printers of images and checks see. */
export interface BuiltImagePlan extends ImagePlan {
  readonly dockerfile: string;
  /** Nothing when its stages do not fit together, which its validation reports. */
  readonly build?: BuildPlan;
}

/** What {@link planApplication} answers: the plan that targets see, and how the images are built. */
export interface FullApplicationPlan extends ApplicationPlan {
  readonly images: BuiltImagePlan[];
  /** Source paths that a build reads and that are not there. */
  readonly missingSources: readonly string[];
  /** Paths of the source tree that no build gets to see, as the App says. */
  readonly ignoredSources: readonly string[];
  /** Requirements that are locked, by path. */
  readonly locks: readonly LockPlan[];
}

/** An image as it is run: by itself, or as another process of it. */
interface PlannedRun {
  readonly image: ImagePlan | BuiltImagePlan;
  readonly otherProcess?: ImageProcess;
}

/** Services and jobs, by id. */
export function workloads(plan: ApplicationPlan): WorkloadPlan[] {
  return sortedBy([...plan.services, ...plan.jobs], workload => workload.id);
}

/** Whether it is kept running. */
export function isService(workload: WorkloadPlan): workload is ServicePlan {
  return 'replicas' in workload;
}

/** Those that are not only started on demand. */
export function startedServices(plan: ApplicationPlan): ServicePlan[] {
  return plan.services.filter(({ profiles }) => profiles.length === 0);
}

/** Jobs, likewise. */
export function startedJobs(plan: ApplicationPlan): JobPlan[] {
  return plan.jobs.filter(({ profiles }) => profiles.length === 0);
}

/** Services and jobs that a target starts which knows nothing like profiles. */
export function startedWorkloads(plan: ApplicationPlan): WorkloadPlan[] {
  return [...startedServices(plan), ...startedJobs(plan)];
}

/** Of a service that only a command can tell about, such as a database, nobody knows that. */
export function mayBeHttp({ healthCheck, routes }: ServicePlan): boolean {
  return routes.length > 0 || !healthCheck || healthCheck.http !== undefined || healthCheck.tcpPort !== undefined;
}

/** Ports under which it is reached from outside, its own first. */
export function publishedPorts({ publish, alsoPublished }: ServicePlan): PublishedPort[] {
  return [publish ?? [], alsoPublished].flat();
}

/** Derives facts, defaults and order, in one pass over everything that was declared. Nothing depends on the order of declaration. */
export function planApplication(application: Application): FullApplicationPlan {
  const declared = application.node.findAll();
  const every = <T extends IConstruct>(kind: abstract new (...args: never[]) => T) => (
    declared.filter((construct): construct is T => construct instanceof kind)
  );
  const source = SourceDirectory.of(application);
  const runs = new Map(every(ContainerImage).map(image => [image, planImage(application, image)]));
  const images = [...runs.values()].flatMap(({ otherProcess, image }) => otherProcess || !isBuilt(image) ? [] : [image]);
  const planned = (workload: Workload) => planWorkload(workload, runs.get(workload.image) ?? planImage(Application.of(workload), workload.image));
  return {
    id: application.node.id,
    path: application.node.path,
    services: sortedBy(every(Service).map(service => planService(service, planned(service))), service => service.id),
    jobs: sortedBy(every(Job).map((job): JobPlan => ({
      ...planned(job), retries: job._retries, schedule: job._schedule,
    })), job => job.id),
    networks: sortedBy(every(Network).map(planNetwork), network => network.name),
    volumes: sortedBy(every(Volume).map(planVolume), volume => volume.name),
    secrets: sortedBy(every(Secret).map(({ node, _file }) => ({ name: node.id, path: node.path, file: _file })), secret => secret.name),
    configs: sortedBy(every(Config).map(({ node, _text }) => ({ name: node.id, path: node.path, text: _text })), config => config.name),
    images: sortedBy(images, image => image.id),
    ignoredSources: source.ignored,
    missingSources: sortedUnique(images.flatMap(neededSources)).filter(path => source.kind(path) === undefined),
    locks: sortedBy(every(RequirementsLock).map(lock => lock._lock()), lock => lock.path),
  };
}

function neededSources({ build }: BuiltImagePlan): string[] {
  return build?.sourcePaths.filter(path => !build.optionalPaths.includes(path)) ?? [];
}

function planImage(application: Application, image: ContainerImage): PlannedRun {
  const { facts, build, stage, reference, otherProcess, madeBy = image } = image._plan();
  const id = imageId(application, otherProcess ? madeBy : image);
  if (reference !== undefined) return { image: { id, path: image.node.path, reference, facts } };
  return { image: { id, path: image.node.path, dockerfile: `images/${imageId(application, madeBy)}/Dockerfile`, stage, facts, buildMounts: build && buildMounts(build, stage), build }, otherProcess };
}

/** Of what makes the image: another output of the Dockerfile may need more. */
function buildMounts(build: BuildPlan, stage: string = build.stages[build.stages.length - 1].name): BuildMountsPlan | undefined {
  const mounts = stagesFor(build.stages, stage).flatMap(({ instructions }) => instructions).flatMap(instruction => 'mounts' in instruction ? instruction.mounts : []);
  const ids = (type: string) => sortedUnique(mounts.flatMap(mount => mount.type === type && 'id' in mount && mount.id !== undefined ? [mount.id] : []));
  const [secrets, ssh] = [ids('secret'), ids('ssh')];
  return secrets.length + ssh.length === 0 ? undefined : { secrets, ssh };
}

function isBuilt(image: ImagePlan): image is BuiltImagePlan {
  return image.dockerfile !== undefined;
}

/** The ids on the way from the application to the image. */
function imageId(application: Application, image: ContainerImage): string {
  return image.node.scopes.slice(application.node.scopes.length).map(scope => scope.node.id).join('-');
}

function planNetwork(network: Network): NetworkPlan {
  return { name: network.node.id, path: network.node.path, internal: network._internal };
}

function planVolume({ node, _sizeGibibytes: sizeGibibytes }: Volume): VolumePlan {
  return { name: node.id, path: node.path, sizeGibibytes };
}

function planWorkload(workload: Workload, { image, otherProcess }: PlannedRun): WorkloadPlan {
  const { command, environment, configs, volumes, dependsOn, resources, stopGraceSeconds, logging, labels, profiles } = workload._props;
  const { facts } = image;
  const names = workload._networks().map(network => network.node.id);
  const mounts = sortedBy(volumes!.map(({ volume, path, readOnly = false }) => ({ volume: volume.node.id, path, readOnly })), mount => mount.path);
  return {
    id: workload.node.id,
    path: workload.node.path,
    image,
    entrypoint: otherProcess && [...otherProcess.entrypoint],
    command: command ? [...command] : otherProcess && [...otherProcess.command],
    ...planEnvironment(environment!),
    secrets: sortedUnique(workload._secrets().map(secret => secret.node.id)),
    configs: sortedBy(configs!.map(({ config, path }) => ({ config: config.node.id, path })), mount => mount.path),
    volumes: mounts,
    scratchPaths: facts.writablePaths.filter(({ path, data }) => !data && !mounts.some(mount => path === mount.path || path.startsWith(`${mount.path}/`))),
    networks: [...(workload._joinsDefaultNetwork() ? [DEFAULT_NETWORK] : []), ...names.sort()],
    dependsOn: sortedUnique(dependsOn!.map(other => other.node.id)),
    reaches: sortedUnique(workload._environmentValues().flatMap(value => value._host?.node.id ?? [])),
    resources: resources && { ...resources },
    stopGraceSeconds: stopGraceSeconds ?? facts.stopGraceSeconds,
    logging: logging && { driver: logging.driver, options: { ...logging.options } },
    labels: byName(labels!),
    profiles: sortedUnique(profiles!),
  };
}

function planService(service: Service, workload: WorkloadPlan): ServicePlan {
  const { healthCheck, publish, replicas = 1, scaling, restart = Restart.ALWAYS } = service._serviceProps;
  const { facts } = workload.image;
  return {
    ...workload,
    healthCheck: healthCheck ? declaredCheck(healthCheck, facts) : facts.healthCheck,
    publish: publish === undefined ? undefined : publishedPort(publish, facts.ports, service._speaksTls()),
    alsoPublished: service._alsoPublished(),
    routes: sortedBy(service._routes(), route => route.prefix),
    fileRoutes: service._fileRoutes(),
    fixedAddressFiles: service._fixedAddressFiles(),
    replicas: scaling ? scaling.min : replicas,
    scaling: scaling && { min: scaling.min, max: scaling.max, cpuPercent: scaling.cpuPercent ?? 70 },
    restart,
  };
}

/** Its command sees the variables that the process sees; the image's own already does. */
function declaredCheck({ _facts: check, _forInterpreter }: HealthCheck, { launcher = [], interpreter }: ImageFacts): HealthCheckFacts {
  const program = _forInterpreter ? [interpreter ?? 'python3'] : [];
  return check.command ? { ...check, command: [...launcher, ...program, ...check.command] } : check;
}

function planEnvironment(declared: Readonly<Record<string, string | EnvValue>>): Pick<WorkloadPlan, 'environment' | 'deployerEnvironment'> {
  const plans = Object.entries(declared).map(([name, value]): [string, EnvPlan] => [name, value instanceof EnvValue ? value._plan : { kind: 'text', text: value }]);
  const texts = plans.flatMap(([name, plan]): [string, string][] => {
    if (plan.kind === 'deployer') return [];
    return [[plan.kind === 'launcher' ? `${LAUNCHER_VARIABLE}_${plan.instruction}_${name}` : name, plan.text]];
  });
  const deployer = plans.flatMap(([name, plan]): [string, DeployerVariable][] => {
    return plan.kind === 'deployer' ? [[name, { variable: plan.variable, defaultValue: plan.defaultValue }]] : [];
  });
  return { environment: byName(Object.fromEntries(texts)), deployerEnvironment: byName(Object.fromEntries(deployer)) };
}

function byName<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(sortedBy(Object.entries(record), ([name]) => name));
}

/** Nothing when it is not clear which port is meant, which the service's validation reports. */
function publishedPort(published: number, ports: readonly number[], tls: boolean): PublishedPort | undefined {
  return ports.length === 1 ? { published, target: ports[0], tls: tls || undefined } : undefined;
}
