/** The Dockerfile language, typed: what is refused because a Dockerfile cannot carry it, and one build of several images. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { appWith, filesUnder } from './declare';
import { refusesAtOnce } from './refuses';
import { App, Application, BaseImage, ComposeFile, KubernetesFile, Mount, MultiStageBuild, Service, Stage, type MultiStageBuildProps, type StageProps } from 'cdk-wheelhouse';

/** A stage that nothing is wrong with. */
function stage(props: Partial<StageProps> = {}, build: MultiStageBuildProps = {}) {
  return new Stage(new MultiStageBuild(appWith().application, 'image', build), 'one', { base: BaseImage.scratch(), ...props });
}

const SHA = `sha256:${'0'.repeat(64)}`;
const FILE = 'https://example.com/file.tgz';

describe('a stage', () => {
  refusesAtOnce('a script that goes on in the next line', "shop/image/one: script 'echo \\' ends with a backslash, which joins it with the next line; take it off [RUN_CONTINUED]",
    () => stage().runShell('echo \\'), () => stage().runShell('echo \\\\n'));
  for (const script of ['cat <<EOF', 'cat > x <<-EOF', 'x 3<<"A"', 'a;<<A cat', 'cat << ', 'cat << EOF', 'echo $((1 << 2))', '${X:-}<<EOF cat', '"cat" <<EOF']) {
    refusesAtOnce(`'${script}', which starts a here-document`, `shop/image/one: script '${script}' starts a here-document, which would take the lines that follow; use runScript [RUN_HEREDOC]`,
      () => stage().runShell(script), () => ['cat <<<text && echo $((1<<2))', "echo 'a << b' \"c <<d\"", 'echo ${A} <<<text'].forEach(good => stage().runShell(good)));
  }
  for (const script of ['# note', '--mount=type=ssh x', '["a"]']) {
    refusesAtOnce(`'${script}', which is no shell`, `shop/image/one: script '${script}' would be read as a comment, an option or the exec form; start with a command [RUN_FORM]`,
      () => stage().runShell(script), () => stage().runShell('[ -e x ] && [ "a" ]'));
  }
  refusesAtOnce('an empty script', 'shop/image/one: script is empty, or has a carriage return or NUL, which a here-document does not carry [RUN_SCRIPT_TEXT]',
    () => stage().runScript('\n'), () => stage().runScript('a\nb'));
  refusesAtOnce('an address that is none', "shop/image/one: 'ftp://example.com/x' is not an address that ADD loads, such as https://example.com/file [ADD_URL]",
    () => stage().addRemote('ftp://example.com/x', '/x'), () => stage().addRemote(FILE, '/x', { checksum: SHA }));
  refusesAtOnce('credentials in an address, and does not repeat them', "shop/image/one: 'https://***@example.com/x' holds credentials, which stay readable in the image's history; load it in a RUN with Mount.secret [ADD_CREDENTIALS]",
    () => stage().addRemote('https://me:hunter2@example.com/x', '/x', { checksum: SHA }), () => stage().addRemote(FILE, '/x', { checksum: SHA }));
  refusesAtOnce('a file without a checksum', `shop/image/one: '${FILE}' has no checksum of the form sha256:…; without one it may be another file tomorrow [ADD_CHECKSUM]`,
    () => stage().addRemote(FILE, '/x'), () => stage().addRemote(FILE, '/x', { checksum: SHA }));
  refusesAtOnce('a repository without a reference', "shop/image/one: repository 'https://example.com/a.git' has no reference; add '#' and a tag or commit, or give a checksum [ADD_CHECKSUM]",
    () => stage().addRemote('https://example.com/a.git', '/x'), () => stage().addRemote('https://example.com/a.git#v1', '/x'));
  refusesAtOnce('a checksum that is none', "shop/image/one: checksum 'v1' is neither sha256:… nor a commit [ADD_CHECKSUM]",
    () => stage().addRemote('https://example.com/a.git', '/x', { checksum: 'v1' }), () => stage().addRemote('https://example.com/a.git', '/x', { checksum: 'be1f38e' }));
  refusesAtOnce('a trigger that ONBUILD does not take', "shop/image/one: 'FROM x' is not an instruction on one line that ONBUILD takes; FROM, ONBUILD, MAINTAINER and here-documents are not [ON_BUILD]",
    () => stage().onBuild('FROM x'), () => stage().onBuild('COPY . /app'));
  refusesAtOnce('a label key that is none', "shop/image/one: label 'a b' is not a key; use letters, digits, '.', '_', '-' and '/', such as org.opencontainers.image.title [LABEL_KEY]",
    () => stage().labels({ 'a b': '' }), () => stage().labels({ 'a.b': '' }));
  refusesAtOnce('no volume', 'shop/image/one: no volume is named; give at least one path [VOLUMES]', () => stage().volumes([]), () => stage().volumes(['/data']));
  refusesAtOnce('a platform that is none', "shop/image/one: platform '$TARGETPLATFORM' is not one; use $BUILDPLATFORM or a platform such as linux/arm64 [PLATFORM]",
    () => stage({ platform: '$TARGETPLATFORM' }), () => stage({ platform: '$BUILDPLATFORM' }));
  refusesAtOnce('a device that is none', "shop/image/one: device 'a b' is not a CDI name such as vendor.com/class=name [DEVICE]",
    () => stage().runExec(['x'], { devices: ['a b'] }), () => stage().runExec(['x'], { devices: ['nvidia.com/gpu=all'] }));
  refusesAtOnce('a pattern that --exclude does not carry', "shop/image/one: pattern 'a b' is empty or has a space, quote, backslash or '$', which --exclude does not carry [COPY_EXCLUDE]",
    () => stage().copy(['app'], '/app', { excludes: ['a b'] }), () => stage().copy(['app'], '/app', { excludes: ['*.md'] }));
  refusesAtOnce('an empty comment', 'shop/image/one: a comment is empty, or has a carriage return or NUL, which a Dockerfile does not carry [COMMENT_TEXT]',
    () => stage().comment(''), () => stage().comment('why'));
  refusesAtOnce('a label value with a line break', "shop/image/one: value of label 'a' has a line break or NUL, which LABEL does not carry [VALUE_LINES]",
    () => stage().labels({ a: 'x\ny' }), () => stage().labels({ a: 'x y' }));
  refusesAtOnce('an image of a stage that is none', "shop/image: stage 'one' is no image of this build; declare it in 'shop/image' with 'output: true' [STAGE_IMAGE]",
    () => imageOf(stage()), () => imageOf(stage({ output: true })));

  function imageOf(one: Stage) {
    return (one.node.scope as MultiStageBuild).imageOf(one);
  }
});

