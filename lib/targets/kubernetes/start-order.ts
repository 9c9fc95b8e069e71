import { WAIT_FOR, WAIT_FOR_PROGRAM } from './wait-for';
import type { Loss } from '../../output/loss';
import { once } from '../../primitives/once';
import { compact, groupedBy, sortedUnique } from '../../primitives/stable';
import type { ApplicationPlan, ImagePlan, JobPlan, ServicePlan, WorkloadPlan } from '../../services/plan';
import { isService, workloads } from '../../services/plan-application';

/** What the container that waits is called; `first` where the process itself is called so. */
const CONTAINER = 'start-order';
/** Volumes of the pod. */
const PROGRAM_VOLUME = 'start-order';
const ACCOUNT_VOLUME = 'start-order-account';
const PROGRAM_DIRECTORY = '/run/start-order';
/** Where every client of the API looks. @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/ */
const ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';
/**
 * The program reads its token each time, and a kubelet renews it; an hour is what clusters give by default.
 *
 * @see https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken
 */
const TOKEN_SECONDS = 3600;

/** What the container that waits has in common with the one that it comes before. */
export interface StartOrderSettings {
  /** Name of a Job object. */
  readonly jobName: (id: string) => string;
  /** What an image is called in the registry. */
  readonly reference: (image: ImagePlan) => string;
  /** Of the container. */
  readonly securityContext: object;
  /** Of the container; a pod is given the most that one of its containers asks for. @default - none */
  readonly resources?: object;
}

/** What a pod has so that its process starts after others. */
export interface StartOrder {
  /** Container that ends when all are there. @default - nothing is waited for */
  readonly initContainer?: object;
  /** Volumes of the pod that only that container mounts. */
  readonly volumes: object[];
  /** What is not waited for. */
  readonly losses: Pick<Loss, 'declared' | 'instead'>[];
}

/** What a workload waits for, and what it does that with. */
interface Awaited {
  readonly services: ServicePlan[];
  readonly jobs: JobPlan[];
  readonly image?: ImagePlan;
  readonly losses: StartOrder['losses'];
}

/** How a pod waits: an init container asks again and again, and the process starts when it has ended. */
export function startOrder(workload: WorkloadPlan, plan: ApplicationPlan, settings: StartOrderSettings): StartOrder {
  const { services, jobs, image, losses } = awaited(workload, plan);
  if (!image) return { volumes: [], losses };
  const mounts = [
    { name: PROGRAM_VOLUME, mountPath: PROGRAM_DIRECTORY, readOnly: true },
    ...(jobs.length === 0 ? [] : [{ name: ACCOUNT_VOLUME, mountPath: ACCOUNT_DIRECTORY, readOnly: true }]),
  ];
  return {
    initContainer: compact({
      name: workload.id === CONTAINER ? `${CONTAINER}-first` : CONTAINER,
      image: settings.reference(image),
      command: [image.facts.interpreter, '-IS', `${PROGRAM_DIRECTORY}/${WAIT_FOR}`],
      // a job may need the services: what it says of them first is the cause
      args: [
        ...services.flatMap(({ id, image: { facts } }) => facts.ports.map(port => `service:${id}:${port}`)),
        ...jobs.map(({ id }) => `job:${settings.jobName(id)}`),
      ],
      securityContext: settings.securityContext,
      resources: settings.resources,
      volumeMounts: mounts,
    }),
    volumes: [
      { name: PROGRAM_VOLUME, configMap: { name: configMapName(plan) } },
      ...(jobs.length === 0 ? [] : [{ name: ACCOUNT_VOLUME, projected: { sources: ACCOUNT_SOURCES } }]),
    ],
    losses,
  };
}

