/** The `kubernetes.yaml` of the examples in real pods: podman's, as there is no cluster here. pods.ts says what podman does otherwise. */
import { join } from 'node:path';
import { folder } from '../declare';
import { synthesize, type Run } from '../examples';
import { describeOnEngine, request } from './engine';
import {
  buildImages, clear, containerOf, execute, inspect, kernelSays, NOT_DONE, PASSED_OVER, passes, play, podman, Pods, said, until,
  type Body, type Playable,
} from './pods';
import { provideUv, useIndex } from './uv-on-test-bed';

/** As in the compose tests: what breaks in URLs, shells and YAML. */
const PASSWORD = 'p@ss/w:rd%';
const RECEIPT_KEY = 'k$y "€" \\{}\' #9';
const SECRET_KEY = 'k$y-"{%}\' #&0123456789abcdefghijklmnopqrstuvwxyzABCDEFG';
const ORDER = { item: 'Apron', quantity: 2, customer: 'ada@example.com' };
const TEXT = 'words in lines\n'.repeat(2000);
/** Never handles a signal. */
const DEAF = ['/venv/bin/python', '-IS', '-c', 'import time; print("running", flush=True); time.sleep(600)'];

function describeInPods(example: string, run: Run, secrets: Record<string, string>, tests: (pods: () => Pods) => void): void {
  (process.env.WHEELHOUSE_TESTBED || process.env.CI ? describeOnEngine : describe.skip)(`kubernetes.yaml of ${example} in pods`, () => {
    let pods: Pods;
    beforeAll(async () => {
      const { root } = synthesize(example, run);
      const out = join(root, 'wheelhouse.out', example);
      pods = new Pods(join(out, 'kubernetes.yaml'), secrets);
      if (example === 'fastapi-postgres') {
        provideUv(join(out, 'images/api-image/Dockerfile'));
        useIndex(join(root, 'app/uv.lock'));
      }
      buildImages(pods, root, out);
      clear();
      await pods.up();
    });
    afterAll(clear);

    test('has no kind of object that podman neither plays nor passes over', () => {
      const kinds = new Set(pods.objects.map(({ kind }) => kind));
      const known = [...Object.keys(PASSED_OVER), 'ConfigMap', 'Deployment', 'Job', 'PersistentVolumeClaim', 'StatefulSet'];
      expect([...kinds].filter(kind => !known.includes(kind))).toEqual([]);
    });

    test('runs each pod as it promises', () => {
      for (const pod of pods.all.filter(({ isJob }) => !isJob)) expect({ [pod.name]: softness(pod) }).toEqual({ [pod.name]: [] });
    });

    test('has its secrets nowhere but in the files of those that need them', () => {
      for (const { name } of pods.all) {
        const told = JSON.stringify(inspect(name)) + said(name);
        const forms = Object.values(secrets).flatMap(secret => [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
        expect({ [name]: forms.filter(form => told.includes(form)) }).toEqual({ [name]: [] });
      }
      const program = 'import json, os; print(json.dumps({ name: open("/run/secrets/" + name).read() for name in os.listdir("/run/secrets") }))';
      const withPython = pods.all.filter(({ isJob, declared: { initContainers } }) => initContainers && !isJob);
      for (const { name, declared } of withPython) {
        const own = declared.volumes.flatMap(({ secret }: Body) => secret ? [[secret.secretName, secrets[secret.secretName]]] : []);
        expect(JSON.parse(execute(name, '/venv/bin/python', '-IS', '-c', program))).toEqual(Object.fromEntries(own));
      }
    });

    tests(() => pods);
  });
}

describeInPods('flask-nginx', {}, {}, pods => {
  test('answers through nginx', () => {
    expect(request(`http://${pods().entrance()}/badge/hello.png`)).toMatchObject({ status: 200, type: 'image/png' });
    expect(request(`http://${pods().entrance()}/nothing`).status).toBe(404);
  });

  test('differs on podman as is said', () => {
    const { declared } = pods().all.find(({ name }) => name === 'nginx')!;
    const { Config } = inspect('nginx');
    const found = {
      'fsGroup': declared.securityContext.fsGroup !== undefined && podman('inspect', '--format', '{{.HostConfig.GroupAdd}}', containerOf('nginx')) === '[]',
      'terminationGracePeriodSeconds': declared.terminationGracePeriodSeconds === 70 && Config.StopTimeout === 10,
      'startupProbe, readinessProbe, livenessProbe': inspect('nginx').State.Health.Log === null,
      'lifecycle.preStop': declared.containers[0].lifecycle.preStop !== undefined && timed(() => podman('stop', containerOf('nginx'))) < 5000,
    };
    podman('start', containerOf('nginx'));
    expect(found).toEqual(Object.fromEntries(Object.keys(NOT_DONE).map(name => [name, true])));
  });

  test("ends on its image's signal, with 0", () => {
    for (const [name, signal] of [['nginx', 3], ['flask-app', 15]] as const) {
      expect(inspect(name).Config.StopSignal).toBe(signal);
      podman('stop', '--time', '30', containerOf(name));
      expect(inspect(name).State).toMatchObject({ ExitCode: 0, Status: 'exited' });
    }
  });

  // why pods of those that do not handle their signal as process 1 have shareProcessNamespace
  test.each([{ share: undefined, ends: 137 }, { share: true, ends: 143 }])('a process that handles no signal ends with $ends where shareProcessNamespace is $share', async ({ share, ends }) => {
    const declared = pods().all.find(({ name }) => name === 'flask-app')!.declared;
    const [{ image, securityContext }] = declared.containers;
    const name = share ? 'sharing' : 'alone';
    const spec = {
      shareProcessNamespace: share, restartPolicy: 'Never', securityContext: declared.securityContext, containers: [{ name, image, securityContext, command: DEAF }],
    };
    play('up', join(folder({ 'pod.yaml': JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec }) }), 'pod.yaml'));
    await until(() => said(name) !== '');
    const took = timed(() => podman('stop', '--time', '4', containerOf(name)));
    expect(inspect(name).State.ExitCode).toBe(ends);
    expect(took >= 4000).toBe(!share);
    play('down', name);
  });
});

