import type { Construct } from 'constructs';
import { BYTECODE_STAGE } from './bytecode-stage';
import type { PythonServiceImage } from './python-service-image';
import { ContainerImage, type PlannedImage } from '../build/container-image';
import type { ImageFacts } from '../build/image-facts';

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
    const { interpreter, ...onBuildImage } = this.image._runtimeOnBuildImage();
    const stages = kept.map(stage => stage.name === runtime ? { ...stage, ...onBuildImage } : stage);
    return { build: { ...build, stages }, facts: withInterpreter(facts, interpreter) };
  }
}

/** Some layouts run with the interpreter of the image, which may be elsewhere in the build image. */
function withInterpreter(facts: ImageFacts, interpreter: string | undefined): ImageFacts {
  if (interpreter === undefined) return facts;
  const replaced = (command: string[] | undefined) => command?.map(word => word === facts.interpreter ? interpreter : word);
  const { healthCheck, launcher } = facts;
  const checked = healthCheck && { ...healthCheck, command: replaced(healthCheck.command) };
  return { ...facts, interpreter, launcher: replaced(launcher), healthCheck: checked };
}
