import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appWith, declareShop, filesUnder, FLASK_SOURCE, folder } from './declare';
import { SourceDirectory } from '../lib/build/source-directory';
import { buildContext, writeBuildContext, type BuildContext } from '../lib/output/build-context';
import { examine } from '../lib/output/examined-application';
import { App, Application, Architecture, BaseImage, MultiStageBuild, PythonBase, PythonServer, PythonServiceImage, Stage } from 'cdk-wheelhouse';

const ELSEWHERE = '/nowhere/cdk.out';

/** The context of an image, as it is when what is in `root` is read anew. */
function contextIn(root: string, declare: (application: Application) => void, outdir = ELSEWHERE, id = 'api-image', appOutdir?: string): BuildContext {
  const application = new Application(new App({ root, outdir: appOutdir }), 'shop');
  declare(application);
  const { plan } = examine(application);
  return buildContext(plan, plan.images.find(image => image.id === id)!, SourceDirectory.of(application), outdir);
}

function declareImage(source: string, architecture?: Architecture) {
  return (application: Application) => {
    new PythonServiceImage(application, 'api-image', { source, architecture, base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  };
}

function paths(context: BuildContext): string[] {
  return context.files.map(({ path }) => path);
}

describe('The context of a build', () => {
  test('is what the build reads, its Dockerfile and the ignore file of that, below the same paths', () => {
    const root = folder({ ...FLASK_SOURCE, 'app/static/logo.svg': '<svg/>', 'app/.env': 'SECRET=1', 'app/__pycache__/app.pyc': '', 'README.md': '# Shop', 'other/app.py': '' });
    const context = contextIn(root, declareImage('app'));
    expect(paths(context)).toEqual(['app/app.py', 'app/requirements.txt', 'app/static/logo.svg', 'Dockerfile', 'Dockerfile.dockerignore']);
    const directory = writeBuildContext(folder(), context);
    expect(Object.keys(filesUnder(directory)).sort()).toEqual(paths(context).sort());
    expect(filesUnder(directory)['app/app.py']).toBe(FLASK_SOURCE['app/app.py']);
  });

  test('has the Dockerfile and the ignore file that synth writes', () => {
    const { app, application, outdir } = appWith();
    declareShop(application);
    const { plan } = examine(application);
    const written = (app.synth(), filesUnder(outdir));
    for (const image of plan.images) {
      const context = buildContext(plan, image, SourceDirectory.of(application), ELSEWHERE);
      const text = (path: string) => context.files.find(file => file.path === path)!.content;
      expect(text('Dockerfile')).toBe(written[`shop/${image.dockerfile}`]);
      // a context has no output folder
      expect(text('Dockerfile.dockerignore')).toBe(written[`shop/${image.dockerfile}.dockerignore`].replace('wheelhouse.out\n', ''));
    }
  });

  test('has a Dockerfile without comments when synth explains', () => {
    const root = folder(FLASK_SOURCE);
    const app = new App({ root, explain: true });
    const application = new Application(app, 'shop');
    declareImage('app')(application);
    const { plan } = examine(application);
    expect(buildContext(plan, plan.images[0], SourceDirectory.of(application), ELSEWHERE)).toEqual(contextIn(root, declareImage('app')));
  });

  test.each<[what: string, change: (root: string) => void]>([
    ['a file that it does not read', root => writeFileSync(join(root, 'README.md'), 'new')],
    ['a file that every ignore list names', root => writeFileSync(join(root, 'app/.env'), 'new')],
    ['the time of a file', root => utimesSync(join(root, 'app/app.py'), 1, 1)],
    ['what others may do with a file', root => chmodSync(join(root, 'app/app.py'), 0o600)],
    ['the output of synth', root => { mkdirSync(join(root, 'wheelhouse.out')); writeFileSync(join(root, 'wheelhouse.out/manifest.json'), '{}'); }],
  ])('does not change with %s', (_, change) => {
    const root = folder(FLASK_SOURCE);
    const before = contextIn(root, declareImage('app'));
    change(root);
    expect(contextIn(root, declareImage('app'))).toEqual(before);
  });

  test.each<[what: string, change: (root: string) => void]>([
    ['a file that it reads', root => writeFileSync(join(root, 'app/app.py'), 'app = 2\n')],
    ['a new file', root => writeFileSync(join(root, 'app/more.py'), '')],
    ['an executable bit', root => chmodSync(join(root, 'app/app.py'), 0o755)],
    ['the end of its lines', root => writeFileSync(join(root, 'app/app.py'), FLASK_SOURCE['app/app.py'].replaceAll('\n', '\r\n'))],
  ])('gets another name with %s', (_, change) => {
    const root = folder(FLASK_SOURCE);
    const before = contextIn(root, declareImage('app'));
    expect(before.name).toBe(`api-image-${before.tag}`);
    change(root);
    expect(contextIn(root, declareImage('app')).name).not.toBe(before.name);
  });

  test('gets another name with the Dockerfile, and with what it is built for', () => {
    const root = folder(FLASK_SOURCE);
    const names = [declareImage('app'), declareImage('app', Architecture.ARM64), (application: Application) => {
      declareImage('app')(application);
      (application.node.findChild('api-image') as PythonServiceImage).runtimeStage.labels({ team: 'shop' });
    }].map(declare => contextIn(root, declare).name);
    expect(new Set(names).size).toBe(3);
  });

  test('is the same wherever the output lies', () => {
    const root = folder(FLASK_SOURCE);
    expect(contextIn(root, declareImage('app'), ELSEWHERE, 'api-image', folder())).toEqual(contextIn(root, declareImage('app')));
  });

  describe('of all of the source tree', () => {
    const SOURCE = { 'app.py': FLASK_SOURCE['app/app.py'], 'requirements.txt': 'flask\ngunicorn\n' };

    test('leaves out what the host writes, or it would change with each synth', () => {
      const root = folder(SOURCE);
      const before = contextIn(root, declareImage('.'), join(root, 'cdk.out'));
      writeBuildContext(join(root, 'cdk.out/wheelhouse'), before);
      writeFileSync(join(root, 'cdk.outer'), '');
      const after = contextIn(root, declareImage('.'), join(root, 'cdk.out'));
      expect(paths(after).filter(path => !paths(before).includes(path))).toEqual(['cdk.outer']);
    });

    test('keeps its own Dockerfile out of the image', () => {
      const context = contextIn(folder(SOURCE), declareImage('.'));
      expect(paths(context)).toEqual(['app.py', 'requirements.txt', 'Dockerfile', 'Dockerfile.dockerignore']);
      expect(context.files.at(-1)!.content).toMatch(/\nDockerfile\nDockerfile\.dockerignore\n$/);
    });

    test("leaves the source's own Dockerfile where it is", () => {
      const context = contextIn(folder({ ...SOURCE, 'Dockerfile': 'FROM scratch\n', 'wheelhouse.Dockerfile.dockerignore': '' }), declareImage('.'));
      expect(context.dockerfile).toBe('wheelhouse.wheelhouse.Dockerfile');
      expect(paths(context)).toEqual(['Dockerfile', 'app.py', 'requirements.txt', 'wheelhouse.Dockerfile.dockerignore', 'wheelhouse.wheelhouse.Dockerfile', 'wheelhouse.wheelhouse.Dockerfile.dockerignore']);
    });
  });

  test('is shared by images that are stages of one Dockerfile', () => {
    const declare = (application: Application) => {
      const build = new MultiStageBuild(application, 'tools');
      for (const name of ['one', 'two']) {
        const stage = new Stage(build, name, { base: BaseImage.alpine({ release: '3.22' }), output: true });
        stage.copy(['app'], '/app');
        build.imageOf(stage);
      }
    };
    const root = folder(FLASK_SOURCE);
    const [one, two] = ['one', 'two'].map(name => contextIn(root, declare, ELSEWHERE, `tools-${name}-image`));
    expect(one).toEqual(two);
    expect(one.name).toBe(`tools-${one.tag}`);
  });

  test('has a directory that the build reads even when it is empty', () => {
    const root = folder(FLASK_SOURCE);
    mkdirSync(join(root, 'app/uploads'));
    const context = contextIn(root, application => {
      declareImage('app')(application);
      (application.node.findChild('api-image') as PythonServiceImage).runtimeStage.copy(['app/uploads'], '/srv/uploads');
    });
    expect(readdirSync(writeBuildContext(folder(), context) + '/app').sort()).toEqual(['app.py', 'requirements.txt', 'uploads']);
  });

  test('has a file where the source has a link', () => {
    const root = folder(FLASK_SOURCE);
    symlinkSync('app.py', join(root, 'app/main.py'));
    expect(filesUnder(writeBuildContext(folder(), contextIn(root, declareImage('app'))))['app/main.py']).toBe(FLASK_SOURCE['app/app.py']);
  });
});

describe('The folder of a context', () => {
  const modes = (directory: string) => Object.fromEntries(['.', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })]
    // eslint-disable-next-line no-bitwise
    .map(path => [path, (statSync(join(directory, path)).mode & 0o777).toString(8)]));

  test('keeps executable bits, and has modes that no umask changes', () => {
    const root = folder({ ...FLASK_SOURCE, 'app/start.sh': '#!/bin/sh\n' });
    chmodSync(join(root, 'app/start.sh'), 0o700);
    const context = contextIn(root, declareImage('app'));
    const before = process.umask(0o077);
    try {
      expect(modes(writeBuildContext(folder(), context))).toEqual({
        '.': '755', 'Dockerfile': '644', 'Dockerfile.dockerignore': '644', 'app': '755', 'app/app.py': '644', 'app/requirements.txt': '644', 'app/start.sh': '755',
      });
    } finally {
      process.umask(before);
    }
  });

  test('is left alone when it is there', () => {
    const context = contextIn(folder(FLASK_SOURCE), declareImage('app'));
    const outdir = folder();
    const directory = writeBuildContext(outdir, context);
    const { ino, mtimeMs } = statSync(directory);
    const unread = { ...context.files[0], get content(): string { throw new Error('read'); } };
    expect(writeBuildContext(outdir, { ...context, files: [unread] })).toBe(directory);
    expect(statSync(directory)).toMatchObject({ ino, mtimeMs });
    expect(readdirSync(outdir)).toEqual([context.name]);
  });

  test('is there whole or not at all', () => {
    const context = contextIn(folder(FLASK_SOURCE), declareImage('app'));
    const outdir = folder();
    const cutOff = { ...context, files: [...context.files, { path: 'late', executable: false, get content(): string { throw new Error('cut off'); } }] };
    expect(() => writeBuildContext(outdir, cutOff)).toThrow('cut off');
    expect(readdirSync(outdir)).not.toContain(context.name);
    rmSync(outdir, { recursive: true });
    expect(readFileSync(join(writeBuildContext(outdir, context), 'Dockerfile'), 'utf8')).toContain('FROM ');
  });

  test('may be written by another process meanwhile', () => {
    const context = contextIn(folder(FLASK_SOURCE), declareImage('app'));
    const outdir = folder();
    const [first, ...others] = context.files;
    const late = { ...first, get content() { writeBuildContext(outdir, context); return first.content; } };
    expect(writeBuildContext(outdir, { ...context, files: [late, ...others] })).toBe(join(outdir, context.name));
    expect(readdirSync(outdir)).toEqual([context.name]);
  });
});
