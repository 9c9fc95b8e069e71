/** What `synth` of an aws-cdk App leaves in its assembly, built as its manifest says, on a real engine. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App as CloudApp, Stack } from 'aws-cdk-lib';
import { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { describeOnEngine, docker, request, tryDocker } from './engine';
import { EcsContainerImage } from '../../lib/targets/ecs/ecs-container-image';
import { folder } from '../declare';
import {
  App, Application, Architecture, BaseImage, MultiStageBuild, PythonBase, PythonServer, PythonServiceImage, Stage, type ContainerImage,
} from 'cdk-wheelhouse';

const REQUIREMENTS = 'flask\ngunicorn\n';
const PROGRAM = [
  'import os', 'from flask import Flask', 'app = Flask(__name__)', "@app.get('/')", 'def files():',
  "    return {name: oct(os.stat(name).st_mode & 0o777) for name in sorted(os.listdir('/app')) if os.path.isfile(name)}", '',
].join('\n');
const OURS = process.arch === 'arm64' ? Architecture.ARM64 : Architecture.AMD64;

/** The assets of a stack whose task definitions run these images: their folders, and what `docker build` is told. */
function assets(root: string, declare: (application: Application) => ContainerImage[]): { path: string; options: string[]; tag: string }[] {
  const application = new Application(new App({ root }), 'shop');
  const cloud = new CloudApp({ outdir: join(root, 'cdk.out') });
  const stack = new Stack(cloud, 'stack');
  for (const [index, image] of declare(application).entries()) {
    new FargateTaskDefinition(stack, `task${index}`).addContainer('main', { image: EcsContainerImage.fromImage(image) });
  }
  const { directory } = cloud.synth();
  const { dockerImages } = JSON.parse(readFileSync(join(directory, 'stack.assets.json'), 'utf8'));
  return Object.entries<any>(dockerImages).map(([key, { source }]) => ({
    path: join(directory, source.directory),
    options: [['--target', source.dockerBuildTarget], ['--file', source.dockerFile], ['--platform', source.platform]]
      .flatMap(([option, value]) => value === undefined ? [] : [option, value]),
    tag: `ecs-image-test:${key.slice(-12)}`,
  }));
}

/** Builds an asset as `cdk deploy` does: in its folder, with a Dockerfile in that. */
function build({ path, options, tag }: ReturnType<typeof assets>[number]): string {
  const before = process.cwd();
  process.chdir(path);
  try {
    docker('build', '--quiet', '--tag', tag, ...options, '.');
  } finally {
    process.chdir(before);
  }
  return tag;
}

describeOnEngine('An image of an assembly', () => {
  const tags: string[] = [];
  const containers: string[] = [];
  const built = (asset: ReturnType<typeof assets>[number]) => {
    tags.push(asset.tag);
    return build(asset);
  };

  afterAll(() => {
    for (const container of containers) tryDocker('rm', '--force', '--volumes', container);
    for (const tag of tags) tryDocker('rmi', tag);
  });

  /** What the process answers about the files of its directory. */
  function answer(tag: string): unknown {
    const container = docker('run', '--detach', '--read-only', '--cap-drop', 'ALL', '--tmpfs', '/tmp', '--publish', '127.0.0.1::8000', tag);
    containers.push(container);
    return JSON.parse(request(`http://${docker('port', container, '8000/tcp')}/`).body);
  }

  function declareApi(source: string) {
    return (application: Application) => [new PythonServiceImage(application, 'api-image', {
      source, base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), architecture: OURS,
    })];
  }

  test('answers, with the files of the source and their executable bits', () => {
    const root = folder({ 'app/app.py': PROGRAM, 'app/requirements.txt': REQUIREMENTS, 'app/start.sh': '#!/bin/sh\n', 'app/.env': 'SECRET=1', 'README.md': '' });
    chmodSync(join(root, 'app/start.sh'), 0o755);
    const [asset] = assets(root, declareApi('app'));
    expect(asset.options).toEqual(['--file', 'Dockerfile', '--platform', `linux/${OURS}`]);
    expect(answer(built(asset))).toEqual({ 'app.py': '0o644', 'requirements.txt': '0o644', 'start.sh': '0o755' });
  });

  test('has of a source that is all of the tree neither our Dockerfile nor the assembly, and what the ignore file there names', () => {
    const root = folder({ 'app.py': PROGRAM, 'requirements.txt': REQUIREMENTS, 'Dockerfile': 'FROM scratch\n', '.dockerignore': '**\n' });
    assets(root, declareApi('.'));
    const [asset] = assets(root, declareApi('.'));
    expect(asset.options).toEqual(['--file', 'wheelhouse.Dockerfile', '--platform', `linux/${OURS}`]);
    expect(Object.keys(answer(built(asset)) as object)).toEqual(['.dockerignore', 'Dockerfile', 'app.py', 'requirements.txt']);
  });

  test('is the stage that it is declared as', () => {
    const root = folder({ 'one.txt': '1', 'two.txt': '2' });
    const made = assets(root, application => {
      const tools = new MultiStageBuild(application, 'tools');
      return ['one', 'two'].map(name => {
        const stage = new Stage(tools, name, { base: BaseImage.chainguardPython(), output: true });
        stage.copy([`${name}.txt`], `/srv/${name}.txt`);
        return tools.imageOf(stage);
      });
    });
    const listed = made.map(asset => docker('run', '--rm', '--entrypoint', '/usr/bin/python', built(asset), '-c', "import os; print(*os.listdir('/srv'))"));
    expect(listed.sort()).toEqual(['one.txt', 'two.txt']);
  });
});
