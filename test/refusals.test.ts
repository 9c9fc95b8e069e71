/** Every fault, whole message, and beside it what is accepted. The last test sees that no code is without one. */
import { readFileSync } from 'node:fs';
import { appWith, declareShop, filesUnder, FLASK_SOURCE } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import {
  App, Application, BaseImage, Checks, ComposeFile, Dependencies, FileTarget, HealthCheck, Layout, Libc, Mount, MultiStageBuild,
  Network, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service, Stage, type TargetOutput,
} from 'cdk-wheelhouse';

const CHAINGUARD = PythonBase.chainguard();
const GUNICORN = PythonServer.gunicorn('app:app');

/** A stage that nothing is wrong with, in an image of its own. */
function stage(base = BaseImage.pythonSlim({ python: '3.13' })) {
  const { app, application } = appWith();
  const image = new MultiStageBuild(application, 'image');
  return { app, image, stage: new Stage(image, 'one', { base }) };
}

function pythonImage(application: Application, base: PythonBase, id = 'api-image') {
  return new PythonServiceImage(application, id, { source: 'app', base, server: GUNICORN });
}

describe('at once', () => {
  refusesAtOnce('an id that is no DNS label', "Shop: application id 'Shop' is not a DNS label; use up to 63 of a-z, 0-9 and '-', starting with a letter, not ending with '-' [NAME_DNS_LABEL]",
    () => new Application(appWith().app, 'Shop'), () => new Application(appWith().app, 'shop-2'));
  refusesAtOnce('a network id that is no DNS label', "shop/front_net: network id 'front_net' is not a DNS label; use up to 63 of a-z, 0-9 and '-', starting with a letter, not ending with '-' [NAME_DNS_LABEL]",
    () => new Network(appWith().application, 'front_net'), () => new Network(appWith().application, 'frontnet'));
  refusesAtOnce('a service outside an Application', "api: it is not in an Application; declare it in one: new Application(app, 'shop') [APPLICATION_MISSING]",
    () => new Service(appWith().app, 'api', { image: new MultiStageBuild(appWith().application, 'image') }),
    () => new Service(appWith().application, 'api', { image: new MultiStageBuild(appWith().application, 'image') }));
  refusesAtOnce('a target outside an Application', "compose: it is not in an Application; declare it in one: new Application(app, 'shop') [APPLICATION_MISSING]",
    () => new ComposeFile(appWith().app, 'compose'), () => new ComposeFile(appWith().application, 'compose'));
  refusesAtOnce('an unknown Debian release', "Debian release 'sid' is unknown; use bookworm or trixie [DEBIAN_RELEASE]",
    () => BaseImage.python({ python: '3.13', debian: 'sid' }), () => BaseImage.python({ python: '3.13', debian: 'trixie' }));
  refusesAtOnce('a Python that is no feature release', "python '3.13.1' is not a feature release such as 3.13 [PYTHON_RELEASE]",
    () => PythonBase.slim({ python: '3.13.1' }), () => PythonBase.slim({ python: '3.13' }));
  refusesAtOnce('an image reference that is none', "'Not An Image' is not an image reference such as registry.example.com/team/name:tag@sha256:… [IMAGE_REFERENCE]",
    () => BaseImage.fromReference('Not An Image'), () => BaseImage.fromReference('example.com/image:1'));
  refusesAtOnce('a gunicorn application that is no module and variable', "gunicorn application 'app.py' is not a module and a variable, such as shop.wsgi:app [APPLICATION_NAME]".replace('app.py', 'my-app:app'),
    () => PythonServer.gunicorn('my-app:app'), () => PythonServer.gunicorn('shop.wsgi:create()'));
  refusesAtOnce('a server port that needs root', 'port 80 is below 1024, which only root may listen on; use 1024-65535 [PORT_PRIVILEGED]',
    () => PythonServer.gunicorn('app:app', { port: 80 }), () => PythonServer.gunicorn('app:app', { port: 1024 }));
  refusesAtOnce('a number of workers that is none', 'workers 0 is not a whole number from 1 up [COUNT]',
    () => PythonServer.gunicorn('app:app', { workers: 0 }), () => PythonServer.gunicorn('app:app', { workers: 1 }));
  refusesAtOnce('a health path without its slash', "health path 'healthz' does not start with '/' [HEALTH_PATH]",
    () => HealthCheck.http(8000, 'healthz'), () => HealthCheck.http(8000, '/healthz'));
  refusesAtOnce('an empty health command', 'a health check has an empty command; give a program and its arguments [COMMAND_EMPTY]',
    () => HealthCheck.command([]), () => HealthCheck.command(['/bin/true']));
  refusesAtOnce('a timing that is no whole number of seconds', 'intervalSeconds 0 is not a duration; give a whole number of seconds from 1 up [DURATION_SECONDS]',
    () => HealthCheck.tcp(8000, { intervalSeconds: 0 }), () => HealthCheck.tcp(8000, { intervalSeconds: 1 }));
  refusesAtOnce('a route prefix that does not end with a slash', "route prefix '/api' is not a path that starts and ends with '/'; use letters, digits and . _ ~ @ : + - between slashes, such as /api/ [ROUTE_PREFIX]",
    () => Route.prefix('/api', declareShop(appWith().application).api), () => Route.prefix('/api/', declareShop(appWith().application).api));
  refusesAtOnce('a proxy without routes', "shop/web: the proxy has no routes; give at least one, such as Route.prefix('/', service) [ROUTES_EMPTY]",
    () => new NginxReverseProxy(appWith().application, 'web', { routes: [] }), () => declareShop(appWith().application));
  refusesAtOnce('a proxy on an image whose nginx is unknown', "shop/other-image: where nginx:1 has its nginx is unknown; say it with BaseImage.fromReference(…, { nginxPath: '/usr/sbin/nginx' }) [NGINX_UNKNOWN]",
    () => proxyOn(BaseImage.fromReference('nginx:1')),
    () => proxyOn(BaseImage.fromReference('nginx:1', { nginxPath: '/usr/sbin/nginx', users: [{ name: 'nginx', userId: 101, groupId: 101, home: '/nonexistent' }] })));
  refusesAtOnce('a proxy on an image without a user', "shop/other-image: nginx:1 knows no user but root; say which there is with 'users' [USER_UNKNOWN]",
    () => proxyOn(BaseImage.fromReference('nginx:1', { nginxPath: '/usr/sbin/nginx' })), () => proxyOn(BaseImage.chainguardNginx()));
  refusesAtOnce('an empty acknowledgement', 'shop/image/one: acknowledging SECRET_NAME needs a reason; write the sentence that a reviewer would ask for [ACKNOWLEDGE_REASON]',
    () => Checks.acknowledge(stage().stage, 'SECRET_NAME', ' '), () => Checks.acknowledge(stage().stage, 'SECRET_NAME', 'a public key'));
  refusesAtOnce('a source path that leaves the root', "source path \"../secrets\" is not relative and normal; write 'app/main.py': no leading '/', no '..', no trailing '/', no backslash, no control characters [SOURCE_PATH]",
    () => Mount.bind('../secrets', '/x'), () => Mount.bind('secrets', '/x'));
  refusesAtOnce('a container path that is relative', "container path 'x' is not absolute and normal; start with '/', without '.', '..', '//', a trailing '/', control characters or any of * ? [ ] \\ $ \" ' [CONTAINER_PATH]",
    () => Mount.cache('x'), () => Mount.cache('/x'));

  function proxyOn(base: BaseImage) {
    const { application } = appWith();
    const { api } = declareShop(application);
    return new NginxReverseProxy(application, 'other', { routes: [Route.prefix('/', api)], base });
  }
});

