import type { TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';
import { resource } from './terraform-element';
import type { EcsPlan, EcsSecurityGroup } from '../../aws/ecs-plan';

const ANYWHERE = '0.0.0.0/0';

/** What goes in or out of a security group, by TCP. */
export interface SecurityRule {
  readonly port: number;
  /** Id of the group of whoever is on the other side. @default - everybody is */
  readonly group?: string;
  readonly description: string;
}

/** A security group of each network, by its name. Its members reach each other's ports. */
export function awsSecurityGroups(scope: Construct, { id, securityGroups }: EcsPlan, vpcId: string): Map<string, TerraformResource> {
  return new Map(securityGroups.map(group => [group.name, networkGroup(scope, id, group, vpcId)]));
}

/** A security group that lets nothing in or out. */
export function securityGroup(scope: Construct, id: string, name: string, description: string, vpcId: string): TerraformResource {
  return resource(scope, id, 'aws_security_group', { name, description, vpc_id: vpcId, tags: { Name: name } });
}

/** Lets something in. */
export function ingress(scope: Construct, id: string, group: TerraformResource, rule: SecurityRule): TerraformResource {
  return resource(scope, id, 'aws_vpc_security_group_ingress_rule', { security_group_id: group.getStringAttribute('id'), ...attributes(rule) });
}

/** Lets something out. */
export function egress(scope: Construct, id: string, group: TerraformResource, rule: SecurityRule): TerraformResource {
  return resource(scope, id, 'aws_vpc_security_group_egress_rule', { security_group_id: group.getStringAttribute('id'), ...attributes(rule) });
}

function attributes({ port, group, description }: SecurityRule) {
  return { description, ip_protocol: 'tcp', from_port: port, to_port: port, ...group === undefined ? { cidr_ipv4: ANYWHERE } : { referenced_security_group_id: group } };
}

function networkGroup(scope: Construct, applicationId: string, { name, ports, internal }: EcsSecurityGroup, vpcId: string): TerraformResource {
  const group = securityGroup(scope, `network-${name}`, `${applicationId}-${name}`, `Network ${name} of ${applicationId}`, vpcId);
  const self = group.getStringAttribute('id');
  for (const port of ports) {
    const rule = { port, group: self, description: `Port ${port} between members of ${name}` };
    ingress(scope, `network-${name}-in-${port}`, group, rule);
    if (internal) egress(scope, `network-${name}-out-${port}`, group, rule);
  }
  if (internal) {
    if (!ports.includes(443)) egress(scope, `network-${name}-out-443`, group, { port: 443, description: 'Images, logs and secrets of AWS' });
  } else {
    resource(scope, `network-${name}-out`, 'aws_vpc_security_group_egress_rule', {
      security_group_id: self, description: 'Everything outside', ip_protocol: '-1', cidr_ipv4: ANYWHERE,
    });
  }
  return group;
}
