/** Which networks a service joins, and what compose makes of them. */
import { parse } from 'yaml';
import { appWith, filesUnder } from './declare';
import { Application, ComposeFile, Network, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service } from 'cdk-wheelhouse';

/** The parsed compose file of what is declared. */
function composed(declare: (application: Application, service: (id: string, networks?: Network[]) => Service) => void) {
  const { app, application, outdir } = appWith();
  const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  declare(application, (id, networks) => new Service(application, id, { image, networks }));
  new ComposeFile(application, 'compose');
  app.synth();
  return parse(filesUnder(outdir)['shop/compose.yaml']);
}

describe('a service', () => {
  test('without networks is in the default one, which compose makes by itself', () => {
    const { services, networks } = composed((_, service) => service('api'));
    expect(services.api.networks).toBeUndefined();
    expect(networks).toBeUndefined();
  });

  test('with networks is in those only', () => {
    const { services, networks } = composed((application, service) => service('api', [new Network(application, 'b', { internal: true }), new Network(application, 'a')]));
    expect(services.api.networks).toEqual(['a', 'b']);
    expect(networks).toEqual({ a: {}, b: { internal: true } });
  });
});

describe('a proxy', () => {
  test('joins the networks of the services of its routes, the default one among them, and its own', () => {
    const { services } = composed((application, service) => {
      const routes = [Route.prefix('/', service('api')), Route.prefix('/admin/', service('admin', [new Network(application, 'back')]))];
      new NginxReverseProxy(application, 'web', { routes, networks: [new Network(application, 'front')] });
    });
    expect(services.web.networks).toEqual(['default', 'back', 'front']);
  });

  test('joins no default network when no service of its routes is in it', () => {
    const { services } = composed((application, service) => {
      new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', service('api', [new Network(application, 'back')]))] });
    });
    expect(services.web.networks).toEqual(['back']);
  });
});
