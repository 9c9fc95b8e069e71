import { Severity, type Check } from './check';

/** A health check of a port that nobody listens on never succeeds. */
export const HEALTH_PORT_UNHEARD: Check = {
  code: 'HEALTH_PORT_UNHEARD',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/compose-file/services/#healthcheck',
  find: plan => plan.services.flatMap(({ path, healthCheck, image: { facts: { ports } } }) => {
    const port = healthCheck?.http?.port ?? healthCheck?.tcpPort;
    if (port === undefined || ports.length === 0 || ports.includes(port)) return [];
    return [{ path, problem: `the health check asks port ${port}, and the image listens on ${ports.join(', ')}; ask a port that it listens on` }];
  }),
};
