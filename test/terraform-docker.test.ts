/** An application on one machine by Terraform's docker provider, as hosts write it; what it does on an engine is in test/e2e. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import { Construct } from 'constructs';
import { appWith, declareShop, filesUnder, FLASK_SOURCE, folder } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { golden } from './golden';
import { refusesAtOnce } from './refuses';
import {
  Application, BaseImage, Checks, Config, EnvValue, HealthCheck, type ImageFacts, Job, type Loss, Mount, MultiStageBuild, Network, RegistryImage,
  Restart, Secret, Service, Stage, terraform, Volume,
} from 'cdk-wheelhouse';

/** The two hosts, as one of them is typed. */
const HOSTS: [name: string, host: typeof cdktn][] = [['cdktn', cdktn], ['cdktf', cdktf as unknown as typeof cdktn]];
const FACTS: ImageFacts = { userId: 1000, groupId: 1000, ports: [8000], writablePaths: [], handlesStopSignal: true };

class OwnProvider extends cdktn.TerraformProvider {}

type Declare = (application: Application) => unknown;
type Props = Omit<terraform.DockerApplicationProps, 'application'>;

/** A stack `machine` with what is declared, whose host writes beside the source tree. */
function stackWith(declare: Declare, props: Props = {}, files = FULL_SOURCE as Record<string, string>, host = cdktn, outdir = join(folder(), 'cdktf.out')) {
  const { application, root } = appWith(files);
  declare(application);
  const app = new host.App({ outdir });
  const stack = new host.TerraformStack(app, 'machine');
  const made = new terraform.DockerApplication(stack, 'shop', { application, ...props });
  const written = () => {
    app.synth();
    return JSON.parse(readFileSync(join(outdir, 'stacks/machine/cdk.tf.json'), 'utf8'));
  };
  return { application, root, app, stack, made, written, outdir };
}

/** Resources of a type, without the host's notes, by the ids of their constructs. */
function resources(document: any, type: string): Record<string, any> {
  return Object.fromEntries(Object.values<any>(document.resource[type] ?? {}).map(({ '//': notes, ...attributes }) => [notes.metadata.path.split('/').at(-1), attributes]));
}

function plain(application: Application, props: Partial<ConstructorParameters<typeof Service>[2]> = {}): Service {
  return new Service(application, 'api', { image: new RegistryImage(application, 'image', { reference: 'example.com/api:1', facts: FACTS }), ...props });
}

