/** What ECS runs of an application, before anybody makes resources of it. */
import { Construct } from 'constructs';
import fc from 'fast-check';
import { appWith } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { eventBridgeSchedules } from '../lib/aws/cron';
import { ecsChecks } from '../lib/aws/ecs-checks';
import type { EcsPlan } from '../lib/aws/ecs-plan';
import { ecsSettings } from '../lib/aws/ecs-settings';
import { fargateSize } from '../lib/aws/fargate-size';
import { planEcs } from '../lib/aws/plan-ecs';
import { examine } from '../lib/output/examined-application';
import { planApplication } from '../lib/services/plan-application';
import {
  Application, Architecture, BaseImage, Config, EnvValue, HealthCheck, Job, MultiStageBuild, NameResolution, Network, NginxReverseProxy, PythonBase,
  PythonServer, PythonServiceImage, RegistryImage, Route, Secret, Service, Stage, Volume, type ImageFacts, type ServiceProps,
} from 'cdk-wheelhouse';

/** The plan of what `declare` declares. */
function planned(declare: (application: Application) => unknown, fargate = true, givenSecrets: string[] = []): EcsPlan {
  const { application } = appWith(FULL_SOURCE);
  declare(application);
  return planEcs(planApplication(application), ecsSettings(application.node.id, fargate, givenSecrets));
}

/** What the checks of ECS say of it, errors only. */
function faults(declare: (application: Application) => unknown, fargate = true): string[] {
  const { application } = appWith(FULL_SOURCE);
  declare(application);
  const checks = ecsChecks({ fargate });
  const codes = new Set(checks.map(({ code }) => code));
  return examine(application, checks).findings.filter(({ code }) => codes.has(code)).map(({ path, problem, code }) => `${path}: ${problem} [${code}]`);
}

const FACTS: ImageFacts = { userId: 1000, groupId: 1000, ports: [8000], writablePaths: [], handlesStopSignal: true };

function registry(application: Application, facts: Partial<ImageFacts> = {}, id = 'image'): RegistryImage {
  return new RegistryImage(application, id, { reference: 'example.com/image:1', facts: { ...FACTS, ...facts } });
}

function python(application: Application, architecture?: Architecture): PythonServiceImage {
  const server = PythonServer.gunicorn('app:app');
  return new PythonServiceImage(application, 'python', { source: 'app', base: PythonBase.chainguard(), server, architecture });
}

/** The service `api` of an image with these facts. */
function api(facts: Partial<ImageFacts> = {}, props: (application: Application) => Partial<ServiceProps> = () => ({})) {
  return (application: Application) => new Service(application, 'api', { image: registry(application, facts), ...props(application) });
}

const only = ({ services: [service] }: EcsPlan) => service;
const main = (plan: EcsPlan, id = 'api') => [...plan.services, ...plan.jobs].find(one => one.id === id)!.task.containers.at(-1)!;
const losses = (plan: EcsPlan, path: string) => plan.losses.filter(loss => loss.path === path).map(({ declared, instead }) => `${declared}: ${instead}`);

