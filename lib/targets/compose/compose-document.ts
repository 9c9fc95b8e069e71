import { probeCommand, type HealthCheckFacts, type WritablePath } from '../../build/image-facts';
import type { IRenderContext } from '../../output/file-target';
import { durationText } from '../../primitives/durations';
import { compact } from '../../primitives/stable';
import type { ApplicationPlan, NetworkPlan, ServicePlan } from '../../services/plan';

/** The whole file, with compose's own key names. */
export function composeDocument(plan: ApplicationPlan, context: IRenderContext): object {
  return compact({
    name: plan.id,
    services: Object.fromEntries(plan.services.map(service => [service.id, composeService(service, plan, context)])),
    networks: plan.networks.length === 0 ? undefined : Object.fromEntries(plan.networks.map(composeNetwork)),
  });
}

/** One entry under `services`. What is declared nowhere is hardened: no capability, no new privilege, nothing to write to. */
function composeService(service: ServicePlan, plan: ApplicationPlan, context: IRenderContext): object {
  const { facts } = service.image;
  return compact({
    build: compact({ context: context.root, dockerfile: `${context.directory}/${service.image.dockerfile}`, target: service.image.stage }),
    user: facts.userId === undefined ? undefined : `${facts.userId}:${facts.groupId}`,
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    init: facts.handlesStopSignal ? undefined : true,
    tmpfs: facts.writablePaths.length === 0 ? undefined : facts.writablePaths.map(writable => tmpfs(writable, facts)),
    environment: Object.keys(service.environment).length === 0 ? undefined : mapValues(service.environment, literal),
    ports: service.publish && [`${service.publish.published}:${service.publish.target}`],
    networks: service.networks.length === 1 && service.networks[0] === 'default' ? undefined : service.networks,
    depends_on: service.dependsOn.length === 0 ? undefined : Object.fromEntries(service.dependsOn.map(id => [id, startCondition(id, plan)])),
    healthcheck: composeHealthCheck(service),
    restart: 'unless-stopped',
    stop_signal: facts.stopSignal,
    stop_grace_period: facts.stopGraceSeconds === undefined ? undefined : durationText(facts.stopGraceSeconds),
  });
}

function composeNetwork(network: NetworkPlan): [string, object] {
  return [network.name, compact({ internal: network.internal || undefined })];
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
  const command = check && probeCommand(check, service.image.facts.interpreter);
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
  const service = plan.services.find(candidate => candidate.id === id)!;
  return { condition: composeHealthCheck(service) ? 'service_healthy' : 'service_started' };
}

/** Compose reads `$` as the start of a variable: doubled, it is itself. @see https://docs.docker.com/reference/compose-file/interpolation/ */
function literal(text: string): string {
  return text.replace(/\$/g, '$$$$');
}

function mapValues(record: Readonly<Record<string, string>>, change: (text: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, text]) => [name, change(text)]));
}
