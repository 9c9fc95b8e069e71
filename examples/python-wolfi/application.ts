/** A Flask application on Wolfi, with a Python that apk installs. */
import { App, Application, ComposeFile, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'python-wolfi');

new Service(application, 'web', {
  image: new PythonServiceImage(application, 'web-image', {
    source: 'app',
    base: PythonBase.wolfi({ python: '3.13' }),
    server: PythonServer.gunicorn('main:app', { healthPath: '/healthz' }),
  }),
  resources: { cpuLimit: 1, memoryLimitMebibytes: 256 },
  publish: 8122,
});

new ComposeFile(application, 'compose');
app.synth();
