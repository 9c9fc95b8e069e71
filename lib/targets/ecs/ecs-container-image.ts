import type { ContainerImage as EcsImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { annotateFindings } from './annotations';
import { awsCdk } from './aws-cdk';
import { buildMountMissing } from './build-mount-missing';
import type { EcsBuildProps } from './ecs-build-props';
import { imageAsset } from './image-asset';
import type { ContainerImage, ImageProcess } from '../../build/container-image';
import { mustBeExamined } from '../../output/examined-application';
import { must } from '../../primitives/faults';
import { freeze } from '../../primitives/freeze';
import { whileNothingChanges } from '../../primitives/once';
import { Application } from '../../services/application';

/** Images of an {@link Application} for task definitions that you write yourself. */
export class EcsContainerImage {
  /**
   * What `image` of a container definition takes: an asset when the image is built here, else its reference. Of what is known of the
   * image only that: ECS does not carry out its health check, and leaves its root file system writable, unless the definition says so.
   *
   * When it is used, its Application is checked, and all faults are thrown together; nothing can be declared in that afterwards.
   * Synthesis builds nothing.
   *
   * @param image has to be in an Application, which may be declared under an App, or in the same tree
   * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecs.ContainerImage.html
   */
  public static fromImage(image: ContainerImage, props: EcsBuildProps = {}): EcsImage {
    const application = Application.of(image);
    const given: EcsBuildProps = { ...props, buildSecrets: { ...props.buildSecrets } };
    return {
      bind: (scope, definition) => {
        const bound = whileNothingChanges(() => ecsImage(image, application, given, scope));
        freeze(application, scope);
        return bound.bind(scope, definition);
      },
    };
  }

  private constructor() {}
}

/** All faults of its application are thrown together. */
function ecsImage(image: ContainerImage, application: Application, props: EcsBuildProps, scope: Construct): EcsImage {
  mustBeAlone(image);
  const { path } = image.node;
  const { plan, findings, source } = mustBeExamined(application, [buildMountMissing(props, made => made.path === path)]);
  annotateFindings(scope, findings.filter(finding => `${finding.path}/`.startsWith(`${path}/`)));
  const built = plan.images.find(made => made.path === path);
  const { ContainerImage: Image } = awsCdk().aws_ecs;
  if (!built) return Image.fromRegistry(image._plan().reference!);
  return Image.fromDockerImageAsset(imageAsset(scope, 'AssetImage', built, { plan, source, props }));
}

/** Refuses what an image alone cannot say. */
function mustBeAlone(image: ContainerImage): void {
  const problem = image._cannotRun();
  must(problem === undefined, 'IMAGE_UNCLEAR', problem ?? '', image);
  const { madeBy, otherProcess, facts } = image._plan();
  must(!otherProcess, 'IMAGE_PROCESS', otherProcess ? processProblem(otherProcess, madeBy!.node.path) : '', image);
  must(!facts.development, 'DEVELOPMENT_IMAGE', "it is made for development, which is compose's; leave out 'development' in this environment", image);
}

function processProblem({ entrypoint, command }: ImageProcess, madeBy: string): string {
  const rest = command.length === 0 ? '' : ` and command: ${JSON.stringify(command)}`;
  return `it is another process of '${madeBy}', and an image alone starts its own;`
    + ` give that image, and in the container definition entryPoint: ${JSON.stringify(entrypoint)}${rest}`;
}
