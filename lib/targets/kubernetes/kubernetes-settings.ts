import type { ExposurePlan } from './kubernetes-exposure';
import type { KubernetesProps } from './kubernetes-props';
import { isAnnotation } from './object';
import { must, mustBeKnown } from '../../primitives/faults';
import { isImageReference } from '../../primitives/image-reference';
import { sortedBy } from '../../primitives/stable';
import type { ApplicationPlan, ImagePlan } from '../../services/plan';
import { mayBeHttp, startedServices } from '../../services/plan-application';

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
const HOST = /^(?=.{1,253}$)(?![0-9.]+$)(\*\.)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const SUBDOMAIN = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** Refuses what no cluster takes; what depends on the plan is looked at by checks. */
export function mustBeSettings(props: KubernetesProps): void {
  const { registry, digests = {}, pullSecrets = [], namespace, annotations = {}, storageClass, exposures = [] } = props;
  must(registry === undefined || isImageReference(`${registry}/image`), 'REGISTRY',
    `registry '${registry}' is not what names of images start with; give a host, or one with a path, such as registry.example.com/shop or localhost:5000`);
  for (const [image, digest] of Object.entries(digests)) {
    must(/^sha256:[0-9a-f]{64}$/.test(digest), 'DIGEST', `digest '${digest}' of image '${image}' is none; it is 'sha256:' and 64 hexadecimal digits`);
  }
  must(namespace === undefined || LABEL.test(namespace), 'NAMESPACE', `namespace '${namespace}' is no DNS label: up to 63 of a-z, 0-9 and '-', starting and ending with a letter or digit`);
  const named: [string, string | undefined][] = [
    ...pullSecrets.map((secret): [string, string] => ['pull secret', secret]), ['storage class', storageClass],
    ...exposures.flatMap(({ _plan: { tlsSecret, className } }): [string, string | undefined][] => [['TLS secret', tlsSecret], ['Ingress class', className]]),
  ];
  for (const [what, name] of named) {
    must(name === undefined || SUBDOMAIN.test(name), 'OBJECT_NAME', `${what} '${name}' is no name of an object: up to 253 of a-z, 0-9, '-' and '.', starting and ending with a letter or digit`);
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
  for (const [name, value] of Object.entries({ annotations, exposures: exposures.map(({ _plan }) => _plan) })) mustBeKnown(`'${name}'`, value);
}

/** What is known once everything has been declared. */
export function kubernetesSettings(plan: ApplicationPlan, props: KubernetesProps, contentTag: (imageId: string) => string): KubernetesSettings {
  return {
    namespace: namespaceOf(plan, props),
    pullSecrets: [...new Set(props.pullSecrets)],
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
