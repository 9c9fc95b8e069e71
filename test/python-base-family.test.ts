/** Base images of an organisation: what is refused, what services get of them, and what is told before a release ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, appWith, filesUnder, FLASK_SOURCE } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import {
  App, Application, BaseImage, PackageManager, PythonBase, PythonBaseFamily, PythonInstall, PythonServer, PythonServiceImage, Service,
  type PythonBaseFamilyProps,
} from 'cdk-wheelhouse';

const ROOT = readFileSync('examples/python-base-family/certificates/example-root.pem', 'utf8');
const FILES = { ...FLASK_SOURCE, 'certificates/root.pem': ROOT, 'certificates/two.pem': ROOT + ROOT, 'certificates/key.pem': `${ROOT}-----BEGIN EC PRIVATE KEY-----\n`, 'other/root.crt': ROOT };
const slim = (python: string) => PythonBase.slim({ python, debian: 'bookworm' });
const same = (image: BaseImage) => PythonBase.of(image, image);

function family(application: Application, props: Partial<PythonBaseFamilyProps> = {}) {
  return new PythonBaseFamily(application, 'python', { repository: 'registry.example.com/python', bases: [slim('3.13')], securityUpdates: '2026-11-21', ...props });
}

/** The Dockerfile of a family, and those of the services on it. */
function dockerfiles(declare: (application: Application) => unknown, files: Record<string, string> = FILES): Record<string, string> {
  const { app, application, root } = appWith(files);
  declare(application);
  app.synth();
  return Object.fromEntries(Object.entries(filesUnder(join(root, 'wheelhouse.out'))).flatMap(([path, text]) => {
    const [, image] = /images\/(.*)\/Dockerfile$/.exec(path) ?? [];
    return image === undefined ? [] : [[image, text]];
  }));
}

/** The instructions of one stage. */
function stage(text: string, name: string): string {
  return new RegExp(`^FROM \\S+ AS ${name.replace(/\./g, '\\.')}\\n[^]*?(?=\\n(?:FROM)|(?![^]))`, 'm').exec(text)![0];
}

function service(application: Application, base: PythonBase, id = 'api-image'): PythonServiceImage {
  return new PythonServiceImage(application, id, { source: 'app', base, server: PythonServer.gunicorn('app:app') });
}

