/** What the first refusals say is true: forced past them, the refused combination fails on the engine, and the accepted one works. */
import { join } from 'node:path';
import { folder } from '../declare';
import { describeOnEngine, docker, request, tryDocker, type Outcome } from './engine';
import {
  App, Application, BaseImage, ComposeFile, MultiStageBuild, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service, Stage,
} from 'cdk-wheelhouse';

const SLIM = BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' });
const FULL = BaseImage.python({ python: '3.13', debian: 'bookworm' });

/** Declares one image, synthesizes it, builds it under a tag. */
function built(tag: string, declare: (image: MultiStageBuild) => void, files: Record<string, string> = {}): Outcome {
  const root = folder(files);
  const app = new App({ root });
  declare(new MultiStageBuild(new Application(app, 'forced'), 'image'));
  app.synth();
  return tryDocker('buildx', 'build', '--progress', 'plain', '--tag', `wheelhouse-e2e/${tag}`, '--file', join(root, 'wheelhouse.out/forced/images/image/Dockerfile'), root);
}

/** Declares one image that can be built, and runs it. */
function ran(tag: string, declare: (image: MultiStageBuild) => void): Outcome {
  const outcome = built(tag, declare);
  if (outcome.status !== 0) throw new Error(outcome.stderr);
  return tryDocker('run', '--rm', `wheelhouse-e2e/${tag}`);
}

