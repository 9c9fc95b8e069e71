/** What no build gets to see because the App says so. */
import { join } from 'node:path';
import { filesUnder, folder, refusal } from './declare';
import { SourceDirectory } from '../lib/build/source-directory';
import { examine } from '../lib/output/examined-application';
import { contentTags } from '../lib/output/image-files';
import { App, Application, ComposeFile, LayerPlan, PythonBase, PythonServer, PythonServiceImage, Service, type AppProps } from 'cdk-wheelhouse';

const FILES = { 'main.py': 'from flask import Flask\napp = Flask(__name__)\n', 'requirements.txt': 'flask\ngunicorn\n', 'data/large.bin': 'data', 'tests/test_main.py': '' };

function declare(props: AppProps = {}, development = false, root = folder(FILES)) {
  const app = new App({ root, outdir: join(root, 'wheelhouse.out'), ...props });
  const application = new Application(app, 'shop');
  const base = PythonBase.slim({ python: '3.13' });
  const image = new PythonServiceImage(application, 'api-image', { source: '.', base, server: PythonServer.gunicorn('main:app'), development });
  new Service(application, 'api', { image });
  new ComposeFile(application, 'compose');
  return { app, application, image, root };
}

describe('What an App ignores', () => {
  test('is in no ignore list, whose later lines win', () => {
    const { app, root } = declare({ ignored: ['tests', 'data'] });
    app.synth();
    const lines = filesUnder(join(root, 'wheelhouse.out'))['shop/images/api-image/Dockerfile.dockerignore'].trimEnd().split('\n');
    expect(lines.slice(-3)).toEqual(['data', 'tests', 'wheelhouse.out']);
  });

  test('changes no image when it changes', () => {
    const tag = (data: string, ignored?: string[]) => {
      const { application } = declare({ ignored }, false, folder({ ...FILES, 'data/large.bin': data }));
      return contentTags(examine(application).plan, SourceDirectory.of(application))('api-image');
    };
    expect(tag('one', ['data'])).toBe(tag('two', ['data']));
    expect(tag('one')).not.toBe(tag('two'));
  });

  test('rebuilds no layer', () => {
    expect(LayerPlan.of(declare({ ignored: ['data'] }).image).rebuiltBy('data/large.bin')).toEqual([]);
    expect(LayerPlan.of(declare().image).rebuiltBy('data/large.bin').length).toBe(1);
  });

  test('is not copied into a container that follows the source', () => {
    const { app, root } = declare({ ignored: ['data'] }, true);
    app.synth();
    expect(filesUnder(join(root, 'wheelhouse.out'))['shop/compose.yaml']).toMatch(/ignore:\n(?: +- .*\n)* +- data\n/);
  });

  test('may not be read', () => {
    const { app } = declare({ ignored: ['requirements.txt'] });
    expect(refusal(app)).toEqual(["shop/api-image: 'requirements.txt' is read, but 'requirements.txt' is in 'ignored' of the App; take it out there, or read something else "
      + '(https://docs.docker.com/build/concepts/context/#dockerignore-files) [SOURCE_IGNORED]']);
  });

  test('has to be a path in the root, and not all of it', () => {
    expect(() => declare({ ignored: ['../data'] })).toThrow('[SOURCE_PATH]');
    expect(() => declare({ ignored: ['.'] })).toThrow("source path '.' is all that there is; name what no build should see in 'ignored' [SOURCE_PATH]");
  });
});
