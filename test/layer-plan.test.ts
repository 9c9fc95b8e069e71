/** Which edit rebuilds what, without an engine; test/e2e/layer-plan.test.ts shows that the engine agrees. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appWith } from './declare';
import { readLayers } from '../lib/output/layer-stages';
import { stageGraph } from '../lib/output/mermaid';
import { readDockerfile } from '../lib/output/read-dockerfile';
import { BaseImage, LayerPlan, Mount, MultiStageBuild, PythonBase, PythonServer, PythonServiceImage, Stage, type LayerStep } from 'cdk-wheelhouse';

const BASE = BaseImage.chainguardPython();

function image(declare: (build: MultiStageBuild) => void): MultiStageBuild {
  const build = new MultiStageBuild(appWith().application, 'image');
  declare(build);
  return build;
}

function layers(declare: (build: MultiStageBuild) => void): LayerPlan {
  return LayerPlan.of(image(declare));
}

function oneStage(declare: (stage: Stage) => void): LayerPlan {
  return layers(build => declare(new Stage(build, 'one', { base: BASE })));
}

function texts(steps: readonly LayerStep[]): string[] {
  return steps.map(step => step.instruction);
}

/** Of a Dockerfile: which of its steps a change at this path rebuilds. */
function rebuilt(dockerfile: string, path: string): string[] {
  const steps = readLayers(dockerfile).flatMap(stage => stage.steps);
  return steps.filter(step => step.reads.some(read => read.covers(path))).map(({ step }) => step.instruction);
}

describe('A Python service', () => {
  const api = new PythonServiceImage(appWith().application, 'api', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });

  test('is rebuilt from its source layer on when app.py changes', () => {
    expect(LayerPlan.of(api).rebuiltBy('app/app.py')[0].instruction).toBe('COPY app /app');
  });

  test('is installed again when the requirements change', () => {
    const [first, ...more] = texts(LayerPlan.of(api).rebuiltBy('app/requirements.txt'));
    expect(first).toMatch(/^RUN --mount=.*pip .*install/);
    expect(more).toContain('COPY app /app');
  });

  test.each(['app/__pycache__/app.pyc', 'app/.env', 'app/deep/x.pyc', 'wheelhouse.out/manifest.json', 'README.md', 'apples/app.py', '../app/app.py', '/app/app.py'])('does not see %s', path => {
    expect(LayerPlan.of(api).rebuiltBy(path)).toEqual([]);
  });
});

