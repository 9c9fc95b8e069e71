/** Layer plans, judged by the engine: what they say is rebuilt first is what it rebuilds first. */
import { appendFileSync, chmodSync, cpSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folder } from '../declare';
import { cachedSteps } from './build-steps';
import { describeOnEngine } from './engine';
import { App, Application, BaseImage, LayerPlan, Mount, MultiStageBuild, PythonBase, PythonServer, PythonServiceImage, Stage } from 'cdk-wheelhouse';

/** In what the engine has to see for the first time. */
const NOW = `built at ${Date.now()}`;
let trees = 0;

type Declare = (application: Application) => MultiStageBuild;

/** Writes an image into `root`; answers with its Dockerfile and its plan. */
function synthesized(root: string, declare: Declare): { dockerfile: string; plan: LayerPlan } {
  const app = new App({ root });
  const image = declare(new Application(app, 'layers'));
  app.synth();
  return { dockerfile: join(root, `wheelhouse.out/layers/images/${image.node.id}/Dockerfile`), plan: LayerPlan.of(image) };
}

/** The engine writes here-documents and lists with fewer quotes. */
function plain(instruction: string): string {
  return instruction.replace(/["']/g, '').replace(/\s+/g, ' ');
}

/** What the engine did not take from its cache, in the order of the plan. */
function rebuilt(dockerfile: string, root: string, plan: LayerPlan): string[] {
  const steps = cachedSteps(dockerfile, root);
  const order = plan.steps.map(step => plain(step.instruction));
  expect(order).toEqual(expect.arrayContaining(steps.map(step => plain(step.instruction))));
  const again = steps.filter(step => !step.cached).map(step => plain(step.instruction));
  return order.filter(step => again.includes(step));
}

/** A tree with a file in each of its directories that no earlier tree has, built. */
function built(make: () => string, declare: Declare) {
  const root = make();
  const { dockerfile, plan } = synthesized(root, declare);
  cachedSteps(dockerfile, root);
  return { root, dockerfile, plan };
}

function unique(): string {
  trees += 1;
  return `${NOW}, tree ${trees}\n`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function flaskTree(): string {
  const root = folder({ 'docs/read.me': 'outside', 'app/unique.txt': unique(), 'app/old.txt': '' });
  cpSync('examples/flask-nginx/app', join(root, 'app'), { recursive: true });
  return root;
}

/** The Flask of examples/flask-nginx. */
function flask(application: Application): MultiStageBuild {
  const server = PythonServer.gunicorn('app:app', { healthPath: '/healthz', workers: 2 });
  return new PythonServiceImage(application, 'flask-app-image', { source: 'app', base: PythonBase.chainguard(), server });
}

function severalTree(): string {
  const text = unique();
  return folder({
    'data/a.txt': text, 'data/deep/b.txt': text, 'data/skipped/c.txt': text, 'conf/site.conf': text, 'conf/other.conf': text, 'tools/make.txt': text, 'a[1] b/x': text,
  });
}

/** What an image may have that a service on Chainguard has not. */
function several({ early = '1', late = '1', user = 0, name = 'made' } = {}): Declare {
  return application => {
    const image = new MultiStageBuild(application, 'several');
    const base = BaseImage.chainguardPythonDev();
    const root = new Stage(image, 'root', { base });
    root.user(0, 0);
    root.copy(['conf/site.conf'], '/etc/site.conf');
    const made = new Stage(image, name, { base: root });
    made.environment({ EARLY: early });
    made.copy(['a[1] b'], '/names');
    made.runShell('mkdir -p /made && cat /tools/make.txt > /made/text', { mounts: [Mount.bind('tools', '/tools')] });
    const out = new Stage(image, 'out', { base });
    out.user(user, 0);
    out.workingDirectory('/srv');
    out.copy(['data'], '/srv/data', { excludes: ['skipped'] });
    out.user(0, 0);
    out.copyFrom(made, ['/made'], '/made', { link: true });
    out.environment({ LATE: late });
    out.runShell('cat /made/text > /last');
    out.writeFile('/etc/motd', 'the end');
    out.command(['/bin/true']);
    return image;
  };
}

/** A kind of edit: the paths whose files it changes, and the first step that is done again. */
type Edit = [kind: string, paths: string[], edit: (root: string) => void, first: string | undefined];

const append = (path: string) => (root: string) => appendFileSync(join(root, path), `# ${unique()}`);
const put = (path: string) => (root: string) => write(join(root, path), unique());

describeOnEngine('the engine rebuilds first what the plan says', () => {
  const edits: [image: string, make: () => string, declare: Declare, edits: Edit[]][] = [
    ['the Flask of flask-nginx', flaskTree, flask, [
      ['editing app.py', ['app/app.py'], append('app/app.py'), 'COPY app /app'],
      ['adding a file', ['app/new.py'], put('app/new.py'), 'COPY app /app'],
      ['adding a file in a new directory', ['app/new/new.py'], put('app/new/new.py'), 'COPY app /app'],
      ['deleting a file', ['app/old.txt'], root => rmSync(join(root, 'app/old.txt')), 'COPY app /app'],
      ['renaming a file', ['app/old.txt', 'app/new.txt'], root => renameSync(join(root, 'app/old.txt'), join(root, 'app/new.txt')), 'COPY app /app'],
      ["changing a file's mode", ['app/app.py'], root => chmodSync(join(root, 'app/app.py'), 0o755), 'COPY app /app'],
      ['editing the requirements', ['app/requirements.txt'], append('app/requirements.txt'), 'RUN --mount=type=cache'],
      ['adding bytecode', ['app/__pycache__/x.pyc'], put('app/__pycache__/x.pyc'), undefined],
      ['adding local secrets', ['app/.env'], put('app/.env'), undefined],
      ['editing what is outside the source', ['docs/read.me'], append('docs/read.me'), undefined],
      ['giving a file another time', [], root => utimesSync(join(root, 'app/app.py'), 1, 1), undefined],
    ]],
    ['an image of several stages', severalTree, several(), [
      ['editing a single copied file', ['conf/site.conf'], append('conf/site.conf'), 'COPY conf/site.conf /etc/site.conf'],
      ['editing the file beside it', ['conf/other.conf'], append('conf/other.conf'), undefined],
      ['editing a file that is only mounted', ['tools/make.txt'], append('tools/make.txt'), 'RUN --mount=type=bind'],
      ['adding a file to a mounted directory', ['tools/new.txt'], put('tools/new.txt'), 'RUN --mount=type=bind'],
      ['editing a file deep in a copied directory', ['data/deep/b.txt'], append('data/deep/b.txt'), 'COPY --exclude=skipped data /srv/data'],
      ['editing a file that the copy leaves out', ['data/skipped/c.txt'], append('data/skipped/c.txt'), undefined],
      ['editing a file with a name like a pattern', ['a[1] b/x'], append('a[1] b/x'), 'COPY [a[[]1] b, /names]'],
      ['editing two files', ['data/a.txt', 'tools/make.txt'], root => { append('data/a.txt')(root); append('tools/make.txt')(root); }, 'RUN --mount=type=bind'],
    ]],
  ];
  describe.each(edits)('of %s', (_image, make, declare, kinds) => {
    test.each(kinds)('after %s', (_kind, paths, edit, first) => {
      const { root, dockerfile, plan } = built(make, declare);
      const touched = paths.flatMap(path => plan.rebuiltBy(path).map(step => plain(step.instruction)));
      const predicted = plan.steps.map(step => plain(step.instruction)).filter(step => touched.includes(step));
      edit(root);
      const observed = rebuilt(dockerfile, root, plan);
      expect(observed[0]).toBe(predicted[0]);
      expect(predicted).toEqual(expect.arrayContaining(observed));
      expect(predicted[0]?.startsWith(first ?? '')).toBe(first === undefined ? undefined : true);
    });
  });

  test.each<[what: string, change: Parameters<typeof several>[0], first: string | undefined]>([
    ['a variable before a COPY', { early: NOW }, 'RUN --mount=type=bind'],
    ['a variable after a COPY', { late: NOW }, 'RUN cat /made/text'],
    ['the user before WORKDIR', { user: 1 + Date.now() % 60000 }, 'WORKDIR /srv'],
    ['the name of a stage', { name: 'renamed' }, undefined],
  ])('after a change of %s in the declaration', (_, change, first) => {
    const { root, plan: before } = built(severalTree, several());
    const { dockerfile, plan } = synthesized(root, several(change));
    const predicted = plan.rebuiltSince(before).map(step => plain(step.instruction));
    const observed = rebuilt(dockerfile, root, plan);
    expect(observed[0]).toBe(predicted[0]);
    expect(predicted).toEqual(expect.arrayContaining(observed));
    expect(predicted[0]?.startsWith(first ?? '')).toBe(first === undefined ? undefined : true);
  });
});
