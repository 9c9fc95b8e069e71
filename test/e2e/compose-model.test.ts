/** What compose.yaml says is what the engine does: everything is accepted, from any directory; changed texts arrive; refusals are true. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { appWith, folder } from '../declare';
import { describeOnEngine, docker, run, succeed, tryDocker } from './engine';
import { declareEverything, FULL_SOURCE } from '../full-application';
import {
  App, Application, Architecture, BaseImage, ComposeFile, Config, Job, Mount, MultiStageBuild, RegistryImage, Secret, Service, Stage, Volume,
  type ServiceProps,
} from 'cdk-wheelhouse';

const PYTHON = BaseImage.chainguardPython().reference;

/** A service that sleeps, and its compose file. */
function sleeper(root: string, props: (application: Application) => Partial<ServiceProps>): string {
  const app = new App({ root });
  const application = new Application(app, 'wheelhouse-model');
  const image = new RegistryImage(application, 'image', { reference: PYTHON, facts: { userId: 65532, groupId: 65532, ports: [], writablePaths: [{ path: '/a,b' }], handlesStopSignal: false } });
  new Service(application, 'api', { image, command: ['-c', 'import time; time.sleep(600)'], stopGraceSeconds: 1, ...props(application) });
  new ComposeFile(application, 'compose');
  app.synth();
  return join(root, 'wheelhouse.out/wheelhouse-model/compose.yaml');
}

/** What compose says of a file that is not ours. */
function forced(document: object) {
  const file = join(folder(), 'compose.yaml');
  writeFileSync(file, stringify(document));
  return tryDocker('compose', '--file', file, '--project-name', 'wheelhouse-forced', 'create');
}

