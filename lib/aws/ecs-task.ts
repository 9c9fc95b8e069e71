import { posix } from 'node:path';
import type { EcsContainer, EcsEndpoint, EcsHealthCheck, EcsMountPoint, EcsTask, EcsTmpfs, EcsVolume } from './ecs-plan';
import type { EcsSettings } from './ecs-settings';
import { fargateSize, LARGEST_SIZE, type FargateSize } from './fargate-size';
import { FILES_PROGRAM } from './files-program';
import { Architecture } from '../build/architecture';
import { probeCommand, type WritablePath } from '../build/image-facts';
import { once } from '../primitives/once';
import { sortedUnique } from '../primitives/stable';
import type { ApplicationPlan, ImagePlan, ServicePlan, WorkloadPlan } from '../services/plan';
import { isService, workloads } from '../services/plan-application';

/** What the container is called that writes secrets and configs; `first` where the process itself is called so. */
const FILES = 'files';
const SECRETS_DIRECTORY = '/run/secrets';

/**
 * Mebibytes of the proxy of Service Connect, which is one more container of the task.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
const PROXY_MEBIBYTES = 64;

/** Of a task about whose memory nobody said anything: the least of Fargate. */
const USUAL_MEBIBYTES = 512;

/** Seconds; what ECS takes. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html */
const HEALTH = { interval: [5, 300], timeout: [2, 60], retries: [1, 10], startPeriod: [0, 300] } as const;

/** The task definition of a service or job. */
export function planTask(workload: WorkloadPlan, plan: ApplicationPlan, { fargate, namespace }: EcsSettings): EcsTask {
  const size = taskSize(workload, fargate);
  const files = filesContainer(workload, plan);
  const [architecture] = [workload.image, ...files.map(({ image }) => image)].flatMap(({ facts }) => facts.architecture ?? []);
  return {
    family: `${plan.id}-${workload.id}`,
    ...size,
    architecture: architecture && (architecture === Architecture.ARM64 ? 'ARM64' : 'X86_64'),
    containers: [...files, container(workload, plan, size, files.map(({ name }) => name), namespace)],
    volumes: [
      ...sortedUnique(workload.volumes.map(({ volume }) => volume)).map((volume): EcsVolume => ({ name: volume, accessPoint: volume })),
      ...fileDirectories(workload).map(({ volume }): EcsVolume => ({ name: volume })),
    ],
  };
}

/** What the task needs. */
export function neededSize(workload: WorkloadPlan): FargateSize {
  const { cpuReservation = 0, cpuLimit = cpuReservation } = workload.resources ?? {};
  const { memoryReservationMebibytes, memoryLimitMebibytes = memoryReservationMebibytes } = workload.resources ?? {};
  const proxy = isService(workload) ? PROXY_MEBIBYTES : 0;
  const memoryMebibytes = memoryLimitMebibytes === undefined ? USUAL_MEBIBYTES : memoryLimitMebibytes + proxy;
  return { cpuUnits: Math.round(cpuLimit * 1024), memoryMebibytes };
}

/** On Fargate the largest that there is where none has as much, which is refused. ECS itself takes no less CPU for a task than an eighth. */
function taskSize(workload: WorkloadPlan, fargate: boolean): FargateSize {
  const { cpuUnits, memoryMebibytes } = neededSize(workload);
  if (fargate) return fargateSize(cpuUnits, memoryMebibytes) ?? LARGEST_SIZE;
  return { cpuUnits: Math.max(128, cpuUnits), memoryMebibytes };
}

/** Ids of services: no page says that the proxy of Service Connect lets a connection become one of websockets. */
function takesWebsockets(plan: ApplicationPlan): ReadonlySet<string> {
  return once(plan, 'takes websockets', () => {
    const routes = plan.services.flatMap(service => service.routes).filter(({ settings }) => settings.includes('websocket'));
    return new Set(routes.map(({ service }) => service));
  });
}

/** Ports under which others reach a service. */
export function endpointsOf(workload: WorkloadPlan, plan: ApplicationPlan): EcsEndpoint[] {
  if (!isService(workload)) return [];
  const { id, healthCheck, image: { facts: { ports } } } = workload;
  const http = (port: number) => healthCheck?.http?.port === port && !takesWebsockets(plan).has(id);
  return ports.map(port => ({ name: `${id}-${port}`, discoveryName: `${id}_${port}`, port, http: http(port) }));
}

function container(
  workload: WorkloadPlan, plan: ApplicationPlan, { memoryMebibytes }: FargateSize, startsAfter: string[], namespace: string,
): EcsContainer {
  const { facts } = workload.image;
  const { memoryLimitMebibytes, memoryReservationMebibytes } = workload.resources ?? {};
  return {
    name: workload.id,
    image: workload.image,
    essential: true,
    user: facts.userId === undefined ? undefined : [facts.userId, facts.groupId].filter(id => id !== undefined).join(':'),
    entryPoint: workload.entrypoint,
    command: workload.command,
    environment: isService(workload) ? workload.environment : { LOCALDOMAIN: namespace, ...workload.environment },
    deployerEnvironment: workload.deployerEnvironment,
    secrets: {},
    tmpfs: workload.scratchPaths.map(writable => tmpfs(writable, workload, memoryMebibytes)),
    mountPoints: [
      ...workload.volumes.map(({ volume, path, readOnly }): EcsMountPoint => ({ volume, path, readOnly })),
      ...fileDirectories(workload).map(({ volume, path }): EcsMountPoint => ({ volume, path, readOnly: true })),
    ],
    endpoints: endpointsOf(workload, plan),
    healthCheck: isService(workload) ? planHealthCheck(workload) : undefined,
    stopTimeoutSeconds: workload.stopGraceSeconds,
    init: facts.handlesStopSignal !== true,
    memoryLimitMebibytes,
    memoryReservationMebibytes,
    dockerLabels: workload.labels,
    startsAfter,
  };
}

