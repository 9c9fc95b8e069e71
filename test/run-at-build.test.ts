/** What is run while the image is built, where its result goes, and how compose checks the health of other processes. */
import { parse } from 'yaml';
import { appWith, filesUnder, FLASK_SOURCE } from './declare';
import { refusesAtOnce } from './refuses';
import {
  Bytecode, ComposeFile, FileCaching, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service, StaticFiles,
  type PythonServiceImageProps, type RunAtBuildProps, type Stage,
} from 'cdk-wheelhouse';

const COLLECT = ['manage.py', 'collectstatic', '--no-input'];
const SLIM = PythonBase.slim({ python: '3.13', debian: 'bookworm' });

/** The Dockerfile of an image of which something takes the files of the stage `static`. */
function dockerfileWith(props: Partial<PythonServiceImageProps> = {}, run: RunAtBuildProps = {}, files: Record<string, string> = FLASK_SOURCE,
  more: (stage: Stage) => void = () => undefined): string {
  const { app, application, outdir } = appWith(files);
  const image = new PythonServiceImage(application, 'image', { source: 'app', base: SLIM, server: PythonServer.gunicorn('app:app'), ...props });
  const stage = image.runAtBuild('static', COLLECT, run);
  more(stage);
  image.runtimeStage.copyFrom(stage, ['/static/names.json'], '/static/names.json');
  app.synth();
  return filesUnder(outdir)['shop/images/image/Dockerfile'];
}

/** The instructions of one stage. */
function stageOf(dockerfile: string, name: string): string[] {
  const text = dockerfile.split(/^(?=FROM )/m).find(stage => stage.split('\n')[0].endsWith(` AS ${name}`))!;
  return text.trimEnd().split('\n');
}

describe('runAtBuild', () => {
  test('runs on the runtime image, with the packages, the application and the interpreter that the service has', () => {
    expect(stageOf(dockerfileWith(), 'static')).toEqual([
      'FROM python:3.13-slim-bookworm AS static',
      'ENV PYTHONDONTWRITEBYTECODE=1',
      'WORKDIR /app',
      'COPY --link --from=build /venv /venv',
      'COPY app /app',
      'RUN ["/venv/bin/python", "manage.py", "collectstatic", "--no-input"]',
    ]);
  });

  test('gives variables to what is run, and takes more instructions after it', () => {
    const dockerfile = dockerfileWith({}, { environment: { DJANGO_SETTINGS_MODULE: 'config.build' } }, FLASK_SOURCE, stage => stage.runExec(['/venv/bin/python', 'more.py']));
    expect(stageOf(dockerfile, 'static').slice(-3)).toEqual([
      'ENV DJANGO_SETTINGS_MODULE=config.build', 'RUN ["/venv/bin/python", "manage.py", "collectstatic", "--no-input"]', 'RUN ["/venv/bin/python", "more.py"]',
    ]);
    expect(stageOf(dockerfile, 'runtime').join('\n')).not.toContain('DJANGO');
  });

  test('runs as root on images that start as another user', () => {
    expect(stageOf(dockerfileWith({ base: PythonBase.chainguard() }), 'static').slice(0, 2)).toEqual(['FROM cgr.dev/chainguard/python:latest AS static', 'USER 0:0']);
  });

  test('has the packages of the distribution that the service has, installed once where there is a stage for them', () => {
    const systemPackages = { toRun: ['libpq5'] };
    const shared = dockerfileWith({ systemPackages });
    expect(stageOf(shared, 'static')[0]).toBe('FROM system AS static');
    expect(shared.match(/libpq5/g)).toHaveLength(1);
    expect(stageOf(dockerfileWith({ systemPackages, bytecode: Bytecode.installed() }), 'static').join('\n')).toContain('libpq5');
  });

  test('has an application that is installed as a package', () => {
    const files = { 'app/pyproject.toml': '[project]\nname = "shop"\nversion = "1"\ndependencies = ["gunicorn"]\n[build-system]\nrequires = ["setuptools"]\n', 'app/shop.py': '', 'app/requirements.txt': 'gunicorn\n' };
    expect(stageOf(dockerfileWith({ install: true, server: PythonServer.gunicorn('shop:app') }, {}, files), 'static').slice(-3)).toEqual([
      'COPY --link --from=build /venv /venv', 'COPY --link --from=package /package /venv', 'RUN ["/venv/bin/python", "manage.py", "collectstatic", "--no-input"]',
    ]);
  });

  test('is left out where nothing takes its files, and built again in the image of a proxy that does', () => {
    const { app, application, outdir } = appWith();
    const image = new PythonServiceImage(application, 'image', { source: 'app', base: SLIM, server: PythonServer.gunicorn('app:app') });
    const files = StaticFiles.fromStage(image.runAtBuild('static', COLLECT), '/static');
    const api = new Service(application, 'api', { image });
    new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api), Route.files('/static/', files, { caching: FileCaching.hashedNames() })] });
    app.synth();
    const out = filesUnder(outdir);
    expect(out['shop/images/image/Dockerfile']).not.toContain('static');
    const proxy = out['shop/images/web-image/Dockerfile'];
    expect([...proxy.matchAll(/^FROM .* AS (.*)$/mg)].map(([, name]) => name)).toEqual(['directories', 'image-build', 'image-static', 'proxy']);
    expect(proxy).toContain('COPY --from=image-static /static /srv/www/1/static');
  });

  refusesAtOnce('to run nothing', 'shop/image/static: command [] is empty or has a NUL; give a program or arguments, none with a NUL [COMMAND_WORDS]',
    () => declared().runAtBuild('static', []), () => declared().runAtBuild('static', ['-m', 'compileall']));
});

describe("compose's health check of another process of an image", () => {
  /** The entry of a process beside one that the image starts by itself. */
  const healthOf = (main: PythonServer, other: PythonServer) => {
    const { app, application, outdir } = appWith();
    const image = new PythonServiceImage(application, 'image', { source: 'app', base: SLIM, server: main });
    new Service(application, 'api', { image });
    new Service(application, 'other', { image: image.process('other', other) });
    new ComposeFile(application, 'compose');
    app.synth();
    return parse(filesUnder(outdir)['shop/compose.yaml']).services.other.healthcheck;
  };
  const web = PythonServer.gunicorn('app:app');
  const tool = PythonServer.module('tool');

  test('is its own', () => expect(healthOf(tool, PythonServer.module('web', { port: 9000 })).test.join(' ')).toContain("('127.0.0.1', 9000)"));
  test("is disabled where it has none and the image carries another's", () => expect(healthOf(web, tool)).toEqual({ disable: true }));
  test('is not mentioned where the image carries none', () => expect(healthOf(tool, PythonServer.module('other'))).toBeUndefined());

  test('is not mentioned for a proxy whose image has nothing that could check it', () => {
    const { app, application, outdir } = appWith();
    const api = new Service(application, 'api', { image: new PythonServiceImage(application, 'image', { source: 'app', base: SLIM, server: web }) });
    new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api)] });
    new ComposeFile(application, 'compose');
    app.synth();
    expect(parse(filesUnder(outdir)['shop/compose.yaml']).services.web.healthcheck).toBeUndefined();
  });
});

function declared(): PythonServiceImage {
  return new PythonServiceImage(appWith().application, 'image', { source: 'app', base: SLIM, server: PythonServer.gunicorn('app:app') });
}
