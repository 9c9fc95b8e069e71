import { composeDevelop } from './compose-develop';
import { inKeyOrder, SERVICE_KEYS } from './key-order';
import { platformOf } from '../../build/architecture';
import { probeCommand, type HealthCheckFacts, type WritablePath } from '../../build/image-facts';
import type { IRenderContext } from '../../output/file-target';
import { durationText } from '../../primitives/durations';
import { once } from '../../primitives/once';
import { compact, sha256, sortedBy } from '../../primitives/stable';
import type { ApplicationPlan, ConfigPlan, ImagePlan, JobPlan, ResourcesPlan, ServicePlan, WorkloadPlan } from '../../services/plan';
import { publishedPorts } from '../../services/plan-application';
import type { Restart } from '../../services/restart';

/** The whole file, with compose's own key names. */
export function composeDocument(plan: ApplicationPlan, context: IRenderContext): Record<string, unknown> {
  return compact({
    name: plan.id,
    services: Object.fromEntries(sortedBy([
      ...plan.services.map((service): [string, object] => [service.id, composeService(service, plan, context)]),
      ...plan.jobs.map((job): [string, object] => [job.id, composeJob(job, plan, context)]),
    ], ([id]) => id)),
    networks: named(plan.networks, network => [network.name, compact({ internal: network.internal || undefined })]),
    volumes: named(plan.volumes, volume => [volume.name, {}]),
    configs: named(plan.configs, config => [config.name, { file: `./${configFile(config)}` }]),
    secrets: named(plan.secrets, secret => [secret.name, { file: literal(`${context.root}/${secret.file}`) }]),
  });
}

/** Where the text of a config is written, from the application's directory. */
export function configFile({ name }: ConfigPlan): string {
  return `configs/${name}`;
}

/** Profile of jobs that only a clock starts. */
export const SCHEDULED = 'scheduled';

function named<T>(entries: readonly T[], print: (entry: T) => [string, object]): object | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries.map(print));
}

const RESTART: Record<Restart, string> = { ALWAYS: 'unless-stopped', ON_FAILURE: 'on-failure', NEVER: 'no' };

function composeService(service: ServicePlan, plan: ApplicationPlan, context: IRenderContext): object {
  const { development } = service.image.facts;
  return composeWorkload(service, plan, context, {
    ports: filled([
      ...publishedPorts(service).map(({ published, target }) => `${published}:${target}`),
      ...development?.debuggerPort === undefined ? [] : [`127.0.0.1:${development.debuggerPort}:${development.debuggerPort}`],
    ]),
    replicas: service.replicas === 1 ? undefined : service.replicas,
    healthcheck: composeHealthCheck(service) ?? noHealthCheck(service, plan),
    restart: RESTART[service.restart],
    develop: development && composeDevelop(development, context),
    written: development?.source !== undefined,
  });
}

/** A service that is not started again when it has ended well. */
function composeJob(job: JobPlan, plan: ApplicationPlan, context: IRenderContext): object {
  return composeWorkload(job.schedule === undefined ? job : { ...job, profiles: [...job.profiles, SCHEDULED] }, plan, context, {
    healthcheck: noHealthCheck(job, plan),
    restart: job.retries === 0 ? 'no' : `on-failure:${job.retries}`,
  });
}

/** What only services or only jobs say. */
interface Ending {
  readonly ports?: readonly string[];
  readonly replicas?: number;
  readonly healthcheck?: object;
  readonly restart: string;
  readonly develop?: object;
  /** Whether compose writes into the container while it runs: not with a read-only root, nor, before Docker 28, for a user with a group. */
  readonly written?: boolean;
}

/** One entry under `services`. What is declared nowhere is hardened: no capability, no new privilege, nothing to write to. */
function composeWorkload(workload: WorkloadPlan, plan: ApplicationPlan, context: IRenderContext, ending: Ending): object {
  const { ports, replicas, healthcheck, restart, develop, written = false } = ending;
  const { image, image: { facts } } = workload;
  return inKeyOrder(compact({
    image: image.reference,
    build: image.reference === undefined ? composeBuild(image, plan, context) : undefined,
    develop,
    platform: facts.architecture && platformOf(facts.architecture),
    profiles: filled(workload.profiles),
    user: facts.userId === undefined ? undefined : [facts.userId, written ? undefined : facts.groupId].filter(number => number !== undefined).join(':'),
    read_only: written ? undefined : true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    init: facts.handlesStopSignal ? undefined : true,
    entrypoint: workload.entrypoint?.map(literal),
    command: workload.command && filled(workload.command.map(literal)),
    tmpfs: filled(workload.scratchPaths.map(writable => tmpfs(writable, facts))),
    volumes: filled(workload.volumes.map(({ volume, path, readOnly }) => `${volume}:${path}${readOnly ? ':ro' : ''}`)),
    configs: filled(workload.configs.map(({ config, path }) => ({ source: config, target: path }))),
    secrets: filled(workload.secrets),
    environment: composeEnvironment(workload),
    ports,
    networks: workload.networks.length === 1 && workload.networks[0] === 'default' ? undefined : workload.networks,
    depends_on: workload.dependsOn.length === 0 ? undefined : Object.fromEntries(workload.dependsOn.map(id => [id, startCondition(id, plan)])),
    healthcheck,
    restart,
    stop_signal: facts.stopSignal,
    stop_grace_period: workload.stopGraceSeconds === undefined ? undefined : durationText(workload.stopGraceSeconds),
    deploy: composeDeploy(replicas, workload.resources),
    logging: workload.logging && compact({ driver: workload.logging.driver, options: filledRecord(mapValues(workload.logging.options, literal)) }),
    labels: filledRecord(mapValues({ ...workload.labels, ...contentLabel(workload, plan) }, literal)),
  }), SERVICE_KEYS);
}

