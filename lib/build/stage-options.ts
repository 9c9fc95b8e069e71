import type { Mount } from './mount';

/** What a RUN instruction may reach over the network. */
export enum RunNetwork {
  /** As the builder has it. */
  DEFAULT = 'default',
  /** Nothing. */
  NONE = 'none',
  /** The builder's own network: the builder has to allow it. */
  HOST = 'host',
}

/** Transport protocol of a port. */
export enum Protocol {
  /** TCP. */
  TCP = 'tcp',
  /** UDP: documented in the image; targets publish and check TCP ports only. */
  UDP = 'udp',
}

/**
 * Settings of a RUN instruction.
 *
 * @see https://docs.docker.com/reference/dockerfile/#run
 */
export interface RunOptions {
  /** What the command sees besides the stage's own files. @default - nothing */
  readonly mounts?: Mount[];
  /** What it may reach over the network. @default RunNetwork.DEFAULT */
  readonly network?: RunNetwork;
  /** Whether it runs without the builder's sandbox, as a privileged container does: the builder has to allow it. @default false */
  readonly insecure?: boolean;
  /** Devices of the builder that it uses, by their CDI names: the builder has to allow it. @default - none */
  readonly devices?: string[];
}

/**
 * What COPY and ADD share. Owners are numbers, and modes octal: names need a passwd file, and older engines misread symbolic modes.
 *
 * @see https://docs.docker.com/reference/dockerfile/#copy
 */
export interface FileOptions {
  /** User that owns the files. Needs `groupId`. @default 0 */
  readonly userId?: number;
  /** Group that owns the files. Needs `userId`. @default 0 */
  readonly groupId?: number;
  /** Mode in octal, such as `0644`. @default - as they are */
  readonly mode?: string;
  /**
   * Whether the layer is independent of those before it, and so stays in use when they change.
   * @default false
   * @see https://docs.docker.com/reference/dockerfile/#copy---link
   */
  readonly link?: boolean;
}

/** Settings of {@link Stage.copy} and {@link Stage.copyFrom}. */
export interface CopyOptions extends FileOptions {
  /** Patterns of what to leave out, such as `*.md`, as Go's filepath.Match reads them. @default - nothing */
  readonly excludes?: string[];
  /** Whether the directories above each source are kept below the target. @default false */
  readonly parents?: boolean;
}

/** Settings of {@link Stage.addRemote}. */
export interface AddRemoteOptions extends FileOptions {
  /** `sha256:` and 64 digits for a file, a commit for a git repository. A file without one is refused. @default - a repository's reference */
  readonly checksum?: string;
  /** Whether an archive is unpacked. @default false */
  readonly unpack?: boolean;
  /** Whether the `.git` directory of a repository is kept. @default false */
  readonly keepGitDirectory?: boolean;
  /** Patterns of what of a repository to leave out, such as `*.md`, as Go's filepath.Match reads them. @default - nothing */
  readonly excludes?: string[];
}

/** Settings of {@link Stage.addArchive}. */
export interface AddArchiveOptions {
  /** Whether the layer is independent of those before it, and so stays in use when they change. @default false */
  readonly link?: boolean;
}

/** Settings of {@link Stage.writeFile}. */
export interface WriteFileOptions {
  /** Mode in octal. @default '0644' */
  readonly mode?: string;
  /** User that owns it. Needs `groupId`. @default 0 */
  readonly userId?: number;
  /** Group that owns it. Needs `userId`. @default 0 */
  readonly groupId?: number;
}

/** Settings of {@link Stage.environment} and {@link Stage.labels}. */
export interface ExpandOptions {
  /**
   * Whether `$NAME` and `${NAME}` in values stand for build arguments and environment variables of the stage.
   * @default false - a `$` is a `$`
   * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
   */
  readonly expand?: boolean;
}
