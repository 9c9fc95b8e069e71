import type { Construct } from 'constructs';
import { ContainerImage, type PlannedImage } from './container-image';
import type { ImageFacts } from './image-facts';
import { mustBeMode, mustBeUserId } from './instruction-values';
import { mustBeMountPath } from '../primitives/container-path';
import { must } from '../primitives/faults';
import { ImageReference } from '../primitives/image-reference';
import { mustBePort } from '../primitives/ports';

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
    const { facts } = props;
    mustBeFacts(facts, this);
    this.planned = {
      reference: ImageReference.parse(props.reference).toString(),
      facts: { ...facts, ports: [...facts.ports].sort((a, b) => a - b), writablePaths: [...facts.writablePaths] },
    };
  }

  /** @internal */
  public _plan(): PlannedImage {
    return this.planned;
  }
}

/** What stages refuse where they are told the same. */
function mustBeFacts({ userId, groupId, ports, writablePaths, stopSignal }: ImageFacts, image: Construct): void {
  for (const number of [userId, groupId]) if (number !== undefined) mustBeUserId(number, image);
  for (const port of ports) mustBePort(port, image);
  for (const { path, mode } of writablePaths) {
    mustBeMountPath(path, image);
    mustBeMode(mode, image);
  }
  must(stopSignal === undefined || /^SIG[A-Z0-9+-]+$/.test(stopSignal), 'STOP_SIGNAL', `stop signal '${stopSignal}' is not a name such as SIGTERM`, image);
}