describe('An application on one machine', () => {
  test.each(HOSTS)('is written by %s as by the other, whatever it uses', (_, host) => {
    const [one, other] = [host, cdktn].map(each => {
      const { written, outdir } = stackWith(declareEverything, {}, FULL_SOURCE, each);
      const { '//': notes, terraform: { required_providers: providers }, ...document } = written();
      const { 'cdk.tf.json': file, ...beside } = filesUnder(join(outdir, 'stacks/machine'));
      return { document, providers, beside };
    });
    expect(one).toEqual(other);
    expect(one.providers).toEqual({ docker: { source: 'kreuzwerker/docker', version: '>= 4.0.0, < 5.0.0' } });
    expect(Object.keys(one.document.resource.docker_container)).toHaveLength(6);
  });

  test('is a file to read', () => {
    const { written } = stackWith(application => {
      const image = new RegistryImage(application, 'image', { reference: 'example.com/api:1', facts: { ...FACTS, writablePaths: [{ path: '/tmp', mode: '1777' }, { path: '/data', data: true }], stopSignal: 'SIGINT' } });
      const volumes = [{ volume: new Volume(application, 'data'), path: '/data' }];
      new Service(application, 'api', {
        image,
        volumes,
        publish: 8120,
        secrets: [new Secret(application, 'api-token')],
        environment: { LEVEL: EnvValue.deployer('LEVEL', { defaultValue: 'info' }), TEXT: '${x} %{y} $' },
        healthCheck: HealthCheck.command(['true'], { startPeriodSeconds: 90 }),
      });
    });
    golden('terraform-docker.tf.json', `${JSON.stringify(written(), (key, value) => key === '//' || key === 'backend' ? undefined : value, 2)}\n`);
  });

  test('refers to what it is made of, and to nothing else', () => {
    const document = stackWith(declareEverything).written();
    const texts = JSON.stringify(document.resource);
    const asked = [...texts.matchAll(/(docker_(?:image|network|volume|container))\.([\w-]+)/g)];
    expect(asked.length).toBeGreaterThan(15);
    for (const [, type, name] of asked) expect(document.resource[type]).toHaveProperty([name]);
    for (const [, name] of texts.matchAll(/var\.([\w-]+)/g)) expect(document.variable).toHaveProperty([name]);
  });

  test('hands its attributes over to another stack', () => {
    for (const [, host] of HOSTS) {
      const { app, made, written, outdir } = stackWith(declareShop, {}, FLASK_SOURCE, host);
      const other = new host.TerraformStack(app, 'other');
      new host.TerraformOutput(other, 'image', { value: made.service('api').image.getStringAttribute('image_id') });
      const document = written();
      const [output] = Object.keys(document.output);
      expect(document.output[output].value).toMatch(/^\$\{docker_image\.shop_image-api-image_\w+\.image_id\}$/);
      expect(JSON.parse(readFileSync(join(outdir, 'stacks/other/cdk.tf.json'), 'utf8')).output.image.value)
        .toMatch(new RegExp(`^\\$\\{data\\.terraform_remote_state\\.[\\w-]+\\.outputs\\.${output}\\}$`));
    }
  });

  test('is built from contexts with exactly what the build reads, and the Dockerfile that our App writes', () => {
    const { app, application, outdir: own } = appWith(FLASK_SOURCE);
    declareShop(application);
    app.synth();
    const { written, outdir } = stackWith(declareShop, {}, { ...FLASK_SOURCE, 'unread.txt': '' });
    const { build: [{ context, dockerfile }], lifecycle } = resources(written(), 'docker_image')['image-api-image'];
    expect(lifecycle).toEqual({ create_before_destroy: true });
    const files = filesUnder(join(outdir, 'stacks/machine', context.replace('${path.module}/', '')));
    expect(Object.keys(files)).toEqual(['Dockerfile', 'Dockerfile.dockerignore', 'app/app.py', 'app/requirements.txt']);
    expect(files[dockerfile]).toBe(readFileSync(join(own, 'shop/images/api-image/Dockerfile'), 'utf8'));
  });

  test('may be in the tree of the stack, below a construct of its own', () => {
    const root = folder(FLASK_SOURCE);
    const before = process.cwd();
    process.chdir(root);
    try {
      const app = new cdktn.App({ outdir: join(root, 'cdktf.out') });
      const stack = new cdktn.TerraformStack(app, 'machine');
      const application = new Application(new Construct(stack, 'group'), 'shop');
      declareShop(application);
      new terraform.DockerApplication(new Construct(stack, 'machine'), 'shop', { application });
      app.synth();
      const inTree = JSON.parse(readFileSync(join(root, 'cdktf.out/stacks/machine/cdk.tf.json'), 'utf8'));
      expect(resources(inTree, 'docker_image')).toEqual(resources(stackWith(declareShop, {}, FLASK_SOURCE).written(), 'docker_image'));
    } finally {
      process.chdir(before);
    }
  });

  test('leaves it to the provider of the stack where that comes from', () => {
    const { application, stack, written } = stackWith(declareShop, {}, FLASK_SOURCE);
    new OwnProvider(stack, 'docker', { terraformResourceType: 'docker', terraformProviderSource: 'mirror.example.com/team/docker', terraformGeneratorMetadata: { providerName: 'docker', providerVersion: '4.6.0' } });
    new terraform.DockerApplication(stack, 'later', { application, project: 'later' });
    expect(written().terraform.required_providers).toEqual({ docker: { source: 'mirror.example.com/team/docker', version: '4.6.0' } });
  });

  test('can be made once more, under other names', () => {
    const { application, stack, written } = stackWith(declareShop, {}, FLASK_SOURCE);
    new terraform.DockerApplication(stack, 'staging', { application, project: 'shop-staging' });
    const names = Object.values<any>(written().resource.docker_container).map(({ name }) => name).sort();
    expect(names).toEqual(['api', 'web'].flatMap(id => [`shop-${id}-\${count.index + 1}`, `shop-staging-${id}-\${count.index + 1}`]).sort());
  });
});

