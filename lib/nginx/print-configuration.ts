import type { NginxConfiguration, NginxHeader, NginxLocation, NginxServer, NginxTls } from './configuration';
import { apart, block, commented, simple, type Directive } from './directive';
import { accessLog, clientFacts, connectionZone, responseHeaderMaps } from './http-directives';
import { answerDirectives, forwardedHeaders, headerDirectives } from './location-directives';
import { printDirectives } from './print-directives';
import { upstreamDirectives } from './upstream-directives';
import { sortedBy } from '../primitives/stable';

/** Status of a request that is refused because its client sends too many. @see https://www.rfc-editor.org/rfc/rfc6585#section-4 */
const TOO_MANY = 429;
/** Letters of a host or header that nginx has room for. @see https://nginx.org/en/docs/hash.html */
const SHORT_NAME = 32;
/** Seconds that nginx waits for clients when it is told nothing. @see https://nginx.org/en/docs/http/ngx_http_core_module.html#client_body_timeout */
const NGINX_CLIENT_TIMEOUT = 60;

/** Prints a whole `nginx.conf` for a process that is not root on a read-only file system. */
export function printConfiguration(configuration: NginxConfiguration): string {
  const { temporaryDirectory: temporary, gracefulTimeoutSeconds } = configuration;
  return printDirectives([
    simple('worker_processes', 'auto'),
    simple('worker_shutdown_timeout', `${gracefulTimeoutSeconds}s`),
    simple('pid', `${temporary}/nginx.pid`),
    simple('error_log', '/dev/stderr', 'notice'),
    block('events', [], [simple('worker_connections', 1024)]),
    block('http', [], http(configuration)),
  ]);
}

