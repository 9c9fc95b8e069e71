/** Ways to get Python, on a real engine: compiled from its source, from Wolfi and from Alpine. Built, started hardened, asked, looked at. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesize, type Run } from '../examples';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, succeed, tryDocker } from './engine';
import { serveSource, type SourceServer } from './python-source';
import { provideStandIns } from './stand-ins';

/** An example in a copy of its folder. */
class Example {
  public readonly root: string;
  private readonly out: string;

  constructor(name: string, run: Run = {}) {
    this.root = synthesize(name, run).root;
    this.out = join(this.root, 'wheelhouse.out', name);
  }

  public dockerfile(image: string): string {
    return join(this.out, 'images', image, 'Dockerfile');
  }

  public change(image: string, edit: (text: string) => string): void {
    writeFileSync(this.dockerfile(image), edit(readFileSync(this.dockerfile(image), 'utf8')));
  }

  public compose(...args: string[]): string {
    return docker('compose', '--file', join(this.out, 'compose.yaml'), ...args);
  }

  public container(service: string): string {
    return this.compose('ps', '--all', '--quiet', service);
  }

  /** Files of the image. */
  public files(service: string): string[] {
    return succeed('bash', ['-c', 'docker export "$0" | tar --list --file -', this.container(service)]).split('\n');
  }
}

/** What is soft about a container of these examples. */
function found(example: Example, service: string, port: string): string[] {
  return softness(example.container(service), {
    userId: 65532,
    writable: ['/home/nonroot', '/tmp'],
    code: ['/app', '/venv', '/usr/local', '/usr/lib'],
    without: ['compiler', 'pip'],
    python: '/venv/bin/python',
    published: [port],
  });
}

/** Debian itself has no pip whose settings could name the index of the test bed. */
function withIndex(text: string): string {
  const index = process.env.TESTBED_INDEX;
  return index ? text.replace(/^FROM \S+ AS build$/m, line => `${line}\nENV PIP_INDEX_URL=${index} PIP_TRUSTED_HOST=${new URL(index).hostname}`) : text;
}

describeOnEngine('python-from-source', () => {
  let example: Example;
  let server: SourceServer;

  beforeAll(() => {
    server = serveSource();
    // compiled fast, not well: what is proved is the way, not the speed
    example = new Example('python-from-source', { edit: text => text.replace('shared: true', "shared: true, optimizations: false, lto: false, options: ['CFLAGS=-O0']") });
    example.change('web-image', text => withIndex(server.reachable(text)));
    example.compose('up', '--build', '--wait');
  });
  afterAll(() => {
    example.compose('down', '--volumes', '--rmi', 'local');
    server.stop();
  });

  test('answers with the release that was compiled, linked to the libraries of Debian', () => {
    const { status, body } = request('http://127.0.0.1:8121/');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ python: '3.13.5', prefix: '/usr/local', ssl: expect.stringMatching(/^OpenSSL 3/), sqlite: expect.stringMatching(/^3\./) });
  });

  test('runs as it promised', () => expect(found(example, 'web', '8121')).toEqual([]));

  test('holds nothing that only building needs, no tests and no windows', () => {
    const files = example.files('web').filter(path => path.startsWith('usr/local/'));
    expect(files.filter(path => /\.a$|\.pyc$|\.h$|\/(test|tests|idlelib|tkinter|ensurepip|config-3[^/]*|pip)\/$|-config$/.test(path))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['usr/local/bin/python3.13', 'usr/local/lib/libpython3.13.so.1.0']));
    expect(example.files('web').filter(path => /^(python-source|build-only|pyenv)/.test(path))).toEqual([]);
  });

  test('finds its shared library though nobody has run ldconfig, and all modules of the standard library that Debian has libraries for', () => {
    const python = (program: string) => docker('exec', example.container('web'), '/usr/local/bin/python3', '-c', program);
    expect(python('import sysconfig; print(sysconfig.get_config_var("Py_ENABLE_SHARED"))')).toBe('1');
    expect(docker('exec', example.container('web'), 'sh', '-c', '/sbin/ldconfig -p | grep libpython || true')).toBe('');
    const program = 'import bz2, ctypes, curses, dbm.gnu, decimal, hashlib, lzma, readline, sqlite3, ssl, uuid, venv, zlib, zoneinfo; print(ssl.get_default_verify_paths().cafile is not None or len(ssl.create_default_context().get_ca_certs()) > 0, zoneinfo.ZoneInfo("Europe/Berlin"))';
    expect(python(program)).toBe('True Europe/Berlin');
  });

  test('is one layer of Python in the image, the same that packages were installed with', () => {
    const history = docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', docker('inspect', '--format', '{{.Image}}', example.container('web'))).split('\n');
    expect(history.filter(line => line.includes('/usr/local'))).toEqual([expect.stringContaining('COPY /usr/local /usr/local')]);
  });

  test('is not built from an archive that has another checksum', () => {
    example.change('web-image', text => text.replace(/sha256:93e5/, 'sha256:0000'));
    const { status, stderr } = tryDocker('buildx', 'build', '--progress', 'plain', '--file', example.dockerfile('web-image'), example.root);
    expect(status).toBe(1);
    expect(stderr).toMatch(/digest mismatch|checksum/);
  });
});

describeOnEngine('python-wolfi', () => {
  let example: Example;

  beforeAll(() => {
    provideStandIns();
    example = new Example('python-wolfi');
    example.compose('up', '--build', '--wait');
  });
  afterAll(() => { example.compose('down', '--volumes', '--rmi', 'local'); });

  test("answers with the distribution's Python", () => {
    expect(JSON.parse(request('http://127.0.0.1:8122/').body)).toMatchObject({ python: expect.stringMatching(/^3\.13\./), prefix: '/usr' });
  });

  test('runs as it promised', () => expect(found(example, 'web', '8122')).toEqual([]));
});

describeOnEngine('python-alpine', () => {
  let example: Example;

  beforeAll(() => {
    provideStandIns();
    example = new Example('python-alpine');
    example.compose('up', '--build', '--wait');
  });
  afterAll(() => { example.compose('down', '--volumes', '--rmi', 'local'); });

  test.each([
    { service: 'official', port: '8123', python: /^3\.13\./, prefix: '/usr/local' },
    { service: 'bare', port: '8124', python: /^3\.12\./, prefix: '/usr' },
  ])('$service answers, and runs as it promised', ({ service, port, python, prefix }) => {
    expect(JSON.parse(request(`http://127.0.0.1:${port}/`).body)).toMatchObject({ python: expect.stringMatching(python), prefix });
    expect(found(example, service, port)).toEqual([]);
  });
});
