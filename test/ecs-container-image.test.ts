import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App as CloudApp, Stack, Stage as CloudStage, type AppProps as CloudAppProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { FargateTaskDefinition, type ContainerImage as EcsImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { appWith, filesUnder, FLASK_SOURCE, folder } from './declare';
import { refusesAtOnce } from './refuses';
import { ecs } from 'cdk-wheelhouse';
import {
  App, Application, Architecture, BaseImage, Mount, MultiStageBuild, PythonBase, PythonServer, PythonServiceImage, RegistryImage, Service, Stage,
  type ContainerImage, type PythonServiceImageProps,
} from 'cdk-wheelhouse';

const UNKNOWN = { ports: [], writablePaths: [] };

function pythonImage(application: Application, props: Partial<PythonServiceImageProps> = {}): PythonServiceImage {
  return new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), ...props });
}

function cloud(props: CloudAppProps = {}) {
  const app = new CloudApp({ outdir: join(folder(), 'cdk.out'), ...props });
  return { app, stack: new Stack(app, 'stack') };
}

/** Runs an image in a task definition of ours. */
function run(scope: Construct, image: EcsImage, id = 'task'): void {
  new FargateTaskDefinition(scope, id).addContainer('api', { image });
}

/** An image of what is in `root`, in a stack that is synthesized: what the asset manifest says of it. */
function assetOf(root: string, declare: (application: Application) => ContainerImage = pythonImage, props: ecs.EcsBuildProps = {}) {
  const application = new Application(new App({ root }), 'shop');
  const { app, stack } = cloud();
  run(stack, ecs.EcsContainerImage.fromImage(declare(application), props));
  const { directory } = app.synth();
  const assets = assetsIn(directory);
  expect(assets.length).toBe(1);
  return { ...assets[0], outdir: directory, template: Template.fromStack(stack) };
}

/** Keys of the manifest are names, then hashes. */
function assetsIn(assembly: string, manifest = 'stack.assets.json'): { hash: string; source: any; path: string }[] {
  const { dockerImages } = JSON.parse(readFileSync(join(assembly, manifest), 'utf8'));
  return Object.entries<any>(dockerImages).map(([key, { source }]) => ({ hash: key.split('-').at(-1)!, source, path: join(assembly, source.directory) }));
}

/** Uses an image, as addContainer does. */
function use(declare: (application: Application) => ContainerImage, props: ecs.EcsBuildProps = {}): () => void {
  return () => run(cloud().stack, ecs.EcsContainerImage.fromImage(declare(appWith().application), props));
}

