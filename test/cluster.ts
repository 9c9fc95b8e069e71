/** What KubernetesFile writes, as objects. */
import { parseAllDocuments } from 'yaml';
import { appWith, filesUnder } from './declare';
import {
  Application, KubernetesFile, NginxReverseProxy, RegistryImage, Service, type ImageFacts, type KubernetesFileProps, type NginxReverseProxyProps,
  type Route, type ServiceProps,
} from 'cdk-wheelhouse';

const FACTS: ImageFacts = { userId: 999, groupId: 999, ports: [8000], writablePaths: [], handlesStopSignal: true };
const WORKLOADS = ['Deployment', 'StatefulSet', 'Job', 'CronJob'];

/** An image that somebody else builds. */
export function imageOf(application: Application, facts: Partial<ImageFacts> = {}, id = 'image'): RegistryImage {
  return new RegistryImage(application, id, { reference: `example.com/${id}:1`, facts: { ...FACTS, ...facts } });
}

/** A service of an image of its own. */
export function serviceOf(application: Application, id = 'api', props: Partial<ServiceProps> = {}, facts: Partial<ImageFacts> = {}): Service {
  return new Service(application, id, { image: imageOf(application, facts, `${id.slice(0, 50)}-image`), ...props });
}

/** Declares a proxy `web` before the services `api` and `other`. */
export function proxied(
  routes: (api: Service, other: Service) => Route[], props: (application: Application) => Partial<NginxReverseProxyProps> = () => ({}),
) {
  return (application: Application) => {
    const [api, other] = [serviceOf(application, 'api'), serviceOf(application, 'other', {}, { ports: [8000, 9000] })];
    return new NginxReverseProxy(application, 'web', { routes: routes(api, other), publish: 8080, ...props(application) });
  };
}

/** Everything that is written for what is declared, with settings that may need it. */
export function cluster<T>(declare: (application: Application) => T, settings: KubernetesFileProps | ((made: T) => KubernetesFileProps) = {}) {
  const { app, application, outdir } = appWith();
  const made = declare(application);
  new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com', ...typeof settings === 'function' ? settings(made) : settings });
  const { losses } = app.synth();
  const files = filesUnder(outdir);
  const objects: any[] = parseAllDocuments(files['shop/kubernetes.yaml']).map(document => document.toJS());
  const all = (...kinds: string[]) => objects.filter(({ kind }) => kinds.includes(kind));
  const workload = (id = 'api') => all(...WORKLOADS).find(({ metadata }) => metadata.labels['app.kubernetes.io/name'] === id);
  const template = (id = 'api') => {
    const { spec } = workload(id);
    return (spec.jobTemplate?.spec ?? spec).template;
  };
  return {
    files,
    objects,
    all,
    workload,
    template,
    one: (kind: string, name = 'api') => all(kind).find(({ metadata }) => metadata.name === name),
    names: (kind: string) => all(kind).map(({ metadata }) => metadata.name),
    pod: (id = 'api') => template(id).spec,
    container: (id = 'api') => template(id).spec.containers[0],
    lost: (path = 'shop/api') => losses.filter(loss => loss.target === 'kubernetes' && loss.path === path).map(({ declared, instead }) => `${declared}: ${instead}`),
  };
}

/** The service `api` with these properties, and its image with these facts. */
export function clusterOf(
  props: Partial<ServiceProps> | ((application: Application) => Partial<ServiceProps>) = {}, facts: Partial<ImageFacts> = {},
  settings: KubernetesFileProps | ((made: Service) => KubernetesFileProps) = {},
) {
  return cluster(application => serviceOf(application, 'api', typeof props === 'function' ? props(application) : props, facts), settings);
}
