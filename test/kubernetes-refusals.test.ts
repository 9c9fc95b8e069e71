/** What a cluster would not take, or would take and not do: each fault, whole message, and beside it what is accepted. */
import { imageOf, proxied, serviceOf } from './cluster';
import { appWith } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import {
  Application, BaseImage, Checks, EnvValue, HealthCheck, Job, KubernetesExposure, KubernetesFile, MultiStageBuild, NginxReverseProxy, PythonBase,
  PythonServer, PythonServiceImage, Route, Secret, Service, Stage, StaticFiles, type KubernetesFileProps, type KubernetesIngressProps,
  type ServiceProps,
} from 'cdk-wheelhouse';

const DIGEST = `sha256:${'0a'.repeat(32)}`;
const INGRESS = 'https://kubernetes.io/docs/concepts/services-networking/ingress/';

/** Refuses these settings, and accepts those. */
function refusesSettings(name: string, message: string, bad: KubernetesFileProps, ...good: KubernetesFileProps[]): void {
  refusesAtOnce(name, message, () => new KubernetesFile(appWith().application, 'kubernetes', bad),
    () => good.forEach(settings => new KubernetesFile(appWith().application, 'kubernetes', settings)));
}

function refusesIngress(name: string, message: string, bad: KubernetesIngressProps, ...good: KubernetesIngressProps[]): void {
  const settings = (ingress: KubernetesIngressProps) => ({ exposures: [KubernetesExposure.ingress(serviceOf(appWith().application), ingress)] });
  refusesSettings(name, message, settings(bad), ...good.map(settings));
}

function kubernetes(application: Application, settings: KubernetesFileProps = {}): KubernetesFile {
  return new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com', ...settings });
}

/** A service `api` that is exposed so. */
function exposed(application: Application, how: (api: Service) => KubernetesExposure, props: Partial<ServiceProps> = {}): void {
  kubernetes(application, { exposures: [how(serviceOf(application, 'api', props))] });
}

/** An image that is built here and runs as this user. */
function built(application: Application, userId = 999): MultiStageBuild {
  const image = new MultiStageBuild(application, 'built');
  new Stage(image, 'one', { base: BaseImage.fromReference('example.com/base:1') }).user(userId, userId);
  return image;
}

describe('settings', () => {
  const registry = (name: string) => `registry '${name}' is not what names of images start with; give a host, or one with a path, such as registry.example.com/shop or localhost:5000 [REGISTRY]`;
  const hosts = ['registry.example.com', 'registry.example.com:5000/a/b', 'localhost:5000', 'Registry.Example.com'].map(name => ({ registry: name }));
  for (const name of ['https://registry.example.com', 'registry.example.com/shop:1', `registry.example.com/shop@${DIGEST}`, 'registry.example.com/', '']) {
    refusesSettings(`the registry '${name}'`, registry(name), { registry: name }, ...hosts);
  }

  refusesSettings('a digest that is none', "digest 'sha256:0a' of image 'api' is none; it is 'sha256:' and 64 hexadecimal digits [DIGEST]", { digests: { api: 'sha256:0a' } }, { digests: { api: DIGEST } });

  for (const namespace of ['Shop', '-a', 'a.b', '', 'a'.repeat(64)]) {
    refusesSettings(`the namespace '${namespace}'`, `namespace '${namespace}' is no DNS label: up to 63 of a-z, 0-9 and '-', starting and ending with a letter or digit [NAMESPACE]`,
      { namespace }, { namespace: '0-a' }, { namespace: 'a'.repeat(63) });
  }

  const noName = (what: string) => `${what} is no name of an object: up to 253 of a-z, 0-9, '-' and '.', starting and ending with a letter or digit [OBJECT_NAME]`;
  refusesSettings('a pull secret of no name', noName("pull secret 'a..b'"), { pullSecrets: ['a', 'a..b'] }, { pullSecrets: ['a.b-c', 'a'.repeat(253)] });
  refusesSettings('a storage class of no name', noName("storage class 'Fast'"), { storageClass: 'Fast' }, { storageClass: 'fast.example.com' });
  refusesIngress('a TLS secret of no name', noName("TLS secret 'a_b'"), { tlsSecret: 'a_b' }, { tlsSecret: 'shop.example.com' });
  refusesIngress('an Ingress class of no name', noName("Ingress class '-nginx'"), { className: '-nginx' }, { className: 'nginx' });

  const noAnnotation = (name: string) => `'${name}' is no name of an annotation; it is letters, digits, '-', '_' and '.', after a domain and '/' or without, such as example.com/team [ANNOTATION]`;
  for (const name of ['a/b/c', '/a', 'a..b/c', 'a b', '', 'x'.repeat(64), `${'a.'.repeat(127)}b/c`]) {
    refusesSettings(`the annotation '${name}'`, noAnnotation(name), { annotations: { [name]: '' } }, { annotations: { 'example.com/Team_1': '', 'x': '' } });
  }
  refusesIngress('an annotation of an Ingress that is none', noAnnotation('a b'), { annotations: { 'a b': '' } }, { annotations: { a: 'b c' } });

  for (const host of ['https://shop.example.com', 'shop.example.com:80', 'a.*.b', '*', '10.0.0.1', 'Shop.example.com', `${'a.'.repeat(127)}`, '']) {
    refusesIngress(`the host '${host}'`, `host '${host}' is none; give a name such as shop.example.com or *.example.com [INGRESS_HOST]`, { host },
      { host: 'shop.example.com' }, { host: '*.example.com' }, { host: '4.example.com' }, {});
  }

  refusesAtOnce('one service that is exposed twice', "service 'api' is exposed twice; keep one [EXPOSURE_TWICE]",
    () => exposures(api => [KubernetesExposure.ingress(api), KubernetesExposure.loadBalancer(api)]),
    () => exposures((api, other) => [KubernetesExposure.ingress(api), KubernetesExposure.loadBalancer(other)]));

  function exposures(of: (api: Service, other: Service) => KubernetesExposure[]): KubernetesFile {
    const { application } = appWith();
    return kubernetes(application, { exposures: of(serviceOf(application, 'api'), serviceOf(application, 'other')) });
  }
});

