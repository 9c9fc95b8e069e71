import { runningServices } from './kubernetes-objects';
import type { KubernetesProps } from './kubernetes-props';
import { exposuresOf } from './kubernetes-settings';
import { Severity, type Check } from '../../checks/check';
import { uniqueBy } from '../../primitives/stable';
import type { ApplicationPlan } from '../../services/plan';
import { startedJobs } from '../../services/plan-application';

/** A cluster builds nothing: what we build has to come from somewhere. */
export function registryMissing(props: KubernetesProps): Check {
  const built = (plan: ApplicationPlan) => [...runningServices(plan, { exposures: exposuresOf(plan, props) }), ...startedJobs(plan)]
    .map(({ image }) => image).filter(image => image.reference === undefined);
  return {
    code: 'REGISTRY_MISSING',
    severity: Severity.ERROR,
    link: 'https://kubernetes.io/docs/concepts/containers/images/',
    find: plan => props.registry !== undefined ? [] : uniqueBy(built(plan), image => image.id)
      .map(({ path, id }) => ({
        path,
        problem: `image '${id}' is built here, and nodes pull images from a registry; say which, with registry: 'registry.example.com/${plan.id}', and push it there`,
      })),
  };
}
