import type { Construct } from 'constructs';
import type { Network } from './network';
import type { RoutePlan } from './plan';
import type { Route } from './route';
import { Service } from './service';
import { BaseImage } from '../build/base-image';
import { MultiStageBuild } from '../build/multi-stage-build';
import { Stage } from '../build/stage';
import type { NginxConfiguration } from '../nginx/configuration';
import { printConfiguration } from '../nginx/print-configuration';
import { must, problemLine } from '../primitives/faults';
import { sortedBy } from '../primitives/stable';

/** Settings of a {@link NginxReverseProxy}. */
export interface NginxReverseProxyProps {
  /** Which requests go to which service. */
  readonly routes: Route[];
  /**
   * Port, 1-65535, under which the proxy is reached from outside. Compose `ports`.
   * @default - it is reached by its networks only
   */
  readonly publish?: number;
  /** Networks that it joins besides those of its routes' services. @default - none */
  readonly networks?: Network[];
  /** Image that it is built on; where its nginx is has to be known. @default BaseImage.chainguardNginx() */
  readonly base?: BaseImage;
}

/** Port that nginx listens on in its container: one that needs no privilege. */
const LISTEN_PORT = 8080;
/** The one directory that it writes to. */
const TEMPORARY_DIRECTORY = '/tmp';
/** Seconds that requests in progress may take to end: the default read timeout of a route, and a moment more. */
const STOP_GRACE_SECONDS = 65;
const CONFIGURATION_FILE = '/etc/nginx/nginx.conf';

/**
 * nginx in front of other services: the only one that has to be reached from outside. It runs as a user without privileges on a
 * read-only file system, starts after the services of its routes, and joins their networks.
 *
 * Its image is declared beside it, under the id `<id>-image`.
 * @see https://nginx.org/en/docs/http/ngx_http_proxy_module.html
 */
export class NginxReverseProxy extends Service {
  private readonly routes: readonly Route[];

  constructor(scope: Construct, id: string, props: NginxReverseProxyProps) {
    const routes = [...props.routes];
    super(scope, id, {
      image: proxyImage(scope, `${id}-image`, props.base ?? BaseImage.chainguardNginx(), routes),
      publish: props.publish,
      networks: props.networks,
      dependsOn: [...new Set(routes.map(route => route._service))],
    });
    must(routes.length > 0, 'ROUTES_EMPTY', 'the proxy has no routes; give at least one, such as Route.prefix(\'/\', service)', this);
    this.routes = routes;
    this.node.addValidation({ validate: () => this.routesTwice() });
  }

  /** @internal */
  public override _networks(): Network[] {
    return [...new Set([...this.routes.flatMap(route => route._service._networks()), ...super._networks()])];
  }

  /** @internal */
  public override _joinsDefaultNetwork(): boolean {
    return this.routes.some(route => route._service._joinsDefaultNetwork());
  }

  /** @internal */
  public override _routes(): RoutePlan[] {
    return this.routes.map(route => ({ prefix: route._prefix, service: route._service.node.id, port: route._props.port }));
  }

  private routesTwice(): string[] {
    const prefixes = this.routes.map(route => route._prefix);
    return [...new Set(prefixes.filter((prefix, index) => prefixes.indexOf(prefix) !== index))].sort()
      .map(prefix => problemLine('ROUTE_TWICE', `route '${prefix}' is given twice; keep one`));
  }
}

function proxyImage(scope: Construct, id: string, base: BaseImage, routes: readonly Route[]): MultiStageBuild {
  const image = new MultiStageBuild(scope, id, { handlesStopSignal: true, stopGraceSeconds: STOP_GRACE_SECONDS });
  const { nginxPath, users } = base.facts;
  must(nginxPath, 'NGINX_UNKNOWN', `where ${base.label} has its nginx is unknown; say it with BaseImage.fromReference(…, { nginxPath: '/usr/sbin/nginx' })`, image);
  must(users?.length, 'USER_UNKNOWN', `${base.label} knows no user but root; say which there is with 'users'`, image);
  const stage = new Stage(image, 'proxy', { base });
  stage._defer(() => [{ kind: 'writeFile', path: CONFIGURATION_FILE, text: printConfiguration(configuration(routes)), mode: '0644' }]);
  stage.writablePath({ path: TEMPORARY_DIRECTORY, mode: '1777' });
  stage.user(users[0].userId, users[0].groupId);
  stage.expose(LISTEN_PORT);
  stage.stopSignal('SIGQUIT');
  stage.healthCheck({ tcpPort: LISTEN_PORT, intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 });
  stage.entrypoint([nginxPath]);
  stage.command(['-c', CONFIGURATION_FILE, '-e', '/dev/stderr', '-g', 'daemon off;']);
  return image;
}

/** An upstream for each service and port that routes lead to; services are reached by their ids. */
function configuration(routes: readonly Route[]): NginxConfiguration {
  const upstreams = new Map(routes.map(route => {
    const name = upstreamName(route);
    return [name, { name, host: route._service.node.id, port: route._port() ?? 0 }];
  }));
  return {
    listenPort: LISTEN_PORT,
    temporaryDirectory: TEMPORARY_DIRECTORY,
    upstreams: sortedBy([...upstreams.values()], upstream => upstream.name),
    locations: routes.map(route => ({
      prefix: route._prefix,
      upstream: upstreamName(route),
      connectTimeoutSeconds: route._props.connectTimeoutSeconds ?? 5,
      sendTimeoutSeconds: route._props.sendTimeoutSeconds ?? 60,
      readTimeoutSeconds: route._props.readTimeoutSeconds ?? 60,
    })),
  };
}

function upstreamName(route: Route): string {
  return `${route._service.node.id}-${route._port() ?? 0}`;
}
