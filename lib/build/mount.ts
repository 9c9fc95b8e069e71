import { mustBeSourcePath } from './source-path';
import { mustBeContainerPath } from '../primitives/container-path';

/** @internal */
export type MountData =
  | { readonly type: 'cache'; readonly target: string; readonly sharing?: string }
  | { readonly type: 'bind'; readonly source: string; readonly target: string };

/** How concurrent builds share a cache mount. */
export enum CacheSharing {
  /** All at once: for caches that cope with it, such as pip's. */
  SHARED = 'shared',
  /** One after the other: for caches with a lock of their own, such as apt's. */
  LOCKED = 'locked',
}

/** Settings of {@link Mount.cache}. */
export interface CacheMountProps {
  /** How concurrent builds share it. @default CacheSharing.SHARED */
  readonly sharing?: CacheSharing;
}

/**
 * Something that a RUN instruction sees while it runs, and that is in no layer afterwards.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---mount
 */
export class Mount {
  /** A directory that is kept from build to build on the same builder. */
  public static cache(target: string, props: CacheMountProps = {}): Mount {
    mustBeContainerPath(target);
    return new Mount({ type: 'cache', target, sharing: props.sharing });
  }

  /**
   * A file or directory of the source tree, read-only.
   *
   * @param source path in the App's root, with `/` between its parts
   * @param target absolute path in the container
   */
  public static bind(source: string, target: string): Mount {
    mustBeSourcePath(source);
    mustBeContainerPath(target);
    return new Mount({ type: 'bind', source, target });
  }

  /** @internal */
  public readonly _data: MountData;

  private constructor(data: MountData) {
    this._data = data;
  }
}
