import type { aws_ecs as ecs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import { securityGroupsOf, type EcsPlace } from './ecs-place';
import type { MadeTask } from './task-definition';
import type { EcsEndpoint, EcsService } from '../../aws/ecs-plan';

/** Seconds for which a load balancer may find a task that starts unhealthy, at least. */
const LEAST_GRACE = 60;

/** A service. What has to be there before it is there when its tasks start. */
export function ecsService(scope: Construct, plan: EcsService, { taskDefinition }: MadeTask, place: EcsPlace): ecs.BaseService {
  const { aws_ecs: library } = awsCdk();
  const groups = securityGroupsOf(place, plan.securityGroups);
  const props: ecs.FargateServiceProps = {
    cluster: place.cluster,
    taskDefinition,
    desiredCount: plan.desiredCount,
    circuitBreaker: { rollback: true },
    minHealthyPercent: plan.alone ? 0 : 100,
    maxHealthyPercent: plan.alone ? 100 : 200,
    availabilityZoneRebalancing: library.AvailabilityZoneRebalancing[plan.alone ? 'DISABLED' : 'ENABLED'],
    enableExecuteCommand: false,
    propagateTags: library.PropagatedTagSource.SERVICE,
    securityGroups: groups,
    vpcSubnets: place.subnets,
    assignPublicIp: false,
    healthCheckGracePeriod: plan.published && grace(plan),
    serviceConnectConfiguration: serviceConnect(plan, place),
    cloudMapOptions: dns(plan, place),
  };
  const service = place.fargate ? new library.FargateService(scope, 'Service', props) : new library.Ec2Service(scope, 'Service', props);
  // roles and their policies, and rules of the groups, are resources of their own
  service.node.addDependency(taskDefinition, ...groups);
  if (place.files && plan.task.volumes.some(({ accessPoint }) => accessPoint !== undefined)) service.node.addDependency(place.files.fileSystem);
  return service;
}

/** Follows the load. Its number is not the template's then: a deployment would end tasks that are needed. */
export function scaling(service: ecs.BaseService, plan: EcsService): ecs.ScalableTaskCount | undefined {
  if (!plan.scaling) return undefined;
  const { min, max, cpuPercent } = plan.scaling;
  const count = service.autoScaleTaskCount({ minCapacity: min, maxCapacity: max });
  count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: cpuPercent });
  (service.node.findChild('Service') as ecs.CfnService).addPropertyDeletionOverride('DesiredCount');
  return count;
}

function grace({ task, id }: EcsService) {
  const { startPeriodSeconds = 0 } = task.containers.find(({ name }) => name === id)!.healthCheck ?? {};
  return awsCdk().Duration.seconds(Math.max(LEAST_GRACE, startPeriodSeconds));
}

/** Each service reaches others by their ids, and is reached by its own. */
function serviceConnect({ id, endpoints }: EcsService, { namespace }: EcsPlace): ecs.ServiceConnectProps | undefined {
  return namespace && { namespace: namespace.namespaceArn, services: endpoints.map(endpoint => connected(id, endpoint)) };
}

/** The proxy ends nothing by itself: how long a request or a silence may last is for the two that talk. */
function connected(id: string, { name, discoveryName, port, http }: EcsEndpoint): ecs.ServiceConnectService {
  const never = awsCdk().Duration.seconds(0);
  return { portMappingName: name, discoveryName, dnsName: id, port, ...(http ? { perRequestTimeout: never } : {}), idleTimeout: never };
}

function dns({ id, inDns }: EcsService, { namespace }: EcsPlace): ecs.CloudMapOptions | undefined {
  const { Duration, aws_servicediscovery: { DnsRecordType } } = awsCdk();
  return inDns ? { name: id, cloudMapNamespace: namespace, dnsRecordType: DnsRecordType.A, dnsTtl: Duration.seconds(10) } : undefined;
}
