import type { AwsFoundation } from './aws-foundation';
import type { Attributes } from './terraform-element';
import { sortedUnique } from '../../primitives/stable';
import type { ImagePlan } from '../../services/plan';

/** A private registry of AWS. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const ECR = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/;

/** What it takes to pull these images from ECR; nothing when they come from elsewhere. */
export function pullStatements(images: readonly ImagePlan[], foundation: AwsFoundation): Attributes[] {
  const repositories = sortedUnique(images.flatMap(image => repositoryArn(image, foundation) ?? []));
  if (repositories.length === 0) return [];
  return [
    { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
    { actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: repositories },
  ];
}

function repositoryArn({ id, reference }: ImagePlan, { registry, registryName, partition }: AwsFoundation): string | undefined {
  if (reference === undefined && registryName !== undefined) {
    // it may be ECR; what follows its host is the same in the ARN
    return `arn:${partition}:ecr:*:*:repository\${trimprefix(${registryName}, element(split("/", ${registryName}), 0))}/${id}`;
  }
  const [, account, region, name] = ECR.exec(reference ?? `${registry}/${id}`) ?? [];
  return name === undefined ? undefined : `arn:${partition}:ecr:${region}:${account}:repository/${name}`;
}
