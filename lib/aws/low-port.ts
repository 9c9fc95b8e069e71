import { Severity, type Check } from '../checks/check';
import { startedWorkloads } from '../services/plan-application';

/** Containers run without the capability for it, and no page promises that every user may. */
export const LOW_PORT: Check = {
  code: 'LOW_PORT',
  severity: Severity.ERROR,
  link: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html',
  find: plan => startedWorkloads(plan).filter(({ image }) => image.facts.userId !== 0)
    .flatMap(({ path, image }) => image.facts.ports.filter(port => port < 1024).map(port => ({
      path,
      problem: `port ${port} is below 1024, where a user other than root may not listen without a capability; listen on 1024-65535: the load balancer has the port outside`,
    }))),
};
