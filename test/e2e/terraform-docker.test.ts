/** An application on one machine, by Terraform's docker provider: applied, asked, looked at, changed, failed, and taken away again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, LocalBackend, TerraformStack } from 'cdktn';
import { filesUnder, folder } from '../declare';
import { softness } from './container-judge';
import { describeOnEngine, docker, request } from './engine';
import { describeWithTerraform, Terraform } from './terraform';
import {
  App as Wheelhouse, Application, Config, EnvValue, Job, Network, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Secret,
  Service, terraform, Volume,
} from 'cdk-wheelhouse';

const URL = 'http://127.0.0.1:8120/';
/** What is planted, and must be found in no state and no plan. */
const PASSWORD = 'p@ss-${word} %{of} "nobody"';
const SOURCE = {
  'app/requirements.txt': 'flask\ngunicorn\n',
  'app/app.py': `import os
from flask import Flask
app = Flask(__name__)

def text(path):
    with open(path) as file:
        return file.read()

@app.get("/healthz")
def healthz():
    return {"status": "ok"}

@app.get("/")
def page():
    return {
        "greeting": text("/etc/shop/greeting").strip(), "migrated": text("/srv/data/migrated"), "length": len(text("/run/secrets/password")),
        "level": os.environ["LOG_LEVEL"], "price": os.environ["PRICE"],
    }
`,
  'app/migrate.py': `import os, sys
if os.path.exists("/srv/data/broken"):
    sys.exit(3)
with open("/srv/data/migrated", "a") as file:
    file.write("x")
`,
  'secrets/password': PASSWORD,
};

interface Settings {
  readonly greeting?: string;
}

function declare(application: Application, { greeting = 'Good ${morning} %{all}' }: Settings): void {
  const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
  const image = new PythonServiceImage(application, 'api-image', { source: 'app', base, server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }) });
  const volumes = [{ volume: new Volume(application, 'data'), path: '/srv/data' }];
  const secrets = [new Secret(application, 'password')];
  const back = [new Network(application, 'back', { internal: true })];
  const migrate = new Job(application, 'migrate', { image: image.process('migration', PythonServer.module('migrate')), volumes, secrets, networks: back });
  new Job(application, 'nightly', { image: image.process('report', PythonServer.module('migrate')), volumes, networks: back, schedule: '0 3 * * *' });
  const api = new Service(application, 'api', {
    image,
    volumes,
    secrets,
    networks: [...back, new Network(application, 'front')],
    dependsOn: [migrate],
    configs: [{ config: new Config(application, 'greeting', { text: greeting }), path: '/etc/shop/greeting' }],
    environment: { LOG_LEVEL: EnvValue.deployer('LOG_LEVEL', { defaultValue: 'info' }), PRICE: '5 ${dollars} %{x}' },
    resources: { cpuReservation: 0.05, cpuLimit: 1, memoryReservationMebibytes: 64, memoryLimitMebibytes: 256 },
    labels: { 'com.example.team': 'shop ${x}' },
    stopGraceSeconds: 40,
  });
  new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api)], publish: 8120 });
}

/** A stack in the folder of its application. */
function synthesize(root: string, id: string, settings: Settings = {}): string {
  const outdir = join(root, 'cdktf.out');
  const app = new App({ outdir });
  const application = new Application(new Wheelhouse({ root }), id);
  declare(application, settings);
  const stack = new TerraformStack(app, id);
  new LocalBackend(stack, { path: '../../../terraform.tfstate' });
  new terraform.DockerApplication(stack, 'machine', { application });
  app.synth();
  return join(outdir, 'stacks', id);
}

/** All that the engine has of an application. */
function remains(id: string): string[] {
  return [
    ...docker('ps', '--all', '--filter', `name=^${id}-`, '--format', 'container {{.Names}}').split('\n'),
    ...docker('volume', 'ls', '--filter', `name=^${id}_`, '--format', 'volume {{.Name}}').split('\n'),
    ...docker('network', 'ls', '--filter', `name=^${id}_`, '--format', 'network {{.Name}}').split('\n'),
    ...docker('images', '--filter', `reference=${id}-*`, '--format', 'image {{.Repository}}').split('\n'),
  ].filter(line => line !== '').sort();
}

