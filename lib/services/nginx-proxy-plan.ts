import { AccessLog, Compression, FileCaching, LoadBalancing, NameResolution, SecurityHeaders, type RateLimit } from './nginx-options';
import type { NginxReverseProxyProps, TlsProps } from './nginx-proxy-props';
import { routedPort, type FilesRouteProps, type Route, type RouteProps } from './route';
import type { VolumeMount } from './volume';
import { BaseImage } from '../build/base-image';
import type { BaseImageFacts } from '../build/base-image-facts';
import type {
  NginxConfiguration, NginxFiles, NginxLocation, NginxProxy, NginxRequestZone, NginxResolver, NginxServer, NginxTls, NginxUpstream,
} from '../nginx/configuration';
import { sortedBy, sortedUnique } from '../primitives/stable';

/** Port that nginx listens on in its container: one that needs no privilege. */
export const LISTEN_PORT = 8080;
/** Port of HTTPS there. */
const TLS_PORT = 8443;
/** The one directory that it writes to. */
export const TEMPORARY_DIRECTORY = '/tmp';
/** Seconds that a connection which stays open may be silent. */
const STREAM_SECONDS = 3600;
/** In seconds. */
const TWO_YEARS = 63072000;

/** The configuration of a proxy, as data. Services are reached by their ids. */
export function proxyConfiguration(props: NginxReverseProxyProps, facts: BaseImageFacts): NginxConfiguration {
  const routes = sortedBy(props.routes, route => route._label());
  const zones = requestZones(props, routes);
  const upstreams = new Map(routes.filter(leadsToServices).map(route => [upstreamName(route), upstream(route, props)]));
  return {
    listenPort: LISTEN_PORT,
    temporaryDirectory: TEMPORARY_DIRECTORY,
    gracefulTimeoutSeconds: props.gracefulTimeoutSeconds ?? 60,
    healthPath: healthPath(props),
    accessLog: props.accessLog ?? AccessLog.JSON,
    trustedProxies: props.trustedProxies ?? [],
    responseHeaders: (props.securityHeaders ?? SecurityHeaders.standard())._list(),
    compression: props.compression ?? Compression.FILES,
    bodyMebibytes: props.bodyMebibytes ?? 1,
    clientTimeoutSeconds: props.clientTimeoutSeconds ?? 60,
    resolver: upstreams.size > 0 ? proxyResolver(props, facts) : undefined,
    upstreams: [...upstreams.values()],
    requestZones: [...zones.values()],
    servers: servers(props, routes, zones),
    tls: props.tls && tls(props, props.tls, facts),
    directives: (props.httpDirectives ?? []).map(directive => directive._data),
  };
}

/** What its image is built on. */
export function proxyBase({ base }: Pick<NginxReverseProxyProps, 'base'>): BaseImage {
  return base ?? BaseImage.chainguardNginx();
}

/** The port that the proxy is reached by. */
export function listenedPort(props: NginxReverseProxyProps): number {
  return props.tls ? TLS_PORT : LISTEN_PORT;
}

/** Path that nginx itself answers. */
export function healthPath(props: Pick<NginxReverseProxyProps, 'healthPath'>): string {
  return props.healthPath ?? '/nginx-health';
}

/** Who is asked for addresses while nginx runs, and how. */
export function proxyResolver(props: NginxReverseProxyProps, facts: BaseImageFacts): NginxResolver | undefined {
  const inGroups = resolvesInGroups(facts);
  const resolver = (props.nameResolution ?? (inGroups ? NameResolution.repeated() : NameResolution.atStart()))._resolver;
  return resolver && { ...resolver, by: inGroups ? 'upstream' : 'variable' };
}

/** What stands for `/` in the requests of a route: a directory of its own for each route with files. */
function filesRoot(routes: readonly Route[], route: Route): string {
  return `/srv/www/${sortedBy(routes.filter(one => one._target.kind === 'files'), one => one._label()).indexOf(route) + 1}`;
}

/** Where the files of a route are: under the path that they are asked for by. */
export function filesDirectory(routes: readonly Route[], route: Route): string {
  return `${filesRoot(routes, route)}${route._path}`.replace(/\/$/, '');
}

/** Volumes with files. */
export function filesVolumes(routes: readonly Route[]): VolumeMount[] {
  return routes.flatMap(route => {
    if (route._target.kind !== 'files' || route._target.files._origin.kind !== 'volume') return [];
    return [{ volume: route._target.files._origin.volume, path: filesDirectory(routes, route), readOnly: true }];
  });
}

/** @see https://nginx.org/en/docs/http/ngx_http_upstream_module.html#resolve */
function resolvesInGroups(facts: BaseImageFacts): boolean {
  return isAtLeast(facts, 27, 3);
}

/** Whether it is known to be 1.`minor`.`patch` or newer. */
function isAtLeast({ nginxVersion = '0' }: BaseImageFacts, minor: number, patch: number): boolean {
  const [major, itsMinor = 0, itsPatch = 0] = nginxVersion.split('.').map(Number);
  return major > 1 || major === 1 && (itsMinor > minor || itsMinor === minor && itsPatch >= patch);
}

