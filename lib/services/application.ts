import { Construct, type IConstruct } from 'constructs';
import { must } from '../primitives/faults';
import { mustBeDnsLabel } from '../primitives/names';

/**
 * Services that run together: compose's project, a Kubernetes namespace.
 *
 * Its id, a DNS label, names the folder of its output.
 */
export class Application extends Construct {
  /** The Application that a construct is declared in. Throws APPLICATION_MISSING when there is none. */
  public static of(construct: IConstruct): Application {
    const application = [...construct.node.scopes].reverse().find((scope): scope is Application => scope instanceof Application);
    must(application, 'APPLICATION_MISSING', 'it is not in an Application; declare it in one: new Application(app, \'shop\')', construct);
    return application;
  }

  constructor(scope: Construct, id: string) {
    super(scope, id);
    mustBeDnsLabel('application', this);
  }
}