function http(configuration: NginxConfiguration): Directive[] {
  const { temporaryDirectory: temporary, upstreams, servers, tls } = configuration;
  const headers = responseHeaders(configuration);
  return [
    simple('include', '/etc/nginx/mime.types'),
    simple('default_type', 'application/octet-stream'),
    simple('server_tokens', 'off'),
    simple('sendfile', 'on'),
    ...longNames(servers, headers),
    ...apart(['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => simple(`${kind}_temp_path`, `${temporary}/${kind}`))),
    ...apart(limits(configuration)),
    ...accessLog(configuration),
    ...clientFacts(configuration),
    ...responseHeaderMaps(headers),
    ...headers.length === 0 ? [] : apart(headerDirectives(headers)),
    ...compression(configuration),
    ...resolverDirectives(configuration),
    ...sortedBy(upstreams, upstream => upstream.name).flatMap(upstream => upstreamDirectives(upstream, configuration.resolver)),
    ...forwardedHeaders(configuration),
    ...tls ? encryption(tls) : [],
    ...apart(configuration.directives),
    ...sortedServers(servers).flatMap(server => serverBlocks(server, configuration, headers)),
  ];
}

/** Names that do not fit where nginx looks them up, unless it is told to make room: it does not start then. */
function longNames(servers: readonly NginxServer[], headers: readonly NginxHeader[]): Directive[] {
  const longest = (names: readonly string[]) => Math.max(0, ...names.map(name => name.length));
  return [
    ...longest(servers.map(server => server.host ?? '')) > SHORT_NAME ? [simple('server_names_hash_bucket_size', 512)] : [],
    ...longest(headers.map(header => header.name)) > SHORT_NAME ? [simple('variables_hash_bucket_size', 256)] : [],
  ];
}

function limits({ bodyMebibytes, clientTimeoutSeconds, requestZones, servers }: NginxConfiguration): Directive[] {
  const connections = servers.some(server => server.locations.some(location => location.connectionLimit !== undefined));
  return [
    simple('client_max_body_size', mebibytes(bodyMebibytes)),
    ...clientTimeoutSeconds === NGINX_CLIENT_TIMEOUT ? []
      : ['client_header_timeout', 'client_body_timeout', 'send_timeout'].map(name => simple(name, `${clientTimeoutSeconds}s`)),
    ...requestZones.length === 0 ? [] : [
      ...requestZones.map(({ name, requests, per }) => simple('limit_req_zone', '$binary_remote_addr', `zone=${name}:10m`, `rate=${requests}r/${per}`)),
      simple('limit_req_status', TOO_MANY),
    ],
    ...connections ? [...connectionZone(), simple('limit_conn_status', TOO_MANY)] : [],
  ];
}

function mebibytes(size: number): string {
  return size === 0 ? '0' : `${size}m`;
}

/** Text, which is all that is worth it; in a location that may be answered by an upstream only where that was asked for. */
function compression({ compression: which }: NginxConfiguration): Directive[] {
  if (which === 'none') return [];
  return apart([
    ...which === 'all' ? [simple('gzip', 'on')] : [],
    simple('gzip_proxied', 'any'),
    simple('gzip_vary', 'on'),
    simple('gzip_min_length', 1024),
    simple('gzip_types', 'application/javascript', 'application/json', 'application/manifest+json', 'application/wasm', 'application/xml', 'image/svg+xml',
      'text/css', 'text/javascript', 'text/plain', 'text/xml'),
  ]);
}

function resolverDirectives({ resolver }: NginxConfiguration): Directive[] {
  if (!resolver) return [];
  const addresses = resolver.addresses.map(address => address.includes(':') ? `[${address}]` : address);
  return commented('services may come back with other addresses', [
    simple('resolver', ...addresses, `valid=${resolver.validSeconds}s`),
    simple('resolver_timeout', '5s'),
  ]);
}

/** @see https://wiki.mozilla.org/Security/Server_Side_TLS#Modern_compatibility */
function encryption({ certificate, key }: NginxTls): Directive[] {
  return commented("Mozilla's modern profile: https://wiki.mozilla.org/Security/Server_Side_TLS", [
    simple('ssl_certificate', certificate),
    simple('ssl_certificate_key', key),
    simple('ssl_protocols', 'TLSv1.3'),
    simple('ssl_ecdh_curve', 'X25519:prime256v1:secp384r1'),
    simple('ssl_prefer_server_ciphers', 'off'),
    simple('ssl_session_cache', 'shared:tls:10m'),
    simple('ssl_session_timeout', '1d'),
  ]);
}

/** Told to clients that came by HTTPS only, as the standard demands: the value is empty otherwise. */
function responseHeaders({ responseHeaders: headers, tls }: NginxConfiguration): NginxHeader[] {
  if (!tls || tls.hstsSeconds === 0) return [...headers];
  return [...headers, { name: 'Strict-Transport-Security', value: `max-age=${tls.hstsSeconds}${tls.hstsSubdomains ? '; includeSubDomains' : ''}` }];
}

/** The one for all other hosts first. */
function sortedServers(servers: readonly NginxServer[]): NginxServer[] {
  const all = servers.some(server => server.host === undefined) ? servers : [{ locations: [], directives: [] }, ...servers];
  return sortedBy(all, server => server.host ?? '');
}

function serverBlocks(server: NginxServer, configuration: NginxConfiguration, headers: readonly NginxHeader[]): Directive[] {
  const { listenPort, tls } = configuration;
  const { host } = server;
  const named = host === undefined ? [] : [simple('server_name', host)];
  const last = host === undefined ? ['default_server'] : [];
  const content = [
    ...commented('redirects name no host or port: those inside are not those outside', [simple('absolute_redirect', 'off')]).map(item => ({ ...item, apart: false })),
    ...server.directives,
    ...host === undefined ? [health(configuration.healthPath)] : [],
    ...sortedBy(server.locations, location => `${location.path} ${location.match}`).map(location => locationBlock(location, configuration, headers)),
    ...server.locations.length === 0 ? [block('location', ['/'], [simple('return', 404)])] : [],
  ];
  if (!tls) return [block('server', [], [simple('listen', listenPort, ...last), ...named, ...content])];
  const listen = simple('listen', tls.port, 'ssl', ...tls.http2 === 'listen' ? ['http2'] : [], ...last);
  return [
    block('server', [], [simple('listen', listenPort, ...last), ...named, ...host === undefined ? [health(configuration.healthPath)] : [], redirect(tls)]),
    block('server', [], [listen, ...tls.http2 === 'directive' ? [simple('http2', 'on')] : [], ...named, plainOnTls(tls), ...content]),
  ];
}

function health(path: string): Directive {
  return block('location', ['=', path], [simple('access_log', 'off'), simple('default_type', 'text/plain'), simple('return', 200, 'ok')]);
}

/** 308: a form that was sent is sent again, not asked for. */
function redirect(tls: NginxTls): Directive {
  return block('location', ['/'], [simple('return', 308, encrypted(tls))]);
}

/** HTTP where HTTPS is spoken. @see https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors */
function plainOnTls(tls: NginxTls): Directive {
  return simple('error_page', 497, '=308', encrypted(tls));
}

function encrypted({ publicPort }: NginxTls): string {
  return `https://$host${publicPort === 443 ? '' : `:${publicPort}`}$request_uri`;
}

function locationBlock(location: NginxLocation, configuration: NginxConfiguration, headers: readonly NginxHeader[]): Directive {
  const { match, path, requestLimit, connectionLimit, bodyMebibytes } = location;
  return block('location', match === 'exact' ? ['=', path] : [path], [
    ...bodyMebibytes === undefined ? [] : [simple('client_max_body_size', mebibytes(bodyMebibytes))],
    ...requestLimit ? [simple('limit_req', `zone=${requestLimit.zone}`, ...requestLimit.burst > 0 ? [`burst=${requestLimit.burst}`, 'nodelay'] : [])] : [],
    ...connectionLimit === undefined ? [] : [simple('limit_conn', 'clients', connectionLimit)],
    ...answerDirectives(location.answer, configuration, headers),
    ...location.directives,
  ]);
}
