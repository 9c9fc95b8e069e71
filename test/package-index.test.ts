/** Indexes with passwords: what the Dockerfile says of them, and where passwords are refused. */
import { appWith, filesUnder, refusal } from './declare';
import { addressesWithPassword, hasPassword, maskedPasswords } from '../lib/primitives/url-password';
import {
  BaseImage, Dependencies, Layout, MultiStageBuild, PackageIndex, PythonBase, PythonServer, PythonServiceImage, Service, Stage,
  type PythonServiceImageProps,
} from 'cdk-wheelhouse';

const FILES = { 'app/main.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/requirements.txt': 'flask==3.1.3\ngunicorn==27.0.1\n' };
const INDEX = PackageIndex.at('https://packages.example.com/simple', { username: 'ci', passwordSecret: 'index-token' });
const OTHER = PackageIndex.at('https://more.example.com:8443/simple');
const PASSWORDS = "printf 'machine %s login %s password %s\\n' packages.example.com ci \"$(cat /run/secrets/index-token)\" > /run/netrc/netrc";

function declare(props: Partial<PythonServiceImageProps>, files: Record<string, string> = FILES) {
  const declared = appWith(files);
  const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
  new PythonServiceImage(declared.application, 'api', { source: 'app', base, server: PythonServer.gunicorn('main:app'), ...props });
  return declared;
}

function dockerfile(props: Partial<PythonServiceImageProps>, files?: Record<string, string>): string {
  const { app, outdir } = declare(props, files);
  app.synth();
  return filesUnder(outdir)['shop/images/api/Dockerfile'];
}

describe('An index', () => {
  test('is the one that pip asks, others besides it, and its password is in memory while pip runs', () => {
    const text = dockerfile({ dependencies: Dependencies.requirements('requirements.txt', { indexes: [INDEX, OTHER] }) });
    expect(text).toContain([
      '    --mount=type=tmpfs,target=/run/netrc \\', '    --mount=type=secret,id=index-token,required=true \\', `    ${PASSWORDS} \\`, ' && export NETRC=/run/netrc/netrc \\',
      ' && /usr/local/bin/python3 -m pip --python /venv/bin/python install --no-compile --index-url https://packages.example.com/simple '
      + '--extra-index-url https://more.example.com:8443/simple --requirement /src/app/requirements.txt', '',
    ].join('\n'));
  });

  test('without a password asks for no secret', () => {
    const text = dockerfile({ dependencies: Dependencies.requirements('requirements.txt', { indexes: [OTHER] }) });
    expect(text).toContain('install --no-compile --index-url https://more.example.com:8443/simple --requirement');
    expect(text).not.toMatch(/secret|netrc/);
  });

  test('serves what builds the source, too', () => {
    const project = { 'app/pyproject.toml': '[project]\nname = "web"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n' };
    const text = dockerfile({ dependencies: Dependencies.detected({ indexes: [INDEX] }), install: true }, { ...FILES, ...project });
    expect(text.split(PASSWORDS).length).toBe(3);
  });

  test('gives its password to uv, whose lock says where packages come from', () => {
    const lock = 'version = 1\nrequires-python = ">=3.13"\n\n[[package]]\nname = "web"\nversion = "1"\nsource = { virtual = "." }\n'
      + 'dependencies = [{ name = "gunicorn" }]\n\n[[package]]\nname = "gunicorn"\nversion = "27.0.1"\nsource = { registry = "https://packages.example.com/simple" }\n';
    const files = { 'app/main.py': '', 'app/pyproject.toml': '[project]\nname = "web"\nversion = "1"\nrequires-python = ">=3.13"\n', 'app/uv.lock': lock };
    const dependencies = Dependencies.uv({ indexes: [INDEX] });
    expect(dockerfile({ dependencies }, files)).toContain(`${PASSWORDS} \\\n && export NETRC=/run/netrc/netrc \\\n && /uv sync --project /src/app --locked`);
    expect(dockerfile({ dependencies, layout: Layout.prefix() }, files)).toContain(`${PASSWORDS} \\\n && export NETRC=/run/netrc/netrc \\\n && /uv export --project /src/app`);
  });

  const at = (url: string, props = {}) => () => PackageIndex.at(url, props);
  test.each([
    ['a password in its address', at('https://ci:hunter2@packages.example.com/simple'),
      "index 'https://***@packages.example.com/simple' has a user or password in its address, and whoever has the image could read it; name a build secret with 'passwordSecret' [INDEX_URL]"],
    ['a token in its address', at('https://t0ken@packages.example.com/simple'),
      "index 'https://***@packages.example.com/simple' has a user or password in its address, and whoever has the image could read it; name a build secret with 'passwordSecret' [INDEX_URL]"],
    ['what is no address', at('packages.example.com/simple'), "index 'packages.example.com/simple' is not an address such as https://packages.example.com/simple [INDEX_URL]"],
    ['what a shell would read', at('https://packages.example.com/$(id)'), "index 'https://packages.example.com/$(id)' is not an address such as https://packages.example.com/simple [INDEX_URL]"],
    ['a user with a space', at('https://packages.example.com/simple', { username: 'a b' }),
      "user 'a b' of index 'https://packages.example.com/simple' is empty or has a space, quote, backslash, '$' or '#' [INDEX_USER]"],
    ['a secret that is no name', at('https://packages.example.com/simple', { passwordSecret: 'a b' }),
      "secret 'a b' of index 'https://packages.example.com/simple' is not a name; use letters, digits, '_', '.' and '-' [MOUNT_ID]"],
  ])('refuses %s', (_, bad, message) => {
    expect(bad).toThrow(new Error(message));
    expect(at('http://packages.example.com:8080/root/pypi/+simple/', { username: 'ci', passwordSecret: 'token' })).not.toThrow();
  });
});

