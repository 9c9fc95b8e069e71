/** Plain HTTP beside HTTPS: a second published port. */
import { parse, parseAllDocuments } from 'yaml';
import { appWith, filesUnder } from './declare';
import { refusesAtSynth } from './refuses';
import { Application, ComposeFile, KubernetesFile, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Secret, Service } from 'cdk-wheelhouse';

function declared(application: Application, redirectFrom: number): void {
  const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  const tls = { certificate: new Secret(application, 'certificate'), key: new Secret(application, 'key'), redirectFrom };
  new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', new Service(application, 'api', { image }))], publish: 443, tls });
}

test('a proxy publishes HTTPS, and the port that leads to it', () => {
  const { app, application, outdir } = appWith();
  declared(application, 80);
  new ComposeFile(application, 'compose');
  new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/shop' });
  app.synth();
  const files = filesUnder(outdir);
  expect(parse(files['shop/compose.yaml']).services.web.ports).toEqual(['443:8443', '80:8080']);
  const service = parseAllDocuments(files['shop/kubernetes.yaml']).map(one => one.toJS()).find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'web');
  expect(service.spec).toMatchObject({ type: 'LoadBalancer', ports: expect.arrayContaining([443, 80].map(port => expect.objectContaining({ port }))) });
});

refusesAtSynth('one port for both', [
  "shop/web: port 443 is published by 'web' too; give each a port of its own (https://docs.docker.com/reference/compose-file/services/#ports) [PUBLISH_TWICE]",
], application => declared(application, 443), application => declared(application, 80));
