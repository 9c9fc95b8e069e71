/**
 * What is known of the base images that have a factory, each fact with the page that says so. A fact that moves with a rolling
 * tag (Chainguard's Python and glibc versions) is left unknown.
 */
import { Libc, PackageManager, type BaseImageFacts, type BaseImageUser } from './base-image-facts';

/** Facts, and for each the page that says so. */
export interface DocumentedFacts {
  readonly facts: BaseImageFacts;
  readonly sources: Record<string, string>;
}

/** Facts of one page, and those that another page says. */
function documented(facts: BaseImageFacts, page: string, otherPages: Partial<Record<keyof BaseImageFacts, string>> = {}): DocumentedFacts {
  return { facts, sources: { ...Object.fromEntries(Object.keys(facts).map(fact => [fact, page])), ...otherPages } };
}

/** Facts of the first, and those of the second that it does not have, or has otherwise. */
export function combined(first: DocumentedFacts, second: DocumentedFacts): DocumentedFacts {
  return { facts: { ...first.facts, ...second.facts }, sources: { ...first.sources, ...second.sources } };
}

const PYTHON_SLIM_DOCKERFILE = 'https://github.com/docker-library/python/blob/3f2d7e4c339ab883455b81a873519f1d0f2cd80a/3.13/slim-trixie/Dockerfile';
const PYTHON_ALPINE_DOCKERFILE = 'https://github.com/docker-library/python/blob/37025e2ac6c3410c66ec98655af86623d5c0407e/3.13/alpine3.23/Dockerfile';
const PYTHON_README = 'https://github.com/docker-library/docs/blob/006e77b07f25a6e0fcc25c10f85e08be28fd26a6/python/README.md';
const BUILDPACK_DEPS_DOCKERFILE = 'https://github.com/docker-library/buildpack-deps/blob/103e790407420c9c517a6ac774f31e92c8d84f58/debian/trixie/Dockerfile';
const DEBIAN_GLIBC = 'https://packages.debian.org/source/glibc';
const DEBIAN_RELEASE_PAGE = 'https://wiki.debian.org/DebianReleases';
const DEBIAN_IMAGE_CONFIGURATION = 'https://github.com/debuerreotype/docker-debian-artifacts/blob/0ac241a341c334da5e25bda1c123a1b13acb8d2b/bookworm/slim/oci/blobs/image-config.json';
const UBUNTU_README = 'https://github.com/docker-library/docs/blob/002fb97525339412624f75ba4352c308f0eb95b0/ubuntu/README.md';
const UBUNTU_PASSWD = 'https://github.com/jupyterhub/repo2docker/issues/1346';
const ALPINE_DOCKERFILE = 'https://github.com/alpinelinux/docker-alpine/blob/00d3407329e4c65f237cc1e325a4ab0cb4974df4/aarch64/Dockerfile';
const ALPINE_ABOUT = 'https://github.com/endoflife-date/endoflife.date/blob/0118c3037fa9f22d86a72e0f4d8f492e45b77234/products/alpine-linux.md';
const CHAINGUARD_PYTHON_CONFIGURATION = 'https://github.com/chainguard-images/images/blob/006310a3e2f8ff00ef562ba3642ae24ca5d3c26d/images/python/locked_config.json';
const CHAINGUARD_PYTHON_GUIDE = 'https://edu.chainguard.dev/chainguard/containers/getting-started/python/';
const CHAINGUARD_NGINX_CONFIGURATION = 'https://github.com/chainguard-images/images/blob/012038a95cb2adf0643b68e3939eb5ec7d055407/images/nginx/locked_config.json';
const CHAINGUARD_README = 'https://raw.githubusercontent.com/chainguard-images/images/main/README.md';
const WOLFI_BASE_CONFIGURATION = 'https://github.com/chainguard-images/images/blob/03b5d53599e7311bc8d743bc0e7f2be65af40aaf/images/wolfi-base/locked_config.json';
const APKO_ACCOUNTS = 'https://github.com/chainguard-dev/apko/blob/0c4ffa9e6cafa936a99d1677078c9580a37c10fd/pkg/build/accounts.go';
const WOLFI_LIBC = 'https://edu.chainguard.dev/chainguard/chainguard-images/about/images-compiled-programs/glibc-vs-musl/';
const DISTROLESS_PYTHON = 'https://github.com/GoogleContainerTools/distroless/blob/8a46a50ab38872bf68d7d198726c10d337a59a4e/python3/python.bzl';
const DISTROLESS_COMMON = 'https://github.com/GoogleContainerTools/distroless/blob/11eeda55665c49dfc0918ad4ab9f1cf0b4b3a698/common/BUILD.bazel';
const DISTROLESS_README = 'https://raw.githubusercontent.com/GoogleContainerTools/distroless/main/README.md';
const NGINX_DOCKERFILE = 'https://github.com/nginx/docker-nginx/blob/14585c6fca4ba7f678f6cc178a00582e3fdc3b34/mainline/debian/Dockerfile';
const NGINX_PACKAGE = 'https://github.com/nginx/pkg-oss/blob/a9cf1c1598b77e895b24c6bd3fa14b09738b0be8/debian/debian/nginx.install';
const NGINX_TAGS = 'https://github.com/docker-library/official-images/blob/00b9be3521cb1d8b650039d2f2f9d204ee8d557c/library/nginx';
const NGINX_UNPRIVILEGED_DOCKERFILE = 'https://github.com/nginxinc/docker-nginx-unprivileged/blob/14a8d9f217d7aa6b4ca1bb6de8ba9ec860dc931e/stable/debian/Dockerfile';
const BASE_IMAGES = 'https://docs.docker.com/build/building/base-images/';

