import { Construct } from 'constructs';
import type { Loss } from './loss';
import type { Check } from '../checks/check';
import { changeable } from '../primitives/freeze';
import { Application } from '../services/application';
import type { ApplicationPlan } from '../services/plan';

/** A file that a target writes. */
export interface OutputFile {
  /** Path from the application's directory, with `/` between its parts. */
  readonly path: string;
  /** Content, ending in a newline. */
  readonly text: string;
}

/** What a target answers. */
export interface TargetOutput {
  /** Its files. */
  readonly files: OutputFile[];
  /** What was declared and is not in them. */
  readonly losses: Loss[];
}

/** What a target may ask while it renders. */
export interface IRenderContext {
  /** The source tree, from the application's directory, such as `../..`. */
  readonly root: string;
  /** The application's directory, from the source tree. */
  readonly directory: string;
  /** Paths in the source tree that no build gets to see. */
  readonly ignored: string[];
  /**
   * A tag for an image that changes when, and only when, its Dockerfile or a file that its build reads changes.
   *
   * @param imageId id of an image of the plan
   */
  contentTag(imageId: string): string;
}

/** One kind of output of the {@link Application} that it is declared in, written by {@link App.synth}. */
export abstract class FileTarget extends Construct {
  constructor(scope: Construct, id: string) {
    super(changeable(scope), id);
    Application.of(this);
  }

  /**
   * Rules that hold for this target only; they are checked with the others.
   * @internal
   */
  public _checks(): readonly Check[] {
    return [];
  }

  /** Turns the plan into files. It changes nothing, and answers the same whenever it is asked. */
  public abstract render(plan: ApplicationPlan, context: IRenderContext): TargetOutput;
}
