import type { aws_ec2 as ec2, aws_ecs as ecs, aws_efs as efs, aws_logs as logs, aws_servicediscovery as discovery } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ImagePlan } from '../../services/plan';

/** Where tasks run, and what all of them share. */
export interface EcsPlace {
  /** Of all that is made. */
  readonly scope: Construct;
  readonly fargate: boolean;
  readonly cluster: ecs.ICluster;
  readonly subnets: ec2.SubnetSelection;
  readonly logGroup: logs.LogGroup;
  /** By the name of the network. */
  readonly securityGroups: ReadonlyMap<string, ec2.SecurityGroup>;
  /** @default - nothing has an endpoint */
  readonly namespace?: discovery.PrivateDnsNamespace;
  /** @default - nothing has data */
  readonly files?: EcsFiles;
  readonly image: (image: ImagePlan) => ecs.ContainerImage;
  /** By the name of the secret. */
  readonly secret: (name: string) => ecs.Secret;
  /** Values of variables of whoever deploys. */
  readonly environment: Record<string, string>;
}

/** A file system, and its access points by the name of the volume. */
export interface EcsFiles {
  readonly fileSystem: efs.FileSystem;
  readonly accessPoints: ReadonlyMap<string, efs.AccessPoint>;
}

/** What a task gets on its way: subnets and security groups. */
export function securityGroupsOf(place: EcsPlace, names: readonly string[]): ec2.SecurityGroup[] {
  return names.map(name => place.securityGroups.get(name)!);
}
