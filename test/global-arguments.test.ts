/** Build arguments before the first FROM: in what stages start from, and for stages that declare them again. */
import { appWith, filesUnder } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import { BaseImage, LayerPlan, Mount, MultiStageBuild, Stage, type Application } from 'cdk-wheelhouse';

const BASE = '${REGISTRY}/python:3.12-slim';

function build(application: Application, reference: string, declare: (image: MultiStageBuild, one: Stage) => void = () => undefined) {
  const image = new MultiStageBuild(application, 'image');
  declare(image, new Stage(image, 'one', { base: BaseImage.fromReference(reference) }));
  return image;
}

function synthesized(reference: string, declare?: (image: MultiStageBuild, one: Stage) => void) {
  const { app, application, outdir } = appWith();
  build(application, reference, declare);
  const { findings } = app.synth();
  return { dockerfile: filesUnder(outdir)['shop/images/image/Dockerfile'], findings: findings.map(({ code, problem }) => `${code} ${problem}`) };
}

describe('arguments before the first FROM', () => {
  test('are printed by name, with a default or without, and stages take over what they declare again', () => {
    const { dockerfile } = synthesized(BASE, (image, one) => {
      image.argument('VERSION', 'a $b "c"');
      image.argument('REGISTRY');
      image.argument('EMPTY', '');
      one.argument('VERSION');
    });
    expect(dockerfile).toBe([
      '# syntax=docker/dockerfile:1', '# Written by cdk-wheelhouse: change the declaration, not this file.', '',
      'ARG EMPTY=""', 'ARG REGISTRY', 'ARG VERSION="a \\$b \\"c\\""', '',
      'FROM ${REGISTRY}/python:3.12-slim AS one', 'ARG VERSION', '',
    ].join('\n'));
  });

  test.each(['${IMAGE}', '$IMAGE', '${IMAGE}python', '${IMAGE}/a/$IMAGE:3', 'a${IMAGE}', 'a:${IMAGE}', 'a:3-$IMAGE', 'a@${IMAGE}', 'a:1@sha256:${IMAGE}', 'host:${IMAGE}/a', '${IMAGE}.example.com/a'])(
    'may stand in %s', reference => {
      expect(synthesized(reference, image => image.argument('IMAGE')).dockerfile).toContain(`FROM ${reference} AS one\n`);
    });

  for (const bad of ['${IMAGE', '${IMAGE:-python}', '$', '${}', '$1', 'A${IMAGE}', '${IMAGE} x', '${IMAGE}\nRUN x', 'a@${A}@${B}', '${A}@b-c', '${IMAGE}"']) {
    refusesAtOnce(`${JSON.stringify(bad)} as a reference`,
      `'${bad}' is not an image reference such as \${REGISTRY}/team/name:tag; variables are written $NAME or \${NAME} [IMAGE_REFERENCE]`,
      () => BaseImage.fromReference(bad), () => BaseImage.fromReference('${IMAGE}'));
  }

  refusesAtSynth('a variable that no argument declares, as one of another case',
    ["shop/image: stage 'one' starts from '${REGISTRY}/python:3.12-slim', but the build has no argument 'REGISTRY'; declare it on the build: argument('REGISTRY', …) [ARGUMENT_UNDECLARED]"],
    application => build(application, BASE, (image, one) => { image.argument('registry', 'docker.io'); one.argument('REGISTRY', 'docker.io'); }),
    application => build(application, BASE, image => image.argument('REGISTRY', 'docker.io')));
  refusesAtSynth('defaults that make no reference',
    ["shop/image: stage 'one' starts from '${REGISTRY}/python:3.12-slim', which the defaults of its arguments make 'Docker IO/python:3.12-slim': that is no image reference; correct a default [ARGUMENT_DEFAULT]"],
    application => build(application, BASE, image => image.argument('REGISTRY', 'Docker IO')),
    application => build(application, BASE, image => image.argument('REGISTRY')));
  refusesAtOnce('an argument that is declared twice', "shop/image: build argument 'A' is declared twice; keep one [ARGUMENT_TWICE]",
    () => build(appWith().application, 'a', image => { image.argument('A'); image.argument('A', 'x'); }),
    () => build(appWith().application, 'a', (image, one) => { image.argument('A'); one.argument('A'); }));
  refusesAtOnce('a default with a line break', "shop/image: default of build argument 'A' has a line break or NUL, which ARG does not carry [VALUE_LINES]",
    () => build(appWith().application, 'a', image => image.argument('A', 'x\nRUN y')), () => build(appWith().application, 'a', image => image.argument('A', 'x y')));

  const origin = "shop/image/one: files cannot be taken from '${A}': only FROM knows build arguments; declare a stage that starts from it, and take them from that [ARGUMENT_ORIGIN]";
  refusesAtOnce('a copy from an image that is not known', origin,
    () => build(appWith().application, 'a', (_, one) => one.copyFrom(BaseImage.fromReference('${A}'), ['/x'], '/x')),
    () => build(appWith().application, 'a', (image, one) => { image.argument('A', 'a'); one.copyFrom(new Stage(image, 'two', { base: BaseImage.fromReference('${A}') }), ['/x'], '/x'); }));
  refusesAtOnce('a mount of an image that is not known', origin,
    () => build(appWith().application, 'a', (_, one) => one.runExec(['x'], { mounts: [Mount.bindFrom(BaseImage.fromReference('${A}'), '/x')] })),
    () => build(appWith().application, 'a', (_, one) => one.runExec(['x'], { mounts: [Mount.bindFrom(BaseImage.fromReference('a'), '/x')] })));

  test('need no declaration where the builder sets them', () => {
    expect(synthesized('example.com/python:3.12-$TARGETARCH').dockerfile).toContain('FROM example.com/python:3.12-$TARGETARCH AS one');
  });

  test('leave open what a tag is: it is not called latest unless it is', () => {
    const latest = (reference: string) => synthesized(reference, image => image.argument('X')).findings.filter(finding => finding.startsWith('LATEST_TAG'));
    expect(['${X}', 'python:${X}', 'python$X', '${X}/python@$X', '${X}/python:3'].flatMap(latest)).toEqual([]);
    expect(['${X}/python', '${X}/python:latest', 'python$X:latest'].flatMap(latest)).toHaveLength(3);
  });
});

