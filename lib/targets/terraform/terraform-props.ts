import type { Application } from '../../services/application';

/** Settings of a {@link TerraformApplication}. Every text may be a reference of the stack, or of another one. */
export interface TerraformApplicationProps {
  /** What is made: it may be declared under an App, or in the same tree. Nothing can be declared in it afterwards. */
  readonly application: Application;
  /** Id of the VPC that it runs in. */
  readonly vpcId: string;
  /** Ids of the subnets of tasks and file systems: private ones from which images, logs and secrets are reached, by a NAT gateway or by endpoints. */
  readonly subnetIds: string[];
  /**
   * Ids of the subnets of load balancers, in two zones at least, for all the world to reach them.
   * @default - load balancers are in `subnetIds`, and reached from inside the VPC only
   */
  readonly publicSubnetIds?: string[];
  /** ARN of the cluster. @default - one of its own, with Container Insights */
  readonly clusterArn?: string;
  /**
   * Registry and path that the images are pushed to, such as `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop`: ECS builds nothing. The name of
   * an image is its id, its tag a hash of the Dockerfile and of the files that the build reads.
   * @default - none: every image has to be one that somebody else builds
   */
  readonly registry?: string;
  /**
   * ARNs of secrets in Secrets Manager or, if it is known when the stack is synthesized, of parameters in the Parameter Store, by name of the secret. Whoever
   * reads one under a key of their own gives the execution role the right to it.
   * @default - for each the secret `<application>/<name>` of Secrets Manager
   */
  readonly secrets?: Record<string, string>;
  /** Values of the variables of whoever deploys, by their names there. @default - for each a variable of the stack of the same name */
  readonly environment?: Record<string, string>;
  /**
   * ARN of a certificate in Certificate Manager, for all load balancers: they listen on port 443, and send there who comes to port 80.
   * @default - they speak HTTP, on the published port
   */
  readonly certificateArn?: string;
  /**
   * Days for which logs are kept, one of those that CloudWatch knows.
   * @default 365
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  readonly logRetentionDays?: number;
}
