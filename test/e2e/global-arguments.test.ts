/** Build arguments before the first FROM, judged by the engine. */
import { join } from 'node:path';
import { folder } from '../declare';
import { describeOnEngine, docker, tryDocker } from './engine';
import { App, Application, BaseImage, MultiStageBuild, Stage } from 'cdk-wheelhouse';

const TAG = 'wheelhouse-e2e/global-arguments';
const WRITE = 'import os; open("/seen.txt", "w").write(os.environ["VERSION"])';
const SHOW = 'import os; print(open("/seen.txt").read(), os.path.exists("/bin/sh"))';

/** Synthesizes and builds; with which base and version, only the defaults and `options` say. */
function built(defaults: { variant?: string; version?: string }, ...options: string[]) {
  const root = folder({});
  const app = new App({ root });
  const image = new MultiStageBuild(new Application(app, 'shop'), 'image');
  image.argument('REGISTRY', 'cgr.dev');
  image.argument('VARIANT', defaults.variant);
  image.argument('VERSION', defaults.version);
  const one = new Stage(image, 'one', { base: BaseImage.fromReference('${REGISTRY}/chainguard/python:$VARIANT') });
  one.user(0, 0);
  one.argument('VERSION');
  one.runExec(['/usr/bin/python', '-c', WRITE]);
  one.command(['-c', SHOW]);
  app.synth();
  return tryDocker('buildx', 'build', '--progress', 'plain', '--tag', TAG, ...options, '--file', join(root, 'wheelhouse.out/shop/images/image/Dockerfile'), root);
}

describeOnEngine('arguments before the first FROM', () => {
  test('give the base, and what a stage declares again, by their defaults', () => {
    const { status, stderr } = built({ variant: 'latest', version: 'one $HOME "quoted"' });
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    expect(docker('run', '--rm', TAG)).toBe('one $HOME "quoted" False');
  });

  test('give them by what whoever builds says', () => {
    const { status, stderr } = built({ variant: 'latest', version: 'one' }, '--build-arg', 'VARIANT=latest-dev', '--build-arg', 'VERSION=two');
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    expect(docker('run', '--rm', TAG)).toBe('two True');
  });

  test('end the build where a base needs one that nobody gives', () => {
    const { status, stderr } = built({ version: 'one' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('failed to parse stage name "cgr.dev/chainguard/python:"');
    expect(built({ version: 'one' }, '--build-arg', 'VARIANT=latest').status).toBe(0);
  });
});

describeOnEngine('a named context', () => {
  test('takes the place of the image that has its name', () => {
    const root = folder({ 'extra/x.txt': 'from the context' });
    const app = new App({ root });
    const image = new MultiStageBuild(new Application(app, 'shop'), 'image');
    const one = new Stage(image, 'one', { base: BaseImage.chainguardPython() });
    one.copyFrom(BaseImage.fromReference('extra'), ['/x.txt'], '/x.txt');
    one.command(['-c', 'print(open("/x.txt").read())']);
    app.synth();
    const options = ['--tag', TAG, '--build-context', `extra=${root}/extra`, '--file', join(root, 'wheelhouse.out/shop/images/image/Dockerfile')];
    const { status, stderr } = tryDocker('buildx', 'build', ...options, root);
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    expect(docker('run', '--rm', TAG)).toBe('from the context');
  });
});