describeOnEngine('compose', () => {
  test('takes a file that has everything, from any directory', () => {
    const { app, application, outdir } = appWith(FULL_SOURCE);
    declareEverything(application);
    app.synth();
    const before = process.cwd();
    try {
      process.chdir('/');
      const config = JSON.parse(succeed('docker', ['compose', '--file', join(outdir, 'shop/compose.yaml'), '--profile', '*', 'config', '--format', 'json'], { SITE: 'x' }));
      expect(Object.keys(config.services).sort()).toEqual(['admin', 'api', 'db', 'migrate', 'nightly', 'worker']);
      expect(config.services.api.build.context).toBe(join(outdir, '..'));
      expect(config.services.api.environment).toMatchObject({ LOG_LEVEL: 'info', SITE: 'x', PRICE: '5 $$' });
    } finally {
      process.chdir(before);
    }
  });

  test('gives a process the text that a config has since the last synth', () => {
    const root = folder();
    const up = (text: string) => {
      const file = sleeper(root, application => ({
        configs: [{ config: new Config(application, 'text', { text }), path: '/etc/text' }],
        volumes: [{ volume: new Volume(application, 'data'), path: '/x,y', readOnly: true }],
      }));
      succeed('docker', ['compose', '--file', file, 'up', '--detach', '--quiet-pull']);
      return docker('compose', '--file', file, 'exec', '--no-TTY', 'api', '/usr/bin/python', '-c', 'import os; print(open("/etc/text").read(), os.stat("/a,b").st_uid, oct(os.stat("/a,b").st_mode))');
    };
    const file = join(root, 'wheelhouse.out/wheelhouse-model/compose.yaml');
    try {
      expect(up('one')).toBe('one 65532 0o40700');
      const container = docker('compose', '--file', file, 'ps', '--quiet');
      expect(up('one')).toBe('one 65532 0o40700');
      expect(docker('compose', '--file', file, 'ps', '--quiet')).toBe(container);
      expect(up('two')).toBe('two 65532 0o40700');
      expect(docker('compose', '--file', file, 'ps', '--quiet')).not.toBe(container);
    } finally {
      run('docker', ['compose', '--file', file, 'down', '--volumes', '--timeout', '1']);
    }
  });

  test('gives a build the secret that is declared under the name of its mount, and no layer has it', () => {
    const root = folder({ 'secrets/token': 'p@ss/w:rd%' });
    const app = new App({ root });
    const application = new Application(app, 'wheelhouse-build');
    new Secret(application, 'token');
    const image = new MultiStageBuild(application, 'image');
    const stage = new Stage(image, 'one', { base: BaseImage.pythonSlim({ python: '3.13' }) });
    stage.runShell('wc -c < /run/secrets/token > /length', { mounts: [Mount.secret('token')] });
    stage.user(65532, 65532);
    stage.entrypoint(['cat', '/length']);
    new Job(application, 'job', { image, profiles: ['tools'] });
    new ComposeFile(application, 'compose');
    app.synth();
    const compose = ['compose', '--file', join(root, 'wheelhouse.out/wheelhouse-build/compose.yaml')];
    try {
      expect(docker(...compose, 'run', '--rm', '--no-TTY', '--build', 'job')).toMatch(/10$/);
      expect(docker('history', '--no-trunc', 'wheelhouse-build-job')).not.toContain('p@ss');
    } finally {
      run('docker', [...compose, '--profile', 'tools', 'down', '--rmi', 'local']);
    }
  });

  /** How compose is called for a job whose image is for an architecture, on a base of the builder's or of another `platform`. */
  function built(architecture: Architecture, base: BaseImage, platform?: string) {
    const root = folder();
    const app = new App({ root });
    const application = new Application(app, 'wheelhouse-platform');
    const image = new MultiStageBuild(application, 'image', { architecture: platform === undefined ? architecture : undefined });
    const stage = new Stage(image, 'one', { base, platform });
    stage.writeFile('/text', '');
    stage.entrypoint(['/usr/bin/python', '-c', 'import platform; print(platform.machine())']);
    new Job(application, 'job', { image, profiles: ['tools'] });
    const compose = new ComposeFile(application, 'compose');
    // as if ARCHITECTURE_OTHER did not refuse it
    if (platform !== undefined) compose.add('/services/job/platform', `linux/${architecture}`);
    app.synth();
    return ['compose', '--file', join(root, 'wheelhouse.out/wheelhouse-platform/compose.yaml'), '--profile', 'tools'];
  }
  const architectureOf = (image: string) => docker('image', 'inspect', '--format', '{{.Architecture}}', image);

  test('builds and runs for the architecture of an image', () => {
    const compose = built(Architecture.AMD64, BaseImage.chainguardPython());
    try {
      const { job } = JSON.parse(docker(...compose, 'config', '--format', 'json')).services;
      expect(job).toMatchObject({ platform: 'linux/amd64' });
      expect(docker(...compose, 'run', '--rm', '--no-TTY', '--build', 'job')).toMatch(/x86_64$/);
      expect(architectureOf('wheelhouse-platform-job')).toBe('amd64');
    } finally {
      run('docker', [...compose, 'down', '--rmi', 'local']);
    }
  });

  test('builds for another architecture than the engine has', () => {
    const compose = built(Architecture.ARM64, BaseImage.scratch());
    try {
      expect(tryDocker(...compose, 'build')).toMatchObject({ status: 0 });
      expect(architectureOf('wheelhouse-platform-job')).toBe('arm64');
    } finally {
      run('docker', [...compose, 'down', '--rmi', 'local']);
    }
  });

  test('ARCHITECTURE_OTHER: an image on programs of another architecture is called what it is not', () => {
    const compose = built(Architecture.ARM64, BaseImage.chainguardPython(), 'linux/amd64');
    try {
      docker(...compose, 'build');
      expect(architectureOf('wheelhouse-platform-job')).toBe('arm64');
      // its program is the engine's own, and runs
      expect(docker('run', '--rm', '--platform', 'linux/arm64', 'wheelhouse-platform-job')).toMatch(/x86_64$/);
    } finally {
      run('docker', [...compose, 'down', '--rmi', 'local']);
    }
  });

  test('DEPENDS_ON_DEMAND: refuses a file in which a service waits for one that no profile starts', () => {
    const waiting = (profiles?: string[]) => ({ services: { a: { image: PYTHON, depends_on: ['b'] }, b: { image: PYTHON, profiles } } });
    expect(forced(waiting(['debug']))).toMatchObject({ status: 15, stderr: expect.stringMatching(/"a" depends on undefined service "b"/) });
    expect(forced(waiting()).status).toBe(0);
  });

  test.each(['secrets', 'configs'])('has no %s of somebody else, and writes none into a read-only root', kind => {
    const using = (declared: object) => ({ services: { a: { image: PYTHON, read_only: true, [kind]: ['x'] } }, [kind]: { x: declared } });
    expect(forced(using({ external: true })).stderr).toMatch(/unsupported external/);
    expect(forced(using({ environment: 'HOME' })).stderr).toMatch(/read.?only/i);
  });

  afterAll(() => run('docker', ['compose', '--project-name', 'wheelhouse-forced', 'down', '--timeout', '1']));
});
