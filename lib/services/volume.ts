import { Construct } from 'constructs';
import { mustBeDnsLabel } from '../primitives/names';

/**
 * Data that outlives its containers. Compose `volumes`, a Kubernetes PersistentVolumeClaim.
 *
 * @see https://docs.docker.com/reference/compose-file/volumes/
 */
export class Volume extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    mustBeDnsLabel('volume', this);
  }
}

/** A {@link Volume} as a directory of a container. */
export interface VolumeMount {
  readonly volume: Volume;
  /** Absolute path of the directory. The image of a Python service has it made for its user, so that the process can write to it. */
  readonly path: string;
  /** Whether the process may only read. @default false */
  readonly readOnly?: boolean;
}
