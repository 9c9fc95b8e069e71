import type { KubernetesProps } from './kubernetes-props';
import { Severity, type Check } from '../../checks/check';
import { sortedUnique } from '../../primitives/stable';
import { workloads } from '../../services/plan-application';

/** A digest that is nobody's is a name that was misspelt, or an image that is gone. */
export function digestUnknown({ digests = {} }: KubernetesProps): Check {
  return {
    code: 'DIGEST_UNKNOWN',
    severity: Severity.ERROR,
    link: 'https://kubernetes.io/docs/concepts/containers/images/#image-names',
    find: plan => {
      const images = sortedUnique(workloads(plan).map(({ image }) => image.id));
      return Object.keys(digests).filter(id => !images.includes(id)).sort().map(id => ({
        path: plan.path, problem: `a digest is given for image '${id}', which no service runs; there are ${images.join(', ')}`,
      }));
    },
  };
}
