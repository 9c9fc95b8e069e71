/** A FastAPI application whose packages uv has locked. */
import { ACCEPTED_FINDINGS } from './accepted-findings';
import { App, Application, ComposeFile, KubernetesFile, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'fastapi-uv');

new Service(application, 'tickets', {
  image: new PythonServiceImage(application, 'tickets-image', {
    source: 'app', // with a uv.lock in it
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    server: PythonServer.uvicorn('tickets.main:app', { healthPath: '/healthz' }),
  }),
  resources: { cpuReservation: 0.1, cpuLimit: 1, memoryReservationMebibytes: 128, memoryLimitMebibytes: 512 },
  publish: 8090,
});

new ComposeFile(application, 'compose');
new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/fastapi-uv', annotations: ACCEPTED_FINDINGS });
app.synth();
