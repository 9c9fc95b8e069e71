/** Images that no test bed can have, under their public names: enough of them for the steps of a Dockerfile to run. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { docker, tryDocker } from './engine';

/**
 * What stands in for apk: of Python and of pip it unpacks what the official images have, at the place where the distribution has them. It
 * refuses all other names, so that a test sees which packages are asked for.
 */
const APK = `#!/bin/sh
set -eu
[ "$1 $2" = "add --no-cache" ]
shift 2
for name; do
  case "$name" in
    py3*-pip) tar --extract --file /stand-in/pip.tar --directory /usr ;;
    python3 | python-3.*) tar --extract --file /stand-in/python.tar --directory /usr ;;
    *) echo "no such package: $name" >&2; exit 1 ;;
  esac
done
`;

/** An image with a shell and apk, but no Python: Debian's glibc whatever the name says. */
function withApk(name: string, python: string): void {
  const context = folder({ apk: APK });
  writeFileSync(join(context, 'Dockerfile'), [
    `FROM python:${python}-slim-bookworm`,
    'WORKDIR /usr/local',
    'RUN mkdir /stand-in \\',
    ` && tar --create --file /stand-in/pip.tar bin/pip* lib/python${python}/site-packages/pip* \\`,
    ` && tar --create --file /stand-in/python.tar --exclude __pycache__ --exclude 'pip*' --exclude test bin/python* lib/libpython* lib/python${python} \\`,
    ' && rm -r bin/* lib/*',
    'WORKDIR /',
    'COPY --chmod=0755 apk /sbin/apk',
    '',
  ].join('\n'));
  docker('build', '--quiet', '--tag', name, context);
}

/** Gives the engine of a test bed the images of Alpine and Wolfi; where there is a registry, the real ones are used. */
export function provideStandIns(): void {
  if (!process.env.TESTBED_INDEX) return;
  const missing = (name: string) => tryDocker('image', 'inspect', name).status !== 0;
  if (missing('alpine:3.23')) withApk('alpine:3.23', '3.12');
  if (missing('cgr.dev/chainguard/wolfi-base:latest')) withApk('cgr.dev/chainguard/wolfi-base:latest', '3.13');
  if (missing('python:3.13-alpine3.23')) docker('tag', 'python:3.13-slim-bookworm', 'python:3.13-alpine3.23');
}
