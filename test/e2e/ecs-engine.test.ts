/** The assets of an Application on ECS, built and started on a real engine with what the task definitions say: nobody else reads these here. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App as CloudApp, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { softness } from './container-judge';
import { describeOnEngine, docker, request, tryDocker } from './engine';
import {
  App, Application, Config, ecs, EnvValue, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Secret, Service, Volume,
} from 'cdk-wheelhouse';

const PORT = 8130;
const URL = `http://127.0.0.1:${PORT}/`;
const PREFIX = 'wheelhouse-ecs';
const SECRET = 'a word that nobody may see';
/** Of a volume on EFS, and of one that ends with the task: both are root's until somebody writes. */
const NEW_VOLUME = 'volume-nocopy';

/** The notes of examples/one-declaration, with a secret and a config. */
function declareNotes(app: App): Application {
  const notes = new Application(app, 'notes');
  const api = new Service(notes, 'api', {
    image: new PythonServiceImage(notes, 'api-image', {
      source: 'app', base: PythonBase.slim({ python: '3.13', debian: 'bookworm' }), server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
    }),
    volumes: [{ volume: new Volume(notes, 'data'), path: '/var/lib/notes' }],
    environment: { WORD: EnvValue.secret(new Secret(notes, 'word')) },
    configs: [{ config: new Config(notes, 'settings', { text: 'color = "red"\n' }), path: '/etc/notes/settings.toml' }],
  });
  new NginxReverseProxy(notes, 'web', { routes: [Route.prefix('/', api)], publish: 80 });
  return notes;
}

