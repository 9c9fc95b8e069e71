import type { KubernetesProps } from './kubernetes-props';
import { Severity, type Check } from '../../checks/check';
import { uniqueBy } from '../../primitives/stable';
import { workloads } from '../../services/plan-application';

/** A cluster builds nothing: what we build has to come from somewhere. */
export function registryMissing({ registry }: KubernetesProps): Check {
  return {
    code: 'REGISTRY_MISSING',
    severity: Severity.ERROR,
    link: 'https://kubernetes.io/docs/concepts/containers/images/',
    find: plan => registry !== undefined ? [] : uniqueBy(workloads(plan).map(({ image }) => image).filter(image => image.reference === undefined), image => image.id)
      .map(({ path, id }) => ({
        path,
        problem: `image '${id}' is built here, and nodes pull images from a registry; say which, with registry: 'registry.example.com/${plan.id}', and push it there`,
      })),
  };
}
