/** `wheelhouse explain`: from what synth wrote to what it says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wheelhouse } from './cli-run';
import { appWith, declareShop, folder } from './declare';

/** A folder as synth leaves it. */
function output(dockerfiles: Record<string, string>, entry: object = {}): string {
  const applications: Record<string, { images: Record<string, object> }> = {};
  for (const path of Object.keys(dockerfiles)) {
    const [application, image] = path.split('/');
    (applications[application] ??= { images: {} }).images[image] = { dockerfile: `${path}.Dockerfile`, ...entry };
  }
  const files = Object.fromEntries(Object.entries(dockerfiles).map(([path, text]) => [`${path}.Dockerfile`, text]));
  return folder({ ...files, 'manifest.json': JSON.stringify({ applications }) });
}

const BUILD = [
  'FROM scratch AS empty', 'WORKDIR /empty', 'FROM example/dev:1 AS build', 'ENV A=1',
  'RUN --mount=type=bind,source=app/requirements.txt,target=/r.txt \\\n    pip install -r /r.txt',
  'FROM example/run:1 AS run', 'COPY --from=empty /empty /home', 'COPY --from=build /venv /venv', 'COPY app conf /app/', 'CMD ["x"]',
].join('\n');

describe('wheelhouse explain', () => {
  test('says of each step where it is, what rebuilds it, and what it is', async () => {
    expect(await wheelhouse('explain', 'image', '-o', output({ 'shop/image': BUILD }))).toEqual({
      status: 0,
      stderr: '',
      stdout: [
        'STEP  STAGE  REBUILT BY A CHANGE OF  INSTRUCTION',
        '1     empty  -                       WORKDIR /empty',
        '2     build  app/requirements.txt    RUN --mount=type=bind,source=app/requirements.txt,target=/r.txt pip install -r /r.txt',
        '3     run    -                       COPY --from=empty /empty /home',
        '4     run    app/requirements.txt    COPY --from=build /venv /venv',
        '5     run    app, conf               COPY app conf /app/',
        '',
        "A step is also rebuilt when its instruction or one that it builds on is changed; '-': only then.",
        '',
      ].join('\n'),
    });
  });

  test('says the same as JSON', async () => {
    const { stdout } = await wheelhouse('explain', 'shop/image', '--json', '--output', output({ 'shop/image': BUILD }));
    expect(JSON.parse(stdout)[3]).toEqual({
      stage: 'run', instruction: 'COPY --from=build /venv /venv', sourcePaths: [], stages: ['build'], rebuiltBy: ['app/requirements.txt'],
    });
  });

  test('draws the stages', async () => {
    expect((await wheelhouse('explain', 'image', '--graph', '-o', output({ 'shop/image': BUILD }))).stdout).toBe([
      'flowchart LR', '  stage1["empty<br>scratch"]', '  stage2["build<br>example/dev:1"]', '  stage3["run<br>example/run:1"]',
      '  stage1 -- COPY --> stage3', '  stage2 -- COPY --> stage3', '',
    ].join('\n'));
  });

  test('reads what synth wrote, in whichever folder it is', async () => {
    const { app, application, outdir } = appWith();
    declareShop(application);
    app.synth();
    const { status, stdout } = await wheelhouse('explain', 'shop/api-image', '-o', outdir);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/\n\d+ +runtime +app +COPY app \/app\n/)]);
  });

  test('explains the stage that an image is, where one build makes several', async () => {
    const { stdout } = await wheelhouse('explain', 'image', '-o', output({ 'shop/image': 'FROM a AS one\nCOPY one /x\nFROM a AS two\nCOPY two /x' }, { stage: 'one' }));
    expect(stdout).toContain('COPY one /x');
    expect(stdout).not.toContain('COPY two /x');
  });

  test('says nothing of a dash where there is none', async () => {
    const { stdout } = await wheelhouse('explain', 'image', '-o', output({ 'shop/image': 'FROM a\nCOPY a /a' }));
    expect(stdout).toMatch(/\n\nA step is also rebuilt when its instruction or one that it builds on is changed\.\n$/);
  });

  test.each([
    ['nothing', "wheelhouse: no image is called 'nothing'; there are: shop/image, store/image\n"],
    ['store', "wheelhouse: no image is called 'store'; there are: shop/image, store/image\n"],
    ['image', "wheelhouse: 2 images are called 'image'; there are: shop/image, store/image\n"],
  ])('names the images when %s is not one', async (image, stderr) => {
    expect(await wheelhouse('explain', image, '-o', output({ 'shop/image': BUILD, 'store/image': BUILD }))).toEqual({ status: 2, stdout: '', stderr });
  });

  test('takes the name with its application where two images have the same', async () => {
    expect((await wheelhouse('explain', 'store/image', '-o', output({ 'shop/image': BUILD, 'store/image': 'FROM a\nRUN only' }))).stdout).toContain('RUN only');
  });

  test('fails where there is nothing to read', async () => {
    const empty = folder();
    expect(await wheelhouse('explain', 'image', '-o', empty)).toEqual(
      { status: 1, stdout: '', stderr: `wheelhouse: there is no manifest in '${empty}'; run wheelhouse synth first, or name the folder with --output\n` });
    writeFileSync(join(empty, 'manifest.json'), JSON.stringify({ applications: { shop: { images: { image: { dockerfile: 'gone' } } } } }));
    expect(await wheelhouse('explain', 'image', '-o', empty)).toEqual(
      { status: 1, stdout: '', stderr: `wheelhouse: '${empty}/gone' is not there any more; run wheelhouse synth again\n` });
  });

  test.each([[['explain'], 2], [['explain', 'image', '--json', '--graph'], 2], [['explain', '--help'], 0]])('%j exits with %i', async (args, status) => {
    expect((await wheelhouse(...args)).status).toBe(status);
  });
});

describe('docs/layers.md', () => {
  /** GOLDEN=write accepts what the command says now. */
  test.each([['text'], ['mermaid', '--graph']])('shows the %s of the example as it is', async (language, ...options) => {
    const { stdout } = await wheelhouse('explain', 'flask-app-image', ...options, '-o', 'examples/flask-nginx/wheelhouse.out');
    const shown = readFileSync('docs/layers.md', 'utf8');
    const current = shown.replace(new RegExp(`(\`\`\`${language}\\n)[^]*?(\`\`\`)`), (_, start, end) => `${start}${stdout}${end}`);
    if (process.env.GOLDEN === 'write') writeFileSync('docs/layers.md', current);
    else expect(shown).toBe(current);
  });

  test('shows an assertion that is one of ours', () => {
    const assertion = "expect(LayerPlan.of(api).rebuiltBy('app/app.py')[0].instruction).toBe('COPY app /app');";
    for (const file of ['docs/layers.md', 'test/layer-plan.test.ts']) expect(readFileSync(file, 'utf8')).toContain(assertion);
  });
});