describe('a layer plan', () => {
  /** Two stages, of which one has to do with the arguments. */
  const plan = (values: { registry?: string; version?: string }) => {
    const image = new MultiStageBuild(appWith().application, 'image');
    image.argument('REGISTRY', values.registry);
    image.argument('VERSION', values.version);
    const tools = new Stage(image, 'tools', { base: BaseImage.fromReference('${REGISTRY}/python:3.12-slim') });
    tools.runExec(['tool']);
    const one = new Stage(image, 'one', { base: BaseImage.chainguardPython() });
    one.runExec(['before']);
    one.argument('VERSION');
    one.runExec(['after']);
    one.copyFrom(tools, ['/x'], '/x');
    return LayerPlan.of(image);
  };
  const before = plan({ registry: 'docker.io', version: '1' });
  const rebuilt = (values: { registry?: string; version?: string }) => plan(values).rebuiltSince(before).map(step => step.instruction);

  test('rebuilds the stages that use an argument whose default has changed, and no others', () => {
    expect(rebuilt({ registry: 'docker.io', version: '1' })).toEqual([]);
    expect(rebuilt({ registry: 'example.com', version: '1' })).toEqual(['RUN ["tool"]', 'COPY --from=tools /x /x']);
    expect(rebuilt({ registry: 'docker.io', version: '2' })).toEqual(['RUN ["after"]', 'COPY --from=tools /x /x']);
    expect(rebuilt({ registry: 'docker.io' })).toEqual(['RUN ["after"]', 'COPY --from=tools /x /x']);
  });
});
