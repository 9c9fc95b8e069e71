/** What objects there are, and how hard they are, in numbers: programs that are compared have to make the same. */
import { podTemplate, type KubernetesObject } from '../../test/e2e/kubernetes/manifests';

/** Numbers of objects by kind, and of what their pods have. */
export type Inventory = Readonly<Record<string, number>>;

/** Either runs a process whose data is its own, and a claim may be written into one of them. */
const ALIKE: Readonly<Record<string, string>> = { Deployment: 'Deployment or StatefulSet', StatefulSet: 'Deployment or StatefulSet' };

/** What a probe does: cdk8s-plus connects to a port where nobody says what else. */
const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

/** Objects by kind. */
export function kinds(objects: readonly KubernetesObject[]): Inventory {
  const claimed = objects.flatMap(({ spec }) => spec?.volumeClaimTemplates ?? []).map(() => 'PersistentVolumeClaim');
  return counted([...objects.map(({ kind }) => ALIKE[kind] ?? kind), ...claimed]);
}

/** Objects by kind, and what their pods have. */
export function inventory(objects: readonly KubernetesObject[]): Inventory {
  const ofPods = objects.flatMap(object => podSpecOf(object).flatMap(spec => [
    ...ofPod(spec), ...(object.spec.volumeClaimTemplates ?? []).map(() => 'claim of a pod'),
  ]));
  return { ...kinds(objects), ...counted(ofPods) };
}

/** Entries that differ, as `emptyDir volume: 3, not 4`. */
export function differences(made: Inventory, wanted: Inventory): string[] {
  return [...new Set([...Object.keys(made), ...Object.keys(wanted)])].filter(name => made[name] !== wanted[name])
    .map(name => `${name}: ${made[name] ?? 0}, not ${wanted[name] ?? 0}`);
}

function podSpecOf(object: KubernetesObject): any[] {
  const template = podTemplate(object);
  return template ? [template.spec] : [];
}

function ofPod(spec: any): string[] {
  const { initContainers = [], containers, volumes = [], affinity } = spec;
  return [
    ...there({
      'pod with an account of its own': ![undefined, 'default'].includes(spec.serviceAccountName),
      'pod without a token': spec.automountServiceAccountToken === false,
      'pod without service links': spec.enableServiceLinks === false,
      'pod with a group for its volumes': spec.securityContext?.fsGroup !== undefined,
      'pod apart from its like': affinity?.podAntiAffinity !== undefined,
    }),
    ...volumes.map((volume: any) => volume.persistentVolumeClaim ? 'claim of a pod' : `${Object.keys(volume).find(key => key !== 'name')} volume`),
    ...initContainers.flatMap((container: any) => ofContainer('init container', container, spec)),
    ...containers.flatMap((container: any) => ofContainer('container', container, spec)),
  ];
}

function ofContainer(what: string, container: any, { securityContext: ofAll }: any): string[] {
  const { allowPrivilegeEscalation, capabilities, readOnlyRootFilesystem, ...own } = container.securityContext ?? {};
  const { runAsNonRoot, runAsUser, seccompProfile } = { ...ofAll, ...own };
  const { requests, limits } = container.resources ?? {};
  const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].filter(probe => container[probe] !== undefined);
  return [...probes.map(probe => `${probe} by ${HANDLERS.find(by => container[probe][by])}`), ...there({
    [what]: true,
    [`hardened ${what}`]: readOnlyRootFilesystem === true && allowPrivilegeEscalation === false && capabilities?.drop?.includes('ALL')
      && runAsNonRoot === true && runAsUser > 0 && seccompProfile?.type === 'RuntimeDefault',
    [`${what} with requests and limits`]: [requests?.cpu, requests?.memory, limits?.cpu, limits?.memory].every(amount => amount !== undefined),
    'drained container': container.lifecycle?.preStop?.sleep !== undefined,
  })];
}

function there(facts: Record<string, boolean>): string[] {
  return Object.keys(facts).filter(fact => facts[fact]);
}

function counted(names: readonly string[]): Inventory {
  const numbers: Record<string, number> = {};
  for (const name of names) numbers[name] = (numbers[name] ?? 0) + 1;
  return numbers;
}
