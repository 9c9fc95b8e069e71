import type { Construct } from 'constructs';
import { ContainerImage, type PlannedImage } from './container-image';
import type { ImageFacts } from './image-facts';
import { ImageReference } from '../primitives/image-reference';

/** Settings of a {@link RegistryImage}. */
export interface RegistryImageProps {
  /** Reference, such as `postgres:17` or `registry.example.com/team/cache@sha256:…`. */
  readonly reference: string;
  /** What is known of it. A fact that is absent is unknown: no directory is writable that is not named here. */
  readonly facts: ImageFacts;
}

/** An image that somebody else has built. Compose `image`. */
export class RegistryImage extends ContainerImage {
  private readonly planned: PlannedImage;

  constructor(scope: Construct, id: string, props: RegistryImageProps) {
    super(scope, id);
    this.planned = { reference: ImageReference.parse(props.reference).toString(), facts: { ...props.facts } };
  }

  /** @internal */
  public _plan(): PlannedImage {
    return this.planned;
  }
}
