/** A Flask application whose wheels are made in the build stage, one of them from source, and installed from a mount: no layer holds a wheel. */
import { App, Application, ComposeFile, Layout, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'layout-wheelhouse');

new Service(application, 'packer', {
  image: new PythonServiceImage(application, 'packer-image', {
    source: 'app',
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    layout: Layout.wheelhouse(),
    systemPackages: { toBuild: ['liblzo2-dev=2.10-2'], toRun: ['liblzo2-2=2.10-2'] },
    server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
  }),
  publish: 8103,
});

new ComposeFile(application, 'compose');
app.synth();
