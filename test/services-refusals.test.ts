/** What services, jobs and what belongs to them refuse; beside each refusal, what is accepted. */
import { appWith } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import {
  App, Application, BaseImage, Config, EnvValue, Job, MultiStageBuild, PythonBase, PythonServer, PythonServiceImage, RegistryImage, Resources,
  Secret, Service, Stage, Volume, type ImageFacts, type JobProps, type ServiceProps,
} from 'cdk-wheelhouse';

const FACTS: ImageFacts = { userId: 999, groupId: 999, ports: [], writablePaths: [] };

function registryImage(application: Application, facts: Partial<ImageFacts> = {}, id = 'image') {
  return new RegistryImage(application, id, { reference: 'example.com/image:1', facts: { ...FACTS, ...facts } });
}

function pythonImage(application: Application, server = PythonServer.gunicorn('app:app')) {
  return new PythonServiceImage(application, 'python-image', { source: 'app', base: PythonBase.chainguard(), server });
}

function service(props: Partial<ServiceProps>, application = appWith().application) {
  return new Service(application, 'api', { ...props, image: props.image ?? registryImage(application) });
}

function job(props: Partial<JobProps>, application = appWith().application) {
  return new Job(application, 'migrate', { image: registryImage(application), ...props });
}

const NOT_A_LABEL = "is not a DNS label; use up to 63 of a-z, 0-9 and '-', starting with a letter, not ending with '-' [NAME_DNS_LABEL]";

describe('names', () => {
  refusesAtOnce('a job that is no DNS label', `shop/Migrate: job id 'Migrate' ${NOT_A_LABEL}`,
    () => new Job(appWith().application, 'Migrate', { image: registryImage(appWith().application) }), () => job({}));
  refusesAtOnce('a secret that is no DNS label', `shop/DB_PASSWORD: secret id 'DB_PASSWORD' ${NOT_A_LABEL}`,
    () => new Secret(appWith().application, 'DB_PASSWORD'), () => new Secret(appWith().application, 'db-password'));
  refusesAtOnce('a volume that is no DNS label', `shop/db_data: volume id 'db_data' ${NOT_A_LABEL}`,
    () => new Volume(appWith().application, 'db_data'), () => new Volume(appWith().application, 'db-data'));
  refusesAtOnce('a config that is no DNS label', `shop/a.toml: config id 'a.toml' ${NOT_A_LABEL}`,
    () => new Config(appWith().application, 'a.toml', { text: '' }), () => new Config(appWith().application, 'a-toml', { text: '' }));
  refusesAtOnce('a profile that is no name', "shop/api: profile 'de bug' is not a name; use letters, digits, '_', '.' and '-', such as debug [PROFILE_NAME]",
    () => service({ profiles: ['de bug'] }), () => service({ profiles: ['de_bug.1-a'] }));
  refusesAtOnce('a label without a key', "shop/api: label '' is not a key; use letters, digits, '.', '_', '-' and '/', such as org.opencontainers.image.title [LABEL_KEY]",
    () => service({ labels: { '': 'x' } }), () => service({ labels: { 'traefik.http.routers.api.rule': 'Host(`shop.example.com`)' } }));
});

describe('Volume', () => {
  for (const size of [0, -1, 1.5, NaN, Infinity]) {
    refusesAtOnce(`a size of ${size} GiB`, `shop/data: sizeGibibytes ${size} is no size of a volume; give a whole number of gibibytes from 1 up [VOLUME_SIZE]`,
      () => new Volume(appWith().application, 'data', { sizeGibibytes: size }), () => new Volume(appWith().application, 'data', { sizeGibibytes: 1 }));
  }
});

