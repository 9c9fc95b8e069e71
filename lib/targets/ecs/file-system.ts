import type { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import type { EcsFiles } from './ecs-place';
import type { EcsAccessPoint, EcsPlan, EcsWorkload } from '../../aws/ecs-plan';
import { sortedUnique } from '../../primitives/stable';

/**
 * One file system with a directory for each volume, which nothing but the tasks of its users mounts.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
 */
export function fileSystem(
  scope: Construct, plan: EcsPlan, vpc: ec2.IVpc, subnets: ec2.SubnetSelection, groups: ReadonlyMap<string, ec2.SecurityGroup>,
): EcsFiles | undefined {
  const { accessPoints, services, jobs } = plan;
  if (accessPoints.length === 0) return undefined;
  const { RemovalPolicy, aws_efs: efs } = awsCdk();
  const made = new efs.FileSystem(scope, 'FileSystem', {
    vpc,
    vpcSubnets: { ...subnets, onePerAz: true },
    encrypted: true,
    enableAutomaticBackups: true,
    throughputMode: efs.ThroughputMode.ELASTIC,
    removalPolicy: RemovalPolicy.RETAIN,
    fileSystemPolicy: onlyEncrypted(),
    allowAnonymousAccess: true,
  });
  const users = [...services, ...jobs].filter(({ task }) => task.volumes.some(({ accessPoint }) => accessPoint !== undefined));
  for (const name of networksOf(users)) made.connections.allowDefaultPortFrom(groups.get(name)!, `network ${name}`);
  return { fileSystem: made, accessPoints: new Map(accessPoints.map(point => [point.name, addAccessPoint(made, point)])) };
}

function networksOf(users: readonly EcsWorkload[]): string[] {
  return sortedUnique(users.flatMap(({ securityGroups }) => securityGroups));
}

function addAccessPoint(made: EcsFiles['fileSystem'], { name, userId, groupId }: EcsAccessPoint) {
  const [uid, gid] = [userId, groupId].map(String);
  return made.addAccessPoint(`AccessPoint-${name}`, {
    path: `/${name}`, posixUser: { uid, gid }, createAcl: { ownerUid: uid, ownerGid: gid, permissions: '0700' },
  });
}

/** With a policy that allows nothing, whoever mounts needs a role that may. */
function onlyEncrypted() {
  const { aws_iam: iam } = awsCdk();
  return new iam.PolicyDocument({
    statements: [new iam.PolicyStatement({
      effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['*'], conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    })],
  });
}
