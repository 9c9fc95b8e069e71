import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import type { EcsApplicationProps } from './ecs-props';
import { must } from '../../primitives/faults';
import { isImageReference } from '../../primitives/image-reference';

/** Refuses what ECS cannot take; what depends on the plan is looked at by checks. */
export function mustBeSettings(construct: Construct, { vpc, cluster, launchType, registry }: EcsApplicationProps): void {
  const { LaunchType } = awsCdk().aws_ecs;
  const given = vpc ? 'both vpc and cluster are given' : 'neither vpc nor cluster is given';
  must(!vpc !== !cluster, 'ECS_CLUSTER', `${given}; give one: a cluster, or the vpc that one is made in`, construct);
  must(launchType === undefined || launchType === LaunchType.FARGATE || launchType === LaunchType.EC2, 'ECS_LAUNCH_TYPE',
    `launch type '${launchType}' is none of those that are made here; take LaunchType.FARGATE or LaunchType.EC2`, construct);
  must(launchType !== LaunchType.EC2 || cluster, 'ECS_CLUSTER', 'a cluster that is made here has no instances, which launch type EC2 needs; give a cluster that has', construct);
  must(registry === undefined || awsCdk().Token.isUnresolved(registry) || isImageReference(`${registry}/image`), 'REGISTRY',
    `registry '${registry}' is not what names of images start with; give a host, or one with a path, such as registry.example.com/shop or localhost:5000`, construct);
}
