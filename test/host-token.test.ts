/** Values that aws-cdk and Terraform know only when they deploy: where they work, and where they are refused. Tokens are those of the real libraries. */
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { App as AwsApp, Fn, Lazy, Stack, Token } from 'aws-cdk-lib/core';
import { App as ClusterApp, Chart } from 'cdk8s';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import { appWith } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import { hostTokensIn } from '../lib/primitives/host-token';
import { planApplication } from '../lib/services/plan-application';
import {
  Application, BaseImage, ComposeFile, Config, EnvValue, FileTarget, HealthCheck, Job, kubernetes, KubernetesFile, MultiStageBuild,
  NginxDirective, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, RegistryImage, Route, Service, Stage,
  type ServiceProps, type TargetOutput,
} from 'cdk-wheelhouse';

const AWS_PAGE = 'https://docs.aws.amazon.com/cdk/v2/guide/tokens.html';
const TERRAFORM_PAGE = 'https://cdktn.io/docs/concepts/tokens';
const WAY_OUT = "write one that is known now, or give it to a service in 'environment' [HOST_TOKEN]";

const bucket = new CfnBucket(new Stack(new AwsApp(), 'stack'), 'bucket').ref;
const awsNumber = Token.asNumber({ Ref: 'Port' });
const ofCdktf = new cdktf.TerraformVariable(new cdktf.TerraformStack(new cdktf.App(), 'stack'), 'size', {});
const ofCdktn = new cdktn.TerraformVariable(new cdktn.TerraformStack(new cdktn.App(), 'stack'), 'size', {});
const words = Token.asList({ Ref: 'Words' });
const map = cdktf.Token.asStringMap({ map: true }) as Record<string, string>;
const keys = Object.keys(map);
const { stringValue: variable, numberValue: terraformNumber } = ofCdktf;

describe('A token', () => {
  test.each([
    ['a reference', bucket],
    ['a lazy text', Lazy.string({ produce: () => 'later' })],
    ['a function', Fn.join('-', ['a', bucket])],
    ['a part of a text', `arn:aws:s3:::${bucket}/*`],
    ['a number', awsNumber],
    ['a lazy number', Lazy.number({ produce: () => 1 })],
    ['a number in a text', `postgres://db:${awsNumber}/shop`],
    ['a list', Token.asList({ Ref: 'Names' })],
  ])('of aws-cdk is seen in %s', (_, value) => expect(hostTokensIn({ list: [{ value }] }).map(({ host }) => host)).toEqual(['aws-cdk']));

  describe.each([['cdktf', cdktf as unknown as typeof cdktn, ofCdktf], ['cdktn', cdktn, ofCdktn]] as const)('of %s', (_, { Fn: functions, Lazy: lazy, Token: tokens }, given) => {
    test.each<[string, unknown]>([
      ['a variable', given.stringValue],
      ['an address', given.fqn],
      ['a lazy text', lazy.stringValue({ produce: () => 'later' })],
      ['a function', functions.upper(given.stringValue)],
      ['a part of a text', `arn:aws:s3:::${given.stringValue}/*`],
      ['a number', given.numberValue],
      ['a number in a text', `postgres://db:${given.numberValue}/shop`],
      ['a list', given.listValue],
      ['a map', tokens.asStringMap({ map: true })],
    ])('is seen in %s', (__, value) => expect(hostTokensIn({ list: [{ value }] }).map(({ host }) => host)).toEqual(['Terraform']));
  });

  test.each<[string, unknown]>([
    ['a variable of a shell', '${BUCKET} $BUCKET ${BUCKET:-a} ${Token} ${#Token[@]} ${Token[0]'],
    ['a variable of Terraform', '${var.bucket} ${aws_s3_bucket.media.id}'],
    ['numbers', [0, -1, 65535, -1e300, Number.MIN_SAFE_INTEGER, NaN, -Infinity]],
    ['nothing', [undefined, null, {}, []]],
  ])('is not seen in %s', (_, value) => expect(hostTokensIn(value)).toEqual([]));
});

/** An application in a tree without a file target. */
function planned(environment: Record<string, string | EnvValue>) {
  const { application } = appWith();
  const image = flask(application);
  new Service(application, 'api', { image, environment });
  new Job(application, 'migrate', { image, environment });
  return planApplication(application);
}

function flask(application: Application) {
  return new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
}

function service(application: Application, props: Partial<ServiceProps> = {}) {
  return new Service(application, 'api', { image: flask(application), ...props });
}

function stage(application: Application) {
  return new Stage(new MultiStageBuild(application, 'image'), 'one', { base: BaseImage.pythonSlim({ python: '3.13' }) });
}