describe('Stage', () => {
  refusesAtOnce('a reserved name', "shop/image/scratch: stage name 'scratch' cannot be used; start with a-z, go on with a-z, 0-9, '-', '_' and '.', and do not use 'scratch' or 'context' [STAGE_NAME]",
    () => new Stage(stage().image, 'scratch', { base: BaseImage.scratch() }), () => new Stage(stage().image, 'scratch-2', { base: BaseImage.scratch() }));
  refusesAtOnce('a stage of another build', "shop/image/one: stage 'one' is not another stage of this build; use one declared in 'shop/image', or an image [STAGE_FOREIGN]",
    () => stage().stage.copyFrom(stage().stage, ['/x'], '/x'), () => { const { image, stage: one } = stage(); new Stage(image, 'two', { base: one }).copyFrom(one, ['/x'], '/x'); });
  refusesAtOnce('a script of several lines', 'shop/image/one: script "a\\nUSER root" is not one line of shell; join commands with \'&&\', or use runScript [RUN_SCRIPT]',
    () => stage().stage.runShell('a\nUSER root'), () => stage().stage.runShell('a && b'));
  refusesAtOnce('a command without words', 'shop/image/one: command [] is empty or has a NUL; give a program or arguments, none with a NUL [COMMAND_WORDS]',
    () => stage().stage.command([]), () => stage().stage.command(['']));
  refusesAtOnce('a command without a program', 'shop/image/one: command ["","x"] starts with an empty word; give a program and its arguments [COMMAND_EMPTY]',
    () => stage().stage.runExec(['', 'x']), () => stage().stage.runExec(['/bin/true', '']));
  refusesAtOnce('nothing to copy', "shop/image/one: nothing to copy to '/x'; name at least one source [COPY_SOURCES]",
    () => stage().stage.copy([], '/x'), () => stage().stage.copy(['app'], '/x'));
  refusesAtOnce('half an owner', "shop/image/one: copy to '/x' has half an owner; give both userId and groupId [COPY_OWNER]",
    () => stage().stage.copy(['app'], '/x', { userId: 1 }), () => stage().stage.copy(['app'], '/x', { userId: 1, groupId: 1 }));
  refusesAtOnce('a mode that is not octal', "shop/image/one: mode 'u+x' is not octal, such as 0644 [FILE_MODE]",
    () => stage().stage.copy(['app'], '/x', { mode: 'u+x' }), () => stage().stage.copy(['app'], '/x', { mode: '755' }));
  refusesAtOnce('file text that a here-document does not carry', "shop/image/one: text of '/x' has a carriage return or NUL, which a here-document does not carry [FILE_TEXT]",
    () => stage().stage.writeFile('/x', 'a\r\nb'), () => stage().stage.writeFile('/x', 'a\nb'));
  refusesAtOnce('an environment value with a line break', "shop/image/one: value of environment variable 'A' has a line break or NUL, which ENV does not carry [VALUE_LINES]",
    () => stage().stage.environment({ A: 'x\nUSER root' }), () => stage().stage.environment({ A: 'x USER root' }));
  refusesAtOnce('an environment name that is none', "shop/image/one: environment variable 'A B' is not a name; use letters, digits and '_', not starting with a digit [ENVIRONMENT_NAME]",
    () => stage().stage.environment({ 'A B': '' }), () => stage().stage.environment({ A_B: '' }));
  refusesAtOnce('an argument default with a line break', "shop/image/one: default of build argument 'A' has a line break or NUL, which ARG does not carry [VALUE_LINES]",
    () => stage().stage.argument('A', 'x\ny'), () => stage().stage.argument('A'));
  refusesAtOnce('a user number that is none', 'shop/image/one: user or group number -1 is outside 0-4294967294 [USER_ID]',
    () => stage().stage.user(-1, 0), () => stage().stage.user(65532, 0));
  refusesAtOnce('a port that is none', 'shop/image/one: port 0 is outside 1-65535 [PORT_RANGE]',
    () => stage().stage.expose(0), () => stage().stage.expose(1));
  refusesAtOnce('a stop signal that is none', "shop/image/one: stop signal 'TERM' is not a name such as SIGTERM [STOP_SIGNAL]",
    () => stage().stage.stopSignal('TERM'), () => stage().stage.stopSignal('SIGRTMIN+3'));
  refusesAtOnce('a health check with two ways to check', 'shop/image/one: a health check has 2 ways to check; give one of http, tcpPort and command [HEALTH_CHECK]',
    () => stage().stage.healthCheck({ ...TIMINGS, tcpPort: 1, command: ['x'] }), () => stage().stage.healthCheck({ ...TIMINGS, tcpPort: 1 }));
  refusesAtOnce('the root as a writable path', 'shop/image/one: the root directory cannot be a writable path; name the directories that are written to [CONTAINER_PATH]',
    () => stage().stage.writablePath({ path: '/' }), () => stage().stage.writablePath({ path: '/data' }));
  refusesAtOnce('empty raw text', 'shop/image/one: raw text is empty or has a NUL, which a Dockerfile does not carry [RAW_TEXT]',
    () => stage().stage.raw(' '), () => stage().stage.raw('RUN true'));

  const TIMINGS = { intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 0 };
});

