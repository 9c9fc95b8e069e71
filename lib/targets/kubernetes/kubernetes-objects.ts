import type { HealthCheckFacts, WritablePath } from '../../build/image-facts';
import { compact } from '../../primitives/stable';
import type { ApplicationPlan, ImagePlan, ServicePlan } from '../../services/plan';

/** All objects of an application, with Kubernetes' own key names: for each service its Deployment, then its Service. */
export function kubernetesObjects(plan: ApplicationPlan, reference: (image: ImagePlan) => string): object[] {
  return plan.services.flatMap(service => [
    deployment(service, plan, reference),
    ...(service.image.facts.ports.length === 0 ? [] : [networkService(service, plan)]),
  ]);
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/ */
function deployment(service: ServicePlan, plan: ApplicationPlan, reference: (image: ImagePlan) => string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: service.id, labels: labels(service, plan) },
    spec: {
      selector: { matchLabels: labels(service, plan) },
      template: { metadata: { labels: labels(service, plan) }, spec: podSpec(service, reference(service.image)) },
    },
  };
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
function podSpec(service: ServicePlan, image: string): object {
  const { facts } = service.image;
  return compact({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: facts.stopGraceSeconds,
    securityContext: compact({
      runAsNonRoot: true,
      runAsUser: facts.userId,
      runAsGroup: facts.groupId,
      fsGroup: facts.groupId,
      seccompProfile: { type: 'RuntimeDefault' },
    }),
    containers: [container(service, image)],
    volumes: facts.writablePaths.length === 0 ? undefined : facts.writablePaths.map(volume),
  });
}

function container(service: ServicePlan, image: string): object {
  const { facts } = service.image;
  return compact({
    name: service.id,
    image,
    env: Object.keys(service.environment).length === 0 ? undefined : Object.entries(service.environment).map(variable),
    ports: facts.ports.length === 0 ? undefined : facts.ports.map(port => ({ name: portName(port), containerPort: port })),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    ...(service.healthCheck ? probes(service.healthCheck) : {}),
    volumeMounts: facts.writablePaths.length === 0 ? undefined
      : facts.writablePaths.map(writable => ({ name: volumeName(writable), mountPath: writable.path })),
  });
}

/** Kubernetes reads `$(NAME)` as a variable: `$$` is a dollar sign. */
function variable([name, text]: [string, string]): object {
  return { name, value: text.replace(/\$\(/g, '$$$$(') };
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
  return tcpPort === undefined ? { exec: { command } } : { tcpSocket: { port: tcpPort } };
}

/** Memory, as the tmpfs of other targets. */
function volume(writable: WritablePath): object {
  const sizeLimit = writable.sizeMebibytes === undefined ? undefined : `${writable.sizeMebibytes}Mi`;
  return { name: volumeName(writable), emptyDir: compact({ medium: 'Memory', sizeLimit }) };
}

/** `/home/nonroot` as `home-nonroot`: names are DNS labels. */
function volumeName(writable: WritablePath): string {
  return writable.path.slice(1).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'root';
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ */
function networkService(service: ServicePlan, plan: ApplicationPlan): object {
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
