import type { ExposurePlan } from './kubernetes-exposure';
import { annotated, metadataOf, portName, type KubernetesObject } from './object';
import { compact } from '../../primitives/stable';
import type { ApplicationPlan, RoutePlan, ServicePlan } from '../../services/plan';

/** One path of an Ingress. */
export interface IngressPath {
  /** @default - every host */
  readonly host?: string;
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix';
  readonly service: string;
  readonly port: number;
}

/** @see https://kubernetes.io/docs/concepts/services-networking/ingress/ */
export function ingress(service: ServicePlan, exposure: ExposurePlan, plan: ApplicationPlan, namespace: string): KubernetesObject {
  const paths = ingressPaths(service, exposure, plan);
  const hosts = [...new Set(paths.map(({ host }) => host))];
  const { annotations, className, tlsSecret, host } = exposure;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: annotated(metadataOf(service, plan, namespace), annotations),
    spec: compact({
      ingressClassName: className,
      tls: tlsSecret === undefined ? undefined : [compact({ hosts: host === undefined ? undefined : [host], secretName: tlsSecret })],
      rules: hosts.map(of => compact({
        host: of,
        http: {
          paths: paths.filter(one => one.host === of).map(({ path, pathType, service: name, port }) => ({
            path, pathType, backend: { service: { name, port: { name: portName(port) } } },
          })),
        },
      })),
    }),
  };
}

/** All requests to the service, or those of each route of a proxy to the service that it leads to. */
export function ingressPaths({ id, publish, routes }: ServicePlan, { kind, host }: ExposurePlan, plan: ApplicationPlan): IngressPath[] {
  if (kind !== 'insteadOfProxy') return [{ host, path: '/', pathType: 'Prefix', service: id, port: publish!.target }];
  return routes.map(route => ({ ...routed(route, host), service: route.service, port: routePort(route, plan) }));
}

/** `shop.example.com/api/`, `/api/` or `= /api`. */
function routed({ prefix }: RoutePlan, host: string | undefined): Pick<IngressPath, 'host' | 'path' | 'pathType'> {
  const exact = prefix.startsWith('= ');
  const whole = exact ? prefix.slice(2) : prefix;
  const start = whole.indexOf('/');
  return { host: whole.slice(0, start) || host, path: whole.slice(start), pathType: exact ? 'Exact' : 'Prefix' };
}

function routePort({ service, port }: RoutePlan, plan: ApplicationPlan): number {
  return port ?? plan.services.find(({ id }) => id === service)!.image.facts.ports[0];
}