describe('an image', () => {
  const missing = "shop/built: image 'built' is built here, and nodes pull images from a registry; say which, with registry: 'registry.example.com/shop', and push it there"
    + ' (https://kubernetes.io/docs/concepts/containers/images/) [REGISTRY_MISSING]';
  refusesAtSynth('that no registry has', [missing], application => unregistered(application, {}), application => unregistered(application, { registry: 'registry.example.com' }));
  refusesAtSynth('of a job that no registry has', [missing],
    application => { new KubernetesFile(application, 'kubernetes'); new Job(application, 'job', { image: built(application) }); },
    application => { new KubernetesFile(application, 'kubernetes'); new Job(application, 'job', { image: imageOf(application) }); });
  refusesAtSynth('that no registry has, once for all of its processes', [missing.replace(/built: image 'built'/, "python: image 'python'")],
    application => processes(application, {}), application => processes(application, { registry: 'registry.example.com' }));
  refusesAtSynth('that no registry has, unless nothing of it is started', [missing], application => unregistered(application, {}), application => unregistered(application, {}, ['tools']));
  refusesAtSynth('of a proxy that no registry has, unless an Ingress is in its place',
    [missing.replace('built: image \'built\'', 'web-image: image \'web-image\'')],
    application => { proxied(api => [Route.prefix('/', api)])(application); new KubernetesFile(application, 'kubernetes'); },
    application => new KubernetesFile(application, 'kubernetes', { exposures: [KubernetesExposure.ingressInsteadOf(proxied(api => [Route.prefix('/', api)])(application))] }));
  refusesAtSynth('that nothing runs and a digest is given of',
    ["shop: a digest is given for image 'typo', which no service runs; there are a-image, b-image (https://kubernetes.io/docs/concepts/containers/images/#image-names) [DIGEST_UNKNOWN]"],
    application => digested(application, 'typo'), application => digested(application, 'b-image'));

  function unregistered(application: Application, settings: KubernetesFileProps, profiles: string[] = []): void {
    new KubernetesFile(application, 'kubernetes', settings);
    const image = built(application);
    for (const id of ['api', 'again']) new Service(application, id, { image, profiles });
    new Service(application, 'other', { image: imageOf(application) });
  }
  function processes(application: Application, settings: KubernetesFileProps): void {
    const image = new PythonServiceImage(application, 'python', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
    new Service(application, 'api', { image });
    new Service(application, 'worker', { image: image.process('worker', PythonServer.module('worker')) });
    new KubernetesFile(application, 'kubernetes', settings);
  }
  function digested(application: Application, id: string): void {
    kubernetes(application, { digests: { [id]: DIGEST } });
    serviceOf(application, 'b');
    new Job(application, 'a', { image: imageOf(application, {}, 'a-image') });
  }
});

describe('the namespace', () => {
  const refused = (path: string, name: string) => [`${path}: its namespace '${name}' is the cluster's own, and what is in it would be kept to the policies of this application; give it one: namespace: 'shop'`
    + ' (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces) [NAMESPACE_SHARED]'];
  for (const namespace of ['default', 'kube-system']) {
    refusesAtSynth(`'${namespace}', which is the cluster's own`, refused('shop', namespace), application => kubernetes(application, { namespace }), application => kubernetes(application, { namespace: `${namespace}s`.slice(1) }));
  }
  refusesAtSynth('of an application that is called as one of the cluster', refused('default', 'default'),
    application => kubernetes(new Application(application.node.scope!, 'default')), application => kubernetes(new Application(application.node.scope!, 'default'), { namespace: 'shop' }));
});

describe('root', () => {
  const refused = "shop/job: image 'built' runs as root, user 0, which a cluster with the Pod Security standard 'restricted' does not start;"
    + ' set another user in the image: user(65532, 65532), or acknowledge that it has to be root (https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted) [ROOT_USER]';
  const job = (application: Application, userId: number, profiles: string[] = []) => {
    kubernetes(application);
    return new Job(application, 'job', { image: built(application, userId), profiles });
  };
  refusesAtSynth('for a job', [refused], application => job(application, 0), application => job(application, 1));
  refusesAtSynth('for a job that nobody acknowledges', [refused], application => job(application, 0), application => Checks.acknowledge(job(application, 0), 'ROOT_USER', 'it mounts file systems'));
  refusesAtSynth('unless it is only started on demand', [refused], application => job(application, 0), application => job(application, 0, ['tools']));
});

describe('a low port', () => {
  const low = (application: Application, profiles: string[], userId = 999) => {
    kubernetes(application);
    serviceOf(application, 'api', { profiles }, { ports: [80], userId });
  };
  refusesAtSynth('unless its service is only started on demand',
    ['shop/api: port 80 is below 1024, where a user other than root may not listen in every cluster: CRI-O and containerd 1 refuse it;'
      + ' listen on 1024-65535, or acknowledge that your nodes allow it (https://github.com/cri-o/cri-o/issues/10050) [LOW_PORT]'],
    application => low(application, []), application => low(application, ['tools']));
});

describe('scaling', () => {
  const scaled = (application: Application, resources: ServiceProps['resources'], profiles: string[] = []) => {
    kubernetes(application);
    serviceOf(application, 'api', { scaling: { min: 1, max: 2, cpuPercent: 60 }, resources, profiles });
  };
  const refused = 'shop/api: it is scaled at 60% of its reserved processors, and none are reserved; give resources: { cpuReservation: 0.25 }'
    + ' (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work) [SCALING_UNRESERVED]';
  refusesAtSynth('by a share of nothing', [refused], application => scaled(application, undefined), application => scaled(application, { cpuReservation: 0.25 }));
  refusesAtSynth('by a share of a limit', [refused], application => scaled(application, { cpuLimit: 1 }), application => scaled(application, undefined, ['tools']));
});

describe('an exposure', () => {
  const stranger = (path: string) => [`shop: service '${path}' is exposed and is no service of 'shop' that is always started (${INGRESS}) [EXPOSURE]`];
  refusesAtSynth('of a service that is only started on demand', stranger('shop/api'), application => exposed(application, KubernetesExposure.loadBalancer, { publish: 80, profiles: ['tools'] }),
    application => exposed(application, KubernetesExposure.loadBalancer, { publish: 80 }));
  refusesAtSynth('of a service of another application, even if its id is one here', stranger('other/api'),
    application => exposed(application, () => KubernetesExposure.ingress(serviceOf(new Application(application.node.scope!, 'other'), 'api', { publish: 80 })), { publish: 80 }),
    application => exposed(application, KubernetesExposure.ingress, { publish: 80 }));
  for (const how of [KubernetesExposure.ingress, KubernetesExposure.loadBalancer]) {
    refusesAtSynth(`of a service that publishes nothing, by ${how.name}`, [`shop/api: it is exposed and publishes no port; give it 'publish' (${INGRESS}) [EXPOSURE]`],
      application => exposed(application, how), application => exposed(application, how, { publish: 80 }));
  }
  refusesAtSynth('by an Ingress of what speaks TLS itself',
    [`shop/web: an Ingress hands on plain HTTP, and it speaks TLS; use KubernetesExposure.loadBalancer, or leave out its 'tls' and give the Ingress a tlsSecret (${INGRESS}) [EXPOSURE]`],
    application => tls(application, KubernetesExposure.ingress), application => tls(application, KubernetesExposure.loadBalancer));

  const instead = 'an Ingress stands instead of it';
  const way = `use KubernetesExposure.ingress (${INGRESS}) [EXPOSURE]`;
  refusesAtSynth('in place of what is no proxy', [`shop/api: ${instead}, and it is no proxy: it has no routes; ${way}`],
    application => exposed(application, KubernetesExposure.ingressInsteadOf, { publish: 80 }),
    application => exposed(application, KubernetesExposure.ingress, { publish: 80 }));
  refusesAtSynth('in place of a proxy that answers with files', [`shop/web: ${instead} and cannot answer /static/ with files; ${way}`],
    application => replaced(application, api => [Route.prefix('/', api), Route.files('/static/', StaticFiles.fromSource('app'))]), application => replaced(application, api => [Route.prefix('/', api)]));
  refusesAtSynth('in place of a proxy that shares requests', [`shop/web: ${instead} and cannot share '/' among several services; ${way}`],
    application => replaced(application, (api, other) => [Route.prefix('/', api, { others: [other] })]), application => replaced(application, (api, other) => [Route.prefix('/', api), Route.prefix('/o/', other)]));
  refusesAtSynth('in place of a proxy that others wait for', [`shop/web: ${instead}, and 'last' needs it; ${way}`],
    application => serviceOf(application, 'last', { dependsOn: [replaced(application, api => [Route.prefix('/', api)])] }),
    application => { replaced(application, api => [Route.prefix('/', api)]); serviceOf(application, 'last'); });
  refusesAtSynth('in place of a proxy that others have the address of', [`shop/web: ${instead}, and 'last' needs it; ${way}`],
    application => addressed(application, replaced(application, api => [Route.prefix('/', api)])),
    application => addressed(application, (replaced(application, api => [Route.prefix('/', api)]), serviceOf(application, 'else'))));

  function addressed(application: Application, host: Service): void {
    serviceOf(application, 'last', { environment: { SITE: EnvValue.url({ scheme: 'http', host, port: 8080 }) } });
  }
  function tls(application: Application, how: (service: Service) => KubernetesExposure): void {
    const secrets = { certificate: new Secret(application, 'certificate'), key: new Secret(application, 'key') };
    kubernetes(application, { exposures: [how(proxied(api => [Route.prefix('/', api)], () => ({ publish: 443, tls: secrets }))(application))] });
  }
  function replaced(application: Application, routes: Parameters<typeof proxied>[0]): NginxReverseProxy {
    const web = new NginxReverseProxy(application, 'web', { routes: routes(serviceOf(application, 'api'), serviceOf(application, 'other')), publish: 8080 });
    kubernetes(application, { exposures: [KubernetesExposure.ingressInsteadOf(web)] });
    return web;
  }
});

describe('two Ingresses', () => {
  const both = (one: string, two: string, where: string) => (
    `shop/${two}: '${one}' and '${two}' would both answer ${where}; give each a host: exposures: [KubernetesExposure.ingress(service, { host: 'admin.example.com' })] (${INGRESS}#ingress-rules) [INGRESS_TWICE]`);
  const two = (application: Application, hosts: (string | undefined)[], props: Partial<ServiceProps> = { publish: 81 }) => {
    const services = [serviceOf(application, 'api', { publish: 80 }), serviceOf(application, 'other', props)];
    const named = services.filter((_, at) => hosts[at] !== undefined);
    kubernetes(application, { exposures: named.map((service, at) => KubernetesExposure.ingress(service, { host: hosts[at] })) });
  };
  refusesAtSynth('for every host', [both('api', 'other', 'every host/')], application => two(application, []), application => two(application, ['a.example.com']));
  refusesAtSynth('for one host', [both('api', 'other', 'a.example.com/')],
    application => two(application, ['a.example.com', 'a.example.com']), application => two(application, ['a.example.com', 'b.example.com']));
  refusesAtSynth('for every host, unless one may not speak HTTP', [both('api', 'other', 'every host/')],
    application => two(application, []), application => two(application, [], { publish: 81, healthCheck: HealthCheck.command(['x']) }));
  refusesAtSynth('for one path of a host', [both('admin', 'web', 'every host/')],
    application => { proxied(api => [Route.prefix('/', api), Route.exact('/x', api)])(application); serviceOf(application, 'admin', { publish: 90 }); kubernetes(application); },
    application => { insteadOf(application, [Route.prefix('/a/', serviceOf(application, 'api'))]); serviceOf(application, 'admin', { publish: 90 }); });
  refusesAtSynth('for one path of a host, one in place of a proxy', [both('admin', 'web', 'every host/')],
    application => { insteadOf(application, [Route.prefix('/', serviceOf(application, 'api'))]); serviceOf(application, 'admin', { publish: 90 }); },
    application => { insteadOf(application, [Route.exact('/', serviceOf(application, 'api'))]); serviceOf(application, 'admin', { publish: 90 }); });

  function insteadOf(application: Application, routes: Route[]): void {
    const web = new NginxReverseProxy(application, 'web', { routes, publish: 8080 });
    kubernetes(application, { exposures: [KubernetesExposure.ingressInsteadOf(web)] });
  }
});
