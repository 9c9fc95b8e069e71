/** A Flask application on a Python that is compiled from its source, on Debian. */
import { App, Application, BaseImage, ComposeFile, PythonBase, PythonInstall, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'python-from-source');

const base = PythonBase.installed({
  base: BaseImage.debian({ release: 'bookworm', slim: true }),
  python: PythonInstall.source({ version: '3.13.5', sha256: '93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640', shared: true }),
});
new Service(application, 'web', {
  image: new PythonServiceImage(application, 'web-image', { source: 'app', base, server: PythonServer.gunicorn('main:app', { healthPath: '/healthz' }) }),
  resources: { cpuLimit: 1, memoryLimitMebibytes: 256 },
  publish: 8121,
});

new ComposeFile(application, 'compose');
app.synth();
