/** Development mode, the debug image under a profile, and environments: what each puts into the files, and what is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import * as ts from 'typescript';
import { parse } from 'yaml';
import { appWith, filesUnder, folder, FLASK_SOURCE } from './declare';
import { golden, unread } from './golden';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import * as wheelhouse from 'cdk-wheelhouse';
import {
  Checks, ComposeFile, Job, KubernetesFile, PythonBase, PythonDebugImage, PythonServer, PythonServiceImage, Service,
  type Application, type PythonServiceImageProps, type ServiceProps,
} from 'cdk-wheelhouse';

const HASHED = (...names: string[]) => ({ 'app/app.py': '', 'app/requirements.txt': names.map(name => `${name}==1 --hash=sha256:aa\n`).join('') });

function declared(application: Application, props: Partial<PythonServiceImageProps> = {}, id = 'image'): PythonServiceImage {
  return new PythonServiceImage(application, id, {
    source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), development: true, ...props,
  });
}

/** What is written for one service with this image. */
function written(props: Partial<PythonServiceImageProps> = {}, files: Record<string, string> = FLASK_SOURCE,
  change: (image: PythonServiceImage) => void = () => undefined) {
  const { app, application, outdir } = appWith(files);
  const image = declared(application, props);
  change(image);
  new Service(application, 'api', { image });
  new ComposeFile(application, 'compose');
  app.synth();
  const out = filesUnder(outdir);
  return { text: out['shop/compose.yaml'], services: parse(out['shop/compose.yaml']).services, dockerfile: out['shop/images/image/Dockerfile'] };
}

const rules = (service: any) => service.develop.watch.map(({ path, action, target, ignore }: any) => [action, path, ...target ? [target] : [], ...ignore?.includes('**') ? ['some'] : []].join(' '));

