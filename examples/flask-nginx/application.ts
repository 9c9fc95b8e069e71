/** A Flask application behind nginx: only nginx is reached from outside, and only nginx reaches Flask. */
import { ACCEPTED_FINDINGS } from './accepted-findings';
import {
  App, Application, ComposeFile, KubernetesFile, Network, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service,
} from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'flask-nginx');

const resources = { cpuReservation: 0.1, cpuLimit: 1, memoryReservationMebibytes: 128, memoryLimitMebibytes: 512 };
const flask = new Service(application, 'flask-app', {
  image: new PythonServiceImage(application, 'flask-app-image', {
    source: 'app',
    base: PythonBase.chainguard(),
    server: PythonServer.gunicorn('app:app', { healthPath: '/healthz', workers: 2 }),
  }),
  networks: [new Network(application, 'backnet')],
  resources,
});
new NginxReverseProxy(application, 'nginx', {
  routes: [Route.prefix('/', flask)],
  networks: [new Network(application, 'frontnet')],
  resources,
  publish: 8080,
});

new ComposeFile(application, 'compose');
new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/flask-nginx', annotations: ACCEPTED_FINDINGS });
app.synth();
