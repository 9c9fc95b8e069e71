/** A Flask application whose packages are a user base that belongs to root; of their console scripts only `flask` is in the image. */
import { App, Application, ComposeFile, Layout, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'layout-user-base');

new Service(application, 'tags', {
  image: new PythonServiceImage(application, 'tags-image', {
    source: 'app',
    base: PythonBase.chainguard(),
    layout: Layout.userBase({ scripts: ['flask'] }),
    server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
  }),
  publish: 8102,
});

new ComposeFile(application, 'compose');
app.synth();
