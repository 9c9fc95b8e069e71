/** Checks that look at several services, jobs and what belongs to them: each fires with its whole message, and is silent beside it. */
import { appWith, FLASK_SOURCE } from './declare';
import { refusesAtSynth } from './refuses';
import {
  Application, BaseImage, Checks, ComposeFile, Config, EnvValue, HealthCheck, Job, Mount, MultiStageBuild, Network, PythonBase, PythonServer,
  PythonServiceImage, RegistryImage, Secret, Service, Stage, Volume, type ImageFacts, type ServiceProps,
} from 'cdk-wheelhouse';

const FACTS: ImageFacts = { userId: 999, groupId: 999, ports: [8000], writablePaths: [{ path: '/data', data: true }] };

function image(application: Application, facts: Partial<ImageFacts> = { writablePaths: [] }, id = 'image') {
  return new RegistryImage(application, id, { reference: 'example.com/image:1', facts: { ...FACTS, ...facts } });
}

function service(application: Application, id: string, props: Partial<ServiceProps> = {}) {
  return new Service(application, id, { ...props, image: props.image ?? image(application, { writablePaths: [] }, `${id}-image`) });
}

/** What synth has to say of a kind, a line for each finding. */
function findings(code: string, declare: (application: Application) => unknown): string[] {
  const { app, application } = appWith();
  declare(application);
  return app.synth().findings.filter(finding => finding.code === code).map(({ severity, path, problem, link }) => `${severity} ${path}: ${problem} (${link}) [${code}]`);
}

describe('DATA_WITHOUT_VOLUME', () => {
  refusesAtSynth('data that no volume keeps', ["shop/db: the image writes data to '/data', and no volume is there; mount one: volumes: [{ volume, path: '/data' }]"
    + ' (https://docs.docker.com/engine/storage/volumes/) [DATA_WITHOUT_VOLUME]'],
  application => service(application, 'db', { image: image(application, {}) }),
  application => service(application, 'db', { image: image(application, {}), volumes: [{ volume: new Volume(application, 'v'), path: '/data' }] }));

  test('leaves alone another process of the image whose data a first one keeps', () => {
    const { app, application } = appWith();
    const shared = image(application, {});
    service(application, 'db', { image: shared, volumes: [{ volume: new Volume(application, 'v'), path: '/data' }] });
    service(application, 'other', { image: shared });
    expect(app.synth().written).toContain('manifest.json');
  });
});

describe('VOLUME_OWNER', () => {
  refusesAtSynth('a volume that its user could not write to', ["shop/db: volume 'v' at '/other' would belong to root, and user 999 could not write to it;"
    + " have the image make the directory: stage.writablePath({ path, data: true }), or say 'readOnly' (https://docs.docker.com/engine/storage/volumes/#mounting-a-volume-over-existing-data) [VOLUME_OWNER]"],
  application => service(application, 'db', { volumes: [{ volume: new Volume(application, 'v'), path: '/other' }] }),
  application => service(application, 'db', { volumes: [{ volume: new Volume(application, 'v'), path: '/other', readOnly: true }] }));

  test.each([undefined, 0])('says nothing where the user is %s', userId => {
    const { app, application } = appWith();
    service(application, 'db', { image: image(application, { userId, writablePaths: [] }), volumes: [{ volume: new Volume(application, 'v'), path: '/other' }] });
    expect(app.synth().findings).toEqual([]);
  });

  test('says nothing of images of Python services, which make the directory', () => {
    const { app, application, outdir } = appWith();
    const made = new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
    service(application, 'api', { image: made, volumes: [{ volume: new Volume(application, 'v'), path: '/srv/media' }] });
    expect(app.synth().outdir).toBe(outdir);
  });
});

