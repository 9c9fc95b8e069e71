/** An application that uses everything that services, jobs and what belongs to them can be told. */
import {
  Application, Architecture, ComposeFile, Config, EnvValue, HealthCheck, Job, KubernetesFile, Mount, Network, PythonBase, PythonServer,
  PythonServiceImage, RegistryImage, Restart, Secret, Service, Volume,
} from 'cdk-wheelhouse';

/** Its source tree. */
export const FULL_SOURCE = { 'app/app.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/requirements.txt': 'flask\ngunicorn\ncelery\n' };

/** Steps of the declaration: each has a name, the names of those before it, and what it does with what they answered. */
export function fullSteps(application: Application): [string, string[], (made: Record<string, any>) => unknown][] {
  return [
    ['front', [], () => new Network(application, 'frontnet')],
    ['back', [], () => new Network(application, 'backnet', { internal: true })],
    ['password', [], () => new Secret(application, 'db-password')],
    ['token', [], () => new Secret(application, 'api-token', { file: 'local/token.txt' })],
    ['indexToken', [], () => new Secret(application, 'index-token')],
    ['data', [], () => new Volume(application, 'db-data')],
    ['media', [], () => new Volume(application, 'media', { sizeGibibytes: 20 })],
    ['settings', [], () => new Config(application, 'settings', { text: '[api]\nprice = "5 $"\n' })],
    ['dbImage', [], () => new RegistryImage(application, 'db-image', {
      reference: 'postgres:17',
      facts: { userId: 999, groupId: 999, ports: [5432], writablePaths: [{ path: '/var/run/postgresql' }, { path: '/var/lib/postgresql/data', data: true }], handlesStopSignal: true },
    })],
    ['image', [], () => new PythonServiceImage(application, 'api-image', {
      source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), architecture: Architecture.AMD64,
    })],
    ['build', ['image'], made => made.image.buildStage.runShell('pip download --no-deps flask', { mounts: [Mount.secret('index-token'), Mount.ssh()] })],
    ['worker', ['image'], made => made.image.process('worker', PythonServer.celeryWorker('app'))],
    ['migration', ['image'], made => made.image.process('migration', PythonServer.module('app', { args: ['migrate', '--no-input'] }))],
    ['db', ['dbImage', 'password', 'data', 'back'], made => new Service(application, 'db', {
      image: made.dbImage,
      environment: { POSTGRES_PASSWORD_FILE: EnvValue.secretFile(made.password), POSTGRES_DB: 'shop' },
      volumes: [{ volume: made.data, path: '/var/lib/postgresql/data' }],
      networks: [made.back],
      healthCheck: HealthCheck.command(['pg_isready', '--dbname=$POSTGRES_DB'], { intervalSeconds: 5, startPeriodSeconds: 90 }),
      stopGraceSeconds: 90,
    })],
    ['migrate', ['migration', 'db', 'password', 'back'], made => new Job(application, 'migrate', {
      image: made.migration,
      dependsOn: [made.db],
      networks: [made.back],
      retries: 2,
      environment: { DATABASE_URL: EnvValue.url({ scheme: 'postgresql', host: made.db, port: 5432, user: 'postgres', password: made.password, path: 'shop' }) },
    })],
    ['nightly', ['image', 'back'], made => new Job(application, 'nightly', { image: made.image.process('report', PythonServer.module('app', { args: ['report'] })), networks: [made.back], schedule: '0 3 * * *' })],
    ['api', ['image', 'migrate', 'db', 'password', 'token', 'media', 'settings', 'front', 'back'], made => new Service(application, 'api', {
      image: made.image,
      command: ['app:app', '--bind', '0.0.0.0:8000', '--access-logformat', '%(h)s $x'],
      dependsOn: [made.migrate, made.db],
      networks: [made.front, made.back],
      secrets: [made.token],
      environment: {
        DATABASE_URL: EnvValue.url({ scheme: 'postgresql', host: made.db, port: 5432, user: 'postgres', password: made.password, path: 'shop', query: { sslmode: 'disable' } }),
        LOG_LEVEL: EnvValue.deployer('LOG_LEVEL', { defaultValue: 'info' }),
        SITE: EnvValue.deployer('SITE'),
        PRICE: '5 $',
      },
      volumes: [{ volume: made.media, path: '/srv/media' }],
      configs: [{ config: made.settings, path: '/etc/shop/settings.toml' }],
      publish: 8080,
      resources: { cpuReservation: 0.25, cpuLimit: 1.5, memoryReservationMebibytes: 128, memoryLimitMebibytes: 512, pidsLimit: 200 },
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'tag': '$x' } },
      labels: { 'com.example.team': 'shop', 'com.example.cost': '5 $' },
    })],
    ['worker-service', ['worker', 'back'], made => new Service(application, 'worker', {
      image: made.worker,
      networks: [made.back],
      scaling: { min: 2, max: 10, cpuPercent: 60 },
      restart: Restart.ON_FAILURE,
      resources: { cpuReservation: 0.5 },
    })],
    ['admin', ['image', 'media'], made => new Service(application, 'admin', { image: made.image, profiles: ['debug', 'admin'], replicas: 2, volumes: [{ volume: made.media, path: '/srv/media', readOnly: true }] })],
    ['compose', [], () => new ComposeFile(application, 'compose')],
    ['kubernetes', [], () => new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/shop', kustomization: true })],
  ];
}

/** Declares all of it in an order that `pick` chooses among what can be declared. */
export function declareEverything(application: Application, pick: (count: number) => number = () => 0): Record<string, any> {
  const steps = fullSteps(application);
  const made: Record<string, any> = {};
  while (steps.length > 0) {
    const ready = steps.filter(([, needs]) => needs.every(need => need in made));
    const [step] = steps.splice(steps.indexOf(ready[pick(ready.length)]), 1);
    made[step[0]] = step[2](made) ?? null;
  }
  return made;
}