describe('Service', () => {
  refusesAtOnce('a number of containers that is none', 'shop/api: replicas 0 is not a whole number from 1 up [COUNT]', () => service({ replicas: 0 }), () => service({ replicas: 1 }));
  refusesAtOnce('a published port for several containers',
    'shop/api: port 80 is published, and 2 containers cannot all have it; publish a proxy in front of them, such as NginxReverseProxy [PUBLISH_REPLICAS]',
    () => service({ replicas: 2, publish: 80 }), () => service({ replicas: 1, publish: 80 }));
  for (const [min, max, cpuPercent] of [[0, 1, 70], [2, 1, 70], [1, 2, 0], [1, 2, 101], [1.5, 2, 70]]) {
    refusesAtOnce(`scaling from ${min} to ${max} at ${cpuPercent}%`,
      `shop/api: scaling from ${min} to ${max} at ${cpuPercent}% is none; give whole numbers, 1 <= min <= max and 1 <= cpuPercent <= 100 [SCALING]`,
      () => service({ scaling: { min, max, cpuPercent } }), () => service({ scaling: { min: 1, max: 1 } }));
  }
  refusesAtOnce('no time to end', 'shop/api: stopGraceSeconds 0 is not a duration; give a whole number of seconds from 1 up [DURATION_SECONDS]',
    () => service({ stopGraceSeconds: 0 }), () => service({ stopGraceSeconds: 1 }));
  refusesAtOnce('a command without words', 'shop/api: command [] is empty or has a NUL; give a program or arguments, none with a NUL [COMMAND_WORDS]',
    () => service({ command: [] }), () => service({ command: [''] }));
  refusesAtOnce('a label with a NUL', "shop/api: value of label 'a' has a NUL, which no label has; remove it [LABEL_VALUE]",
    () => service({ labels: { a: '\0' } }), () => service({ labels: { a: '\n' } }));
});

describe('Job', () => {
  refusesAtOnce('a number of retries that is none', 'shop/migrate: retries -1 is not a whole number from 0 up [COUNT]', () => job({ retries: -1 }), () => job({ retries: 0 }));
  for (const schedule of ['', '@daily', '0 3 * *', '0 3 * * * *', '0  3 * * *', '0 3 * * $x', '0 3 * * *\n']) {
    refusesAtOnce(`the schedule ${JSON.stringify(schedule)}`,
      `shop/migrate: schedule '${schedule}' is not five fields of cron: minute, hour, day of the month, month, day of the week, such as '0 3 * * *' [CRON]`,
      () => job({ schedule }), () => job({ schedule: '*/5 1-3,7 * JAN Mon' }));
  }
});

describe('Resources', () => {
  const refuses = (name: string, message: string, bad: Resources, good: Resources) => refusesAtOnce(name, `shop/api: ${message} [RESOURCES]`, () => service({ resources: bad }), () => service({ resources: good }));
  for (const cpuLimit of [0, -1, 0.001, 0.0101, NaN, Infinity]) {
    refuses(`${cpuLimit} processors`, `cpuLimit ${cpuLimit} is no number of processors; give 0.01 or more, to the thousandth`, { cpuLimit }, { cpuLimit: 0.011 });
  }
  refuses('memory that no container can do with', 'memoryLimitMebibytes 5 is not enough or no whole number; give 6 or more', { memoryLimitMebibytes: 5 }, { memoryLimitMebibytes: 6 });
  refuses('half a mebibyte', 'memoryReservationMebibytes 6.5 is not enough or no whole number; give 6 or more', { memoryReservationMebibytes: 6.5 }, { memoryReservationMebibytes: 7 });
  refuses('no process at all', 'pidsLimit 0 is not enough or no whole number; give 1 or more', { pidsLimit: 0 }, { pidsLimit: 1 });
  refuses('a promise of processors above the limit', 'cpuReservation 2 is above cpuLimit 1; give no more than the limit', { cpuReservation: 2, cpuLimit: 1 }, { cpuReservation: 1, cpuLimit: 1 });
  refuses('a promise of memory above the limit', 'memoryReservationMebibytes 9 is above memoryLimitMebibytes 8; give no more than the limit',
    { memoryReservationMebibytes: 9, memoryLimitMebibytes: 8 }, { memoryReservationMebibytes: 8, memoryLimitMebibytes: 8 });
});