describe('a size of Fargate', () => {
  test.each([
    [0, 0, 256, 512], [256, 512, 256, 512], [256, 513, 256, 1024], [100, 2048, 256, 2048], [256, 2049, 512, 3072], [512, 4097, 1024, 5120],
    [1024, 8193, 2048, 9216], [1025, 0, 2048, 4096], [4096, 30720, 4096, 30720], [4096, 30721, 8192, 32768],
    [8192, 61441, 16384, 65536], [16384, 122880, 16384, 122880],
  ])('for %i CPU units and %i MiB is %i and %i', (cpu, memory, cpuUnits, memoryMebibytes) => {
    expect(fargateSize(cpu, memory)).toEqual({ cpuUnits, memoryMebibytes });
  });

  test.each([[16385, 0], [0, 122881]])('there is none for %i CPU units and %i MiB', (cpu, memory) => expect(fargateSize(cpu, memory)).toBeUndefined());

  // of the page, entered a second time: each line with what a task of that CPU may have
  const gibibytes = (from: number, to: number, step: number) => {
    return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
  };
  const PAGE = new Map([
    [256, [512, 1024, 2048]], [512, gibibytes(1, 4, 1)], [1024, gibibytes(2, 8, 1)], [2048, gibibytes(4, 16, 1)], [4096, gibibytes(8, 30, 1)],
    [8192, gibibytes(16, 60, 4)], [16384, gibibytes(32, 120, 8)],
  ]);

  test('is one of the page, has enough, and no smaller one has', () => fc.assert(fc.property(fc.integer({ min: 0, max: 16384 }), fc.integer({ min: 0, max: 122880 }), (cpu, memory) => {
    const enough = [...PAGE].flatMap(([cpuUnits, sizes]) => sizes.map(memoryMebibytes => ({ cpuUnits, memoryMebibytes })))
      .filter(size => size.cpuUnits >= cpu && size.memoryMebibytes >= memory);
    expect(fargateSize(cpu, memory)).toEqual(enough[0]);
  })));
});

describe('a schedule', () => {
  test.each([
    ['0 3 * * *', ['cron(0 3 * * ? *)']],
    ['*/5 0-6,12 1 * *', ['cron(*/5 0-6,12 1 * ? *)']],
    ['0 3 * * 0', ['cron(0 3 ? * SUN *)']],
    ['0 3 * jan 1-5', ['cron(0 3 ? JAN MON-FRI *)']],
    ['0 3 * * mon,7', ['cron(0 3 ? * MON,SUN *)']],
    ['0 3 * * */2', ['cron(0 3 ? * SUN-SAT/2 *)']],
    ['0 3 13 * 5', ['cron(0 3 13 * ? *)', 'cron(0 3 ? * FRI *)']],
  ])('%s is %j', (schedule, expressions) => expect(eventBridgeSchedules(schedule)).toEqual(expressions));
});