describe('What whoever applies says', () => {
  const declare: Declare = application => plain(application, {
    secrets: [new Secret(application, 'db-password'), new Secret(application, 'token', { file: 'local/token.txt' })],
    environment: { LEVEL: EnvValue.deployer('LEVEL', { defaultValue: 'in${fo %{' }), SITE: EnvValue.deployer('SITE') },
  });

  test('are variables: defaults are those that were declared, and files in the source tree where the host writes into it', () => {
    const { root, application } = appWith();
    declare(application);
    const app = new cdktn.App({ outdir: join(root, 'cdktf.out') });
    new terraform.DockerApplication(new cdktn.TerraformStack(app, 'machine'), 'shop', { application });
    app.synth();
    const inside = JSON.parse(readFileSync(join(root, 'cdktf.out/stacks/machine/cdk.tf.json'), 'utf8')).variable;
    const defaults = (variables: Record<string, any>) => Object.fromEntries(Object.keys(variables).map(name => [name, variables[name].default]));
    expect(defaults(inside)).toEqual({ LEVEL: 'in${fo %{', SITE: undefined, db_password_file: '../../../secrets/db-password', token_file: '../../../local/token.txt' });
    expect(defaults(stackWith(declare).written().variable)).toEqual({ LEVEL: 'in${fo %{', SITE: undefined, db_password_file: undefined, token_file: undefined });
  });

  test('can be given as values of the stack', () => {
    const { application } = appWith();
    declare(application);
    const app = new cdktn.App({ outdir: join(folder(), 'out') });
    const stack = new cdktn.TerraformStack(app, 'machine');
    const level = new cdktn.TerraformVariable(stack, 'log-level', {});
    const made = new terraform.DockerApplication(stack, 'shop', {
      application, environment: { LEVEL: `${level.stringValue}-\${x}`, SITE: 'example.com' }, secrets: { 'db-password': '/run/${x}', 'token': level.stringValue },
    });
    app.synth();
    const document = JSON.parse(readFileSync(join(app.outdir, 'stacks/machine/cdk.tf.json'), 'utf8'));
    expect(Object.keys(document.variable)).toEqual(['log-level']);
    const { env, mounts } = resources(document, 'docker_container')[made.service('api').container.node.id];
    expect(env).toEqual(['LEVEL=${var.log-level}-$${x}', 'SITE=example.com']);
    expect(mounts.map(({ source }: any) => source)).toEqual(['/run/$${x}', '${var.log-level}']);
  });

  refusesAtOnce('a variable of a name that the stack has already',
    "machine/shop: the stack has a variable 'SITE' already; say what this one is: environment: { SITE: … } [VARIABLE_TWICE]",
    () => besides(declare, {}), () => besides(declare, { environment: { SITE: 'example.com' } }));

  function besides(declared: Declare, props: Props): void {
    const { application } = appWith();
    declared(application);
    const stack = new cdktn.TerraformStack(new cdktn.App({ outdir: join(folder(), 'out') }), 'machine');
    new cdktn.TerraformVariable(stack, 'SITE', {});
    new terraform.DockerApplication(stack, 'shop', { application, ...props });
  }
});

