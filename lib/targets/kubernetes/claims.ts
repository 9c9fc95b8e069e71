import type { KubernetesSettings } from './kubernetes-settings';
import { applicationLabels, sizeQuantity, type KubernetesObject } from './object';
import { once } from '../../primitives/once';
import { compact, groupedBy } from '../../primitives/stable';
import type { ApplicationPlan, VolumePlan, WorkloadPlan } from '../../services/plan';
import { isService } from '../../services/plan-application';

/** What is asked for where nobody said how much. */
const USUAL_GIBIBYTES = 1;

/**
 * What a volume is kept on. A claim of its own, not of a StatefulSet's template: it can be made larger later.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
 */
export function claim(
  volume: VolumePlan, plan: ApplicationPlan, workloads: readonly WorkloadPlan[], { namespace, storageClass }: KubernetesSettings,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: volume.name, namespace, labels: applicationLabels(plan) },
    spec: compact({
      accessModes: [isShared(volume, workloads) ? 'ReadWriteMany' : 'ReadWriteOnce'],
      storageClassName: storageClass,
      resources: { requests: { storage: sizeQuantity((volume.sizeGibibytes ?? USUAL_GIBIBYTES) * 1024) } },
    }),
  };
}

/** Whether several pods have it, maybe on several nodes. */
export function isShared({ name }: VolumePlan, workloads: readonly WorkloadPlan[]): boolean {
  const usersOf = once(workloads, 'users of volumes', () => groupedBy(workloads, ({ volumes }) => volumes.map(({ volume }) => volume)));
  const users = usersOf.get(name) ?? [];
  return users.length > 1 || users.some(user => isService(user) && (user.replicas > 1 || user.scaling !== undefined));
}