describe('a task', () => {
  test('has the facts of its image and of its service', () => {
    const plan = planned(api({
      stopSignal: 'SIGINT',
      handlesStopSignal: false,
      stopGraceSeconds: 40,
      interpreter: '/usr/bin/python3',
      architecture: Architecture.ARM64,
      healthCheck: { http: { port: 8000, path: '/healthz' }, intervalSeconds: 10, timeoutSeconds: 3, retries: 4, startPeriodSeconds: 20 },
      writablePaths: [{ path: '/tmp', mode: '1777', sizeMebibytes: 32 }, { path: '/cache', userId: 7, groupId: 8, exec: true }],
    }, () => ({
      command: ['serve'],
      environment: { LEVEL: 'info', SITE: EnvValue.deployer('SITE') },
      labels: { team: 'shop' },
      resources: { cpuReservation: 0.5, memoryReservationMebibytes: 256, memoryLimitMebibytes: 1000 },
    })));
    expect(only(plan).task).toEqual({
      family: 'shop-api',
      cpuUnits: 512,
      memoryMebibytes: 2048,
      architecture: 'ARM64',
      volumes: [],
      containers: [{
        name: 'api',
        image: expect.objectContaining({ reference: 'example.com/image:1' }),
        essential: true,
        user: '1000:1000',
        entryPoint: undefined,
        command: ['serve'],
        environment: { LEVEL: 'info' },
        deployerEnvironment: { SITE: { variable: 'SITE', defaultValue: undefined } },
        secrets: {},
        tmpfs: [
          { path: '/tmp', sizeMebibytes: 32, options: ['uid=1000', 'gid=1000', 'mode=1777', 'nosuid', 'nodev', 'noexec'] },
          { path: '/cache', sizeMebibytes: 1024, options: ['uid=7', 'gid=8', 'mode=0700', 'nosuid', 'nodev', 'exec'] },
        ],
        mountPoints: [],
        endpoints: [{ name: 'api-8000', discoveryName: 'api_8000', port: 8000, http: true }],
        healthCheck: {
          command: ['/usr/bin/python3', '-IS', '-c', expect.stringContaining("c.request('GET', '/healthz')")], intervalSeconds: 10, timeoutSeconds: 3, retries: 4, startPeriodSeconds: 20,
        },
        stopTimeoutSeconds: 40,
        init: true,
        memoryLimitMebibytes: 1000,
        memoryReservationMebibytes: 256,
        dockerLabels: { team: 'shop' },
        startsAfter: [],
      }],
    });
    expect(losses(plan, 'shop/api')).toEqual([]);
  });

  test('has what it asks for, and room for the proxy of Service Connect', () => {
    const sized = (resources: ServiceProps['resources'], fargate?: boolean) => {
      const { cpuUnits, memoryMebibytes } = only(planned(api({}, () => ({ resources })), fargate)).task;
      return [cpuUnits, memoryMebibytes];
    };
    expect(sized(undefined)).toEqual([256, 512]);
    expect(sized({ cpuReservation: 0.1, cpuLimit: 1 })).toEqual([1024, 2048]);
    expect(sized({ memoryLimitMebibytes: 448 })).toEqual([256, 512]);
    expect(sized({ memoryLimitMebibytes: 449 })).toEqual([256, 1024]);
    expect(sized({ memoryReservationMebibytes: 600 })).toEqual([256, 1024]);
    expect(sized({ cpuLimit: 0.3, memoryLimitMebibytes: 100 }, false)).toEqual([307, 164]);
    expect(sized({ cpuLimit: 0.01, memoryLimitMebibytes: 100 }, false)).toEqual([128, 164]);
    expect(sized(undefined, false)).toEqual([128, 512]);
    expect(sized({ cpuLimit: 1 }, false)).toEqual([1024, 512]);
  });

  test('takes no other numbers for its health check than ECS does, and says so', () => {
    const plan = planned(api({}, () => ({ healthCheck: HealthCheck.command(['true'], { intervalSeconds: 1, timeoutSeconds: 61, retries: 11, startPeriodSeconds: 301 }) })));
    expect(main(plan).healthCheck).toEqual({ command: ['true'], intervalSeconds: 60, timeoutSeconds: 60, retries: 10, startPeriodSeconds: 300 });
    expect(losses(plan, 'shop/api')).toEqual([
      'interval 1 s of the health check: 60 s, which ECS takes', 'timeout 61 s of the health check: 60 s, which ECS takes',
      'retries 11 of the health check: 10, which ECS takes', 'start period 301 s of the health check: 300 s, which ECS takes',
    ]);
  });

  test('has its secrets and configs written by a container that ends before', () => {
    const plan = planned(application => {
      const secret = new Secret(application, 'db-password');
      const config = new Config(application, 'settings', { text: 'a = 1\n' });
      new Service(application, 'api', { image: python(application), secrets: [secret], configs: [{ config, path: '/etc/shop/settings.toml' }] });
    });
    const [files, process] = only(plan).task.containers;
    expect(files).toMatchObject({
      name: 'files',
      essential: false,
      user: '0:0',
      entryPoint: [expect.stringMatching(/python$/), '-IS', '-c', expect.stringContaining('os.rename')],
      command: ['SECRET_DB_PASSWORD=/run/secrets/db-password', 'CONFIG_SETTINGS=/etc/shop/settings.toml'],
      environment: { CONFIG_SETTINGS: 'a = 1\n' },
      secrets: { SECRET_DB_PASSWORD: 'db-password' },
      mountPoints: [{ volume: 'files-secrets', path: '/run/secrets', readOnly: false }, { volume: 'files-1', path: '/etc/shop', readOnly: false }],
    });
    expect(process).toMatchObject({
      startsAfter: ['files'],
      secrets: {},
      environment: {},
      mountPoints: [{ volume: 'files-secrets', path: '/run/secrets', readOnly: true }, { volume: 'files-1', path: '/etc/shop', readOnly: true }],
    });
    expect(only(plan).task.volumes).toEqual([{ name: 'files-secrets' }, { name: 'files-1' }]);
    expect(plan.secrets).toEqual(['db-password']);
    expect(losses(plan, 'shop/api')).toEqual(["configs in '/etc/shop': a volume in the place of that directory: what else the image has there is hidden"]);
    expect(losses(plan, 'shop/db-password')).toEqual([
      "its file 'secrets/db-password': the secret 'shop/db-password': run 'aws secretsmanager create-secret --name shop/db-password --secret-string file://secrets/db-password'",
    ]);
  });

  test('says nothing of secrets for which somebody said where they are', () => {
    const plan = planned(application => new Service(application, 'api', { image: python(application), secrets: [new Secret(application, 'key')] }), true, ['key']);
    expect(plan.losses).toEqual([]);
  });

  test('of an image for any architecture has that of the image that writes its files', () => {
    const declare = (architecture?: Architecture) => (application: Application) => {
      new Service(application, 'other', { image: python(application, Architecture.ARM64) });
      new Service(application, 'api', { image: registry(application, { architecture }), secrets: [new Secret(application, 'key')] });
    };
    const task = planned(declare()).services.find(({ id }) => id === 'api')!.task;
    expect([task.architecture, task.containers.map(({ image }) => image.id)]).toEqual(['ARM64', ['python', 'image']]);
    expect(faults(declare())).toEqual([]);
    expect(faults(declare(Architecture.AMD64))).toEqual([
      'shop/api: its secrets and configs have to be files before it starts, and no image of the application has Python to write them for amd64; declare a service with a PythonServiceImage [FILES_UNWRITTEN]',
    ]);
  });

  test('that is built for nobody knows what is for what Fargate runs, and so is the image that writes its files', () => {
    const declare = (architecture?: Architecture) => (application: Application) => {
      new Service(application, 'other', { image: python(application, architecture) });
      const web = new MultiStageBuild(application, 'web-image');
      new Stage(web, 'one', { base: BaseImage.fromReference('example.com/base:1') }).user(1000, 1000);
      new Service(application, 'web', { image: web, secrets: [new Secret(application, 'key')] });
    };
    expect(faults(declare())).toEqual([]);
    expect(faults(declare(Architecture.AMD64))).toEqual([]);
    expect(faults(declare(Architecture.ARM64))).toEqual([
      'shop/web: its secrets and configs have to be files before it starts, and no image of the application has Python to write them; declare a service with a PythonServiceImage [FILES_UNWRITTEN]',
    ]);
  });

  test('called as the container that writes its files has both', () => {
    const plan = planned(application => new Service(application, 'files', { image: python(application), secrets: [new Secret(application, 'key')] }));
    expect(only(plan).task.containers.map(({ name }) => name)).toEqual(['files-first', 'files']);
  });
});

