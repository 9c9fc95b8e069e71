/** RequirementsLock: what is built, and when a strict file is too old. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appWith, refusal } from './declare';
import { refusesAtOnce } from './refuses';
import { inputsHash } from '../lib/python/lock-header';
import {
  App, Application, BaseImage, Dependencies, PackageIndex, PythonBase, PythonServer, PythonServiceImage, RequirementsLock, Service,
  type RequirementsLockProps,
} from 'cdk-wheelhouse';

const BASE = PythonBase.slim({ python: '3.13', debian: 'bookworm' });
const LOOSE = { 'app/requirements.in': 'flask\n' };
/** A strict file as the lock of those loose ones makes it. */
const strict = (texts: string[], base = 'python:3.13-bookworm') => `# Made by uv\n# inputs: sha256:${inputsHash(texts)}\n# base: ${base}\nflask==3.1.3 --hash=sha256:aa\n`;
const LOCKED = { ...LOOSE, 'app/requirements.txt': strict(['flask\n']) };
const LINK = '(https://docs.astral.sh/uv/pip/compile/)';

function declared(application: Application, props: Partial<RequirementsLockProps> = {}): RequirementsLock {
  return new RequirementsLock(application, 'lock', { source: 'app', base: BASE, ...props });
}
/** The Dockerfile of a lock, and its ignore file. */
function written(files: Record<string, string>, props: Partial<RequirementsLockProps> = {}): { dockerfile: string; ignored: string } {
  const { app, application, root } = appWith(files);
  declared(application, props);
  app.synth();
  const folder = join(root, 'wheelhouse.out/shop/images/lock');
  return { dockerfile: readFileSync(join(folder, 'Dockerfile'), 'utf8'), ignored: readFileSync(join(folder, 'Dockerfile.dockerignore'), 'utf8') };
}
/** What synth says of a strict file that was made so. */
function said(files: Record<string, string>, props: Partial<RequirementsLockProps> = {}): string[] {
  const { app, application } = appWith(files);
  declared(application, props);
  return refusal(app);
}

