/** A Flask application whose packages uv has locked, with a dependency group and an extra. */
import { App, Application, ComposeFile, Dependencies, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'manager-uv');

new Service(application, 'pages', {
  image: new PythonServiceImage(application, 'pages-image', {
    source: 'app', // with a uv.lock in it
    dependencies: Dependencies.uv({ groups: ['serve'], extras: ['footnotes'] }), // and not the group `dev`
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    server: PythonServer.gunicorn('pages:app', { healthPath: '/healthz' }),
  }),
  resources: { cpuReservation: 0.1, cpuLimit: 1, memoryReservationMebibytes: 64, memoryLimitMebibytes: 256 },
  publish: 8111,
});

new ComposeFile(application, 'compose');
app.synth();