describe('a mount', () => {
  refusesAtOnce('a path that its options cannot carry', "mount path '/a,b' has a space, comma, quote, backslash or '$', which a mount does not carry; use another path [MOUNT_PATH]",
    () => Mount.bind('a,b', '/a,b'), () => Mount.bind('a,b', '/a-b'));
  refusesAtOnce('an id that is none', "mount id 'a b' is not a name; use letters, digits, '_', '.', '-' and '/' [MOUNT_ID]", () => Mount.secret('a b'), () => Mount.secret('a-b'));
  refusesAtOnce('a size that is none', 'size 0 is not a whole number of mebibytes from 1 up [SIZE]', () => Mount.tmpfs('/x', { sizeMebibytes: 0 }), () => Mount.tmpfs('/x', { sizeMebibytes: 1 }));
  refusesAtOnce('a mode that is not octal', "mode 'rw' is not octal, such as 0644 [FILE_MODE]", () => Mount.secret('a', { mode: 'rw' }), () => Mount.secret('a', { mode: '0440' }));
});

describe('a build', () => {
  refusesAtOnce('a check that is none', "shop/image: build check 'a,b' is not a name such as StageNameCasing [BUILD_CHECK]",
    () => stage({}, { skippedChecks: ['a,b'] }), () => stage({}, { skippedChecks: ['StageNameCasing'] }));
  refusesAtOnce('a syntax that is no image', "shop/image: syntax 'x\ny' is not an image such as docker/dockerfile:1 [SYNTAX]",
    () => stage({}, { syntax: 'x\ny' }), () => stage({}, { syntax: 'docker/dockerfile:1-labs' }));
});