describe('RequirementsLock', () => {
  test('resolves in the build image, and exports one file', () => {
    const { dockerfile } = written(LOCKED);
    expect(dockerfile).toContain('FROM python:3.13-bookworm AS lock\n');
    expect(dockerfile).toContain('--python /usr/local/bin/python3 --no-python-downloads --generate-hashes');
    expect(dockerfile.trimEnd().split('\n').slice(-2)).toEqual(['FROM scratch AS strict', 'COPY --from=lock /lock/strict.txt /requirements.txt']);
  });
  test('lets the build see its files and no others, whether the strict one is there or not', () => {
    const { ignored } = written(LOCKED);
    expect(ignored.split('\n').filter(line => line.startsWith('!'))).toEqual(['!app/requirements.in', '!app/requirements.txt']);
  });
  test('finds what its files include, uv.toml, and a pyproject.toml', () => {
    const files = {
      'app/web.in': '-r more/base.in\n',
      'app/more/base.in': '-c limits.txt\nflask\n',
      'app/more/limits.txt': 'flask<4\n',
      'app/no.txt': 'click<9\n',
      'app/uv.toml': 'prerelease = "allow"\n',
      'app/pyproject.toml': '[project]\nname = "x"\nversion = "1"\n',
    };
    const names = ['more/base.in', 'more/limits.txt', 'no.txt', 'pyproject.toml', 'uv.toml', 'web.in'];
    const texts = names.map(name => files[`app/${name}` as keyof typeof files]);
    const { ignored, dockerfile } = written({ ...files, 'app/out/web.txt': strict(texts) }, { loose: ['web.in', 'pyproject.toml'], constraints: ['no.txt'], strict: 'out/web.txt' });
    expect(ignored.split('\n').filter(line => line.startsWith('!'))).toEqual([...names.slice(0, 3), 'out/web.txt', ...names.slice(3)].map(name => `!app/${name}`));
    expect(dockerfile).toContain('set -- web.in pyproject.toml --constraint no.txt\n');
    expect(dockerfile).toContain('COPY --from=lock /lock/strict.txt /out/web.txt\n');
  });
  test('resolves as root, with the packages of the distribution that Python and metadata need', () => {
    const base = PythonBase.debian({ release: 'bookworm' });
    const { dockerfile } = written({ ...LOOSE, 'app/requirements.txt': strict(['flask\n'], 'debian:bookworm') }, { base, systemPackages: ['libpq-dev'] });
    expect(dockerfile).toContain('libpq-dev \\\n      python3\n');
    const chainguard = written({ ...LOOSE, 'app/requirements.txt': strict(['flask\n'], 'cgr.dev/chainguard/python:latest-dev') }, { base: PythonBase.chainguard() });
    expect(chainguard.dockerfile).toContain('AS lock\nUSER 0:0\n');
  });
  test('asks the indexes that it is told, and has their passwords in memory only', () => {
    const indexes = [PackageIndex.at('https://packages.example.com/simple', { username: 'bot', passwordSecret: 'index' }), PackageIndex.at('https://pypi.example.com/simple')];
    const { dockerfile } = written(LOCKED, { indexes });
    expect(dockerfile).toContain(' --default-index https://packages.example.com/simple --index https://pypi.example.com/simple --output-file /lock/resolved.txt "$@"\n');
    expect(dockerfile).toContain('--mount=type=tmpfs,target=/run/netrc \\\n    --mount=type=secret,id=index,required=true <<\'EOF\'\n');
    expect(dockerfile).toContain('<<\'EOF\'\nprintf \'machine %s login %s password %s\\n\' packages.example.com bot "$(cat /run/secrets/index)" > /run/netrc/netrc\nexport NETRC=/run/netrc/netrc\nset -eu\n');
    expect(said({ ...LOCKED, 'app/requirements.in': '--index-url https://me:secret@packages.example.com/simple\n' })).toEqual([expect.stringMatching(/^shop\/lock: .*\[INDEX_PASSWORD\]$/)]);
  });
  test('is no image to run', () => {
    const { app, application } = appWith(LOCKED);
    new Service(application, 'api', { image: declared(application) });
    expect(refusal(app)).toEqual([expect.stringContaining("'shop/lock' makes a file, no process; run an image that installs it")]);
  });
  test('writes the same whatever the loose files say: only their names count', () => {
    expect(written({ 'app/requirements.in': 'click\n', 'app/requirements.txt': strict(['click\n']) })).toEqual(written(LOCKED));
  });
});

