/** A health check that is a program of the image's interpreter. */
import { parse, parseAllDocuments } from 'yaml';
import { appWith, filesUnder } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import {
  Application, ComposeFile, ContainerImage, EnvValue, HealthCheck, KubernetesFile, PythonBase, PythonServer, PythonServiceImage, RegistryImage,
  Secret, Service,
} from 'cdk-wheelhouse';

const PROGRAM = "import app; assert app.ready('$x')";

function checked(application: Application, image: ContainerImage, environment = {}): void {
  new Service(application, 'api', { image, environment, healthCheck: HealthCheck.python(PROGRAM, { intervalSeconds: 20 }) });
}

function deployed(secret: boolean) {
  const { app, application, outdir } = appWith();
  const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  checked(application, image, secret ? { KEY: EnvValue.secret(new Secret(application, 'key')) } : {});
  new ComposeFile(application, 'compose');
  new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/shop' });
  app.synth();
  const files = filesUnder(outdir);
  const deployment = parseAllDocuments(files['shop/kubernetes.yaml']).map(document => document.toJS()).find(object => object.kind === 'Deployment');
  return { test: parse(files['shop/compose.yaml']).services.api.healthcheck.test, probe: deployment.spec.template.spec.containers[0].livenessProbe };
}

test('HealthCheck.python is run by the interpreter of the image', () => {
  const { test: command, probe } = deployed(false);
  expect(command).toEqual(['CMD', '/venv/bin/python', '-c', "import app; assert app.ready('$$x')"]);
  expect(probe).toMatchObject({ exec: { command: ['/venv/bin/python', '-c', PROGRAM] }, periodSeconds: 20 });
});

test('HealthCheck.python sees the variables that are read from secrets', () => {
  expect(deployed(true).test.slice(0, 6)).toEqual(['CMD', '/venv/bin/python', '-IS', '/launch.py', '/venv/bin/python', '-c']);
});

refusesAtOnce('a program that says nothing', 'a health check has an empty program, or one with a NUL; give what Python can run [COMMAND_EMPTY]',
  () => HealthCheck.python(' \n'), () => HealthCheck.python('pass'));
refusesAtSynth('a program where no interpreter is known', [
  "shop/api: the health check is a Python program, and no interpreter of 'shop/image' is known; use HealthCheck.command [HEALTH_INTERPRETER]",
], application => checked(application, new RegistryImage(application, 'image', { reference: 'example.com/a:1', facts: { ports: [], writablePaths: [] } })),
application => checked(application, new RegistryImage(application, 'image', { reference: 'example.com/a:1', facts: { ports: [], writablePaths: [], interpreter: '/usr/bin/python3' } })));
