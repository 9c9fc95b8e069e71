/** How packages get into the image, in the text of Dockerfiles. */
import { appWith, filesUnder, refusal } from './declare';
import { Layout, PythonBase, PythonServer, PythonServiceImage, type PythonServiceImageProps } from 'cdk-wheelhouse';

const SLIM = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const FILES = { 'app/main.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/requirements.txt': 'flask==3.1.3\ngunicorn==27.0.1\n' };
const PACKAGED = { ...FILES, 'app/pyproject.toml': '[project]\nname = "web"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n' };

function declare(props: Partial<PythonServiceImageProps>, files: Record<string, string> = FILES) {
  const declared = appWith(files);
  new PythonServiceImage(declared.application, 'api', { source: 'app', base: SLIM, server: PythonServer.gunicorn('main:app'), ...props });
  return declared;
}

function dockerfile(props: Partial<PythonServiceImageProps>, files?: Record<string, string>): string {
  const { app, outdir } = declare(props, files);
  app.synth();
  return filesUnder(outdir)['shop/images/api/Dockerfile'];
}

/** The text of one stage. */
function stage(text: string, name: string): string {
  return new RegExp(`^FROM \\S+ AS ${name}\n([^]*?)(?=^FROM |(?![^]))`, 'm').exec(text)?.[1] ?? '';
}

describe('Layout.prefix', () => {
  test("installs apart, and copies onto the prefix of the image's own interpreter, which runs the service", () => {
    const text = dockerfile({ layout: Layout.prefix() });
    expect(stage(text, 'build')).toContain('/usr/local/bin/python3 -m pip install --no-compile --ignore-installed --no-warn-script-location --prefix /install --requirement');
    expect(stage(text, 'runtime')).toContain('\nCOPY --link --from=build /install /usr/local\n');
    expect(stage(text, 'runtime')).toContain('\nENTRYPOINT ["/usr/local/bin/python3", "-m", "gunicorn"]\n');
    expect(text).not.toContain('/venv');
  });

  test('gives the stage that compiles the packages as the image has them', () => {
    expect(stage(dockerfile({ layout: Layout.prefix() }), 'bytecode')).toContain('COPY --link --from=build /install /usr/local\n');
  });

  test('copies what is installed of the source onto the same prefix', () => {
    const text = dockerfile({ layout: Layout.prefix(), install: true }, PACKAGED);
    expect(stage(text, 'package')).toContain('-m pip install --no-deps --no-compile --ignore-installed --no-warn-script-location --prefix /package /src/app');
    expect(stage(text, 'runtime').trimEnd()).toMatch(/\nCOPY --link --from=package \/package \/usr\/local$/);
  });

  test("has Debian's Python find packages and scripts where Debian wants what is not its own", () => {
    const text = dockerfile({ layout: Layout.prefix(), base: PythonBase.debian({ release: 'bookworm' }), server: PythonServer.consoleScript('gunicorn') });
    expect(stage(text, 'runtime')).toContain('\nCOPY --link --from=build /install /usr\n');
    expect(stage(text, 'runtime')).toContain('\nENTRYPOINT ["/usr/bin/python3", "/usr/local/bin/gunicorn"]\n');
  });

  test('is refused where the runtime image has its Python elsewhere', () => {
    const base = PythonBase.of(SLIM.buildImage, PythonBase.distroless().runtimeImage);
    const lines = refusal(declare({ layout: Layout.prefix(), base }).app).filter(line => line.includes('PYTHON_'));
    expect(lines[0]).toBe('shop/api/runtime: what is installed for the interpreter from python:3.13-bookworm starts /usr/local/bin/python3, but '
      + 'gcr.io/distroless/python3-debian12:nonroot has its Python at /usr/bin/python3; use two images that agree, such as PythonBase.chainguard() '
      + '(https://docs.python.org/3/library/venv.html#how-venvs-work) [PYTHON_PATH]');
    expect(() => dockerfile({ layout: Layout.prefix(), base: PythonBase.distroless() })).not.toThrow();
  });
});