describe('VOLUME_USERS', () => {
  const two = (application: Application, userId: number, readOnly = false) => {
    const volume = new Volume(application, 'v');
    service(application, 'db', { image: image(application, {}), volumes: [{ volume, path: '/data' }] });
    service(application, 'backup', { image: image(application, { userId }, 'other-image'), volumes: [{ volume, path: '/data', readOnly }] });
  };
  const line = "shop/v: volume 'v' is written by 'backup' as user 1000 and 'db' as user 999; run them as one user, or let all but one only read"
    + ' (https://docs.docker.com/engine/storage/volumes/) [VOLUME_USERS]';
  refusesAtSynth('a volume with two users that write', [line], application => two(application, 1000), application => two(application, 999));
  refusesAtSynth('it unless one only reads', [line], application => two(application, 1000), application => two(application, 1000, true));
  refusesAtSynth('it unless one is root', [line], application => two(application, 1000), application => two(application, 0));
});

describe('HEALTH_PORT_UNHEARD', () => {
  const line = 'shop/api: the health check asks port 9000, and the image listens on 8000; ask a port that it listens on'
    + ' (https://docs.docker.com/reference/compose-file/services/#healthcheck) [HEALTH_PORT_UNHEARD]';
  refusesAtSynth('an HTTP request to a port that nobody listens on', [line],
    application => service(application, 'api', { healthCheck: HealthCheck.http(9000, '/') }), application => service(application, 'api', { healthCheck: HealthCheck.http(8000, '/') }));
  refusesAtSynth('a connection to a port that nobody listens on', [line],
    application => service(application, 'api', { healthCheck: HealthCheck.tcp(9000) }), application => service(application, 'api', { healthCheck: HealthCheck.command(['true']) }));
  refusesAtSynth('it unless no port is known', [line],
    application => service(application, 'api', { healthCheck: HealthCheck.tcp(9000) }),
    application => service(application, 'api', { image: image(application, { ports: [], writablePaths: [] }), healthCheck: HealthCheck.tcp(9000) }));
});

describe('HEALTH_MISSING', () => {
  test('tells of a service that others wait for and whose health nobody knows', () => {
    expect(findings('HEALTH_MISSING', application => service(application, 'api', { dependsOn: [service(application, 'db')] }))).toEqual([
      "warning shop/api: it waits for 'db', which has no health check, and so only for the start of its process; give 'db' a healthCheck"
      + ' (https://docs.docker.com/compose/how-tos/startup-order/) [HEALTH_MISSING]',
    ]);
    expect(findings('HEALTH_MISSING', application => service(application, 'api', { dependsOn: [service(application, 'db', { healthCheck: HealthCheck.command(['true']) })] }))).toEqual([]);
  });
  test('says nothing of a job, which has no health', () => {
    expect(findings('HEALTH_MISSING', application => service(application, 'api', { dependsOn: [new Job(application, 'migrate', { image: image(application) })] }))).toEqual([]);
  });
});

describe('NAME_TWICE', () => {
  const twice = (kind: string, id: string, declare: (application: Application, scope: MultiStageBuild, name: string) => unknown) => {
    const scope = (application: Application) => new MultiStageBuild(application, 'scope');
    const stage = (build: MultiStageBuild) => { new Stage(build, 'one', { base: BaseImage.scratch() }); return build; };
    refusesAtSynth(`two of one name: ${kind}`, [`shop/scope/${id}: 'shop/${id}' is a ${kind} '${id}' too; give one of them another id (https://docs.docker.com/compose/how-tos/networking/) [NAME_TWICE]`],
      application => declare(application, stage(scope(application)), id), application => declare(application, stage(scope(application)), `${id}-2`));
  };
  twice('volume', 'a', (application, scope, name) => { new Volume(application, 'a'); new Volume(scope, name); });
  twice('secret', 'a', (application, scope, name) => { new Secret(application, 'a'); new Secret(scope, name); });
  twice('config', 'a', (application, scope, name) => { new Config(application, 'a', { text: '\n' }); new Config(scope, name, { text: '\n' }); });
  twice('network', 'a', (application, scope, name) => { new Network(application, 'a'); new Network(scope, name); });
  twice('service or job', 'a', (application, scope, name) => { service(application, 'a'); new Job(scope, name, { image: image(application) }); });
});

