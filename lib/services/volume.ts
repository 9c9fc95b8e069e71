import { Construct } from 'constructs';
import { must } from '../primitives/faults';
import { changeable } from '../primitives/freeze';
import { mustBeDnsLabel } from '../primitives/names';

/** Settings of a {@link Volume}. */
export interface VolumeProps {
  /**
   * Room that it needs, in gibibytes, a whole number from 1 up. Kubernetes `resources.requests.storage`; compose has no word for it: a volume
   * is as large as the disk of its engine.
   * @default - 1 where a size has to be given
   * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
   */
  readonly sizeGibibytes?: number;
}

/**
 * Data that outlives its containers. Compose `volumes`, a Kubernetes PersistentVolumeClaim.
 *
 * @see https://docs.docker.com/reference/compose-file/volumes/
 */
export class Volume extends Construct {
  /** @internal */
  public readonly _sizeGibibytes?: number;

  constructor(scope: Construct, id: string, props: VolumeProps = {}) {
    super(changeable(scope), id);
    mustBeDnsLabel('volume', this);
    const { sizeGibibytes } = props;
    must(sizeGibibytes === undefined || Number.isInteger(sizeGibibytes) && sizeGibibytes >= 1, 'VOLUME_SIZE',
      `sizeGibibytes ${sizeGibibytes} is no size of a volume; give a whole number of gibibytes from 1 up`, this);
    this._sizeGibibytes = sizeGibibytes;
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
