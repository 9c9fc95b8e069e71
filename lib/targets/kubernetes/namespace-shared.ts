import type { KubernetesProps } from './kubernetes-props';
import { namespaceOf } from './kubernetes-settings';
import { Severity, type Check } from '../../checks/check';

/** A level of security and a policy that nobody reaches anybody hold for all that is in a namespace, and for those who were there before. */
export function namespaceShared(props: KubernetesProps): Check {
  return {
    code: 'NAMESPACE_SHARED',
    severity: Severity.ERROR,
    link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces',
    find: plan => {
      const namespace = namespaceOf(plan, props);
      return !/^(default|kube-.*)$/.test(namespace) ? [] : [{
        path: plan.path,
        problem: `its namespace '${namespace}' is the cluster's own, and what is in it would be kept to the policies of this application; give it one: namespace: 'shop'`,
      }];
    },
  };
}