describe('A strict file', () => {
  test('is fine with other ends of lines, and with another digest of its base', () => {
    const base = PythonBase.of(BaseImage.fromReference(`python:3.13-bookworm@sha256:${'a'.repeat(64)}`, BASE.buildImage.facts), BASE.runtimeImage);
    expect(() => written({ 'app/requirements.in': 'flask\r\n', 'app/requirements.txt': strict(['flask\n']).replace(/\n/g, '\r\n') }, { base })).not.toThrow();
  });
  test('is refused when it is not there', () => {
    expect(said(LOOSE)).toEqual([`shop/lock: there is no 'app/requirements.txt' yet; run wheelhouse lock requirements ${LINK} [REQUIREMENTS_STALE]`]);
  });
  test('is refused when a loose file has changed since, by hash', () => {
    expect(said({ ...LOCKED, 'app/requirements.in': 'flask\nclick\n' })).toEqual([
      `shop/lock: 'app/requirements.txt' was made before 'app/requirements.in' changed; run wheelhouse lock requirements ${LINK} [REQUIREMENTS_STALE]`,
    ]);
  });
  test('is refused when a line has moved from one file to another', () => {
    const files = { 'app/requirements.in': 'flask\n', 'app/limits.txt': 'click\n', 'app/requirements.txt': strict(['', 'flask\nclick\n']) };
    expect(said(files, { constraints: ['limits.txt'] })).toEqual([expect.stringContaining("before 'app/limits.txt' or 'app/requirements.in' changed")]);
  });
  test('is refused when it was made in another base', () => {
    expect(said({ ...LOOSE, 'app/requirements.txt': strict(['flask\n'], 'python:3.12-bookworm') })).toEqual([
      `shop/lock: 'app/requirements.txt' was made in python:3.12-bookworm, not in python:3.13-bookworm; run wheelhouse lock requirements ${LINK} [REQUIREMENTS_STALE]`,
    ]);
  });
  test('is refused when it does not say what it is from', () => {
    expect(said({ ...LOOSE, 'app/requirements.txt': 'flask==3\n' })).toEqual([
      `shop/lock: 'app/requirements.txt' does not say from what it was made; run wheelhouse lock requirements ${LINK} [REQUIREMENTS_STALE]`,
    ]);
  });
  test('is for the base that installs it', () => {
    const findings = (python: string) => {
      const { app, application } = appWith({ ...LOCKED, 'app/app.py': '' });
      declared(application);
      new PythonServiceImage(application, 'image', {
        source: 'app', base: PythonBase.slim({ python, debian: 'bookworm' }), server: PythonServer.module('app'), dependencies: Dependencies.requirements(),
      });
      return app.synth().findings.filter(({ code }) => code === 'REQUIREMENTS_BASE').map(({ path, problem, severity, code }) => `${severity} ${path}: ${problem} [${code}]`);
    };
    expect(findings('3.13')).toEqual([]);
    expect(findings('3.12')).toEqual([
      "warning shop/image/build: 'app/requirements.txt' is installed on python:3.12-bookworm and was locked by 'shop/lock' on python:3.13-bookworm; lock it on the base that installs it [REQUIREMENTS_BASE]",
    ]);
  });
});

describe('RequirementsLock refuses', () => {
  const application = () => new Application(new App(), 'shop');
  refusesAtOnce('no loose file', "shop/lock: 'loose' is empty; name the files that say what is wanted [LOCK_NOTHING]",
    () => declared(application(), { loose: [] }), () => declared(application(), { loose: ['a.in'] }));
  refusesAtOnce('a directory', "shop/lock: '.' is no requirements file; name one, such as 'requirements.in' [LOCK_FILE]",
    () => declared(application(), { strict: '.' }), () => declared(application(), { strict: 'a.txt' }));
  test.each<[name: string, line: string, files: Record<string, string>, props: Partial<RequirementsLockProps>]>([
    ['a loose file that is not there', "shop/lock: there is no file 'app/other.in' to lock; create it, or name another with 'loose' or 'constraints' [LOCK_MISSING]",
      LOCKED, { loose: ['other.in'] }],
    ['packages on the local disk', "shop/lock: 'app/requirements.in' asks for '-e .' from the local disk, which the build does not see; list released packages only [REQUIREMENT_LOCAL]",
      { 'app/requirements.in': '-e .\n' }, {}],
    ['files that the build does not see', "shop/lock: 'app/requirements.in' includes '../base.in', which is outside 'app'; move it in, or choose a higher 'source' [LOCK_OUTSIDE]",
      { 'app/requirements.in': '-r ../base.in\n', 'base.in': '' }, {}],
    ['a strict file that is made from itself', "shop/lock: 'app/requirements.txt' is made from itself; give 'strict' another name than the files that it is made from [LOCK_ITSELF]",
      LOCKED, { loose: ['requirements.txt'] }],
  ])('%s', (_, line, files, props) => expect(said(files, props)).toEqual([line]));
});

test('the hash of loose files is what sha256sum says', () => {
  const { stdout } = spawnSync('sh', ['-c', "(printf 'flask\\n' | sha256sum; printf 'click\\n' | sha256sum) | sha256sum | cut -c -64"], { encoding: 'utf8' });
  expect(inputsHash(['flask\r\n', 'click\n'])).toBe(stdout.trim());
});