const SHELL = ['/bin/sh', '-c'];
const ROOT_ONLY = { defaultUserId: 0, defaultGroupId: 0, users: [] as BaseImageUser[] };
const NONROOT: BaseImageUser = { name: 'nonroot', userId: 65532, groupId: 65532, home: '/home/nonroot' };

/** Docker's official `python:3.x-slim`. The tag without a release of Debian moves to each new one. */
export const OFFICIAL_PYTHON_SLIM = documented({
  libc: Libc.GLIBC,
  packageManager: PackageManager.APT,
  rolling: true,
  pythonPath: '/usr/local/bin/python3',
  pip: true,
  shell: SHELL,
  compilers: false,
  ...ROOT_ONLY,
  entrypoint: [],
}, PYTHON_SLIM_DOCKERFILE, { libc: DEBIAN_GLIBC, rolling: PYTHON_README });

/** Docker's official `python:3.x`: the same Python on buildpack-deps. */
export const OFFICIAL_PYTHON = combined(OFFICIAL_PYTHON_SLIM, documented({ compilers: true }, BUILDPACK_DEPS_DOCKERFILE));

/** Docker's official `python:3.x-alpine`. The tag without a release of Alpine moves to each new one. */
export const OFFICIAL_PYTHON_ALPINE = documented({
  libc: Libc.MUSL,
  packageManager: PackageManager.APK,
  rolling: true,
  pythonPath: '/usr/local/bin/python3',
  pip: true,
  shell: SHELL,
  compilers: false,
  ...ROOT_ONLY,
  entrypoint: [],
}, PYTHON_ALPINE_DOCKERFILE, { libc: ALPINE_ABOUT, rolling: PYTHON_README });

/** What a Debian release adds to an official image that is tagged with it. */
export const DEBIAN_RELEASES: Record<string, DocumentedFacts | undefined> = {
  bookworm: debianRelease('debian 12', '2.36'),
  trixie: debianRelease('debian 13', '2.41'),
};

function debianRelease(distribution: string, libcVersion: string): DocumentedFacts {
  return documented({ distribution, libcVersion, rolling: false }, DEBIAN_RELEASE_PAGE, { libcVersion: DEBIAN_GLIBC, rolling: PYTHON_README });
}

