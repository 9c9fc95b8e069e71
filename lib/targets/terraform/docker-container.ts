import { literal, type Attributes } from './terraform-element';
import { probeCommand, type HealthCheckFacts, type WritablePath } from '../../build/image-facts';
import { compact, sortedBy } from '../../primitives/stable';
import type { ApplicationPlan, JobPlan, ResourcesPlan, ServicePlan, WorkloadPlan } from '../../services/plan';
import { isService, publishedPorts } from '../../services/plan-application';
import type { Restart } from '../../services/restart';

/** References to what a container needs. */
export interface ContainerReferences {
  /** Id of its image. */
  readonly image: string;
  /** Ids of its networks, in their order. */
  readonly networks: readonly string[];
  /** Names of its volumes, in their order. */
  readonly volumes: readonly string[];
  /** Absolute paths of the files of its configs, in their order, on the machine. */
  readonly configs: readonly string[];
  /** The same of its secrets. */
  readonly secrets: readonly string[];
  /** Values of the variables of whoever deploys, by the name of the variable there. */
  readonly deployer: ReadonlyMap<string, string>;
}

const RESTART: Record<Restart, string> = { ALWAYS: 'unless-stopped', ON_FAILURE: 'on-failure', NEVER: 'no' };

/** Seconds that an engine gives a container which says nothing. */
const ENGINE_GRACE = 10;

/** The least that a check is waited for, in seconds. */
const LEAST_WAIT = 60;

/** Names of the containers of a workload on the machine. */
export function containerName(project: string, { id }: WorkloadPlan, number: number | string = 1): string {
  return `${project}-${id}-${number}`;
}

/** Whether it is started with the others: what is started on demand or by a clock is only made. */
export function isStarted(workload: WorkloadPlan): boolean {
  return workload.profiles.length === 0 && (isService(workload) || !isScheduled(workload));
}

/** Whether a clock starts it. */
export function isScheduled(workload: WorkloadPlan): boolean {
  return (workload as JobPlan).schedule !== undefined;
}

/**
 * The arguments of a `docker_container`. What is declared nowhere is hardened: no capability, no new privilege, nothing to write to. Without grace the
 * provider kills what it replaces.
 *
 * @see https://registry.terraform.io/providers/kreuzwerker/docker/latest/docs/resources/container
 */
export function containerAttributes(workload: WorkloadPlan, plan: ApplicationPlan, project: string, references: ContainerReferences): Attributes {
  const { image: { facts }, logging, entrypoint, command = [] } = workload;
  return compact({
    name: containerName(project, workload, isService(workload) ? '${count.index + 1}' : 1),
    image: references.image,
    user: facts.userId === undefined ? undefined : [facts.userId, facts.groupId].filter(number => number !== undefined).join(':'),
    read_only: true,
    capabilities: [{ drop: ['ALL'] }],
    security_opts: ['no-new-privileges:true'],
    init: facts.handlesStopSignal ? undefined : true,
    entrypoint: entrypoint?.map(literal),
    command: command.length === 0 ? undefined : command.map(literal),
    tmpfs: filledRecord(Object.fromEntries(workload.scratchPaths.map(writable => [writable.path, tmpfsOptions(writable, facts)]))),
    mounts: filled(mounts(workload, references)),
    env: filled(environment(workload, references)),
    networks_advanced: workload.networks.map((_, index) => ({ name: references.networks[index], aliases: [workload.id] })),
    healthcheck: filled([healthCheck(workload) ?? disabled(workload, plan)].flatMap(check => check ?? [])),
    stop_signal: facts.stopSignal,
    stop_timeout: workload.stopGraceSeconds,
    destroy_grace_seconds: workload.stopGraceSeconds ?? ENGINE_GRACE,
    ...resources(workload.resources),
    log_driver: logging?.driver,
    log_opts: logging && filledRecord(mapValues(logging.options)),
    labels: filled(Object.entries(workload.labels).map(([label, value]) => ({ label: literal(label), value: literal(value) }))),
    ...isService(workload) ? ofService(workload) : ofJob(workload as JobPlan),
  });
}

function ofService(service: ServicePlan): Attributes {
  const check = service.healthCheck;
  const waits = isStarted(service) && healthCheck(service) !== undefined;
  const { debuggerPort } = service.image.facts.development ?? {};
  return {
    ports: filled([
      ...publishedPorts(service).map(({ published, target }) => ({ internal: target, external: published })),
      ...debuggerPort === undefined ? [] : [{ internal: debuggerPort, external: debuggerPort, ip: '127.0.0.1' }],
    ]),
    restart: RESTART[service.restart],
    ...isStarted(service) ? {} : { start: false },
    must_run: isStarted(service) && service.restart === 'ALWAYS' ? undefined : false,
    wait: waits || undefined,
    wait_timeout: waits && check ? patience(check) : undefined,
  };
}