describe('A layer plan', () => {
  test('has a step for what the engine carries out, and none for what only changes others', () => {
    const plan = oneStage(one => {
      one.user(0, 0);
      one.environment({ A: '1' });
      one.argument('B');
      one.workingDirectory('/srv');
      one.copy(['app'], '/srv/app');
      one.writeFile('/etc/motd', 'COPY no /thing\nhello');
      one.runExec(['/usr/bin/python', '-V']);
      one.expose(80);
      one.stopSignal('SIGINT');
      one.entrypoint(['/usr/bin/python']);
      one.command(['-V']);
      one.raw('LABEL a=b\nRUN \\\n  # a comment\n  ls \\\n  -l');
    });
    expect(texts(plan.steps)).toEqual(
      ['WORKDIR /srv', 'COPY app /srv/app', "COPY --chmod=0644 <<'EOF' /etc/motd", 'RUN ["/usr/bin/python", "-V"]', 'RUN ls -l']);
  });

  test('reads over the text of a here-document, whatever space is before its word', () => {
    for (const start of ['<<EOF', '<< EOF', '<<-EOF', "3<<\t'EOF'"]) {
      expect(readDockerfile(`FROM a\nRUN cat ${start}\nCOPY no /thing\nEOF\nUSER 1`).map(({ keyword }) => keyword)).toEqual(['FROM', 'RUN', 'USER']);
    }
  });

  test('says of each step what it reads and what rebuilds it', () => {
    const plan = layers(build => {
      const one = new Stage(build, 'one', { base: BASE });
      one.runExec(['/usr/bin/python', '-V'], { mounts: [Mount.bind('app/requirements.txt', '/r.txt')] });
      const two = new Stage(build, 'two', { base: BASE });
      two.copy(['data', 'app/app.py'], '/srv');
      two.copyFrom(one, ['/usr'], '/one');
      two.copyFrom(BaseImage.chainguardNginx(), ['/etc'], '/nginx');
    });
    expect(plan.steps.map(({ instruction, ...facts }) => facts)).toEqual([
      { stage: 'one', sourcePaths: ['app/requirements.txt'], stages: [], rebuiltBy: ['app/requirements.txt'] },
      { stage: 'two', sourcePaths: ['app/app.py', 'data'], stages: [], rebuiltBy: ['app/app.py', 'data'] },
      { stage: 'two', sourcePaths: [], stages: ['one'], rebuiltBy: ['app/app.py', 'app/requirements.txt', 'data'] },
      { stage: 'two', sourcePaths: [], stages: [], rebuiltBy: ['app/app.py', 'app/requirements.txt', 'data'] },
    ]);
  });

  test('follows a change into stages that start from a stage or take files from it, and into no other', () => {
    const plan = layers(build => {
      const one = new Stage(build, 'one', { base: BASE });
      one.copy(['a'], '/a');
      const from = new Stage(build, 'from', { base: one });
      from.copy(['b'], '/b');
      const other = new Stage(build, 'other', { base: BASE });
      other.copy(['c'], '/c');
      const out = new Stage(build, 'out', { base: BASE });
      out.copyFrom(other, ['/c'], '/c');
      out.copyFrom(from, ['/b'], '/b');
    });
    expect(texts(plan.rebuiltBy('a/x'))).toEqual(['COPY a /a', 'COPY b /b', 'COPY --from=from /b /b']);
    expect(texts(plan.rebuiltBy('b'))).toEqual(['COPY b /b', 'COPY --from=from /b /b']);
    expect(texts(plan.rebuiltBy('c'))).toEqual(['COPY c /c', 'COPY --from=other /c /c', 'COPY --from=from /b /b']);
  });

  test('takes a directory for what is in it', () => {
    const plan = oneStage(one => one.copy(['app/app.py'], '/app.py'));
    expect(['app', 'app/', '.', './app/app.py'].map(path => plan.rebuiltBy(path).length)).toEqual([1, 1, 1, 1]);
    expect(plan.rebuiltBy('app/other.py')).toEqual([]);
  });

  test('of the whole tree sees what a build is sent, and no more', () => {
    const whole = oneStage(one => one.copy(['.'], '/x'));
    const raw = oneStage(one => { one.copy(['app'], '/app'); one.raw('COPY . /x'); });
    const paths = ['app/app.py', 'README.md', 'wheelhouse.out/manifest.json', '../README.md', '/README.md', '.git/config'];
    expect(paths.filter(path => whole.rebuiltBy(path).length > 0)).toEqual(['app/app.py', 'README.md']);
    expect(paths.map(path => raw.rebuiltBy(path).length)).toEqual([2, 0, 0, 0, 0, 0]);
  });

  test('does not mistake a name for a pattern', () => {
    const plan = oneStage(one => one.copy(['data'], '/a b'));
    expect(plan.steps[0].sourcePaths).toEqual(['data']);
    expect(rebuilt('FROM a\nCOPY ["d[[]1] *x", "[*]", "/x/"]', 'd[1] fx/y')).toHaveLength(1);
    expect(rebuilt('FROM a\nCOPY ["[*]", "/x/"]', 'y')).toEqual([]);
    expect(rebuilt('FROM a\nCOPY ["[*]", "/x/"]', '*')).toHaveLength(1);
  });

  test('is refused for stages that do not fit together', () => {
    const build = image(declared => { new Stage(declared, 'directories', { base: BASE }); });
    expect(() => LayerPlan.of(build)).toThrow(
      "shop/image: it has no layers to plan: stage name 'directories' is used for writable paths; choose another [STAGE_NAME] [LAYERS_UNKNOWN]");
  });

  test('is that of one image where a build makes several', () => {
    const build = image(() => {});
    const [one, two] = ['one', 'two'].map(name => {
      const stage = new Stage(build, name, { base: BASE, output: true });
      stage.copy([name], '/x');
      return build.imageOf(stage);
    });
    expect([one, two, build].map(made => texts(LayerPlan.of(made).steps))).toEqual([['COPY one /x'], ['COPY two /x'], ['COPY two /x']]);
  });

  test('needs no file to be there, and looks into none', () => {
    const { application, root } = appWith({});
    const build = new MultiStageBuild(application, 'image');
    new Stage(build, 'one', { base: BASE }).copy(['later'], '/later');
    const before = LayerPlan.of(build);
    writeFileSync(join(root, 'later'), 'x');
    expect([texts(before.rebuiltBy('later')), LayerPlan.of(build).rebuiltSince(before)]).toEqual([['COPY later /later'], []]);
  });
});