describe('synth', () => {
  refusesAtSynth('an image outside an Application', ["image: it is not in an Application; declare it in one: new Application(app, 'shop') [APPLICATION_MISSING]"],
    application => new Stage(new MultiStageBuild(application.node.root as App, 'image'), 'one', { base: BaseImage.scratch() }),
    application => new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.scratch() }));
  refusesAtSynth('a shell command on an image without a shell',
    ["shop/image/one: RUN 'echo hi' needs a shell, and cgr.dev/chainguard/python:latest has none; use runExec, or run it in a stage on a base with a shell and copy what it makes"
      + ' (https://docs.docker.com/reference/dockerfile/#shell-and-exec-form) [RUN_WITHOUT_SHELL]'],
    application => new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.chainguardPython() }).runShell('echo hi'),
    application => new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.chainguardPythonDev() }).runShell('echo hi'));
  refusesAtSynth('a virtual environment whose interpreter is elsewhere at run time',
    ['shop/api-image/runtime: the virtual environment from python:3.13-bookworm starts /usr/local/bin/python3, but example.com/debian:12 has its Python at /usr/bin/python3;'
      + ' use two images that agree, such as PythonBase.chainguard() (https://docs.python.org/3/library/venv.html#how-venvs-work) [PYTHON_PATH]'],
    application => pythonImage(application, PythonBase.of(BaseImage.python({ python: '3.13', debian: 'bookworm' }), BaseImage.fromReference('example.com/debian:12', { python: '3.13', pythonPath: '/usr/bin/python3' }))),
    application => pythonImage(application, PythonBase.slim({ python: '3.13', debian: 'bookworm' })));
  refusesAtSynth('a virtual environment for a base without Python',
    ['shop/api-image/runtime: the virtual environment from python:3.13 starts /usr/local/bin/python3, but example.com/bare:1 has no Python that is known;'
      + ' use two images that agree, such as PythonBase.chainguard() (https://docs.python.org/3/library/venv.html#how-venvs-work) [PYTHON_PATH]'],
    application => pythonImage(application, PythonBase.of(BaseImage.python({ python: '3.13' }), BaseImage.fromReference('example.com/bare:1', { python: '3.13' }))),
    application => pythonImage(application, PythonBase.slim({ python: '3.13' })));
  refusesAtSynth('two releases of Python',
    ['shop/api-image/runtime: the virtual environment is made with Python 3.13 (python:3.13) and run with Python 3.12 (python:3.12-slim); use images of one release (https://docs.python.org/3/library/venv.html) [PYTHON_MIXED]'],
    application => pythonImage(application, PythonBase.of(BaseImage.python({ python: '3.13' }), BaseImage.pythonSlim({ python: '3.12' }))),
    application => pythonImage(application, PythonBase.of(BaseImage.python({ python: '3.12' }), BaseImage.pythonSlim({ python: '3.12' }))));
  refusesAtSynth('a known release of Python against an unknown one',
    ['shop/api-image/runtime: the virtual environment is made with Python 3.13 (example.com/dev:1) and run with Python of an unknown release (cgr.dev/chainguard/python:latest);'
      + " use images of one release, or say which one the tag holds: withFacts({ python: '3.13' }) (https://docs.python.org/3/library/venv.html) [PYTHON_MIXED]"],
    application => pythonImage(application, PythonBase.of(DEV, BaseImage.chainguardPython())),
    application => pythonImage(application, PythonBase.of(DEV, BaseImage.chainguardPython().withFacts({ python: '3.13' }))));
  refusesAtSynth('code for musl on an image with glibc',
    ['shop/api-image/runtime: the virtual environment is made on example.com/alpine:1 with musl, but cgr.dev/chainguard/python:latest has glibc; use two images with the same C library'
      + ' (https://edu.chainguard.dev/chainguard/chainguard-images/about/images-compiled-programs/glibc-vs-musl/) [LIBC_MIXED]'],
    application => pythonImage(application, PythonBase.of(BaseImage.fromReference('example.com/alpine:1', { ...DEV.facts, libc: Libc.MUSL }), BaseImage.chainguardPython().withFacts({ python: '3.13' }))),
    application => pythonImage(application, PythonBase.chainguard({ python: '3.13' })));
  refusesAtSynth('code for a newer glibc',
    ['shop/api-image/runtime: the virtual environment is made on python:3.13-trixie with glibc 2.41, which is newer than 2.36 of python:3.13-slim-bookworm;'
      + ' build on the older release, or run on the newer (https://peps.python.org/pep-0600/) [LIBC_NEWER]'],
    application => pythonImage(application, PythonBase.of(BaseImage.python({ python: '3.13', debian: 'trixie' }), BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' }))),
    application => pythonImage(application, PythonBase.of(BaseImage.python({ python: '3.13', debian: 'bookworm' }), BaseImage.pythonSlim({ python: '3.13', debian: 'trixie' }))));
  refusesAtSynth('a build of several images where one is wanted', ["shop/thing: 'shop/image' makes the images 'a' and 'b'; give one: imageOf(stage) [IMAGE_UNCLEAR]"],
    application => new Service(application, 'thing', { image: twoImages(application).image }),
    application => { const { image, a } = twoImages(application); new Service(application, 'thing', { image: image.imageOf(a) }); });
  refusesAtSynth('names of ENV and ARG that look like secrets',
    ["shop/image/one: 'API_KEY' looks like a secret, and whoever has the image can read it; mount a file instead, or acknowledge that it is none (https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/) [SECRET_NAME]",
      "shop/image/one: 'GITHUB_TOKEN' looks like a secret, and whoever has the image can read it; mount a file instead, or acknowledge that it is none (https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/) [SECRET_NAME]"],
    application => secretive(application, 'API_KEY', 'GITHUB_TOKEN'),
    application => { secretive(application, 'PUBLIC_KEY', 'TOKENIZERS_PARALLELISM'); Checks.acknowledge(secretive(application, 'MAX_TOKEN_COUNT', 'PORT', 'other'), 'SECRET_NAME', 'a number of words'); });
  refusesAtSynth('an environment variable of a service that looks like a secret',
    ["shop/other: 'DB_PASSWORD' looks like a secret, and it would be written into committed files; mount a file instead, or acknowledge that it is none (https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/) [SECRET_NAME]"],
    application => new Service(application, 'other', { image: pythonImage(application, CHAINGUARD), environment: { DB_PASSWORD: 'x' } }),
    application => new Service(application, 'other', { image: pythonImage(application, CHAINGUARD), environment: { DB_PASSWORD_FILE: '/run/x' } }));
  refusesAtSynth('an acknowledgement that matches nothing',
    ["shop: 'LIBC_MIXED' is acknowledged, but no check says it here; take the acknowledgement out (https://github.com/cdk-wheelhouse/cdk-wheelhouse#checks) [ACKNOWLEDGED_NOTHING]"],
    application => Checks.acknowledge(application, 'LIBC_MIXED', 'no reason'), application => declareShop(application));
  refusesAtSynth('a route to a port that nobody listens on',
    ["shop/other: route '/' goes to port 9000 of 'api', and its image listens on 8000; give the route a port that the server listens on (https://nginx.org/en/docs/http/ngx_http_upstream_module.html#server) [ROUTE_PORT]"],
    application => new NginxReverseProxy(application, 'other', { routes: [Route.prefix('/', declareShop(application).api, { port: 9000 })] }),
    application => new NginxReverseProxy(application, 'other', { routes: [Route.prefix('/', declareShop(application).api, { port: 8000 })] }));
  refusesAtSynth('two routes with one prefix', ["shop/other: route '/' is given twice; keep one [ROUTE_TWICE]"],
    application => { const { api } = declareShop(application); new NginxReverseProxy(application, 'other', { routes: [Route.prefix('/', api), Route.prefix('/', api)] }); },
    application => { const { api } = declareShop(application); new NginxReverseProxy(application, 'other', { routes: [Route.prefix('/', api), Route.prefix('/a/', api)] }); });
  refusesAtSynth('an unknown source file', ["shop/image: there is no 'app/nothing.py' in the App's root; create it, or correct the path (https://docs.docker.com/reference/dockerfile/#copy) [SOURCE_MISSING]"],
    application => copying(application, 'app/nothing.py'), application => copying(application, 'app/app.py'));
  refusesAtSynth('a published port of an image that listens on none', ['shop/bare: port 80 is published, but the image listens on no port; it has to listen on exactly one [PUBLISH_PORT]'],
    application => new Service(application, 'bare', { image: copying(application, 'app/app.py').image, publish: 80 }),
    application => { const bare = copying(application, 'app/app.py'); bare.stage.expose(8080); new Service(application, 'bare', { image: bare.image, publish: 80 }); });
  refusesAtSynth('a part of another application', ["other/net: 'shop/api-image' is not part of the same application; declare it there [APPLICATION_FOREIGN]"],
    application => new Service(new Application(application.node.scope!, 'other'), 'net', { image: declareShop(application).image }),
    application => new Service(application, 'net', { image: declareShop(application).image }));
  refusesAtSynth('stages that need each other', ['shop/image: stages need each other: a -> b -> a; take one COPY out [STAGE_CIRCLE]'],
    application => circular(application, true), application => circular(application, false));
  refusesAtSynth('two stages that could each be the image', ["shop/image: stages 'a' and 'b' could each be the image; set 'output: true' on one of them, or on each that is one [STAGE_OUTPUT]"],
    application => twoEnds(application, false), application => twoEnds(application, true));
  refusesAtSynth('an image without a stage', ["shop/image: no stage is the image; declare one, and set 'output: true' on it when stages need each other [STAGE_OUTPUT]"],
    application => new MultiStageBuild(application, 'image'), application => circular(application, false));
  refusesAtSynth('requirements that are not there', ["shop/api-image: there is no file 'app/other.txt'; create it, or name another with Dependencies.requirements(…) [REQUIREMENTS_MISSING]"],
    application => requiring(application, 'other.txt'), application => requiring(application, 'requirements.txt'));
  refusesAtSynth('a source without anything that says what to install',
    ["shop/api-image: nothing in 'app' says which packages to install; create 'requirements.txt', or 'uv.lock' with 'uv init --bare' and 'uv lock', or choose with 'dependencies' [DEPENDENCIES_UNKNOWN]"],
    application => pythonImage(application, CHAINGUARD), application => requiring(application, 'prod.txt'), { 'app/app.py': '', 'app/prod.txt': 'gunicorn\n' });
  refusesAtSynth('hashes for some packages only', ["shop/api-image: 'app/some.txt' has hashes, but not for 'gunicorn'; pip wants them for all packages or none [HASH_MISSING]"],
    application => requiring(application, 'some.txt'), application => requiring(application, 'all.txt'),
    { 'app/app.py': '', 'app/some.txt': 'flask==3 --hash=sha256:aa\ngunicorn\n', 'app/all.txt': 'gunicorn==1 --hash=sha256:aa\n' });
  refusesAtSynth('a server that is not among locked packages', ['shop/api-image: the server needs gunicorn, which is not among the required packages; add it to them [SERVER_NOT_INSTALLED]'],
    application => requiring(application, 'without.txt'), application => requiring(application, 'with.txt'),
    { 'app/app.py': '', 'app/without.txt': 'flask==3 --hash=sha256:aa\n', 'app/with.txt': 'Gunicorn==1 --hash=sha256:aa\n' });
  refusesAtSynth('packages on the local disk', ["shop/api-image: 'app/local.txt' installs '-e .' from the local disk, which the build does not see; list released packages only [REQUIREMENT_LOCAL]"],
    application => requiring(application, 'local.txt'), application => requiring(application, 'requirements.txt'), { ...FLASK_SOURCE, 'app/local.txt': '-e .\ngunicorn\n' });
  refusesAtSynth('requirements outside the root', ["shop/api-image: 'app/up.txt' includes '../../x.txt', which is outside the App's root; move it in, or choose a higher root [SOURCE_OUTSIDE]"],
    application => requiring(application, 'up.txt'), application => requiring(application, 'beside.txt'),
    { 'app/app.py': '', 'app/up.txt': '-r ../../x.txt\n', 'app/beside.txt': '-r ../x.txt\n', 'x.txt': 'gunicorn\n' });
  refusesAtSynth('a build image whose Python is unknown',
    ["shop/api-image: where example.com/unknown:1 has its Python is unknown; say it with BaseImage.fromReference(…, { pythonPath: '/usr/bin/python3' }) [PYTHON_UNKNOWN]"],
    application => pythonImage(application, PythonBase.of(BaseImage.fromReference('example.com/unknown:1', { python: '3.13' }), BaseImage.fromReference('example.com/run:1', { python: '3.13', pythonPath: 'python3' }))),
    application => pythonImage(application, PythonBase.of(DEV, DEV)));
  refusesAtSynth('a runtime image without a user and without a shell',
    ["shop/api-image: example.com/run:1 knows no user but root and has no shell to add one; say which there is with 'users', or use another base [USER_UNKNOWN]"],
    application => pythonImage(application, PythonBase.of(DEV, BaseImage.fromReference('example.com/run:1', { ...DEV.facts, shell: [] }))),
    application => pythonImage(application, PythonBase.of(DEV, BaseImage.fromReference('example.com/run:1', { ...DEV.facts, shell: [], users: [{ name: 'app', userId: 1000, groupId: 1000, home: '/home/app' }] }))));

  const DEV = BaseImage.fromReference('example.com/dev:1', { python: '3.13', pythonPath: '/usr/bin/python', libc: Libc.GLIBC });

  function secretive(application: Application, variable: string, argument: string, id = 'image'): Stage {
    const one = new Stage(new MultiStageBuild(application, id), 'one', { base: BaseImage.scratch() });
    one.environment({ [variable]: '1' });
    one.argument(argument);
    return one;
  }
  function copying(application: Application, path: string) {
    const image = new MultiStageBuild(application, 'image');
    const one = new Stage(image, 'one', { base: BaseImage.scratch() });
    one.copy([path], '/x');
    return { image, stage: one };
  }
  function circular(application: Application, circle: boolean) {
    const image = new MultiStageBuild(application, 'image');
    const a = new Stage(image, 'a', { base: BaseImage.scratch(), output: true });
    const b = new Stage(image, 'b', { base: BaseImage.scratch() });
    a.copyFrom(b, ['/x'], '/x');
    if (circle) b.copyFrom(a, ['/x'], '/x');
  }
  function twoEnds(application: Application, chosen: boolean) {
    const image = new MultiStageBuild(application, 'image');
    new Stage(image, 'a', { base: BaseImage.scratch() });
    new Stage(image, 'b', { base: BaseImage.scratch(), output: chosen });
  }
  function twoImages(application: Application) {
    const image = new MultiStageBuild(application, 'image');
    new Stage(image, 'b', { base: BaseImage.scratch(), output: true });
    return { image, a: new Stage(image, 'a', { base: BaseImage.scratch(), output: true }) };
  }
  function requiring(application: Application, file: string) {
    return new PythonServiceImage(application, 'api-image', { source: 'app', base: CHAINGUARD, server: GUNICORN, dependencies: Dependencies.requirements(file), layout: Layout.venv() });
  }
});

