import type { TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';
import { awsContainers } from './aws-containers';
import { nameWithin, type AwsFoundation } from './aws-foundation';
import { pullStatements } from './aws-pull';
import { data, local, resource, type Attributes } from './terraform-element';
import type { EcsTask, EcsVolume, EcsWorkload } from '../../aws/ecs-plan';
import { sortedUnique } from '../../primitives/stable';

/** Most that the name of a role has. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const ROLE_NAME = 64;

/** What a service or job runs as. */
export interface AwsTask {
  readonly taskDefinition: TerraformResource;
  readonly taskRole: TerraformResource;
  readonly executionRole: TerraformResource;
  /** Ids of its security groups. */
  readonly securityGroups: string[];
  /** What has to be there before a task of it starts, besides what it refers to. */
  readonly needs: TerraformResource[];
}

/** The task definition and the roles of a service or job. */
export function awsTask(scope: Construct, { task, securityGroups }: EcsWorkload, foundation: AwsFoundation): AwsTask {
  const executionRole = role(scope, 'execution', task, foundation);
  const taskRole = role(scope, 'task', task, foundation);
  const policies = [
    rolePolicy(scope, 'execution-policy', executionRole, executionStatements(task, foundation)),
    ...usesStorage(task) ? [rolePolicy(scope, 'task-policy', taskRole, storageStatements(task, foundation))] : [],
  ];
  // a local is read by people: in the resource it would be one line
  const containers = local(scope, 'containers', awsContainers(task, foundation));
  const taskDefinition = resource(scope, 'definition', 'aws_ecs_task_definition', {
    family: task.family,
    requires_compatibilities: ['FARGATE'],
    network_mode: 'awsvpc',
    cpu: String(task.cpuUnits),
    memory: String(task.memoryMebibytes),
    execution_role_arn: executionRole.getStringAttribute('arn'),
    task_role_arn: taskRole.getStringAttribute('arn'),
    runtime_platform: [{ operating_system_family: 'LINUX', cpu_architecture: task.architecture ?? 'X86_64' }],
    container_definitions: `\${jsonencode(${containers})}`,
    volume: task.volumes.length === 0 ? undefined : task.volumes.map(volume => volumeBlock(volume, foundation)),
    // ECS goes back to the revision before when a deployment fails: it has to be active then
    skip_destroy: true,
  });
  const { storage } = foundation;
  return {
    taskDefinition,
    taskRole,
    executionRole,
    securityGroups: [
      ...securityGroups.map(name => foundation.securityGroups.get(name)!.getStringAttribute('id')),
      ...usesStorage(task) ? [storage!.securityGroup.getStringAttribute('id')] : [],
    ],
    needs: [...policies, ...usesStorage(task) ? [storage!.mountTargets] : []],
  };
}

/** Rights of a role, as a policy of its own. */
export function rolePolicy(scope: Construct, id: string, ofRole: TerraformResource, statement: readonly Attributes[]): TerraformResource {
  const document = data(scope, `${id}-document`, 'aws_iam_policy_document', { statement });
  return resource(scope, id, 'aws_iam_role_policy', { role: ofRole.getStringAttribute('name'), policy: document.getStringAttribute('json') });
}

function role(scope: Construct, id: 'execution' | 'task', { family }: EcsTask, { taskTrust }: AwsFoundation): TerraformResource {
  return resource(scope, `${id}-role`, 'aws_iam_role', { name: nameWithin(ROLE_NAME, `${family}-${id}`), assume_role_policy: taskTrust.getStringAttribute('json') });
}

/** What ECS does before the process runs: its log streams, its secrets, its images. */
function executionStatements(task: EcsTask, foundation: AwsFoundation): Attributes[] {
  const secrets = sortedUnique(task.containers.flatMap(container => Object.values(container.secrets))).map(name => foundation.secretArns.get(name)!);
  const inParameterStore = (arn: string) => /^arn:[\w-]+:ssm:/.test(arn);
  return [
    { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${foundation.logGroup.getStringAttribute('arn')}:*`] },
    ...mayRead('secretsmanager:GetSecretValue', secrets.filter(arn => !inParameterStore(arn)).map(withoutKey)),
    ...mayRead('ssm:GetParameters', secrets.filter(inParameterStore)),
    ...pullStatements(task.containers.map(({ image }) => image), foundation),
  ];
}

function mayRead(action: string, resources: readonly string[]): Attributes[] {
  return resources.length === 0 ? [] : [{ actions: [action], resources }];
}

/** An ARN of Secrets Manager may go on with a key of the JSON in it, stage and version. */
function withoutKey(arn: string): string {
  return arn.startsWith('arn:') ? arn.split(':').slice(0, 7).join(':') : arn;
}

function usesStorage({ volumes }: EcsTask): boolean {
  return volumes.some(({ accessPoint }) => accessPoint !== undefined);
}

/** @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html */
function storageStatements({ volumes, containers }: EcsTask, { storage }: AwsFoundation): Attributes[] {
  const written = new Set(containers.flatMap(({ mountPoints }) => mountPoints.filter(({ readOnly }) => !readOnly).map(({ volume }) => volume)));
  return volumes.filter(({ accessPoint }) => accessPoint !== undefined).map(({ name, accessPoint }) => ({
    actions: ['elasticfilesystem:ClientMount', ...written.has(name) ? ['elasticfilesystem:ClientWrite'] : []],
    resources: [storage!.fileSystem.getStringAttribute('arn')],
    condition: [{ test: 'StringEquals', variable: 'elasticfilesystem:AccessPointArn', values: [storage!.accessPoints.get(accessPoint!)!.getStringAttribute('arn')] }],
  }));
}

function volumeBlock({ name, accessPoint }: EcsVolume, { storage }: AwsFoundation): Attributes {
  if (accessPoint === undefined) return { name };
  return {
    name,
    efs_volume_configuration: [{
      file_system_id: storage!.fileSystem.getStringAttribute('id'),
      transit_encryption: 'ENABLED',
      authorization_config: [{ access_point_id: storage!.accessPoints.get(accessPoint)!.getStringAttribute('id'), iam: 'ENABLED' }],
    }],
  };
}
