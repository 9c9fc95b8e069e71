import { DEVELOPMENT_IMAGE } from './development-image';
import { kubernetesLosses } from './kubernetes-losses';
import { kubernetesObjects, type KubernetesObject } from './kubernetes-objects';
import type { KubernetesProps } from './kubernetes-props';
import { LOW_PORT } from './low-port';
import { ROOT_USER } from './root-user';
import type { Check } from '../../checks/check';
import type { Loss } from '../../output/loss';
import { ImageReference } from '../../primitives/image-reference';
import type { ApplicationPlan, ImagePlan } from '../../services/plan';

/** What is the same in a file and in a Chart. */
export interface KubernetesOutput {
  /** All objects, in the order in which they are written. */
  readonly objects: KubernetesObject[];
  /** What was declared and is not in them. */
  readonly losses: Loss[];
}

/** Rules that hold for Kubernetes only. */
export function kubernetesChecks(_props: KubernetesProps): readonly Check[] {
  return [DEVELOPMENT_IMAGE, LOW_PORT, ROOT_USER];
}

/** The objects of an application, plain data for whoever writes them down. */
export function kubernetesOutput(plan: ApplicationPlan, props: KubernetesProps, contentTag: (imageId: string) => string): KubernetesOutput {
  const repository = ImageReference.parse(props.registry!).repository;
  const reference = (image: ImagePlan) => image.reference ?? `${repository}/${image.id}:${contentTag(image.id)}`;
  return { objects: kubernetesObjects(plan, reference), losses: kubernetesLosses(plan) };
}
