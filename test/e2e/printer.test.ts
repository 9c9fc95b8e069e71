/** The printer, judged by the engine: what a build and a container see is what was declared. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { describeOnEngine, docker, succeed, tryDocker } from './engine';
import { App, Application, BaseImage, CacheSharing, Mount, MultiStageBuild, Protocol, RunNetwork, Stage } from 'cdk-wheelhouse';

const PIECES = [
  '', ' ', "'", '"', '\\', '$', '$HOME', '${HOME}', '${X:-y}', '#', '<<EOF', 'EOF', 'USER root', '\t', 'ünï ☃ 𝄞', '[]', '["a"]', '=', '`', '$(id)', '&&', ';', '*', '~', '!', '%s',
  '\u2028', '\u00a0', '--from=x', '{', '<', '|',
];
/** A few hundred values in which everything with a meaning stands first, last, doubled, and before another. */
const NASTY = [
  ...PIECES.flatMap(piece => [piece, piece + piece, `${piece}a`, `a${piece}`, `a ${piece} b`, `"${piece}"`, `'${piece}'`, `\\${piece}`, `${piece}\\`]),
  'x'.repeat(2000),
];

const SHOW = 'import json, os, sys; print(json.dumps([{k: v for k, v in os.environ.items() if k.startswith("N_")}, sys.argv[1:], open("/nasty.txt").read()]))';

/** Synthesizes one build in a new folder of these files, and builds it. */
function built(tag: string, files: Record<string, string>, declare: (image: MultiStageBuild, root: string) => void, ...options: string[]) {
  const root = folder(files);
  const app = new App({ root });
  declare(new MultiStageBuild(new Application(app, 'printed'), 'image'), root);
  app.synth();
  const dockerfile = join(root, 'wheelhouse.out/printed/images/image/Dockerfile');
  return tryDocker('buildx', 'build', '--progress', 'plain', '--tag', `wheelhouse-e2e/${tag}`, ...options, '--file', dockerfile, root);
}

function mustBuild(...args: Parameters<typeof built>): void {
  const { status, stderr } = built(...args);
  if (status !== 0) throw new Error(stderr);
}

function ran(tag: string, ...args: string[]): string {
  return docker('run', '--rm', ...args.slice(0, -1), `wheelhouse-e2e/${tag}`, ...args.slice(-1));
}

