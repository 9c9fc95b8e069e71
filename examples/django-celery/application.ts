/** A Django project with PostgreSQL, a Celery worker and beat: nginx answers with static files itself and hands the rest on. */
import {
  App, Application, Bytecode, ComposeFile, EnvValue, FileCaching, HealthCheck, Job, NginxReverseProxy, Postgres, PythonBase, PythonServer,
  PythonServiceImage, Redis, Route, Secret, Service, StaticFiles, Volume,
} from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
const application = new Application(app, 'django-celery');

const image = new PythonServiceImage(application, 'django-image', {
  source: 'app',
  base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }),
  server: PythonServer.gunicorn('config.wsgi', { workers: 2 }),
  bytecode: Bytecode.imported({ modules: ['django.db.backends.postgresql.base'] }), // which the settings name, not the code
});
const collected = image.runAtBuild('static', ['manage.py', 'collectstatic', '--no-input']);
image.runtimeStage.copyFrom(collected, ['/static/staticfiles.json'], '/static/staticfiles.json'); // the names with their hashes

const db = new Postgres(application, 'db', { version: '15', password: new Secret(application, 'db-password') });
const broker = new Redis(application, 'broker', { version: '7' });
const media = { volume: new Volume(application, 'media'), path: '/media' };
const environment = {
  SECRET_KEY: EnvValue.secret(new Secret(application, 'secret-key')),
  DATABASE_URL: db.url(),
  CELERY_BROKER_URL: broker.url(),
  ALLOWED_HOSTS: EnvValue.deployer('ALLOWED_HOSTS', { defaultValue: '' }), // besides localhost
};
const migrating = image.process('migrating', PythonServer.module('manage', { args: ['migrate', '--no-input'] }));
const migrate = new Job(application, 'migrate', { image: migrating, environment, dependsOn: [db] });
const running = { environment, dependsOn: [migrate, db, broker] };
const healthCheck = HealthCheck.http(8000, '/healthz', { host: 'localhost' });
const web = new Service(application, 'web', { ...running, image, healthCheck, volumes: [media] });
new Service(application, 'worker', { ...running, image: image.process('working', PythonServer.celeryWorker('config')), volumes: [{ ...media, readOnly: true }] });
new Service(application, 'beat', { ...running, image: image.process('beating', PythonServer.celeryBeat('config')) });

const files = Route.files('/static/', StaticFiles.fromStage(collected, '/static'), { caching: FileCaching.hashedNames() });
new NginxReverseProxy(application, 'nginx', { routes: [files, Route.prefix('/', web, { bodyMebibytes: 20 })], publish: 8096 });
new ComposeFile(application, 'compose');
app.synth();