describe('INDEX_PASSWORD', () => {
  test.each([
    ['app/requirements.txt', '--index-url https://ci:hunter2@packages.example.com/simple\nflask\ngunicorn\n'],
    ['app/more.txt', '--extra-index-url https://t0ken@packages.example.com/simple\n'],
  ])('refuses a password in %s, and does not repeat it', (path, text) => {
    const lines = refusal(declare({}, { ...FILES, 'app/requirements.txt': '-r more.txt\nflask\ngunicorn\n', 'app/more.txt': '', [path]: text }).app);
    expect(lines).toEqual([`shop/api: '${path}' has a user or password in the address 'https://***@packages.example.com'; take it out, where it was a real one change it, `
      + "and give it to the build as a secret: 'indexes': [PackageIndex.at(…, { passwordSecret })] [INDEX_PASSWORD]"]);
  });
});

describe('URL_PASSWORD', () => {
  const REST = 'and whoever has the image or the files can read it; give it as a secret: of a build by Mount.secret or PackageIndex, of a service by EnvValue.url or a file '
    + '(https://docs.docker.com/build/building/secrets/) [URL_PASSWORD]';

  function declared(add: (stage: Stage) => void, environment: Record<string, string> = {}) {
    const { app, application } = appWith({});
    const image = new MultiStageBuild(application, 'image');
    const stage = new Stage(image, 'one', { base: BaseImage.debian({ release: 'bookworm' }) });
    add(stage);
    stage.user(1000, 1000);
    stage.command(['sleep', '9']);
    new Service(application, 'api', { image, environment });
    return app;
  }

  test.each([
    ["environment variable 'PIP_INDEX_URL'", (stage: Stage, url: string) => stage.environment({ PIP_INDEX_URL: url })],
    ["build argument 'INDEX'", (stage: Stage, url: string) => stage.argument('INDEX', url)],
    ["label 'source'", (stage: Stage, url: string) => stage.labels({ source: url })],
    ['a command', (stage: Stage, url: string) => stage.runShell(`pip install --index-url ${url} flask`)],
    ['a script', (stage: Stage, url: string) => stage.runScript(`set -e\npip install --index-url ${url} flask\n`)],
    ["file '/etc/pip.conf'", (stage: Stage, url: string) => stage.writeFile('/etc/pip.conf', `[global]\nindex-url = ${url}\n`)],
  ])('refuses %s with one, and does not repeat it', (where, add) => {
    expect(refusal(declared(stage => add(stage, 'https://ci:hunter2@packages.example.com/simple')))).toEqual([
      `shop/image/one: ${where} has a user or password in the address 'https://***@packages.example.com', ${REST}`,
    ]);
    expect(() => declared(stage => add(stage, 'https://packages.example.com/simple')).synth()).not.toThrow();
  });

  test('refuses the same of a service', () => {
    expect(refusal(declared(() => undefined, { DATABASE_URL: 'postgres://shop:hunter2@db/shop' }))).toEqual([
      `shop/api: environment variable 'DATABASE_URL' has a user or password in the address 'postgres://***@db', ${REST}`,
    ]);
    expect(() => declared(() => undefined, { DATABASE_URL: 'postgres://shop@db/shop', API: 'http://shop@api/' }).synth()).not.toThrow();
  });
});

describe('Addresses with a password', () => {
  test.each(['https://a:b@c/d', 'http://token@c', 'redis://:b@c', 'git+https://x:y@c/d.git', 'x https://a:b@c y'])('are seen in %j', text => {
    expect(hasPassword(text)).toBe(true);
    expect(maskedPasswords(text)).toMatch(/\/\/\*\*\*@c/);
    expect(maskedPasswords(text)).not.toMatch(/[abxy]:[by]@|token@/);
  });
  test.each(['https://c/d', 'ssh://git@c/d', 'git+ssh://git@c/d', 'https://c/a:b@d', 'https://c/?q=a@b', 'mail a:b@c', 'postgres://shop@db'])('are not seen in %j', text => {
    expect(addressesWithPassword(text)).toEqual([]);
    expect(maskedPasswords(text)).toBe(text);
  });
});
