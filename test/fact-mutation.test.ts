/** A fact of an image is said once: when it changes there, exactly the lines that are to follow change, in every file that is written. */
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { App as AwsApp, Stack } from 'aws-cdk-lib/core';
import * as cdktn from 'cdktn';
import { appWith, filesUnder, FLASK_SOURCE } from './declare';
import { unifiedDiff } from '../lib/cli/unified-diff';
import {
  Architecture, BaseImage, ComposeFile, ecs, KubernetesFile, MultiStageBuild, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage,
  RegistryImage, Route, Service, Stage, terraform, type Application, type ContainerImage, type GunicornProps, type MultiStageBuildProps,
} from 'cdk-wheelhouse';

/** A service behind a proxy, and a client that waits for it, in all targets. */
function written(imageOf: (application: Application) => ContainerImage): Record<string, string> {
  const { app, application, outdir, root } = appWith(FLASK_SOURCE);
  const api = new Service(application, 'api', { image: imageOf(application) });
  new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/', api)], publish: 8080 });
  const facts = { userId: 1000, groupId: 1000, ports: [], writablePaths: [], handlesStopSignal: true, interpreter: '/usr/bin/python3' };
  new Service(application, 'client', { image: new RegistryImage(application, 'client-image', { reference: 'example.com/client:1', facts }), dependsOn: [api] });
  new ComposeFile(application, 'compose');
  new KubernetesFile(application, 'kubernetes', { registry: 'example.com' });
  app.synth();
  return { ...filesUnder(outdir), ...inHosts(application, root) };
}

/** The same in the trees of other hosts. */
function inHosts(application: Application, root: string): Record<string, string> {
  const stack = new Stack(new AwsApp({ outdir: join(root, 'cdk.out'), treeMetadata: false }), 'shop');
  const vpc = Vpc.fromVpcAttributes(stack, 'vpc', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], privateSubnetIds: ['private-a', 'private-b'], publicSubnetIds: ['public-a', 'public-b'],
  });
  new ecs.EcsApplication(stack, 'ecs', { application, vpc, registry: 'example.com' });
  const host = new cdktn.App({ outdir: join(root, 'cdktf.out') });
  const [aws, docker] = ['aws', 'docker'].map(id => new cdktn.TerraformStack(host, id));
  new terraform.TerraformApplication(aws, 'shop', { application, vpcId: 'vpc-1', subnetIds: ['private-a', 'private-b'], registry: 'example.com' });
  new terraform.DockerApplication(docker, 'shop', { application });
  const [ofAws, ofDocker] = [aws, docker].map(one => values(JSON.parse(cdktn.Testing.synth(one))));
  return { [ECS]: values(Template.fromStack(stack).toJSON()), [TERRAFORM]: ofAws, [DOCKER]: ofDocker };
}

/** A line for each value, with the name of its field. */
function values(node: unknown, name: string = ''): string {
  if (Array.isArray(node)) return node.map(one => values(one, `${name}[]`)).join('');
  if (typeof node === 'object' && node !== null) return Object.entries(node).map(([key, value]) => values(value, key)).join('');
  return `${name} = ${node}\n`;
}

/** The one place where each fact of a Python service is said. */
interface Facts {
  readonly gunicorn?: GunicornProps;
  readonly base?: PythonBase;
  readonly architecture?: Architecture;
  readonly stage?: (stage: Stage) => void;
}

function python({ gunicorn, base = PythonBase.chainguard(), architecture, stage }: Facts): Record<string, string> {
  return written(application => {
    const server = PythonServer.gunicorn('app:app', { healthPath: '/healthz', ...gunicorn });
    const image = new PythonServiceImage(application, 'api-image', { source: 'app', base, server, architecture });
    stage?.(image.runtimeStage);
    return image;
  });
}

/** Any other image, with what no Dockerfile says. */
function other(props: MultiStageBuildProps): Record<string, string> {
  return written(application => {
    const image = new MultiStageBuild(application, 'api-image', props);
    const stage = new Stage(image, 'one', { base: BaseImage.pythonSlim({ python: '3.13' }) });
    stage.user(1000, 1000);
    stage.expose(8000);
    stage.healthCheck({ tcpPort: 8000, intervalSeconds: 10, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 });
    return image;
  });
}

