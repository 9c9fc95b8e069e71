import type { Construct } from 'constructs';
import { filesDirectory, healthPath, LISTEN_PORT, listenedPort, proxyBase, proxyConfiguration, TEMPORARY_DIRECTORY } from './nginx-proxy-plan';
import type { NginxReverseProxyProps } from './nginx-proxy-props';
import type { Route } from './route';
import type { FilesOrigin } from './static-files';
import type { BaseImageFacts } from '../build/base-image-facts';
import { BorrowedStages } from '../build/borrowed-stages';
import type { HealthCheckFacts } from '../build/image-facts';
import type { Instruction } from '../build/instruction';
import { MultiStageBuild } from '../build/multi-stage-build';
import { Stage } from '../build/stage';
import type { CopyOrigin } from '../build/stage-source';
import { printConfiguration } from '../nginx/print-configuration';
import { must } from '../primitives/faults';
import { sortedBy } from '../primitives/stable';

/** Where nginx is told to look. */
export const CONFIGURATION_FILE = '/etc/nginx/nginx.conf';
/** Seconds between the end of the time for requests in progress and the engine's kill. */
const GRACE_MARGIN_SECONDS = 5;

const CHECK_TIMINGS = { intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 };

/** The image of a proxy: its base, its files and its configuration. */
export function proxyImage(scope: Construct, id: string, props: NginxReverseProxyProps): MultiStageBuild {
  const base = proxyBase(props);
  const gracefulTimeoutSeconds = props.gracefulTimeoutSeconds ?? 60;
  const stopGraceSeconds = gracefulTimeoutSeconds + GRACE_MARGIN_SECONDS;
  const { architecture } = props;
  const image = new MultiStageBuild(scope, id, { architecture, handlesStopSignal: true, gracefulTimeoutSeconds, stopGraceSeconds });
  const { nginxPath, users } = base.facts;
  must(nginxPath, 'NGINX_UNKNOWN', `where ${base.label} has its nginx is unknown; say it with BaseImage.fromReference(…, { nginxPath: '/usr/sbin/nginx' })`, image);
  must(users?.length, 'USER_UNKNOWN', `${base.label} knows no user but root; say which there is with 'users'`, image);
  const borrowed = new BorrowedStages(image);
  const stage = new Stage(image, 'proxy', { base, output: true });
  const copies = sortedBy(props.routes, route => route._label()).flatMap(route => filesCopy(route, props.routes, borrowed));
  stage._defer(() => [
    ...copies,
    {
      kind: 'writeFile',
      path: CONFIGURATION_FILE,
      text: printConfiguration(proxyConfiguration(props, base.facts)),
      mode: '0644',
      why: 'in the image, not mounted: what was tested is what runs, and a change of it is a change of the image',
    },
    { kind: 'writablePath', writable: { path: TEMPORARY_DIRECTORY, mode: '1777' }, why: 'process id and bodies that do not fit in memory; the rest may be read-only' },
    { kind: 'user', userId: users[0].userId, groupId: users[0].groupId, why: 'by number: Kubernetes can tell that it is not root' },
    { kind: 'expose', port: listenedPort(props), why: 'above 1023, which needs no privilege' },
    { kind: 'stopSignal', signal: 'SIGQUIT', why: 'nginx lets requests in progress end on SIGQUIT; on SIGTERM it cuts them off' },
    { kind: 'healthCheck', check: { ...whatIsChecked(props), command: curl(props, base.facts), ...CHECK_TIMINGS } },
    { kind: 'entrypoint', command: [nginxPath], why: 'no shell in between: signals reach nginx, and nothing rewrites its configuration' },
    { kind: 'command', command: ['-c', CONFIGURATION_FILE, '-e', '/dev/stderr', '-g', 'daemon off;'], why: 'in the foreground, errors to the log of the container from the start' },
  ]);
  return image;
}

/** A connection where HTTPS is spoken: a probe would have to know the host that the certificate is for. */
function whatIsChecked(props: NginxReverseProxyProps): Pick<HealthCheckFacts, 'http' | 'tcpPort'> {
  return props.tls ? { tcpPort: listenedPort(props) } : { http: { port: LISTEN_PORT, path: healthPath(props) } };
}

/** What asks inside the container, where there is something that can. */
function curl(props: NginxReverseProxyProps, { curlPath }: BaseImageFacts): string[] | undefined {
  return curlPath === undefined ? undefined
    : [curlPath, '--fail', '--silent', '--show-error', '--output', '/dev/null', `http://127.0.0.1:${LISTEN_PORT}${healthPath(props)}`];
}

/** Files lie under the path that they are asked for by. */
function filesCopy(route: Route, routes: readonly Route[], borrowed: BorrowedStages): Instruction[] {
  const target = route._target;
  if (target.kind !== 'files') return [];
  const origin = target.files._origin;
  if (origin.kind === 'volume') return [];
  return [{
    kind: 'copy',
    from: copyOrigin(origin, borrowed),
    sources: [origin.path],
    target: filesDirectory(routes, route),
    link: false,
    why: `files of the route '${route._label()}', root's: the process cannot change them`,
  }];
}

function copyOrigin(origin: Exclude<FilesOrigin, { kind: 'volume' }>, borrowed: BorrowedStages): CopyOrigin | undefined {
  if (origin.kind === 'source') return undefined;
  return origin.kind === 'image' ? origin.image._origin() : borrowed.stage(origin.stage)._origin();
}
