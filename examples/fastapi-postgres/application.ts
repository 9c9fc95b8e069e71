/** A shop: FastAPI and PostgreSQL, a migration that the others wait for, two workers from the same image, nginx in front. */
import {
  App, Application, ComposeFile, EnvValue, HealthCheck, Job, NameResolution, NginxReverseProxy, Postgres, PythonBase, PythonServer,
  PythonServiceImage, Route, Secret, Service, Volume,
} from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const shop = new Application(app, 'fastapi-postgres');
const db = new Postgres(shop, 'db', { user: 'shop', password: new Secret(shop, 'db-password') });
const environment = { DATABASE_URL: db.url({ scheme: 'postgresql+psycopg' }) };
const receiptKey = EnvValue.secret(new Secret(shop, 'receipt-key'));
const image = new PythonServiceImage(shop, 'api-image', {
  source: 'app',
  base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
  server: PythonServer.uvicorn('shop.main:app', { healthPath: '/healthz' }),
});
const worker = (name: string) => image.process(name, PythonServer.module(`shop.${name}`, { handlesStopSignal: true }));

const migrate = new Job(shop, 'migrate', { image: worker('migrate'), environment, dependsOn: [db] });
const api = new Service(shop, 'api', { image, environment: { ...environment, RECEIPT_KEY: receiptKey }, dependsOn: [db, migrate] });
const mails = { volume: new Volume(shop, 'mails'), path: '/var/spool/shop' };
const healthCheck = HealthCheck.python("import os, time; assert time.time() - os.path.getmtime('/tmp/alive') < 60");
new Service(shop, 'mailer', { image: worker('mailer'), environment, healthCheck, volumes: [mails], dependsOn: [db, migrate] });
new Service(shop, 'reporter', { image: worker('reporter'), environment, healthCheck, dependsOn: [db, migrate] });
new NginxReverseProxy(shop, 'web', { routes: [Route.prefix('/', api)], nameResolution: NameResolution.repeated(), publish: 8095 });

new ComposeFile(shop, 'compose');
app.synth();