describe('In the environment of services and jobs', () => {
  const environment = {
    BUCKET: bucket,
    NUMBER: `${awsNumber}`,
    URL: `https://${bucket}.example.com/?a=${bucket}`,
    LIST: Fn.join(',', Token.asList({ Ref: 'Names' })),
    PRICE: '5 $',
    SIZE: variable,
    COUNT: `${terraformNumber}`,
    PLACE: `s3://${variable}/`,
  };

  test('a token reaches the plan as it is', () => {
    const { services, jobs } = planned(environment);
    for (const workload of [...services, ...jobs]) expect(workload.environment).toEqual(environment);
  });

  test('a token is no fault where no file is written of it', () => {
    const { app, application } = appWith();
    service(application, { environment });
    expect(app.synth().written).toContain('manifest.json');
  });

  test('a token is resolved by its host after that', () => {
    const [stack, terraform] = [new Stack(new AwsApp(), 'stack'), new cdktn.TerraformStack(new cdktn.App(), 'stack')];
    const size = new cdktn.TerraformVariable(terraform, 'size', {});
    new cdktn.TerraformOutput(terraform, 'environment', { value: planned({ PLACE: `s3://${size.stringValue}/` }).services[0].environment });
    expect(stack.resolve(planned({ PLACE: `s3://${Fn.ref('Media')}/`, N: `${awsNumber}` }).services[0].environment))
      .toEqual({ PLACE: { 'Fn::Join': ['', ['s3://', { Ref: 'Media' }, '/']] }, N: { Ref: 'Port' } });
    expect(JSON.parse(cdktn.Testing.synth(terraform)).output.environment.value).toEqual({ PLACE: 's3://${var.size}/' });
  });
});

describe('A Dockerfile', () => {
  const has = (text: string, host = 'aws-cdk', page = AWS_PAGE) => `the Dockerfile has '${text}', a value that ${host} knows only when it deploys, and an image is built before;`
    + ` give it to the service in 'environment' (${page}) [HOST_TOKEN]`;
  const one = [`shop/image/one: ${has(bucket)}`];

  const places: [name: string, declare: (value: string) => (application: Application) => unknown][] = [
    ['ENV', value => application => stage(application).environment({ BUCKET: value })],
    ['LABEL', value => application => stage(application).labels({ 'com.example.bucket': `in ${value}` })],
    ['ARG', value => application => stage(application).argument('BUCKET', value)],
    ['RUN in a shell', value => application => stage(application).runShell(`echo '${value}'`)],
    ['RUN without one', value => application => stage(application).runExec(['echo', value])],
    ['a script', value => application => stage(application).runScript(`#!/bin/sh\necho '${value}'\n`)],
    ['a here-document', value => application => stage(application).writeFile('/etc/bucket', `${value}\n`)],
    ['CMD', value => application => stage(application).command(['echo', value])],
    ['raw text', value => application => stage(application).raw(`LABEL bucket='${value}'`)],
    ['ONBUILD', value => application => stage(application).onBuild(`ENV BUCKET='${value}'`)],
  ];
  for (const [name, declare] of places) refusesAtSynth(`a token in ${name}`, one, declare(bucket), declare('media'));

  refusesAtSynth('each of several tokens, with the page of its host',
    [`shop/image/one: ${has(variable, 'Terraform', TERRAFORM_PAGE)}`, `shop/image/one: ${has(bucket)}`],
    application => stage(application).environment({ A: bucket, B: `${variable} ${bucket}` }),
    application => stage(application).environment({ A: '${PATH}', B: '$PATH' }));
  refusesAtSynth('a token before the first FROM', [`shop/image: ${has(bucket)}`],
    application => givenBefore(application, bucket), application => givenBefore(application, 'media'));
  refusesAtSynth('a token in the health check of a server once, though services have it from there', [`shop/api-image/runtime: ${has(bucket)}`],
    application => healthy(application, `/${bucket}`), application => healthy(application, '/healthz'));
  refusesAtSynth('a token as the source of an image', [
    `shop/api-image/runtime: ${has(bucket)}`,
    `shop/api-image: there is no '${bucket}' in the App's root; create it, or correct the path (https://docs.docker.com/reference/dockerfile/#copy) [SOURCE_MISSING]`,
  ], application => from(application, bucket), application => from(application, 'app'));
  refusesAtSynth('a token in the configuration of nginx', [`shop/web-image/proxy: ${has(`${awsNumber}`)}`],
    application => proxy(application, `${awsNumber}`), application => proxy(application, '1'));

  function from(application: Application, source: string) {
    new PythonServiceImage(application, 'api-image', { source, base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
  }
  function givenBefore(application: Application, value: string) {
    const image = new MultiStageBuild(application, 'image');
    image.argument('BUCKET', value);
    new Stage(image, 'one', { base: BaseImage.pythonSlim({ python: '3.13' }) });
  }
  function healthy(application: Application, healthPath: string) {
    const server = PythonServer.gunicorn('app:app', { healthPath });
    new Service(application, 'api', { image: new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.chainguard(), server }) });
  }
  function proxy(application: Application, value: string) {
    const routes = [Route.prefix('/', service(application))];
    new NginxReverseProxy(application, 'web', { routes, serverDirectives: [NginxDirective.of('set', '$count', value)] });
  }
});

