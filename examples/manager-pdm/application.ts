/** A Flask application whose packages PDM has locked. */
import { App, Application, ComposeFile, Dependencies, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'manager-pdm');

new Service(application, 'bookings', {
  image: new PythonServiceImage(application, 'bookings-image', {
    source: 'app', // with a pdm.lock in it
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    dependencies: Dependencies.pdm({ groups: ['metrics'] }),
    server: PythonServer.gunicorn('bookings:app', { healthPath: '/healthz' }),
  }),
  publish: 8115,
});

new ComposeFile(application, 'compose');
app.synth();