describe('A change of the declaration', () => {
  const declared = (change: (one: Stage) => void) => oneStage(one => {
    one.runExec(['first']);
    change(one);
    one.copy(['app'], '/app');
    one.workingDirectory('/srv');
    one.runShell('second');
  });
  const changes: [change: string, before: (one: Stage) => void, after: (one: Stage) => void, rebuiltSteps: string[]][] = [
    ['nothing', () => {}, () => {}, []],
    ['an environment variable', one => one.environment({ A: '1' }), one => one.environment({ A: '2' }), ['RUN second']],
    ['a build argument', one => one.argument('A', '1'), one => one.argument('A', '2'), ['RUN second']],
    ['the same variable, said twice', one => one.environment({ A: '2' }), one => { one.environment({ A: '1' }); one.environment({ A: '2' }); }, []],
    ['the user', one => one.user(1, 1), one => one.user(2, 2), ['WORKDIR /srv', 'RUN second']],
    ['the shell', one => one.raw('SHELL ["/bin/sh", "-c"]'), one => one.raw('SHELL ["/bin/sh", "-ec"]'), ['RUN second']],
    ['the text of a script', one => one.raw('RUN <<E\nls\n1\nE'), one => one.raw('RUN <<E\nls\n2\nE'), ['RUN <<E (ls...)', 'COPY app /app', 'WORKDIR /srv', 'RUN second']],
    ['the command', one => one.command(['a']), one => one.command(['b']), []],
    ['the port', one => one.expose(80), one => one.expose(81), []],
    ['a working directory', one => one.workingDirectory('/a'), one => one.workingDirectory('/b'), ['WORKDIR /b', 'COPY app /app', 'WORKDIR /srv', 'RUN second']],
    ['the text of a file', one => one.writeFile('/a', '1'), one => one.writeFile('/a', '2'), ["COPY --chmod=0644 <<'EOF' /a", 'COPY app /app', 'WORKDIR /srv', 'RUN second']],
    ['a variable that COPY names', one => one.raw('ENV D=/a\nCOPY x $D'), one => one.raw('ENV D=/b\nCOPY x $D'), ['COPY x $D', 'COPY app /app', 'WORKDIR /srv', 'RUN second']],
  ];
  test.each(changes)('of %s rebuilds what depends on it', (_, before, after, expected) => {
    expect(texts(declared(after).rebuiltSince(declared(before)))).toEqual(expected);
  });

  test('of the base rebuilds everything, also in stages that start from it', () => {
    const from = (base: BaseImage) => layers(build => {
      const one = new Stage(build, 'one', { base });
      one.copy(['a'], '/a');
      new Stage(build, 'two', { base: one }).copy(['b'], '/b');
    });
    expect(texts(from(BaseImage.chainguardNginx()).rebuiltSince(from(BASE)))).toEqual(['COPY a /a', 'COPY b /b']);
  });

  test('of the shell leaves commands without one alone', () => {
    const after = (shell: string) => oneStage(one => { one.raw(`SHELL ${shell}`); one.runExec(['/bin/ls']); });
    expect(after('["/bin/sh", "-c"]').rebuiltSince(after('["/bin/sh", "-ec"]'))).toEqual([]);
  });

  test('reaches stages that take files from the changed one', () => {
    const saying = (word: string) => layers(build => {
      const one = new Stage(build, 'one', { base: BASE });
      one.runExec([word]);
      new Stage(build, 'out', { base: BASE }).copyFrom(one, ['/a'], '/a');
    });
    expect(texts(saying('x').rebuiltSince(saying('y')))).toEqual(['RUN ["x"]', 'COPY --from=one /a /a']);
  });

  test('of the name of a stage rebuilds nothing', () => {
    const called = (name: string) => layers(build => {
      const one = new Stage(build, name, { base: BASE });
      one.copy(['a'], '/a');
      new Stage(build, 'out', { base: BASE }).copyFrom(one, ['/a'], '/a');
    });
    expect(called('x').rebuiltSince(called('y'))).toEqual([]);
  });
});

