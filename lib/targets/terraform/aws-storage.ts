import type { TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';
import { egress, ingress, securityGroup } from './aws-security-groups';
import { data, local, resource } from './terraform-element';
import type { EcsPlan } from '../../aws/ecs-plan';

/** @see https://docs.aws.amazon.com/efs/latest/ug/network-access.html */
const NFS = 2049;

/** The file system of an application, which has its volumes. */
export interface AwsStorage {
  readonly fileSystem: TerraformResource;
  /** Whoever has it reaches the file system, which has it, too. */
  readonly securityGroup: TerraformResource;
  /** By name of the volume. */
  readonly accessPoints: ReadonlyMap<string, TerraformResource>;
  /** One in each subnet. */
  readonly mountTargets: TerraformResource;
}

/** Where volumes are kept; nothing when there are none. */
export function awsStorage(scope: Construct, { id, accessPoints }: EcsPlan, vpcId: string, subnetIds: string[]): AwsStorage | undefined {
  if (accessPoints.length === 0) return undefined;
  const fileSystem = resource(scope, 'storage', 'aws_efs_file_system', { creation_token: id, encrypted: true, throughput_mode: 'elastic', tags: { Name: id } });
  const fileSystemId = fileSystem.getStringAttribute('id');
  resource(scope, 'storage-backup', 'aws_efs_backup_policy', { file_system_id: fileSystemId, backup_policy: [{ status: 'ENABLED' }] });
  policy(scope, fileSystem);
  const group = securityGroup(scope, 'storage-group', `${id}-storage`, `File system of ${id}, and who uses it`, vpcId);
  const groupId = group.getStringAttribute('id');
  const rule = { port: NFS, group: groupId, description: 'NFS of the file system' };
  ingress(scope, 'storage-in', group, rule);
  egress(scope, 'storage-out', group, rule);
  const subnets = local(scope, 'storage-subnets', subnetIds);
  const mountTargets = resource(scope, 'storage-mounts', 'aws_efs_mount_target', {
    file_system_id: fileSystemId, subnet_id: `\${${subnets}[count.index]}`, security_groups: [groupId],
  });
  // how many there are only Terraform may know
  mountTargets.addOverride('count', `\${length(${subnets})}`);
  const points = new Map(accessPoints.map(point => [point.name, accessPoint(scope, id, fileSystemId, point)]));
  return { fileSystem, securityGroup: group, mountTargets, accessPoints: points };
}

/** Only over TLS; and with a policy, nobody but those whose role may. @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
function policy(scope: Construct, fileSystem: TerraformResource): void {
  const document = data(scope, 'storage-access', 'aws_iam_policy_document', {
    statement: [{
      effect: 'Deny',
      actions: ['*'],
      resources: [fileSystem.getStringAttribute('arn')],
      principals: [{ type: 'AWS', identifiers: ['*'] }],
      condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
    }],
  });
  resource(scope, 'storage-policy', 'aws_efs_file_system_policy', { file_system_id: fileSystem.getStringAttribute('id'), policy: document.getStringAttribute('json') });
}

function accessPoint(scope: Construct, id: string, fileSystemId: string, { name, userId, groupId }: EcsPlan['accessPoints'][number]): TerraformResource {
  return resource(scope, `volume-${name}`, 'aws_efs_access_point', {
    file_system_id: fileSystemId,
    posix_user: [{ uid: userId, gid: groupId }],
    root_directory: [{ path: `/${name}`, creation_info: [{ owner_uid: userId, owner_gid: groupId, permissions: '0700' }] }],
    tags: { Name: `${id}-${name}` },
  });
}
