/** Plain HTTP beside HTTPS: a second published port. */
import { parse } from 'yaml';
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
  const { losses } = app.synth();
  expect(parse(filesUnder(outdir)['shop/compose.yaml']).services.web.ports).toEqual(['443:8443', '80:8080']);
  expect(losses.filter(loss => loss.target === 'kubernetes').map(loss => loss.declared)).toEqual(expect.arrayContaining(['published port 443', 'published port 80']));
});

refusesAtSynth('one port for both', [
  "shop/web: port 443 is published by 'web' too; give each a port of its own (https://docs.docker.com/reference/compose-file/services/#ports) [PUBLISH_TWICE]",
], application => declared(application, 443), application => declared(application, 80));
