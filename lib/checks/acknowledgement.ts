import type { IConstruct } from 'constructs';
import { must } from '../primitives/faults';
import { changeable } from '../primitives/freeze';

/** Kind of the metadata entry that holds an acknowledgement. */
const METADATA = 'cdk-wheelhouse:acknowledged';

/** A finding that somebody accepts, for one construct and those below it. */
export interface Acknowledgement {
  readonly path: string;
  readonly code: string;
  readonly reason: string;
}

/** What is decided about findings of checks. */
export class Checks {
  /**
   * Accepts the findings of one check on a construct and those below it. The reason is kept in the manifest; an
   * acknowledgement that matches no finding is reported, so that none outlives what it was for.
   *
   * @param construct where, such as an image or an Application
   * @param code name of the check, such as `SECRET_NAME`
   * @param reason why it is right here, for whoever reviews it
   */
  public static acknowledge(construct: IConstruct, code: string, reason: string): void {
    must(reason.trim() !== '', 'ACKNOWLEDGE_REASON', `acknowledging ${code} needs a reason; write the sentence that a reviewer would ask for`, construct);
    changeable(construct).node.addMetadata(METADATA, { code, reason });
  }

  private constructor() {}
}

/** All acknowledgements in a tree. */
export function acknowledgements(root: IConstruct): Acknowledgement[] {
  return root.node.findAll().flatMap(construct => construct.node.metadata.filter(entry => entry.type === METADATA)
    .map(entry => ({ path: construct.node.path, code: entry.data.code, reason: entry.data.reason })));
}