/** Lines that a change takes away (`-`) and brings (`+`), by file; without indentation, content tags as TAG, names without hashes. */
function changes(before: Record<string, string>, after: Record<string, string>): Record<string, string[]> {
  expect(Object.keys(after)).toEqual(Object.keys(before));
  const found = Object.keys(before).map(path => {
    const lines = unifiedDiff('', '', before[path], after[path]).split('\n').slice(2).filter(line => /^[-+]/.test(line));
    return [path, lines.map(line => stable(`${line[0]} ${line.slice(1).trim()}`))] as const;
  });
  const { 'manifest.json': manifest = [], ...files } = Object.fromEntries(found.filter(([, lines]) => lines.length > 0));
  // its sums name the files that have changed, each before and after
  const sums = manifest.filter(line => /: "[0-9a-f]{64}",?$/.test(line));
  expect(sums.map(line => line.split('"')[1]).sort()).toEqual(Object.keys(files).filter(path => !HOSTS.includes(path)).flatMap(path => [path, path]).sort());
  return { ...files, 'manifest.json': manifest.filter(line => !sums.includes(line)) };
}

function stable(line: string): string {
  return line.replace(/([:-])[0-9a-f]{12}$/, '$1TAG').replace(/_[0-9A-F]{8}(?=[.\]}])|(?<=DependsOn.*)[0-9A-F]{8}$/g, '');
}

const [DOCKERFILE, PROXY, COMPOSE, KUBERNETES, MANIFEST] = [
  'shop/images/api-image/Dockerfile', 'shop/images/web-image/Dockerfile', 'shop/compose.yaml', 'shop/kubernetes.yaml', 'manifest.json',
];
const HOSTS = ['ecs', 'terraform', 'docker'];
const [ECS, TERRAFORM, DOCKER] = HOSTS;
/** Another content is another image; only what is not in the image changes without it. */
const NEW_TAG = ['- image: example.com/api-image:TAG', '+ image: example.com/api-image:TAG'];
const NEW_ON_ECS = ['- Image = example.com/api-image:TAG', '+ Image = example.com/api-image:TAG'];
const NEW_IN_TERRAFORM = ['- image = example.com/api-image:TAG', '+ image = example.com/api-image:TAG'];
const NEW_ON_DOCKER = [
  '- context = ${path.module}/contexts/api-image-TAG', '+ context = ${path.module}/contexts/api-image-TAG', '- name = shop-api-image:TAG', '+ name = shop-api-image:TAG',
];