describe('Refused at once', () => {
  const secret: Declare = application => plain(application, { secrets: [new Secret(application, 'token')], environment: { SITE: EnvValue.deployer('SITE') } });

  refusesAtOnce('outside a stack', "shop: it is not in a TerraformStack; declare it in one: new TerraformStack(app, 'shop') [STACK_MISSING]",
    () => new terraform.DockerApplication(new cdktn.App({ outdir: join(folder(), 'out') }), 'shop', { application: appWith().application }), () => stackWith(declareShop));
  refusesAtOnce('a project that is no name', "project 'My shop' is no DNS label; use up to 63 of a-z, 0-9 and '-', such as 'shop' [DOCKER_PROJECT]",
    () => stackWith(declareShop, { project: 'My shop' }), () => stackWith(declareShop, { project: 'my-shop' }));
  refusesAtOnce('a secret that there is not', "the application has no secret 'tokn'; it has 'token' [DOCKER_UNDECLARED]",
    () => stackWith(secret, { secrets: { tokn: '/x' } }), () => stackWith(secret, { secrets: { token: '/x' } }));
  refusesAtOnce('a variable that there is not', "the application has no variable of whoever deploys 'SIT'; it has 'SITE' [DOCKER_UNDECLARED]",
    () => stackWith(secret, { environment: { SIT: 'x' } }), () => stackWith(secret, { environment: { SITE: 'x' } }));
  refusesAtOnce('a file that is nowhere', "path 'x/token' of secret 'token' is not absolute; begin it with '/', or give a reference of the stack [DOCKER_SECRET_PATH]",
    () => stackWith(secret, { secrets: { token: 'x/token' } }), () => stackWith(secret, { secrets: { token: '/x/token' } }));
  refusesAtOnce('to answer for a service that there is not', "machine/shop: 'shop' has no service 'migrate' here; it has 'api', 'web' [DOCKER_RESOURCE]",
    () => stackWith(declareShop).made.service('migrate'), () => stackWith(declareShop).made.service('web'));
  refusesAtOnce('to answer for a job that there is not', "machine/shop: 'shop' has no job 'api' here; it has none [DOCKER_RESOURCE]",
    () => stackWith(declareShop).made.job('api'), () => stackWith(declareEverything).made.job('migrate'));

  /** With the root of the source tree, which is new each time, left out. */
  function faults(declare: Declare): string[] {
    try {
      stackWith(declare);
    } catch (error) {
      return (error as Error).message.replace(/ \(root: \S+\)/, '').split('\n');
    }
    return [];
  }

  test('what is wrong with the application, all of it together', () => {
    const inside = (internal: boolean): Declare => application => plain(application, {
      command: internal ? ['serve', ''] : ['serve'], publish: 8120, networks: [new Network(application, 'back', { internal })],
    });
    expect(faults(inside(true))).toEqual([
      '2 faults, nothing was made',
      "  shop/api: a word of its command is empty, which Terraform's docker provider cannot say; leave the word out, or write what stands for it"
      + ' (https://github.com/kreuzwerker/terraform-provider-docker/blob/master/internal/provider/resource_docker_container_funcs.go) [EMPTY_WORD]',
      '  shop/api: port 8120 is published, and all of its networks are internal: back; let it join one that is not, of its own or of a service that it routes to'
      + ' (https://docs.docker.com/reference/cli/docker/network/create/#internal) [PUBLISHED_INSIDE]',
    ]);
    expect(faults(inside(false))).toEqual([]);
  });

  test('a change of what has been made', () => {
    const { application } = stackWith(declareShop);
    expect(() => new Network(application, 'late')).toThrow(
      new Error("shop: 'machine/shop' has already been made of 'shop', and would not follow a change; declare it before that [FROZEN]"));
    const { application: wrong } = appWith();
    plain(wrong, { command: [''] });
    expect(() => new terraform.DockerApplication(new cdktn.TerraformStack(new cdktn.App({ outdir: join(folder(), 'out') }), 'machine'), 'shop', { application: wrong })).toThrow(/EMPTY_WORD/);
    expect(() => new Network(wrong, 'late')).not.toThrow();
  });
});

