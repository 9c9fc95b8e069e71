/** The shop of examples/fastapi-postgres, as one declares it for whatever runs it. Its lines are counted. */
import {
  App, Application, EnvValue, HealthCheck, Job, NginxReverseProxy, Postgres, PythonBase, PythonServer, PythonServiceImage, Route, Secret, Service,
  Volume,
} from 'cdk-wheelhouse';

export function declareShop(): Application {
  const shop = new Application(new App({ root: 'examples/fastapi-postgres' }), 'shop');
  const resources = { cpuReservation: 0.1, cpuLimit: 1, memoryReservationMebibytes: 128, memoryLimitMebibytes: 512 };
  const db = new Postgres(shop, 'db', { user: 'shop', password: new Secret(shop, 'db-password'), resources });
  const environment = { DATABASE_URL: db.url({ scheme: 'postgresql+psycopg' }) };
  const receiptKey = EnvValue.secret(new Secret(shop, 'receipt-key'));
  const image = new PythonServiceImage(shop, 'api-image', {
    source: 'app',
    base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
    server: PythonServer.uvicorn('shop.main:app', { healthPath: '/healthz' }),
  });
  const worker = (name: string) => image.process(name, PythonServer.module(`shop.${name}`, { handlesStopSignal: true }));

  const migrate = new Job(shop, 'migrate', { image: worker('migrate'), environment, resources, dependsOn: [db] });
  const api = new Service(shop, 'api', { image, environment: { ...environment, RECEIPT_KEY: receiptKey }, resources, dependsOn: [db, migrate] });
  const mails = { volume: new Volume(shop, 'mails'), path: '/var/spool/shop' };
  const healthCheck = HealthCheck.python("import os, time; assert time.time() - os.path.getmtime('/tmp/alive') < 60");
  new Service(shop, 'mailer', { image: worker('mailer'), environment, resources, healthCheck, volumes: [mails], dependsOn: [db, migrate] });
  new Service(shop, 'reporter', { image: worker('reporter'), environment, resources, healthCheck, dependsOn: [db, migrate] });
  new NginxReverseProxy(shop, 'web', { routes: [Route.prefix('/', api)], resources, publish: 8095 });
  return shop;
}
