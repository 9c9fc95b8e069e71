import { Severity, type Check } from '../../checks/check';
import { startedServices } from '../../services/plan-application';

/**
 * Docker lets every user listen on ports below 1024 since 20.10, and so does containerd 2.0; CRI-O and containerd 1 do not, and
 * pods run without the capability for it.
 *
 * @see https://github.com/moby/moby/pull/41030
 * @see https://github.com/containerd/containerd/pull/9348
 */
export const LOW_PORT: Check = {
  code: 'LOW_PORT',
  severity: Severity.ERROR,
  link: 'https://github.com/cri-o/cri-o/issues/10050',
  find: plan => startedServices(plan).filter(({ image }) => image.facts.userId !== 0)
    .flatMap(({ path, image }) => image.facts.ports.filter(port => port < 1024).map(port => ({
      path,
      problem: `port ${port} is below 1024, where a user other than root may not listen in every cluster: CRI-O and containerd 1 refuse it;`
        + ' listen on 1024-65535, or acknowledge that your nodes allow it',
    }))),
};
