import type { aws_events as events } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import { securityGroupsOf, type EcsPlace } from './ecs-place';
import { runStatements } from './run-task';
import type { MadeTask } from './task-definition';
import type { EcsJob } from '../../aws/ecs-plan';

/**
 * A rule for each schedule of a job, with a role that can start this job only.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tasks-scheduled-eventbridge-scheduler.html
 */
export function schedules(scope: Construct, plan: EcsJob, made: MadeTask, place: EcsPlace): events.Rule[] {
  const { aws_events: { Rule, Schedule }, aws_iam: { Role, ServicePrincipal } } = awsCdk();
  const role = new Role(scope, 'ScheduleRole', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
  for (const statement of runStatements(made, place)) role.addToPolicy(statement);
  const target: events.IRuleTarget = {
    bind: () => ({
      arn: place.cluster.clusterArn,
      role,
      ecsParameters: {
        taskDefinitionArn: made.taskDefinition.taskDefinitionArn,
        taskCount: 1,
        launchType: place.fargate ? 'FARGATE' : 'EC2',
        networkConfiguration: {
          awsVpcConfiguration: {
            subnets: place.cluster.vpc.selectSubnets(place.subnets).subnetIds,
            securityGroups: securityGroupsOf(place, plan.securityGroups).map(({ securityGroupId }) => securityGroupId),
            assignPublicIp: place.fargate ? 'DISABLED' : undefined,
          },
        },
      },
      targetResource: made.taskDefinition,
    }),
  };
  return plan.schedules!.map((schedule, index) => new Rule(scope, `Schedule-${index + 1}`, { schedule: Schedule.expression(schedule), targets: [target] }));
}
