import type { Construct } from 'constructs';
import { DEVELOPMENT_IMAGE } from './development-image';
import { kubernetesLosses } from './kubernetes-losses';
import { kubernetesObjects } from './kubernetes-objects';
import { LOW_PORT } from './low-port';
import { ROOT_USER } from './root-user';
import type { Check } from '../../checks/check';
import { FileTarget, type IRenderContext, type TargetOutput } from '../../output/file-target';
import { printYaml } from '../../output/yaml';
import { ImageReference } from '../../primitives/image-reference';
import type { ApplicationPlan, ImagePlan } from '../../services/plan';

/** Settings of a {@link KubernetesFile}. */
export interface KubernetesFileProps {
  /**
   * Registry and path that the images are pushed to, such as `registry.example.com/shop`: a cluster builds nothing. The name of
   * an image is its id, its tag a hash of the Dockerfile and of the files that the build reads.
   */
  readonly registry: string;
}

/**
 * Writes `kubernetes.yaml`: a Deployment and a Service for each service, to the Pod Security standard `restricted`; a
 * root user, which that forbids, has to be acknowledged.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export class KubernetesFile extends FileTarget {
  private readonly registry: string;

  constructor(scope: Construct, id: string, props: KubernetesFileProps) {
    super(scope, id);
    this.registry = ImageReference.parse(props.registry).repository;
  }

  /** @internal */
  public override _checks(): readonly Check[] {
    return [DEVELOPMENT_IMAGE, LOW_PORT, ROOT_USER];
  }

  /** Turns the plan into `kubernetes.yaml`. */
  public render(plan: ApplicationPlan, context: IRenderContext): TargetOutput {
    const reference = (image: ImagePlan) => image.reference ?? `${this.registry}/${image.id}:${context.contentTag(image.id)}`;
    return {
      files: [{ path: 'kubernetes.yaml', text: printYaml(...kubernetesObjects(plan, reference)) }],
      losses: kubernetesLosses(plan),
    };
  }
}
