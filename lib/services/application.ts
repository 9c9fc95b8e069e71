import { Construct, type IConstruct } from 'constructs';
import { must, problemLine } from '../primitives/faults';
import { changeable } from '../primitives/freeze';
import { mustBeDnsLabel } from '../primitives/names';

const MISSING = "it is not in an Application; declare it in one: new Application(app, 'shop')";

/**
 * Services that run together: compose's project, a Kubernetes namespace.
 *
 * Its id, a DNS label, names the folder of its output.
 */
export class Application extends Construct {
  /** The Application that a construct is declared in. Throws APPLICATION_MISSING when there is none. */
  public static of(construct: IConstruct): Application {
    const application = Application._tryOf(construct);
    must(application, 'APPLICATION_MISSING', MISSING, construct);
    return application;
  }

  /** @internal */
  public static _tryOf(construct: IConstruct): Application | undefined {
    return [...construct.node.scopes].reverse().find((scope): scope is Application => scope instanceof Application);
  }

  /**
   * The line of a validator for what has to be in an Application and is in none.
   * @internal
   */
  public static _missing(construct: IConstruct): string[] {
    return Application._tryOf(construct) ? [] : [problemLine('APPLICATION_MISSING', MISSING)];
  }

  constructor(scope: Construct, id: string) {
    super(changeable(scope), id);
    mustBeDnsLabel('application', this);
  }
}