// machines without a registry have no other release of PostgreSQL, and no pod has Docker's resolver at 127.0.0.11
const forPods = (program: string) => program.replace("user: 'shop',", "user: 'shop', version: '15',");

describeInPods('fastapi-postgres', { edit: forPods }, { 'db-password': PASSWORD, 'receipt-key': RECEIPT_KEY }, pods => {
  const url = (path: string) => `http://${pods().entrance()}${path}`;
  let order: string;

  test('starts in order, after the migration', () => {
    expect(pods().all.map(({ name }) => name)).toEqual(['db', 'migrate', 'api', 'mailer', 'reporter', 'web']);
    expect(said('migrate').trim().split('\n')).toEqual(['ran 001_orders.sql', 'ran 002_mails_and_reports.sql']);
    expect(podman('logs', 'migrate-start-order').split('\n').pop()).toBe('service db:5432 is there');
  });

  test('takes an order through nginx, and has it in the database', async () => {
    const { status, body } = request(url('/orders'), '--json', JSON.stringify(ORDER));
    expect(status).toBe(201);
    const { id, receipt } = JSON.parse(body);
    order = `/orders/${id}?receipt_of_order=${receipt}`;
    expect(JSON.parse(request(url(order)).body)).toEqual(ORDER);
    expect(execute('db', 'psql', '--username=shop', '--tuples-only', '--no-align', '--command=SELECT item, quantity FROM orders')).toBe('Apron|2');
    await until(() => JSON.parse(request(url('/mails')).body).sent === 1, () => said('mailer'));
    await until(() => JSON.parse(request(url('/reports')).body)[0]?.orders === 1, () => said('reporter'));
  });

  test('has its data and its mails after down and up', async () => {
    const names = ['db', 'api', 'mailer', 'web'];
    pods().down(...names);
    await pods().up(...names);
    expect(JSON.parse(request(url(order)).body)).toEqual(ORDER);
    expect(execute('mailer', '/venv/bin/python', '-c', 'print(open("/var/spool/shop/1.eml").read())')).toContain('To: ada@example.com');
  });

  test('is not ready when its database is gone', () => {
    const { declared } = pods().all.find(({ name }) => name === 'db')!;
    podman('stop', containerOf('db'));
    expect(passes('db', declared.containers[0].readinessProbe)).toBe(false);
    podman('start', containerOf('db'));
  });
});