describe('the output', () => {
  class Named extends FileTarget {
    constructor(application: Application, id: string, private readonly path: string) { super(application, id); }
    public render(): TargetOutput { return { files: [{ path: this.path, text: '\n' }], losses: [] }; }
  }
  test('refuses two writers of one file', () => {
    const { app, application } = appWith();
    new Named(application, 'a', 'same.txt');
    new Named(application, 'b', 'same.txt');
    expect(() => app.synth()).toThrow(new Error("shop/b: 'shop/same.txt' is written twice; give one of the two another id [OUTPUT_TWICE]"));
  });
  test('refuses text that is none', () => {
    const { app, application } = appWith();
    new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.scratch() }).environment({ A: '\ud83d' });
    expect(() => app.synth()).toThrow(
      new Error("shop/image: 'shop/images/image/Dockerfile' would hold half of a character, which is no Unicode text; correct the value that it comes from [OUTPUT_TEXT]"));
  });
  test('refuses a file outside its folder', () => {
    const { app, application } = appWith();
    new Named(application, 'a', '../../evil.txt');
    expect(() => app.synth()).toThrow(new Error("shop/a: 'shop/../../evil.txt' is not a normal path in the output folder [OUTPUT_PATH]"));
  });
  test('refuses a value that no environment can hold', () => {
    const { application } = appWith();
    const image = new MultiStageBuild(application, 'image');
    expect(() => new Service(application, 'api', { image, environment: { A: '\0' } })).toThrow(
      new Error("shop/api: value of environment variable 'A' has a NUL, which no process can be given [ENVIRONMENT_VALUE]"));
  });
});

test('every code in lib/ has its refusal in a test', () => {
  const lib = filesUnder('lib');
  const codes = new Set(Object.values(lib).flatMap(text => [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)+|COUNT)'/g)].map(match => match[1])));
  const tests = Object.entries(filesUnder('test')).filter(([path]) => path.endsWith('.test.ts')).map(([path]) => readFileSync(`test/${path}`, 'utf8')).join('\n');
  const unseen = [...codes].filter(code => !tests.includes(`[${code}]`) && !NOT_FAULTS.includes(code));
  expect(unseen).toEqual([]);
  expect(codes.size).toBeGreaterThan(40);
});

/** Constants of lib/ that look like codes. */
const NOT_FAULTS = ['ON_FAILURE', 'QUOTE_DOUBLE', 'SECURITY_UPDATES', 'UV_PUBLISH_PASSWORD', 'UV_PUBLISH_USERNAME'];
