import type { ExposurePlan } from './kubernetes-exposure';
import type { KubernetesProps } from './kubernetes-props';
import { isAnnotation } from './object';
import { must } from '../../primitives/faults';
import { ImageReference } from '../../primitives/image-reference';
import { sortedBy } from '../../primitives/stable';
import type { ApplicationPlan, ImagePlan, ServicePlan } from '../../services/plan';

/** What printers know besides the plan. */
export interface KubernetesSettings {
  /** Namespace of all objects. */
  readonly namespace: string;
  readonly pullSecrets: readonly string[];
  readonly storageClass?: string;
  /** Of every Deployment, StatefulSet, Job and CronJob, by name. */
  readonly annotations: Record<string, string>;
  /** Of each published service that is reached from outside the cluster, by service. */
  readonly exposures: readonly ExposurePlan[];
  /** What an image is called in the registry. */
  readonly reference: (image: ImagePlan) => string;
}

/** A DNS name: what objects and namespaces may be called. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const HOST = /^(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
const SUBDOMAIN = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Refuses what no cluster takes; what depends on the plan is looked at by checks. */
export function mustBeSettings({ registry, digests = {}, pullSecrets = [], namespace, annotations = {}, storageClass, exposures = [] }: KubernetesProps): void {
  if (registry !== undefined) {
    const { tag, digest } = ImageReference.parse(registry);
    must(tag === undefined && digest === undefined, 'REGISTRY', `registry '${registry}' ends in a tag or digest; give what all images start with, such as registry.example.com/shop`);
  }
  for (const [image, digest] of Object.entries(digests)) {
    must(/^sha256:[0-9a-f]{64}$/.test(digest), 'DIGEST', `digest '${digest}' of image '${image}' is none; it is 'sha256:' and 64 hexadecimal digits`);
  }
  must(namespace === undefined || LABEL.test(namespace), 'NAMESPACE', `namespace '${namespace}' is no DNS label: up to 63 of a-z, 0-9 and '-', starting and ending with a letter or digit`);
  for (const [what, name] of [...pullSecrets.map(secret => ['pull secret', secret]), ...storageClass === undefined ? [] : [['storage class', storageClass]]]) {
    must(SUBDOMAIN.test(name), 'OBJECT_NAME', `${what} '${name}' is no name of an object: up to 253 of a-z, 0-9, '-' and '.', starting and ending with a letter or digit`);
  }
  for (const name of [annotations, ...exposures.map(({ _plan }) => _plan.annotations ?? {})].flatMap(given => Object.keys(given))) {
    must(isAnnotation(name), 'ANNOTATION', `'${name}' is no name of an annotation; it is letters, digits, '-', '_' and '.', after a domain and '/' or without, such as example.com/team`);
  }
  for (const { _plan: { host } } of exposures) {
    must(host === undefined || HOST.test(host), 'INGRESS_HOST', `host '${host}' is none; give a name such as shop.example.com or *.example.com`);
  }
  const services = exposures.map(({ _plan }) => _plan.service);
  const twice = services.find((service, index) => services.indexOf(service) !== index);
  must(twice === undefined, 'EXPOSURE_TWICE', `service '${twice}' is exposed twice; keep one`);
}

/** What is known once everything has been declared. */
export function kubernetesSettings(plan: ApplicationPlan, props: KubernetesProps, contentTag: (imageId: string) => string): KubernetesSettings {
  return {
    namespace: namespaceOf(plan, props),
    pullSecrets: [...props.pullSecrets ?? []],
    storageClass: props.storageClass,
    annotations: Object.fromEntries(sortedBy(Object.entries(props.annotations ?? {}), ([name]) => name)),
    exposures: exposuresOf(plan, props),
    reference: image => {
      const name = image.reference ?? `${props.registry}/${image.id}:${contentTag(image.id)}`;
      const digest = props.digests?.[image.id];
      return digest === undefined ? name : `${name.split('@')[0]}@${digest}`;
    },
  };
}

export function namespaceOf(plan: ApplicationPlan, props: KubernetesProps): string {
  return props.namespace ?? plan.id;
}

/** Those that were asked for, and an Ingress for other services that are published and speak HTTP; those that speak TLS get it handed through. */
export function exposuresOf(plan: ApplicationPlan, { exposures = [] }: KubernetesProps): ExposurePlan[] {
  const asked = new Map(exposures.map(({ _plan }) => [_plan.service, _plan]));
  return startedServices(plan).flatMap((service): ExposurePlan[] => {
    const given = asked.get(service.id);
    if (given) return [given];
    if (!service.publish || !mayBeHttp(service)) return [];
    return [{ kind: service.publish.tls ? 'loadBalancer' : 'ingress', service: service.id }];
  });
}

/** Those that are not only started on demand, which Kubernetes knows nothing like; a proxy in whose place an Ingress is, is left out later. */
export function startedServices(plan: ApplicationPlan): ServicePlan[] {
  return plan.services.filter(service => service.profiles.length === 0);
}

/** Of a service that only a command can tell about, such as a database, nobody knows that. */
function mayBeHttp({ healthCheck, routes }: ServicePlan): boolean {
  return routes.length > 0 || !healthCheck || healthCheck.http !== undefined || healthCheck.tcpPort !== undefined;
}
