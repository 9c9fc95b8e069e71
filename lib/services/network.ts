import { Construct } from 'constructs';
import { changeable } from '../primitives/freeze';
import { mustBeDnsLabel } from '../primitives/names';

/** Settings of a {@link Network}. */
export interface NetworkProps {
  /**
   * Whether its services can reach nothing outside it. Compose `internal`.
   * @default false
   * @see https://docs.docker.com/reference/compose-file/networks/#internal
   */
  readonly internal?: boolean;
}

/** Services that can reach each other, and are reached by no others. Compose `networks`. */
export class Network extends Construct {
  /** @internal */
  public readonly _internal: boolean;

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(changeable(scope), id);
    mustBeDnsLabel('network', this);
    this._internal = props.internal ?? false;
  }
}