describe('What else is known before a host deploys', () => {
  const has = (property: string, text: string, host = 'aws-cdk', page = AWS_PAGE) => `'${property}' has '${text}', a value that ${host} knows only when it deploys, and it has to be known before;`
    + ` give it to the service in 'environment' (${page}) [HOST_TOKEN]`;

  const properties: [property: string, props: (value: string) => Partial<ServiceProps>][] = [
    ['command', value => ({ command: ['app:app', '--log-file', value] })],
    ['labels', value => ({ labels: { 'com.example.bucket': value } })],
    ['healthCheck', value => ({ healthCheck: HealthCheck.command(['look', value]) })],
    ['logging', value => ({ logging: { driver: 'awslogs', options: { 'awslogs-group': value } } })],
  ];
  for (const [property, props] of properties) {
    refusesAtSynth(`a token in '${property}' of a service`, [`shop/api: ${has(property, bucket)}`],
      application => service(application, props(bucket)), application => service(application, props('media')));
  }
  refusesAtSynth('a list that is a token', [`shop/api: ${has('command', words[0])}`],
    application => service(application, { command: words }), application => service(application, { command: ['app:app'] }));
  refusesAtSynth('a token in what is said of an image that somebody else builds', [`shop/api: ${has('healthCheck', variable, 'Terraform', TERRAFORM_PAGE)}`],
    application => service(application, { image: registryImage(application, variable) }), application => service(application, { image: registryImage(application, 'db') }));
  refusesAtSynth('a token in a Config', [`shop/settings: ${has('text', bucket)}`],
    application => configured(application, `bucket = "${bucket}"\n`), application => configured(application, 'bucket = "${BUCKET}"\n'));

  function registryImage(application: Application, database: string) {
    const healthCheck = { command: ['pg_isready', `--dbname=${database}`], intervalSeconds: 5, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 30 };
    return new RegistryImage(application, 'db-image', { reference: 'postgres:17', facts: { ports: [5432], writablePaths: [], healthCheck } });
  }
  function configured(application: Application, text: string) {
    service(application, { configs: [{ config: new Config(application, 'settings', { text }), path: '/etc/shop/settings.toml' }] });
  }
});

