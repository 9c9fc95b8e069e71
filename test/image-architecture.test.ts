/** The architecture of an image: what says so in the outputs, what it changes, and what contradicts it. */
import { parse } from 'yaml';
import { appWith, filesUnder, FLASK_SOURCE } from './declare';
import { refusesAtSynth } from './refuses';
import {
  Architecture, BaseImage, ComposeFile, Job, KubernetesFile, MultiStageBuild, NginxReverseProxy, PythonBase, PythonDebugImage, PythonServer,
  PythonServiceImage, RegistryImage, Route, Service, Stage, type Application, type ImageFacts, type StageProps,
} from 'cdk-wheelhouse';

const BASE = BaseImage.pythonSlim({ python: '3.13' });

/** What synth writes of what is declared. */
function written(declare: (application: Application) => void): Record<string, string> {
  const { app, application, outdir } = appWith(FLASK_SOURCE);
  declare(application);
  new ComposeFile(application, 'compose');
  app.synth();
  return filesUnder(outdir);
}

/** The platform of each service and job. */
function platforms(declare: (application: Application) => void): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries<any>(parse(written(declare)['shop/compose.yaml']).services).map(([id, { platform }]) => [id, platform]));
}

function pythonImage(application: Application, architecture?: Architecture) {
  return new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), architecture });
}

describe('compose', () => {
  test('is told the platform of an image wherever it runs, with its other processes and its debug image', () => {
    expect(platforms(application => {
      const image = pythonImage(application, Architecture.ARM64);
      new Service(application, 'api', { image });
      new Job(application, 'migrate', { image: image.process('migration', PythonServer.module('app')), profiles: ['tools'] });
      new Service(application, 'debug', { image: new PythonDebugImage(application, 'debug-image', { image }) });
    })).toEqual({ api: 'linux/arm64', migrate: 'linux/arm64', debug: 'linux/arm64' });
  });

  test('is told that of each of several images of one build, of a proxy, and of an image that somebody else has built', () => {
    expect(platforms(application => {
      const build = new MultiStageBuild(application, 'build', { architecture: Architecture.ARM64 });
      for (const id of ['one', 'two']) new Service(application, id, { image: build.imageOf(new Stage(build, id, { base: BASE, output: true })) });
      const facts: ImageFacts = { ports: [8000], writablePaths: [], architecture: Architecture.AMD64 };
      const other = new Service(application, 'other', { image: new RegistryImage(application, 'other-image', { reference: 'example.com/other:1', facts }) });
      new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', other)], architecture: Architecture.ARM64 });
    })).toEqual({ one: 'linux/arm64', two: 'linux/arm64', other: 'linux/amd64', web: 'linux/arm64' });
  });

  test('is told nothing of an image whose architecture is that of whoever builds it', () => {
    expect(platforms(application => new Service(application, 'api', { image: pythonImage(application) }))).toEqual({ api: undefined });
  });
});

test('the Dockerfile is the same for all architectures, and the manifest tells which it is built for', () => {
  const [one, other, any] = [Architecture.AMD64, Architecture.ARM64, undefined].map(architecture => written(application => {
    new Service(application, 'api', { image: pythonImage(application, architecture) });
  }));
  const path = 'shop/images/image/Dockerfile';
  expect([other[path], any[path]]).toEqual([one[path], one[path]]);
  expect([one, other, any].map(files => JSON.parse(files['manifest.json']).applications.shop.images.image.facts.architecture)).toEqual(['amd64', 'arm64', undefined]);
});

test('the content tag differs by architecture', () => {
  const tag = (architecture?: Architecture) => /example\.com\/image:([0-9a-f]+)/.exec(written(application => {
    new Service(application, 'api', { image: pythonImage(application, architecture) });
    new KubernetesFile(application, 'kubernetes', { registry: 'example.com' });
  })['shop/kubernetes.yaml'])![1];
  expect(new Set([tag(), tag(Architecture.AMD64), tag(Architecture.ARM64), tag(Architecture.ARM64)]).size).toBe(3);
});

/** An image of a tool's stage and one below it. */
function imageWith(application: Application, tool: Partial<StageProps>, base: Partial<StageProps>, architecture: Architecture | undefined) {
  const image = new MultiStageBuild(application, 'image', { architecture });
  const tools = new Stage(image, 'tools', { base: BASE, ...tool });
  const below = new Stage(image, 'below', { base: BASE, ...base });
  new Stage(image, 'one', { base: below, output: true }).copyFrom(tools, ['/bin/tool'], '/bin/tool');
}

// what is built says `arm64` in its configuration, whatever its files are: test/e2e/compose-model.test.ts
const OTHER = (platform: string) => [
  `shop/image: stage 'below' starts from an image for '${platform}', and what is made of it is for linux/arm64: it would be called so, and hold programs of the other;`
  + " leave out the 'platform' of the stage, or the 'architecture' of the build [ARCHITECTURE_OTHER]",
];
refusesAtSynth('an image for one architecture on programs of another', OTHER('linux/amd64'),
  application => imageWith(application, {}, { platform: 'linux/amd64' }, Architecture.ARM64),
  application => imageWith(application, {}, { platform: 'linux/arm64/v8' }, Architecture.ARM64));
refusesAtSynth('an image for one architecture on programs of whatever the builder is', OTHER('$BUILDPLATFORM'),
  application => imageWith(application, {}, { platform: '$BUILDPLATFORM' }, Architecture.ARM64),
  application => imageWith(application, { platform: '$BUILDPLATFORM' }, {}, Architecture.ARM64));
refusesAtSynth('a platform that is another one by its whole name', OTHER('linux/arm'),
  application => imageWith(application, {}, { platform: 'linux/arm' }, Architecture.ARM64),
  application => imageWith(application, { platform: 'linux/arm' }, { platform: 'linux/arm' }, undefined));