describeOnEngine('the engine', () => {
  test(`hands on ${NASTY.length} values of ENV, LABEL and ARG, words of CMD and lines of a file as they were declared`, () => {
    const named = Object.fromEntries(NASTY.map((value, index) => [`N_${index}`, value]));
    mustBuild('nasty', {}, image => {
      const one = new Stage(image, 'one', { base: BaseImage.chainguardPython() });
      one.environment(named);
      one.labels(named);
      for (const [index, value] of NASTY.entries()) one.argument(`ARGUMENT_${index}`, value);
      one.writeFile('/nasty.txt', `${NASTY.join('\n')}\n`);
      one.entrypoint(['/usr/bin/python', '-c', SHOW]);
      one.command(NASTY);
    });
    expect(JSON.parse(docker('run', '--rm', 'wheelhouse-e2e/nasty'))).toEqual([named, NASTY, `${NASTY.join('\n')}\n`]);
    expect(JSON.parse(docker('image', 'inspect', 'wheelhouse-e2e/nasty'))[0].Config.Labels).toMatchObject(named);
  });

  test('sees of the source what was declared and no more, whatever its name', () => {
    const names = ['#hash', '!bang', '[1]', '*', 'a?b', ' leading', 'trailing ', 'ünï ☃', 'quo"te', "it's", '$HOME', '<<EOF', '--from=x', '{a,b}', '(x)', '^x', 'a|b', '+', '~', 'a.b', '[!a]', '**'];
    const decoys = ['1', 'anything', 'axb', 'a', 'b', 'leading', 'trailing', 'HOME', 'x', 'hash', 'bang', 'acb', 'deep/other'];
    const files = Object.fromEntries([...names, ...decoys].map(name => [`files/${name}`, name]));
    mustBuild('context', { ...files, 'app/app.py': '', 'app/.env': 'SECRET=1', 'app/__pycache__/app.pyc': '', 'app/.git/x': '', 'big/data.bin': '', 'application.ts': '' }, image => {
      const one = new Stage(image, 'one', { base: BaseImage.chainguardPython() });
      one.copy(['app'], '/seen/app');
      for (const [index, name] of names.entries()) one.copy([`files/${name}`], `/seen/${index}`);
      one.copy(names.map(name => `files/${name}`), '/seen/ all of them');
      one.raw('COPY . /context'); // all that the build was sent
    });
    const list = 'import json, os; print(json.dumps([sorted(os.path.relpath(os.path.join(d, f), "/context") for d, _, fs in os.walk("/context") for f in fs),'
      + ` [open(f"/seen/{i}").read() for i in range(${names.length})], sorted(os.listdir("/seen/ all of them"))]))`;
    const [context, contents, together] = JSON.parse(docker('run', '--rm', 'wheelhouse-e2e/context', '-c', list));
    expect(context.sort()).toEqual([...names.map(name => `files/${name}`), 'app/app.py'].sort());
    expect(contents).toEqual(names);
    expect(together.sort()).toEqual([...names].sort());
  });

  test('never sends a large directory that no image reads', () => {
    const { status, stderr } = built('small-context', { 'app/app.py': '', 'data/.keep': '' }, (image, root) => {
      writeFileSync(join(root, 'data/large.bin'), Buffer.alloc(200 * 1024 * 1024));
      new Stage(image, 'one', { base: BaseImage.scratch() }).copy(['app'], '/app');
    });
    expect(status).toBe(0);
    const [, amount, unit] = /transferring context: ([\d.]+)(kB|B|MB)/.exec(stderr)!;
    expect([unit, Number(amount) < 10 || unit === 'B']).toEqual([expect.stringMatching(/^k?B$/), true]);
  });

  test('runs scripts, programs and shells with what they were given', () => {
    mustBuild('run', { 'app/one.txt': 'one\n' }, (image, root) => {
      writeFileSync(join(root, 'token.txt'), 'planted-secret');
      const tools = new Stage(image, 'tools', { base: BaseImage.chainguardPythonDev(), platform: '$BUILDPLATFORM' });
      tools.user(0, 0);
      tools.writeFile('/tool.txt', 'tool');
      const one = new Stage(image, 'one', { base: BaseImage.chainguardPythonDev(), output: true });
      one.user(0, 0);
      one.runScript('set -e\ncat > /from-shell <<INNER\n$((1 + 1)) \\ "it\'s"\nINNER\necho done >> /from-shell\n');
      one.runScript('#!/usr/bin/env python3\nopen("/from-python", "w").write("$HOME" + open("/src.txt").read())\n', { mounts: [Mount.bind('app/one.txt', '/src.txt'), Mount.tmpfs('/scratch')] });
      one.shell(['/usr/bin/python', '-c']);
      one.runShell('open("/from-own-shell", "w").write("python")');
      one.runExec(['/usr/bin/python', '-c', 'import os; open("/from-exec", "w").write(os.environ.get("TOKEN", "") and "secret in env" + str(os.stat("/run/token").st_uid))'],
        { mounts: [Mount.secret('token', { env: 'TOKEN', target: '/run/token', userId: 7 })] });
      one.runExec(['/usr/bin/python', '-c', [
        'import os, socket', 'f = open("/from-mounts", "w")', 'f.write(open("/src.txt").read() + open("/other/tool.txt").read())',
        'f.write(" tmpfs" if "tmpfs /scratch" in open("/proc/mounts").read() else "")', 'os.mkdir("/kept/x") if not os.path.exists("/kept/x") else None',
        'f.write(" " + oct(os.stat("/kept").st_mode)[-4:])', 'f.write(" offline" if len(os.listdir("/sys/class/net")) == 1 else " online")',
      ].join('\n')], {
        network: RunNetwork.NONE,
        mounts: [
          Mount.bind('app/one.txt', '/src.txt'), Mount.bindFrom(tools, '/other'), Mount.tmpfs('/scratch', { sizeMebibytes: 1 }),
          Mount.cache('/kept', { id: `kept-${Date.now()}`, sharing: CacheSharing.PRIVATE, mode: '0750' }),
        ],
      });
    }, '--secret', `id=token,src=${join(folder({ 'token.txt': 'planted-secret' }), 'token.txt')}`);
    const read = (path: string) => ran('run', '--entrypoint=/usr/bin/python', `-cprint(open("${path}").read(), end="")`);
    expect(['/from-shell', '/from-python', '/from-own-shell', '/from-exec', '/from-mounts'].map(read)).toEqual(
      ['2 \\ "it\'s"\ndone', '$HOMEone', 'python', 'secret in env7', 'one\ntool\n tmpfs 0750 offline']);
    expect(docker('history', '--no-trunc', 'wheelhouse-e2e/run')).not.toContain('planted-secret');
  });

  test('ends a build whose secret is not given', () => {
    const needing = (required: boolean) => built('no-secret', {}, image => {
      new Stage(image, 'one', { base: BaseImage.chainguardPython() }).runExec(['/usr/bin/python', '-V'], { mounts: [Mount.secret('absent', { required })] });
    });
    expect(needing(true)).toMatchObject({ status: 1, stderr: expect.stringContaining('absent') });
    expect(needing(false).status).toBe(0);
  });

  test('copies with owner, mode, exclusions and parents, and unpacks archives', () => {
    mustBuild('copied', { 'app/a.py': '', 'app/a.md': '', 'app/deep/b.py': '', 'x/y/z.txt': '' }, (image, root) => {
      succeed('tar', ['-C', join(root, 'app'), '--owner=9', '--group=9', '-cf', join(root, 'archive.tar'), 'a.py', 'deep']);
      const one = new Stage(image, 'one', { base: BaseImage.chainguardPython() });
      one.copy(['app'], '/copied', { userId: 7, groupId: 8, mode: '0751', excludes: ['*.md', 'deep'], link: true });
      one.copy(['x/y/z.txt'], '/kept', { parents: true });
      one.addArchive(['archive.tar'], '/unpacked', { link: true });
      one.writeFile('/owned.txt', 'x', { userId: 5, groupId: 6, mode: '0600' });
    });
    const list = 'import os\nfor t in ["/copied", "/kept", "/unpacked", "/owned.txt"]:\n for d, _, fs in os.walk(t) if os.path.isdir(t) else [("/", [], ["owned.txt"])]:\n  for f in fs: '
      + 'p = os.path.join(d, f); s = os.stat(p); print(p, s.st_uid, s.st_gid, oct(s.st_mode)[-4:])';
    expect(docker('run', '--rm', '--user', '0', 'wheelhouse-e2e/copied', '-c', list).split('\n')).toEqual(
      ['/copied/a.py 7 8 0751', '/kept/x/y/z.txt 0 0 0644', '/unpacked/a.py 9 9 0644', '/unpacked/deep/b.py 9 9 0644', '/owned.txt 5 6 0600']);
  });

  test('loads a file whose checksum is right, and no other', () => {
    const index = process.env.TESTBED_INDEX;
    const url = index ? `${index}/itsdangerous/` : 'https://raw.githubusercontent.com/pallets/itsdangerous/2.2.0/LICENSE.txt';
    const page = succeed('bash', ['-c', 'curl --silent --noproxy "*" "$0" | base64', url]);
    const checksum = `sha256:${createHash('sha256').update(Buffer.from(page, 'base64')).digest('hex')}`;
    const loading = (sum: string) => built('remote', {}, image => new Stage(image, 'one', { base: BaseImage.scratch() }).addRemote(url, '/page.html', { checksum: sum, mode: '0644' }));
    expect(loading(checksum).status).toBe(0);
    expect(loading(`sha256:${'0'.repeat(64)}`)).toMatchObject({ status: 1, stderr: expect.stringMatching(/digest mismatch|checksum/) });
  });

  test('keeps what describes the image', () => {
    mustBuild('described', {}, image => {
      const one = new Stage(image, 'one', { base: BaseImage.chainguardPython() });
      one.argument('VERSION', '1.2');
      one.labels({ 'org.opencontainers.image.version': '${VERSION} "of" $VERSION' }, { expand: true });
      one.environment({ APP_VERSION: 'v$VERSION' }, { expand: true });
      one.comment('a comment\nUSER root');
      one.volumes(['/data', '/with space']);
      one.onBuild('COPY . /app');
      one.noHealthCheck();
      one.expose(53, Protocol.UDP);
      one.stopSignal('SIGINT');
      one.workingDirectory('/srv/my app');
    }, '--build-arg', 'VERSION=2.0');
    expect(JSON.parse(docker('image', 'inspect', 'wheelhouse-e2e/described'))[0].Config).toMatchObject({
      User: '65532',
      Volumes: { '/data': {}, '/with space': {} },
      OnBuild: ['COPY . /app'],
      Healthcheck: { Test: ['NONE'] },
      ExposedPorts: { '53/udp': {} },
      StopSignal: 'SIGINT',
      WorkingDir: '/srv/my app',
      Labels: { 'org.opencontainers.image.version': '2.0 "of" 2.0' },
      Env: expect.arrayContaining(['APP_VERSION=v2.0']),
    });
  });

  test('takes `<<` and a word for a here-document, whatever space is between them', () => {
    const shifting = (declare: (one: Stage) => void) => built('shift', {}, image => declare(new Stage(image, 'one', { base: BaseImage.chainguardPythonDev() })));
    expect(shifting(one => one.raw('RUN test $((1 << 2)) = 4'))).toMatchObject({ status: 1, stderr: expect.stringContaining('unterminated heredoc') });
    expect(shifting(one => { one.runShell('test $((1<<2)) = 4'); one.runShell("test 'a << b' != c"); one.runExec(['/usr/bin/python', '-c', 'assert 1 << 2 == 4']); }).status).toBe(0);
  });

  test('builds each of several images from one Dockerfile', () => {
    const declare = (image: MultiStageBuild) => {
      const common = new Stage(image, 'common', { base: BaseImage.chainguardPython() });
      for (const id of ['api', 'worker']) new Stage(image, id, { base: common, output: true }).command(['-c', `print("${id}")`]);
    };
    mustBuild('several', {}, declare, '--target', 'api');
    expect(docker('run', '--rm', 'wheelhouse-e2e/several')).toBe('api');
    mustBuild('several', {}, declare, '--target', 'worker');
    expect(docker('run', '--rm', 'wheelhouse-e2e/several')).toBe('worker');
  });
});
