import type { NginxConfiguration, NginxHeader } from './configuration';
import { apart, block, commented, simple, type Directive } from './directive';

/** What a line of the JSON log holds: numbers where nginx always writes one as JSON does, text otherwise: a status may be 000. */
const LOG_FIELDS = [
  ['time', '"$time_iso8601"'], ['client', '"$remote_addr"'], ['method', '"$request_method"'], ['scheme', '"$scheme"'], ['host', '"$host"'],
  ['uri', '"$request_uri"'], ['protocol', '"$server_protocol"'], ['status', '"$status"'], ['bytes', '$body_bytes_sent'], ['seconds', '$request_time'],
  ['upstream', '"$upstream_addr"'], ['upstream_status', '"$upstream_status"'], ['upstream_seconds', '"$upstream_response_time"'],
  ['referer', '"$http_referer"'], ['user_agent', '"$http_user_agent"'],
];

/** The variable of a request's id; see {@link clientFacts}. */
export function requestIdVariable(configuration: Pick<NginxConfiguration, 'trustedProxies'>): string {
  return configuration.trustedProxies.length > 0 ? '$traced_request_id' : '$request_id';
}

/** The variable of the protocol that the client speaks. */
export function protocolVariable(configuration: Pick<NginxConfiguration, 'trustedProxies'>): string {
  return configuration.trustedProxies.length > 0 ? '$client_scheme' : '$scheme';
}

/** Where requests are written down. @see https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format */
export function accessLog(configuration: Pick<NginxConfiguration, 'accessLog' | 'trustedProxies'>): Directive[] {
  if (configuration.accessLog === 'off') return apart([simple('access_log', 'off')]);
  if (configuration.accessLog === 'combined') return apart([simple('access_log', '/dev/stdout')]);
  const fields = [...LOG_FIELDS, ['request_id', `"${requestIdVariable(configuration)}"`]];
  const last = fields.length - 1;
  const words = fields.map(([name, value], index) => `${index === 0 ? '{' : ''}"${name}":${value}${index === last ? '}' : ','}`);
  return [{ ...simple('log_format', 'json', 'escape=json', ...words), tall: true, apart: true }, simple('access_log', '/dev/stdout', 'json')];
}

/**
 * Who the client is, as proxies before this one say: of those that are trusted, and of no one else.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_realip_module.html
 */
export function clientFacts({ trustedProxies }: NginxConfiguration): Directive[] {
  if (trustedProxies.length === 0) return [];
  return [
    ...commented('these proxies say who the client is; nobody else can', [
      ...trustedProxies.map(network => simple('set_real_ip_from', network)),
      simple('real_ip_header', 'X-Forwarded-For'),
      simple('real_ip_recursive', 'on'),
    ]),
    block('geo', ['$realip_remote_addr', '$from_trusted_proxy'], [simple('default', 0), ...trustedProxies.map(network => simple(network, 1))]),
    block('map', ['$from_trusted_proxy:$http_x_forwarded_proto', '$client_scheme'], [simple('default', '$scheme'), simple('1:http', 'http'), simple('1:https', 'https')]),
    block('map', ['$from_trusted_proxy:$http_x_request_id', '$traced_request_id'], [
      simple('default', '$request_id'), simple('~^1:(?<given_request_id>[A-Za-z0-9._-]{1,128})$', '$given_request_id'),
    ]),
  ];
}

/** The value of a header, or nothing where the upstream sets it itself. */
export function headerVariable({ name }: NginxHeader): string {
  return `$added_${variableName(name)}`;
}

/** For each header a variable that is empty where the upstream sets it itself: an empty header is not sent. */
export function responseHeaderMaps(headers: readonly NginxHeader[]): Directive[] {
  return headers.map((header, index) => {
    const own = `$upstream_http_${variableName(header.name)}`;
    const map = header.name === HSTS
      ? block('map', [`$https:${own}`, headerVariable(header)], [simple('on:', header.value)])
      : block('map', [own, headerVariable(header)], [simple('', header.value)]);
    return index === 0 ? { ...map, comment: 'headers that are added where the upstream does not set them itself' } : map;
  });
}

/** A place in which connections of clients are counted. */
export function connectionZone(): Directive[] {
  return [simple('limit_conn_zone', '$binary_remote_addr', 'zone=clients:10m')];
}

/** Means something to clients that came by HTTPS only. @see https://www.rfc-editor.org/rfc/rfc6797#section-7.2 */
const HSTS = 'Strict-Transport-Security';

function variableName(header: string): string {
  return header.toLowerCase().replace(/-/g, '_');
}
