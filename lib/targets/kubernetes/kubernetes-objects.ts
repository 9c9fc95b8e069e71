import type { HealthCheckFacts, WritablePath } from '../../build/image-facts';
import { compact, sha256, sortedBy, sortedUnique } from '../../primitives/stable';
import type { ApplicationPlan, ImagePlan, ServicePlan } from '../../services/plan';

/** Of a DNS label. */
const LONGEST = 63;

/** One object, with Kubernetes' own key names. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly [key: string]: unknown;
}

/** All objects of an application, with Kubernetes' own key names: for each service its Deployment, then its Service. */
export function kubernetesObjects(plan: ApplicationPlan, reference: (image: ImagePlan) => string): KubernetesObject[] {
  return [
    ...plan.configs.map(config => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: config.name }, data: { [config.name]: config.text } })),
    ...startedServices(plan).flatMap(service => [
      deployment(service, plan, reference),
      ...(service.image.facts.ports.length === 0 ? [] : [networkService(service, plan)]),
    ]),
  ];
}

/** Those that are not only started on demand, which Kubernetes knows nothing like. */
export function startedServices(plan: ApplicationPlan): ServicePlan[] {
  return plan.services.filter(service => service.profiles.length === 0);
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/ */
function deployment(service: ServicePlan, plan: ApplicationPlan, reference: (image: ImagePlan) => string): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: service.id, labels: labels(service, plan) },
    spec: compact({
      replicas: service.replicas === 1 ? undefined : service.replicas,
      selector: { matchLabels: labels(service, plan) },
      template: {
        metadata: compact({ labels: labels(service, plan), annotations: annotations(service, plan) }),
        spec: podSpec(service, reference(service.image)),
      },
    }),
  };
}

