/** A Flask application whose strict requirements are made of loose ones in the image that it is built on: wheelhouse lock requirements. */
import { App, Application, ComposeFile, Dependencies, PythonBase, PythonServer, PythonServiceImage, RequirementsLock, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'requirements-lock');

const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const lock = new RequirementsLock(application, 'requirements', { source: 'app', base, constraints: ['constraints.txt'] });

new Service(application, 'quotes', {
  image: new PythonServiceImage(application, 'quotes-image', {
    source: 'app',
    base,
    dependencies: Dependencies.requirements(lock.strict),
    server: PythonServer.gunicorn('quotes:app', { healthPath: '/healthz' }),
  }),
  publish: 8128,
});

new ComposeFile(application, 'compose');
app.synth();
