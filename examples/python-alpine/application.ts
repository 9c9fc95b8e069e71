/** A Flask application twice on Alpine: on Docker's official Python, and on bare Alpine with the Python that it packages. */
import { App, Application, ComposeFile, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'python-alpine');

const server = PythonServer.gunicorn('main:app', { healthPath: '/healthz' });
const resources = { cpuLimit: 1, memoryLimitMebibytes: 256 };
new Service(application, 'official', {
  image: new PythonServiceImage(application, 'official-image', { source: 'app', base: PythonBase.alpine({ python: '3.13', alpine: '3.23' }), server }),
  resources,
  publish: 8123,
});
new Service(application, 'bare', {
  image: new PythonServiceImage(application, 'bare-image', { source: 'app', base: PythonBase.bareAlpine({ release: '3.23' }), server }),
  resources,
  publish: 8124,
});

new ComposeFile(application, 'compose');
app.synth();
