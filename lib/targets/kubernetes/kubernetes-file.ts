import type { Construct } from 'constructs';
import { kubernetesChecks, kubernetesOutput } from './kubernetes-output';
import type { KubernetesProps } from './kubernetes-props';
import { mustBeSettings } from './kubernetes-settings';
import type { Check } from '../../checks/check';
import { FileTarget, type IRenderContext, type TargetOutput } from '../../output/file-target';
import { printYaml } from '../../output/yaml';
import type { ApplicationPlan } from '../../services/plan';

const FILE = 'kubernetes.yaml';

/** Settings of a {@link KubernetesFile}. */
export interface KubernetesFileProps extends KubernetesProps {
  /**
   * Whether a `kustomization.yaml` is written beside it, for overlays of yours.
   * @default false
   * @see https://kubernetes.io/docs/tasks/manage-kubernetes-objects/kustomization/
   */
  readonly kustomization?: boolean;
}

/**
 * Writes `kubernetes.yaml`: all objects of the application, to the Pod Security standard `restricted`; a root user, which that forbids,
 * has to be acknowledged.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export class KubernetesFile extends FileTarget {
  private readonly props: KubernetesFileProps;

  constructor(scope: Construct, id: string, props: KubernetesFileProps = {}) {
    super(scope, id);
    mustBeSettings(props);
    this.props = { ...props };
  }

  /** @internal */
  public override _checks(): readonly Check[] {
    return kubernetesChecks(this.props);
  }

  /** Turns the plan into `kubernetes.yaml`. */
  public render(plan: ApplicationPlan, context: IRenderContext): TargetOutput {
    const { objects, losses } = kubernetesOutput(plan, this.props, id => context.contentTag(id));
    const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [FILE] };
    return {
      files: [{ path: FILE, text: printYaml(...objects) }, ...(this.props.kustomization ? [{ path: 'kustomization.yaml', text: printYaml(kustomization) }] : [])],
      losses,
    };
  }
}
