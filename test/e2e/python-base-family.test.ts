/**
 * examples/python-base-family on a real engine: four base images built from the organisation's mirror, which only its own certificates vouch for,
 * and a service on each version of Python.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { folder } from '../declare';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, succeed, tryDocker } from './engine';

const MIRROR = 'wheelhouse-family-mirror';
const IMAGES = ['3.12', '3.13'].flatMap(version => [[`python${version}`, `registry.example.com/python:${version}`], [`python${version}-build`, `registry.example.com/python:${version}-build`]]);
const SERVICES = [{ service: 'shop', python: '3.13', url: 'http://127.0.0.1:8125' }, { service: 'reports', python: '3.12', url: 'http://127.0.0.1:8126' }];

/** A compiler is much to download, and no package of the application needs one. */
const smaller = (program: string) => program.replace("['gcc', 'libc6-dev']", "['make']");

describeOnEngine('python-base-family', () => {
  let root: string;
  let out: string;
  let dockerfile: string;
  /** Tells builds where the mirror is: who has an organisation has a name server that does. */
  let known: string[];
  let hosts: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), '--file', hosts, ...args);
  const container = (service: string) => compose('ps', '--quiet', service);
  const inspected = (image: string) => JSON.parse(docker('image', 'inspect', image))[0].Config;
  const asked = () => { const { stdout, stderr } = tryDocker('logs', MIRROR); return stdout + stderr; };

  beforeAll(() => {
    const address = startMirror();
    const authority = certify();
    ({ root } = synthesize('python-base-family', { edit: smaller, prepare: example => copyFileSync(authority, join(example, 'certificates/example-root.pem')) }));
    out = join(root, 'wheelhouse.out/python-base-family');
    dockerfile = join(out, 'images/python/Dockerfile');
    hosts = join(folder({ 'hosts.yaml': buildHosts(address) }), 'hosts.yaml');
    known = ['--add-host', `packages.example.com:${address}`];
    for (const [stage, name] of IMAGES) docker('buildx', 'build', ...known, '--target', stage, '--tag', name, '--file', dockerfile, root);
    compose('up', '--build', '--wait');
  });
  afterAll(() => {
    tryDocker('rm', '--force', '--volumes', MIRROR);
    compose('down', '--volumes', '--rmi', 'local');
    tryDocker('image', 'rm', ...IMAGES.map(([, name]) => name));
  });

  test.each(SERVICES)('$service answers by Python $python, as the user of the family', ({ service, python, url }) => {
    expect(request(url)).toMatchObject({ status: 200, body: expect.stringMatching(`^Python ${python}\\.\\d+ as app\n$`) });
    expect(softness(container(service), {
      userId: 10001, writable: ['/home/app', '/tmp'], code: ['/app', '/venv'], without: ['compiler', 'pip'], python: '/venv/bin/python', published: [url.slice(-4)],
    })).toEqual([]);
  });

  test("trusts a server for which the organisation's own authority vouches, and others do not", () => {
    docker('network', 'connect', '--alias', 'stock.example.com', 'python-base-family_default', MIRROR);
    expect(request(`${SERVICES[0].url}/stock`)).toMatchObject({ status: 200, body: 'in stock\n' });
    const ask = (image: string) => tryDocker('run', '--rm', '--network', 'python-base-family_default', image, 'python3', '-c',
      "import urllib.request; print(urllib.request.urlopen('https://stock.example.com/').read())");
    expect(ask('registry.example.com/python:3.12')).toMatchObject({ status: 0, stdout: expect.stringContaining('in stock') });
    expect(ask('python:3.12-slim-bookworm')).toMatchObject({ status: 1, stderr: expect.stringContaining('CERTIFICATE_VERIFY_FAILED') });
    docker('network', 'disconnect', 'python-base-family_default', MIRROR);
  });

  test('has packages, updates and distributions from the mirror', () => {
    expect(asked()).toContain('GET /debian/dists/bookworm/InRelease ');
    expect(asked()).toContain('GET /debian-security/dists/bookworm-security/InRelease ');
    expect(asked()).toMatch(/GET \/debian\/pool\/main\/m\/media-types\/\S+\.deb /);
    expect(asked()).toContain('GET /simple/flask/ ');
    const upgrade = 'apt-get update -qq && apt-get upgrade --simulate && test -e /etc/mime.types';
    expect(docker('run', '--rm', ...known, '--user', '0', IMAGES[0][1], 'sh', '-c', upgrade)).toContain('0 upgraded, 0 newly installed');
  });

  test('says whose images they are, whom they run as, and of which day their updates are', () => {
    for (const [stage, name] of IMAGES) {
      const { User, Labels, Env } = inspected(name);
      expect([name, User]).toEqual([name, stage.endsWith('-build') ? '' : '10001:10001']);
      expect(Labels).toMatchObject({ 'org.opencontainers.image.vendor': 'Example', 'org.opencontainers.image.source': 'https://example.com/python-base-family' });
      expect(Env).toContain('SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt');
      expect(docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', name)).toContain('SECURITY_UPDATES=2026-11-21');
      expect(docker('run', '--rm', '--user', '10001:10001', name, 'sh', '-c', 'id -un; stat -c "%U %a" ~')).toBe('app\napp 700');
    }
  });

  test('takes the updates of another day, and repeats nothing else', () => {
    const day = [...known, '--target', 'python3.13', '--build-arg', `SECURITY_UPDATES=today, ${Date.now()}`];
    expect(cachedSteps(dockerfile, root, ...day).filter(step => !step.cached).map(step => step.instruction)).toEqual([expect.stringContaining('apt-get upgrade')]);
    expect(cachedSteps(dockerfile, root, ...day).filter(step => !step.cached)).toEqual([]);
  });

  test("has nothing that BuildKit's checks find", () => {
    docker('buildx', 'build', ...known, '--quiet', '--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=error=true', '--file', dockerfile, root);
  });
});