function tls(props: NginxReverseProxyProps, { certificate, key, hstsSeconds, hstsSubdomains }: TlsProps, facts: BaseImageFacts): NginxTls {
  return {
    port: TLS_PORT,
    publicPort: props.publish ?? TLS_PORT,
    certificate: certificate.path,
    key: key.path,
    hstsSeconds: hstsSeconds ?? TWO_YEARS,
    hstsSubdomains: hstsSubdomains ?? false,
    http2: http2(facts),
  };
}

/** Where it is not known how this nginx is told, it is not. @see https://nginx.org/en/docs/http/ngx_http_v2_module.html#http2 */
function http2(facts: BaseImageFacts): NginxTls['http2'] {
  if (facts.nginxVersion === undefined) return 'off';
  return isAtLeast(facts, 25, 1) ? 'directive' : 'listen';
}

function leadsToServices(route: Route): boolean {
  return route._target.kind === 'service';
}

/** A limit that several routes share counts their requests together. */
function requestZones(props: NginxReverseProxyProps, routes: readonly Route[]): Map<RateLimit, NginxRequestZone> {
  const limits = [props.rateLimit, ...routes.map(route => route._target.props.rateLimit)].filter(limit => limit !== undefined);
  return new Map([...new Set(limits)].map((limit, index) => [limit, { name: `requests-${index + 1}`, requests: limit._requests, per: limit._per }]));
}

function upstream(route: Route, { keepalive }: NginxReverseProxyProps): NginxUpstream {
  const members = route._services().map(routed => ({ host: routed.service.node.id, port: routedPort(routed) ?? 0, backup: routed.backup }));
  const { balancing = LoadBalancing.ROUND_ROBIN } = route._target.props as RouteProps;
  const { connections = 16, idleSeconds = 1 } = keepalive ?? {};
  return { name: upstreamName(route), servers: members, balance: members.length > 1 ? balancing : 'roundRobin', keepalive: keepalive && { connections, idleSeconds } };
}

/** The same for routes that lead to the same services in the same way. */
function upstreamName(route: Route): string {
  const services = route._services();
  const names = services.map(routed => `${routed.backup ? 'backup.' : ''}${routed.service.node.id}-${routedPort(routed) ?? 0}`);
  const { balancing = LoadBalancing.ROUND_ROBIN } = route._target.props as RouteProps;
  return [...names, ...services.length === 1 || balancing === LoadBalancing.ROUND_ROBIN ? [] : [balancing]].join('.');
}

function servers(props: NginxReverseProxyProps, routes: readonly Route[], zones: ReadonlyMap<RateLimit, NginxRequestZone>): NginxServer[] {
  const directives = (props.serverDirectives ?? []).map(directive => directive._data);
  const hosts = sortedUnique(routes.map(route => route._target.props.host ?? ''));
  return hosts.map(host => ({
    host: host === '' ? undefined : host,
    locations: routes.filter(route => (route._target.props.host ?? '') === host).map(route => location(route, props, zones)),
    directives,
  }));
}

function location(route: Route, props: NginxReverseProxyProps, zones: ReadonlyMap<RateLimit, NginxRequestZone>): NginxLocation {
  const target = route._target;
  const rateLimit = target.props.rateLimit ?? props.rateLimit;
  return {
    match: route._match,
    path: route._path,
    answer: target.kind === 'files' ? files(route, target.props, props.routes) : proxy(route, target.props),
    bodyMebibytes: target.kind === 'files' ? undefined : target.props.bodyMebibytes,
    requestLimit: rateLimit && { zone: zones.get(rateLimit)!.name, burst: rateLimit._burst },
    connectionLimit: target.props.connectionsPerClient ?? props.connectionsPerClient,
    directives: (target.props.directives ?? []).map(directive => directive._data),
  };
}

function proxy(route: Route, props: RouteProps): NginxProxy {
  const { websocket = false, serverSentEvents = false } = props;
  return {
    kind: 'proxy',
    upstream: upstreamName(route),
    connectTimeoutSeconds: props.connectTimeoutSeconds ?? 5,
    sendTimeoutSeconds: props.sendTimeoutSeconds ?? 60,
    readTimeoutSeconds: props.readTimeoutSeconds ?? (websocket || serverSentEvents ? STREAM_SECONDS : 60),
    websocket,
    bufferAnswer: props.bufferAnswer ?? !serverSentEvents,
    bufferRequest: props.bufferRequest ?? true,
  };
}

function files(route: Route, props: FilesRouteProps, routes: readonly Route[]): NginxFiles {
  const { _cacheControl, _hashed } = props.caching ?? FileCaching.revalidated();
  return {
    kind: 'files',
    root: filesRoot(routes, route),
    fallback: props.singlePage ? `${route._path}index.html` : undefined,
    cacheControl: _cacheControl,
    hashedCacheControl: _hashed,
  };
}
