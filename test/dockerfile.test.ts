/** What is printed for each instruction, and that no value becomes another instruction. */
import { readFileSync } from 'node:fs';
import { DockerfileParser } from 'dockerfile-ast';
import { appWith } from './declare';
import { golden, unread } from './golden';
import { App, Application, BaseImage, CacheSharing, Mount, MultiStageBuild, Protocol, PythonBase, PythonServer, PythonServiceImage, RunNetwork, Stage } from 'cdk-wheelhouse';

/** Synthesizes one image and answers with its Dockerfile. */
function dockerfile(declare: (image: MultiStageBuild) => void): string {
  const { app, application, outdir } = appWith({ 'app/app.py': '', 'app/requirements.txt': '', 'app/*': '', '--from=x': '' });
  declare(new MultiStageBuild(application, 'image', { interpreter: '/usr/bin/python' }));
  app.synth();
  return readFileSync(`${outdir}/shop/images/image/Dockerfile`, 'utf8');
}

/** The Dockerfile of a stage on scratch. */
function oneStage(declare: (stage: Stage) => void): string {
  return dockerfile(image => declare(new Stage(image, 'one', { base: BaseImage.scratch() })));
}

describe('the printer', () => {
  test('prints every instruction', () => {
    golden('printer-every-instruction.Dockerfile', dockerfile(image => {
      const build = new Stage(image, 'build', { base: BaseImage.python({ python: '3.13', debian: 'bookworm' }) });
      build.runShell('apt-get update', { mounts: [Mount.cache('/var/cache/apt', { sharing: CacheSharing.LOCKED }), Mount.bind('app/requirements.txt', '/requirements.txt')] });
      build.runExec(['/usr/local/bin/python3', '-c', 'print("$HOME")'], { mounts: [Mount.cache('/cache')], network: RunNetwork.NONE });
      build.runScript('set -e\ncat /etc/os-release\n', {
        mounts: [
          Mount.bindFrom(BaseImage.fromReference('ghcr.io/astral-sh/uv:0.9'), '/uv', { source: '/uv' }), Mount.tmpfs('/scratch', { sizeMebibytes: 64 }), Mount.ssh({ required: false }),
          Mount.secret('netrc', { target: '/root/.netrc', mode: '0400' }), Mount.secret('TOKEN', { env: 'TOKEN' }), Mount.cache('/c', { id: 'c', userId: 1, readOnly: true }),
        ],
        insecure: true,
        devices: ['vendor.com/class=all'],
      });
      const out = new Stage(image, 'out', { base: BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' }) });
      out.argument('REVISION');
      out.argument('GREETING', 'hello $USER');
      out.environment({ B: 'plain', A: 'say "hi" for $5 \\ now' });
      out.workingDirectory('/srv/app');
      out.copy(['app/app.py', 'app/requirements.txt'], '/srv/app', { userId: 0, groupId: 0, mode: '0644' });
      out.copy(['app'], '/srv/a b');
      out.copyFrom(build, ['/usr/lib/x'], '/usr/lib/x', { link: true });
      out.copyFrom(BaseImage.chainguardNginx(), ['/etc/nginx/mime.types'], '/etc/mime.types');
      out.copy(['app/*', '--from=x'], '/odd', { excludes: ['*.md'], parents: true });
      out.addRemote('https://example.com/x.tgz', '/opt/x', { checksum: `sha256:${'0'.repeat(64)}`, unpack: true });
      out.addRemote('https://example.com/team/name.git#v1', '/opt/name', { keepGitDirectory: true, mode: '0755' });
      out.addArchive(['app/app.py'], '/opt/y');
      out.labels({ 'org.opencontainers.image.title': 'a "title"', 'org.opencontainers.image.revision': '$REVISION' }, { expand: true });
      out.volumes(['/data', '/with space']);
      out.shell(['/bin/bash', '-o', 'pipefail', '-c']);
      out.onBuild('COPY . /app');
      out.comment('a word\nof explanation');
      out.noHealthCheck();
      out.expose(53, Protocol.UDP);
      out.writeFile('/etc/motd', 'costs $5\nEOF\n\\', { mode: '0600' });
      out.writablePath({ path: '/var/lib/app', mode: '0750', userId: 7 });
      out.raw('# a word of explanation\nLABEL a=b\n');
      out.user(1000, 1001);
      out.expose(8000);
      out.stopSignal('SIGINT');
      out.healthCheck({ http: { port: 8000, path: "/it's", host: 'shop.example.com' }, intervalSeconds: 90, timeoutSeconds: 5, retries: 2, startPeriodSeconds: 0 });
      out.entrypoint(['/usr/local/bin/python3', '-m']);
      out.command(['http.server', 'two words', '"quoted"']);
    }));
  });

  test('prints a service on the official slim image', () => {
    const { app, application, outdir } = appWith({ 'app/app.py': '', 'app/requirements.txt': '-r ../base.txt\ngunicorn\n', 'base.txt': 'flask\n' });
    const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
    new PythonServiceImage(application, 'api', { source: 'app', base, server: PythonServer.gunicorn('app:app', { threads: 4, gracefulTimeoutSeconds: 60 }) });
    app.synth();
    golden('printer-slim.Dockerfile', readFileSync(`${outdir}/shop/images/api/Dockerfile`, 'utf8'));
    golden('printer-slim.Dockerfile.dockerignore', readFileSync(`${outdir}/shop/images/api/Dockerfile.dockerignore`, 'utf8'));
  });

  test('says why each step of a service is there, when it is asked', () => {
    const { root, outdir } = appWith();
    const app = new App({ root, outdir, explain: true });
    const base = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
    new PythonServiceImage(new Application(app, 'shop'), 'api', { source: 'app', base, server: PythonServer.gunicorn('app:app') });
    app.synth();
    golden('printer-explained.Dockerfile', readFileSync(`${outdir}/shop/images/api/Dockerfile`, 'utf8'));
  });

  test('reads all of its golden files', () => expect(unread('printer-')).toEqual([]));

  const NASTY = ['', ' leading', 'trailing ', "'", '"', '\\', '\\\\', '$HOME', '${HOME}', '\\$', '# no comment', '<<EOF', 'USER root', '\t', 'ünï ☃', '[]', 'a=b c=d', '`'];

  test.each(NASTY)('keeps %j as one environment value', value => {
    const [, instruction] = DockerfileParser.parse(oneStage(stage => stage.environment({ VALUE: value, NEXT: 'x' }))).getInstructions();
    const [next, variable] = (instruction as any).getProperties();
    expect([next.getName(), next.getValue()]).toEqual(['NEXT', 'x']);
    // the parser says where the word ends; in quotes, backslash takes the meaning off `"`, `$` and itself (the engine's view: test/e2e)
    expect((variable.getUnescapedValue() as string).replace(/^"|"$/g, '').replace(/\\(["$\\])/g, '$1')).toBe(value);
    expect((instruction as any).getVariables().map(String)).toEqual([]);
  });

  test.each(NASTY.filter(word => word !== ''))('keeps %j as one word of a command', word => {
    const parsed = DockerfileParser.parse(oneStage(stage => stage.command(['/x', word]))).getInstructions();
    expect(parsed.map(instruction => instruction.getKeyword())).toEqual(['FROM', 'CMD']);
    expect(JSON.parse((parsed[1] as any).getArgumentsContent())).toEqual(['/x', word]);
  });

  test('prints the last of what is said twice, when only that counts', () => {
    expect(oneStage(stage => {
      stage.command(['/first']);
      stage.healthCheck({ command: ['/check'], intervalSeconds: 1, timeoutSeconds: 1, retries: 1, startPeriodSeconds: 0 });
      stage.user(1, 1);
      stage.noHealthCheck();
      stage.command(['/second']);
      stage.user(2, 2);
    }).split('AS one\n')[1]).toBe('USER 1:1\nHEALTHCHECK NONE\nCMD ["/second"]\nUSER 2:2\n');
  });

  test('ends a here-document with a word that the text does not have', () => {
    expect(oneStage(stage => stage.writeFile('/x', 'EOF\nEOF_\n'))).toContain("COPY --chmod=0644 <<'EOF__' /x\nEOF\nEOF_\nEOF__\n");
  });
});
