/** The printer, judged by the engine: what a container sees is what was declared. */
import { join } from 'node:path';
import { folder } from '../declare';
import { describeOnEngine, docker } from './engine';
import { App, Application, BaseImage, MultiStageBuild, Stage } from 'cdk-wheelhouse';

const NASTY = [
  '', ' leading', 'trailing ', "'", '"', '\\', '\\\\', '\\n', '$HOME', '${HOME}', '\\$', '$$', '# no comment', '<<EOF', 'USER root', '\t', 'ünï ☃ 𝄞', '[]', '["a"]', 'a=b c=d',
  '`date`', '$(date)', '&& exit', '\\"', "it's", '*', '~', '!', '%s', '${X:-y}', '\u2028', 'x'.repeat(2000),
];

const SHOW = 'import json, os, sys; print(json.dumps([{k: v for k, v in os.environ.items() if k.startswith("N_")}, sys.argv[1:], open("/nasty.txt").read()]))';

describeOnEngine('the engine', () => {
  test('hands on every environment value, word of a command and text of a file as it was declared', () => {
    const root = folder();
    const app = new App({ root });
    const image = new MultiStageBuild(new Application(app, 'nasty'), 'image');
    const one = new Stage(image, 'one', { base: BaseImage.chainguardPython() });
    const environment = Object.fromEntries(NASTY.map((value, index) => [`N_${index}`, value]));
    one.environment(environment);
    for (const [index, value] of NASTY.entries()) one.argument(`ARGUMENT_${index}`, value);
    one.writeFile('/nasty.txt', `${NASTY.join('\n')}\n`);
    one.entrypoint(['/usr/bin/python', '-c', SHOW]);
    one.command(NASTY);
    app.synth();
    docker('buildx', 'build', '--quiet', '--tag', 'wheelhouse-e2e/nasty', '--file', join(root, 'wheelhouse.out/nasty/images/image/Dockerfile'), root);
    expect(JSON.parse(docker('run', '--rm', 'wheelhouse-e2e/nasty'))).toEqual([environment, NASTY, `${NASTY.join('\n')}\n`]);
  });

  test('sees of the source what the ignore list lets through, and no more', () => {
    const root = folder({
      'app/app.py': '',
      'app/deep/data.txt': '',
      'app/.env': 'SECRET=1',
      'app/__pycache__/app.pyc': '',
      'app/.venv/x': '',
      'app/.git/config': '',
      'app/a b.txt': '',
      'app/ü.txt': '',
      'other/x': '',
      'application.ts': '',
      'alone.txt': '',
    });
    const app = new App({ root });
    const image = new MultiStageBuild(new Application(app, 'context'), 'image');
    const one = new Stage(image, 'one', { base: BaseImage.chainguardPython() });
    one.copy(['app', 'alone.txt'], '/seen');
    one.raw('COPY . /context'); // all that the build was sent
    one.entrypoint(['/usr/bin/python', '-c', 'import os; print(*sorted(os.path.join(d, f) for d, _, fs in os.walk("/context") for f in fs), sep="\\n")']);
    app.synth();
    docker('buildx', 'build', '--quiet', '--tag', 'wheelhouse-e2e/context', '--file', join(root, 'wheelhouse.out/context/images/image/Dockerfile'), root);
    expect(docker('run', '--rm', 'wheelhouse-e2e/context').split('\n')).toEqual(
      ['/context/alone.txt', '/context/app/a b.txt', '/context/app/app.py', '/context/app/deep/data.txt', '/context/app/ü.txt']);
  });
});
