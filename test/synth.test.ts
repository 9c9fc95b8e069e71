/** What App.synth does to the disk. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appWith, declareShop, filesUnder, folder, FLASK_SOURCE, refusal } from './declare';
import { sha256 } from '../lib/primitives/stable';
import { App, Application, BaseImage, Checks, MultiStageBuild, Stage } from 'cdk-wheelhouse';

/** Declares images of these ids, each copying `app`, in an App on `root`. */
function imagesIn(root: string, ...ids: string[]): App {
  const app = new App({ root });
  const application = new Application(app, 'shop');
  for (const id of ids) new Stage(new MultiStageBuild(application, id), 'one', { base: BaseImage.scratch() }).copy(['app'], '/app');
  return app;
}

test('writes every file, and a manifest with the hash of each', () => {
  const { app, application, outdir } = appWith();
  declareShop(application);
  const result = app.synth();
  const files = filesUnder(outdir);
  expect(Object.keys(files)).toEqual([
    'manifest.json', 'shop/compose.yaml', 'shop/images/api-image/Dockerfile', 'shop/images/api-image/Dockerfile.dockerignore',
    'shop/images/web-image/Dockerfile', 'shop/images/web-image/Dockerfile.dockerignore', 'shop/kubernetes.yaml',
  ]);
  expect(result).toMatchObject({ outdir, written: Object.keys(files), unchanged: [], deleted: [] });
  const { 'manifest.json': manifest, ...others } = files;
  expect(JSON.parse(manifest).files).toEqual(Object.fromEntries(Object.entries(others).map(([path, text]) => [path, sha256(text)])));
});

test('writes below the root when no outdir is given', () => {
  const root = folder(FLASK_SOURCE);
  expect(imagesIn(root, 'one').synth().outdir).toBe(join(root, 'wheelhouse.out'));
});

test('touches no file that has not changed', () => {
  const root = folder(FLASK_SOURCE);
  imagesIn(root, 'one').synth();
  const dockerfile = join(root, 'wheelhouse.out/shop/images/one/Dockerfile');
  utimesSync(dockerfile, 1, 1);
  const again = imagesIn(root, 'one').synth();
  expect(again.written).toEqual([]);
  expect(again.unchanged).toHaveLength(3);
  expect(statSync(dockerfile).mtimeMs).toBe(1000);
});

test('renders the same bytes when it is asked twice', () => {
  const { app, application, outdir } = appWith();
  declareShop(application);
  app.synth();
  const first = filesUnder(outdir);
  expect(app.synth().written).toEqual([]);
  expect(filesUnder(outdir)).toEqual(first);
});

test('shows all faults at once, sorted, with the root, and leaves the old output as it was', () => {
  const root = folder(FLASK_SOURCE);
  imagesIn(root, 'one').synth();
  const before = filesUnder(join(root, 'wheelhouse.out'));
  const app = imagesIn(root, 'two', 'three');
  rmSync(join(root, 'app'), { recursive: true });
  const source = "there is no 'app' in the App's root; create it, or correct the path (https://docs.docker.com/reference/dockerfile/#copy) [SOURCE_MISSING]";
  expect(() => app.synth()).toThrow(new Error(`2 faults, nothing was written (root: ${root})\n  shop/three: ${source}\n  shop/two: ${source}`));
  expect(filesUnder(join(root, 'wheelhouse.out'))).toEqual(before);
});

test('deletes what it wrote and no longer needs, with the folders that this empties, and keeps what others wrote', () => {
  const root = folder(FLASK_SOURCE);
  imagesIn(root, 'one', 'two').synth();
  writeFileSync(join(root, 'wheelhouse.out/shop/images/one/notes.md'), 'mine\n');
  const result = imagesIn(root, 'three').synth();
  expect(result.deleted).toEqual(['one', 'two'].flatMap(id => ['Dockerfile', 'Dockerfile.dockerignore'].map(name => `shop/images/${id}/${name}`)));
  expect(Object.keys(filesUnder(join(root, 'wheelhouse.out')))).toEqual([
    'manifest.json', 'shop/images/one/notes.md', 'shop/images/three/Dockerfile', 'shop/images/three/Dockerfile.dockerignore',
  ]);
  expect(existsSync(join(root, 'wheelhouse.out/shop/images/two'))).toBe(false);
});

