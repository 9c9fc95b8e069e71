/** A Flask application whose packages Poetry has locked. */
import { App, Application, ComposeFile, Dependencies, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'manager-poetry');

new Service(application, 'bookings', {
  image: new PythonServiceImage(application, 'bookings-image', {
    source: 'app', // with a poetry.lock in it
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    dependencies: Dependencies.poetry({ extras: ['metrics'] }),
    server: PythonServer.gunicorn('bookings:app', { healthPath: '/healthz' }),
  }),
  publish: 8114,
});

new ComposeFile(application, 'compose');
app.synth();