/** Secrets of a build are those that were declared under the same name. */
function composeBuild({ dockerfile, stage, buildMounts }: ImagePlan, plan: ApplicationPlan, context: IRenderContext): object {
  const secrets = plan.secrets.map(({ name }) => name).filter(name => buildMounts?.secrets.includes(name));
  return compact({
    context: literal(context.root),
    dockerfile: literal(`${context.directory}/${dockerfile}`),
    target: stage,
    secrets: filled(secrets),
    ssh: filled(buildMounts?.ssh ?? []),
  });
}

/** Without it compose goes on with the container that read the texts of before. */
function contentLabel({ configs }: WorkloadPlan, plan: ApplicationPlan): Record<string, string> {
  if (configs.length === 0) return {};
  const texts = plan.configs.filter(({ name }) => configs.some(({ config }) => config === name)).map(({ name, text }) => [name, text]);
  return { 'cdk-wheelhouse/configs': sha256(JSON.stringify(texts)).slice(0, 16) };
}

/** What is written down, and what whoever deploys says. @see https://docs.docker.com/reference/compose-file/interpolation/ */
function composeEnvironment({ environment, deployerEnvironment }: WorkloadPlan): Record<string, string> | undefined {
  const deployer = Object.entries(deployerEnvironment).map(([name, { variable, defaultValue }]): [string, string] => [
    name, defaultValue === undefined ? `\${${variable}:?set it where compose runs, or in a file .env}` : `\${${variable}-${literal(defaultValue)}}`,
  ]);
  return filledRecord(Object.fromEntries(sortedBy([...Object.entries(mapValues(environment, literal)), ...deployer], ([name]) => name)));
}

/** @see https://docs.docker.com/reference/compose-file/deploy/#resources */
function composeDeploy(replicas: number | undefined, resources: ResourcesPlan = {}): object | undefined {
  const { cpuReservation, cpuLimit, memoryReservationMebibytes, memoryLimitMebibytes, pidsLimit } = resources;
  const limits = filledRecord(compact({ cpus: decimal(cpuLimit), memory: mebibytes(memoryLimitMebibytes), pids: pidsLimit }));
  const reservations = filledRecord(compact({ cpus: decimal(cpuReservation), memory: mebibytes(memoryReservationMebibytes) }));
  return filledRecord(compact({ replicas, resources: filledRecord(compact({ limits, reservations })) }));
}

function decimal(amount: number | undefined): string | undefined {
  return amount === undefined ? undefined : `${amount}`;
}

function mebibytes(amount: number | undefined): string | undefined {
  return amount === undefined ? undefined : `${amount}M`;
}

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function filledRecord<T extends object>(record: T): T | undefined {
  return Object.keys(record).length === 0 ? undefined : record;
}

/**
 * The image's own check is of the process that the image starts by itself. Where it carries none, nothing is said: `up --wait` takes a check that
 * is disabled for a fault.
 *
 * @see https://github.com/docker/compose/issues/13522
 */
export function noHealthCheck({ entrypoint, image }: WorkloadPlan, plan: ApplicationPlan): object | undefined {
  const { facts } = entrypoint && plan.images.find(({ id }) => id === image.id) || image;
  return facts.healthCheck && probeCommand(facts.healthCheck, facts) ? { disable: true } : undefined;
}

/** The engine mounts root's, 0755 and noexec unless it is told otherwise. */
function tmpfs(writable: WritablePath, owner: { readonly userId?: number; readonly groupId?: number }): string {
  const options = [
    option('uid', writable.userId ?? owner.userId),
    option('gid', writable.groupId ?? owner.groupId),
    option('mode', writable.mode ?? '0700'),
    writable.sizeMebibytes === undefined ? '' : `size=${writable.sizeMebibytes}m`,
    writable.exec ? 'exec' : '',
  ].filter(text => text !== '');
  return `${writable.path}:${options.join(',')}`;
}

function option(name: string, value: number | string | undefined): string {
  return value === undefined ? '' : `${name}=${value}`;
}

/** Nothing when the image has nothing that could carry the check out. */
export function composeHealthCheck(service: ServicePlan): object | undefined {
  const check = service.healthCheck;
  const command = check && probeCommand(check, service.image.facts);
  return command && healthCheckEntry(check, command);
}

function healthCheckEntry(check: HealthCheckFacts, command: readonly string[]): object {
  return compact({
    test: ['CMD', ...command.map(literal)],
    interval: durationText(check.intervalSeconds),
    timeout: durationText(check.timeoutSeconds),
    retries: check.retries,
    start_period: durationText(check.startPeriodSeconds),
    start_interval: check.startPeriodSeconds > 0 ? '1s' : undefined,
  });
}

function startCondition(id: string, plan: ApplicationPlan): object {
  const service = once(plan, 'services', () => new Map(plan.services.map(each => [each.id, each]))).get(id);
  if (!service) return { condition: 'service_completed_successfully' };
  return { condition: composeHealthCheck(service) ? 'service_healthy' : 'service_started' };
}

/** Compose reads `$` as the start of a variable: doubled, it is itself. @see https://docs.docker.com/reference/compose-file/interpolation/ */
function literal(text: string): string {
  return text.replace(/\$/g, '$$$$');
}

function mapValues(record: Readonly<Record<string, string>>, change: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, text]) => [name, change(text)]));
}