describe('An image in a task definition of aws-cdk', () => {
  test('is an asset that the task may pull', () => {
    const { template, hash } = assetOf(folder(FLASK_SOURCE));
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ Name: 'api', Image: { 'Fn::Sub': Match.stringLikeRegexp(`:${hash}$`) } })],
    });
    template.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['ecr:BatchGetImage']) })]) } });
  });

  test('is built from a folder of the assembly with what the build reads, its Dockerfile among it', () => {
    const { source, path, outdir } = assetOf(folder({ ...FLASK_SOURCE, 'README.md': '', 'app/.env': 'SECRET=1' }));
    expect(source).toEqual({ directory: expect.stringMatching(/^asset\.[0-9a-f]{64}$/), dockerFile: 'Dockerfile' });
    expect(Object.keys(filesUnder(path))).toEqual(['Dockerfile', 'Dockerfile.dockerignore', 'app/app.py', 'app/requirements.txt']);
    expect(readdirSync(join(outdir, 'wheelhouse'))).toEqual([expect.stringMatching(/^api-image-[0-9a-f]{12}$/)]);
  });

  test('has the Dockerfile that synth writes of the same application, under whichever App that is', () => {
    const { app, application, root, outdir } = appWith();
    pythonImage(application);
    app.synth();
    const before = process.cwd();
    process.chdir(root);
    try {
      const { app: host, stack } = cloud();
      run(stack, ecs.EcsContainerImage.fromImage(pythonImage(new Application(stack, 'shop'))));
      const [inTree] = assetsIn(host.synth().directory);
      const beside = assetOf(root);
      expect(inTree.hash).toBe(beside.hash);
      for (const { path } of [inTree, beside]) {
        expect(readFileSync(join(path, 'Dockerfile'), 'utf8')).toBe(readFileSync(join(outdir, 'shop/images/api-image/Dockerfile'), 'utf8'));
      }
    } finally {
      process.chdir(before);
    }
  });

  test.each<[what: string, change: (root: string) => void]>([
    ['a file that the build does not read', root => writeFileSync(join(root, 'README.md'), 'new')],
    ['a file that every ignore list names', root => writeFileSync(join(root, 'app/.env'), 'new')],
  ])('is the same asset after a change of %s', (_, change) => {
    const root = folder(FLASK_SOURCE);
    const before = assetOf(root).hash;
    change(root);
    expect(assetOf(root).hash).toBe(before);
  });

  test.each<[what: string, change: (root: string) => void]>([
    ['a file that the build reads', root => writeFileSync(join(root, 'app/app.py'), 'app = 2\n')],
    ['an executable bit', root => chmodSync(join(root, 'app/app.py'), 0o755)],
    ['the end of its lines', root => writeFileSync(join(root, 'app/app.py'), FLASK_SOURCE['app/app.py'].replaceAll('\n', '\r\n'))],
  ])('is another asset after a change of %s', (_, change) => {
    const root = folder(FLASK_SOURCE);
    const before = assetOf(root).hash;
    change(root);
    expect(assetOf(root).hash).not.toBe(before);
  });

  test('is another asset after a change of the Dockerfile', () => {
    const root = folder(FLASK_SOURCE);
    const changed = assetOf(root, application => {
      const image = pythonImage(application);
      image.runtimeStage.labels({ team: 'shop' });
      return image;
    });
    expect(changed.hash).not.toBe(assetOf(root).hash);
  });

  test('is the same asset when it is made again in the same assembly, of a source tree that the assembly is in', () => {
    const root = folder({ 'app.py': '', 'requirements.txt': 'flask\ngunicorn\n' });
    const hashes = [1, 2, 3].map(() => {
      const { app, stack } = cloud({ outdir: join(root, 'cdk.out') });
      run(stack, ecs.EcsContainerImage.fromImage(pythonImage(new Application(new App({ root }), 'shop'), { source: '.' })));
      return assetsIn(app.synth().directory)[0].hash;
    });
    expect(new Set(hashes).size).toBe(1);
    expect(readdirSync(join(root, 'cdk.out')).filter(name => name.startsWith('asset.')).length).toBe(1);
  });

  test('loses nothing to an ignore file of the source, which is a file like others', () => {
    const { path } = assetOf(folder({ 'app.py': '', 'requirements.txt': 'flask\ngunicorn\n', '.dockerignore': '**\n!.git\n', '.is_custom_resource': '' }), application => pythonImage(application, { source: '.' }));
    expect(Object.keys(filesUnder(path)).sort()).toEqual(['.dockerignore', '.is_custom_resource', 'Dockerfile', 'Dockerfile.dockerignore', 'app.py', 'requirements.txt']);
  });

  test('keeps executable bits', () => {
    const root = folder({ ...FLASK_SOURCE, 'app/start.sh': '#!/bin/sh\n' });
    chmodSync(join(root, 'app/start.sh'), 0o755);
    const { path } = assetOf(root);
    const modes = ['app/start.sh', 'app/app.py'].map(file => (statSync(join(path, file)).mode & 0o777).toString(8)); // eslint-disable-line no-bitwise
    expect(modes).toEqual(['755', '644']);
  });

  test('is built for the processors that it is declared for', () => {
    const { source } = assetOf(folder(FLASK_SOURCE), application => pythonImage(application, { architecture: Architecture.ARM64 }));
    expect(source.platform).toBe('linux/arm64');
  });

  test('is a stage of its Dockerfile where that makes several images', () => {
    const { application } = appWith();
    const build = new MultiStageBuild(application, 'tools');
    const { app, stack } = cloud();
    const images = ['one', 'two'].map(name => {
      const stage = new Stage(build, name, { base: BaseImage.chainguardPython(), output: true });
      stage.copy(['app'], '/app');
      return build.imageOf(stage);
    });
    for (const [index, image] of images.entries()) run(stack, ecs.EcsContainerImage.fromImage(image), `task${index}`);
    const { directory } = app.synth();
    const assets = assetsIn(directory);
    expect(assets.map(({ source }) => source.dockerBuildTarget).sort()).toEqual(['one', 'two']);
    expect(readdirSync(join(directory, 'wheelhouse')).length).toBe(1);
  });

  test('is what its reference says when somebody else builds it', () => {
    const { stack } = cloud();
    run(stack, ecs.EcsContainerImage.fromImage(new RegistryImage(appWith().application, 'tool', { reference: 'example.com/tool:1', facts: UNKNOWN })));
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', { ContainerDefinitions: [Match.objectLike({ Image: 'example.com/tool:1' })] });
  });

  test('may be in a nested Stage, and in several definitions', () => {
    const { app } = cloud();
    const stack = new Stack(new CloudStage(app, 'production'), 'stack');
    const image = ecs.EcsContainerImage.fromImage(pythonImage(appWith().application));
    for (const id of ['one', 'two']) run(stack, image, id);
    const { directory } = app.synth();
    expect(readdirSync(directory).filter(name => name.startsWith('asset.')).length).toBe(1);
    const nested = join(directory, 'assembly-production');
    const [{ source }] = assetsIn(nested, readdirSync(nested).find(name => name.endsWith('.assets.json')));
    expect(existsSync(join(nested, source.directory, 'Dockerfile'))).toBe(true);
  });

  test('needs neither Docker nor any other program for synthesis', () => {
    const before = process.env.PATH;
    process.env.PATH = '';
    try {
      expect(assetOf(folder(FLASK_SOURCE)).hash).toMatch(/^[0-9a-f]{64}$/);
    } finally {
      process.env.PATH = before;
    }
  });

  test('gets the secrets of its build from where they are, which does not change the asset', () => {
    const declare = (application: Application) => {
      const image = pythonImage(application);
      image.buildStage.runShell('pip download --no-deps flask', { mounts: [Mount.secret('index-token'), Mount.ssh(), Mount.secret('maybe', { required: false })] });
      return image;
    };
    const root = folder(FLASK_SOURCE);
    const asset = assetOf(root, declare, { buildSecrets: { 'index-token': 'env=INDEX_TOKEN' }, buildSsh: 'default' });
    expect(asset.source).toMatchObject({ dockerBuildSecrets: { 'index-token': 'env=INDEX_TOKEN' }, dockerBuildSsh: 'default' });
    expect(assetOf(root, declare, { buildSecrets: { 'index-token': 'src=/run/token' }, buildSsh: 'default=/run/key' }).hash).toBe(asset.hash);
  });

  test('ends what can be declared in its application', () => {
    const { application } = appWith();
    const image = pythonImage(application);
    const worker = image.process('worker', PythonServer.module('app'));
    const { stack } = cloud();
    run(stack, ecs.EcsContainerImage.fromImage(image));
    expect(() => new Service(application, 'late', { image: worker })).toThrow(new Error(
      "shop: 'stack/task/api' has already been made of 'shop', and would not follow a change; declare it before that [FROZEN]"));
  });

  test('has `cdk synth` say what checks found of it and nobody acknowledged', () => {
    const { application } = appWith({ ...FLASK_SOURCE, 'other/requirements.txt': 'flask\ngunicorn\n', 'other/app.py': '' });
    const { stack } = cloud();
    new PythonServiceImage(application, 'other-image', { source: 'other', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
    run(stack, ecs.EcsContainerImage.fromImage(pythonImage(application)));
    const found = [...Annotations.fromStack(stack).findWarning('*', Match.anyValue()), ...Annotations.fromStack(stack).findInfo('*', Match.anyValue())];
    expect(found.map(({ id, entry }) => [id, entry.data])).toEqual([['/stack/task/api', expect.stringMatching(/^shop\/api-image.*\[ack: cdk-wheelhouse:[A-Z_]+\]$/)]]);
  });

  refusesAtOnce('an image in no application', "image: it is not in an Application; declare it in one: new Application(app, 'shop') [APPLICATION_MISSING]",
    () => ecs.EcsContainerImage.fromImage(new RegistryImage(new App(), 'image', { reference: 'example.com/tool:1', facts: UNKNOWN })),
    use(application => new RegistryImage(application, 'image', { reference: 'example.com/tool:1', facts: UNKNOWN })));

  refusesAtOnce('another process of an image',
    "shop/api-image/worker: it is another process of 'shop/api-image', and an image alone starts its own; give that image, and in the container definition"
    + ' entryPoint: ["/venv/bin/python","-m","app"] [IMAGE_PROCESS]',
    use(application => pythonImage(application).process('worker', PythonServer.module('app'))), use(pythonImage));

  refusesAtOnce('a build that makes several images', "shop/tools: 'shop/tools' makes the images 'one' and 'two'; give one: imageOf(stage) [IMAGE_UNCLEAR]",
    use(application => tools(application).build), use(application => {
      const { build, one } = tools(application);
      return build.imageOf(one);
    }));

  refusesAtOnce('an image for development', "shop/api-image: it is made for development, which is compose's; leave out 'development' in this environment [DEVELOPMENT_IMAGE]",
    use(application => pythonImage(application, { development: true })), use(pythonImage));

  function tools(application: Application) {
    const build = new MultiStageBuild(application, 'tools');
    const [one] = ['one', 'two'].map(name => new Stage(build, name, { base: BaseImage.chainguardPython(), output: true }));
    return { build, one };
  }

  describe('is refused with the whole application', () => {
    const mounting = (...mounts: Mount[]) => (application: Application) => {
      const image = pythonImage(application);
      image.buildStage.runShell('pip download --no-deps flask', { mounts });
      return image;
    };
    const thrown = (work: () => void) => {
      try {
        work();
      } catch (error) {
        return (error as Error).message.split('\n').slice(1).map(line => line.trim());
      }
      throw new Error('nothing was refused');
    };
    const LINK = '(https://docs.docker.com/build/building/secrets/) [BUILD_MOUNT_MISSING]';

    test('for secrets and SSH that its build needs and nobody gives', () => {
      expect(thrown(use(mounting(Mount.secret('index-token'), Mount.secret('maybe', { required: false }), Mount.ssh())))).toEqual([
        `shop/api-image: its build needs SSH as 'default'; say what that is where the image is published, such as buildSsh: 'default' ${LINK}`,
        `shop/api-image: its build needs the secret 'index-token'; say where whoever publishes the image has it, such as buildSecrets: { 'index-token': 'env=INDEX_TOKEN' } ${LINK}`,
      ]);
      expect(use(mounting(Mount.secret('index-token'), Mount.ssh()), { buildSecrets: { 'index-token': 'env=T' }, buildSsh: 'default' })).not.toThrow();
    });

    test('for a secret that no build mounts', () => {
      expect(thrown(use(pythonImage, { buildSecrets: { 'index-token': 'env=T' } }))).toEqual([
        `shop: 'index-token' of buildSecrets is a secret that no build here mounts; remove it, or give the id as Mount.secret has it ${LINK}`,
      ]);
    });

    test('for what synth refuses, and then no folder is written', () => {
      const { app, stack } = cloud();
      const { application } = appWith();
      const image = ecs.EcsContainerImage.fromImage(pythonImage(application, { source: 'nowhere' }));
      expect(() => run(stack, image)).toThrow(/nothing was made[^]*SOURCE_MISSING/);
      expect(existsSync(join(app.outdir, 'wheelhouse'))).toBe(false);
    });
  });
});