describe('NETWORK_UNSHARED', () => {
  const reaching = (application: Application, shared: boolean) => {
    const back = new Network(application, 'back');
    const db = service(application, 'db', { networks: [back] });
    return service(application, 'api', { networks: shared ? [back, new Network(application, 'front')] : [], environment: { DB: EnvValue.url({ scheme: 'http', host: db }) } });
  };
  refusesAtSynth('a URL of what it cannot reach', ["shop/api: it has a URL of 'db', but is on default and 'db' on back; put both on one network (https://docs.docker.com/compose/how-tos/networking/) [NETWORK_UNSHARED]"],
    application => reaching(application, false), application => reaching(application, true));
});

describe('PUBLISH_TWICE', () => {
  refusesAtSynth('one port for two services', ["shop/b: port 80 is published by 'a' too; give each a port of its own (https://docs.docker.com/reference/compose-file/services/#ports) [PUBLISH_TWICE]"],
    application => { service(application, 'b', { publish: 80 }); service(application, 'a', { publish: 80 }); },
    application => { service(application, 'b', { publish: 81 }); service(application, 'a', { publish: 80 }); });
});

describe('SECRET_IN_CONTEXT', () => {
  const files = { ...FLASK_SOURCE, 'app/token': '', 'token': '' };
  const building = (application: Application, copied: string) => {
    const build = new MultiStageBuild(application, 'image');
    new Stage(build, 'one', { base: BaseImage.scratch() }).copy([copied], '/app');
    return service(application, 'api', { image: build, secrets: [new Secret(application, 'token', { file: 'app/token' })] });
  };
  const line = "shop/token: its file 'app/token' lies in what 'shop/image' is built from, and would be in the image; keep it elsewhere, such as in secrets/"
    + ' (https://docs.docker.com/build/building/secrets/) [SECRET_IN_CONTEXT]';
  for (const copied of ['app', '.', 'app/token']) {
    refusesAtSynth(`a secret that lies in '${copied}', which is copied`, [line], application => building(application, copied), application => building(application, 'token'), files);
  }
});

describe('DEPENDS_ON_DEMAND', () => {
  const LINK = '(https://docs.docker.com/compose/how-tos/profiles/#auto-starting-profiles-and-dependency-resolution) [DEPENDS_ON_DEMAND]';
  const waiting = (application: Application, own: string[] | undefined, others: string[] | undefined) => service(application, 'api', {
    profiles: own, dependsOn: [service(application, 'db', { profiles: others, healthCheck: HealthCheck.command(['true']) })],
  });
  const line = `shop/api: it waits for 'db', which is only started on demand, with profile a or b; give both the same profiles, or 'db' none ${LINK}`;
  refusesAtSynth('waiting for what is started on demand', [line], application => waiting(application, undefined, ['b', 'a']), application => waiting(application, undefined, undefined));
  refusesAtSynth('waiting for what another profile starts', [line], application => waiting(application, ['a', 'c'], ['a', 'b']), application => waiting(application, ['a'], ['a', 'b']));
  const nightly = (application: Application, schedule?: string) => service(application, 'api', { dependsOn: [new Job(application, 'nightly', { image: image(application), schedule })] });
  refusesAtSynth('waiting for what a clock starts', [`shop/api: it waits for 'nightly', which is started at '0 3 * * *' and not with the others; take it out of 'dependsOn' ${LINK}`],
    application => nightly(application, '0 3 * * *'), application => nightly(application));
});