/** Seconds after which a container that is not healthy never will be. */
function patience({ startPeriodSeconds, retries, intervalSeconds, timeoutSeconds }: HealthCheckFacts): number {
  return Math.max(LEAST_WAIT, startPeriodSeconds + (retries + 1) * (intervalSeconds + timeoutSeconds));
}

/** A process that may end. Whoever waits for it waits for its first end: the engine says no more of a container that it starts again. */
function ofJob(job: JobPlan): Attributes {
  if (isStarted(job)) return { restart: 'no', must_run: false, attach: true };
  return { restart: job.retries === 0 ? 'no' : 'on-failure', max_retry_count: job.retries === 0 ? undefined : job.retries, must_run: false, start: false };
}

function mounts({ volumes, configs, secrets }: WorkloadPlan, references: ContainerReferences): Attributes[] {
  const files = [
    ...configs.map(({ path }, index) => ({ target: path, source: references.configs[index] })),
    ...secrets.map((name, index) => ({ target: `/run/secrets/${name}`, source: references.secrets[index] })),
  ];
  return [
    ...volumes.map(({ path, readOnly }, index) => ({ type: 'volume', target: path, source: references.volumes[index], read_only: readOnly || undefined })),
    ...files.map(file => ({ type: 'bind', ...file, read_only: true })),
  ].map(compact);
}

/** What is written down, and what whoever deploys says. */
function environment({ environment: texts, deployerEnvironment }: WorkloadPlan, { deployer }: ContainerReferences): string[] {
  const entries = [
    ...Object.entries(texts).map(([name, text]) => [name, literal(text)]),
    ...Object.entries(deployerEnvironment).map(([name, { variable }]) => [name, deployer.get(variable)!]),
  ];
  return sortedBy(entries, ([name]) => name).map(([name, text]) => `${name}=${text}`);
}

/**
 * A limit is given as the quota that it is: the provider reads `cpus` back in another spelling than some that it accepts, and would make the
 * container anew each time.
 */
function resources({ cpuReservation, cpuLimit, memoryReservationMebibytes, memoryLimitMebibytes }: ResourcesPlan = {}): Attributes {
  return {
    cpu_shares: cpuReservation === undefined ? undefined : Math.max(2, Math.round(cpuReservation * 1024)),
    cpu_period: cpuLimit === undefined ? undefined : 100_000,
    cpu_quota: cpuLimit === undefined ? undefined : Math.round(cpuLimit * 100_000),
    memory: memoryLimitMebibytes,
    memory_reservation: memoryReservationMebibytes,
  };
}

/** The engine mounts root's, 0755 and noexec unless it is told otherwise. */
function tmpfsOptions(writable: WritablePath, owner: { readonly userId?: number; readonly groupId?: number }): string {
  const { userId = owner.userId, groupId = owner.groupId, mode = '0700', sizeMebibytes, exec = false } = writable;
  const options = [
    userId === undefined ? '' : `uid=${userId}`,
    groupId === undefined ? '' : `gid=${groupId}`,
    `mode=${mode}`,
    sizeMebibytes === undefined ? '' : `size=${sizeMebibytes}m`,
    exec ? 'exec' : '',
  ];
  return options.filter(text => text !== '').join(',');
}

/** Nothing when the image has nothing that could carry the check out. */
export function healthCheck({ healthCheck: check, image: { facts } }: WorkloadPlan): Attributes | undefined {
  const command = check && probeCommand(check, facts);
  // the engine takes what is 0 from the image
  const startPeriodSeconds = check?.startPeriodSeconds || facts.healthCheck?.startPeriodSeconds || 0;
  return command && { test: ['CMD', ...command.map(literal)], ...timings({ ...check!, startPeriodSeconds }) };
}

/** The image's own check is of the process that the image starts by itself. The engine keeps its timings. */
function disabled({ entrypoint, image }: WorkloadPlan, plan: ApplicationPlan): Attributes | undefined {
  const { facts } = entrypoint && plan.images.find(({ id }) => id === image.id) || image;
  const { healthCheck: check } = facts;
  return check && probeCommand(check, facts) ? { test: ['NONE'], ...timings(check) } : undefined;
}

function timings({ intervalSeconds, timeoutSeconds, retries, startPeriodSeconds }: HealthCheckFacts): Attributes {
  const starts = startPeriodSeconds > 0;
  return compact({
    interval: duration(intervalSeconds),
    timeout: duration(timeoutSeconds),
    retries,
    start_period: starts ? duration(startPeriodSeconds) : undefined,
    start_interval: starts ? '1s' : undefined,
  });
}

/** As the provider reads it back: `90` as `1m30s`, `3600` as `1h0m0s`. */
function duration(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function filledRecord<T extends object>(record: T): T | undefined {
  return Object.keys(record).length === 0 ? undefined : record;
}

function mapValues(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, text]) => [name, literal(text)]));
}
