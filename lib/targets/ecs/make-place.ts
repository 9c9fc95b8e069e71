import type { aws_ecs as ecs, aws_servicediscovery as discovery } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import type { EcsExamined } from './ecs-examined';
import type { EcsPlace } from './ecs-place';
import type { EcsApplicationProps } from './ecs-props';
import { fileSystem } from './file-system';
import { imageAsset } from './image-asset';
import { securityGroups } from './security-groups';
import { ecsSettings } from '../../aws/ecs-settings';
import { Architecture } from '../../build/architecture';
import { contentTags } from '../../output/image-files';
import type { ImagePlan } from '../../services/plan';

/** Makes what all services and jobs share. */
export function ecsPlace(scope: Construct, examined: EcsExamined, props: EcsApplicationProps): EcsPlace {
  const { plan } = examined;
  const { SubnetType } = awsCdk().aws_ec2;
  const { cluster = clusterIn(scope, props), vpcSubnets: subnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS } } = props;
  const groups = securityGroups(scope, cluster.vpc, plan);
  return {
    scope,
    fargate: props.launchType !== 'EC2',
    cluster,
    subnets,
    logGroup: logGroup(scope, props),
    securityGroups: groups,
    namespace: plan.services.some(({ endpoints }) => endpoints.length > 0) ? namespace(scope, plan.id, cluster) : undefined,
    files: fileSystem(scope, plan, cluster.vpc, subnets, groups),
    image: images(scope, examined, props),
    secret: secrets(scope, plan.id, props),
    environment: props.environment ?? {},
  };
}

function clusterIn(scope: Construct, { vpc }: EcsApplicationProps): ecs.Cluster {
  const { Cluster, ContainerInsights } = awsCdk().aws_ecs;
  return new Cluster(scope, 'Cluster', { vpc, containerInsightsV2: ContainerInsights.ENHANCED });
}

function logGroup(scope: Construct, { logRetention }: EcsApplicationProps) {
  const { LogGroup, RetentionDays } = awsCdk().aws_logs;
  return new LogGroup(scope, 'LogGroup', { retention: logRetention ?? RetentionDays.ONE_YEAR });
}

function namespace(scope: Construct, applicationId: string, { vpc }: ecs.ICluster): discovery.PrivateDnsNamespace {
  const { PrivateDnsNamespace } = awsCdk().aws_servicediscovery;
  return new PrivateDnsNamespace(scope, 'Namespace', { name: ecsSettings(applicationId, true, []).namespace, vpc, description: `Services of ${applicationId}` });
}

/** What a container definition takes for an image: one for all that run it. */
function images(scope: Construct, { application, source }: EcsExamined, props: EcsApplicationProps): (image: ImagePlan) => ecs.ContainerImage {
  const { ContainerImage } = awsCdk().aws_ecs;
  const tags = contentTags(application, source);
  const assets = new Map<string, ecs.ContainerImage>();
  // what Fargate runs, wherever it is built
  const architecture = props.launchType === 'EC2' ? undefined : Architecture.AMD64;
  const origin = { plan: application, source, props, architecture };
  return image => {
    if (image.reference !== undefined) return ContainerImage.fromRegistry(image.reference);
    if (props.registry !== undefined) return ContainerImage.fromRegistry(`${props.registry}/${image.id}:${tags(image.id)}`);
    const made = assets.get(image.id) ?? ContainerImage.fromDockerImageAsset(imageAsset(scope, `Image-${image.id}`, image, origin));
    assets.set(image.id, made);
    return made;
  };
}

function secrets(scope: Construct, applicationId: string, props: EcsApplicationProps): (name: string) => ecs.Secret {
  const { aws_ecs: library, aws_secretsmanager: manager } = awsCdk();
  const { secretName } = ecsSettings(applicationId, true, []);
  const made = new Map(Object.entries(props.secrets ?? {}));
  return name => {
    const secret = made.get(name) ?? library.Secret.fromSecretsManager(manager.Secret.fromSecretNameV2(scope, `Secret-${name}`, secretName(name)));
    made.set(name, secret);
    return secret;
  };
}