describe('a fact that changes once', () => {
  const before = python({});
  const changedBy = (facts: Facts) => changes(before, python(facts));

  test('is what changes anything', () => expect(changedBy({})).toEqual({ [MANIFEST]: [] }));

  test('user: owners of what it writes to, the user of the container, of the pod', () => {
    const users = [{ name: 'app', userId: 1000, groupId: 1001, home: '/home/app' }];
    const base = PythonBase.of(BaseImage.chainguardPythonDev(), BaseImage.chainguardPython().withFacts({ users }));
    expect(changedBy({ base })).toEqual({
      [DOCKERFILE]: [
        '- WORKDIR /home-nonroot/nonroot',
        '+ WORKDIR /home-app/app',
        '- COPY --from=directories --chown=65532:65532 --chmod=1777 /tmp /',
        '+ COPY --from=directories --chown=1000:1001 --chmod=1777 /tmp /',
        '- COPY --from=directories --chown=65532:65532 --chmod=0700 /home-nonroot /home',
        '+ COPY --from=directories --chown=1000:1001 --chmod=0700 /home-app /home',
        '- USER 65532:65532',
        '+ USER 1000:1001',
      ],
      [COMPOSE]: [
        '- tmpfs: ["/tmp:uid=65532,gid=65532,mode=1777", "/home/nonroot:uid=65532,gid=65532,mode=0700"]',
        '+ tmpfs: ["/tmp:uid=1000,gid=1001,mode=1777", "/home/app:uid=1000,gid=1001,mode=0700"]',
        '- user: "65532:65532"',
        '+ user: "1000:1001"',
      ],
      [KUBERNETES]: [
        '- runAsUser: 65532',
        '- runAsGroup: 65532',
        '- fsGroup: 65532',
        '+ runAsUser: 1000',
        '+ runAsGroup: 1001',
        '+ fsGroup: 1001',
        ...NEW_TAG,
        '- - name: home-nonroot',
        '- mountPath: /home/nonroot',
        '+ - name: home-app',
        '+ mountPath: /home/app',
        '- - name: home-nonroot',
        '+ - name: home-app',
      ],
      [ECS]: [
        ...NEW_ON_ECS,
        '- MountOptions[] = uid=65532',
        '- MountOptions[] = gid=65532',
        '+ MountOptions[] = uid=1000',
        '+ MountOptions[] = gid=1001',
        '- ContainerPath = /home/nonroot',
        '- MountOptions[] = uid=65532',
        '- MountOptions[] = gid=65532',
        '+ ContainerPath = /home/app',
        '+ MountOptions[] = uid=1000',
        '+ MountOptions[] = gid=1001',
        '- User = 65532:65532',
        '+ User = 1000:1001',
      ],
      [TERRAFORM]: [
        ...NEW_IN_TERRAFORM,
        '- mountOptions[] = uid=65532',
        '- mountOptions[] = gid=65532',
        '+ mountOptions[] = uid=1000',
        '+ mountOptions[] = gid=1001',
        '- containerPath = /home/nonroot',
        '- mountOptions[] = uid=65532',
        '- mountOptions[] = gid=65532',
        '+ containerPath = /home/app',
        '+ mountOptions[] = uid=1000',
        '+ mountOptions[] = gid=1001',
        '- user = 65532:65532',
        '+ user = 1000:1001',
      ],
      [DOCKER]: [
        '- /home/nonroot = uid=65532,gid=65532,mode=0700',
        '- /tmp = uid=65532,gid=65532,mode=1777',
        '- user = 65532:65532',
        '+ /home/app = uid=1000,gid=1001,mode=0700',
        '+ /tmp = uid=1000,gid=1001,mode=1777',
        '+ user = 1000:1001',
        ...NEW_ON_DOCKER,
      ],
      [MANIFEST]: ['- "groupId": 65532,', '+ "groupId": 1001,', '- "userId": 65532,', '+ "userId": 1000,', '- "path": "/home/nonroot"', '+ "path": "/home/app"'],
    });
  });

  test('port: the server, its checks, and who sends it requests', () => {
    const probe = (port: number) => `import http.client as h; c = h.HTTPConnection('127.0.0.1', ${port}, timeout=3); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status >= 400)`;
    const command = (port: number) => `CMD ["--bind", "0.0.0.0:${port}", "--worker-tmp-dir", "/tmp", "--graceful-timeout", "30", "app:app"]`;
    expect(changedBy({ gunicorn: { port: 9000 } })).toEqual({
      [DOCKERFILE]: [
        '- EXPOSE 8000',
        '+ EXPOSE 9000',
        `- CMD ["/venv/bin/python", "-IS", "-c", "${probe(8000)}"]`,
        `+ CMD ["/venv/bin/python", "-IS", "-c", "${probe(9000)}"]`,
        `- ${command(8000)}`,
        `+ ${command(9000)}`,
      ],
      [PROXY]: [
        '- upstream api-8000 {',
        '- server api:8000;',
        '+ upstream api-9000 {',
        '+ server api:9000;',
        '- proxy_pass http://api-8000;',
        '+ proxy_pass http://api-9000;',
      ],
      [COMPOSE]: [`- - ${probe(8000)}`, `+ - ${probe(9000)}`],
      [KUBERNETES]: [
        ...NEW_TAG,
        '- - name: tcp-8000',
        '- containerPort: 8000',
        '+ - name: tcp-9000',
        '+ containerPort: 9000',
        ...['startup', 'readiness', 'liveness'].flatMap(() => ['- port: 8000', '+ port: 9000']),
        '- - name: tcp-8000',
        '- port: 8000',
        '- targetPort: tcp-8000',
        '+ - name: tcp-9000',
        '+ port: 9000',
        '+ targetPort: tcp-9000',
        // what the client waits for
        '- args: [service:api:8000]',
        '+ args: [service:api:9000]',
        '- image: example.com/web-image:TAG',
        '+ image: example.com/web-image:TAG',
      ],
      [ECS]: [
        '- FromPort = 8000',
        '+ FromPort = 8080',
        '- ToPort = 8000',
        '+ ToPort = 8080',
        '- FromPort = 8080',
        '+ FromPort = 9000',
        '- ToPort = 8080',
        '+ ToPort = 9000',
        `- Command[] = ${probe(8000)}`,
        `+ Command[] = ${probe(9000)}`,
        ...NEW_ON_ECS,
        '- ContainerPort = 8000',
        '- Name = api-8000',
        '+ ContainerPort = 9000',
        '+ Name = api-9000',
        '- Port = 8000',
        '- DiscoveryName = api_8000',
        '- PortName = api-8000',
        '+ Port = 9000',
        '+ DiscoveryName = api_9000',
        '+ PortName = api-9000',
        '- DependsOn[] = ecsNetworkdefaultfromshopecsNetworkdefaultDB694F1C8000',
        '+ DependsOn[] = ecsNetworkdefaultfromshopecsNetworkdefaultDB694F1C9000',
        '- DependsOn[] = ecsNetworkdefaultfromshopecsNetworkdefaultDB694F1C8000',
        '+ DependsOn[] = ecsNetworkdefaultfromshopecsNetworkdefaultDB694F1C9000',
        '- Image = example.com/web-image:TAG',
        '+ Image = example.com/web-image:TAG',
        '- DependsOn[] = ecsNetworkdefaultfromshopecsNetworkdefaultDB694F1C8000',
        '+ DependsOn[] = ecsNetworkdefaultfromshopecsNetworkdefaultDB694F1C9000',
      ],
      [TERRAFORM]: [
        `- command[] = ${probe(8000)}`,
        `+ command[] = ${probe(9000)}`,
        ...NEW_IN_TERRAFORM,
        '- containerPort = 8000',
        '- hostPort = 8000',
        '- name = api-8000',
        '+ containerPort = 9000',
        '+ hostPort = 9000',
        '+ name = api-9000',
        '- image = example.com/web-image:TAG',
        '+ image = example.com/web-image:TAG',
        '- port = 8000',
        '- discovery_name = api_8000',
        '- port_name = api-8000',
        '+ port = 9000',
        '+ discovery_name = api_9000',
        '+ port_name = api-9000',
        '- description = Port 8000 between members of default',
        '- from_port = 8000',
        '- ip_protocol = tcp',
        '- referenced_security_group_id = ${aws_security_group.shop_network-default.id}',
        '- security_group_id = ${aws_security_group.shop_network-default.id}',
        '- to_port = 8000',
        '+ description = Port 9000 between members of default',
        '+ from_port = 9000',
        '+ ip_protocol = tcp',
        '+ referenced_security_group_id = ${aws_security_group.shop_network-default.id}',
        '+ security_group_id = ${aws_security_group.shop_network-default.id}',
        '+ to_port = 9000',
      ],
      [DOCKER]: [
        `- test[] = ${probe(8000)}`,
        `+ test[] = ${probe(9000)}`,
        ...NEW_ON_DOCKER,
        '- context = ${path.module}/contexts/web-image-TAG',
        '+ context = ${path.module}/contexts/web-image-TAG',
        '- name = shop-web-image:TAG',
        '+ name = shop-web-image:TAG',
      ],
      // of the health check, the image and the service
      [MANIFEST]: ['- "port": 8000', '+ "port": 9000', '- 8000', '+ 9000', '- 8000', '+ 9000'],
    });
  });

  test('writable path: made by the image, mounted by who runs it', () => {
    expect(changedBy({ stage: stage => stage.writablePath({ path: '/srv/cache', sizeMebibytes: 64 }) })).toEqual({
      [DOCKERFILE]: [
        '+ WORKDIR /srv-cache/cache',
        '+ COPY --from=directories /empty /srv',
        '+ COPY --from=directories --chown=65532:65532 --chmod=0700 /srv-cache /srv',
      ],
      [COMPOSE]: [
        '- tmpfs: ["/tmp:uid=65532,gid=65532,mode=1777", "/home/nonroot:uid=65532,gid=65532,mode=0700"]',
        '+ tmpfs:',
        '+ - /tmp:uid=65532,gid=65532,mode=1777',
        '+ - /home/nonroot:uid=65532,gid=65532,mode=0700',
        '+ - /srv/cache:uid=65532,gid=65532,mode=0700,size=64m',
      ],
      [KUBERNETES]: [...NEW_TAG, '+ - name: srv-cache', '+ mountPath: /srv/cache', '+ - name: srv-cache', '+ emptyDir:', '+ medium: Memory', '+ sizeLimit: 64Mi'],
      [ECS]: [
        ...NEW_ON_ECS,
        '+ ContainerPath = /srv/cache',
        '+ MountOptions[] = uid=65532',
        '+ MountOptions[] = gid=65532',
        '+ MountOptions[] = mode=0700',
        '+ MountOptions[] = nosuid',
        '+ MountOptions[] = nodev',
        '+ MountOptions[] = noexec',
        '+ Size = 64',
      ],
      [TERRAFORM]: [
        ...NEW_IN_TERRAFORM,
        '+ containerPath = /srv/cache',
        '+ mountOptions[] = uid=65532',
        '+ mountOptions[] = gid=65532',
        '+ mountOptions[] = mode=0700',
        '+ mountOptions[] = nosuid',
        '+ mountOptions[] = nodev',
        '+ mountOptions[] = noexec',
        '+ size = 64',
      ],
      [DOCKER]: ['+ /srv/cache = uid=65532,gid=65532,mode=0700,size=64m', ...NEW_ON_DOCKER],
      [MANIFEST]: ['+ },', '+ {', '+ "path": "/srv/cache",', '+ "sizeMebibytes": 64'],
    });
  });

  test('stop signal: what engines send; Kubernetes takes it from the image', () => {
    expect(changedBy({ stage: stage => stage.stopSignal('SIGINT') })).toEqual({
      [DOCKERFILE]: ['- STOPSIGNAL SIGTERM', '+ STOPSIGNAL SIGINT'],
      [COMPOSE]: ['- stop_signal: SIGTERM', '+ stop_signal: SIGINT'],
      [KUBERNETES]: NEW_TAG,
      [ECS]: NEW_ON_ECS,
      [TERRAFORM]: NEW_IN_TERRAFORM,
      [DOCKER]: ['- stop_signal = SIGTERM', '+ stop_signal = SIGINT', ...NEW_ON_DOCKER],
      [MANIFEST]: ['- "stopSignal": "SIGTERM",', '+ "stopSignal": "SIGINT",'],
    });
  });

  test('graceful timeout: how long the server has, and who waits for it', () => {
    const command = (seconds: number) => `CMD ["--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/tmp", "--graceful-timeout", "${seconds}", "app:app"]`;
    expect(changedBy({ gunicorn: { gracefulTimeoutSeconds: 60 } })).toEqual({
      [DOCKERFILE]: [`- ${command(30)}`, `+ ${command(60)}`],
      [COMPOSE]: ['- stop_grace_period: 35s', '+ stop_grace_period: 1m5s'],
      // and five seconds in which requests still come: preStop
      [KUBERNETES]: ['- terminationGracePeriodSeconds: 40', '+ terminationGracePeriodSeconds: 70', ...NEW_TAG],
      [ECS]: [...NEW_ON_ECS, '- StopTimeout = 35', '+ StopTimeout = 65'],
      [TERRAFORM]: [...NEW_IN_TERRAFORM, '- stopTimeout = 35', '+ stopTimeout = 65'],
      [DOCKER]: [
        '- destroy_grace_seconds = 35',
        '+ destroy_grace_seconds = 65',
        '- stop_timeout = 35',
        '+ stop_timeout = 65',
        ...NEW_ON_DOCKER,
      ],
      [MANIFEST]: ['- "gracefulTimeoutSeconds": 30,', '+ "gracefulTimeoutSeconds": 60,', '- "stopGraceSeconds": 35,', '+ "stopGraceSeconds": 65,'],
    });
  });

  test('health check: what is asked, and how often', () => {
    const check = { http: { port: 8000, path: '/up' }, intervalSeconds: 20, timeoutSeconds: 4, retries: 5, startPeriodSeconds: 60 };
    const probe = (timeout: number, path: string) => (
      `import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=${timeout}); c.request('GET', '${path}'); raise SystemExit(c.getresponse().status >= 400)`
    );
    expect(changedBy({ stage: stage => stage.healthCheck(check) })).toEqual({
      [DOCKERFILE]: [
        '- HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \\',
        `- CMD ["/venv/bin/python", "-IS", "-c", "${probe(3, '/healthz')}"]`,
        '+ HEALTHCHECK --interval=20s --timeout=4s --start-period=1m --start-interval=1s --retries=5 \\',
        `+ CMD ["/venv/bin/python", "-IS", "-c", "${probe(4, '/up')}"]`,
      ],
      [COMPOSE]: [
        `- - ${probe(3, '/healthz')}`,
        '- interval: 10s',
        '- timeout: 3s',
        '- retries: 3',
        '- start_period: 30s',
        `+ - ${probe(4, '/up')}`,
        '+ interval: 20s',
        '+ timeout: 4s',
        '+ retries: 5',
        '+ start_period: 1m',
      ],
      [KUBERNETES]: [
        ...NEW_TAG,
        // startup: each second of the start
        '- path: /healthz',
        '+ path: /up',
        '- timeoutSeconds: 3',
        '- failureThreshold: 30',
        '+ timeoutSeconds: 4',
        '+ failureThreshold: 60',
        ...['readiness', 'liveness'].flatMap(() => [
          '- path: /healthz',
          '+ path: /up',
          '- periodSeconds: 10',
          '- timeoutSeconds: 3',
          '- failureThreshold: 3',
          '+ periodSeconds: 20',
          '+ timeoutSeconds: 4',
          '+ failureThreshold: 5',
        ]),
      ],
      [ECS]: [
        `- Command[] = ${probe(3, '/healthz')}`,
        '- Interval = 10',
        '- Retries = 3',
        '- StartPeriod = 30',
        '- Timeout = 3',
        '- Image = example.com/api-image:TAG',
        `+ Command[] = ${probe(4, '/up')}`,
        '+ Interval = 20',
        '+ Retries = 5',
        '+ StartPeriod = 60',
        '+ Timeout = 4',
        '+ Image = example.com/api-image:TAG',
      ],
      [TERRAFORM]: [
        `- command[] = ${probe(3, '/healthz')}`,
        '- interval = 10',
        '- retries = 3',
        '- startPeriod = 30',
        '- timeout = 3',
        '- image = example.com/api-image:TAG',
        `+ command[] = ${probe(4, '/up')}`,
        '+ interval = 20',
        '+ retries = 5',
        '+ startPeriod = 60',
        '+ timeout = 4',
        '+ image = example.com/api-image:TAG',
      ],
      [DOCKER]: [
        '- interval = 10s',
        '- retries = 3',
        '+ interval = 20s',
        '+ retries = 5',
        '- start_period = 30s',
        '+ start_period = 1m0s',
        `- test[] = ${probe(3, '/healthz')}`,
        '- timeout = 3s',
        `+ test[] = ${probe(4, '/up')}`,
        '+ timeout = 4s',
        '- wait_timeout = 82',
        '+ wait_timeout = 204',
        ...NEW_ON_DOCKER,
      ],
      [MANIFEST]: [
        '- "path": "/healthz",',
        '+ "path": "/up",',
        '- "intervalSeconds": 10,',
        '- "retries": 3,',
        '- "startPeriodSeconds": 30,',
        '- "timeoutSeconds": 3',
        '+ "intervalSeconds": 20,',
        '+ "retries": 5,',
        '+ "startPeriodSeconds": 60,',
        '+ "timeoutSeconds": 4',
      ],
    });
  });

  test('architecture: where it is built and run, and not how', () => {
    expect(changedBy({ architecture: Architecture.ARM64 })).toEqual({
      [COMPOSE]: ['+ platform: linux/arm64'],
      [KUBERNETES]: ['+ nodeSelector:', '+ kubernetes.io/arch: arm64', ...NEW_TAG],
      [ECS]: [...NEW_ON_ECS, '- CpuArchitecture = X86_64', '+ CpuArchitecture = ARM64'],
      [TERRAFORM]: [...NEW_IN_TERRAFORM, '- cpu_architecture = X86_64', '+ cpu_architecture = ARM64'],
      [DOCKER]: [
        '- context = ${path.module}/contexts/api-image-TAG',
        '+ context = ${path.module}/contexts/api-image-TAG',
        '+ platform = linux/arm64',
        '- name = shop-api-image:TAG',
        '+ name = shop-api-image:TAG',
        '+ platform = linux/arm64',
      ],
      [MANIFEST]: ['+ "architecture": "arm64",'],
    });
  });
});

