import { Construct } from 'constructs';
import type { BuildPlan } from './build-plan';
import type { ImageFacts } from './image-facts';

/** What is known of an image once everything has been declared. */
export interface PlannedImage {
  readonly facts: ImageFacts;
  /** How it is built; nothing when its stages do not fit together, which its validation reports. */
  readonly build?: BuildPlan;
  /** The build whose Dockerfile it is one of several images of. */
  readonly madeBy?: ContainerImage;
  /** Its stage in that Dockerfile. */
  readonly stage?: string;
}

/** Something that a Service runs. */
export abstract class ContainerImage extends Construct {
  /** @internal */
  public abstract _plan(): PlannedImage;

  /**
   * Why no service can run it.
   * @internal
   */
  public _cannotRun(): string | undefined {
    return undefined;
  }
}
