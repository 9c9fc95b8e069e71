/** Notes in a file of SQLite, behind nginx: declared once, and made by compose.ts and kubernetes.ts. */
import type { Construct } from 'constructs';
import { Application, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service, Volume } from 'cdk-wheelhouse';

export function declareNotes(scope: Construct): Application {
  const notes = new Application(scope, 'notes');
  const resources = { cpuReservation: 0.1, cpuLimit: 1, memoryReservationMebibytes: 128, memoryLimitMebibytes: 512 };
  const api = new Service(notes, 'api', {
    image: new PythonServiceImage(notes, 'api-image', {
      source: 'app',
      base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
      server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
    }),
    resources,
    volumes: [{ volume: new Volume(notes, 'data'), path: '/var/lib/notes' }],
  });
  new NginxReverseProxy(notes, 'web', { routes: [Route.prefix('/', api)], resources, publish: 8097 });
  return notes;
}