describe('DECLARED_UNUSED', () => {
  const line = (kind: string, how: string) => `warning shop/x: ${kind} 'x' is used by no service and no job; ${how}, or take it out (https://docs.docker.com/reference/compose-file/secrets/) [DECLARED_UNUSED]`;
  test('tells of secrets, volumes and configs that nothing uses', () => {
    expect(findings('DECLARED_UNUSED', application => new Secret(application, 'x'))).toEqual([line('secret', "give it to one with 'secrets' or in its environment")]);
    expect(findings('DECLARED_UNUSED', application => new Volume(application, 'x'))).toEqual([line('volume', "mount it with 'volumes'")]);
    expect(findings('DECLARED_UNUSED', application => new Config(application, 'x', { text: '\n' }))).toEqual([line('config', "mount it with 'configs'")]);
  });
  test('counts what a variable, a job and a build use', () => {
    expect(findings('DECLARED_UNUSED', application => {
      const build = new MultiStageBuild(application, 'image');
      new Stage(build, 'one', { base: BaseImage.pythonSlim({ python: '3.13' }) }).runShell('true', { mounts: [Mount.secret('of-build')] });
      new Secret(application, 'of-build');
      const volumes = [{ volume: new Volume(application, 'v'), path: '/data', readOnly: true }];
      const configs = [{ config: new Config(application, 'c', { text: '\n' }), path: '/c' }];
      new Job(application, 'job', { image: build, volumes, configs, environment: { A: EnvValue.secretFile(new Secret(application, 'of-variable')) } });
    })).toEqual([]);
  });
});

describe('JOB_UNAWAITED', () => {
  const line = "warning shop/migrate: nothing waits for 'migrate', so 'docker compose up --wait' fails once it has ended; let a service depend on it, or give it a profile"
    + ' (https://github.com/docker/compose/issues/10596) [JOB_UNAWAITED]';
  const lone = (props: { schedule?: string; profiles?: string[] } = {}, target = true) => (application: Application) => {
    if (target) new ComposeFile(application, 'compose');
    return new Job(application, 'migrate', { image: image(application), ...props });
  };
  test('tells of a job that nobody waits for, to whom compose matters', () => {
    expect(findings('JOB_UNAWAITED', lone())).toEqual([line]);
    expect(findings('JOB_UNAWAITED', lone({}, false))).toEqual([]);
  });
  test('says nothing of what a profile or a clock starts, nor of what is awaited', () => {
    expect(findings('JOB_UNAWAITED', lone({ profiles: ['tools'] }))).toEqual([]);
    expect(findings('JOB_UNAWAITED', lone({ schedule: '0 3 * * *' }))).toEqual([]);
    expect(findings('JOB_UNAWAITED', application => service(application, 'api', { dependsOn: [lone()(application)] }))).toEqual([]);
  });
});

describe('SECRET_NAME', () => {
  const named = (application: Application, value: string | EnvValue) => service(application, 'api', {
    image: new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') }), environment: { AUTH_TOKEN: value },
  });
  refusesAtSynth('a variable that looks like a secret, and not what is read from one',
    ["shop/api: 'AUTH_TOKEN' looks like a secret, and it would be written into committed files; mount a file instead, or acknowledge that it is none"
      + ' (https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/) [SECRET_NAME]'],
    application => named(application, 'x'), application => named(application, EnvValue.secret(new Secret(application, 'token'))));
  refusesAtSynth('it, and no URL with a secret in it',
    ["shop/api: 'AUTH_TOKEN' looks like a secret, and it would be written into committed files; mount a file instead, or acknowledge that it is none"
      + ' (https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/) [SECRET_NAME]'],
    application => named(application, 'x'),
    application => named(application, EnvValue.url({ scheme: 'amqp', host: service(application, 'mq'), password: new Secret(application, 'token') })));
});

test('a finding of these can be acknowledged where it was declared', () => {
  const { app, application } = appWith();
  Checks.acknowledge(new Secret(application, 'x'), 'DECLARED_UNUSED', 'given to a tool of ours');
  expect(app.synth().findings.map(({ code, acknowledged }) => [code, acknowledged])).toEqual([['DECLARED_UNUSED', 'given to a tool of ours']]);
});