describe('development mode', () => {
  test('is in the Dockerfile: the build image, the source of the user, no bytecode of it, a server that takes changes', () => {
    golden('development.Dockerfile', written().dockerfile);
  });

  test('is in compose.yaml: what is copied in and what builds again; the rest is as hardened as before', () => {
    const { text, services } = written({ debuggerPort: 5678 });
    golden('development.compose.yaml', text);
    const { $schema: _, ...schema } = JSON.parse(readFileSync('node_modules/dclint/schemas/compose.schema.json', 'utf8'));
    const validate = addFormats(new Ajv({ strict: false })).compile(schema);
    expect([validate(parse(text)), validate.errors]).toEqual([true, null]);
    services.api.develop.watch[0].actions = 'sync';
    expect(validate({ services })).toBe(false);
    expect(unread('development')).toEqual([]);
  });

  test.each([
    ['gunicorn', PythonServer.gunicorn('app:app'), true],
    ['gunicorn with uvicorn workers', PythonServer.gunicorn('app:app', { uvicornWorkers: true }), false],
    ['uvicorn', PythonServer.uvicorn('app:app'), true],
    ['hypercorn', PythonServer.hypercorn('app:app'), false],
    ['a Celery worker', PythonServer.celeryWorker('app:app'), false],
    ['a module', PythonServer.module('app'), false],
  ])('has %s take changes itself, or start again', (_, server, reloads) => {
    const { dockerfile, services } = written({ server });
    expect(dockerfile.includes('"--reload"')).toBe(reloads);
    expect(rules(services.api)).toEqual([
      ...reloads ? ['sync ../../app /app some'] : [], 'sync+restart ../../app /app', 'rebuild ../../app/requirements.txt',
    ]);
    const restarts = services.api.develop.watch.find(({ action }: any) => action === 'sync+restart');
    expect(restarts.ignore.includes('**/*.py')).toBe(reloads);
    expect(restarts.ignore).toEqual(expect.arrayContaining(['**/.env', '**/__pycache__', 'requirements.txt']));
    expect(services.api.stop_grace_period).toBe('5s');
  });

  test('builds again for everything else that the build reads, and never for what synthesis writes', () => {
    const files = { 'app.py': '', 'requirements.txt': '--requirement more.txt\n', 'more.txt': 'flask\ngunicorn\n' };
    const { services } = written({ source: '.' }, files);
    expect(rules(services.api)).toEqual(['sync ../.. /app some', 'sync+restart ../.. /app', 'rebuild ../../more.txt', 'rebuild ../../requirements.txt']);
    for (const { ignore } of services.api.develop.watch.slice(0, 2)) expect(ignore.slice(-3)).toEqual(['more.txt', 'requirements.txt', 'wheelhouse.out']);
    const more = written({}, { ...FLASK_SOURCE, 'data/one.json': '{}' }, image => image.runtimeStage.copy(['data'], '/data')).services.api;
    expect(rules(more).slice(2)).toEqual(['rebuild ../../app/requirements.txt', 'rebuild ../../data']);
    expect(more.develop.watch[3].ignore).toContain('**/__pycache__');
  });

  test('builds an installed application again for each change of it, and needs no writable root for that', () => {
    const files = { ...FLASK_SOURCE, 'app/pyproject.toml': '[build-system]\nrequires = []\n' };
    const { services, dockerfile } = written({ install: true }, files);
    expect(rules(services.api)).toEqual(['rebuild ../../app']);
    expect(services.api).toMatchObject({ read_only: true, user: '65532:65532' });
    expect(dockerfile).not.toContain('--reload');
  });

  test.each([
    ['distroless', PythonBase.distroless(), 'debian:bookworm'],
    ['slim', PythonBase.slim({ python: '3.13', debian: 'bookworm' }), 'python:3.13-bookworm'],
  ])('is made on the build image of %s, for the user of the other, with pip and the packages of both', (_, base, reference) => {
    const { dockerfile } = written({ base, systemPackages: { toBuild: ['gcc'] } });
    const [, runtime] = dockerfile.split(`FROM ${reference} AS runtime\n`);
    expect(runtime).toContain('echo nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >> /etc/passwd');
    expect(runtime).toContain('      gcc');
    expect(runtime).not.toContain('uninstall');
    expect(dockerfile).not.toMatch(/ AS (system|bytecode)|PYTHONPYCACHEPREFIX/);
  });

  test('is that of each of its processes; a job is what it always is', () => {
    const { services } = written({}, FLASK_SOURCE, image => {
      const application = image.node.scope as Application;
      new Service(application, 'worker', { image: image.process('worker', PythonServer.celeryWorker('app:app')) });
      const job = new Job(application, 'migrate', { image: image.process('migrate', PythonServer.module('app')) });
      new Service(application, 'other', { image, dependsOn: [job] });
    });
    expect(rules(services.worker)).toEqual(['sync+restart ../../app /app', 'rebuild ../../app/requirements.txt']);
    expect([services.worker.read_only, services.worker.user, services.worker.stop_grace_period]).toEqual([undefined, '65532', '5s']);
    expect([services.migrate.read_only, services.migrate.user, services.migrate.develop]).toEqual([true, '65532:65532', undefined]);
  });

  test('changes nothing of an image that is not for development', () => {
    const { services, dockerfile } = written({ development: false });
    expect(services.api).toMatchObject({ read_only: true, user: '65532:65532', stop_grace_period: '35s' });
    expect(services.api.develop).toBeUndefined();
    expect(dockerfile).toMatch(/PYTHONPYCACHEPREFIX[^]*\nCOPY app \/app\n/);
  });

  const portMessage = 'shop/image: debuggerPort 5678 is given without development: true; whoever reaches a debugger runs what they like in the process,'
    + ' so leave it out of what is deployed [DEBUGGER_DEPLOYED]';
  refusesAtOnce('a debugger in what is deployed', portMessage,
    () => declared(appWith().application, { development: false, debuggerPort: 5678 }), () => declared(appWith().application, { debuggerPort: 5678 }));
  refusesAtOnce('a debugger on a port that needs root', 'shop/image: port 80 is below 1024, which only root may listen on; use 1024-65535 [PORT_PRIVILEGED]',
    () => declared(appWith().application, { debuggerPort: 80 }), () => declared(appWith().application, { debuggerPort: 8080 }));
  refusesAtSynth('a debugger on the port of its server', ['shop/image: debuggerPort 8000 is the port that the server listens on; use another, such as 5678 [DEBUGGER_PORT]'],
    application => declared(application, { debuggerPort: 8000 }), application => declared(application, { debuggerPort: 8001 }));
  refusesAtSynth('a debugger that is not installed',
    ["shop/image: the debugger is debugpy, which is not among the required packages; add it to them, or leave out 'debuggerPort' [DEBUGGER_NOT_INSTALLED]"],
    application => declared(application, { debuggerPort: 5678 }), application => declared(application), HASHED('flask', 'gunicorn'));
  test('takes a debugger that is installed', () => {
    expect(written({ debuggerPort: 5678 }, HASHED('debugpy', 'gunicorn')).services.api).toMatchObject({ ports: ['127.0.0.1:5678:5678'], init: true });
  });
  const service = (application: Application, id: string, debuggerPort: number, props: Partial<ServiceProps> = {}) =>
    new Service(application, id, { image: declared(application, { debuggerPort }, `${id}-image`), ...props });
  refusesAtSynth('a debugger of several containers',
    ["shop/api: debugger port 5678 is published, and 2 containers cannot all have it; run one of them, or leave out 'debuggerPort' [DEBUGGER_REPLICAS]"],
    application => service(application, 'api', 5678, { replicas: 2 }), application => service(application, 'api', 5678, { replicas: 1 }));
  refusesAtSynth('two debuggers on one port',
    ["shop/web: port 5678 is published by 'api' too; give each a port of its own (https://docs.docker.com/reference/compose-file/services/#ports) [PUBLISH_TWICE]"],
    application => { service(application, 'api', 5678); service(application, 'web', 5678); },
    application => { service(application, 'api', 5678); service(application, 'web', 5679); });

  const deployed = (application: Application, development: boolean) => {
    new Service(application, 'api', { image: declared(application, { development }) });
    new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com/shop' });
  };
  refusesAtSynth('a cluster that would run it', [
    "shop/api: image 'image' is made for development, which is compose's: its user may change the code, and nothing in a cluster would; leave out 'development',"
    + ' or the KubernetesFile, in this environment (https://docs.docker.com/compose/how-tos/file-watch/) [DEVELOPMENT_IMAGE]',
  ], application => deployed(application, true), application => deployed(application, false));
  test('is a loss in a cluster that is to run it all the same', () => {
    const { app, application } = appWith();
    deployed(application, true);
    Checks.acknowledge(application, 'DEVELOPMENT_IMAGE', 'a cluster on my own machine');
    expect(app.synth().losses).toContainEqual({
      target: 'kubernetes', path: 'shop/api', declared: 'development mode', instead: 'what was built: no change of the source reaches a pod, and no debugger is published',
    });
  });
});

