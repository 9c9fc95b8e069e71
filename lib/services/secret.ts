import { Construct } from 'constructs';
import { mustBeSourcePath } from '../build/source-path';
import { changeable } from '../primitives/freeze';
import { mustBeDnsLabel } from '../primitives/names';

/** Settings of a {@link Secret}. */
export interface SecretProps {
  /**
   * File that holds it where compose runs, from the App's root. Synthesis never reads it; keep it out of version control.
   * @default - `secrets/<id>`
   */
  readonly file?: string;
}

/**
 * A value that nobody may read but the processes that need it: a file `/run/secrets/<id>` in their containers, never a variable of the
 * environment, a layer or a manifest. Compose `secrets`, a Kubernetes Secret of the same name and key.
 *
 * @see https://docs.docker.com/reference/compose-file/secrets/
 */
export class Secret extends Construct {
  /** Path of its file in a container. */
  public readonly path: string;
  /** @internal */
  public readonly _file: string;

  constructor(scope: Construct, id: string, props: SecretProps = {}) {
    super(changeable(scope), id);
    mustBeDnsLabel('secret', this);
    this._file = props.file ?? `secrets/${id}`;
    mustBeSourcePath(this._file, this);
    this.path = `/run/secrets/${id}`;
  }
}
