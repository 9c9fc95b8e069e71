import { join, resolve } from 'node:path';
import type { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import type { EcsBuildProps } from './ecs-build-props';
import { platformOf, type Architecture } from '../../build/architecture';
import type { SourceDirectory } from '../../build/source-directory';
import { buildContext, writeBuildContext } from '../../output/build-context';
import type { ImagePlan } from '../../services/plan';
import type { FullApplicationPlan } from '../../services/plan-application';

/** Folder of the cloud assembly that contexts are written to; aws-cdk copies each beside it, under the name of the asset. */
const FOLDER = 'wheelhouse';

/** Where assets come from. */
export interface AssetOrigin {
  readonly plan: FullApplicationPlan;
  readonly source: SourceDirectory;
  readonly props: EcsBuildProps;
  /** What images are made for about which nobody said. @default - whoever builds */
  readonly architecture?: Architecture;
}

/**
 * An image that is built, as an asset of the stack that `scope` is in. Its hash changes when, and only when, the image does.
 *
 * @see https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecr_assets-readme.html
 */
export function imageAsset(scope: Construct, id: string, image: ImagePlan, { plan, source, props, ...usual }: AssetOrigin): DockerImageAsset {
  const { IgnoreMode, Stage, aws_ecr_assets: assets } = awsCdk();
  const outdir = resolve(Stage.of(scope)!.assetOutdir);
  const context = buildContext(plan, image, source, outdir);
  const { facts: { architecture = usual.architecture }, buildMounts } = image;
  const secrets = Object.entries(props.buildSecrets ?? {}).filter(([secret]) => buildMounts?.secrets.includes(secret));
  return new assets.DockerImageAsset(scope, id, {
    assetName: `${plan.id}-${image.id}`,
    directory: writeBuildContext(join(outdir, FOLDER), context),
    file: context.dockerfile,
    target: image.stage,
    platform: architecture && assets.Platform.custom(platformOf(architecture)),
    // aws-cdk's own hash is that of texts: it sees neither executable bits nor carriage returns
    extraHash: context.tag,
    // a .dockerignore of the source is a file like others
    ignoreMode: IgnoreMode.DOCKER,
    exclude: ['!**'],
    buildSecrets: secrets.length === 0 ? undefined : Object.fromEntries(secrets),
    buildSsh: buildMounts?.ssh.length ? props.buildSsh : undefined,
    invalidation: { buildSecrets: false, buildSsh: false },
  });
}