describe('one build of several images', () => {
  function declared() {
    const { app, application, outdir } = appWith();
    const build = new MultiStageBuild(application, 'build');
    const common = new Stage(build, 'common', { base: BaseImage.chainguardPython() });
    common.user(65532, 65532);
    const [api, worker] = ['api', 'worker'].map(id => new Stage(build, id, { base: common, output: true }));
    api.expose(8000);
    worker.command(['-V']);
    new Stage(build, 'unused', { base: BaseImage.scratch() });
    for (const made of [worker, api]) new Service(application, made.node.id, { image: build.imageOf(made, { handlesStopSignal: made === api }) });
    new ComposeFile(application, 'compose');
    new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com' });
    app.synth();
    return filesUnder(outdir);
  }

  test('is one Dockerfile, of which each service builds its stage', () => {
    const files = declared();
    expect(Object.keys(files).filter(path => path.endsWith('Dockerfile'))).toEqual(['shop/images/build/Dockerfile']);
    expect(files['shop/images/build/Dockerfile'].match(/^FROM .*/gm)).toEqual(['FROM cgr.dev/chainguard/python:latest AS common', 'FROM common AS api', 'FROM common AS worker']);
    const { services } = parse(files['shop/compose.yaml']);
    expect(services.api).toMatchObject({ build: { target: 'api' }, user: '65532:65532' });
    expect(services.worker).toMatchObject({ build: { target: 'worker', dockerfile: 'wheelhouse.out/shop/images/build/Dockerfile' }, init: true });
    expect(services.api.init).toBeUndefined();
  });

  test('gives each image its own name and facts', () => {
    const manifest = JSON.parse(declared()['manifest.json']).applications.shop.images;
    expect(manifest['build-api-image']).toMatchObject({ dockerfile: 'shop/images/build/Dockerfile', facts: { ports: [8000] } });
    expect(manifest['build-worker-image'].facts.ports).toEqual([]);
    expect(declared()['shop/kubernetes.yaml']).toMatch(/image: registry.example.com\/build-worker-image:[0-9a-f]{12}/);
  });
});

test('directives come first, in the form that BuildKit reads', () => {
  const { app, application, outdir } = appWith();
  const image = new MultiStageBuild(application, 'image', { syntax: 'docker/dockerfile:1.20', skippedChecks: ['StageNameCasing', 'UndefinedVar'], failOnChecks: true });
  new Stage(image, 'one', { base: BaseImage.scratch() });
  app.synth();
  expect(readFileSync(`${outdir}/shop/images/image/Dockerfile`, 'utf8').split('\n').slice(0, 2)).toEqual(['# syntax=docker/dockerfile:1.20', '# check=skip=StageNameCasing,UndefinedVar;error=true']);
});

test('a reason is printed where it is asked for, and only there', () => {
  const text = (explain: boolean) => {
    const { root, outdir } = appWith();
    const app = new App({ root, outdir, explain });
    const image = new MultiStageBuild(new Application(app, 'shop'), 'image');
    const one = new Stage(image, 'one', { base: BaseImage.scratch() });
    one.comment('always here');
    one._defer(() => [{ kind: 'workingDirectory', path: '/x', why: 'because\nof this' }]);
    app.synth();
    return readFileSync(`${outdir}/shop/images/image/Dockerfile`, 'utf8').split('AS one\n')[1];
  };
  expect(text(false)).toBe('# always here\nWORKDIR /x\n');
  expect(text(true)).toBe('# always here\n# because\n# of this\nWORKDIR /x\n');
});

test('`<<` in a program that a build runs is spelled so that no reader takes it for the start of a here-document', () => {
  const { app, application, outdir } = appWith();
  new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.scratch() }).runExec(['/x', ' <<EOF', 'a << b']);
  app.synth();
  const text = readFileSync(`${outdir}/shop/images/image/Dockerfile`, 'utf8');
  expect(text).toContain('RUN ["/x", " \\u003c<EOF", "a \\u003c< b"]\n');
  expect(JSON.parse(/^RUN (.*)$/m.exec(text)![1])).toEqual(['/x', ' <<EOF', 'a << b']);
});