describe('What the provider has no word for', () => {
  test('is a loss, and an annotation of the stack, as findings are', () => {
    for (const [, host] of HOSTS) {
      const { made, written, outdir } = stackWith(declareEverything, {}, FULL_SOURCE, host);
      written();
      expect(made.losses.map(({ target, path, declared, instead }: Loss) => [target, path, declared, instead])).toEqual([
        ['api-image', "SSH agent 'default' of the build", 'none: the provider hands no agent to a build; build the image elsewhere where it cannot do without'],
        ['admin', 'start on demand (profile admin, debug)', 'made, and started by hand: docker start shop-admin-1 shop-admin-2'],
        ['api', 'at most 200 processes', "the engine's limit: the provider has no word for it"],
        ['migrate', '2 more tries when it fails', 'none: the apply fails, and says how it runs again'],
        ['nightly', "a process that runs at '0 3 * * *'", 'a container that a clock of yours starts: docker start --attach shop-nightly-1'],
        ['worker', '2 to 10 containers', '2, whatever the load'],
        ['media', 'room for 20 GiB', 'what the disk of the engine has left'],
      ].map(([id, ...rest]) => ['terraform docker', `shop/${id}`, ...rest]));
      const { annotations } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')).stacks.machine;
      const said = annotations.map(({ level, message }: any) => `${level} ${message}`);
      expect(said).toContain('@cdktf/warn shop/worker: 2 to 10 containers: 2, whatever the load');
      expect(said.filter((line: string) => line.startsWith('@cdktf/info shop/api-image: ') && line.endsWith('[ROLLING_BASE]'))).toHaveLength(1);
      expect(said).toHaveLength(made.losses.length + made.findings.length);
    }
  });

  test('is a loss of the rest', () => {
    const { made } = stackWith(application => {
      const tool = new MultiStageBuild(application, 'tool', { handlesStopSignal: true });
      const stage = new Stage(tool, 'one', { base: BaseImage.debian({ release: 'bookworm' }), output: true });
      stage.runShell('true', { mounts: [Mount.secret('index-token')] });
      stage.user(1000, 1000);
      stage.entrypoint(['/x']);
      const bare = plain(application, { healthCheck: HealthCheck.tcp(8000), profiles: ['debug'] });
      new Service(application, 'tool-service', { image: tool, dependsOn: [bare] });
      Checks.acknowledge(application, 'DEPENDS_ON_DEMAND', 'it reconnects');
    });
    expect(made.losses.map(({ path, declared, instead }: Loss) => [path, declared, instead])).toEqual([
      ['shop/tool', "secret 'index-token' of the build", "none: declare it, new Secret(application, 'index-token'), and it is given to the build"],
      ['shop/api', 'health check', 'none: the engine runs it inside the container, where this image has no interpreter; what waits for the service waits until it has started'],
      ['shop/api', 'start on demand (profile debug)', 'made, and started by hand: docker start shop-api-1'],
      ['shop/tool-service', "start after 'api'", "none: 'api' is made, and started by hand"],
    ]);
  });
});