describeOnEngine('the truth of', () => {
  test('RUN_WITHOUT_SHELL: there is nothing to run the shell form', () => {
    const forced = built('no-shell', image => new Stage(image, 'one', { base: BaseImage.chainguardPython() }).raw('RUN echo hi'));
    expect(forced).toMatchObject({ status: 1, stderr: expect.stringMatching(/\/bin\/sh.*no such file or directory/) });
    expect(built('shell', image => new Stage(image, 'one', { base: BaseImage.chainguardPythonDev() }).runShell('echo hi')).status).toBe(0);
    expect(built('exec', image => new Stage(image, 'one', { base: BaseImage.chainguardPython() }).runExec(['/usr/bin/python', '-V'])).status).toBe(0);
  });

  test('PYTHON_PATH: a virtual environment does not start where its interpreter is elsewhere', () => {
    const onto = (base: BaseImage) => (image: MultiStageBuild) => {
      const build = new Stage(image, 'build', { base: SLIM });
      build.runShell('/usr/local/bin/python3 -m venv --without-pip /venv');
      const runtime = new Stage(image, 'runtime', { base });
      runtime.copyFrom(build, ['/venv'], '/venv');
      runtime.entrypoint(['/venv/bin/python', '-c', 'print("started")']);
    };
    expect(ran('venv-elsewhere', onto(BaseImage.chainguardPython()))).toMatchObject({ stdout: '', stderr: expect.stringMatching(/\/venv\/bin\/python.*no such file or directory/) });
    expect(ran('venv-there', onto(SLIM))).toMatchObject({ status: 0, stdout: 'started\n' });
  });

  test('LIBC_MIXED: a program for musl does not start with glibc', () => {
    const onto = (compiler: string) => (image: MultiStageBuild) => {
      const build = new Stage(image, 'build', { base: FULL });
      build.runShell('apt-get update && apt-get install --yes --no-install-recommends musl-tools');
      build.writeFile('/main.c', '#include <stdio.h>\nint main(void) { puts("started"); return 0; }\n');
      build.runShell(`${compiler} -o /main /main.c`);
      const runtime = new Stage(image, 'runtime', { base: SLIM });
      runtime.copyFrom(build, ['/main'], '/main');
      runtime.entrypoint(['/main']);
    };
    expect(ran('musl', onto('musl-gcc'))).toMatchObject({ stdout: '', stderr: expect.stringMatching(/\/main.*no such file or directory/) });
    expect(ran('glibc', onto('gcc'))).toMatchObject({ status: 0, stdout: 'started\n' });
  });

  test('LIBC_NEWER: a library made with a newer glibc is not loaded by an older one', () => {
    const madeOn = (release: string) => (image: MultiStageBuild) => {
      const build = new Stage(image, 'build', { base: BaseImage.fromReference('debian:bookworm-slim') });
      // the C library and compiler of the release
      build.runShell(`sed -i s/bookworm/${release}/ /etc/apt/sources.list.d/debian.sources && apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev`);
      build.writeFile('/number.c', '#define _GNU_SOURCE\n#include <stdlib.h>\nlong number(const char *text) { return strtol(text, 0, 10); }\n');
      build.runShell('gcc -shared -fPIC -o /number.so /number.c');
      const runtime = new Stage(image, 'runtime', { base: SLIM });
      runtime.copyFrom(build, ['/number.so'], '/number.so');
      runtime.entrypoint(['/usr/local/bin/python3', '-c', 'import ctypes; print(ctypes.CDLL("/number.so").number(b"42"))']);
    };
    expect(ran('newer-libc', madeOn('trixie'))).toMatchObject({ status: 1, stderr: expect.stringMatching(/version `GLIBC_2\.38' not found/) });
    expect(ran('same-libc', madeOn('bookworm'))).toMatchObject({ status: 0, stdout: '42\n' });
  });

  test('SECRET_NAME: whoever has the image reads the value', () => {
    expect(built('secret', image => {
      const one = new Stage(image, 'one', { base: SLIM });
      one.raw('ARG GITHUB_TOKEN=planted-argument\nENV API_KEY=planted-variable\nRUN true');
    }).status).toBe(0);
    expect(docker('image', 'inspect', 'wheelhouse-e2e/secret')).toContain('planted-variable');
    expect(docker('history', '--no-trunc', 'wheelhouse-e2e/secret')).toContain('planted-argument');
  });

  test("SECRET_NAME: BuildKit's own check says the same", () => {
    const checked = (name: string) => {
      const root = folder({ Dockerfile: `# syntax=docker/dockerfile:1\nFROM scratch\nENV ${name}=x\n` });
      return tryDocker('buildx', 'build', '--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=error=true', root);
    };
    expect(checked('API_KEY')).toMatchObject({ status: 1, stderr: expect.stringContaining('SecretsUsedInArgOrEnv') });
    expect(checked('API_URL').status).toBe(0);
  });

  test('SOURCE_MISSING: the build does not find the file', () => {
    const forced = built('no-source', image => new Stage(image, 'one', { base: BaseImage.scratch() }).raw('COPY nothing.txt /nothing.txt'), { 'there.txt': '' });
    expect(forced).toMatchObject({ status: 1, stderr: expect.stringMatching(/nothing\.txt.*not found/) });
    expect(built('source', image => new Stage(image, 'one', { base: BaseImage.scratch() }).copy(['there.txt'], '/there.txt'), { 'there.txt': '' }).status).toBe(0);
  });

  test('ROUTE_PORT: nobody answers on a port that nobody listens on', () => {
    const answers = (port: number, published: number) => {
      const root = folder({ 'app/app.py': 'def app(environ, start):\n    start("200 OK", [])\n    return [b"hello"]\n', 'app/requirements.txt': 'gunicorn\n' });
      const app = new App({ root });
      const application = new Application(app, `route-${port}`);
      const image = new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
      // a port that the image declares besides its server's is believed: that is how the refusal is got past
      image.runtimeStage.raw('# declared, and nobody listens');
      image.runtimeStage.expose(9000);
      const api = new Service(application, 'api', { image });
      new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api, { port })], publish: published });
      new ComposeFile(application, 'compose');
      app.synth();
      const compose = (...args: string[]) => docker('compose', '--file', join(root, `wheelhouse.out/route-${port}/compose.yaml`), ...args);
      try {
        compose('up', '--build', '--wait');
        return request(`http://127.0.0.1:${published}/`).status;
      } finally {
        compose('down', '--rmi', 'local');
      }
    };
    expect([answers(8000, 8081), answers(9000, 8082)]).toEqual([200, 502]);
  });
});
