/** Files that no mount can name: spaces, commas, letters beyond ASCII. */
import { appWith, filesUnder, refusal } from './declare';
import { BaseImage, Mount, MultiStageBuild, PythonBase, PythonServer, PythonServiceImage, Stage } from 'cdk-wheelhouse';

function dockerfile(name: string, declare: (build: MultiStageBuild) => void): string {
  const { app, application, outdir } = appWith({ [`${name}/requirements.txt`]: 'flask\n', [`${name}/main.py`]: '' });
  declare(new MultiStageBuild(application, 'image'));
  app.synth();
  return filesUnder(outdir)['shop/images/image/Dockerfile'];
}

function mounting(name: string): string {
  return dockerfile(name, build => {
    const stage = new Stage(build, 'one', { base: BaseImage.debian({ release: 'bookworm' }) });
    stage.runShell('cat /src/requirements.txt', { mounts: [Mount.bind(`${name}/requirements.txt`, '/src/requirements.txt'), Mount.bind(name, '/all')] });
  });
}

describe('A mount', () => {
  test.each(['Bücher und Zeitschriften', 'a,b', '日本', '"quoted"', '$HOME'])('of %s is of a copy of it, in a stage of its own', name => {
    const text = mounting(name);
    expect(text).toMatch(/^FROM scratch AS mounted-sources\nCOPY .*\/1"?\]?\nCOPY .*\/2"?\]?$/m);
    expect(text).toContain('--mount=type=bind,from=mounted-sources,source=/2,target=/src/requirements.txt');
    expect(text).toContain('--mount=type=bind,from=mounted-sources,source=/1,target=/all');
  });

  test('of a plain path is of the source tree', () => {
    const text = mounting('app-1.0_x');
    expect(text).toContain('--mount=type=bind,source=app-1.0_x/requirements.txt,target=/src/requirements.txt');
    expect(text).not.toContain('AS mounted-sources');
  });

  test('by a package manager has a plain target', () => {
    const { app, application, outdir } = appWith({ 'Bücher/requirements.txt': 'gunicorn\n', 'Bücher/main.py': '' });
    new PythonServiceImage(application, 'image', { source: 'Bücher', base: PythonBase.chainguard(), server: PythonServer.gunicorn('main:app') });
    app.synth();
    const text = filesUnder(outdir)['shop/images/image/Dockerfile'];
    expect(text).toContain('--mount=type=bind,from=mounted-sources,source=/1,target=/src/B_fccher/requirements.txt');
    expect(text).toContain('--requirement /src/B_fccher/requirements.txt\n');
    expect(text.split('\n').filter(line => /--mount.*[^ -~]/.test(line))).toEqual([]);
  });

  test('leaves the name of that stage to nobody else', () => {
    const { app, application } = appWith({});
    new Stage(new MultiStageBuild(application, 'image'), 'mounted-sources', { base: BaseImage.debian({ release: 'bookworm' }) });
    expect(refusal(app)).toEqual(["shop/image: stage name 'mounted-sources' is used for paths that no mount can name; choose another [STAGE_NAME]"]);
  });
});
