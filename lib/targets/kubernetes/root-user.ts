import { Severity, type Check } from '../../checks/check';
import { startedWorkloads } from '../../services/plan-application';

/**
 * Pods are told to run as anybody but root; a kubelet starts no container that is root then, and a namespace with the Pod Security
 * standard `restricted` takes none that is not told so.
 *
 * @see https://github.com/openshift/oc/issues/879 for what a kubelet says then
 */
export const ROOT_USER: Check = {
  code: 'ROOT_USER',
  severity: Severity.ERROR,
  link: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  find: plan => startedWorkloads(plan).filter(workload => workload.image.facts.userId === 0).map(({ path, image }) => ({
    path,
    problem: `image '${image.id}' runs as root, user 0, which a cluster with the Pod Security standard 'restricted' does not start;`
      + ' set another user in the image: user(65532, 65532), or acknowledge that it has to be root',
  })),
};
