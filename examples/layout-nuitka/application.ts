/** One compiled program on nothing at all: no Python, no shell, no distribution; only the libraries that the program names. */
import { App, Application, BaseImage, ComposeFile, Layout, PythonBase, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'layout-nuitka');

new Service(application, 'dice', {
  image: new PythonServiceImage(application, 'dice-image', {
    source: 'app',
    base: PythonBase.of(BaseImage.python({ python: '3.13', debian: 'bookworm' }), BaseImage.scratch()),
    layout: Layout.nuitka(),
    server: PythonServer.gunicorn('dice:app', { healthPath: '/healthz' }),
  }),
  publish: 8105,
});

new ComposeFile(application, 'compose');
app.synth();
