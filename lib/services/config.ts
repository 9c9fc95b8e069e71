import { Construct } from 'constructs';
import { must } from '../primitives/faults';
import { changeable } from '../primitives/freeze';
import { mustBeDnsLabel } from '../primitives/names';

/** Settings of a {@link Config}. */
export interface ConfigProps {
  /** What the file says. It is written into the output, beside the definitions that mount it: no secrets. */
  readonly text: string;
}

/**
 * A file that a container reads and that is no part of its image. Compose `configs`, a Kubernetes ConfigMap.
 *
 * @see https://docs.docker.com/reference/compose-file/configs/
 */
export class Config extends Construct {
  /** @internal */
  public readonly _text: string;

  constructor(scope: Construct, id: string, props: ConfigProps) {
    super(changeable(scope), id);
    mustBeDnsLabel('config', this);
    must(!props.text.includes('\0'), 'CONFIG_TEXT', 'the text of a config has a NUL, which is no text; remove it', this);
    this._text = props.text;
  }
}

/** A {@link Config} as a file of a container. */
export interface ConfigMount {
  readonly config: Config;
  /** Absolute path of the file. */
  readonly path: string;
}
