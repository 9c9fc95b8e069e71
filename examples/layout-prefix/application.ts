/** A Flask application whose packages are installed for the image's own interpreter, in a prefix that is copied onto `/usr/local`. */
import { App, Application, ComposeFile, Layout, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'layout-prefix');

new Service(application, 'colours', {
  image: new PythonServiceImage(application, 'colours-image', {
    source: 'app',
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    layout: Layout.prefix(),
    server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
  }),
  publish: 8101,
});

new ComposeFile(application, 'compose');
app.synth();