describeInPods('django-celery', {}, { 'db-password': PASSWORD, 'secret-key': SECRET_KEY }, pods => {
  const cookies = join(folder(), 'cookies');
  // the hosts that it knows are localhost and what whoever deploys says
  const browse = (path: string, ...options: string[]) => request(`http://localhost:8096${path}`, '--connect-to', `::${pods().entrance()}`, '--include',
    '--cookie', cookies, '--cookie-jar', cookies, '--header', 'Origin: http://localhost:8096', ...options);
  const token = (page: string) => /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page)![1];

  test('signs in through nginx, and has the worker read a document', async () => {
    const launch = ['/venv/bin/python', '-IS', '/launch.py', '/venv/bin/python', 'manage.py'];
    podman('exec', '--env', 'DJANGO_SUPERUSER_PASSWORD=a password of Ada', containerOf('web'), ...launch, 'createsuperuser', '--no-input', '--username', 'ada', '--email', 'ada@example.com');
    const page = browse('/admin/login/?next=/').body;
    const form = ['username=ada', 'password=a password of Ada', `csrfmiddlewaretoken=${token(page)}`].flatMap(field => ['--data-urlencode', field]);
    expect(browse('/admin/login/?next=/', ...form)).toMatchObject({ status: 302, body: expect.stringMatching(/^Location: \/\r$/m) });
    const file = join(folder({ 'text.txt': TEXT }), 'text.txt');
    expect(browse('/', '--form', `csrfmiddlewaretoken=${token(browse('/').body)}`, '--form', `file=@${file}`).status).toBe(302);
    await until(() => browse('/').body.includes('6000 words'), () => said('worker'));
    expect(browse('/documents/1').body.endsWith(`\r\n\r\n${TEXT}`)).toBe(true);
  });

  test('has static files answered by nginx', () => {
    const [path] = /\/static\/documents\/style\.[0-9a-f]{12}\.css/.exec(browse('/').body)!;
    expect(browse(path)).toMatchObject({ status: 200, type: 'text/css' });
  });
});

/** What is soft about a running pod, as the kernel says; nothing when it is as declared. */
function softness({ name, declared }: Playable): string[] {
  const { status, mounts } = kernelSays(name);
  const { securityContext, containers: [{ volumeMounts: declaredMounts = [] }], volumes = [] } = declared;
  // /var/run is a link
  const volumeMounts = declaredMounts.map((mount: Body) => ({ ...mount, mountPath: mount.mountPath.replace(/^\/var\/run\//, '/run/') }));
  const data = volumes.filter(({ emptyDir, persistentVolumeClaim }: Body) => emptyDir || persistentVolumeClaim).map((volume: Body) => volume.name);
  const inMemory = volumes.filter(({ emptyDir }: Body) => emptyDir).map((volume: Body) => volume.name);
  const memory = volumeMounts.filter((mount: Body) => inMemory.includes(mount.name)).map(({ mountPath }: Body) => mountPath);
  const isWritten = (mount: Body) => !mount.readOnly && data.includes(mount.name);
  const expected = {
    Uid: Array(4).fill(securityContext.runAsUser).join('\t'),
    Gid: Array(4).fill(securityContext.runAsGroup).join('\t'),
    ...Object.fromEntries(['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].map(set => [set, '0'.repeat(16)])),
    NoNewPrivs: '1',
    Seccomp: '2',
  };
  const writable = mounts.filter(mount => mount.writable && !/^\/(proc|sys|dev)(\/|$)/.test(mount.path)).map(({ path }) => path).sort();
  const promised = volumeMounts.filter(isWritten).map(({ mountPath }: Body) => mountPath).sort();
  return [
    ...Object.entries(expected).filter(([key, value]) => status[key] !== value).map(([key]) => `${key} is ${status[key]}`),
    ...mounts.filter(({ path, type }) => memory.includes(path) !== (type === 'tmpfs') && promised.includes(path))
      .map(({ path, type }) => `${path} is on ${type}`),
    ...(JSON.stringify(writable) === JSON.stringify(promised) ? [] : [`${writable} can be written, ${promised} is declared`]),
  ];
}

function timed(act: () => unknown): number {
  const start = Date.now();
  act();
  return Date.now() - start;
}
