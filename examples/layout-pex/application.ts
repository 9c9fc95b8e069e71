/** A Flask application as a pex: packages and source in one program, unpacked while the image is built, on an image without a shell. */
import { App, Application, ComposeFile, Layout, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'layout-pex');

new Service(application, 'colours', {
  image: new PythonServiceImage(application, 'colours-image', {
    source: 'app',
    base: PythonBase.chainguard(),
    layout: Layout.pex(),
    server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
  }),
  publish: 8104,
});

new ComposeFile(application, 'compose');
app.synth();