describe('networks and names', () => {
  test('are security groups with the ports of their members', () => {
    const plan = planned(declareEverything);
    expect(plan.securityGroups).toEqual([{ name: 'backnet', ports: [5432, 8000], internal: true }, { name: 'frontnet', ports: [8000], internal: false }]);
    expect(plan.services.map(({ id, securityGroups }) => [id, securityGroups])).toEqual([['db', ['backnet']], ['api', ['backnet', 'frontnet']], ['worker', ['backnet']]]);
    expect(losses(plan, 'shop/backnet')).toEqual(['internal: port 443 of every address is reached: images, logs and secrets come from there']);
  });

  test('are of connections where one becomes a websocket, else of requests that a health check knows', () => {
    const http = { http: { port: 8000, path: '/' }, intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 0 };
    const through = (...routes: ((service: Service) => Route)[]) => planned(application => {
      const service = api({ healthCheck: http })(application);
      new NginxReverseProxy(application, 'web', { routes: routes.map(route => route(service)) });
    }).services[0].endpoints;
    const plain = (service: Service) => Route.prefix('/', service);
    expect(through(plain)).toEqual([{ name: 'api-8000', discoveryName: 'api_8000', port: 8000, http: true }]);
    expect(through(plain, service => Route.prefix('/ws/', service, { websocket: true }))).toMatchObject([{ http: false }]);
    expect(only(planned(api())).endpoints).toMatchObject([{ http: false }]);
  });

  test('of services that share a network with a job are in the DNS, which its tasks search', () => {
    const plan = planned(declareEverything);
    expect(plan.services.map(({ id, inDns }) => [id, inDns])).toEqual([['db', true], ['api', true], ['worker', false]]);
    expect(main(plan, 'migrate').environment.LOCALDOMAIN).toBe('shop.internal');
    expect(main(plan, 'api').environment.LOCALDOMAIN).toBeUndefined();
    expect(only(planned(api())).inDns).toBe(false);
  });
});

