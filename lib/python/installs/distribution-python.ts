/** Which Python the releases of distributions have, and what their packages are called: looked up on 2026-11-21. */

/** Page of each release's package `python3`. */
const DEBIAN = 'https://packages.debian.org/';
const UBUNTU = 'https://packages.ubuntu.com/';
/** Images of each release of Alpine with its package `python3`, tagged with both; the package itself: https://pkgs.alpinelinux.org/package/v3.23/main/x86_64/python3 */
const ALPINE = 'https://github.com/fluxygen/docker-alpine-python3/releases';

interface DistributionPython {
  readonly python: string;
  /** Page that says so. */
  readonly source: string;
}

/** By release. A release that is not listed has a Python that is unknown. */
export const DISTRIBUTION_PYTHON: Readonly<Record<string, DistributionPython | undefined>> = {
  'alpine 3.19': { python: '3.11', source: ALPINE },
  'alpine 3.20': { python: '3.12', source: ALPINE },
  'alpine 3.21': { python: '3.12', source: ALPINE },
  'alpine 3.22': { python: '3.12', source: ALPINE },
  'alpine 3.23': { python: '3.12', source: ALPINE },
  'debian 12': { python: '3.11', source: `${DEBIAN}bookworm/python3` },
  'debian 13': { python: '3.13', source: `${DEBIAN}trixie/python3` },
  'ubuntu 22.04': { python: '3.10', source: `${UBUNTU}jammy/python3` },
  'ubuntu 24.04': { python: '3.12', source: `${UBUNTU}noble/python3` },
  'ubuntu 26.04': { python: '3.14', source: `${UBUNTU}resolute/python3` },
};
