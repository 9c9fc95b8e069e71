import type { Construct } from 'constructs';
import { BYTECODE_STAGE } from './bytecode-stage';
import type { PythonServiceImage } from './python-service-image';
import { ContainerImage, type PlannedImage } from '../build/container-image';

/** Settings of a {@link PythonDebugImage}. */
export interface PythonDebugImageProps {
  /** The image whose command and files it has. */
  readonly image: PythonServiceImage;
}

/**
 * A {@link PythonServiceImage} once more, on its build image: the same packages, files, user and command, beside a shell and pip.
 * For people who have to look inside what has neither in production.
 *
 * All that is declared of the other image holds for this one, with what was added to its stages.
 */
export class PythonDebugImage extends ContainerImage {
  private readonly image: PythonServiceImage;

  constructor(scope: Construct, id: string, props: PythonDebugImageProps) {
    super(scope, id);
    this.image = props.image;
  }

  /** @internal */
  public _plan(): PlannedImage {
    const { build, facts } = this.image._plan();
    if (!build) return { facts };
    const runtime = this.image.runtimeStage.node.id;
    // bytecode of the runtime image's library is not that of the build image's
    const kept = build.stages.filter(stage => stage.name !== BYTECODE_STAGE);
    const stages = kept.map(stage => stage.name === runtime ? { ...stage, ...this.image._runtimeOnBuildImage() } : stage);
    return { build: { ...build, stages }, facts };
  }
}