describe('mounts', () => {
  const RELATIVE = "container path 'data' is not absolute and normal; start with '/', without '.', '..', '//', a trailing '/', control characters or any of * ? [ ] \\ $ \" ' [CONTAINER_PATH]";
  const mounting = (path: string, application = appWith().application) => service({ volumes: [{ volume: new Volume(application, 'data'), path, readOnly: true }] }, application);
  refusesAtOnce('a volume at a relative path', `shop/api: ${RELATIVE}`, () => mounting('data'), () => mounting('/data'));
  for (const path of ['/', '/a:b']) {
    refusesAtOnce(`a volume at ${path}`, `shop/api: nothing can be mounted at '${path}'; give a path below '/', without ':' [MOUNT_PATH]`, () => mounting(path), () => mounting('/a,b'));
  }
  refusesAtSynth('two mounts at one path', ["shop/api: two mounts are at '/data'; give each a path of its own [MOUNT_TWICE]"],
    application => twoMounts(application, '/data'), application => twoMounts(application, '/etc/data'));
  function twoMounts(application: Application, path: string) {
    const configs = [{ config: new Config(application, 'config', { text: '\n' }), path }];
    service({ volumes: [{ volume: new Volume(application, 'data'), path: '/data', readOnly: true }], configs }, application);
  }
  refusesAtOnce('a secret whose file is outside the root', "shop/token: source path \"../token\" is not relative and normal; write 'app/main.py': no leading '/', no '..', no trailing '/', no backslash, no control characters [SOURCE_PATH]",
    () => new Secret(appWith().application, 'token', { file: '../token' }), () => new Secret(appWith().application, 'token', { file: 'x/token' }));
  refusesAtOnce('a config that is no text', 'shop/config: the text of a config has a NUL, which is no text; remove it [CONFIG_TEXT]',
    () => new Config(appWith().application, 'config', { text: 'a\0' }), () => new Config(appWith().application, 'config', { text: 'a\r\n' }));
});

describe('RegistryImage', () => {
  const image = (facts: Partial<ImageFacts>) => registryImage(appWith().application, facts);
  refusesAtOnce('a port that is none', 'shop/image: port 0 is outside 1-65535 [PORT_RANGE]', () => image({ ports: [0] }), () => image({ ports: [1] }));
  refusesAtOnce('a user that is none', 'shop/image: user or group number -1 is outside 0-4294967294 [USER_ID]', () => image({ userId: -1 }), () => image({ userId: 0 }));
  refusesAtOnce('a writable path where nothing can be mounted', "shop/image: nothing can be mounted at '/'; give a path below '/', without ':' [MOUNT_PATH]",
    () => image({ writablePaths: [{ path: '/' }] }), () => image({ writablePaths: [{ path: '/data' }] }));
  refusesAtOnce('a mode that is none', "shop/image: mode 'rwx' is not octal, such as 0644 [FILE_MODE]",
    () => image({ writablePaths: [{ path: '/data', mode: 'rwx' }] }), () => image({ writablePaths: [{ path: '/data', mode: '0700' }] }));
  refusesAtOnce('a signal that is none', "shop/image: stop signal 'TERM' is not a name such as SIGTERM [STOP_SIGNAL]", () => image({ stopSignal: 'TERM' }), () => image({ stopSignal: 'SIGRTMIN+3' }));
});

test('a stage refuses a writable path that nothing can be mounted at', () => {
  const stage = new Stage(new MultiStageBuild(appWith().application, 'image'), 'one', { base: BaseImage.scratch() });
  expect(() => stage.writablePath({ path: '/a:b' })).toThrow(new Error("shop/image/one: nothing can be mounted at '/a:b'; give a path below '/', without ':' [MOUNT_PATH]"));
  expect(() => stage.writablePath({ path: '/a' })).not.toThrow();
});

