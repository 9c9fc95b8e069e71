import { Severity, type Check } from '../../checks/check';
import { publishedPorts } from '../../services/plan-application';

/** Seen of Docker 26.1: it publishes nothing of such a container, and says so nowhere. The provider would then make it anew each time. */
export const PUBLISHED_INSIDE: Check = {
  code: 'PUBLISHED_INSIDE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/cli/docker/network/create/#internal',
  find: plan => {
    const internal = new Set(plan.networks.filter(network => network.internal).map(({ name }) => name));
    return plan.services.filter(service => publishedPorts(service).length > 0 && service.networks.every(name => internal.has(name))).map(service => ({
      path: service.path,
      problem: `port ${publishedPorts(service)[0].published} is published, and all of its networks are internal: ${service.networks.join(', ')};`
        + ' let it join one that is not, of its own or of a service that it routes to',
    }));
  },
};