describe('order', () => {
  const service = (application: Application, id: string, props: Partial<ServiceProps> = {}) => new Service(application, id, { image: registry(application, {}, `${id}-image`), ...props });
  const order = (plan: EcsPlan) => plan.services.map(({ id, startAfter }) => [id, startAfter]);

  test('is what was declared, what is reached, and where requests are handed on', () => {
    const plan = planned(application => {
      const z = service(application, 'z');
      const y = service(application, 'y', { environment: { URL: EnvValue.url({ scheme: 'http', host: z, port: 8000 }) } });
      const job = new Job(application, 'migrate', { image: registry(application), dependsOn: [z] });
      const x = service(application, 'x', { dependsOn: [job] });
      new NginxReverseProxy(application, 'a', { routes: [Route.prefix('/x/', x), Route.prefix('/y/', y)] });
    });
    expect(order(plan)).toEqual([['z', []], ['x', ['migrate']], ['y', ['z']], ['a', ['x', 'y']]]);
    expect(plan.jobs.map(({ id, startAfter }) => [id, startAfter])).toEqual([['migrate', ['z']]]);
  });

  test('has no circle: what was declared wins, and what is left out is said', () => {
    const plan = planned(application => {
      const later = new Construct(new Construct(application, 'elsewhere'), 'b');
      const a = service(application, 'a', { environment: { URL: EnvValue.url({ scheme: 'http', host: Object.assign(later, { host: 'b' }) }) } });
      service(application, 'b', { dependsOn: [a] });
    });
    expect(order(plan)).toEqual([['a', []], ['b', ['a']]]);
    expect(losses(plan, 'shop/a')).toEqual(["reaches 'b': it is started before 'b', which needs it first, and finds it when it is started again: deploy twice"]);
  });

  test('of many that need all of those before them is found at once', () => {
    const plan = planned(application => {
      let before: Service[] = [];
      for (let layer = 0; layer < 24; layer++) before = Array.from({ length: 8 }, (_, index) => service(application, `s${layer}-${index}`, { dependsOn: before }));
    });
    expect(plan.services.map(({ startAfter }) => startAfter.length)).toEqual([...Array<number>(8).fill(0), ...Array<number>(184).fill(8)]);
  });

  test('does not wait for what is not started', () => {
    const plan = planned(application => {
      const job = new Job(application, 'nightly', { image: registry(application), schedule: '0 3 * * *' });
      service(application, 'a', { dependsOn: [job] });
      service(application, 'b', { profiles: ['debug'] });
    });
    expect(order(plan)).toEqual([['a', []]]);
    expect(losses(plan, 'shop/a')).toEqual(["start after 'nightly': it starts without: 'nightly' is not started with it"]);
    expect(losses(plan, 'shop/b')).toEqual(['start on demand (profile debug): left out: ECS starts all that there is']);
  });
});