describe('the debug image', () => {
  test('is under a profile, beside the service that it is of, and as hardened', () => {
    const { services } = written({ development: false }, FLASK_SOURCE, image => {
      const application = image.node.scope as Application;
      new Service(application, 'api-debug', { image: new PythonDebugImage(application, 'debug', { image }), profiles: ['debug'] });
    });
    const { build, profiles, ...debug } = services['api-debug'];
    const { build: _, ...production } = services.api;
    expect([build.dockerfile, profiles]).toEqual(['wheelhouse.out/shop/images/debug/Dockerfile', ['debug']]);
    expect(debug).toEqual(production);
  });
});

describe('docs/environments.md', () => {
  const [program, profile] = [...readFileSync('docs/environments.md', 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(match => match[1]);
  const names = ['App', 'Application', 'ComposeFile', 'KubernetesFile', 'NginxReverseProxy', 'PythonBase', 'PythonDebugImage', 'PythonServer', 'PythonServiceImage', 'Route', 'Service'];
  const imports = `import { ${names.join(', ')} } from 'cdk-wheelhouse';\n`;

  test('has programs that are typed right', () => {
    const sources = new Map([program, profile].map((text, index) => [join(process.cwd(), 'examples', `environments-${index}.ts`), `${imports}${text}`]));
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, target: ts.ScriptTarget.ES2022, strict: true, noEmit: true, skipLibCheck: true, types: ['node'],
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.fileExists = path => sources.has(path) || fileExists(path);
    host.getSourceFile = (path, version) => sources.has(path) ? ts.createSourceFile(path, sources.get(path)!, version) : getSourceFile(path, version);
    const found = ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], options, host));
    expect(found.map(diagnostic => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))).toEqual([]);
  });

  test('has a program that writes both environments, each with what it is for', () => {
    const root = folder({ ...FLASK_SOURCE, 'app/requirements.txt': 'debugpy\nflask\ngunicorn\n' });
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(imports + program, { compilerOptions });
    const run = new Function('require', 'exports', '__dirname', outputText);
    run(() => wheelhouse, {}, root);
    const out = filesUnder(join(root, 'wheelhouse.out'));
    expect(Object.keys(out).filter(path => path.endsWith('.yaml'))).toEqual(['shop-development/compose.yaml', 'shop/compose.yaml', 'shop/kubernetes.yaml']);
    const [development, production] = ['shop-development', 'shop'].map(name => parse(out[`${name}/compose.yaml`]).services.api);
    expect([development.ports, development.read_only, development.deploy]).toEqual([['127.0.0.1:5678:5678'], undefined, undefined]);
    expect([production.ports, production.read_only, production.develop]).toEqual([undefined, true, undefined]);
  });
});
