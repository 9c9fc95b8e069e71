/**
 * What is known of the base images that have a factory, each fact with the page that says so. A fact that moves with a rolling
 * tag (Chainguard's Python and glibc versions) is left unknown.
 */
import { Libc, type BaseImageFacts } from './base-image-facts';

/** Facts, and for each the page that says so. */
export interface DocumentedFacts {
  readonly facts: BaseImageFacts;
  readonly sources: Record<string, string>;
}

const PYTHON_SLIM_DOCKERFILE = 'https://github.com/docker-library/python/blob/3f2d7e4c339ab883455b81a873519f1d0f2cd80a/3.13/slim-trixie/Dockerfile';
const BUILDPACK_DEPS_DOCKERFILE = 'https://github.com/docker-library/buildpack-deps/blob/103e790407420c9c517a6ac774f31e92c8d84f58/debian/trixie/Dockerfile';
const DEBIAN_GLIBC = 'https://packages.debian.org/source/glibc';
const CHAINGUARD_PYTHON_CONFIGURATION = 'https://github.com/chainguard-images/images/blob/006310a3e2f8ff00ef562ba3642ae24ca5d3c26d/images/python/locked_config.json';
const CHAINGUARD_PYTHON_GUIDE = 'https://edu.chainguard.dev/chainguard/containers/getting-started/python/';
const CHAINGUARD_NGINX_CONFIGURATION = 'https://github.com/chainguard-images/images/blob/012038a95cb2adf0643b68e3939eb5ec7d055407/images/nginx/locked_config.json';
const APKO_ACCOUNTS = 'https://github.com/chainguard-dev/apko/blob/0c4ffa9e6cafa936a99d1677078c9580a37c10fd/pkg/build/accounts.go';
const WOLFI_LIBC = 'https://edu.chainguard.dev/chainguard/chainguard-images/about/images-compiled-programs/glibc-vs-musl/';
const BASE_IMAGES = 'https://docs.docker.com/build/building/base-images/';

const SHELL = ['/bin/sh', '-c'];

/** Docker's official `python:3.x-slim`. */
export const OFFICIAL_PYTHON_SLIM: DocumentedFacts = {
  facts: {
    libc: Libc.GLIBC,
    pythonPath: '/usr/local/bin/python3',
    pip: true,
    shell: SHELL,
    compilers: false,
    defaultUserId: 0,
    defaultGroupId: 0,
    users: [],
    entrypoint: [],
  },
  sources: {
    libc: DEBIAN_GLIBC,
    pythonPath: PYTHON_SLIM_DOCKERFILE,
    pip: PYTHON_SLIM_DOCKERFILE,
    shell: PYTHON_SLIM_DOCKERFILE,
    compilers: PYTHON_SLIM_DOCKERFILE,
    defaultUserId: PYTHON_SLIM_DOCKERFILE,
    defaultGroupId: PYTHON_SLIM_DOCKERFILE,
    users: PYTHON_SLIM_DOCKERFILE,
    entrypoint: PYTHON_SLIM_DOCKERFILE,
  },
};

/** Docker's official `python:3.x`: the same Python on buildpack-deps. */
export const OFFICIAL_PYTHON: DocumentedFacts = {
  facts: { ...OFFICIAL_PYTHON_SLIM.facts, compilers: true },
  sources: { ...OFFICIAL_PYTHON_SLIM.sources, compilers: BUILDPACK_DEPS_DOCKERFILE },
};

/** What a Debian release adds to an official image that is tagged with it. */
export const DEBIAN_RELEASES: Record<string, DocumentedFacts | undefined> = {
  bookworm: { facts: { libcVersion: '2.36' }, sources: { libcVersion: DEBIAN_GLIBC } },
  trixie: { facts: { libcVersion: '2.41' }, sources: { libcVersion: DEBIAN_GLIBC } },
};

/** Chainguard's `python:latest`. */
export const CHAINGUARD_PYTHON: DocumentedFacts = {
  facts: {
    family: 'cgr.dev/chainguard/python',
    libc: Libc.GLIBC,
    pythonPath: '/usr/bin/python',
    pip: false,
    shell: [],
    compilers: false,
    defaultUserId: 65532,
    defaultGroupId: 65532,
    users: [{ name: 'nonroot', userId: 65532, groupId: 65532, home: '/home/nonroot' }],
    entrypoint: ['/usr/bin/python'],
  },
  sources: {
    family: CHAINGUARD_PYTHON_CONFIGURATION,
    libc: WOLFI_LIBC,
    pythonPath: CHAINGUARD_PYTHON_CONFIGURATION,
    pip: CHAINGUARD_PYTHON_CONFIGURATION,
    shell: CHAINGUARD_PYTHON_GUIDE,
    compilers: CHAINGUARD_PYTHON_CONFIGURATION,
    defaultUserId: CHAINGUARD_PYTHON_CONFIGURATION,
    defaultGroupId: CHAINGUARD_PYTHON_CONFIGURATION,
    users: APKO_ACCOUNTS,
    entrypoint: CHAINGUARD_PYTHON_CONFIGURATION,
  },
};

/** Chainguard's `python:latest-dev`. */
export const CHAINGUARD_PYTHON_DEV: DocumentedFacts = {
  facts: { ...CHAINGUARD_PYTHON.facts, pip: true, shell: SHELL, compilers: true },
  sources: CHAINGUARD_PYTHON.sources,
};

/** Chainguard's `nginx:latest`. */
export const CHAINGUARD_NGINX: DocumentedFacts = {
  facts: {
    family: 'cgr.dev/chainguard/nginx',
    libc: Libc.GLIBC,
    shell: [],
    compilers: false,
    defaultUserId: 65532,
    defaultGroupId: 65532,
    users: [{ name: 'nginx', userId: 65532, groupId: 65532, home: '/home/nginx' }],
    entrypoint: ['/usr/sbin/nginx'],
    nginxPath: '/usr/sbin/nginx',
  },
  sources: {
    family: CHAINGUARD_NGINX_CONFIGURATION,
    libc: WOLFI_LIBC,
    shell: CHAINGUARD_NGINX_CONFIGURATION,
    compilers: CHAINGUARD_NGINX_CONFIGURATION,
    defaultUserId: CHAINGUARD_NGINX_CONFIGURATION,
    defaultGroupId: CHAINGUARD_NGINX_CONFIGURATION,
    users: CHAINGUARD_NGINX_CONFIGURATION,
    entrypoint: CHAINGUARD_NGINX_CONFIGURATION,
    nginxPath: CHAINGUARD_NGINX_CONFIGURATION,
  },
};

/** The empty image. */
export const SCRATCH: DocumentedFacts = {
  facts: { libc: Libc.NONE, shell: [], compilers: false, defaultUserId: 0, defaultGroupId: 0, users: [], entrypoint: [] },
  sources: {
    libc: BASE_IMAGES,
    shell: BASE_IMAGES,
    compilers: BASE_IMAGES,
    defaultUserId: BASE_IMAGES,
    defaultGroupId: BASE_IMAGES,
    users: BASE_IMAGES,
    entrypoint: BASE_IMAGES,
  },
};