describe('a published port', () => {
  test('is behind a load balancer that asks as the image says', () => {
    const { published } = only(planned(api({
      healthCheck: { http: { port: 8000, path: '/up' }, intervalSeconds: 3, timeoutSeconds: 9, retries: 20, startPeriodSeconds: 0 }, interpreter: 'python3',
    }, () => ({ publish: 80 }))));
    expect(published).toEqual({
      port: 80, target: 8000, tls: false, drainSeconds: 30, healthCheck: { path: '/up', statuses: '200-399', intervalSeconds: 5, timeoutSeconds: 4, unhealthyCount: 10 },
    });
  });

  test('of a process that wants to be asked by name takes its refusal for an answer', () => {
    const plan = planned(api({
      healthCheck: { http: { port: 8000, path: '/', host: 'shop.example.com' }, intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 0 },
    }, () => ({ publish: 80 })));
    expect(only(plan).published!.healthCheck.statuses).toBe('200-499');
    expect(losses(plan, 'shop/api')).toEqual([
      "host 'shop.example.com' of the health check: the load balancer asks with an address for a name, and takes every answer below 500 for that of a process that works",
      'health check: nothing in the image could carry it out: only the load balancer asks',
    ]);
  });

  test('that is not the one of the health check works as long as it answers', () => {
    const plan = planned(api({}, () => ({ publish: 80, healthCheck: HealthCheck.http(9000, '/up') })));
    expect(only(plan).published!.healthCheck).toMatchObject({ path: '/', statuses: '200-499' });
  });

  test('that may not speak HTTP is reached from inside only', () => {
    const plan = planned(api({}, () => ({ publish: 5432, healthCheck: HealthCheck.command(['pg_isready']) })));
    expect(only(plan).published).toBeUndefined();
    expect(losses(plan, 'shop/api')).toEqual(['published port 5432: reached from inside only: it may not speak HTTP, as a load balancer of requests does']);
  });
});

test('a volume is a directory that belongs to who writes to it, one task at a time', () => {
  const plan = planned(declareEverything);
  expect(plan.accessPoints).toEqual([{ name: 'db-data', userId: 999, groupId: 999 }, { name: 'media', userId: 65532, groupId: 65532 }]);
  expect(plan.services.map(({ id, alone }) => [id, alone])).toEqual([['db', true], ['api', true], ['worker', false]]);
  expect(losses(plan, 'shop/media')).toEqual(['20 GiB: no size: a file system of EFS grows with what is in it']);
});

test('what else was declared and is not there is said', () => {
  const plan = planned(declareEverything);
  expect(losses(plan, 'shop/api')).toEqual(expect.arrayContaining(['at most 200 processes: no limit', 'log driver json-file: CloudWatch Logs']));
  expect(losses(plan, 'shop/worker')).toEqual(['restart ON_FAILURE: a task of a service is always replaced']);
  const nightly = planned(application => new Job(application, 'nightly', { image: registry(application), schedule: '0 3 * * *', retries: 2 }));
  expect(losses(nightly, 'shop/nightly')).toEqual(['2 retries: none: a schedule starts it at its times, and does not look how it ended']);
});

