/** examples/fastapi-postgres on a real engine: run hardened, asked, stopped, started, changed one by one, and what it does when things go wrong. */
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { filesUnder, folder } from '../declare';
import { synthesize } from '../examples';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, run, succeed, tryDocker, type Outcome } from './engine';
import { provideUv, useIndex } from './uv-on-test-bed';

const URL = 'http://127.0.0.1:8095';
/** What is planted, and must be found nowhere else than in its file and in the processes that were given it. */
const SECRETS = { 'db-password': 'p@ss/w:rd%', 'receipt-key': 'k$y "€" \\{}\' #9' };
const ORDER = { item: 'Apron', quantity: 2, customer: 'ada@example.com' };
const LATE_SECONDS = 20;
/** The only release that machines without a registry have. */
const WITH_VERSION = (program: string) => program.replace("user: 'shop',", "user: 'shop', version: '15',");

describeOnEngine('fastapi-postgres', () => {
  let root: string;
  let out: string;
  let placed: { id: number; receipt: string };
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
  /** With settings that are not those of the example. */
  const otherwise = (services: object) => ['compose', '--file', join(out, 'compose.yaml'), '--file', join(folder({ 'other.yaml': stringify({ services }) }), 'other.yaml')];
  const container = (service: string) => compose('ps', '--all', '--quiet', service);
  const containers = () => Object.fromEntries(compose('ps', '--format', '{{.Service}} {{.ID}}').split('\n').map(line => line.split(' ')));
  const inspect = (service: string) => JSON.parse(docker('inspect', container(service)))[0];
  /** All that it has written since it was made. */
  const said = (service: string) => succeed('bash', ['-c', 'docker logs "$0" 2>&1', container(service)]);
  /** Asked once. */
  const status = (url: string) => run('curl', ['--silent', '--noproxy', '*', '--max-time', '10', '--output', '/dev/null', '--write-out', '%{http_code}', url]).stdout;
  const secret = (name: string) => join(root, 'secrets', name);

  beforeAll(() => {
    ({ root } = synthesize('fastapi-postgres', {
      edit: WITH_VERSION,
      prepare: folderOfExample => {
        mkdirSync(join(folderOfExample, 'secrets'));
        for (const [name, value] of Object.entries(SECRETS)) writeFileSync(join(folderOfExample, 'secrets', name), `${value}\n`, { mode: 0o444 });
      },
    }));
    out = join(root, 'wheelhouse.out/fastapi-postgres');
    provideUv(join(out, 'images/api-image/Dockerfile'));
    useIndex(join(root, 'app/uv.lock'));
    compose('up', '--build', '--wait');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local'); });

  test('starts every service, after the migration', () => {
    expect(compose('ps', '--all', '--format', '{{.Service}} {{.State}}').split('\n').sort())
      .toEqual(['api running', 'db running', 'mailer running', 'migrate exited', 'reporter running', 'web running']);
    expect(inspect('migrate').State).toMatchObject({ ExitCode: 0 });
    expect(said('migrate').split('\n')).toEqual(['ran 001_orders.sql', 'ran 002_mails_and_reports.sql']);
    expect(inspect('db').State.Health.Status).toBe('healthy');
    expect(inspect('api').State.Health.Status).toBe('healthy');
  });

  test('migrates what is up to date to the same', () => expect(compose('run', '--rm', '--no-deps', 'migrate')).toBe(''));

  test('takes an order through nginx and shows it to who has the receipt', () => {
    const answer = request(`${URL}/orders`, '--json', JSON.stringify(ORDER));
    expect(answer.status).toBe(201);
    placed = JSON.parse(answer.body);
    expect(JSON.parse(request(order()).body)).toEqual(ORDER);
    expect(request(`${URL}/orders/${placed.id}?receipt_of_order=wrong`).status).toBe(403);
    expect(request(`${URL}/orders`, '--json', JSON.stringify({ ...ORDER, quantity: 0 })).status).toBe(422);
  });

  test('has each worker do its work', async () => {
    await until(() => JSON.parse(request(`${URL}/mails`).body).sent === 1);
    expect(mail(1)).toBe('To: ada@example.com\n\nThank you for your order 1: 2 of Apron.');
    await until(() => JSON.parse(request(`${URL}/reports`).body)[0]?.orders === 1);
    expect(JSON.parse(request(`${URL}/reports`).body)).toMatchObject([{ orders: 1, pieces: 2 }]);
  });

  test('runs everything as it promised', () => {
    const python = { userId: 65532, writable: ['/home/nonroot', '/tmp'], code: ['/app', '/venv'], without: ['compiler', 'pip'] as const, python: '/venv/bin/python', published: [] };
    const dbPassword = '/run/secrets/db-password';
    expect(softness(container('api'), { ...python, secrets: [dbPassword, '/run/secrets/receipt-key'] })).toEqual([]);
    expect(softness(container('mailer'), { ...python, secrets: [dbPassword], volumes: ['/var/spool/shop'] })).toEqual([]);
    expect(softness(container('reporter'), { ...python, secrets: [dbPassword] })).toEqual([]);
    expect(softness(container('web'), {
      userId: 65532, writable: ['/tmp'], code: ['/etc/nginx', '/usr/sbin'], without: ['shell', 'compiler', 'pip', 'package manager'], published: ['8095'],
    })).toEqual([]);
    expect(softness(container('db'), {
      userId: 999, writable: ['/var/run/postgresql'], volumes: ['/var/lib/postgresql/data'], secrets: [dbPassword], code: ['/usr/lib/postgresql'], without: ['pip'], published: [],
    })).toEqual([]);
  });

  test.each(['mailer', 'api'])('is changed one by one: a new %s leaves the others alone', service => {
    const before = containers();
    compose('up', '--detach', '--wait', '--no-deps', '--force-recreate', service);
    const after = containers();
    expect(Object.keys(after).filter(name => after[name] !== before[name])).toEqual([service]);
    expect(request(order()).status).toBe(200);
  });

  test(`has its data after down and up, though the database comes up ${LATE_SECONDS} seconds late`, () => {
    compose('down');
    const start = Date.now();
    docker(...otherwise({ db: { command: ['bash', '-c', `sleep ${LATE_SECONDS}; exec docker-entrypoint.sh postgres`] } }), 'up', '--wait');
    expect(Date.now() - start).toBeGreaterThan(LATE_SECONDS * 1000);
    expect(JSON.parse(request(order()).body)).toEqual(ORDER);
    expect(mail(1)).toContain('order 1');
    for (const service of ['api', 'mailer', 'reporter']) expect(inspect(service).RestartCount).toBe(0);
    expect(said('migrate')).toBe('');
  });

  test('sends a mail though the mailer is killed while it does, once', async () => {
    docker(...otherwise({ mailer: { environment: { DELIVERY_SECONDS: '4' } } }), 'up', '--detach', '--no-deps', 'mailer');
    const { id } = JSON.parse(request(`${URL}/orders`, '--json', JSON.stringify(ORDER)).body);
    await until(() => said('mailer').includes(`mail ${id}: sending`));
    killed('mailer');
    expect(JSON.parse(request(`${URL}/mails`).body)).toEqual({ sent: 1, waiting: 1 });
    await until(() => JSON.parse(request(`${URL}/mails`).body).waiting === 0);
    expect(said('mailer').split('\n')).toEqual([`mail ${id}: sending`, `mail ${id}: sending`, `mail ${id}: sent`]);
    expect(inspect('mailer')).toMatchObject({ RestartCount: 1 });
    expect(mail(id)).toContain(`order ${id}`);
  });

  test('says that a directory cannot be written, and does the work when it can', async () => {
    docker(...otherwise({ mailer: { volumes: ['mails:/var/spool/shop:ro'] } }), 'up', '--detach', '--no-deps', 'mailer');
    const { id } = JSON.parse(request(`${URL}/orders`, '--json', JSON.stringify(ORDER)).body);
    await until(() => said('mailer').includes('Read-only file system'));
    expect(said('mailer')).toContain(`OSError: [Errno 30] Read-only file system: '/var/spool/shop/${id}.draft'`);
    compose('up', '--detach', '--no-deps', 'mailer');
    await until(() => JSON.parse(request(`${URL}/mails`).body).waiting === 0);
    expect(mail(id)).toContain(`order ${id}`);
  });

  test('is not started without a secret, and says which file is missing', () => {
    const file = secret('receipt-key');
    renameSync(file, `${file}.away`);
    const refused = tryDocker('compose', '--file', join(out, 'compose.yaml'), 'up', '--detach', '--no-deps', '--force-recreate', 'api');
    renameSync(`${file}.away`, file);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/secrets\/receipt-key/) });
    compose('up', '--detach', '--wait', '--no-deps', 'api');
  });

  test('says that a secret cannot be read, by whom, and what helps', () => {
    const file = secret('db-password');
    const fresh = (...args: string[]): Outcome => tryDocker('compose', '--project-name', 'fastapi-postgres-fresh', '--file', join(out, 'compose.yaml'), ...args);
    chmodSync(file, 0o400);
    try {
      expect(fresh('run', '--rm', '--no-deps', 'migrate')).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(
          "secret /run/secrets/db-password cannot be read by user 65532: [Errno 13] Permission denied: '/run/secrets/db-password'; let that user read the file it comes from, such as with chmod 0444"),
      });
      expect(fresh('run', '--rm', '--no-deps', 'db')).toMatchObject({ status: 1, stderr: expect.stringContaining('/run/secrets/db-password: Permission denied') });
      writeFileSync(file, '', { mode: 0o444 });
      chmodSync(file, 0o444);
      expect(fresh('run', '--rm', '--no-deps', 'migrate')).toMatchObject({ status: 1, stderr: expect.stringContaining('secret /run/secrets/db-password is empty or no text') });
    } finally {
      chmodSync(file, 0o644);
      writeFileSync(file, `${SECRETS['db-password']}\n`);
      chmodSync(file, 0o444);
      fresh('down', '--volumes', '--rmi', 'local');
    }
  });

  test('answers as soon as the application does, when nginx starts before it', async () => {
    compose('rm', '--force', '--stop', 'api', 'web');
    compose('up', '--detach', '--no-deps', 'web');
    await until(() => status(`${URL}/nginx-health`) === '200');
    expect(status(order())).toBe('502');
    expect(inspect('web').RestartCount).toBe(0);
    compose('up', '--detach', '--wait', '--no-deps', 'api');
    await until(() => status(order()) === '200');
  });

  test('loses no request in flight when it is told to end', async () => {
    docker(...otherwise({ api: { environment: { PAYMENT_SECONDS: '3' } } }), 'up', '--detach', '--wait', '--no-deps', 'api');
    await until(() => status(order()) === '200');
    const before = orders();
    const requests = Array.from({ length: 20 }, () => fetch(`${URL}/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(ORDER) }));
    const answers = Promise.all(requests.map(async asked => (await asked).status));
    await sleep(1000);
    const id = container('api');
    const start = Date.now();
    docker('stop', id);
    expect(Date.now() - start).toBeGreaterThan(1000);
    expect(await answers).toEqual(Array.from({ length: 20 }, () => 201));
    expect(orders()).toBe(before + 20);
    expect(inspect('api').State).toMatchObject({ Status: 'exited', ExitCode: 0, OOMKilled: false });
    compose('up', '--detach', '--wait', '--no-deps', 'api');
  });

  test('has its secrets in no file, layer, history, log or answer of the engine', () => {
    const services = ['api', 'db', 'mailer', 'migrate', 'reporter', 'web'];
    const layers = join(folder(), 'layers');
    mkdirSync(layers);
    succeed('bash', ['-c', 'set -o pipefail; docker save "$0" "$1" | tar --extract --directory "$2"', inspect('api').Image, inspect('web').Image, layers]);
    const told = {
      'output': JSON.stringify(filesUnder(join(root, 'wheelhouse.out'))),
      'docker compose config': compose('config'),
      'docker inspect': services.map(service => docker('inspect', container(service))).join('\n'),
      'docker image inspect': services.map(service => docker('image', 'inspect', inspect(service).Image)).join('\n'),
      'docker history': services.map(service => docker('history', '--no-trunc', inspect(service).Image)).join('\n'),
      'docker top': services.filter(service => service !== 'migrate').map(service => docker('top', container(service), '-eo', 'pid,args')).join('\n'),
      'logs': services.map(said).join('\n'),
    };
    const secrets = Object.values(SECRETS).flatMap(text => [text, encodeURIComponent(text), Buffer.from(text).toString('base64'), JSON.stringify(text).slice(1, -1)]);
    expect(Object.entries(told).filter(([, text]) => secrets.some(found => text.includes(found))).map(([name]) => name)).toEqual([]);
    expect(inLayers(layers, secrets)).toEqual([]);
    // what is there is found
    expect(Object.entries(told).filter(([name, text]) => name !== 'logs' && !/db-password|shop\.main:app/.test(text)).map(([name]) => name)).toEqual([]);
    expect(told.logs).toContain('/orders');
    expect(inLayers(layers, ['cannot be read by user']).length).toBeGreaterThan(0);
    // and the processes have what was meant for them
    expect(docker('exec', container('api'), '/venv/bin/python', '-IS', '-c', 'print(open("/proc/1/environ").read().split("RECEIPT_KEY=")[-1].split("\\0")[0])')).toBe(SECRETS['receipt-key']);
  });

  function order(): string {
    return `${URL}/orders/${placed.id}?receipt_of_order=${placed.receipt}`;
  }

  function mail(number: number): string {
    return docker('exec', container('mailer'), '/venv/bin/python', '-c', `print(open("/var/spool/shop/${number}.eml").read())`);
  }

  function orders(): number {
    return Number(docker('exec', container('db'), 'psql', '--username=shop', '--tuples-only', '--no-align', '--command=SELECT count(*) FROM orders'));
  }

  /** As the kernel kills: nobody asked the engine for it. */
  function killed(service: string): void {
    const program = `import os; os.kill(${inspect(service).State.Pid}, 9)`;
    docker('run', '--rm', '--pid', 'host', '--user', '0:0', '--entrypoint', '/usr/local/bin/python3', 'python:3.13-slim-bookworm', '-c', program);
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
