/** examples/wheel-builder on a real engine: a wheel that carries its library, exported, installed, uploaded to a real index and installed from there. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, folder } from '../declare';
import { synthesize } from '../examples';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, run, succeed, tryDocker } from './engine';
import { provideUv } from './uv-on-test-bed';
import { App, Application, PythonBase, PythonServer, PythonServiceImage } from 'cdk-wheelhouse';

const [USER, PASSWORD] = ['uploader', 'Wxq7-never-to-be-seen'];
const INDEX = 'wheelhouse-e2e-index';

describeOnEngine('wheel-builder', () => {
  let root: string;
  let out: string;
  let dockerfile: string;
  let index: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);

  beforeAll(() => {
    index = startIndex();
    ({ root } = synthesize('wheel-builder', { edit: text => text.replace('https://packages.example.com/legacy/', `${index}/`) }));
    out = join(root, 'wheelhouse.out/wheel-builder');
    dockerfile = join(out, 'images/yamlcheck/Dockerfile');
    provideUv(dockerfile);
  });
  afterAll(() => {
    compose('down', '--volumes', '--rmi', 'local');
    tryDocker('rm', '--force', '--volumes', INDEX);
    tryDocker('rmi', '--force', INDEX, 'wheelhouse-e2e/published', 'wheelhouse-e2e/from-index');
  });

  test('exports the wheel and nothing else, the same bytes each time', () => {
    const exported = (...options: string[]) => {
      const folderOf = folder();
      docker('buildx', 'build', '--quiet', '--file', dockerfile, ...options, '--output', folderOf, root);
      return succeed('bash', ['-c', 'cd "$0" && sha256sum $(find . -type f | sort)', folderOf]);
    };
    const first = exported();
    expect(first.split('\n')).toEqual([expect.stringMatching(/ \.\/wheels\/yamlcheck-1\.0\.0-cp313-.*\.whl$/)]);
    expect(exported('--no-cache-filter', 'build')).toBe(first);
  });

  test('its wheel works where the library is not; before it was repaired it does not', () => {
    const text = readFileSync(dockerfile, 'utf8');
    const inBareImage = (wheels: string) => {
      const bare = join(folder(), 'Dockerfile');
      writeFileSync(bare, `${text}\nFROM python:3.13-slim-bookworm AS bare\nRUN --mount=type=bind,from=build,source=${wheels},target=/w pip install --no-index /w/*.whl`
        + ' && python -c "import yamlcheck; print(yamlcheck.is_yaml(b\'a: 1\'), yamlcheck.is_yaml(b\'a: [\'))"\n');
      const { status, stderr } = tryDocker('buildx', 'build', '--progress', 'plain', '--no-cache-filter', 'bare', '--file', bare, root);
      return { status, stderr };
    };
    expect(inBareImage('/wheels/project')).toMatchObject({ status: 0, stderr: expect.stringContaining('True False') });
    expect(inBareImage('/built/project')).toMatchObject({ status: 1, stderr: expect.stringContaining('libyaml-0.so.2: cannot open shared object file') });
  });

  test('a service installs it, with wheels of its packages and without an index, and runs as it promised', () => {
    compose('up', '--build', '--wait');
    const ask = (body: string) => request('http://127.0.0.1:8127/', '--data', body).body;
    expect([ask('a: [1, 2]'), ask('a: [1, 2')]).toEqual([expect.stringMatching(/^libyaml [\d.]+: YAML\n$/), expect.stringMatching(/: no YAML\n$/)]);
    const container = compose('ps', '--quiet', 'checker');
    expect(softness(container, {
      userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/app', '/venv'], without: ['compiler', 'pip'], python: '/venv/bin/python', published: ['8127'],
    })).toEqual([]);
    const files = succeed('bash', ['-c', 'docker export "$0" | tar --list --file -', container]).split('\n');
    expect(files.filter(path => /^wheels|^(?!.*ensurepip).*\.whl$|^usr\/.*libyaml/.test(path))).toEqual([]);
    expect(files.filter(path => /libyaml/.test(path))).toEqual([expect.stringMatching(/site-packages\/yamlcheck\.libs\/libyaml-/)]);
  });

  test('is uploaded only on demand, and by those who may; the password stays nowhere', () => {
    const publish = (password: string, ...options: string[]) => run('docker', [
      'buildx', 'build', '--progress', 'plain', '--file', dockerfile, '--target', 'publish', '--secret', 'id=index-user,env=INDEX_USER',
      '--secret', 'id=index-password,env=INDEX_PASSWORD', '--tag', 'wheelhouse-e2e/published', ...options, root,
    ], { INDEX_USER: USER, INDEX_PASSWORD: password });
    const listed = () => request(`${index}/simple/yamlcheck/`).body;
    expect(publish(PASSWORD)).toMatchObject({ status: 1, stderr: expect.stringContaining('PUBLISH: give --build-arg PUBLISH=..., another value for each upload') });
    const wrong = publish('wrong', '--build-arg', `PUBLISH=${Date.now()}`);
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringMatching(/40[13]/) });
    expect(listed()).not.toContain('.whl');
    const right = publish(PASSWORD, '--build-arg', `PUBLISH=${Date.now()}`);
    expect(right.status).toBe(0);
    expect(listed()).toMatch(/yamlcheck-1\.0\.0-cp313-cp313-[a-z0-9_.]+\.whl/);
    const seen = {
      'the log': `${right.stdout}${right.stderr}`,
      'history': docker('history', '--no-trunc', 'wheelhouse-e2e/published'),
      'the image': docker('inspect', 'wheelhouse-e2e/published'),
      'synth': Object.values(filesUnder(join(root, 'wheelhouse.out'))).join('\n'),
    };
    expect(Object.entries(seen).filter(([, text]) => text.includes(PASSWORD))).toEqual([]);
    // what uploads leaves an empty layer
    expect(docker('history', '--format', '{{.Size}} {{.CreatedBy}}', '--no-trunc', 'wheelhouse-e2e/published').split('\n')[0]).toMatch(/^0B RUN .*\/uv publish/);
  });

  test('a service installs it from the index', () => {
    const host = new URL(index).hostname;
    const source = folder({ 'app/check.py': '', 'app/requirements.txt': `--index-url ${index}/simple/\n--trusted-host ${host}\nyamlcheck==1.0.0\n` });
    const app = new App({ root: source });
    new PythonServiceImage(new Application(app, 'shop'), 'image', { source: 'app', base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }), server: PythonServer.module('check') });
    app.synth();
    docker('buildx', 'build', '--quiet', '--no-cache-filter', 'build', '--tag', 'wheelhouse-e2e/from-index', '--file', join(source, 'wheelhouse.out/shop/images/image/Dockerfile'), source);
    expect(docker('run', '--rm', '--entrypoint', '/venv/bin/python', 'wheelhouse-e2e/from-index', '-c', 'import yamlcheck; print(yamlcheck.is_yaml(b"a: 1"))')).toBe('True');
  });
});

/** A real index in a container, which builds reach: everybody reads, one user uploads. Answers with its address. */
function startIndex(): string {
  const hash = createHash('sha1').update(PASSWORD).digest('base64');
  const context = folder({
    Dockerfile: 'FROM python:3.13-slim-bookworm\nRUN pip install pypiserver==2.4.2 passlib==1.7.4 setuptools\nCOPY users /users\nRUN mkdir /packages\n'
      + 'ENTRYPOINT ["pypi-server", "run", "--port", "8080", "--passwords", "/users", "--authenticate", "update", "--disable-fallback", "/packages"]\n',
    users: `${USER}:{SHA}${hash}\n`,
  });
  tryDocker('rm', '--force', '--volumes', INDEX);
  docker('buildx', 'build', '--quiet', '--tag', INDEX, context);
  docker('run', '--detach', '--name', INDEX, INDEX);
  const address = docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', INDEX);
  const url = `http://${address}:8080`;
  request(`${url}/simple/`);
  return url;
}