/** Docker's official `debian`. */
export const DEBIAN = documented({
  libc: Libc.GLIBC,
  packageManager: PackageManager.APT,
  shell: SHELL,
  compilers: false,
  ...ROOT_ONLY,
  entrypoint: [],
}, DEBIAN_IMAGE_CONFIGURATION, {
  libc: DEBIAN_GLIBC, packageManager: PYTHON_SLIM_DOCKERFILE, shell: PYTHON_SLIM_DOCKERFILE, compilers: PYTHON_SLIM_DOCKERFILE,
});

/** Docker's official `ubuntu`. */
const UBUNTU = documented({
  libc: Libc.GLIBC,
  packageManager: PackageManager.APT,
  rolling: false,
  shell: SHELL,
  defaultUserId: 0,
  defaultGroupId: 0,
}, UBUNTU_README, { libc: 'https://packages.ubuntu.com/noble/libc6', defaultUserId: UBUNTU_PASSWD, defaultGroupId: UBUNTU_PASSWD });

/** The image has a user since 23.04. */
const UBUNTU_USER: BaseImageUser = { name: 'ubuntu', userId: 1000, groupId: 1000, home: '/home/ubuntu' };

/** Long-term releases of Ubuntu. */
export const UBUNTU_RELEASES: Record<string, DocumentedFacts | undefined> = Object.fromEntries([
  ['22.04', ubuntu('22.04', 'jammy', '2.35', [])],
  ['24.04', ubuntu('24.04', 'noble', '2.39', [UBUNTU_USER])],
  ['26.04', ubuntu('26.04', 'resolute', '2.43', [UBUNTU_USER])],
]);

function ubuntu(release: string, name: string, libcVersion: string, users: BaseImageUser[]): DocumentedFacts {
  const page = `https://packages.ubuntu.com/${name}/libc6`;
  return combined(UBUNTU, documented({ distribution: `ubuntu ${release}`, libcVersion, users }, page, { users: UBUNTU_PASSWD }));
}

/** Docker's official `alpine`. */
export const ALPINE = documented({
  libc: Libc.MUSL,
  packageManager: PackageManager.APK,
  shell: SHELL,
  compilers: false,
  ...ROOT_ONLY,
  entrypoint: [],
}, ALPINE_DOCKERFILE, {
  libc: ALPINE_ABOUT, packageManager: PYTHON_ALPINE_DOCKERFILE, shell: PYTHON_ALPINE_DOCKERFILE, compilers: PYTHON_ALPINE_DOCKERFILE,
});

/** What a release of Alpine adds to an image that is tagged with it. */
export function alpineRelease(release: string): DocumentedFacts {
  return documented({ distribution: `alpine ${release}`, rolling: false }, PYTHON_ALPINE_DOCKERFILE);
}

/** Chainguard's `python:latest`. */
export const CHAINGUARD_PYTHON = documented({
  family: 'cgr.dev/chainguard/python',
  distribution: 'wolfi',
  libc: Libc.GLIBC,
  packageManager: PackageManager.NONE,
  rolling: true,
  pythonPath: '/usr/bin/python',
  pip: false,
  shell: [],
  compilers: false,
  defaultUserId: 65532,
  defaultGroupId: 65532,
  users: [NONROOT],
  entrypoint: ['/usr/bin/python'],
}, CHAINGUARD_PYTHON_CONFIGURATION, {
  distribution: WOLFI_LIBC,
  libc: WOLFI_LIBC,
  packageManager: CHAINGUARD_PYTHON_GUIDE,
  rolling: CHAINGUARD_README,
  shell: CHAINGUARD_PYTHON_GUIDE,
  users: APKO_ACCOUNTS,
});

/** Chainguard's `python:latest-dev`. */
export const CHAINGUARD_PYTHON_DEV = combined(CHAINGUARD_PYTHON,
  documented({ packageManager: PackageManager.APK, pip: true, shell: SHELL, compilers: true }, CHAINGUARD_PYTHON_CONFIGURATION));