describe('Dockerfile text', () => {
  const read = (text: string) => readDockerfile(text).map(instruction => instruction.text);

  test('is read as the engine reads it', () => {
    expect(read([
      '# syntax=docker/dockerfile:1', '# just a comment', 'from a as B', '', 'RUN <<E', 'ls', 'COPY x y', 'E', 'RUN <<E cat <<-"F"', 'RUN no', 'E', '\tRUN no', '\tF',
      "RUN echo 'x <<NO' \\", '', '  # comment', '  && ls', 'RUN ["sh", "<<NO"]', 'RUN cat <<< x', 'CMD x',
    ].join('\n'))).toEqual(['from a as B', 'RUN <<E (ls...)', 'RUN <<E cat <<-"F"', "RUN echo 'x <<NO' && ls", 'RUN ["sh", "<<NO"]', 'RUN cat <<< x', 'CMD x']);
    expect(read('# escape=`\nFROM a\nRUN dir c:\\\nRUN a `\n  b')).toEqual(['FROM a', 'RUN dir c:\\', 'RUN a b']);
  });

  test('is read with its patterns, options and addresses', () => {
    expect(rebuilt('FROM a\nCOPY src/*.py /x', 'src/a.py')).toEqual(['COPY src/*.py /x']);
    expect(rebuilt('FROM a\nCOPY src/*.py /x', 'src/deep/a.py')).toEqual([]);
    expect(rebuilt('FROM a\nCOPY [a-c]?d /x', 'bxd/y')).toHaveLength(1);
    expect(rebuilt('FROM a\nADD https://example.com/src /x', 'src')).toEqual([]);
    expect(rebuilt('FROM a\nADD --chown=1:1 ./a.tar /x', 'a.tar')).toHaveLength(1);
    expect(rebuilt('FROM a\nENV D=src\nCOPY ${D}/a "$D/b" /x/', 'src/b')).toHaveLength(1);
    expect(rebuilt('FROM a\nRUN --mount=type=bind,target=/x ls', 'anything')).toHaveLength(1);
    expect(rebuilt('FROM a\nRUN --mount=type=cache,target=/x --mount=target=/y,source=src ls', 'src/a')).toHaveLength(1);
    expect(rebuilt('FROM a\nRUN --mount=type=cache,target=/x ls', 'src/a')).toEqual([]);
  });

  // each line as seen on the engine
  test.each([
    ['f', 'e/f', false], ['f', 'e/s/f', true], ['**/f', 'e/s/f', false], ['**/f', 'e/f', false], ['*.txt', 'e/a.txt', false], ['*.txt', 'e/s/a.txt', true],
    ['s', 'e/s/t/f', false], ['e/f', 'e/f', true], ['s/*.txt', 'e/s/a.txt', false], ['/f', 'e/f', true], ['*/f', 'e/s/f', false], ['**', 'e/f', false],
    ['s --exclude=!s/f', 'e/s/f', true], ['s --exclude=!s/f', 'e/s/t/f', false],
  ])('--exclude=%s: %s is copied: %j', (exclude, path, copied) => {
    expect(rebuilt(`FROM a\nCOPY --exclude=${exclude} e /dd`, path).length === 1).toBe(copied);
  });

  test('leaves out stages that the last one does not need, and carries out triggers in those that start from a stage', () => {
    const stages = readLayers('FROM a AS base\nONBUILD COPY d /d\nFROM a\nCOPY u /u\nFROM base AS o\nCOPY g /g\nRUN --mount=from=1,target=/x --mount=type=bind,from=img,target=/y ls');
    expect(stages.map(stage => [stage.name, stage.steps.map(({ step }) => step.instruction)])).toEqual([
      ['base', []], ['stage-1', ['COPY u /u']], ['o', ['ONBUILD COPY d /d', 'COPY g /g', 'RUN --mount=from=1,target=/x --mount=type=bind,from=img,target=/y ls']],
    ]);
    expect(readLayers('FROM a AS unused\nFROM a AS too\nCOPY --from=unused /x /x\nFROM b\nRUN y').map(stage => stage.name)).toEqual(['stage-2']);
    expect(stageGraph(stages)).toBe([
      'flowchart LR', '  stage1["base<br>a"]', '  stage2["stage-1<br>a"]', '  stage3["o"]', '  image1(["img"])',
      '  stage1 -- FROM --> stage3', '  stage2 -- COPY --> stage3', '  image1 -- COPY --> stage3', '',
    ].join('\n'));
  });
});

describe('The stage graph', () => {
  test('keeps every label whole', () => {
    expect(stageGraph(readLayers('FROM a"]-->b#<x>& AS end'))).toBe('flowchart LR\n  stage1["end<br>a#34;]--#62;b#35;#60;x#62;#38;"]\n');
  });
});
