import type { Construct } from 'constructs';
import type { Network } from './network';
import { DOCKER_RESOLVER, NameResolution } from './nginx-options';
import { CONFIGURATION_FILE, proxyImage } from './nginx-proxy-image';
import { filesVolumes, healthPath, LISTEN_PORT, proxyBase, proxyConfiguration, proxyResolver } from './nginx-proxy-plan';
import type { NginxReverseProxyProps } from './nginx-proxy-props';
import { mustBeNetwork, mustBeRoutePath, mustBeWhole } from './nginx-values';
import type { FileTextPlan, PublishedPort, RoutePlan } from './plan';
import type { Route } from './route';
import { Service } from './service';
import { printConfiguration } from '../nginx/print-configuration';
import { mustBeSeconds } from '../primitives/durations';
import { must, problemLine } from '../primitives/faults';
import { mustBePort } from '../primitives/ports';

/**
 * nginx in front of other services: the only one that has to be reached from outside. It runs as a user without privileges on a
 * read-only file system, starts after the services of its routes, and joins their networks.
 *
 * Its image is declared beside it, under the id `<id>-image`.
 * @see https://nginx.org/en/docs/http/ngx_http_proxy_module.html
 */
export class NginxReverseProxy extends Service {
  private readonly resolvers?: readonly string[];
  private readonly props: NginxReverseProxyProps;

  constructor(scope: Construct, id: string, props: NginxReverseProxyProps) {
    const copied = { ...props, routes: [...props.routes] };
    mustBeValues(copied);
    super(scope, id, {
      image: proxyImage(scope, `${id}-image`, copied),
      publish: props.publish,
      networks: props.networks,
      resources: props.resources,
      volumes: filesVolumes(copied.routes),
      secrets: props.tls && [props.tls.certificate, props.tls.key],
      dependsOn: [...new Set(servicesOf(copied.routes))],
    });
    must(props.routes.length > 0, 'ROUTES_EMPTY', 'the proxy has no routes; give at least one, such as Route.prefix(\'/\', service)', this);
    this.props = copied;
    const { label, facts } = proxyBase(copied);
    const resolver = proxyResolver(copied, facts);
    this.resolvers = resolver?.by === 'variable' || !resolver?.orAtStart ? resolver?.addresses : undefined;
    const byVariable = resolver?.by === 'variable';
    const which = facts.nginxVersion === undefined ? `which nginx ${label} has is unknown` : `the nginx of ${label} is ${facts.nginxVersion}`;
    const wayOut = "use a base that is known to have 1.27.3 or newer, such as BaseImage.nginx({ nginx: '1.29' })";
    must(!byVariable || props.keepalive === undefined, 'NGINX_RESOLVE',
      `addresses are found again and again, and connections kept, which nginx can do together from 1.27.3 on, and ${which}; leave keepalive out, or ${wayOut}`, this);
    must(!byVariable || copied.routes.every(route => route._services().length < 2), 'NGINX_RESOLVE',
      `addresses are found again and again, and requests shared, which nginx can do together from 1.27.3 on, and ${which}; lead each route to one service, or ${wayOut}`, this);
    this.node.addValidation({ validate: () => [...this.routesTwice(), ...this.healthTaken(healthPath(props))] });
  }

  /** @internal */
  public override _networks(): Network[] {
    return [...new Set([...servicesOf(this.props.routes).flatMap(service => service._networks()), ...super._networks()])];
  }

  /** @internal */
  public override _joinsDefaultNetwork(): boolean {
    const services = servicesOf(this.props.routes);
    return services.length === 0 ? super._joinsDefaultNetwork() : services.some(service => service._joinsDefaultNetwork());
  }

  /** @internal */
  public override _routes(): RoutePlan[] {
    return this.props.routes.flatMap(route => route._services().map(({ service, port }) => {
      const resolvers = this.resolvers && [...this.resolvers];
      return { prefix: route._label(), service: service.node.id, port, resolvers, settings: route._settings() };
    }));
  }

  /** @internal */
  public override _fileRoutes(): string[] {
    return this.props.routes.filter(route => route._services().length === 0).map(route => route._label()).sort();
  }

  /** @internal */
  public override _fixedAddressFiles(): FileTextPlan[] {
    if (!this.resolvers?.includes(DOCKER_RESOLVER)) return [];
    const configuration = proxyConfiguration({ ...this.props, nameResolution: NameResolution.atStart() }, proxyBase(this.props).facts);
    return [{ path: CONFIGURATION_FILE, text: printConfiguration(configuration) }];
  }

  /** @internal */
  public override _speaksTls(): boolean {
    return this.props.tls !== undefined;
  }

  /** @internal */
  public override _alsoPublished(): PublishedPort[] {
    const { redirectFrom } = this.props.tls ?? {};
    return redirectFrom === undefined ? [] : [{ published: redirectFrom, target: LISTEN_PORT }];
  }

  private routesTwice(): string[] {
    const labels = this.props.routes.map(route => route._label());
    return [...new Set(labels.filter((label, index) => labels.indexOf(label) !== index))].sort()
      .map(label => problemLine('ROUTE_TWICE', `route '${label}' is given twice; keep one`));
  }

  private healthTaken(path: string): string[] {
    return this.props.routes.some(route => route._label() === `= ${path}`)
      ? [problemLine('ROUTE_HEALTH', `route '= ${path}' has the path that the proxy itself answers; choose another healthPath`)] : [];
  }
}

function servicesOf(routes: readonly Route[]): Service[] {
  return routes.flatMap(route => route._services().map(routed => routed.service));
}

function mustBeValues(props: NginxReverseProxyProps): void {
  const { keepalive = {}, trustedProxies = [] } = props;
  mustBeWhole('bodyMebibytes', props.bodyMebibytes ?? 1, 0);
  mustBeWhole('connectionsPerClient', props.connectionsPerClient ?? 1, 1);
  mustBeWhole('connections', keepalive.connections ?? 1, 1);
  mustBeSeconds('idleSeconds', keepalive.idleSeconds ?? 1, 1);
  mustBeSeconds('clientTimeoutSeconds', props.clientTimeoutSeconds ?? 60, 1);
  mustBeSeconds('gracefulTimeoutSeconds', props.gracefulTimeoutSeconds ?? 60, 1);
  mustBeSeconds('hstsSeconds', props.tls?.hstsSeconds ?? 0);
  if (props.tls?.redirectFrom !== undefined) mustBePort(props.tls.redirectFrom);
  trustedProxies.forEach(mustBeNetwork);
  mustBeRoutePath(healthPath(props), true);
}
