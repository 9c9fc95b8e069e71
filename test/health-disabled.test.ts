/** A process without a health check of an image that has one of another process. */
import { appWith } from './declare';
import { Application, ComposeFile, HealthCheck, PythonBase, PythonServer, PythonServiceImage, Service, type ServiceProps } from 'cdk-wheelhouse';

function findings(declare: (application: Application, image: PythonServiceImage) => ServiceProps): string[] {
  const { app, application } = appWith();
  const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  new Service(application, 'worker', declare(application, image));
  new ComposeFile(application, 'compose');
  return app.synth().findings.filter(({ code }) => code === 'HEALTH_DISABLED').map(({ severity, path, problem }) => `${severity} ${path}: ${problem}`);
}

test('is a warning of [HEALTH_DISABLED], as compose would wait in vain', () => {
  const other = (image: PythonServiceImage) => image.process('worker', PythonServer.module('worker'));
  expect(findings((_, image) => ({ image: other(image) }))).toEqual([
    "warning shop/worker: it has no health check, and its image's is of another process and disabled, at which 'docker compose up --wait' fails;"
    + ' give it one: healthCheck: HealthCheck.python(…)',
  ]);
  expect(findings((_, image) => ({ image: other(image), healthCheck: HealthCheck.python('import worker') }))).toEqual([]);
  expect(findings((_, image) => ({ image }))).toEqual([]);
});
