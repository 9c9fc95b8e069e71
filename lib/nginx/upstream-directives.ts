import type { NginxConfiguration, NginxResolver, NginxUpstream, NginxUpstreamServer } from './configuration';
import { block, simple, type Directive } from './directive';

/** The group of an upstream. @see https://nginx.org/en/docs/http/ngx_http_upstream_module.html */
export function upstreamDirectives(upstream: NginxUpstream, resolver: NginxResolver | undefined): Directive[] {
  const { name, servers, balance, keepalive } = upstream;
  if (resolver?.by === 'variable') return [];
  const resolved = resolver && !(resolver.orAtStart && !mayHaveBackups(upstream)) ? resolver : undefined;
  const alone = resolved?.orAtStart && servers.length === 1 ? ALWAYS_TRIED : [];
  return [block('upstream', [name], [
    ...resolved ? [simple('zone', name, '64k')] : [],
    ...balance === 'leastConnections' ? [simple('least_conn')] : [],
    ...balance === 'clientAddress' ? [simple('ip_hash')] : [],
    ...servers.map(server => serverDirective(server, resolved, alone)),
    ...resolved?.orAtStart ? servers.map((server, index) => atStart(server, index, alone)) : [],
    ...keepalive ? [simple('keepalive', keepalive.connections), simple('keepalive_timeout', `${keepalive.idleSeconds}s`)] : [],
  ])];
}

/** How a location names its upstream. */
export function upstreamAddress(name: string, { upstreams, resolver }: NginxConfiguration): Directive[] {
  const [server] = upstreams.find(upstream => upstream.name === name)!.servers;
  if (resolver?.by !== 'variable') return [simple('proxy_pass', `http://${name}`)];
  return [simple('set', '$upstream_address', `${hostIn(server, resolver)}:${server.port}`), simple('proxy_pass', 'http://$upstream_address')];
}

/** nginx has no spare servers with `ip_hash`, and spare ones that somebody asked for would no longer be the last resort. */
function mayHaveBackups({ balance, servers }: NginxUpstream): boolean {
  return balance !== 'clientAddress' && !servers.some(server => server.backup);
}

/** nginx leaves a server that has failed alone for ten seconds, unless it is the only one: as which two addresses of one service have to count. */
const ALWAYS_TRIED = ['max_fails=0'];

function serverDirective(server: NginxUpstreamServer, resolver: NginxResolver | undefined, alone: readonly string[]): Directive {
  const address = `${resolver ? hostIn(server, resolver) : server.host}:${server.port}`;
  return simple('server', address, ...resolver ? ['resolve'] : [], ...server.backup ? ['backup'] : [], ...alone);
}

function atStart(server: NginxUpstreamServer, index: number, alone: readonly string[]): Directive {
  const spare = simple('server', `${server.host}:${server.port}`, 'backup', ...alone);
  return index === 0 ? { ...spare, comment: 'where the resolver does not answer: the address at start' } : spare;
}

function hostIn(server: NginxUpstreamServer, { domain }: NginxResolver): string {
  return domain === undefined ? server.host : `${server.host}.${domain}`;
}
