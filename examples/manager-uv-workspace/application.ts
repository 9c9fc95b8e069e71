/** Three services and two libraries in one uv workspace: each image is built from what its service needs of it. */
import { App, Application, ComposeFile, EnvValue, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const bakery = new Application(app, 'manager-uv-workspace');
const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const resources = { cpuReservation: 0.1, cpuLimit: 1, memoryReservationMebibytes: 64, memoryLimitMebibytes: 256 };
const healthPath = '/healthz';

const labels = new Service(bakery, 'labels', {
  image: new PythonServiceImage(bakery, 'labels-image', {
    source: 'services/labels', base, server: PythonServer.gunicorn('labels.web:app', { healthPath }), install: true, // its modules are in src/
  }),
  resources,
});
new Service(bakery, 'counter', {
  image: new PythonServiceImage(bakery, 'counter-image', { source: 'services/counter', base, server: PythonServer.gunicorn('counter:app', { healthPath }) }),
  environment: { LABELS: EnvValue.url({ scheme: 'http', host: labels, port: 8000 }) },
  resources,
  publish: 8112,
});
new Service(bakery, 'orders', {
  image: new PythonServiceImage(bakery, 'orders-image', { source: 'services/orders', base, server: PythonServer.uvicorn('orders:app', { healthPath }) }),
  resources,
  publish: 8113,
});

new ComposeFile(bakery, 'compose');
app.synth();