/**
 * A directory in memory. Without a size it may take half of what the task has, as Linux has it.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html
 * @see https://www.kernel.org/doc/html/latest/filesystems/tmpfs.html
 */
function tmpfs(writable: WritablePath, { image: { facts } }: WorkloadPlan, memoryMebibytes: number): EcsTmpfs {
  const { path, userId = facts.userId, groupId = facts.groupId, mode = '0700', exec, sizeMebibytes = Math.floor(memoryMebibytes / 2) } = writable;
  const owner = [...(userId === undefined ? [] : [`uid=${userId}`]), ...(groupId === undefined ? [] : [`gid=${groupId}`])];
  return { path, sizeMebibytes, options: [...owner, `mode=${mode}`, 'nosuid', 'nodev', exec ? 'exec' : 'noexec'] };
}

/** ECS does not look at the image's. Its numbers have bounds, and a check that is due more often is due as often as they allow. */
export function planHealthCheck({ healthCheck: check, image: { facts } }: ServicePlan): EcsHealthCheck | undefined {
  const command = check && probeCommand(check, facts);
  if (!command) return undefined;
  const within = ([least, most]: readonly [number, number], value: number) => Math.min(most, Math.max(least, Math.ceil(value)));
  const timeoutSeconds = within(HEALTH.timeout, check.timeoutSeconds);
  return {
    command,
    // aws-cdk takes none that is due before the one before it has to be over
    intervalSeconds: Math.max(timeoutSeconds, within(HEALTH.interval, check.intervalSeconds)),
    timeoutSeconds,
    retries: within(HEALTH.retries, check.retries),
    startPeriodSeconds: within(HEALTH.startPeriod, check.startPeriodSeconds),
  };
}

/** A file that somebody has to write before the process starts. */
interface WrittenFile {
  readonly path: string;
  /** Variable of the container that writes it. */
  readonly variable: string;
  readonly secret?: string;
  readonly text?: string;
}

/** Directories of files that no image has, each a volume that ends with the task. */
function fileDirectories(workload: WorkloadPlan): { volume: string; path: string }[] {
  const directories = sortedUnique(workload.configs.map(({ path }) => posix.dirname(path)));
  return [
    ...(workload.secrets.length === 0 ? [] : [{ volume: 'files-secrets', path: SECRETS_DIRECTORY }]),
    ...directories.filter(path => path !== SECRETS_DIRECTORY).map((path, index) => ({ volume: `files-${index + 1}`, path })),
  ];
}

/** Whether something has to be written before it starts. */
export function hasFiles({ secrets, configs }: WorkloadPlan): boolean {
  return secrets.length + configs.length > 0;
}

/**
 * An image that has Python: its own, else the first of the application that runs beside it. What is built for nobody knows what is for X86_64, as
 * Fargate is; what others build may be for any.
 */
export function imageForFiles(workload: WorkloadPlan, plan: ApplicationPlan): ImagePlan | undefined {
  const architectureOf = ({ facts, reference }: ImagePlan) => facts.architecture ?? (reference === undefined ? Architecture.AMD64 : undefined);
  const own = architectureOf(workload.image);
  return [workload, ...workloads(plan)].map(({ image }) => image)
    .find(image => image.facts.interpreter !== undefined && (own === undefined || [own, undefined].includes(architectureOf(image))));
}

/**
 * ECS has secrets as variables only, and no configs: a container that ends before the process starts has them, and writes the files. It is root,
 * whose volume a new one is, and has no capability: it writes there and nowhere else.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
 */
function filesContainer(workload: WorkloadPlan, plan: ApplicationPlan): EcsContainer[] {
  const image = hasFiles(workload) ? imageForFiles(workload, plan) : undefined;
  if (!image) return [];
  const texts = new Map(plan.configs.map(({ name, text }) => [name, text]));
  const files: WrittenFile[] = [
    ...workload.secrets.map(secret => ({ path: `${SECRETS_DIRECTORY}/${secret}`, variable: variableOf('SECRET', secret), secret })),
    ...workload.configs.map(({ config, path }) => ({ path, variable: variableOf('CONFIG', config), text: texts.get(config)! })),
  ];
  return [{
    name: workload.id === FILES ? `${FILES}-first` : FILES,
    image,
    essential: false,
    user: '0:0',
    entryPoint: [image.facts.interpreter!, '-IS', '-c', FILES_PROGRAM],
    command: files.map(({ path, variable }) => `${variable}=${path}`),
    environment: Object.fromEntries(files.flatMap(({ variable, text }) => text === undefined ? [] : [[variable, text]])),
    deployerEnvironment: {},
    secrets: Object.fromEntries(files.flatMap(({ variable, secret }) => secret === undefined ? [] : [[variable, secret]])),
    tmpfs: [],
    mountPoints: fileDirectories(workload).map(({ volume, path }) => ({ volume, path, readOnly: false })),
    endpoints: [],
    init: false,
    dockerLabels: {},
    startsAfter: [],
  }];
}

/** Ids of secrets and configs are DNS labels: no two of them are the same in capitals. */
function variableOf(kind: string, id: string): string {
  return `${kind}_${id.toUpperCase().replace(/-/g, '_')}`;
}