describe('EnvValue', () => {
  refusesAtOnce('a scheme that is none', "scheme 'Postgres:' is none; use lower-case letters, digits, '+', '.' and '-', such as postgresql [URL_SCHEME]",
    () => EnvValue.url({ scheme: 'Postgres:', host: service({}) }), () => EnvValue.url({ scheme: 'postgresql+psycopg', host: service({}) }));
  refusesAtOnce('half a character', '"\\ud83d" holds half of a character, which no URL can have [URL_TEXT]',
    () => EnvValue.url({ scheme: 'http', host: service({}), path: '\ud83d' }), () => EnvValue.url({ scheme: 'http', host: service({}), path: '😀' }));
  refusesAtOnce('a port that is none', 'port 0 is outside 1-65535 [PORT_RANGE]',
    () => EnvValue.url({ scheme: 'http', host: service({}), port: 0 }), () => EnvValue.url({ scheme: 'http', host: service({}), port: 80 }));
  refusesAtOnce("a deployer's variable that is no name", "environment variable 'A-B' is not a name; use letters, digits and '_', not starting with a digit [ENVIRONMENT_NAME]",
    () => EnvValue.deployer('A-B'), () => EnvValue.deployer('A_B'));
  for (const text of ['{"a":1}', 'a\nb']) {
    refusesAtOnce(`the default ${JSON.stringify(text)}`,
      `default ${JSON.stringify(text)} of 'A' has a '}', a line break or NUL, where compose ends it; leave it out, or read it from a Config [DEPLOYER_DEFAULT]`,
      () => EnvValue.deployer('A', { defaultValue: text }), () => EnvValue.deployer('A', { defaultValue: '{$HOME:-' }));
  }
  const password = (application: Application) => ({ PASSWORD: EnvValue.secret(new Secret(application, 'password')) });
  refusesAtSynth('a secret in the environment of an image that reads none',
    ["shop/api: PASSWORD would need the image 'shop/image' to read a secret when it starts, which only images of Python services do;"
      + ' give the file instead, as with EnvValue.secretFile, or a variable such as PGPASSFILE [LAUNCHER_MISSING]'],
    application => service({ environment: password(application) }, application),
    application => service({ environment: password(application), image: pythonImage(application) }, application));
});

describe('another application', () => {
  const line = (path: string) => [`shop/api: '${path}' is not part of the same application; declare it there [APPLICATION_FOREIGN]`];
  const other = (application: Application) => new Application(application.node.root as App, 'other');
  refusesAtSynth('a volume of it', line('other/data'),
    application => service({ volumes: [{ volume: new Volume(other(application), 'data'), path: '/data', readOnly: true }] }, application),
    application => service({ volumes: [{ volume: new Volume(application, 'data'), path: '/data', readOnly: true }] }, application));
  refusesAtSynth('a secret of it', line('other/token'),
    application => service({ secrets: [new Secret(other(application), 'token')] }, application), application => service({ secrets: [new Secret(application, 'token')] }, application));
  refusesAtSynth('a secret of it in a variable', line('other/token'),
    application => service({ environment: { A: EnvValue.secretFile(new Secret(other(application), 'token')) } }, application),
    application => service({ environment: { A: EnvValue.secretFile(new Secret(application, 'token')) } }, application));
  refusesAtSynth('a config of it', line('other/config'),
    application => service({ configs: [{ config: new Config(other(application), 'config', { text: '\n' }), path: '/c' }] }, application),
    application => service({ configs: [{ config: new Config(application, 'config', { text: '\n' }), path: '/c' }] }, application));
  refusesAtSynth('a job of it', line('other/migrate'),
    application => service({ dependsOn: [job({}, other(application))] }, application),
    application => service({ dependsOn: [new Job(application, 'migrate', { image: registryImage(application, {}, 'job-image') })] }, application));
  refusesAtSynth('the host of a URL of it', line('other/api'),
    application => service({ environment: { A: EnvValue.url({ scheme: 'http', host: service({}, other(application)) }) } }, application),
    application => service({}, application));
  test('and none at all is told with the other faults', () => {
    const { app, application } = appWith();
    service({ image: new RegistryImage(app, 'image', { reference: 'a:1', facts: FACTS }) }, application);
    expect(() => app.synth()).toThrow(/^2 faults[^]*image: it is not in an Application[^]*shop\/api: 'image' is not part of the same application; declare it there \[APPLICATION_FOREIGN\]$/);
  });
});

