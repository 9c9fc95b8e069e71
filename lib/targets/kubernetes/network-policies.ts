import { ingressPaths } from './exposure-objects';
import type { KubernetesSettings } from './kubernetes-settings';
import { applicationLabels, selectorOf, type KubernetesObject } from './object';
import { asksApi } from './start-order';
import { sortedUnique } from '../../primitives/stable';
import type { ApplicationPlan, ServicePlan, WorkloadPlan } from '../../services/plan';
import { publishedPorts } from '../../services/plan-application';

/** What a pod's membership in a network is written as: this prefix, the name, and {@link MEMBER}. */
const PREFIX = 'network.cdk-wheelhouse/';
const MEMBER = 'member';
/** Every address outside; inside, those who are reached decide. */
const ANYWHERE = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }];
const DNS_PORTS = [{ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }];
/**
 * Where the cache of names is that some clusters have on each node.
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
 */
const NODE_LOCAL_DNS = '169.254.20.10/32';
/**
 * Ports of API servers: as a Service, of most clusters, of minikube, of MicroK8s. No label tells who they are, and to some plugins a node is no
 * address: whoever is there may be asked.
 *
 * @see https://github.com/cert-manager/cert-manager/issues/8285
 */
const API_PORTS = [443, 6443, 8443, 16443].map(port => ({ protocol: 'TCP', port }));

/** Labels of a workload's pods: the networks that it joins. */
export function networkLabels({ networks }: WorkloadPlan): Record<string, string> {
  return Object.fromEntries(networks.map(name => [`${PREFIX}${name}`, MEMBER]));
}

/**
 * Nobody reaches anybody, but for names; members of a network reach each other, and the outside, where it is not internal; from outside the
 * published ports are reached.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function networkPolicies(
  plan: ApplicationPlan, services: readonly ServicePlan[], workloads: readonly WorkloadPlan[], { namespace, exposures }: KubernetesSettings,
): KubernetesObject[] {
  const policy = (name: string, spec: object): KubernetesObject => ({
    apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace, labels: applicationLabels(plan) }, spec,
  });
  const dns = [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } },
    { ipBlock: { cidr: NODE_LOCAL_DNS } },
  ];
  const internal = new Set(plan.networks.filter(network => network.internal).map(({ name }) => name));
  const asking = workloads.filter(workload => asksApi(workload, plan));
  return [
    policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    policy('dns', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: dns, ports: DNS_PORTS }] }),
    ...sortedUnique(workloads.flatMap(({ networks }) => networks)).map(name => {
      const members = { podSelector: { matchLabels: { [`${PREFIX}${name}`]: MEMBER } } };
      return policy(`network-${name}`, {
        ...members,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [members] }],
        egress: [{ to: [members] }, ...(internal.has(name) ? [] : [{ to: ANYWHERE }])],
      });
    }),
    ...services.flatMap(service => {
      const ports = outsidePorts(service, plan, exposures);
      return ports.length === 0 ? [] : [policy(`published-${service.id}`, {
        podSelector: { matchLabels: selectorOf(service, plan) },
        policyTypes: ['Ingress'],
        ingress: [{ ports: ports.map(port => ({ protocol: 'TCP', port })) }],
      })];
    }),
    ...(asking.length === 0 ? [] : [policy('start-order', {
      podSelector: { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: sortedUnique(asking.map(({ id }) => id)) }] },
      policyTypes: ['Egress'],
      egress: [{ ports: API_PORTS }],
    })]),
  ];
}

/** Ports of its pods that are reached from outside: published ones, and those to which an Ingress leads in the place of a proxy. */
function outsidePorts(service: ServicePlan, plan: ApplicationPlan, exposures: KubernetesSettings['exposures']): number[] {
  const published = publishedPorts(service).map(({ target }) => target);
  const routed = exposures.filter(({ kind }) => kind === 'insteadOfProxy').flatMap(exposure => {
    const proxy = plan.services.find(({ id }) => id === exposure.service)!;
    return ingressPaths(proxy, exposure, plan).filter(path => path.service === service.id).map(({ port }) => port);
  });
  return [...new Set([...published, ...routed])].sort((a, b) => a - b);
}
