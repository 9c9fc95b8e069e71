import type {
  aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_events as events, CustomResource,
} from 'aws-cdk-lib';

/** What a service and a job of ECS have in common, to go on with in aws-cdk. */
export interface EcsWorkloadParts {
  /** What is run. Grants are for its `taskRole`: `bucket.grantRead(parts.taskDefinition.taskRole)`. */
  readonly taskDefinition: ecs.TaskDefinition;
  /** The container of the process itself. */
  readonly container: ecs.ContainerDefinition;
  /** One for each of its networks. */
  readonly securityGroups: ec2.ISecurityGroup[];
}

/** A service of ECS, to go on with in aws-cdk. */
export interface EcsServiceParts extends EcsWorkloadParts {
  /** The FargateService or Ec2Service. Metrics are its: `parts.service.metricCpuUtilization()`. */
  readonly service: ecs.BaseService;
  /** What leads to it from outside. @default - it is reached from inside only */
  readonly loadBalancer?: elbv2.IApplicationLoadBalancer;
  /** Its port there. @default - it is reached from inside only */
  readonly listener?: elbv2.ApplicationListener;
  /** Its tasks there. @default - it is reached from inside only */
  readonly targetGroup?: elbv2.ApplicationTargetGroup;
  /** What makes more and fewer of its tasks. @default - their number is fixed */
  readonly scaling?: ecs.ScalableTaskCount;
}

/** A job of ECS, to go on with in aws-cdk. */
export interface EcsJobParts extends EcsWorkloadParts {
  /** What runs it with each deployment that changes it. @default - it has a schedule */
  readonly run?: CustomResource;
  /** What starts it at its times. @default - it has no schedule */
  readonly rules?: events.Rule[];
}