/** Starts the mirror, which waits for its certificate; answers with its address. */
function startMirror(): string {
  tryDocker('rm', '--force', '--volumes', MIRROR);
  docker('create', '--name', MIRROR, '--env', `INDEX=${process.env.TESTBED_INDEX}`, 'python:3.13-slim-bookworm', 'python3', '/mirror.py');
  docker('cp', 'test/e2e/mirror.py', `${MIRROR}:/mirror.py`);
  docker('start', MIRROR);
  return docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', MIRROR);
}

/** Makes an authority, and a certificate of it for the mirror; answers with the file of the authority's own. */
function certify(): string {
  const keys = folder({ names: 'subjectAltName = DNS:packages.example.com, DNS:stock.example.com' });
  const file = (name: string) => join(keys, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  succeed('openssl', ['req', '-x509', ...key, '-keyout', file('ca.key'), '-out', file('ca.pem'), '-days', '2', '-subj', '/CN=Example Root CA',
    '-addext', 'keyUsage=critical,keyCertSign']);
  succeed('openssl', ['req', ...key, '-keyout', file('server.key'), '-out', file('server.csr'), '-subj', '/CN=mirror']);
  succeed('openssl', ['x509', '-req', '-in', file('server.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2',
    '-extfile', file('names'), '-out', file('server.crt')]);
  writeFileSync(file('server.pem'), readFileSync(file('server.crt'), 'utf8') + readFileSync(file('server.key'), 'utf8'));
  docker('cp', file('server.pem'), `${MIRROR}:/server.pem`);
  return file('ca.pem');
}

/** The same for what compose builds. */
function buildHosts(address: string): string {
  return stringify({ services: Object.fromEntries(SERVICES.map(({ service }) => [service, { build: { extra_hosts: { 'packages.example.com': address } } }])) });
}