/** Chainguard's `wolfi-base:latest`. */
export const WOLFI_BASE = documented({
  family: 'cgr.dev/chainguard/wolfi-base',
  distribution: 'wolfi',
  libc: Libc.GLIBC,
  packageManager: PackageManager.APK,
  rolling: true,
  shell: SHELL,
  compilers: false,
  defaultUserId: 0,
  defaultGroupId: 0,
  users: [NONROOT],
  entrypoint: [],
}, WOLFI_BASE_CONFIGURATION, { libc: WOLFI_LIBC, rolling: CHAINGUARD_README });

/** What Google's distroless `python3` images have in common. The release of Debian is part of the name, and fixes that of Python. */
const DISTROLESS = documented({
  libc: Libc.GLIBC,
  packageManager: PackageManager.NONE,
  rolling: false,
  pythonPath: '/usr/bin/python3',
  pip: false,
  shell: [],
  compilers: false,
  users: [NONROOT],
}, DISTROLESS_PYTHON, { packageManager: DISTROLESS_README, shell: DISTROLESS_README, users: DISTROLESS_COMMON });

/** Google's distroless `python3-debian12` and `python3-debian13`. */
export const DISTROLESS_PYTHON_RELEASES: Record<string, DocumentedFacts | undefined> = {
  bookworm: distroless('debian12', '3.11', 'debian 12', '2.36'),
  trixie: distroless('debian13', '3.13', 'debian 13', '2.41'),
};

function distroless(name: string, python: string, distribution: string, libcVersion: string): DocumentedFacts {
  const release = { family: `gcr.io/distroless/python3-${name}`, python, distribution, libcVersion, entrypoint: [`/usr/bin/python${python}`] };
  return combined(DISTROLESS, documented(release, DISTROLESS_PYTHON, { libcVersion: DEBIAN_GLIBC }));
}

/** As whom a tag of distroless runs. */
export function distrolessUser(root: boolean): DocumentedFacts {
  const id = root ? 0 : NONROOT.userId;
  return documented({ defaultUserId: id, defaultGroupId: id }, DISTROLESS_COMMON);
}

/** Docker's official `nginx`. */
export const OFFICIAL_NGINX = documented({
  libc: Libc.GLIBC,
  packageManager: PackageManager.APT,
  rolling: false,
  shell: SHELL,
  compilers: false,
  defaultUserId: 0,
  defaultGroupId: 0,
  users: [{ name: 'nginx', userId: 101, groupId: 101, home: '/nonexistent' }],
  entrypoint: ['/docker-entrypoint.sh'],
  nginxPath: '/usr/sbin/nginx',
  curlPath: '/usr/bin/curl',
}, NGINX_DOCKERFILE, { libc: DEBIAN_GLIBC, rolling: NGINX_TAGS, nginxPath: NGINX_PACKAGE });

/** nginx' own `nginx-unprivileged`: the same as a user without privileges. */
export const NGINX_UNPRIVILEGED = combined(OFFICIAL_NGINX, documented({
  defaultUserId: 101, defaultGroupId: 101, users: OFFICIAL_NGINX.facts.users, entrypoint: OFFICIAL_NGINX.facts.entrypoint,
}, NGINX_UNPRIVILEGED_DOCKERFILE));

/** Chainguard's `nginx:latest`. */
export const CHAINGUARD_NGINX = documented({
  family: 'cgr.dev/chainguard/nginx',
  distribution: 'wolfi',
  libc: Libc.GLIBC,
  packageManager: PackageManager.NONE,
  rolling: true,
  shell: [],
  compilers: false,
  defaultUserId: 65532,
  defaultGroupId: 65532,
  users: [{ name: 'nginx', userId: 65532, groupId: 65532, home: '/home/nginx' }],
  entrypoint: ['/usr/sbin/nginx'],
  nginxPath: '/usr/sbin/nginx',
}, CHAINGUARD_NGINX_CONFIGURATION, { distribution: WOLFI_LIBC, libc: WOLFI_LIBC, rolling: CHAINGUARD_README });

/** The empty image. */
export const SCRATCH = documented({
  libc: Libc.NONE, packageManager: PackageManager.NONE, rolling: false, shell: [], compilers: false, ...ROOT_ONLY, entrypoint: [],
}, BASE_IMAGES);