test.each(['shop/images/one/Dockerfile', 'manifest.json'])("refuses to replace somebody else's %s", path => {
  const root = folder({ ...FLASK_SOURCE, [`wheelhouse.out/${path}`]: '{"name": "a web application"}\n' });
  expect(() => imagesIn(root, 'one').synth()).toThrow(
    new Error(`'${path}' in the output folder was not written by synth; move it away, or choose another 'outdir' [OUTPUT_FOREIGN]`));
  expect(Object.keys(filesUnder(join(root, 'wheelhouse.out')))).toEqual([path]);
});

test('takes over a file that already is what it would write', () => {
  const root = folder(FLASK_SOURCE);
  imagesIn(root, 'one').synth();
  rmSync(join(root, 'wheelhouse.out/manifest.json'));
  expect(imagesIn(root, 'one').synth().written).toEqual(['manifest.json']);
});

test('repairs what a synth left behind that was cut off', () => {
  const root = folder(FLASK_SOURCE);
  imagesIn(root, 'one').synth();
  const out = join(root, 'wheelhouse.out');
  const finished = filesUnder(out);
  // cut off in the middle: journal there, one file half replaced, one new file that no manifest lists
  const journal = { generator: 'cdk-wheelhouse', files: ['shop/images/one/Dockerfile', 'shop/images/new/Dockerfile'] };
  writeFileSync(join(out, 'journal.json'), JSON.stringify(journal));
  writeFileSync(join(out, 'shop/images/one/Dockerfile.wheelhouse-tmp'), 'FROM scr');
  writeFileSync(join(out, 'shop/images/one/Dockerfile'), 'FROM other\n');
  mkdirSync(join(out, 'shop/images/new'));
  writeFileSync(join(out, 'shop/images/new/Dockerfile'), 'FROM new\n');
  const result = imagesIn(root, 'one').synth();
  expect(result).toMatchObject({ written: ['shop/images/one/Dockerfile'], deleted: ['shop/images/new/Dockerfile'] });
  expect(filesUnder(out)).toEqual(finished);
});

test('reads no paths outside the output folder from a manifest', () => {
  const root = folder({ ...FLASK_SOURCE, 'precious.txt': 'keep\n' });
  const evil = { generator: 'cdk-wheelhouse', files: { '../precious.txt': 'x', '/etc/hostname': 'x' } };
  mkdirSync(join(root, 'wheelhouse.out'));
  writeFileSync(join(root, 'wheelhouse.out/manifest.json'), JSON.stringify(evil));
  expect(imagesIn(root, 'one').synth().deleted).toEqual([]);
  expect(readFileSync(join(root, 'precious.txt'), 'utf8')).toBe('keep\n');
});

test('refuses a link that leads out of the source tree', () => {
  const { app, application, root } = appWith();
  const outside = folder({ 'secret.txt': 'x' });
  symlinkSync(join(outside, 'secret.txt'), join(root, 'link.txt'));
  const one = new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.scratch() });
  one.copy(['link.txt'], '/x');
  expect(() => app.synth()).toThrow(
    new Error(`source path 'link.txt' is a link out of ${root}; a build cannot follow it: move the files into the tree [SOURCE_LINK]`));
});

test('follows a link inside the source tree', () => {
  const { app, application, root } = appWith();
  symlinkSync('app', join(root, 'link'));
  new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.scratch() }).copy(['link/app.py'], '/x');
  expect(app.synth().written).toContain('shop/images/image/Dockerfile');
});

test('keeps an acknowledged finding with its reason in the manifest', () => {
  const { app, application, outdir } = appWith();
  const one = new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.scratch() });
  one.environment({ MAX_TOKEN: '3' });
  expect(refusal(app)).toHaveLength(1);
  Checks.acknowledge(application, 'SECRET_NAME', 'a number of words');
  const [finding] = app.synth().findings;
  expect(finding).toMatchObject({ code: 'SECRET_NAME', path: 'shop/image/one', severity: 'error', acknowledged: 'a number of words' });
  expect(JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')).findings).toEqual([{ ...finding }]);
});
