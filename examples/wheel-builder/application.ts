/** A C extension becomes a wheel that carries its library, and is installed where the library is not; it can be uploaded to an index, too. */
import { App, Application, ComposeFile, Dependencies, PythonBase, PythonServer, PythonServiceImage, Service, WheelBuilder } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'wheel-builder');

const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const native = new WheelBuilder(application, 'yamlcheck', {
  source: 'native', base, portable: 'manylinux_2_36', publishing: { url: 'https://packages.example.com/legacy/' },
});
const packages = new WheelBuilder(application, 'packages', { source: 'app', base, dependencies: Dependencies.requirements(), project: false });

new Service(application, 'checker', {
  image: new PythonServiceImage(application, 'checker-image', {
    source: 'app', base, dependencies: Dependencies.wheels(native, packages), server: PythonServer.gunicorn('checker:app', { healthPath: '/healthz' }),
  }),
  publish: 8127,
});

new ComposeFile(application, 'compose');
app.synth();