describe('what ECS cannot do is refused', () => {
  const cases: [string, (application: Application) => unknown, string, (application: Application) => unknown][] = [
    ['a grace above two minutes', api({ stopGraceSeconds: 121 }),
      'shop/api: it may take 121 seconds to end, and Fargate waits for 120 at most; give it 120 or less, or run it on EC2 [STOP_TIMEOUT]', api({ stopGraceSeconds: 120 })],
    ['a task that is too large', api({}, () => ({ resources: { cpuLimit: 16.5, memoryLimitMebibytes: 1000 } })),
      'shop/api: a task of 16.5 processors and 1064 MiB is larger than every size of Fargate; ask for 16 processors and 122880 MiB at most, or run it on EC2 [FARGATE_SIZE]',
      api({}, () => ({ resources: { cpuLimit: 16, memoryLimitMebibytes: 122816 } }))],
    ['a port below 1024', api({ ports: [80] }),
      'shop/api: port 80 is below 1024, where a user other than root may not listen without a capability; listen on 1024-65535: the load balancer has the port outside [LOW_PORT]',
      api({ ports: [80], userId: 0 })],
    ['more networks than security groups', api({}, application => ({ networks: [1, 2, 3, 4, 5, 6].map(number => new Network(application, `n${number}`)) })),
      'shop/api: it joins 6 networks, and a task has at most 5 security groups, one for each; join 5 at most [NETWORKS_TOO_MANY]',
      api({}, application => ({ networks: [1, 2, 3, 4, 5].map(number => new Network(application, `n${number}`)) }))],
    ['a config where something else is', api({ interpreter: 'python3', writablePaths: [{ path: '/tmp' }] }, application => ({ configs: [{ config: new Config(application, 'c', { text: '' }), path: '/tmp/c' }] })),
      "shop/api: a config is in '/tmp', which ECS would mount as a directory of its own, over the one that is mounted there; put it in a directory where nothing else is, such as /etc/config [FILE_DIRECTORY]",
      api({ interpreter: 'python3', writablePaths: [{ path: '/tmp' }] }, application => ({ configs: [{ config: new Config(application, 'c', { text: '' }), path: '/tmp/c/c' }] }))],
    ['a config in the root', api({ interpreter: 'python3' }, application => ({ configs: [{ config: new Config(application, 'c', { text: '' }), path: '/c' }] })),
      "shop/api: a config is in '/', which ECS would mount as a directory of its own, over the whole image; put it in a directory where nothing else is, such as /etc/config [FILE_DIRECTORY]",
      api()],
    ['secrets that nobody can write', api({}, application => ({ secrets: [new Secret(application, 'key')] })),
      'shop/api: its secrets and configs have to be files before it starts, and no image of the application has Python to write them; declare a service with a PythonServiceImage [FILES_UNWRITTEN]',
      api({ interpreter: 'python3' }, application => ({ secrets: [new Secret(application, 'key')] }))],
    ["a proxy that asks Docker's name server", application => new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api()(application))], nameResolution: NameResolution.repeated() }),
      "shop/web: it asks Docker's name server for its routes' services again and again, and ECS has none; take nameResolution: NameResolution.atStart() here: with Service Connect the address of a service never changes [DOCKER_RESOLVER]",
      application => new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api()(application))], nameResolution: NameResolution.atStart() })],
    ['an image for development', application => new Service(application, 'api', { image: new PythonServiceImage(application, 'python', { source: 'app', base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }), server: PythonServer.gunicorn('app:app'), development: true }) }),
      "shop/api: image 'python' is made for development, which is compose's: its user may change the code, and nothing in a task would; leave out 'development' in this environment [DEVELOPMENT_IMAGE]",
      application => new Service(application, 'api', { image: python(application) })],
  ];

  test.each(cases)('%s', (_, bad, message, good) => {
    expect(faults(bad)).toEqual([message]);
    expect(faults(good)).toEqual([]);
  });

  test('but not on machines of one’s own, which have no sizes and wait longer', () => {
    expect(faults(api({ stopGraceSeconds: 600 }, () => ({ resources: { cpuLimit: 64 } })), false)).toEqual([]);
  });
});

test('the order of declaration changes nothing', () => {
  const reversed = planned(application => declareEverything(application, count => count - 1));
  expect(reversed).toEqual(planned(declareEverything));
});

test('volumes are mounted where they are declared', () => {
  const plan = planned(api({}, application => ({ volumes: [{ volume: new Volume(application, 'data'), path: '/data', readOnly: true }] })));
  expect([main(plan).mountPoints, only(plan).task.volumes, only(plan).alone]).toEqual([[{ volume: 'data', path: '/data', readOnly: true }], [{ name: 'data', accessPoint: 'data' }], false]);
});
