/** Base images of an organisation for two versions of Python, and a service on each of them. */
import { App, Application, BaseImage, ComposeFile, PythonBase, PythonBaseFamily, PythonServer, PythonServiceImage, Service } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'python-base-family');

const family = new PythonBaseFamily(application, 'python', {
  repository: 'registry.example.com/python',
  bases: ['3.12', '3.13'].map(python => BaseImage.pythonSlim({ python, debian: 'bookworm' })).map(slim => PythonBase.of(slim, slim)),
  securityUpdates: '2026-11-21',
  systemPackages: { toBuild: ['gcc', 'libc6-dev'], toRun: ['media-types'] },
  certificates: ['certificates/example-root.pem'],
  aptMirror: 'https://packages.example.com/debian',
  pipIndex: 'https://packages.example.com/simple',
  user: { name: 'app', userId: 10001, groupId: 10001, home: '/home/app' },
  labels: { 'org.opencontainers.image.vendor': 'Example', 'org.opencontainers.image.source': 'https://example.com/python-base-family' },
});

for (const [id, python, publish] of [['shop', '3.13', 8125], ['reports', '3.12', 8126]] as const) {
  new Service(application, id, {
    image: new PythonServiceImage(application, `${id}-image`, { source: 'app', base: family.base(python), server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }) }),
    environment: { STOCK_URL: 'https://stock.example.com/' },
    publish,
  });
}
new ComposeFile(application, 'compose');
app.synth();