describeWithTerraform('An application on one machine', () => describeOnEngine('by the docker provider', () => {
  const ID = 'tf-docker';
  const root = folder(SOURCE);
  const synth = (settings?: Settings) => synthesize(root, ID, settings);
  const stack = synth();
  const program = new Terraform(stack);
  const page = () => JSON.parse(request(URL).body);
  const run = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = program.run(command, ...args);
    if (status !== 0) throw new Error(`terraform ${command}: exit ${status}\n${stdout}${stderr}`);
    return stdout;
  };

  beforeAll(() => {
    run('init');
    program.apply();
  });
  afterAll(() => { program.run('destroy', '-auto-approve'); });

  test('is valid', () => expect(program.validate()).toEqual([]));

  test('answers through nginx, as soon as it is applied, with what it was given', () => {
    expect(page()).toEqual({ greeting: 'Good ${morning} %{all}', migrated: 'x', length: PASSWORD.length, level: 'info', price: '5 ${dollars} %{x}' });
  });

  test('is what was applied: the next plan is empty', () => {
    expect(program.plan()).toBe('empty');
  });

  test('runs its containers as it promised', () => {
    const promised = { userId: 65532, code: ['/app', '/venv'], without: ['compiler', 'pip'] as const, python: '/venv/bin/python', published: [] };
    expect(softness(`${ID}-api-1`, { ...promised, writable: ['/home/nonroot', '/tmp'], volumes: ['/srv/data'], secrets: ['/etc/shop/greeting', '/run/secrets/password'] })).toEqual([]);
    const [{ HostConfig, Config: process }] = JSON.parse(docker('inspect', `${ID}-api-1`));
    expect(HostConfig).toMatchObject({ CpuPeriod: 100000, CpuQuota: 100000, CpuShares: 51, Memory: 256 * 1024 ** 2, MemoryReservation: 64 * 1024 ** 2, RestartPolicy: { Name: 'unless-stopped' } });
    expect(process).toMatchObject({ StopTimeout: 40, Labels: { 'com.example.team': 'shop ${x}' } });
  });

  test('has no secret in its state, its plan or what the engine tells of it', () => {
    const told = [readFileSync(join(root, 'terraform.tfstate'), 'utf8'), JSON.stringify(program.planned()), docker('inspect', `${ID}-api-1`), ...Object.values(filesUnder(stack))];
    for (const text of told) expect(text.includes('nobody')).toBe(false);
  });

  test('has made what a clock starts, and not started it', () => {
    expect(docker('inspect', '--format', '{{.State.Status}}', `${ID}-nightly-1`)).toBe('created');
    docker('start', '--attach', `${ID}-nightly-1`);
    expect(page().migrated).toBe('xx');
    expect(program.plan()).toBe('empty');
  });

  test('takes values of whoever applies', () => {
    run('apply', '-auto-approve', '-var', 'LOG_LEVEL=debug');
    expect(page()).toMatchObject({ level: 'debug', migrated: 'xx' });
  });

  test('follows a config that has changed, and keeps its data', () => {
    synth({ greeting: 'Good evening' });
    program.apply();
    expect(page()).toMatchObject({ greeting: 'Good evening', level: 'info', migrated: 'xx' });
  });

  test('migrates again when its image has changed, before the service starts', () => {
    writeFileSync(join(root, 'app/app.py'), SOURCE['app/app.py'].replace('"greeting"', '"says"'));
    synth();
    program.apply();
    expect(page()).toMatchObject({ says: 'Good ${morning} %{all}', migrated: 'xxx' });
    expect(program.plan()).toBe('empty');
  });

  test('fails when the migration fails, says how to go on, and goes on', () => {
    docker('exec', `${ID}-api-1`, '/venv/bin/python', '-c', 'open("/srv/data/broken", "w")');
    writeFileSync(join(root, 'app/app.py'), SOURCE['app/app.py']);
    synth();
    const failed = program.run('apply', '-auto-approve');
    expect(failed.status).toBe(1);
    const told = failed.stderr.replace(/[\s│]+/g, ' ');
    const [, address] = /Job 'migrate' has failed: see 'docker logs tf-docker-migrate-1'. What did not change runs again with 'terraform apply -replace=([\w.-]+)'/.exec(told)!;
    docker('run', '--rm', '--volume', `${ID}_data:/srv/data`, '--entrypoint', '/venv/bin/python', docker('inspect', '--format', '{{.Image}}', `${ID}-migrate-1`), '-c', 'import os; os.remove("/srv/data/broken")');
    run('apply', '-auto-approve', `-replace=${address}`);
    expect(page()).toMatchObject({ greeting: 'Good ${morning} %{all}', migrated: 'xxxx' });
  });

  test('leaves nothing when it is destroyed', () => {
    expect(remains(ID)).toEqual([
      'container tf-docker-api-1', 'container tf-docker-migrate-1', 'container tf-docker-nightly-1', 'container tf-docker-web-1',
      'image tf-docker-api-image', 'image tf-docker-web-image', 'network tf-docker_back', 'network tf-docker_front', 'volume tf-docker_data',
    ]);
    program.destroy();
    expect(remains(ID)).toEqual([]);
  });
}));