/** Labels are for tools; the other one has pods started again when a text has changed, which no mount of a single file learns of. */
function annotations({ labels: declared, configs }: ServicePlan, plan: ApplicationPlan): Record<string, string> | undefined {
  const texts = plan.configs.filter(({ name }) => configs.some(({ config }) => config === name)).map(({ name, text }) => [name, text]);
  const said = Object.fromEntries(Object.entries(declared).filter(([name]) => isAnnotation(name)));
  return filledRecord({ ...said, ...(texts.length === 0 ? {} : { 'cdk-wheelhouse/configs': sha256(JSON.stringify(texts)).slice(0, 16) }) });
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set */
export function isAnnotation(name: string): boolean {
  return /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(name);
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
function podSpec(service: ServicePlan, image: string): object {
  const { facts } = service.image;
  return compact({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: service.stopGraceSeconds,
    securityContext: compact({
      // where the user is not known, a kubelet that finds root in the image does not start it
      runAsNonRoot: facts.userId !== 0,
      runAsUser: facts.userId,
      runAsGroup: facts.groupId,
      fsGroup: facts.groupId,
      seccompProfile: { type: 'RuntimeDefault' },
    }),
    containers: [container(service, image)],
    volumes: filled([
      ...service.scratchPaths.map(volume),
      ...sortedUnique(service.volumes.map(mount => mount.volume)).map(name => ({ name: podVolume('volume', name), emptyDir: {} })),
      ...sortedUnique(service.configs.map(({ config }) => config)).map(name => ({ name: podVolume('config', name), configMap: { name } })),
      ...service.secrets.map(name => ({ name: podVolume('secret', name), secret: { secretName: name } })),
    ]),
  });
}

function container(service: ServicePlan, image: string): object {
  const { facts } = service.image;
  return compact({
    name: service.id,
    image,
    command: service.entrypoint?.map(literal),
    args: service.command?.map(literal),
    env: filled(environment(service).map(([name, text]) => ({ name, value: literal(text) }))),
    ports: facts.ports.length === 0 ? undefined : facts.ports.map(port => ({ name: portName(port), containerPort: port })),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    ...(service.healthCheck ? probes(service.healthCheck) : {}),
    resources: resources(service),
    volumeMounts: filled([
      ...service.scratchPaths.map(writable => ({ name: volumeName(writable), mountPath: writable.path })),
      ...service.volumes.map(mount => compact({ name: podVolume('volume', mount.volume), mountPath: mount.path, readOnly: mount.readOnly || undefined })),
      ...service.configs.map(({ config, path }) => ({ name: podVolume('config', config), mountPath: path, subPath: config, readOnly: true })),
      ...service.secrets.map(name => ({ name: podVolume('secret', name), mountPath: `/run/secrets/${name}`, subPath: name, readOnly: true })),
    ]),
  });
}

/** Nobody is asked when this is applied: what has no default is left out, and reported. */
function environment({ environment: texts, deployerEnvironment }: ServicePlan): [string, string][] {
  const given = Object.entries(deployerEnvironment)
    .flatMap(([name, { defaultValue }]): [string, string][] => defaultValue === undefined ? [] : [[name, defaultValue]]);
  return sortedBy([...Object.entries(texts), ...given], ([name]) => name);
}

/**
 * Kubernetes reads `$(NAME)` as a variable, and any `$$` as a dollar sign.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.0/third_party/forked/golang/expansion/expand.go
 */
function literal(text: string): string {
  return text.includes('$(') || text.includes('$$') ? text.replace(/\$/g, '$$$$') : text;
}

/** @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
function resources({ resources: amounts = {} }: ServicePlan): object | undefined {
  const { cpuReservation, cpuLimit, memoryReservationMebibytes, memoryLimitMebibytes } = amounts;
  const entry = (cpu?: number, memory?: number) => filledRecord(compact({ cpu: cpu && `${Math.round(cpu * 1000)}m`, memory: memory && `${memory}Mi` }));
  return filledRecord(compact({ requests: entry(cpuReservation, memoryReservationMebibytes), limits: entry(cpuLimit, memoryLimitMebibytes) }));
}

function filled<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function filledRecord<T extends object>(record: T): T | undefined {
  return Object.keys(record).length === 0 ? undefined : record;
}

/**
 * The start has its whole period, looked at every second; afterwards failures count.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
 */
function probes(check: HealthCheckFacts): object {
  const handler = probeHandler(check);
  const usual = { ...handler, periodSeconds: check.intervalSeconds, timeoutSeconds: check.timeoutSeconds, failureThreshold: check.retries };
  const starting = { ...usual, periodSeconds: 1, failureThreshold: Math.max(check.startPeriodSeconds, check.retries) };
  return { startupProbe: starting, readinessProbe: usual, livenessProbe: usual };
}

function probeHandler({ http, tcpPort, command }: HealthCheckFacts): object {
  if (http) {
    const httpHeaders = http.host === undefined ? undefined : [{ name: 'Host', value: http.host }];
    return { httpGet: compact({ path: http.path, port: http.port, httpHeaders }) };
  }
  return tcpPort === undefined ? { exec: { command: command?.map(literal) } } : { tcpSocket: { port: tcpPort } };
}

/** Memory, as the tmpfs of other targets. */
function volume(writable: WritablePath): object {
  const sizeLimit = writable.sizeMebibytes === undefined ? undefined : `${writable.sizeMebibytes}Mi`;
  return { name: volumeName(writable), emptyDir: compact({ medium: 'Memory', sizeLimit }) };
}

/** `/home/nonroot` as `home-nonroot`: names are DNS labels. */
function volumeName({ path }: WritablePath): string {
  const name = path.slice(1).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  // another path of the same letters, or too long
  const own = `/${name.replace(/-/g, '/')}` === path && !/^(volume|config|secret)-/.test(name);
  return own && name.length <= LONGEST ? name : shortened(name || 'root', path);
}

/** What a pod calls a volume, config or secret: no path is called so. */
function podVolume(kind: string, name: string): string {
  const whole = `${kind}-${name}`;
  return whole.length <= LONGEST ? whole : shortened(whole, name);
}

/** A DNS label that is no other's. */
function shortened(name: string, of: string): string {
  return `${name.slice(0, LONGEST - 9).replace(/-$/, '')}-${sha256(of).slice(0, 8)}`;
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
function networkService(service: ServicePlan, plan: ApplicationPlan): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: service.id, labels: labels(service, plan) },
    spec: {
      selector: labels(service, plan),
      ports: service.image.facts.ports.map(port => ({ name: portName(port), port, targetPort: portName(port) })),
    },
  };
}

function portName(port: number): string {
  return `tcp-${port}`;
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
function labels(service: ServicePlan, plan: ApplicationPlan): Record<string, string> {
  return { 'app.kubernetes.io/name': service.id, 'app.kubernetes.io/part-of': plan.id };
}
