import type { Service } from '../../services/service';

/** Settings of an Ingress. */
export interface KubernetesIngressProps {
  /** Host name that it answers for, such as `shop.example.com` or `*.example.com`. @default - every host */
  readonly host?: string;
  /** Name of the IngressClass, such as `nginx`. @default - the cluster's default */
  readonly className?: string;
  /** Name of the Secret of type `kubernetes.io/tls` for `host`. @default - none: the controller decides */
  readonly tlsSecret?: string;
  /** Settings that the controller looks for. @default - none */
  readonly annotations?: Record<string, string>;
}

/** What an exposure is, in plain data. */
export interface ExposurePlan extends KubernetesIngressProps {
  readonly kind: 'ingress' | 'insteadOfProxy' | 'loadBalancer';
  /** Id of the service. */
  readonly service: string;
  /** Path of its construct: services of other applications have the same ids. @default - it is of this one */
  readonly path?: string;
}

/** How a published service is reached from outside the cluster. */
export class KubernetesExposure {
  /** By an Ingress that hands every request to the service. */
  public static ingress(service: Service, props: KubernetesIngressProps = {}): KubernetesExposure {
    return new KubernetesExposure({ kind: 'ingress', service: service.node.id, path: service.node.path, ...props });
  }

  /**
   * By an Ingress with the routes of a proxy, which is left out. What else the proxy does for requests (limits, headers, logs) is then
   * the controller's. Refused for a proxy that answers with files.
   */
  public static ingressInsteadOf(proxy: Service, props: KubernetesIngressProps = {}): KubernetesExposure {
    return new KubernetesExposure({ kind: 'insteadOfProxy', service: proxy.node.id, path: proxy.node.path, ...props });
  }

  /** By a Service of type LoadBalancer at the published port. */
  public static loadBalancer(service: Service): KubernetesExposure {
    return new KubernetesExposure({ kind: 'loadBalancer', service: service.node.id, path: service.node.path });
  }

  private constructor(
    /** @internal */
    public readonly _plan: ExposurePlan,
  ) {}
}
