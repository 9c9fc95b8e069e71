import { workloadsOf, type ApplicationEntry, type Workload } from './manifest';
import { sortedUnique } from '../primitives/stable';

/** An application as it is drawn. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly networks: readonly GraphNetwork[];
}

/** A service. */
export interface GraphNode {
  readonly id: string;
  /** What it is when it is not kept running, such as `job`. */
  readonly kind?: string;
  readonly image?: string;
  readonly networks: readonly string[];
  /** Ports under which it is reached from outside, and on which it listens. */
  readonly published: readonly string[];
  /** From the left: 1 for what comes first behind the outside. */
  readonly column: number;
}

/** What one service has to do with another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Whether requests go this way for certain; else the one starts after the other. */
  readonly talks: boolean;
  /** What goes there: start of the path, port. */
  readonly label: string;
  /** Networks that both have joined. */
  readonly networks: readonly string[];
}

/** A network. */
export interface GraphNetwork {
  readonly name: string;
  readonly internal: boolean;
}

/** What a picture of an application shows, in a stable order. */
export function graphOf(name: string, application: ApplicationEntry): Graph {
  const workloads = workloadsOf(application);
  const { networks = {} } = application;
  const edges = workloads.flatMap(one => edgesOf(one, workloads));
  const column = columnsOf(workloads, edges);
  const names = sortedUnique([...Object.keys(networks), ...workloads.flatMap(one => one.networks ?? [])]);
  return {
    name,
    nodes: workloads.map(({ id, kind, image, networks: joined = [], publish }) => ({
      id,
      kind,
      image,
      networks: joined,
      column: column(id),
      published: publish === undefined ? [] : [publish.published === publish.target ? `:${publish.published}` : `:${publish.published} to :${publish.target}`],
    })),
    edges,
    networks: names.map(network => ({ name: network, internal: networks[network]?.internal ?? false })),
  };
}

/** Requests that are routed, services that are reached, and what only has to be there first: each pair once. */
function edgesOf({ id, networks = [], routes = [], reaches = [], dependsOn = [] }: Workload, workloads: readonly Workload[]): GraphEdge[] {
  const others = new Map(workloads.map(one => [one.id, one]));
  const routed = routes.map(route => route.service);
  return sortedUnique([...routed, ...reaches, ...dependsOn]).filter(other => others.has(other)).map((other): GraphEdge => {
    const talks = routed.includes(other) || reaches.includes(other);
    const parts = routes.filter(route => route.service === other).map(({ prefix = '', port }) => prefix + (port === undefined ? '' : ` :${port}`));
    return { from: id, to: other, talks, label: talks ? parts.join(', ') : 'starts after', networks: networks.filter(network => others.get(other)!.networks?.includes(network)) };
  });
}

/** Published services come first; each other one comes behind all that lead to it; what nothing leads to, just before what it leads to. */
function columnsOf(workloads: readonly Workload[], edges: readonly GraphEdge[]): (id: string) => number {
  const known = new Map<string, number>();
  const before = (id: string) => edges.filter(edge => edge.to === id).map(edge => edge.from);
  const depth = (id: string, way: readonly string[]): number => {
    if (!known.has(id) && !way.includes(id)) known.set(id, Math.max(1, ...before(id).map(other => depth(other, [...way, id]) + 1)));
    return known.get(id) ?? 1;
  };
  workloads.forEach(({ id }) => depth(id, []));
  for (const { id, publish } of workloads) {
    const next = edges.filter(edge => edge.from === id).map(edge => known.get(edge.to)!);
    if (publish === undefined && before(id).length === 0 && next.length > 0) known.set(id, Math.max(1, Math.min(...next) - 1));
  }
  return id => known.get(id)!;
}
