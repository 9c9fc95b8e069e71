/** An index that asks for a password: packages come from it, and the password is nowhere afterwards. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, folder } from '../declare';
import { describeOnEngine, docker, succeed, tryDocker, type Outcome } from './engine';
import { provideUv } from './uv-on-test-bed';
import { App, Application, ComposeFile, Dependencies, PackageIndex, PythonBase, PythonServer, PythonServiceImage, Secret, Service } from 'cdk-wheelhouse';

const PASSWORD = `pass-${Date.now()}-word`;
const IMAGE = 'wheelhouse-e2e/package-index';
const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });

describeOnEngine('An index with a password', () => {
  const work = folder({});
  const portFile = join(work, 'port');
  let index: ChildProcess;
  /** As builds reach it. */
  let address: string;

  beforeAll(async () => {
    const behind = process.env.TESTBED_INDEX;
    if (!behind) throw new Error('set TESTBED_INDEX to the address of an index that builds reach, which ends in /simple');
    index = spawn('python3', ['test/e2e/password-index.py', portFile, behind, 'ci', PASSWORD], { stdio: 'ignore' });
    for (let tries = 0; !existsSync(portFile) || readFileSync(portFile, 'utf8') === ''; tries++) {
      if (tries > 100) throw new Error('the index does not start');
      await new Promise(resolve => { setTimeout(resolve, 100); });
    }
    const host = new URL(behind);
    host.port = readFileSync(portFile, 'utf8');
    address = host.href;
  });
  afterAll(() => { index.kill(); tryDocker('image', 'rm', '--force', IMAGE); });

  interface Built { readonly root: string; readonly dockerfile: string; readonly build: (password?: string) => Outcome }

  function declared(files: Record<string, string>, dependencies: Dependencies): Built {
    const root = folder({ 'app/main.py': 'import flask\nprint(flask.__name__)\n', ...files });
    const app = new App({ root });
    const application = new Application(app, 'indexed');
    const image = new PythonServiceImage(application, 'image', { source: 'app', base: BASE, server: PythonServer.module('main'), dependencies });
    new Secret(application, 'index-token');
    new Service(application, 'main', { image });
    new ComposeFile(application, 'compose');
    app.synth();
    const dockerfile = join(root, 'wheelhouse.out/indexed/images/image/Dockerfile');
    const build = (password?: string) => {
      const secret = join(work, 'password');
      writeFileSync(secret, `${password}\n`);
      const given = password === undefined ? [] : ['--secret', `id=index-token,src=${secret}`];
      return tryDocker('buildx', 'build', '--progress', 'plain', '--load', '--tag', IMAGE, ...given, '--file', dockerfile, root);
    };
    return { root, dockerfile, build };
  }

  /** Where the password can be read: files that were written, log, history, configuration, each layer. */
  function leaks({ root }: Built, log: string): string[] {
    const archive = join(work, 'image.tar');
    docker('save', '--output', archive, IMAGE);
    // layers may be compressed: as files, and as what is in them
    const unpacked = folder({});
    succeed('tar', ['--extract', '--file', archive, '--directory', unpacked]);
    const layers = succeed('bash', ['-c', 'cd "$0"; find . -type f | while read -r file; do (tar --extract --to-stdout --file "$file" 2>/dev/null; cat "$file") | '
      + 'grep --quiet --binary-files=text --fixed-strings "$1" && echo "$file"; done; true', unpacked, PASSWORD]);
    expect(succeed('bash', ['-c', 'cd "$0"; find . -type f -size +100k | wc -l', unpacked])).not.toBe('0');
    const places = { log, history: docker('history', '--no-trunc', IMAGE), configuration: docker('image', 'inspect', IMAGE), files: Object.values(filesUnder(root)).join('\n') };
    return [...layers.split('\n').filter(Boolean), ...Object.entries(places).filter(([, text]) => text.includes(PASSWORD)).map(([name]) => name)];
  }

  const tokenOf = () => PackageIndex.at(address, { username: 'ci', passwordSecret: 'index-token' });

  test('serves pip, which has its password from a secret of the build', () => {
    const built = declared({ 'app/requirements.txt': `# ${Date.now()}\nflask\n` }, Dependencies.requirements('requirements.txt', { indexes: [tokenOf()] }));
    expect(built.build()).toMatchObject({ status: 1, stderr: expect.stringContaining('secret index-token: not found') });
    expect(built.build('wrong')).toMatchObject({ status: 1, stderr: expect.stringMatching(/401|Unauthorized|No matching distribution/) });
    const { status, stderr } = built.build(PASSWORD);
    expect([status, stderr.includes('flask')]).toEqual([0, true]);
    expect(docker('run', '--rm', '--read-only', '--network', 'none', IMAGE)).toBe('flask');
    expect(leaks(built, stderr)).toEqual([]);
    expect(docker('run', '--rm', '--read-only', '--entrypoint', '/usr/local/bin/python3', IMAGE, '-c', 'import os; print(os.listdir("/run"))')).not.toContain('netrc');
  });

  test('is found by what looks for leaks, when there is one', () => {
    const built = declared({ 'app/requirements.txt': 'flask\n' }, Dependencies.requirements('requirements.txt'));
    writeFileSync(join(built.root, 'app/main.py'), `# ${PASSWORD}\n`);
    const { stderr } = built.build(PASSWORD);
    const found = leaks(built, stderr);
    expect(found).toContain('files');
    expect(found.length).toBeGreaterThan(1);
  });

  test('gives its password to uv', () => {
    const project = '[project]\nname = "web"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["flask"]\n[tool.uv]\npackage = false\n'
      + `[[tool.uv.index]]\nname = "own"\nurl = "${address}"\ndefault = true\n`;
    const locking = folder({
      'pyproject.toml': project,
      'Dockerfile': [
        '# syntax=docker/dockerfile:1', 'FROM python:3.13-slim-bookworm AS lock', 'COPY pyproject.toml /src/',
        'RUN --mount=from=ghcr.io/astral-sh/uv:latest,source=/uv,target=/uv --mount=type=secret,id=netrc NETRC=/run/secrets/netrc /uv lock --project /src',
        'FROM scratch', 'COPY --from=lock /src/uv.lock /', '',
      ].join('\n'),
    });
    writeFileSync(join(work, 'netrc'), `machine ${new URL(address).hostname} login ci password ${PASSWORD}\n`);
    docker('buildx', 'build', '--quiet', '--secret', `id=netrc,src=${join(work, 'netrc')}`, '--output', locking, locking);
    const lock = readFileSync(join(locking, 'uv.lock'), 'utf8');
    const built = declared({ 'app/pyproject.toml': project, 'app/uv.lock': lock }, Dependencies.uv({ indexes: [tokenOf()] }));
    provideUv(built.dockerfile);
    expect(built.build('wrong').status).toBe(1);
    const { status, stderr } = built.build(PASSWORD);
    expect([status, stderr.includes('flask')]).toEqual([0, true]);
    expect(docker('run', '--rm', '--read-only', '--network', 'none', IMAGE)).toBe('flask');
    expect(leaks(built, stderr)).toEqual([]);
  });
});
