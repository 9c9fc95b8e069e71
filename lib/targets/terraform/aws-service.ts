import type { TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';
import { awsBalancer, type AwsBalancer } from './aws-balancer';
import type { AwsFoundation } from './aws-foundation';
import { awsTask, type AwsTask } from './aws-task';
import { resource, type Attributes } from './terraform-element';
import type { EcsEndpoint, EcsService } from '../../aws/ecs-plan';
import type { ScalingPlan } from '../../services/plan';

/** Seconds for which a load balancer may find a task that starts unhealthy, at least. */
const LEAST_GRACE = 60;

/** What a service became. */
export interface AwsService extends AwsTask {
  readonly service: TerraformResource;
  readonly balancer?: AwsBalancer;
}

/** A service, which is there once its tasks work. */
export function awsService(scope: Construct, planned: EcsService, foundation: AwsFoundation, after: readonly TerraformResource[]): AwsService {
  const { id, published, scaling, alone } = planned;
  const task = awsTask(scope, planned, foundation);
  const balancer = published && awsBalancer(scope, planned, published, foundation);
  const own = task.taskDefinition.getStringAttribute('arn');
  const service = resource(scope, 'service', 'aws_ecs_service', {
    name: id,
    cluster: foundation.clusterArn,
    task_definition: own,
    launch_type: 'FARGATE',
    desired_count: planned.desiredCount,
    network_configuration: [{
      subnets: foundation.subnetIds,
      security_groups: [...task.securityGroups, ...balancer ? [balancer.securityGroup.getStringAttribute('id')] : []],
      assign_public_ip: false,
    }],
    deployment_minimum_healthy_percent: alone ? 0 : 100,
    deployment_maximum_percent: alone ? 100 : 200,
    deployment_circuit_breaker: [{ enable: true, rollback: true }],
    enable_execute_command: false,
    propagate_tags: 'SERVICE',
    wait_for_steady_state: true,
    ...published && {
      load_balancer: [{ target_group_arn: balancer!.targetGroup.getStringAttribute('arn'), container_name: id, container_port: published.target }],
      health_check_grace_period_seconds: startPeriod(planned),
    },
    service_connect_configuration: foundation.namespace && [serviceConnect(planned, foundation)],
    service_registries: planned.inDns ? [{ registry_arn: registration(scope, id, foundation).getStringAttribute('arn') }] : undefined,
  }, {
    dependsOn: [...after, ...task.needs, ...balancer ? [balancer.listener] : []],
    lifecycle: {
      ...scaling && { ignoreChanges: ['desired_count'] },
      // a deployment that went back is as steady as one that went well
      postcondition: [{ condition: `\${self.task_definition == ${own}}`, errorMessage: `Service '${id}' went back to what ran before: its tasks did not start, or did not become healthy.` }],
    },
  });
  if (scaling) scale(scope, scaling, service, foundation);
  return { ...task, service, balancer };
}

/** Others reach it by its id. The proxy ends nothing by itself: how long a request or a silence may last is for the two that talk. */
function serviceConnect({ id, endpoints }: EcsService, { namespace, logGroup, region }: AwsFoundation): Attributes {
  const service = ({ name, discoveryName, port, http }: EcsEndpoint) => ({
    port_name: name,
    discovery_name: discoveryName,
    client_alias: [{ dns_name: id, port }],
    timeout: [{ ...http && { per_request_timeout_seconds: 0 }, idle_timeout_seconds: 0 }],
  });
  return {
    enabled: true,
    namespace: namespace!.getStringAttribute('arn'),
    ...endpoints.length > 0 && { service: endpoints.map(service) },
    log_configuration: [{
      log_driver: 'awslogs',
      options: { 'awslogs-group': logGroup.getStringAttribute('name'), 'awslogs-region': region, 'awslogs-stream-prefix': 'service-connect' },
    }],
  };
}

/** A name for jobs, which cannot use Service Connect. */
function registration(scope: Construct, id: string, { namespace }: AwsFoundation): TerraformResource {
  return resource(scope, 'dns', 'aws_service_discovery_service', {
    name: id,
    dns_config: [{ namespace_id: namespace!.getStringAttribute('id'), routing_policy: 'MULTIVALUE', dns_records: [{ type: 'A', ttl: 10 }] }],
    force_destroy: true,
  });
}

/** Seconds in which the load balancer ends no task: those that the process takes to start, and as many as it takes to be noticed. */
function startPeriod({ id, task }: EcsService): number {
  const { startPeriodSeconds = 0 } = task.containers.find(({ name }) => name === id)!.healthCheck ?? {};
  return Math.max(LEAST_GRACE, startPeriodSeconds);
}

function scale(scope: Construct, { min, max, cpuPercent }: ScalingPlan, service: TerraformResource, { clusterName }: AwsFoundation): void {
  const target = resource(scope, 'scaling', 'aws_appautoscaling_target', {
    service_namespace: 'ecs',
    scalable_dimension: 'ecs:service:DesiredCount',
    resource_id: `service/${clusterName}/${service.getStringAttribute('name')}`,
    min_capacity: min,
    max_capacity: max,
  });
  resource(scope, 'scaling-policy', 'aws_appautoscaling_policy', {
    name: 'cpu',
    policy_type: 'TargetTrackingScaling',
    service_namespace: target.getStringAttribute('service_namespace'),
    scalable_dimension: target.getStringAttribute('scalable_dimension'),
    resource_id: target.getStringAttribute('resource_id'),
    target_tracking_scaling_policy_configuration: [{
      target_value: cpuPercent, predefined_metric_specification: [{ predefined_metric_type: 'ECSServiceAverageCPUUtilization' }],
    }],
  });
}
