import { Construct } from 'constructs';
import type { BuildPlan } from './build-plan';
import type { ImageFacts } from './image-facts';

/** What is known of an image once everything has been declared. */
export interface PlannedImage {
  readonly facts: ImageFacts;
  /** How it is built; nothing when its stages do not fit together, which its validation reports. */
  readonly build?: BuildPlan;
}

/** Something that a Service runs. */
export abstract class ContainerImage extends Construct {
  /** @internal */
  public abstract _plan(): PlannedImage;
}
