import type { TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';
import { nameWithin, trust, type AwsFoundation } from './aws-foundation';
import { awsTask, rolePolicy, ROLE_NAME, type AwsTask } from './aws-task';
import { RUN_TASK } from './run-task';
import { local, resource } from './terraform-element';
import type { EcsJob } from '../../aws/ecs-plan';

/** What a job became. */
export interface AwsJob extends AwsTask {
  /** What runs it with a deployment, unless it has times of its own. */
  readonly run?: TerraformResource;
  /** What starts it at its times. */
  readonly schedules: TerraformResource[];
}

/** A job that runs when its task definition has changed, or at its times. */
export function awsJob(scope: Construct, planned: EcsJob, foundation: AwsFoundation, after: readonly TerraformResource[]): AwsJob {
  const task = awsTask(scope, planned, foundation);
  const { schedules } = planned;
  if (schedules === undefined) return { ...task, run: runOnce(scope, planned, task, foundation, after), schedules: [] };
  const role = schedulerRole(scope, planned, task, foundation);
  return { ...task, schedules: schedules.map((expression, index) => schedule(scope, `schedule-${index + 1}`, planned, expression, task, role, foundation, after)) };
}

/** No resource of AWS runs a task: the machine that applies does, by the AWS CLI. */
function runOnce(
  scope: Construct, { id, retries }: EcsJob, { taskDefinition, securityGroups, needs }: AwsTask, foundation: AwsFoundation,
  after: readonly TerraformResource[],
): TerraformResource {
  const network = local(scope, 'network', { awsvpcConfiguration: { subnets: foundation.subnetIds, securityGroups, assignPublicIp: 'DISABLED' } });
  const own = taskDefinition.getStringAttribute('arn');
  return resource(scope, 'run', 'terraform_data', { triggers_replace: [own] }, {
    dependsOn: [...after, ...needs],
    provisioners: [{
      type: 'local-exec',
      interpreter: ['/bin/sh', '-c'],
      command: RUN_TASK,
      environment: {
        AWS_REGION: foundation.region,
        // what the first version of the CLI reads
        AWS_DEFAULT_REGION: foundation.region,
        CLUSTER: foundation.clusterArn,
        TASK_DEFINITION: own,
        NETWORK: `\${jsonencode(${network})}`,
        CONTAINER: id,
        RETRIES: String(retries),
      },
    }],
  });
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role */
function schedulerRole(
  scope: Construct, { task: { family } }: EcsJob, { taskDefinition, taskRole, executionRole }: AwsTask, { account, clusterArn }: AwsFoundation,
): TerraformResource {
  const role = resource(scope, 'schedule-role', 'aws_iam_role', {
    name: nameWithin(ROLE_NAME, `${family}-schedule`), assume_role_policy: trust(scope, 'schedule-trust', 'scheduler.amazonaws.com', account).getStringAttribute('json'),
  });
  rolePolicy(scope, 'schedule-policy', role, [
    {
      actions: ['ecs:RunTask'],
      resources: [`${taskDefinition.getStringAttribute('arn_without_revision')}:*`],
      condition: [{ test: 'ArnEquals', variable: 'ecs:cluster', values: [clusterArn] }],
    },
    {
      actions: ['iam:PassRole'],
      resources: [executionRole, taskRole].map(passed => passed.getStringAttribute('arn')),
      condition: [{ test: 'StringEquals', variable: 'iam:PassedToService', values: ['ecs-tasks.amazonaws.com'] }],
    },
  ]);
  return role;
}

function schedule(
  scope: Construct, id: string, { task: { family } }: EcsJob, expression: string, { taskDefinition, securityGroups, needs }: AwsTask,
  role: TerraformResource, { clusterArn, subnetIds }: AwsFoundation, after: readonly TerraformResource[],
): TerraformResource {
  return resource(scope, id, 'aws_scheduler_schedule', {
    name: nameWithin(MOST, id === 'schedule-1' ? family : `${family}-${id.split('-')[1]}`),
    schedule_expression: expression,
    flexible_time_window: [{ mode: 'OFF' }],
    target: [{
      arn: clusterArn,
      role_arn: role.getStringAttribute('arn'),
      ecs_parameters: [{
        task_definition_arn: taskDefinition.getStringAttribute('arn'),
        launch_type: 'FARGATE',
        task_count: 1,
        network_configuration: [{ subnets: subnetIds, security_groups: securityGroups, assign_public_ip: false }],
      }],
      // a run that was missed is not made up for
      retry_policy: [{ maximum_retry_attempts: 0 }],
    }],
  }, { dependsOn: [...after, ...needs] });
}

/** Most that the name of a schedule has. @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
const MOST = 64;
