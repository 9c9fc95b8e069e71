import type { TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';
import { nameWithin, type AwsFoundation } from './aws-foundation';
import { egress, ingress, securityGroup } from './aws-security-groups';
import { resource } from './terraform-element';
import type { EcsPublished, EcsService } from '../../aws/ecs-plan';

/** Most that the name of a load balancer has. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
const MOST = 32;
/** Most that the beginning of a name has, for the provider to go on. */
const MOST_BEFORE = 6;
/** TLS 1.3 and 1.2. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

/** How a published service is reached. */
export interface AwsBalancer {
  readonly loadBalancer: TerraformResource;
  readonly targetGroup: TerraformResource;
  readonly listener: TerraformResource;
  /** What tasks need for it to reach them. */
  readonly securityGroup: TerraformResource;
}

/** A load balancer of a service. */
export function awsBalancer(scope: Construct, { id }: EcsService, published: EcsPublished, foundation: AwsFoundation): AwsBalancer {
  const { id: applicationId, vpcId, subnetIds, publicSubnetIds, certificateArn } = foundation;
  const name = `${applicationId}-${id}`;
  const group = securityGroup(scope, 'balancer-group', `${name}-balancer`, `Load balancer of ${id}`, vpcId);
  const tasks = securityGroup(scope, 'balanced-group', `${name}-balanced`, `Tasks of ${id}, as its load balancer reaches them`, vpcId);
  for (const port of certificateArn === undefined ? [published.port] : [80, 443]) {
    ingress(scope, `balancer-in-${port}`, group, { port, description: 'Everybody who reaches the subnets' });
  }
  egress(scope, 'balancer-out', group, { port: published.target, group: tasks.getStringAttribute('id'), description: `Tasks of ${id}` });
  ingress(scope, 'balanced-in', tasks, { port: published.target, group: group.getStringAttribute('id'), description: `Load balancer of ${id}` });
  const loadBalancer = resource(scope, 'balancer', 'aws_lb', {
    name: nameWithin(MOST, name),
    load_balancer_type: 'application',
    internal: publicSubnetIds === undefined,
    subnets: publicSubnetIds ?? subnetIds,
    security_groups: [group.getStringAttribute('id')],
    drop_invalid_header_fields: true,
  });
  const targetGroup = resource(scope, 'targets', 'aws_lb_target_group', targets(id, published, vpcId), { lifecycle: { createBeforeDestroy: true } });
  return { loadBalancer, targetGroup, listener: listen(scope, published, { loadBalancer, targetGroup }, certificateArn), securityGroup: tasks };
}

function targets(id: string, { target, tls, healthCheck, drainSeconds }: EcsPublished, vpcId: string) {
  const { path, statuses, intervalSeconds, timeoutSeconds, unhealthyCount } = healthCheck;
  const protocol = tls ? 'HTTPS' : 'HTTP';
  return {
    // a name of its own would be in the way of the group that takes its place
    name_prefix: `${id.slice(0, MOST_BEFORE - 1).replace(/-+$/, '')}-`,
    target_type: 'ip',
    vpc_id: vpcId,
    port: target,
    protocol,
    deregistration_delay: drainSeconds,
    health_check: [{ path, protocol, matcher: statuses, interval: intervalSeconds, timeout: timeoutSeconds, unhealthy_threshold: unhealthyCount }],
  };
}

function listen(
  scope: Construct, { port }: EcsPublished, { loadBalancer, targetGroup }: Pick<AwsBalancer, 'loadBalancer' | 'targetGroup'>, certificateArn?: string,
): TerraformResource {
  const listener = (id: string, attributes: object) => resource(scope, id, 'aws_lb_listener', { load_balancer_arn: loadBalancer.getStringAttribute('arn'), ...attributes });
  const forward = { default_action: [{ type: 'forward', target_group_arn: targetGroup.getStringAttribute('arn') }] };
  if (certificateArn === undefined) return listener('listener', { port, protocol: 'HTTP', ...forward });
  listener('redirect', { port: 80, protocol: 'HTTP', default_action: [{ type: 'redirect', redirect: [{ port: '443', protocol: 'HTTPS', status_code: 'HTTP_301' }] }] });
  return listener('listener', { port: 443, protocol: 'HTTPS', ssl_policy: TLS_POLICY, certificate_arn: certificateArn, ...forward });
}
