import type { TerraformDataSource, TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';
import { awsSecurityGroups } from './aws-security-groups';
import { awsStorage, type AwsStorage } from './aws-storage';
import { deployerValues } from './deployer-values';
import { data, literal, local, resource } from './terraform-element';
import type { TerraformApplicationProps } from './terraform-props';
import type { EcsContainer, EcsPlan } from '../../aws/ecs-plan';
import type { EcsSettings } from '../../aws/ecs-settings';
import { hostTokensIn } from '../../primitives/host-token';
import type { ImagePlan } from '../../services/plan';

/** What all services and jobs of an application stand on. All texts are references, or literals in Terraform's words. */
export interface AwsFoundation {
  readonly scope: Construct;
  /** Id of the application. */
  readonly id: string;
  readonly vpcId: string;
  readonly subnetIds: string[];
  /** @default - load balancers are internal */
  readonly publicSubnetIds?: string[];
  readonly certificateArn?: string;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  readonly clusterArn: string;
  readonly clusterName: string;
  /** The cluster, when it is the application's own. */
  readonly cluster?: TerraformResource;
  readonly logGroup: TerraformResource;
  /** By name of the network. */
  readonly securityGroups: ReadonlyMap<string, TerraformResource>;
  /** In which services find each other. @default - none of them listens on a port */
  readonly namespace?: TerraformResource;
  /** @default - nothing is kept */
  readonly storage?: AwsStorage;
  /** Whom tasks let act in their place. */
  readonly taskTrust: TerraformDataSource;
  /** ARNs, by name of the secret. */
  readonly secretArns: ReadonlyMap<string, string>;
  /** Values of whoever deploys, by name. */
  readonly deployer: ReadonlyMap<string, string>;
  readonly registry?: string;
  /** How expressions call the registry, when it is only known to Terraform. */
  readonly registryName?: string;
  /** What an image is called. */
  readonly reference: (image: ImagePlan) => string;
}

/** Makes what is there once for the application. */
export function awsFoundation(
  scope: Construct, plan: EcsPlan, props: TerraformApplicationProps, settings: EcsSettings, contentTag: (imageId: string) => string,
): AwsFoundation {
  const { vpcId, subnetIds, publicSubnetIds, certificateArn } = props;
  const account = data(scope, 'account', 'aws_caller_identity', {}).getStringAttribute('account_id');
  const partition = data(scope, 'partition', 'aws_partition', {}).getStringAttribute('partition');
  const region = data(scope, 'region', 'aws_region', {}).getStringAttribute('id');
  const registry = props.registry === undefined ? undefined : literal(props.registry);
  const containers = [...plan.services, ...plan.jobs].flatMap(({ task }) => task.containers);
  return {
    scope,
    id: plan.id,
    vpcId,
    subnetIds,
    publicSubnetIds,
    certificateArn,
    account,
    partition,
    region,
    ...awsCluster(scope, plan, props),
    logGroup: resource(scope, 'logs', 'aws_cloudwatch_log_group', { name: `/ecs/${plan.id}`, retention_in_days: props.logRetentionDays ?? 365 }),
    securityGroups: awsSecurityGroups(scope, plan, vpcId),
    namespace: plan.services.some(({ endpoints }) => endpoints.length > 0) ? resource(scope, 'namespace', 'aws_service_discovery_private_dns_namespace', {
      name: settings.namespace, description: `Services of ${plan.id}`, vpc: vpcId,
    }) : undefined,
    storage: awsStorage(scope, plan, vpcId, subnetIds),
    taskTrust: trust(scope, 'task-trust', 'ecs-tasks.amazonaws.com', account),
    secretArns: secretArns(scope, plan, props, settings),
    deployer: deployerValues(scope, plan.path, containers.flatMap(variablesOf), props.environment),
    registry,
    registryName: hostTokensIn(registry).length > 0 ? local(scope, 'registry', registry) : undefined,
    reference: image => image.reference === undefined ? `${registry}/${image.id}:${contentTag(image.id)}` : literal(image.reference),
  };
}

/** A service of AWS that acts for nobody but this account. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
export function trust(scope: Construct, id: string, service: string, account: string): TerraformDataSource {
  return data(scope, id, 'aws_iam_policy_document', {
    statement: [{
      actions: ['sts:AssumeRole'],
      principals: [{ type: 'Service', identifiers: [service] }],
      condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: [account] }],
    }],
  });
}

/** A name, unless AWS takes none as long: the provider makes one up then. */
export function nameWithin(most: number, name: string): string | undefined {
  return name.length > most ? undefined : name;
}

function awsCluster(scope: Construct, { id }: EcsPlan, { clusterArn }: TerraformApplicationProps): Pick<AwsFoundation, 'clusterArn' | 'clusterName' | 'cluster'> {
  if (clusterArn !== undefined) return { clusterArn, clusterName: `\${element(split("/", ${local(scope, 'cluster', clusterArn)}), 1)}` };
  const cluster = resource(scope, 'cluster', 'aws_ecs_cluster', { name: id, setting: [{ name: 'containerInsights', value: 'enhanced' }] });
  return { clusterArn: cluster.getStringAttribute('arn'), clusterName: cluster.getStringAttribute('name'), cluster };
}

function secretArns(scope: Construct, plan: EcsPlan, { secrets = {} }: TerraformApplicationProps, settings: EcsSettings): Map<string, string> {
  return new Map(plan.secrets.map((name): [string, string] => {
    if (secrets[name] !== undefined) return [name, secrets[name]];
    return [name, data(scope, `secret-${name}`, 'aws_secretsmanager_secret', { name: settings.secretName(name) }).getStringAttribute('arn')];
  }));
}

function variablesOf({ deployerEnvironment }: EcsContainer): [string, string | undefined][] {
  return Object.values(deployerEnvironment).map(({ variable, defaultValue }) => [variable, defaultValue]);
}
