import type { aws_iam as iam, CustomResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import { securityGroupsOf, type EcsPlace } from './ecs-place';
import { RUN_TASK_PROGRAM } from './run-task-program';
import type { MadeTask } from './task-definition';
import type { EcsJob, EcsWorkload } from '../../aws/ecs-plan';

/** Minutes that a function of Lambda has at most. */
const MINUTES = 15;

/**
 * What runs jobs that are part of each deployment: a function for CloudFormation, which goes on when a job has ended well.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources-lambda.html
 */
export class RunTask extends Construct {
  private readonly role: iam.Role;
  private readonly token: string;

  constructor(private readonly place: EcsPlace) {
    super(place.scope, 'RunTask');
    const { Duration, RemovalPolicy, Stack, aws_iam: { PolicyStatement, Role, ServicePrincipal }, aws_lambda: lambda, aws_logs: logs } = awsCdk();
    const logGroup = new logs.LogGroup(this, 'LogGroup', { retention: logs.RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.role.addToPolicy(new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Stack.of(this).stackId] }));
    const run = new lambda.Function(this, 'Function', {
      description: `Runs jobs of ${place.scope.node.id} for CloudFormation`,
      runtime: lambda.Runtime.PYTHON_3_14,
      handler: 'index.handler',
      code: lambda.Code.fromInline(RUN_TASK_PROGRAM),
      timeout: Duration.minutes(MINUTES),
      // a job is run once: whoever asks is answered, whatever happens
      retryAttempts: 0,
      role: this.role,
      logGroup,
    });
    this.token = run.functionArn;
  }

  /** Runs a job now, and again whenever its task definition changes. */
  public job(scope: Construct, plan: EcsJob, made: MadeTask): CustomResource {
    const { CustomResource: Resource, Duration } = awsCdk();
    for (const statement of runStatements(made, this.place)) this.role.addToPolicy(statement);
    this.role.addToPolicy(describeStatement(this.place));
    const resource = new Resource(scope, 'Run', {
      serviceToken: this.token,
      serviceTimeout: Duration.minutes(MINUTES + 1),
      resourceType: 'Custom::RunTask',
      properties: {
        Job: plan.id,
        Container: made.container.containerName,
        Retries: plan.retries,
        Cluster: this.place.cluster.clusterArn,
        TaskDefinition: made.taskDefinition.taskDefinitionArn,
        LaunchType: this.place.fargate ? 'FARGATE' : 'EC2',
        Network: network(plan, this.place),
        LogGroup: this.place.logGroup.logGroupName,
      },
    });
    resource.node.addDependency(this);
    return resource;
  }
}

/** Subnets and security groups of a task, in the words of RunTask. */
function network({ securityGroups }: EcsWorkload, place: EcsPlace): object {
  return {
    subnets: place.cluster.vpc.selectSubnets(place.subnets).subnetIds,
    securityGroups: securityGroupsOf(place, securityGroups).map(({ securityGroupId }) => securityGroupId),
    ...(place.fargate ? { assignPublicIp: 'DISABLED' } : {}),
  };
}

/** What it takes to run a task, and no other. */
export function runStatements({ taskDefinition }: MadeTask, { cluster }: EcsPlace): iam.PolicyStatement[] {
  const { PolicyStatement } = awsCdk().aws_iam;
  const { taskDefinitionArn, taskRole, executionRole } = taskDefinition;
  return [
    new PolicyStatement({ actions: ['ecs:RunTask'], resources: [taskDefinitionArn], conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } } }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [taskRole, executionRole!].map(({ roleArn }) => roleArn),
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  ];
}

/** Tasks have their names when they run: all of the cluster may be looked at. */
function describeStatement({ cluster, scope }: EcsPlace): iam.PolicyStatement {
  const { Stack, aws_iam: { PolicyStatement } } = awsCdk();
  const tasks = Stack.of(scope).formatArn({ service: 'ecs', resource: 'task', resourceName: `${cluster.clusterName}/*` });
  return new PolicyStatement({ actions: ['ecs:DescribeTasks'], resources: [tasks], conditions: { ArnEquals: { 'ecs:cluster': cluster.clusterArn } } });
}
