/** A Django project with PostgreSQL, a Celery worker and beat: nginx answers with static files itself and hands the rest on. */
import { ACCEPTED_FINDINGS } from './accepted-findings';
import {
  App, Application, Bytecode, ComposeFile, EnvValue, FileCaching, HealthCheck, Job, KubernetesFile, NginxReverseProxy, Postgres, PythonBase,
  PythonServer, PythonServiceImage, Redis, Route, Secret, Service, StaticFiles, Volume,
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
const resources = { cpuReservation: 0.1, cpuLimit: 1, memoryReservationMebibytes: 128, memoryLimitMebibytes: 512 };
const db = new Postgres(application, 'db', { version: '15', password: new Secret(application, 'db-password'), resources });
const broker = new Redis(application, 'broker', { version: '7', resources });
const media = { volume: new Volume(application, 'media'), path: '/media' };
const environment = {
  SECRET_KEY: EnvValue.secret(new Secret(application, 'secret-key')),
  DATABASE_URL: db.url(),
  CELERY_BROKER_URL: broker.url(),
  ALLOWED_HOSTS: EnvValue.deployer('ALLOWED_HOSTS', { defaultValue: '' }), // besides localhost
};
const migrating = PythonServer.module('manage', { args: ['migrate', '--no-input'] });
const migrate = new Job(application, 'migrate', { image: image.process('migrating', migrating), environment, resources, dependsOn: [db] });
const running = { environment, resources, dependsOn: [migrate, db, broker] };
const healthCheck = HealthCheck.http(8000, '/healthz', { host: 'localhost' });
const web = new Service(application, 'web', { ...running, image, healthCheck, volumes: [media] });
new Service(application, 'worker', { ...running, image: image.process('working', PythonServer.celeryWorker('config')), volumes: [{ ...media, readOnly: true }] });
new Service(application, 'beat', { ...running, image: image.process('beating', PythonServer.celeryBeat('config')) });
const files = Route.files('/static/', StaticFiles.fromStage(collected, '/static'), { caching: FileCaching.hashedNames() });
new NginxReverseProxy(application, 'nginx', { routes: [files, Route.prefix('/', web, { bodyMebibytes: 20 })], resources, publish: 8096 });
new ComposeFile(application, 'compose');
new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/django', annotations: ACCEPTED_FINDINGS });
app.synth();
