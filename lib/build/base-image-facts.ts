/** The C library that programs of an image are linked to. */
export enum Libc {
  /** GNU libc: Debian, Ubuntu, Wolfi, Red Hat. */
  GLIBC = 'glibc',
  /** musl: Alpine. */
  MUSL = 'musl',
  /** There is none. */
  NONE = 'none',
}

/** What installs the packages of an image's distribution. */
export enum PackageManager {
  /** apt: Debian, Ubuntu. */
  APT = 'apt',
  /** apk: Alpine, Wolfi. */
  APK = 'apk',
  /** dnf: Fedora, Red Hat. */
  DNF = 'dnf',
  /** microdnf: Red Hat's minimal images. */
  MICRODNF = 'microdnf',
  /** There is none. */
  NONE = 'none',
}

/** A user that an image's passwd file knows. */
export interface BaseImageUser {
  /** Name in the passwd file. */
  readonly name: string;
  /** Number of the user. */
  readonly userId: number;
  /** Number of its group. */
  readonly groupId: number;
  /** Home directory in the passwd file. */
  readonly home: string;
}

/**
 * What is known of a base image. A fact that is absent is unknown: nothing is concluded from it, and two unknown versions are
 * equal only within one `family`.
 */
export interface BaseImageFacts {
  /**
   * Images of one family and release are built from the same packages: their unknown versions are equal.
   * @default - none; an unknown version equals no other
   */
  readonly family?: string;
  /** Distribution and its release, in lower case: `debian 12`, `alpine 3.23`, or `wolfi`, which has none. @default - unknown */
  readonly distribution?: string;
  /** What installs its packages. @default - unknown */
  readonly packageManager?: PackageManager;
  /** Whether the tag moves to new releases of what is in the image, so that a rebuild may get another. @default - unknown */
  readonly rolling?: boolean;
  /** C library. @default - unknown */
  readonly libc?: Libc;
  /** Version of the C library, such as `2.36`. @default - unknown */
  readonly libcVersion?: string;
  /** Feature release of the Python that is there, such as `3.13`. @default - unknown, or no Python */
  readonly python?: string;
  /** Absolute path of the Python interpreter. @default - unknown, or no Python */
  readonly pythonPath?: string;
  /** Whether that Python has pip. @default - unknown */
  readonly pip?: boolean;
  /** The shell that the shell form of RUN uses; an empty list when there is none. @default - unknown */
  readonly shell?: string[];
  /** Whether a C compiler is there. @default - unknown */
  readonly compilers?: boolean;
  /** Number of the user that processes run as when nothing else is said. @default - unknown */
  readonly defaultUserId?: number;
  /** Number of that user's group. @default - unknown */
  readonly defaultGroupId?: number;
  /** Users that the passwd file knows, other than root and the distribution's own (daemon, nobody …). @default - none is known */
  readonly users?: BaseImageUser[];
  /** What CMD is handed to; an empty list when there is none. @default - unknown */
  readonly entrypoint?: string[];
  /** Absolute path of nginx. @default - unknown, or no nginx */
  readonly nginxPath?: string;
  /** Release of the nginx that is there, such as `1.28`. @default - unknown, or no nginx */
  readonly nginxVersion?: string;
  /** Absolute path of curl, with which a health check can be carried out. @default - unknown, or no curl */
  readonly curlPath?: string;
}