describe('A container', () => {
  test('is started again as it was declared', () => {
    const restart = (kind?: Restart) => {
      const { written } = stackWith(application => plain(application, { restart: kind }));
      const { restart: policy, must_run: mustRun } = resources(written(), 'docker_container')['container-api'];
      return [policy, mustRun];
    };
    expect([undefined, Restart.ON_FAILURE, Restart.NEVER].map(restart)).toEqual([['unless-stopped', undefined], ['on-failure', false], ['no', false]]);
  });

  test('says how long a check takes as the provider reads it back', () => {
    const { written } = stackWith(application => plain(application, { healthCheck: HealthCheck.command(['true'], { intervalSeconds: 3600, timeoutSeconds: 60, startPeriodSeconds: 0 }) }));
    const { healthcheck, wait_timeout: timeout } = resources(written(), 'docker_container')['container-api'];
    expect(healthcheck).toEqual([{ test: ['CMD', 'true'], interval: '1h0m0s', timeout: '1m0s', retries: 3 }]);
    expect(timeout).toBe(4 * 3660);
  });

  test('of a job runs to its end, of which the apply depends; of one that a clock starts it is made only', () => {
    const { written } = stackWith(application => {
      const image = new RegistryImage(application, 'image', { reference: 'example.com/api:1', facts: FACTS });
      const [once] = [undefined, '0 3 * * *'].map(schedule => new Job(application, schedule === undefined ? 'once' : 'nightly', { image, schedule, retries: 2 }));
      new Service(application, 'api', { image, dependsOn: [once] });
    });
    const { 'container-once': once, 'container-nightly': nightly, 'container-api': api } = resources(written(), 'docker_container');
    expect(once).toMatchObject({ attach: true, must_run: false, restart: 'no', lifecycle: { postcondition: [{ condition: '${self.exit_code == 0}' }] } });
    const [{ error_message: message }] = once.lifecycle.postcondition;
    expect(message).toBe("Job 'once' has failed: see 'docker logs shop-once-1'. What did not change runs again with"
      + ` 'terraform apply -replace=${api.depends_on[0]}'.`);
    expect(nightly).toMatchObject({ start: false, must_run: false, restart: 'on-failure', max_retry_count: 2 });
    expect([nightly.attach, nightly.lifecycle]).toEqual([undefined, undefined]);
    expect(api.depends_on).toEqual([expect.stringMatching(/^docker_container\.shop_container-once_[0-9A-F]{8}$/)]);
  });

  test('has the limits, networks and debugger that were declared', () => {
    const document = stackWith(declareEverything).written();
    expect(resources(document, 'docker_network')).toEqual({
      'network-backnet': { name: 'shop_backnet', internal: true }, 'network-default': { name: 'shop_default' }, 'network-frontnet': { name: 'shop_frontnet' },
    });
    const { 'container-api': api, 'container-worker': worker } = resources(document, 'docker_container');
    expect(api).toMatchObject({ cpu_period: 100_000, cpu_quota: 150_000, cpu_shares: 256, memory: 512, memory_reservation: 128, lifecycle: { ignore_changes: ['memory_swap'] } });
    expect([worker.memory, worker.lifecycle]).toEqual([undefined, undefined]);
    const { written } = stackWith(application => new Service(application, 'api', {
      image: new RegistryImage(application, 'image', { reference: 'example.com/api:1', facts: { ...FACTS, development: { rebuildFiles: [], debuggerPort: 5678 } } }),
    }));
    expect(resources(written(), 'docker_container')['container-api'].ports).toEqual([{ internal: 5678, external: 5678, ip: '127.0.0.1' }]);
  });

  test('has the timings of the check of its image where it says none, as the engine has', () => {
    const check = { command: ['true'], intervalSeconds: 10, timeoutSeconds: 3, retries: 3 };
    const { written } = stackWith(application => {
      const image = new RegistryImage(application, 'image', { reference: 'example.com/api:1', facts: { ...FACTS, healthCheck: { ...check, startPeriodSeconds: 40 } } });
      new Service(application, 'api', { image, healthCheck: HealthCheck.command(['other'], { startPeriodSeconds: 0 }) });
    });
    expect(resources(written(), 'docker_container')['container-api'].healthcheck).toMatchObject([{ test: ['CMD', 'other'], start_period: '40s', start_interval: '1s' }]);
    const { 'container-migrate': migrate } = resources(stackWith(declareEverything).written(), 'docker_container');
    expect(migrate.healthcheck).toEqual([{ test: ['NONE'], interval: '10s', timeout: '3s', retries: 3, start_period: '30s', start_interval: '1s' }]);
  });

  test('has a config from a path that changes with its text', () => {
    const source = (text: string) => {
      const { written } = stackWith(application => plain(application, { configs: [{ config: new Config(application, 'settings', { text }), path: '/etc/x' }] }));
      return resources(written(), 'docker_container')['container-api'].mounts[0].source;
    };
    expect(source('a')).toMatch(/^\$\{abspath\("\$\{path\.module\}\/configs\/settings-[0-9a-f]{12}\/settings"\)\}$/);
    expect(source('a')).not.toBe(source('b'));
  });
});
