/**
 * What the checks say is true: forced past them, the engine fails or does something else than it looks like.
 *
 * Not shown here, for want of the images: apk on a base that has it (Alpine, Wolfi), and Ubuntu. Nor a cluster: that Kubernetes does
 * not start a user by name is what its kubelet says.
 */
import { join } from 'node:path';
import { folder } from '../declare';
import { describeOnEngine, docker, tryDocker, type Outcome } from './engine';
import { App, Application, BaseImage, ComposeFile, MultiStageBuild, Service, Stage, type ProcessProps } from 'cdk-wheelhouse';

const SLIM = BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' });
const CHAINGUARD = BaseImage.chainguardPython();

/** Declares one image of one stage, synthesizes it, builds it under a tag. */
function built(tag: string, base: BaseImage, declare: (stage: Stage) => void, files: Record<string, string> = {}): Outcome {
  const root = folder(files);
  const app = new App({ root });
  declare(new Stage(new MultiStageBuild(new Application(app, 'forced'), 'image'), 'one', { base }));
  app.synth();
  return tryDocker('buildx', 'build', '--progress', 'plain', '--tag', image(tag), '--file', join(root, 'wheelhouse.out/forced/images/image/Dockerfile'), root);
}

function image(tag: string): string {
  return `wheelhouse-e2e/checks-${tag}`;
}

describeOnEngine('the truth of', () => {
  test('PACKAGE_MANAGER: another, or none, is not found', () => {
    expect(built('apk', SLIM, stage => stage.raw('RUN apk add --no-cache curl'))).toMatchObject({ status: 1, stderr: expect.stringMatching(/apk: not found/) });
    expect(built('apt', SLIM, stage => stage.runShell('apt-get --version')).status).toBe(0);
    expect(built('none', CHAINGUARD, stage => stage.raw('RUN ["apt-get", "update"]'))).toMatchObject({
      status: 1, stderr: expect.stringMatching(/"apt-get": executable file not found/),
    });
  });

  test('SOURCE_IGNORED: the build does not find what the ignore list leaves out', () => {
    const files = { 'app/.env': 'A=1', 'app/env.sample': 'A=' };
    // the directory is declared, so that its files are allowed; the one that is left out is asked for past the check
    const copying = (name: string) => (stage: Stage) => {
      stage.copy(['app'], '/app');
      stage.raw(`COPY app/${name} /x`);
    };
    expect(built('ignored', BaseImage.scratch(), copying('.env'), files)).toMatchObject({ status: 1, stderr: expect.stringMatching(/app\/\.env.*not found/) });
    expect(built('sample', BaseImage.scratch(), copying('env.sample'), files).status).toBe(0);
  });

  test("COMMAND_TO_ENTRYPOINT: the command becomes arguments of the base's entrypoint", () => {
    const says = (tag: string, declare: (stage: Stage) => void) => {
      expect(built(tag, CHAINGUARD, declare).status).toBe(0);
      return tryDocker('run', '--rm', image(tag));
    };
    expect(says('handed', stage => stage.command(['/usr/bin/python', '-V']))).toMatchObject({ status: 1, stderr: expect.stringMatching(/SyntaxError: /) });
    expect(says('said', stage => { stage.entrypoint(['/usr/bin/python']); stage.command(['-V']); })).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Python 3/) });
  });

  test('USER_NAME: the image has a name where a cluster looks for a number', () => {
    expect(built('user', SLIM, stage => stage.raw('USER nobody')).status).toBe(0);
    expect(docker('image', 'inspect', image('user'), '--format', '{{.Config.User}}')).toBe('nobody');
    expect(built('number', SLIM, stage => stage.user(65534, 65534)).status).toBe(0);
    expect(docker('image', 'inspect', image('number'), '--format', '{{.Config.User}}')).toBe('65534:65534');
  });

  test('LOW_PORT: where nodes keep the limit, nobody but root listens below it; the engine itself has lifted it', () => {
    const listens = (port: number, ...options: string[]) => tryDocker('run', '--rm', '--cap-drop', 'ALL', '--user', '65532:65532', ...options, CHAINGUARD.reference,
      '-c', `import socket; socket.create_server(("127.0.0.1", ${port})); print("listens")`);
    const node = ['--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024'];
    expect(listens(80, ...node)).toMatchObject({ status: 1, stderr: expect.stringMatching(/PermissionError: .*Permission denied/) });
    expect(listens(1024, ...node)).toMatchObject({ status: 0, stdout: 'listens\n' });
    expect(listens(80)).toMatchObject({ status: 0, stdout: 'listens\n' });
  });

  test('GRACE_TOO_SHORT: who is killed before the graceful timeout has passed does not finish', () => {
    const program = 'import signal, sys, time\ndef stop(*_):\n    time.sleep(4)\n    print("finished", flush=True)\n    sys.exit(0)\n'
      + 'signal.signal(signal.SIGTERM, stop)\nprint("ready", flush=True)\nsignal.pause()\n';
    expect(built('slow', CHAINGUARD, stage => {
      stage.writeFile('/slow.py', program);
      stage.entrypoint(['/usr/bin/python', '/slow.py']);
    }).status).toBe(0);
    const stopped = (grace: number) => {
      const name = `wheelhouse-e2e-checks-slow-${grace}`;
      docker('run', '--detach', '--name', name, image('slow'));
      try {
        for (let tries = 0; tries < 50 && !docker('logs', name).includes('ready'); tries++) docker('version');
        docker('stop', '--time', `${grace}`, name);
        return [docker('logs', name).includes('finished'), Number(docker('inspect', name, '--format', '{{.State.ExitCode}}'))];
      } finally {
        docker('rm', '--force', name);
      }
    };
    expect(stopped(2)).toEqual([false, 137]);
    expect(stopped(10)).toEqual([true, 0]);
  });

  test('HEALTH_CHECK_RAW: compose waits for a check that is said, and for none in raw text', () => {
    const root = folder();
    const app = new App({ root });
    const application = new Application(app, 'raw-health');
    const declared = (id: string, props: ProcessProps, declare: (stage: Stage) => void) => {
      const made = new MultiStageBuild(application, id, props);
      const stage = new Stage(made, 'one', { base: CHAINGUARD });
      stage.entrypoint(['/usr/bin/python', '-c', 'import signal; signal.pause()']);
      declare(stage);
      return made;
    };
    const timings = { intervalSeconds: 1, timeoutSeconds: 1, retries: 3, startPeriodSeconds: 0 };
    const raw = new Service(application, 'raw', { image: declared('raw-image', {}, stage => stage.raw('HEALTHCHECK CMD ["/usr/bin/python", "-V"]')) });
    const said = new Service(application, 'said', { image: declared('said-image', {}, stage => stage.healthCheck({ command: ['/usr/bin/python', '-V'], ...timings })) });
    new Service(application, 'after', { image: declared('after-image', {}, () => undefined), dependsOn: [raw, said] });
    new ComposeFile(application, 'compose');
    app.synth();
    const config = JSON.parse(docker('compose', '--file', join(root, 'wheelhouse.out/raw-health/compose.yaml'), 'config', '--format', 'json'));
    expect(config.services.after.depends_on).toMatchObject({ raw: { condition: 'service_started' }, said: { condition: 'service_healthy' } });
  });
});
