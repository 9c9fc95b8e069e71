import type { Volume } from './volume';
import type { BaseImage } from '../build/base-image';
import { mustBeSourcePath } from '../build/source-path';
import type { Stage } from '../build/stage';
import { mustBeContainerPath } from '../primitives/container-path';

/** Where files come from that a proxy answers with. They become part of its image, unless they are on a volume. */
export class StaticFiles {
  /**
   * A directory that a stage makes: of a JavaScript build, or of `collectstatic`. The stage may belong to any build of the application: it is built
   * again as part of the proxy's image, or rather taken from the builder's cache.
   *
   * @param path absolute path of the directory in the stage
   */
  public static fromStage(stage: Stage, path: string): StaticFiles {
    mustBeContainerPath(path, stage);
    return new StaticFiles({ kind: 'stage', stage, path });
  }

  /** A directory of an image. */
  public static fromImage(image: BaseImage, path: string): StaticFiles {
    mustBeContainerPath(path);
    return new StaticFiles({ kind: 'image', image, path });
  }

  /** A directory of the source tree. */
  public static fromSource(path: string): StaticFiles {
    mustBeSourcePath(path);
    return new StaticFiles({ kind: 'source', path });
  }

  /**
   * What other services write to a volume: uploads. The proxy only reads; its user has to be able to.
   *
   * @param volume holds what is asked for at its top: `Route.files('/media/', …)` answers `/media/a.png` with its `a.png`
   */
  public static fromVolume(volume: Volume): StaticFiles {
    return new StaticFiles({ kind: 'volume', volume });
  }

  private constructor(
    /** @internal */
    public readonly _origin: FilesOrigin,
  ) {}
}

/** Where files are. */
export type FilesOrigin =
  | { readonly kind: 'stage'; readonly stage: Stage; readonly path: string }
  | { readonly kind: 'image'; readonly image: BaseImage; readonly path: string }
  | { readonly kind: 'source'; readonly path: string }
  | { readonly kind: 'volume'; readonly volume: Volume };
