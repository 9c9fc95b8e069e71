import type { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import type { EcsPlan, EcsSecurityGroup } from '../../aws/ecs-plan';

/** A security group for each network: its members reach each other's ports. */
export function securityGroups(scope: Construct, vpc: ec2.IVpc, { id, securityGroups: groups }: EcsPlan): Map<string, ec2.SecurityGroup> {
  return new Map(groups.map(group => [group.name, securityGroup(scope, vpc, id, group)]));
}

function securityGroup(scope: Construct, vpc: ec2.IVpc, application: string, { name, ports, internal }: EcsSecurityGroup): ec2.SecurityGroup {
  const { SecurityGroup, Peer, Port } = awsCdk().aws_ec2;
  const group = new SecurityGroup(scope, `Network-${name}`, {
    vpc, description: `Network ${name} of ${application}`, allowAllOutbound: !internal,
  });
  for (const port of ports) group.addIngressRule(group, Port.tcp(port), `members of ${name}`);
  if (!internal) return group;
  for (const port of ports) group.addEgressRule(group, Port.tcp(port), `members of ${name}`);
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'images, logs and secrets');
  return group;
}