describe('PythonBaseFamily', () => {
  test('makes two images for each version, from one Dockerfile', () => {
    const { app, application, root } = appWith();
    const { versions } = family(application, { bases: [slim('3.12'), slim('3.13')] });
    app.synth();
    const { images } = JSON.parse(readFileSync(join(root, 'wheelhouse.out/manifest.json'), 'utf8')).applications.shop;
    expect(versions).toEqual(['3.12', '3.13']);
    const pairs = Object.values<any>(images).filter(image => image.stage);
    expect(pairs.map(image => [image.dockerfile, image.stage, image.facts.userId, image.facts.groupId])).toEqual([
      ['shop/images/python/Dockerfile', 'python3.12-build', 0, 0], ['shop/images/python/Dockerfile', 'python3.12', 65532, 65532],
      ['shop/images/python/Dockerfile', 'python3.13-build', 0, 0], ['shop/images/python/Dockerfile', 'python3.13', 65532, 65532],
    ]);
  });

  test('updates what several images start from once, and gives each what only it has', () => {
    const bases = [same(BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' }))];
    const { python } = dockerfiles(application => family(application, { bases, systemPackages: { toBuild: ['gcc'], toRun: ['libpq5'] } }));
    expect(python.match(/^FROM .*/gm)).toEqual([
      'FROM scratch AS directories', 'FROM python:3.13-slim-bookworm AS updates-python-3.13-slim-bookworm', 'FROM updates-python-3.13-slim-bookworm AS python3.13',
      'FROM updates-python-3.13-slim-bookworm AS python3.13-build',
    ]);
    expect(python.match(/apt-get upgrade/g)).toHaveLength(1);
    expect([stage(python, 'updates-python-3.13-slim-bookworm'), stage(python, 'python3.13-build')].map(text => /--no-install-recommends ([^&]*)/.exec(text)![1].match(/\w+/g)))
      .toEqual([['libpq5'], ['gcc']]);
    expect(stage(python, 'python3.13')).not.toContain('RUN');
  });

  test('installs with the updates what no other image has, so that another day repeats one step', () => {
    const { python } = dockerfiles(application => family(application, { systemPackages: { toBuild: ['gcc'], toRun: ['libpq5'] } }));
    const build = stage(python, 'updates-python-3.13-bookworm');
    expect(build).toMatch(/\nARG SECURITY_UPDATES\nRUN --mount=type=cache/);
    expect(build).toMatch(/apt-get upgrade --yes \\\n && apt-get install --yes --no-install-recommends \\\n {6}gcc \\\n {6}libpq5\n/);
    expect(stage(python, 'updates-python-3.13-slim-bookworm')).not.toContain('gcc');
    expect(python).toContain('\nARG SECURITY_UPDATES=2026-11-21\n');
    expect(stage(python, 'python3.13-build')).not.toContain('RUN');
  });

  test("has Debian's own Python, and brings pip to the image that builds", () => {
    const { python } = dockerfiles(application => family(application, { bases: [PythonBase.debian({ release: 'bookworm' })] }));
    expect(stage(python, 'updates-debian-bookworm')).toMatch(/python3 \\\n {6}python3-pip/);
    expect(stage(python, 'updates-debian-bookworm-slim')).toMatch(/--no-install-recommends \\\n {6}python3\n/);
  });

  test('updates an image once for all versions that are installed on it', () => {
    const ubuntu = BaseImage.ubuntu({ release: '24.04' });
    const bases = ['3.11', '3.13'].map(python => PythonBase.installed({ base: ubuntu, python: PythonInstall.deadsnakes({ python }) }));
    const { python } = dockerfiles(application => family(application, { bases, systemPackages: { toRun: ['libpq5'] } }));
    expect(python.match(/apt-get upgrade/g)).toHaveLength(1);
    expect(stage(python, 'updates-ubuntu-24.04')).not.toContain('python3.1');
    const own = stage(python, 'python3.13');
    expect(own.indexOf('deadsnakes')).toBeLessThan(own.indexOf('      python3.13'));
    expect(own).not.toContain('libpq5');
    expect(own).toContain('COPY --link --from=python3.13-install ');
  });

  test('compiles each version on what it updates, and gives both of its images the same', () => {
    const debian = BaseImage.debian({ release: 'bookworm', slim: true });
    const bases = ['3.12.1', '3.13.5'].map(version => PythonBase.installed({ base: debian, python: PythonInstall.source({ version, sha256: '0'.repeat(64) }) }));
    const { python } = dockerfiles(application => family(application, { bases }));
    expect(python.match(/apt-get upgrade/g)).toHaveLength(1);
    expect(stage(python, 'python3.13-install')).toMatch(/^FROM updates-debian-bookworm-slim AS python3.13-install\nRUN [^]*ADD .*Python-3.13.5.tar.xz/);
    for (const name of ['python3.13', 'python3.13-build']) expect(stage(python, name)).toContain('--from=python3.13-install ');
    expect(stage(python, 'python3.12')).toContain('--from=python3.12-install ');
  });

  test('updates with apk where the base has it', () => {
    const { python } = dockerfiles(application => family(application, { bases: [same(BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' }))], certificates: ['certificates/root.pem'] }));
    expect(stage(python, 'updates-python-3.13-alpine3.23')).toContain('RUN apk upgrade --no-cache \\\n && apk add --no-cache \\\n      ca-certificates \\\n && update-ca-certificates\n');
  });

  test('has apt and pip ask the mirrors, and trust them from the start', () => {
    const { python } = dockerfiles(application => family(application, {
      bases: [slim('3.12'), PythonBase.slim({ python: '3.13', debian: 'trixie' })],
      certificates: ['certificates/root.pem'],
      aptMirror: 'https://packages.example.com/debian/',
      pipIndex: 'http://packages.example.com:8080/simple',
    }));
    expect(stage(python, 'files-debian-12')).toContain('URIs: https://packages.example.com/debian-security\nSuites: bookworm-security\n');
    expect(stage(python, 'files-debian-13')).toContain('URIs: https://packages.example.com/debian/\nSuites: trixie trixie-updates\n');
    expect(stage(python, 'files-debian-13')).toContain('[global]\nindex-url = http://packages.example.com:8080/simple\ntrusted-host = packages.example.com\n');
    expect(stage(python, 'updates-python-3.13-trixie')).toContain('FROM python:3.13-trixie AS updates-python-3.13-trixie\nCOPY --from=files-debian-13 /files /\n');
    expect(stage(python, 'updates-python-3.13-trixie')).toContain(' && cat /usr/local/share/ca-certificates/*.crt >> /etc/ssl/certs/ca-certificates.crt \\\n && apt-get update');
    expect(stage(python, 'python3.12')).toContain('ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt \\\n    REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt \\\n    SSL_CERT_FILE=/etc');
  });

  test('needs no early trust for a mirror without TLS, and takes another address of its security archive', () => {
    const { python } = dockerfiles(application => family(application, {
      certificates: ['certificates/root.pem'], aptMirror: 'http://packages.example.com/debian', aptSecurityMirror: 'http://security.example.com/debian', pipIndex: 'https://packages.example.com/simple',
    }));
    expect(python).not.toMatch(/CAInfo|cat \/usr|trusted-host/);
    expect(python).toContain('URIs: http://security.example.com/debian\nSuites: bookworm-security\n');
  });

  test('keeps a user that the base has, and adds any other', () => {
    const node: BaseImage = BaseImage.pythonSlim({ python: '3.13' }).withFacts({ users: [{ name: 'app', userId: 1000, groupId: 1000, home: '/home/app' }] });
    const user = { name: 'app', userId: 1000, groupId: 1000, home: '/home/app' };
    expect(dockerfiles(application => family(application, { bases: [same(node)], user })).python).not.toContain('/etc/passwd');
    expect(dockerfiles(application => family(application, { user })).python).toContain('echo app:x:1000:1000:app:/home/app:/sbin/nologin >> /etc/passwd');
  });

  test('gives services both images by their names, with what is known of them', () => {
    const { application } = appWith();
    const { buildImage, runtimeImage, buildPackages } = family(application, { systemPackages: { toBuild: ['gcc'] } }).base('3.13');
    expect([buildImage.reference, runtimeImage.reference, buildPackages]).toEqual(['registry.example.com/python:3.13-build', 'registry.example.com/python:3.13', []]);
    const nonroot = { name: 'nonroot', userId: 65532, groupId: 65532, home: '/home/nonroot' };
    const known = {
      python: '3.13',
      pythonPath: '/usr/local/bin/python3',
      pip: true,
      libc: 'glibc',
      libcVersion: '2.36',
      distribution: 'debian 12',
      packageManager: PackageManager.APT,
      shell: ['/bin/sh', '-c'],
      users: [nonroot],
      rolling: false,
    };
    expect(buildImage.facts).toMatchObject({ ...known, defaultUserId: 0, compilers: true });
    expect(runtimeImage.facts).toMatchObject({ ...known, defaultUserId: 65532, defaultGroupId: 65532, compilers: false });
    expect(same(BaseImage.pythonSlim({ python: '3.13' })).buildImage.facts.compilers).toBe(false);
    expect(family(appWith().application, { bases: [same(BaseImage.pythonSlim({ python: '3.13' }))], systemPackages: { toBuild: ['gcc'] } }).base('3.13').buildImage.facts.compilers).toBeUndefined();
  });

  test('runs a service as the user of the family, whichever was declared first', () => {
    const user = { name: 'app', userId: 10001, groupId: 10001, home: '/home/app' };
    const files = dockerfiles(application => {
      const image = service(application, family(application, { user }).base('3.13'));
      new Service(application, 'api', { image });
    });
    expect(files['api-image']).toContain('FROM registry.example.com/python:3.13-build AS build\n');
    expect(files['api-image']).toMatch(/FROM registry.example.com\/python:3.13 AS runtime\nUSER 0:0\n[^]*\nUSER 10001:10001\n/);
    expect(files['api-image']).not.toContain('/etc/passwd');
  });

  test('has its labels on each image', () => {
    const { python } = dockerfiles(application => family(application, { labels: { 'org.opencontainers.image.vendor': 'Example' } }));
    expect(python.match(/^LABEL org.opencontainers.image.vendor=Example$/gm)).toHaveLength(2);
  });

  test('says when a version or the distribution ends, of its images and of services on them, half a year before', () => {
    const findings = (today: string) => {
      const app = new App({ root: folder(FLASK_SOURCE), today });
      const application = new Application(app, 'shop');
      const made = family(application, { bases: [slim('3.11'), slim('3.13')] });
      service(application, made.base('3.11'));
      return app.synth().findings.filter(({ code }) => code === 'END_OF_LIFE').map(({ severity, path, problem }) => `${severity} ${path}: ${problem}`);
    };
    expect(findings('2027-04-30')).toEqual([]);
    expect(findings('2027-05-01')).toEqual([
      'info shop/api-image: python 3.11 in registry.example.com/python:3.11-build gets security updates until 2027-10-31, for less than 6 months; plan the move to a newer release',
      'info shop/python: python 3.11 in python:3.11-slim-bookworm gets security updates until 2027-10-31, for less than 6 months; plan the move to a newer release',
    ]);
    expect(findings('2028-01-01')).toEqual([
      'info shop/api-image: debian 12 in registry.example.com/python:3.11-build gets security updates until 2028-06-30, for less than 6 months; plan the move to a newer release',
      'warning shop/api-image: python 3.11 in registry.example.com/python:3.11-build has had no security updates since 2027-10-31; use a newer release',
      'info shop/python: debian 12 in python:3.11-slim-bookworm gets security updates until 2028-06-30, for less than 6 months; plan the move to a newer release',
      'warning shop/python: python 3.11 in python:3.11-slim-bookworm has had no security updates since 2027-10-31; use a newer release',
    ]);
  });

  const made = (props: Partial<PythonBaseFamilyProps>) => () => family(appWith().application, props);
  refusesAtOnce('a repository with a tag', "shop/python: repository 'registry.example.com/python:3' is not one without a tag, such as registry.example.com/python: tags are the versions [FAMILY_REPOSITORY]",
    made({ repository: 'registry.example.com/python:3' }), made({ repository: 'registry.example.com:5000/team/python' }));
  refusesAtOnce('a day that is none', "shop/python: securityUpdates is 'today', which is not a day such as 2026-11-21 [ISO_DATE]", made({ securityUpdates: 'today' }), made({}));
  refusesAtOnce('no bases', 'shop/python: the family has no bases; give one for each version of Python [FAMILY_EMPTY]', made({ bases: [] }), made({}));
  refusesAtOnce('two bases with one Python', 'shop/python: two bases have Python 3.13; keep one [FAMILY_TWICE]', made({ bases: [slim('3.13'), slim('3.13')] }), made({ bases: [slim('3.13'), slim('3.12')] }));
  refusesAtOnce('a base with an unknown Python', "shop/python: which Python example.com/python:1 has is unknown; say it: runtimeImage.withFacts({ python: '3.13' }), with PythonBase.of [FAMILY_PYTHON]",
    made({ bases: [same(BaseImage.fromReference('example.com/python:1'))] }),
    made({ bases: [same(BaseImage.fromReference('example.com/python:1', { python: '3.13', pythonPath: '/usr/bin/python3', packageManager: PackageManager.APT }))] }));
  refusesAtOnce('a base that nothing is updated in', 'shop/python: gcr.io/distroless/python3-debian12:nonroot has none, with which nothing is updated here; start from an image that has apt or apk [FAMILY_PACKAGE_MANAGER]',
    made({ bases: [PythonBase.distroless()] }), made({ bases: [PythonBase.debian({ release: 'bookworm' })] }));
  refusesAtOnce('a version that it does not have', "shop/python: the family has no Python '3.10'; it has 3.12 and 3.13 [FAMILY_VERSION]",
    () => family(appWith().application, { bases: [slim('3.12'), slim('3.13')] }).base('3.10'), () => family(appWith().application).base('3.13'));
  refusesAtOnce('root as the user', "shop/python: user 'root', number 0, is root or no name; give one such as { name: 'app', userId: 10001, groupId: 10001, home: '/home/app' } [FAMILY_USER]",
    made({ user: { name: 'root', userId: 0, groupId: 0, home: '/root' } }), made({ user: { name: 'app', userId: 1, groupId: 0, home: '/app' } }));
  refusesAtOnce('a number that the base has for somebody else', "shop/python: user 'app', number 1000, cannot be added to ubuntu:24.04: it has 'ubuntu', number 1000; give that one, or another name and number [FAMILY_USER]",
    made({ bases: [same(BaseImage.ubuntu({ release: '24.04' }).withFacts({ python: '3.12' }))], user: { name: 'app', userId: 1000, groupId: 1000, home: '/home/app' } }),
    made({ bases: [same(BaseImage.ubuntu({ release: '24.04' }).withFacts({ python: '3.12' }))], user: { name: 'app', userId: 1001, groupId: 1001, home: '/home/app' } }));
  refusesAtOnce('an index with a password, which it does not repeat', "shop/python: pipIndex 'https://***@packages.example.com/simple' holds credentials, which every image of the family would hold;"
    + ' give the address alone, and credentials to builds as secrets [MIRROR_CREDENTIALS]',
  made({ pipIndex: 'https://bob:pa/s@s@packages.example.com/simple' }), made({ pipIndex: 'https://packages.example.com/simple' }));
  refusesAtOnce('a mirror with a password in no address', "shop/python: aptMirror '***@packages.example.com' holds credentials, which every image of the family would hold;"
    + ' give the address alone, and credentials to builds as secrets [MIRROR_CREDENTIALS]',
  made({ aptMirror: 'bob:secret@packages.example.com' }), made({ aptMirror: 'https://packages.example.com' }));
  refusesAtOnce('a mirror that is no address', "shop/python: pipIndex 'https://packages.example.com/simple?***' is not an address such as https://packages.example.com/simple [MIRROR_URL]",
    made({ pipIndex: 'https://packages.example.com/simple?token=secret' }), made({ pipIndex: 'https://packages.example.com:8443/a-b/~c/simple/' }));
  refusesAtOnce('a security mirror alone', "shop/python: aptSecurityMirror 'https://packages.example.com/security' is given without aptMirror; give both [APT_MIRROR]",
    made({ aptSecurityMirror: 'https://packages.example.com/security' }), made({ aptMirror: 'https://packages.example.com/debian', aptSecurityMirror: 'https://packages.example.com/security' }));

  const declared = (props: Partial<PythonBaseFamilyProps>) => (application: Application) => family(application, props);
  const mirror = { aptMirror: 'https://packages.example.com/debian' };
  refusesAtSynth("a copy of Debian's archive for another distribution", [
    "shop/python: aptMirror is a copy of Debian's archive, and python:3.13-alpine3.23 has alpine 3.23; use bases on debian 12 or debian 13, or leave it out [APT_MIRROR]",
  ], declared({ bases: [same(BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' }))], ...mirror }), declared(mirror));
  refusesAtSynth('a file with a private key', [
    "shop/python: 'certificates/key.pem' holds a private key, which every image of the family would hold; give a file with the certificate alone [CERTIFICATE_KEY]",
  ], declared({ certificates: ['certificates/key.pem'] }), declared({ certificates: ['certificates/root.pem'] }), FILES);
  refusesAtSynth('a file with two certificates', [
    "shop/python: 'certificates/two.pem' holds 2 certificates in PEM format; give files with one each: update-ca-certificates takes no others [CERTIFICATE]",
  ], declared({ certificates: ['certificates/two.pem'] }), declared({ certificates: ['certificates/root.pem'] }), FILES);
  refusesAtSynth('two certificates of one name', [
    "shop/python: certificate 'other/root.crt' has the name of another, without its directory and its ending; rename one [CERTIFICATE_TWICE]",
  ], declared({ certificates: ['certificates/root.pem', 'other/root.crt'] }), declared({ certificates: ['other/root.crt'] }), FILES);
  refusesAtSynth('a package that is none', ["shop/python: system package 'gcc; id' is not a package name; give a name, or a name and a version such as libpq5=15.14-0+deb12u1 [PACKAGE_NAME]"],
    declared({ systemPackages: { toBuild: ['gcc; id'] } }), declared({ systemPackages: { toBuild: ['gcc'] } }));
});