describeOnEngine('tasks of ECS', () => {
  const started: string[] = [];
  const images = new Map<string, string>();
  let definitions: Record<string, any>;

  beforeAll(() => {
    const cloud = new CloudApp({ outdir: mkdtempSync(join(tmpdir(), 'wheelhouse-cdk-')) });
    const stack = new Stack(cloud, 'stack');
    new ecs.EcsApplication(stack, 'ecs', { application: declareNotes(new App({ root: 'examples/one-declaration' })), vpc: new Vpc(stack, 'vpc', { maxAzs: 2 }) });
    const { directory } = cloud.synth();
    const { dockerImages } = JSON.parse(readFileSync(join(directory, 'stack.assets.json'), 'utf8'));
    for (const { source, destinations } of Object.values<any>(dockerImages)) {
      const [{ imageTag: hash }] = Object.values<any>(destinations);
      const tag = `${PREFIX}:${hash.slice(0, 12)}`;
      const target = source.dockerBuildTarget ? ['--target', source.dockerBuildTarget] : [];
      docker('build', '--quiet', '--tag', tag, '--file', join(directory, source.directory, source.dockerFile), ...target, join(directory, source.directory));
      images.set(hash, tag);
    }
    const resources = Object.values<any>(JSON.parse(readFileSync(join(directory, 'stack.template.json'), 'utf8')).Resources);
    definitions = Object.fromEntries(resources.filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition').map(({ Properties }) => [Properties.Family, Properties]));
    const points = resources.filter(({ Type }) => Type === 'AWS::EFS::AccessPoint').map(({ Properties }) => Properties);
    expect(points.map(({ PosixUser }) => PosixUser)).toEqual([{ Uid: '65532', Gid: '65532' }]);
    docker('network', 'create', PREFIX);
    for (const id of ['api', 'web']) start(id, points[0]);
  });

  afterAll(() => {
    for (const name of started) tryDocker('rm', '--force', '--volumes', name);
    tryDocker('network', 'rm', PREFIX);
    tryDocker('volume', 'rm', ...['data', 'api-files-secrets', 'api-files-1'].map(name => `${PREFIX}-${name}`));
    tryDocker('rmi', ...images.values());
  });

  /** Starts a task: its containers in their order, as they are defined. */
  function start(id: string, point: any): void {
    const { ContainerDefinitions, Volumes = [] } = definitions[`notes-${id}`];
    const volumes = new Map<string, string>(Volumes.map((one: any) => [one.Name, `${PREFIX}-${one.EFSVolumeConfiguration ? '' : `${id}-`}${one.Name}`]));
    for (const one of Volumes.filter((volume: any) => volume.EFSVolumeConfiguration)) own(volumes.get(one.Name)!, point.RootDirectory.CreationInfo);
    for (const container of ContainerDefinitions) {
      const name = `${PREFIX}-${id}-${container.Name}`;
      started.push(name);
      docker('run', '--detach', '--name', name, ...flags(id, container, volumes));
      if (!container.Essential) expect([docker('wait', name), docker('logs', name)]).toEqual(['0', '']);
    }
  }

  /** An access point has made its directory for its user. */
  function own(volume: string, { OwnerUid, OwnerGid, Permissions }: any): void {
    const [image] = images.values();
    const python = `import os; os.chown('/v', ${OwnerUid}, ${OwnerGid}); os.chmod('/v', 0o${Permissions})`;
    docker('run', '--rm', '--user', '0:0', '--entrypoint', '/venv/bin/python', '--mount', `type=volume,source=${volume},target=/v,${NEW_VOLUME}`, image, '-c', python);
  }

  /** A container definition in the words of `docker run`. */
  function flags(id: string, one: any, volumes: Map<string, string>): string[] {
    const { LinuxParameters: { Capabilities, InitProcessEnabled, Tmpfs = [] }, EntryPoint = [], Command = [] } = one;
    const hash = /:([0-9a-f]{64})$/.exec(one.Image['Fn::Sub'])![1];
    return [
      ...one.User ? ['--user', one.User] : [],
      ...one.ReadonlyRootFilesystem ? ['--read-only'] : [],
      ...Capabilities.Drop.flatMap((name: string) => ['--cap-drop', name]),
      ...InitProcessEnabled ? ['--init'] : [],
      ...Tmpfs.flatMap(({ ContainerPath, Size, MountOptions }: any) => ['--tmpfs', `${ContainerPath}:${[...MountOptions, `size=${Size}m`].join(',')}`]),
      ...(one.MountPoints ?? []).flatMap(({ SourceVolume, ContainerPath, ReadOnly }: any) =>
        ['--mount', `type=volume,source=${volumes.get(SourceVolume)},target=${ContainerPath},${NEW_VOLUME}${ReadOnly ? ',readonly' : ''}`]),
      ...(one.Environment ?? []).flatMap(({ Name, Value }: any) => ['--env', `${Name}=${Value}`]),
      ...(one.Secrets ?? []).flatMap(({ Name }: any) => ['--env', `${Name}=${SECRET}`]),
      '--network', PREFIX,
      ...one.Essential ? ['--network-alias', id] : [],
      ...id === 'web' ? ['--publish', `${PORT}:${one.PortMappings[0].ContainerPort}`] : [],
      ...EntryPoint.length > 0 ? ['--entrypoint', EntryPoint[0]] : [],
      images.get(hash)!,
      ...EntryPoint.slice(1),
      ...Command,
    ];
  }

  /** Waits until the check that ECS carries out says so. */
  function healthy(): void {
    const { HealthCheck } = definitions['notes-api'].ContainerDefinitions.find(({ Name }: any) => Name === 'api');
    expect(HealthCheck.Command[0]).toBe('CMD');
    for (let tries = 20; ; tries -= 1) {
      const { status, stderr } = tryDocker('exec', `${PREFIX}-api-api`, ...HealthCheck.Command.slice(1));
      if (status === 0) return;
      if (tries === 0) throw new Error(`it is not healthy: ${stderr}`);
      spawnSync('sleep', ['1']);
    }
  }

  test('answer through each other, and keep what they are given', () => {
    healthy();
    expect(JSON.parse(request(URL).body)).toEqual([]);
    expect(request(URL, '--form', 'text=Hello')).toMatchObject({ status: 201 });
    docker('restart', `${PREFIX}-api-api`);
    healthy();
    expect(JSON.parse(request(URL).body)).toEqual(['Hello']);
  });

  test('are healthy by the check that ECS carries out', () => {
    expect(healthy).not.toThrow();
  });

  test('have secrets and configs as files, and no secret in a variable', () => {
    const api = `${PREFIX}-api-api`;
    const read = (path: string) => docker('exec', api, '/venv/bin/python', '-c', `print(open('${path}').read(), end='')`);
    expect([read('/run/secrets/word'), read('/etc/notes/settings.toml')]).toEqual([SECRET, 'color = "red"']);
    expect(docker('inspect', '--format', '{{json .Config.Env}}', api)).not.toContain(SECRET);
    expect(tryDocker('exec', api, '/venv/bin/python', '-c', "open('/run/secrets/other', 'w')").stderr).toContain('Read-only file system');
  });

  test('are as hard as they promised', () => {
    expect(softness(docker('ps', '--quiet', '--no-trunc', '--filter', `name=${PREFIX}-api-api`), {
      userId: 65532,
      writable: ['/home/nonroot', '/tmp'],
      volumes: ['/var/lib/notes'],
      code: ['/app', '/venv'],
      without: ['compiler', 'pip'],
      python: '/venv/bin/python',
      published: [],
    })).toEqual([
      // Fargate has no words for it; without capabilities there are none to gain
      'a process has privileges may be gained', 'it may gain privileges',
      // what files are in
      'mount volume /etc/notes read-only was not promised', 'mount volume /run/secrets read-only was not promised',
    ]);
  });

  test('end when they are told', () => {
    const api = `${PREFIX}-api-api`;
    docker('stop', '--time', '20', api);
    expect(docker('inspect', '--format', '{{.State.ExitCode}}', api)).toBe('0');
  });
});