describe('a fact that no Dockerfile has', () => {
  const before = other({ handlesStopSignal: true, stopGraceSeconds: 20 });
  const changedBy = (props: MultiStageBuildProps) => changes(before, other({ handlesStopSignal: true, stopGraceSeconds: 20, ...props }));

  test('whether it ends on its signal as process 1: something does it for it', () => {
    expect(changedBy({ handlesStopSignal: false })).toEqual({
      [COMPOSE]: ['+ init: true'],
      [KUBERNETES]: ['+ shareProcessNamespace: true'],
      [ECS]: ['- InitProcessEnabled = false', '+ InitProcessEnabled = true'],
      [TERRAFORM]: ['+ initProcessEnabled = true'],
      [DOCKER]: ['+ init = true'],
      [MANIFEST]: ['- "handlesStopSignal": true,', '+ "handlesStopSignal": false,'],
    });
  });

  test('grace: who waits for it', () => {
    expect(changedBy({ stopGraceSeconds: 90 })).toEqual({
      [COMPOSE]: ['- stop_grace_period: 20s', '+ stop_grace_period: 1m30s'],
      [KUBERNETES]: ['- terminationGracePeriodSeconds: 25', '+ terminationGracePeriodSeconds: 95'],
      [ECS]: ['- StopTimeout = 20', '+ StopTimeout = 90'],
      [TERRAFORM]: ['- stopTimeout = 20', '+ stopTimeout = 90'],
      [DOCKER]: [
        '- destroy_grace_seconds = 20',
        '+ destroy_grace_seconds = 90',
        '- stop_timeout = 20',
        '+ stop_timeout = 90',
      ],
      [MANIFEST]: ['- "stopGraceSeconds": 20,', '+ "stopGraceSeconds": 90,'],
    });
  });

  test('interpreter: a check that is carried out inside the container, and those that wait for it', () => {
    const probe = "import socket; socket.create_connection(('127.0.0.1', 8000), 3)";
    expect(changedBy({ interpreter: '/usr/local/bin/python3' })).toEqual({
      [DOCKERFILE]: [
        '+ HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s --retries=3 \\',
        `+ CMD ["/usr/local/bin/python3", "-IS", "-c", "${probe}"]`,
      ],
      [COMPOSE]: [
        '+ healthcheck:',
        '+ test:',
        '+ - CMD',
        '+ - /usr/local/bin/python3',
        '+ - -IS',
        '+ - -c',
        `+ - ${probe}`,
        '+ interval: 10s',
        '+ timeout: 3s',
        '+ retries: 3',
        '+ start_period: 30s',
        '+ start_interval: 1s',
        ...['client', 'web'].flatMap(() => ['- condition: service_started', '+ condition: service_healthy']),
      ],
      // a kubelet connects from outside, before and after
      [KUBERNETES]: NEW_TAG,
      [ECS]: [
        '- Image = example.com/api-image:TAG',
        '+ Command[] = CMD',
        '+ Command[] = /usr/local/bin/python3',
        '+ Command[] = -IS',
        '+ Command[] = -c',
        `+ Command[] = ${probe}`,
        '+ Interval = 10',
        '+ Retries = 3',
        '+ StartPeriod = 30',
        '+ Timeout = 3',
        '+ Image = example.com/api-image:TAG',
      ],
      [TERRAFORM]: [
        '- image = example.com/api-image:TAG',
        '+ command[] = CMD',
        '+ command[] = /usr/local/bin/python3',
        '+ command[] = -IS',
        '+ command[] = -c',
        `+ command[] = ${probe}`,
        '+ interval = 10',
        '+ retries = 3',
        '+ startPeriod = 30',
        '+ timeout = 3',
        '+ image = example.com/api-image:TAG',
      ],
      [DOCKER]: [
        '+ interval = 10s',
        '+ retries = 3',
        '+ start_interval = 1s',
        '+ start_period = 30s',
        '+ test[] = CMD',
        '+ test[] = /usr/local/bin/python3',
        '+ test[] = -IS',
        '+ test[] = -c',
        `+ test[] = ${probe}`,
        '+ timeout = 3s',
        '+ wait = true',
        '+ wait_timeout = 82',
        ...NEW_ON_DOCKER,
      ],
      // a loss less
      [MANIFEST]: [
        '+ "interpreter": "/usr/local/bin/python3",',
        '- {',
        '- "declared": "health check",',
        '- "instead": "none: compose runs it inside the container, where this image has no interpreter; services that wait for it wait until it has started",',
        '- "path": "shop/api",',
        '- "target": "compose"',
        '- },',
      ],
    });
  });
});