/** What a kubelet would mount into every container if it were not told otherwise. @see https://kubernetes.io/docs/concepts/storage/projected-volumes/ */
const ACCOUNT_SOURCES = [
  { serviceAccountToken: { path: 'token', expirationSeconds: TOKEN_SECONDS } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
];

/** Whether a workload's pods ask the API of the cluster before they start. */
export function asksApi(workload: WorkloadPlan, plan: ApplicationPlan): boolean {
  const { image, jobs } = awaited(workload, plan);
  return image !== undefined && jobs.length > 0;
}

/** The program for those that wait; none when nobody does. The name has a dot, which no Config has. */
export function startOrderConfigMap(plan: ApplicationPlan, started: readonly WorkloadPlan[]): { name: string; data: Record<string, string> }[] {
  const used = started.some(workload => awaited(workload, plan).image !== undefined);
  return used ? [{ name: configMapName(plan), data: { [WAIT_FOR]: WAIT_FOR_PROGRAM } }] : [];
}

function configMapName({ id }: ApplicationPlan): string {
  return `${id}.start-order`;
}

/**
 * The right to look at this Job and no other, for those who wait for it: a Role and its RoleBinding, both to be called `name`, without
 * metadata. They have to come and go with the Job, under its name: pods of an earlier release, which wait for that release's Job,
 * then still may when they are started again or are rolled back to.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
export function startOrderRoles(job: WorkloadPlan, plan: ApplicationPlan, jobName: (id: string) => string, name = job.id): object[] {
  if (isService(job)) return [];
  const dependents = once(plan, 'dependents', () => groupedBy(workloads(plan), ({ dependsOn }) => dependsOn));
  const waiting = (dependents.get(job.id) ?? [])
    .filter(workload => asksApi(workload, plan) && awaited(workload, plan).jobs.some(({ id }) => id === job.id));
  if (waiting.length === 0) return [];
  return [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      rules: [{ apiGroups: ['batch'], resources: ['jobs'], resourceNames: [jobName(job.id)], verbs: ['get'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: sortedUnique(waiting.map(({ id }) => id)).map(id => ({ kind: 'ServiceAccount', name: id })),
    },
  ];
}

function awaited(workload: WorkloadPlan, plan: ApplicationPlan): Awaited {
  return once(plan, `awaited by ${workload.id}`, () => {
    const judged = workload.dependsOn.map(id => ({ id, ...judge(workload, id, plan) }));
    const others = judged.flatMap(({ other }) => other ?? []);
    const image = [workload, ...others].map(one => one.image).find(({ facts }) => {
      return facts.interpreter !== undefined && facts.architecture === workload.image.facts.architecture;
    });
    return {
      services: others.filter(isService),
      jobs: others.filter((other): other is JobPlan => !isService(other)),
      image: others.length === 0 ? undefined : image,
      losses: judged.flatMap(({ id, why = image ? undefined : NO_INTERPRETER }) => why === undefined ? [] : [{ declared: `start after '${id}'`, instead: `it starts at once: ${why}` }]),
    };
  });
}

const NO_INTERPRETER = 'no image of theirs has a Python interpreter to wait with, for nodes of its architecture; a container that cannot start without the other is restarted until it can';

/**
 * What a pod waits for, or why it does not.
 *
 * It waits whenever it starts, not only the first time: a proxy that did would answer nobody for as long as one of its services is away. It is
 * not in need of it, as the name of a Service is found as soon as that is there, whether anybody answers or not.
 */
function judge(workload: WorkloadPlan, id: string, plan: ApplicationPlan): { other?: WorkloadPlan; why?: string } {
  const other = once(plan, 'workloads', () => new Map(workloads(plan).map(one => [one.id, one]))).get(id);
  if (!other || other.profiles.length > 0 || (other as JobPlan).schedule !== undefined) return { why: `'${id}' is not started with it` };
  if (!isService(other)) return { other };
  if (isService(workload) && workload.routes.some(route => route.service === id)) {
    return { why: `its other routes would wait with it whenever it starts; requests for '${id}' are answered with 502 until that is ready` };
  }
  if (other.image.facts.ports.length === 0) return { why: `'${id}' listens on no port by which to tell that it is there` };
  if (!workload.networks.some(network => other.networks.includes(network))) return { why: `it has no network in common with '${id}' on which to ask; give it one` };
  return { other };
}
