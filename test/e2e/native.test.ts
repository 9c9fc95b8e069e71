/** Packages of the distribution that follow from a lock, on a real engine: two packages that are built from their source, four that have wheels. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { describeOnEngine, docker, tryDocker } from './engine';
import { provideUv, useIndex } from './uv-on-test-bed';
import { App, Application, BaseImage, PythonBase, PythonServer, PythonServiceImage, type PythonSystemPackages } from 'cdk-wheelhouse';

/** Neither the one nor the other has compilers. */
const SLIM = BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' });
const TAG = 'wheelhouse-e2e/native';
const PROGRAM = `
import io, ldap, lxml.etree, numpy, psycopg, PIL.Image
from cryptography.fernet import Fernet
image = io.BytesIO()
PIL.Image.fromarray(numpy.zeros((2, 2), dtype="uint8")).save(image, "jpeg")
key = Fernet(Fernet.generate_key())
print(psycopg.pq.__impl__, psycopg.pq.version() > 150000, ldap.initialize("ldap://192.0.2.1").protocol_version, lxml.etree.fromstring("<a>b</a>").text, len(image.getvalue()) > 0, key.decrypt(key.encrypt(b"c")))
`;

function declared(systemPackages?: PythonSystemPackages) {
  const root = folder({ 'app/main.py': 'import time\ntime.sleep(60)\n' });
  for (const name of ['pyproject.toml', 'uv.lock']) cpSync(join(__dirname, 'native', name), join(root, 'app', name));
  const app = new App({ root });
  const application = new Application(app, 'native');
  new PythonServiceImage(application, 'image', { source: 'app', base: PythonBase.of(SLIM, SLIM), server: PythonServer.module('main'), systemPackages });
  const { findings } = app.synth();
  const dockerfile = join(root, 'wheelhouse.out/native/images/image/Dockerfile');
  provideUv(dockerfile);
  useIndex(join(root, 'app/uv.lock'));
  return { root, dockerfile, said: findings.filter(({ code }) => code.startsWith('NATIVE')).map(({ problem }) => problem.split(' ')[0]) };
}

describeOnEngine('a lock with packages that have no wheel', () => {
  afterAll(() => { tryDocker('image', 'rm', TAG); });

  test('is installed with what building and running them needs, and with nothing for those that have one', () => {
    const { root, dockerfile, said } = declared();
    expect(said).toEqual(['psycopg', 'psycopg-c', 'python-ldap']);
    docker('buildx', 'build', '--quiet', '--load', '--tag', TAG, '--file', dockerfile, root);
    expect(docker('run', '--rm', '--read-only', '--network', 'none', '--entrypoint', '/venv/bin/python', TAG, '-c', PROGRAM)).toBe("c True 3 b True b'c'");
    const there = tryDocker('run', '--rm', '--entrypoint', '/bin/sh', TAG, '-c', 'ls /usr/bin/gcc /usr/bin/pg_config /usr/include/ldap.h 2>/dev/null; dpkg-query --show libpq5 libldap-2.5-0');
    expect(there.stdout).toMatch(/^libldap-2\.5-0:\S+\t.*\nlibpq5:\S+\t.*\n$/);
  });

  test('is not installed without them', () => {
    const { root, dockerfile, said } = declared({ needs: { 'psycopg': {}, 'psycopg-c': {}, 'python-ldap': {} } });
    expect(said).toEqual([]);
    // what another build compiled would be taken from its cache
    const text = readFileSync(dockerfile, 'utf8').replace('type=cache,target=/root/.cache/uv', `type=cache,id=native-${Date.now()},target=/root/.cache/uv`);
    writeFileSync(dockerfile, text);
    const { status, stderr } = tryDocker('buildx', 'build', '--progress', 'plain', '--file', dockerfile, root);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Failed to build `(psycopg-c|python-ldap)==/);
  });

  test('does not start without what running them needs, which is what the refusal says', () => {
    const { root, dockerfile } = declared({ needs: { 'psycopg': {}, 'psycopg-c': { toBuild: ['libpq-dev'] } } });
    docker('buildx', 'build', '--quiet', '--load', '--tag', TAG, '--file', dockerfile, root);
    const { status, stderr } = tryDocker('run', '--rm', '--entrypoint', '/venv/bin/python', TAG, '-c', 'import psycopg');
    expect(status).toBe(1);
    expect(stderr).toMatch(/libpq/);
  });
});
