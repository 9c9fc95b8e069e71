import { mustBeMode } from './instruction-values';
import { mustBeSourcePath } from './source-path';
import type { CopyOrigin, IStageSource } from './stage-source';
import { mustBeContainerPath } from '../primitives/container-path';
import { must } from '../primitives/faults';
import { mustBeEnvironmentName } from '../primitives/names';

/** One mount of a RUN instruction, as plain data. */
export type MountData =
  | {
    readonly type: 'bind';
    readonly from?: CopyOrigin;
    readonly source?: string;
    /** Of a source in the source tree: the paths that are in the context, if they are there at all. Nothing else of it is. */
    readonly only?: readonly string[];
    readonly target: string;
    readonly writable?: boolean;
  }
  | {
    readonly type: 'cache';
    readonly target: string;
    readonly id?: string;
    readonly sharing?: string;
    readonly from?: CopyOrigin;
    readonly source?: string;
    readonly mode?: string;
    readonly userId?: number;
    readonly groupId?: number;
    readonly readOnly?: boolean;
  }
  | { readonly type: 'tmpfs'; readonly target: string; readonly sizeMebibytes?: number }
  | {
    readonly type: 'secret' | 'ssh';
    readonly id: string;
    readonly target?: string;
    readonly env?: string;
    readonly required: boolean;
    readonly mode?: string;
    readonly userId?: number;
    readonly groupId?: number;
  };

/** How concurrent builds share a cache mount. */
export enum CacheSharing {
  /** All at once: for caches that cope with it, such as pip's. */
  SHARED = 'shared',
  /** One after the other: for caches with a lock of their own, such as apt's. */
  LOCKED = 'locked',
  /** Each build that finds it in use gets one of its own. */
  PRIVATE = 'private',
}

/** Owner and mode of what is mounted. */
export interface MountOwnerProps {
  /** Mode in octal. @default - cache 0755, secret 0400, ssh 0600 */
  readonly mode?: string;
  /** User that owns it. @default 0 */
  readonly userId?: number;
  /** Group that owns it. @default 0 */
  readonly groupId?: number;
}

/** Settings of {@link Mount.cache}. */
export interface CacheMountProps extends MountOwnerProps {
  /** Name under which builds share it. @default - the target */
  readonly id?: string;
  /** How concurrent builds share it. @default CacheSharing.SHARED */
  readonly sharing?: CacheSharing;
  /** Where a new cache takes its first content from. @default - it starts empty */
  readonly from?: IStageSource;
  /** Absolute path there. @default - all of it */
  readonly source?: string;
  /** Whether the command may only read it. @default false */
  readonly readOnly?: boolean;
}

/** Settings of {@link Mount.bindFrom}. */
export interface BindMountProps {
  /** Absolute path of the file or directory there. @default - all of it */
  readonly source?: string;
  /** Whether the command may write: what it writes is thrown away afterwards. @default false */
  readonly writable?: boolean;
}

/** Settings of {@link Mount.tmpfs}. */
export interface TmpfsMountProps {
  /** The most that it may hold, in mebibytes. @default - no limit of its own */
  readonly sizeMebibytes?: number;
}

/** Settings of {@link Mount.secret}. */
export interface SecretMountProps extends MountOwnerProps {
  /** Absolute path of the file. @default - `/run/secrets/<id>`, or no file when `env` is given */
  readonly target?: string;
  /** Environment variable of the command that holds the value. @default - none */
  readonly env?: string;
  /** Whether the build fails without the secret. @default true */
  readonly required?: boolean;
}

/** Settings of {@link Mount.ssh}. */
export interface SshMountProps extends MountOwnerProps {
  /** Name of the agent or key, as whoever builds gives it. @default 'default' */
  readonly id?: string;
  /** Absolute path of the socket. @default - the builder's choice, which `SSH_AUTH_SOCK` names */
  readonly target?: string;
  /** Whether the build fails without it. @default true */
  readonly required?: boolean;
}

/**
 * Something that a RUN instruction sees while it runs, and that is in no layer afterwards.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run---mount
 */
export class Mount {
  /** A directory that is kept from build to build on the same builder. */
  public static cache(target: string, props: CacheMountProps = {}): Mount {
    mustBeMountPath(target);
    if (props.source !== undefined) mustBeMountPath(props.source);
    if (props.id !== undefined) mustBeId(props.id);
    mustBeMode(props.mode);
    const { id, sharing, mode, userId, groupId, readOnly, source } = props;
    return new Mount({ type: 'cache', target, id, sharing, mode, userId, groupId, readOnly, source, from: props.from?._origin() }, props.from);
  }

  /**
   * A file or directory of the source tree, read-only.
   *
   * @param source path in the App's root, with `/` between its parts
   * @param target absolute path in the container
   */
  public static bind(source: string, target: string): Mount {
    mustBeSourcePath(source);
    mustBeMountPath(target);
    return new Mount({ type: 'bind', source, target });
  }

  /**
   * A file or directory of another stage, or of an image.
   *
   * @param from where it is
   * @param target absolute path in the container
   */
  public static bindFrom(from: IStageSource, target: string, props: BindMountProps = {}): Mount {
    mustBeMountPath(target);
    if (props.source !== undefined) mustBeMountPath(props.source);
    return new Mount({ type: 'bind', from: from._origin(), source: props.source, target, writable: props.writable }, from);
  }

  /** An empty directory in memory. */
  public static tmpfs(target: string, props: TmpfsMountProps = {}): Mount {
    mustBeMountPath(target);
    const size = props.sizeMebibytes;
    must(size === undefined || Number.isInteger(size) && size >= 1, 'SIZE', `size ${size} is not a whole number of mebibytes from 1 up`);
    return new Mount({ type: 'tmpfs', target, sizeMebibytes: size });
  }

  /**
   * A secret that whoever builds gives: `docker buildx build --secret id=…`. Its value is in no layer and no history.
   *
   * @param id name by which it is given
   */
  public static secret(id: string, props: SecretMountProps = {}): Mount {
    mustBeId(id);
    if (props.target !== undefined) mustBeMountPath(props.target);
    if (props.env !== undefined) mustBeEnvironmentName(props.env);
    mustBeMode(props.mode);
    const { target, env, mode, userId, groupId, required = true } = props;
    return new Mount({ type: 'secret', id, target, env, mode, userId, groupId, required });
  }

  /** The socket of an SSH agent that whoever builds gives: `docker buildx build --ssh …`. */
  public static ssh(props: SshMountProps = {}): Mount {
    const { id = 'default', target, mode, userId, groupId, required = true } = props;
    mustBeId(id);
    if (target !== undefined) mustBeMountPath(target);
    mustBeMode(mode);
    return new Mount({ type: 'ssh', id, target, mode, userId, groupId, required });
  }

  private constructor(
    /** @internal */
    public readonly _data: MountData,
    /** @internal */
    public readonly _from?: IStageSource,
  ) {}
}

/** The options of a mount are separated by commas and end at a space. */
function isPlain(path: string): boolean {
  return !/[\s,"'$\\]/.test(path);
}

function pathProblem(path: string): string {
  return `mount path '${path}' has a space, comma, quote, backslash or '$', which a mount does not carry; use another path`;
}

function mustBeMountPath(path: string): void {
  mustBeContainerPath(path);
  must(isPlain(path), 'MOUNT_PATH', pathProblem(path));
}

function mustBeId(id: string): void {
  must(/^[A-Za-z0-9_.\-/]+$/.test(id), 'MOUNT_ID', `mount id '${id}' is not a name; use letters, digits, '_', '.', '-' and '/'`);
}
