/** examples/django-celery on a real engine: run hardened, signed in to, given a document that its worker reads, stopped, started, changed. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { filesUnder, folder } from '../declare';
import { synthesize } from '../examples';
import { cachedSteps } from './build-steps';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, succeed, tryDocker } from './engine';

const URL = 'http://localhost:8096';
/** What is planted, and must be found nowhere else than in its file and in the processes that were given it. */
const SECRETS = { 'db-password': 'p@ss/w:rd%', 'secret-key': 'k$y-"{%}\' #&0123456789abcdefghijklmnopqrstuvwxyzABCDEFG' };
const SERVICES = ['beat', 'broker', 'db', 'migrate', 'nginx', 'web', 'worker'];
/** Larger than what Django keeps in memory: it goes through a temporary file. */
const TEXT = 'words in lines\n'.repeat(200_000);
const PASSWORD = 'a password of Ada';

describeOnEngine('django-celery', () => {
  let root: string;
  let out: string;
  const cookies = join(folder(), 'cookies');
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
  const container = (service: string) => compose('ps', '--all', '--quiet', service);
  const containers = () => Object.fromEntries(compose('ps', '--format', '{{.Service}} {{.ID}}').split('\n').map(line => line.split(' ')));
  const inspect = (service: string) => JSON.parse(docker('inspect', container(service)))[0];
  /** A command of Django, with the environment that its processes have. */
  const manage = (...args: string[]) => compose('run', '--rm', '--no-TTY', '--no-deps', '--env', `DJANGO_SUPERUSER_PASSWORD=${PASSWORD}`, 'migrate', ...args);
  /** As a browser asks: with cookies, and with the origin of what it sends. The body begins with the headers. */
  const browse = (path: string, ...options: string[]) => request(`${URL}${path}`, '--include', '--cookie', cookies, '--cookie-jar', cookies, '--header', `Origin: ${URL}`, ...options);
  const token = (page: string) => /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page)![1];

  beforeAll(() => {
    ({ root } = synthesize('django-celery', {
      prepare: folderOfExample => {
        mkdirSync(join(folderOfExample, 'secrets'), { recursive: true });
        for (const [name, value] of Object.entries(SECRETS)) writeFileSync(join(folderOfExample, 'secrets', name), `${value}\n`, { mode: 0o444 });
      },
    }));
    out = join(root, 'wheelhouse.out/django-celery');
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('starts every process, after the migration', () => {
    expect(compose('ps', '--all', '--format', '{{.Service}} {{.State}} {{.Health}}').split('\n').map(line => line.trim()).sort()).toEqual([
      'beat running healthy', 'broker running healthy', 'db running healthy', 'migrate exited', 'nginx running', 'web running healthy', 'worker running healthy',
    ]);
    expect(inspect('migrate').State).toMatchObject({ ExitCode: 0 });
    expect(compose('logs', '--no-log-prefix', 'migrate')).toContain('Applying documents.0001_initial... OK');
    expect(compose('logs', 'web', 'worker', 'beat')).not.toMatch(/Traceback|warning:|\[WARNING/i);
  });

  test('signs in through nginx, with the cookie and the token of the form', () => {
    manage('createsuperuser', '--no-input', '--username', 'ada', '--email', 'ada@example.com');
    expect(browse('/')).toMatchObject({ status: 302, body: expect.stringContaining('Location: /admin/login/?next=/') });
    const form = ['--data-urlencode', 'username=ada', '--data-urlencode', `password=${PASSWORD}`];
    const page = browse('/admin/login/?next=/');
    expect(browse('/admin/login/?next=/', ...form)).toMatchObject({ status: 403, body: expect.stringContaining('CSRF') });
    const signed = browse('/admin/login/?next=/', ...form, '--data-urlencode', `csrfmiddlewaretoken=${token(page.body)}`);
    expect(signed).toMatchObject({ status: 302, body: expect.stringMatching(/^Location: \/\r$/m) });
    expect(browse('/').body).toContain('<h1>Documents of ada</h1>');
    expect(browse('/admin/').body).toContain('Site administration');
  });

  test('refuses a form that another site sends, and hosts that it does not know', () => {
    const page = browse('/');
    const foreign = browse('/', '--form', `csrfmiddlewaretoken=${token(page.body)}`, '--header', 'Origin: http://evil.example.com');
    expect(foreign.status).toBe(403);
    expect(request('http://127.0.0.1:8096/').status).toBe(400);
  });

  test('is told by nginx, and by nobody else, how the client came', () => {
    // were it believed, the origin http://… of the form would be another site
    const lied = browse('/', '--header', 'X-Forwarded-Proto: https', '--form', `csrfmiddlewaretoken=${token(browse('/').body)}`);
    expect(lied).toMatchObject({ status: 400, body: expect.stringContaining('This field is required') });
  });

  test('has static files answered by nginx, for a year when their names are hashes', () => {
    const [path] = /\/static\/documents\/style\.[0-9a-f]{12}\.css/.exec(browse('/').body)!;
    expect(browse(path)).toMatchObject({ status: 200, type: 'text/css', body: expect.stringMatching(/^Cache-Control: public, max-age=31536000, immutable\r$/m) });
    expect(browse('/static/documents/style.css')).toMatchObject({ status: 200, body: expect.stringMatching(/^Cache-Control: no-cache\r$/m) });
    const [admin] = /\/static\/admin\/css\/base\.[0-9a-f]{12}\.css/.exec(browse('/admin/').body)!;
    expect(browse(admin, '--header', 'Accept-Encoding: gzip', '--output', '/dev/null', '--dump-header', '-').body).toMatch(/^Content-Encoding: gzip\r$/m);
    expect(browse('/static/nothing.css').status).toBe(404);
    expect(docker('exec', container('web'), '/venv/bin/python', '-c', 'import os; print(os.listdir("/static"))')).toBe("['staticfiles.json']");
    expect(compose('logs', '--no-log-prefix', 'web')).not.toContain('/static/');
  });

  test('takes a document, which the worker reads, and gives it back to its owner as a download', async () => {
    const file = join(folder({ 'long text.txt': TEXT }), 'long text.txt');
    const sent = browse('/', '--form', `csrfmiddlewaretoken=${token(browse('/').body)}`, '--form', `file=@${file}`);
    expect(sent).toMatchObject({ status: 302, body: expect.stringMatching(/^Location: \/\r$/m) });
    await until(() => browse('/').body.includes('600000 words'));
    expect(download()).toMatchObject({ status: 200, type: 'text/plain', body: expect.stringMatching(/^Content-Disposition: attachment; filename="long text\.txt"\r$/m) });
    expect(download().body.endsWith(`\r\n\r\n${TEXT}`)).toBe(true);
    expect(request(`${URL}/documents/1`).status).toBe(302);
    expect(browse('/', '--form', `file=@${join(folder({ large: 'x'.repeat(21 * 2 ** 20) }), 'large')}`).status).toBe(413);
  });

  test('has beat find what no worker has read', async () => {
    manage('shell', '--command', 'from documents.models import Document; Document.objects.update(words=None, sent="2026-01-01T00:00Z")');
    expect(browse('/').body).toContain('counting');
    await until(() => browse('/').body.includes(' words'));
  });

  test('knows whether beat still goes round', () => {
    const [, ...check] = parse(filesUnder(out)['compose.yaml']).services.beat.healthcheck.test;
    const status = () => tryDocker('exec', container('beat'), ...check).status;
    expect(status()).toBe(0);
    docker('exec', container('beat'), '/venv/bin/python', '-c', 'import os, time; [os.utime(file, (0, time.time() - 700)) for file in os.scandir("/var/lib/celery")]');
    expect(status()).toBe(1);
  });

  test('runs everything as it promised', () => {
    const secrets = ['/run/secrets/db-password', '/run/secrets/secret-key'];
    const writable = ['/home/nonroot', '/tmp'];
    const django = { userId: 65532, writable, code: ['/app', '/static', '/venv'], without: ['compiler', 'pip'] as const, python: '/venv/bin/python', published: [], secrets };
    expect(softness(container('web'), { ...django, volumes: ['/media'] })).toEqual([]);
    expect(softness(container('worker'), django)).toEqual(['mount volume /media read-only was not promised']);
    expect(softness(container('beat'), { ...django, writable: [...writable, '/var/lib/celery'] })).toEqual([]);
    expect(softness(container('nginx'), {
      userId: 65532, writable: ['/tmp'], code: ['/etc/nginx', '/srv/www', '/usr/sbin'], without: ['shell', 'compiler', 'pip', 'package manager'], published: ['8096'],
    })).toEqual([]);
    expect(softness(container('broker'), { userId: 999, writable: [], volumes: ['/data'], code: ['/usr/bin'], without: ['compiler', 'pip'], published: [] })).toEqual([]);
  });

  test('is changed one by one: a new worker leaves the others alone', async () => {
    const before = containers();
    compose('up', '--detach', '--wait', '--no-deps', '--force-recreate', 'worker');
    const after = containers();
    expect(Object.keys(after).filter(name => after[name] !== before[name])).toEqual(['worker']);
    expect(browse('/').status).toBe(200);
  });

  test('has its documents, users and sessions after down and up', () => {
    compose('down');
    compose('up', '--wait');
    expect(browse('/').body).toContain('<h1>Documents of ada</h1>');
    expect(download().body.endsWith(TEXT)).toBe(true);
    expect(compose('logs', '--no-log-prefix', 'migrate')).toContain('No migrations to apply.');
    for (const service of ['web', 'worker', 'beat', 'nginx']) expect(inspect(service).RestartCount).toBe(0);
  });

  test('has its secrets in no file, layer, history, log or answer of the engine', () => {
    const layers = join(folder(), 'layers');
    mkdirSync(layers);
    succeed('bash', ['-c', 'set -o pipefail; docker save "$0" "$1" | tar --extract --directory "$2"', inspect('web').Image, inspect('nginx').Image, layers]);
    const told = {
      'output': JSON.stringify(filesUnder(join(root, 'wheelhouse.out'))),
      'docker compose config': compose('config'),
      'docker inspect': SERVICES.map(service => docker('inspect', container(service))).join('\n'),
      'docker history': SERVICES.map(service => docker('history', '--no-trunc', inspect(service).Image)).join('\n'),
      'docker top': SERVICES.filter(service => service !== 'migrate').map(service => docker('top', container(service), '-eo', 'pid,args')).join('\n'),
      'logs': compose('logs'),
    };
    const secrets = Object.values(SECRETS).flatMap(text => [text, encodeURIComponent(text), Buffer.from(text).toString('base64'), JSON.stringify(text).slice(1, -1)]);
    expect(Object.entries(told).filter(([, text]) => secrets.some(found => text.includes(found))).map(([name]) => name)).toEqual([]);
    expect(inLayers(layers, secrets)).toEqual([]);
    // what is there is found, and the processes have what was meant for them
    expect(inLayers(layers, ['cannot be read by user']).length).toBeGreaterThan(0);
    expect(docker('exec', container('worker'), '/venv/bin/python', '-IS', '-c', 'print(open("/proc/1/environ").read().split("\\0SECRET_KEY=")[-1].split("\\0")[0])')).toBe(SECRETS['secret-key']);
  });

  test.each(['django-image', 'nginx-image'])("has nothing that BuildKit's checks find in %s", image => {
    docker('buildx', 'build', '--quiet', '--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=error=true', '--file', join(out, `images/${image}/Dockerfile`), root);
  });

  test('collects again when a file changes, and installs nothing again', () => {
    appendFileSync(join(root, 'app/documents/static/documents/style.css'), `h1 { color: #${`${Date.now()}`.slice(-6)}; }\n`);
    const steps = cachedSteps(join(out, 'images/django-image/Dockerfile'), root);
    expect(steps.filter(step => !step.cached).map(step => step.instruction).sort()).toEqual([
      'COPY --from=static /static/staticfiles.json /static/staticfiles.json', 'COPY app /app', 'COPY app /app', 'RUN ["/venv/bin/python", "manage.py", "collectstatic", "--no-input"]',
    ]);
    compose('up', '--build', '--wait', 'web', 'nginx');
    const [path] = /\/static\/documents\/style\.[0-9a-f]{12}\.css/.exec(browse('/').body)!;
    expect(browse(path).body).toContain('h1 { color:');
  });

  function download() {
    return browse('/documents/1');
  }
});

/** Waits for up to 30 seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !holds();) {
    if (Date.now() > end) throw new Error(`waited in vain for ${holds}`);
    await sleep(300);
  }
}

/** Blobs of saved images, packed or not, that have one of the texts. */
function inLayers(directory: string, texts: readonly string[]): string[] {
  const patterns = join(folder({ patterns: `${texts.join('\n')}\n` }), 'patterns');
  const program = 'find "$0" -type f | while read -r file; do zcat --force "$file" | grep --quiet --text --fixed-strings --file="$1" && echo "$file"; done; true';
  return succeed('bash', ['-c', program, directory, patterns]).split('\n').filter(line => line !== '');
}
