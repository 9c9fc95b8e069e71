import { Construct } from 'constructs';
import type { BuildPlan } from './build-plan';
import type { ImageFacts } from './image-facts';
import { changeable } from '../primitives/freeze';

/** What is known of an image once everything has been declared. */
export interface PlannedImage {
  readonly facts: ImageFacts;
  /** How it is built; nothing when its stages do not fit together, which its validation reports. */
  readonly build?: BuildPlan;
  /** The build whose Dockerfile it is one of several images of. */
  readonly madeBy?: ContainerImage;
  /** Its stage in that Dockerfile. */
  readonly stage?: string;
  /** Reference of an image that somebody else builds. */
  readonly reference?: string;
  /** What is run instead of the image's own ENTRYPOINT and CMD. */
  readonly otherProcess?: ImageProcess;
}

/** Another process of an image than the one that it starts by itself. */
export interface ImageProcess {
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
}

/** Something that a Service runs. */
export abstract class ContainerImage extends Construct {
  constructor(scope: Construct, id: string) {
    super(changeable(scope), id);
  }

  /** @internal */
  public abstract _plan(): PlannedImage;

  /**
   * Has it carry the program that reads secrets when it starts, if it can: its facts then name it.
   * @internal
   */
  public _carryLauncher(): void {}

  /**
   * Has it make a directory for its user, where a volume will be, if it can.
   * @internal
   */
  public _carryDirectory(_path: string): void {}

  /**
   * Why no service can run it.
   * @internal
   */
  public _cannotRun(): string | undefined {
    return undefined;
  }
}
