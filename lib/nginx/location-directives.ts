import type { NginxConfiguration, NginxFiles, NginxHeader, NginxProxy } from './configuration';
import { block, commented, simple, type Directive } from './directive';
import { headerVariable, protocolVariable, requestIdVariable } from './http-directives';
import { upstreamAddress } from './upstream-directives';

/** A hash in a file name, as Django, webpack and many others write it: `app.3f2a1b9c.css`, `main-0123456789abcdef.js`. */
const HASHED_NAME = '~[.-][0-9a-f]{8,64}\\.[A-Za-z0-9.]+$';

/** How a location answers. */
export function answerDirectives(answer: NginxProxy | NginxFiles, configuration: NginxConfiguration, headers: readonly NginxHeader[]): Directive[] {
  return answer.kind === 'proxy' ? proxied(answer, configuration) : files(answer, configuration, headers);
}

/** Headers that are added to every answer, of errors too. A location that adds one of its own has to repeat them: it inherits none then. */
export function headerDirectives(headers: readonly NginxHeader[]): Directive[] {
  return headers.map(header => simple('add_header', header.name, headerVariable(header), 'always'));
}

/** What every upstream is told of the client, and what files say of how long they stay. */
export function forwardedHeaders(configuration: NginxConfiguration): Directive[] {
  const answers = configuration.servers.flatMap(server => server.locations.map(location => location.answer));
  return [
    ...answers.some(answer => answer.kind === 'proxy' && answer.websocket) ? [websocketMap()] : [],
    ...hashedMaps(configuration),
    ...commented('X-Forwarded headers say what this proxy saw, not what the client claims.', [
      simple('proxy_http_version', '1.1'),
      ...requestHeaders(configuration, { connection: '' }),
    ]),
  ];
}

/** Only websockets: another protocol in Upgrade would get past this proxy's rules. */
function websocketMap(): Directive {
  return block('map', ['$http_upgrade', '$websocket'], [simple('~*^websocket$', 'upgrade')]);
}

function requestHeaders(configuration: NginxConfiguration, { connection }: { readonly connection: string }): Directive[] {
  return [
    simple('proxy_set_header', 'Connection', connection),
    simple('proxy_set_header', 'Host', '$http_host'),
    simple('proxy_set_header', 'X-Real-IP', '$remote_addr'),
    simple('proxy_set_header', 'X-Forwarded-For', '$remote_addr'),
    simple('proxy_set_header', 'X-Forwarded-Host', '$http_host'),
    simple('proxy_set_header', 'X-Forwarded-Proto', protocolVariable(configuration)),
    simple('proxy_set_header', 'X-Request-ID', requestIdVariable(configuration)),
  ];
}

function proxied(proxy: NginxProxy, configuration: NginxConfiguration): Directive[] {
  return [
    ...upstreamAddress(proxy.upstream, configuration),
    simple('proxy_connect_timeout', `${proxy.connectTimeoutSeconds}s`),
    simple('proxy_send_timeout', `${proxy.sendTimeoutSeconds}s`),
    simple('proxy_read_timeout', `${proxy.readTimeoutSeconds}s`),
    ...proxy.bufferAnswer ? [] : [simple('proxy_buffering', 'off'), ...configuration.compression === 'all' ? [simple('gzip', 'off')] : []],
    ...proxy.bufferRequest ? [] : [simple('proxy_request_buffering', 'off')],
    ...proxy.websocket ? websocketHeaders(configuration) : [],
  ];
}

/** A location with a header of its own inherits none. @see https://nginx.org/en/docs/http/websocket.html */
function websocketHeaders(configuration: NginxConfiguration): Directive[] {
  return [...requestHeaders(configuration, { connection: '$websocket' }), simple('proxy_set_header', 'Upgrade', '$http_upgrade')];
}

function files(answer: NginxFiles, configuration: NginxConfiguration, headers: readonly NginxHeader[]): Directive[] {
  const hashed = answer.hashedCacheControl === undefined ? -1 : cachings(configuration).findIndex(other => sameCaching(other, answer));
  return [
    simple('root', answer.root),
    ...answer.fallback === undefined ? [] : [simple('try_files', '$uri', '$uri/index.html', answer.fallback)],
    simple('add_header', 'Cache-Control', hashed < 0 ? answer.cacheControl : cacheVariable(hashed)),
    ...headerDirectives(headers),
    ...configuration.compression === 'files' ? [simple('gzip', 'on')] : [],
  ];
}

function hashedMaps(configuration: NginxConfiguration): Directive[] {
  return cachings(configuration).map(({ cacheControl, hashedCacheControl }, index) => {
    return block('map', ['$uri', cacheVariable(index)], [simple('default', cacheControl), simple(HASHED_NAME, hashedCacheControl!)]);
  });
}

/** Different ways to keep files whose names are hashes. */
function cachings({ servers }: NginxConfiguration): NginxFiles[] {
  const answers = servers.flatMap(server => server.locations.map(location => location.answer));
  const hashed = answers.filter((answer): answer is NginxFiles => answer.kind === 'files' && answer.hashedCacheControl !== undefined);
  return hashed.filter((answer, index) => hashed.findIndex(other => sameCaching(other, answer)) === index);
}

function sameCaching(one: NginxFiles, other: NginxFiles): boolean {
  return one.cacheControl === other.cacheControl && one.hashedCacheControl === other.hashedCacheControl;
}

function cacheVariable(index: number): string {
  return `$cache_control${index === 0 ? '' : `_${index + 1}`}`;
}
