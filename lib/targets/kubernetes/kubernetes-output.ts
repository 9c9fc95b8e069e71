import { DEVELOPMENT_IMAGE } from './development-image';
import { digestUnknown } from './digest-unknown';
import { exposureRefused } from './exposure-refused';
import { ingressTwice } from './ingress-twice';
import { kubernetesLosses } from './kubernetes-losses';
import { kubernetesObjects } from './kubernetes-objects';
import type { KubernetesProps } from './kubernetes-props';
import { kubernetesSettings } from './kubernetes-settings';
import { LOW_PORT } from './low-port';
import { namespaceShared } from './namespace-shared';
import type { KubernetesObject } from './object';
import { registryMissing } from './registry-missing';
import { ROOT_USER } from './root-user';
import { SCALING_UNRESERVED } from './scaling-unreserved';
import type { Check } from '../../checks/check';
import { TOKEN_IN_FILE } from '../../checks/token-in-file';
import type { Loss } from '../../output/loss';
import type { ApplicationPlan } from '../../services/plan';

/** What is the same in a file and in a Chart. */
export interface KubernetesOutput {
  /** All objects, in the order in which they are written. */
  readonly objects: KubernetesObject[];
  /** What was declared and is not in them. */
  readonly losses: Loss[];
}

/** Rules that hold for Kubernetes only. */
export function kubernetesChecks(props: KubernetesProps): readonly Check[] {
  return [
    DEVELOPMENT_IMAGE, LOW_PORT, ROOT_USER, SCALING_UNRESERVED, TOKEN_IN_FILE,
    digestUnknown(props), exposureRefused(props), ingressTwice(props), namespaceShared(props), registryMissing(props),
  ];
}

/** The objects of an application, plain data for whoever writes them down. */
export function kubernetesOutput(plan: ApplicationPlan, props: KubernetesProps, contentTag: (imageId: string) => string): KubernetesOutput {
  const settings = kubernetesSettings(plan, props, contentTag);
  return { objects: kubernetesObjects(plan, settings), losses: kubernetesLosses(plan, settings) };
}
