import { readFileSync } from 'node:fs';
import { appWith, FLASK_SOURCE } from './declare';
import { refusesAtOnce } from './refuses';
import { PythonBase, PythonServer, PythonServiceImage, Trim } from 'cdk-wheelhouse';

function buildStage(trim?: Trim): string {
  const { app, application, outdir } = appWith(FLASK_SOURCE);
  new PythonServiceImage(application, 'api', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'), trim });
  app.synth();
  return /^FROM \S+ AS build$([^]*?)^FROM /m.exec(readFileSync(`${outdir}/shop/images/api/Dockerfile`, 'utf8'))![1];
}

describe('Trim', () => {
  test('removes tests, headers and stubs after the packages are installed, but for what is kept', () => {
    expect(buildStage(Trim.unused({ keep: ['numpy', 'a.b'] })).split('\nRUN ').pop()).toBe([
      "find /venv -type d \\( -name tests \\) ! -path '*/*-packages/a.b/*' ! -path '*/*-packages/numpy/*' -prune -exec rm -rf {} + \\",
      " && find /venv -type f \\( -name '*.a' -o -name '*.h' -o -name '*.hpp' -o -name '*.lib' -o -name '*.pxd' -o -name '*.pxi' -o -name '*.pyi' -o -name '*.pyx' \\)"
      + " ! -path '*/*-packages/a.b/*' ! -path '*/*-packages/numpy/*' -delete",
      '', '',
    ].join('\n'));
  });

  test('removes nothing when nothing is said', () => {
    expect(buildStage()).toBe(buildStage(Trim.nothing()));
    expect(buildStage()).not.toContain('find');
  });

  refusesAtOnce('a package that is none', "package '*' is not the name of a directory such as numpy [MODULE_NAME]", () => Trim.unused({ keep: ['*'] }), () => Trim.unused({ keep: ['PIL'] }));
});