describe('At once', () => {
  const is = (text: string, host = 'aws-cdk') => `; there is '${text}', a value that ${host} knows only when it deploys: ${WAY_OUT}`;

  refusesAtOnce('a token as a port', `shop/image/one: port ${awsNumber} is outside 1-65535${is(`${awsNumber}`)}`,
    () => stage(application()).expose(awsNumber), () => stage(application()).expose(80));
  refusesAtOnce('a number of Terraform as a port', `shop/image/one: port ${terraformNumber} is outside 1-65535${is(`${terraformNumber}`, 'Terraform')}`,
    () => stage(application()).expose(terraformNumber), () => stage(application()).expose(80));
  refusesAtOnce('a token as an id', `shop/${bucket}: service id '${bucket}' is not a DNS label; use up to 63 of a-z, 0-9 and '-', starting with a letter, not ending with '-'${is(bucket)}`,
    () => declared(bucket), () => declared('media'));
  refusesAtOnce('a map that is a token', `shop/api: environment variable '${keys[0]}' is not a name; use letters, digits and '_', not starting with a digit${is(keys[0], 'Terraform')}`,
    () => service(application(), { environment: map }), () => service(application(), { environment: { A: 'b' } }));
  refusesAtOnce('a token as a number of replicas', `shop/api: replicas ${awsNumber} is not a whole number from 1 up${is(`${awsNumber}`)}`,
    () => service(application(), { replicas: awsNumber }), () => service(application(), { replicas: 2 }));
  refusesAtOnce('a token as an amount', `shop/api: cpuLimit ${terraformNumber} is no number of processors; give 0.01 or more, to the thousandth${is(`${terraformNumber}`, 'Terraform')}`,
    () => service(application(), { resources: { cpuLimit: terraformNumber } }), () => service(application(), { resources: { cpuLimit: 1 } }));
  refusesAtOnce('a token as the host of a route', `host '${bucket}' is not a host name; use a-z, 0-9 and '-' between dots, without a port, such as shop.example.com or *.example.com${is(bucket)}`,
    () => Route.prefix('/', declared('api'), { host: bucket }), () => Route.prefix('/', declared('api'), { host: 'shop.example.com' }));
  refusesAtOnce('a token as a base image', `'${bucket}/python:3.13' is not an image reference such as \${REGISTRY}/team/name:tag; variables are written $NAME or \${NAME}${is(bucket)}`,
    () => BaseImage.fromReference(`${bucket}/python:3.13`), () => BaseImage.fromReference('${REGISTRY}/python:3.13'));
  refusesAtOnce('a token as the default of who deploys',
    `default "${bucket}" of 'BUCKET' has a '}', a line break or NUL, where compose ends it; leave it out, or read it from a Config${is(bucket)}`,
    () => EnvValue.deployer('BUCKET', { defaultValue: bucket }), () => EnvValue.deployer('BUCKET', { defaultValue: 'media' }));
  for (const part of ['user', 'path'] as const) {
    refusesAtOnce(`a token as the ${part} of a URL`,
      `a part of a URL, which is percent-encoded, has '${bucket}', a value that aws-cdk knows only when it deploys; write the whole URL as a text [HOST_TOKEN]`,
      () => EnvValue.url({ scheme: 'https', host: declared('api'), [part]: bucket }), () => EnvValue.url({ scheme: 'https', host: declared('api'), [part]: 'media' }));
  }
  refusesAtOnce('a token in an override of compose.yaml', `value of '/services/api/hostname' has '${bucket}', a value that aws-cdk knows only when it deploys; ${WAY_OUT}`,
    () => new ComposeFile(application(), 'compose').add('/services/api/hostname', bucket), () => new ComposeFile(application(), 'compose').add('/services/api/hostname', 'api'));
  refusesAtOnce('a token in an annotation of Kubernetes', `'annotations' has '${variable}', a value that Terraform knows only when it deploys; ${WAY_OUT}`,
    () => new KubernetesFile(application(), 'kubernetes', { annotations: { team: variable } }), () => new KubernetesFile(application(), 'kubernetes', { annotations: { team: 'shop' } }));

  test('a refusal of something else stays what it is', () => expect(() => stage(application()).expose(-1)).toThrow(new Error('shop/image/one: port -1 is outside 1-65535 [PORT_RANGE]')));

  function application(): Application {
    return appWith().application;
  }
  function declared(id: string): Service {
    const place = application();
    return new Service(place, id, { image: flask(place) });
  }
});

describe('Where no host deploys', () => {
  const has = (text: string, variable_: string, host = 'aws-cdk', page = AWS_PAGE) => `environment variable '${variable_}' has '${text}', a value that ${host} knows only when it deploys,`
    + ` and ${host} does not deploy this; let whoever deploys say it: EnvValue.deployer('${variable_}') (${page}) [TOKEN_IN_FILE]`;
  const lines = [`shop/api: ${has(bucket, 'BUCKET')}`, `shop/api: ${has(variable, 'SIZE', 'Terraform', TERRAFORM_PAGE)}`];
  const environment = { BUCKET: `s3://${bucket}/`, SIZE: variable };
  const known = { BUCKET: EnvValue.deployer('BUCKET'), SIZE: '${SIZE}' };

  class Names extends FileTarget {
    public render(): TargetOutput { return { files: [], losses: [] }; }
  }
  const targets: [string, (application: Application) => unknown][] = [
    ['compose.yaml', application => new ComposeFile(application, 'compose')],
    ['kubernetes.yaml', application => new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com' })],
    ['both, and says it once', application => { new ComposeFile(application, 'compose'); new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com' }); }],
    ['a file of somebody else', application => new Names(application, 'names')],
  ];
  for (const [name, target] of targets) {
    refusesAtSynth(`a token in the environment in ${name}`, lines,
      application => { service(application, { environment }); target(application); },
      application => { service(application, { environment: known }); target(application); });
  }

  test('refuses a token in the environment in a Chart', () => {
    const chart = (values: Record<string, string | EnvValue>) => {
      const { application } = appWith();
      service(application, { environment: values });
      return new kubernetes.KubernetesApplication(new Chart(new ClusterApp(), 'chart'), 'shop', { application, registry: 'registry.example.com' });
    };
    expect(() => chart(environment)).toThrow(new RegExp(`^2 faults, nothing was made \\(root: .*\\)\n  ${lines.map(escaped).join('\n  ')}$`));
    expect(() => chart(known)).not.toThrow();
  });

  function escaped(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
});
