import type {
  aws_certificatemanager as acm, aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2, aws_logs as logs,
} from 'aws-cdk-lib';
import type { EcsBuildProps } from './ecs-build-props';
import type { Application } from '../../services/application';

/** Settings of an {@link EcsApplication}. */
export interface EcsApplicationProps extends EcsBuildProps {
  /** What is made: it may be declared under an App, or in the same tree. Nothing can be declared in it afterwards. */
  readonly application: Application;
  /**
   * Network in which a cluster is made, with Container Insights.
   * @default - that of `cluster`, which has to be given then
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html
   */
  readonly vpc?: ec2.IVpc;
  /**
   * Cluster that runs it.
   * @default - one is made in `vpc`, which has to be given then
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/clusters.html
   */
  readonly cluster?: ecs.ICluster;
  /**
   * `FARGATE`, or `EC2` for instances of `cluster`.
   * @default ecs.LaunchType.FARGATE
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/capacity-launch-type-comparison.html
   */
  readonly launchType?: ecs.LaunchType;
  /**
   * Subnets of tasks, which have no public address: images, logs and secrets have to be reached from there, by a NAT gateway or by endpoints.
   * @default - private subnets with a way out
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /**
   * Registry and path that the images were pushed to, such as `registry.example.com/shop`. The name of an image is its id, its tag a hash of the
   * Dockerfile and of the files that the build reads. A private repository of ECR also needs a grant:
   * `repository.grantPull(parts.taskDefinition.obtainExecutionRole())`.
   * @default - none: images are assets, which `cdk deploy` builds
   * @see https://docs.aws.amazon.com/cdk/v2/guide/assets.html
   */
  readonly registry?: string;
  /**
   * Where secrets are, by the name of the Secret: in Secrets Manager or in a parameter of Systems Manager.
   * @default - each is the secret `<application>/<name>` of Secrets Manager
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
   */
  readonly secrets?: Record<string, ecs.Secret>;
  /**
   * Values of the variables that {@link EnvValue.deployer} asks for, by their names there. Tokens are values, too.
   * @default - their defaults; a variable without one is refused
   * @see https://docs.aws.amazon.com/cdk/v2/guide/tokens.html
   */
  readonly environment?: Record<string, string>;
  /**
   * Certificate with which load balancer ports speak HTTPS. One service is at 443, where 80 leads: the one that is published at 443, else at 80,
   * else the only one.
   * @default - none: ports speak HTTP
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
   */
  readonly certificate?: acm.ICertificate;
  /**
   * Load balancer at which published services listen.
   * @default - one is made that the internet reaches, if a service is published
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
   */
  readonly loadBalancer?: elbv2.IApplicationLoadBalancer;
  /**
   * How long the output of all containers is kept.
   * @default logs.RetentionDays.ONE_YEAR
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
   */
  readonly logRetention?: logs.RetentionDays;
}
