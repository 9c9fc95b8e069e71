/** What CPython needs of a distribution: looked up on 2026-11-21. */
import type { BaseImage } from '../../build/base-image';
import { must } from '../../primitives/faults';
import type { SystemPackages } from '../system-packages';
import { distributionLabel } from './install-plan';

/**
 * What its optional modules are built with; without Tk, Bluetooth and Berkeley DB.
 *
 * @see https://devguide.python.org/getting-started/setup-building/#install-dependencies
 */
const DEBIAN_TO_BUILD = [
  'gcc', 'libbz2-dev', 'libc6-dev', 'libffi-dev', 'libgdbm-dev', 'liblzma-dev', 'libncurses-dev', 'libreadline-dev', 'libsqlite3-dev', 'libssl-dev', 'make',
  'uuid-dev', 'xz-utils', 'zlib1g-dev',
];
/** Certificates, names of protocols and time zones: what the official images add to Debian. @see https://github.com/docker-library/python/blob/3f2d7e4c339ab883455b81a873519f1d0f2cd80a/3.13/slim-trixie/Dockerfile */
const DEBIAN_TO_RUN = ['ca-certificates', 'libbz2-1.0', 'libffi8', 'liblzma5', 'libncursesw6', 'libsqlite3-0', 'libuuid1', 'netbase', 'tzdata', 'zlib1g'];
/** Names of before the 64-bit time, and since. @see https://wiki.debian.org/ReleaseGoals/64bit-time */
const TIME_32 = ['libgdbm6', 'libreadline8', 'libssl3'];
const TIME_64 = ['libgdbm6t64', 'libreadline8t64', 'libssl3t64'];

/** The libraries by the packages that depend on them: `libpython3.11-stdlib`, `libpython3.13-stdlib`, and each `-dev` package's own. */
const PACKAGES: Readonly<Record<string, { readonly toRun: readonly string[]; readonly source: string } | undefined>> = {
  'debian 12': { toRun: [...DEBIAN_TO_RUN, ...TIME_32], source: 'https://packages.debian.org/bookworm/libpython3.11-stdlib' },
  'debian 13': { toRun: [...DEBIAN_TO_RUN, ...TIME_64], source: 'https://packages.debian.org/trixie/libpython3.13-stdlib' },
  'ubuntu 22.04': { toRun: [...DEBIAN_TO_RUN, ...TIME_32], source: 'https://packages.ubuntu.com/jammy/libpython3.10-stdlib' },
  'ubuntu 24.04': { toRun: [...DEBIAN_TO_RUN, ...TIME_64], source: 'https://packages.ubuntu.com/noble/libpython3.12-stdlib' },
};
/** Since 3.14 there is a module for it. @see https://docs.python.org/3/library/compression.zstd.html */
const ZSTANDARD = { python: '3.14', toBuild: 'libzstd-dev', toRun: 'libzstd1' };

/** Packages with which Python is compiled on a base, and with which it runs; those that are given win. */
export function compilingPackages(base: BaseImage, python: string, given: SystemPackages): Required<SystemPackages> {
  const { toBuild, toRun } = given;
  if (toBuild !== undefined && toRun !== undefined) return { toBuild: [...toBuild], toRun: [...toRun] };
  const known = Object.hasOwn(PACKAGES, base.facts.distribution ?? '') ? PACKAGES[base.facts.distribution!] : undefined;
  must(known, 'COMPILING_UNKNOWN', `with which packages Python is compiled on ${distributionLabel(base)} is not known, as it is for ${Object.keys(PACKAGES).join(', ')}; `
    + "give them with 'systemPackages', or use PythonInstall.distribution()");
  const zstandard = Number(python.split('.')[1]) >= Number(ZSTANDARD.python.split('.')[1]);
  return {
    toBuild: [...toBuild ?? [...DEBIAN_TO_BUILD, ...(zstandard ? [ZSTANDARD.toBuild] : [])]],
    toRun: [...toRun ?? [...known.toRun, ...(zstandard ? [ZSTANDARD.toRun] : [])]],
  };
}
