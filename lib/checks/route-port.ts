import { Severity, type Check } from './check';

/** A proxy needs to know the port, and somebody has to listen on it. */
export const ROUTE_PORT: Check = {
  code: 'ROUTE_PORT',
  severity: Severity.ERROR,
  link: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#server',
  find: plan => {
    const services = new Map(plan.services.map(service => [service.id, service]));
    return plan.services.flatMap(proxy => proxy.routes.flatMap(route => {
      const service = services.get(route.service);
      const ports = service?.image.facts.ports ?? [];
      if (route.port === undefined ? ports.length === 1 : ports.includes(route.port)) return [];
      const listens = ports.length === 0 ? 'its image listens on no port that is known' : `its image listens on ${ports.join(', ')}`;
      const wanted = route.port === undefined ? `does not say which port of '${route.service}'` : `goes to port ${route.port} of '${route.service}'`;
      return [{ path: proxy.path, problem: `route '${route.prefix}' ${wanted}, and ${listens}; give the route a port that the server listens on` }];
    }));
  },
};
