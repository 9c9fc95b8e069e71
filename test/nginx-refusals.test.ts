/** Every refusal of proxies and their routes, whole message, and beside it what is accepted. */
import { appWith, declareShop } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import {
  BaseImage, FileCaching, LoadBalancing, MultiStageBuild, NameResolution, NginxDirective, NginxReverseProxy, RateLimit, Route,
  SecurityHeaders, Service, Stage, StaticFiles, type Application, type NginxReverseProxyProps, type RouteProps,
} from 'cdk-wheelhouse';

const NEW = BaseImage.nginx({ nginx: '1.27.3' });
const OLD = BaseImage.nginx({ nginx: '1.27.2' });

function service(): Service {
  return declareShop(appWith().application).api;
}

function route(props: RouteProps): Route {
  return Route.prefix('/', service(), props);
}

function proxy(props: Omit<NginxReverseProxyProps, 'routes'>, routeProps: (application: Application) => RouteProps = () => ({})): NginxReverseProxy {
  const { application } = appWith();
  const { api } = declareShop(application);
  return new NginxReverseProxy(application, 'edge', { ...props, routes: [Route.prefix('/', api, routeProps(application))] });
}

function another(application: Application): Service {
  return new Service(application, 'blue', { image: new MultiStageBuild(application, 'blue-image') });
}

describe('routes', () => {
  const SET = 'use letters, digits and . _ ~ @ : + - between slashes, such as /favicon.ico [ROUTE_PATH]';
  for (const path of ['', 'a', '/a b', '/a;', '/a{', '/$a', '/a%20', '/a?b', '/a"', '//', '/a\n', '/ä']) {
    refusesAtOnce(`the exact path ${JSON.stringify(path)}`, `route path '${path}' is not a path that starts with '/'; ${SET}`,
      () => Route.exact(path, service()), () => Route.exact('/a~b.c_d@e:f+g-h', service()));
  }
  refusesAtOnce('a prefix of files that does not end with a slash', "route prefix '/a' is not a path that starts and ends with '/'; use letters, digits and . _ ~ @ : + - between slashes, such as /api/ [ROUTE_PREFIX]",
    () => Route.files('/a', StaticFiles.fromSource('site')), () => Route.files('/a/', StaticFiles.fromSource('site')));
  for (const path of ['/../', '/a/./']) {
    refusesAtOnce(`the prefix ${path}`, `route path '${path}' has '.' or '..' as a part, which nginx takes out of requests before it compares; leave it out [ROUTE_DOTS]`,
      () => Route.prefix(path, service()), () => Route.prefix('/.well-known/', service()));
  }
  for (const host of ['Shop.example.com', 'a:80', 'a..b', '~a', '*.', 'a*.b', '.a', 'a b', '$host', '', '-a']) {
    refusesAtOnce(`the host '${host}'`, `host '${host}' is not a host name; use a-z, 0-9 and '-' between dots, without a port, such as shop.example.com or *.example.com [ROUTE_HOST]`,
      () => route({ host }), () => route({ host: '*.xn--bcher-kva.example' }));
  }
  refusesAtOnce('no connection of a client', 'connectionsPerClient 0 is not a whole number from 1 up [COUNT]', () => route({ connectionsPerClient: 0 }), () => route({ connectionsPerClient: 1 }));
  refusesAtOnce('a body of less than nothing', 'bodyMebibytes -1 is not a whole number from 0 up [COUNT]', () => route({ bodyMebibytes: -1 }), () => route({ bodyMebibytes: 0 }));
  refusesAtOnce('half a request in a second', 'requests 0.5 is not a whole number from 1 up [COUNT]', () => RateLimit.perSecond(0.5), () => RateLimit.perMinute(30));
  refusesAtOnce('events that are held back', 'a route with server-sent events holds answers back; leave bufferAnswer out [ROUTE_EVENTS]',
    () => route({ serverSentEvents: true, bufferAnswer: true }), () => route({ serverSentEvents: true, bufferAnswer: false }));
  refusesAtOnce('spare services beside sharing by address', 'a route shares requests by the address of the client and has backups, which nginx cannot do together; leave one out [ROUTE_BACKUPS]',
    () => route({ balancing: LoadBalancing.CLIENT_ADDRESS, backups: [service()] }),
    () => route({ balancing: LoadBalancing.LEAST_CONNECTIONS, backups: [service()] }));
  refusesAtOnce('a service that is named twice', "a route leads to service 'api' twice; name each once [ROUTE_SERVICE_TWICE]",
    () => { const api = service(); Route.prefix('/', api, { others: [api] }); }, () => route({ others: [service()] }));

  const routes = (application: Application, ...more: ((api: Service) => Route)[]) => {
    const { api } = declareShop(application);
    new NginxReverseProxy(application, 'edge', { routes: [Route.prefix('/a/', api), ...more.map(one => one(api))] });
  };
  refusesAtSynth('two routes for the same requests', ["shop/edge: route '/a/' is given twice; keep one [ROUTE_TWICE]", "shop/edge: route '= a.example.com/a' is given twice; keep one [ROUTE_TWICE]"],
    application => routes(application, api => Route.prefix('/a/', api), api => Route.exact('/a', api, { host: 'a.example.com' }), api => Route.exact('/a', api, { host: 'a.example.com' })),
    application => routes(application, api => Route.prefix('/a/', api, { host: 'a.example.com' }), api => Route.exact('/a/', api), api => Route.exact('/a', api)));
  refusesAtSynth('a route where the proxy answers itself', ["shop/edge: route '= /nginx-health' has the path that the proxy itself answers; choose another healthPath [ROUTE_HEALTH]"],
    application => routes(application, api => Route.exact('/nginx-health', api)), application => routes(application, api => Route.prefix('/nginx-health/', api)));
  refusesAtSynth('a spare service that listens on no port that is known',
    ["shop/edge: route '/b/' does not say which port of 'blue', and its image listens on no port that is known; give the route a port that the server listens on (https://nginx.org/en/docs/http/ngx_http_upstream_module.html#server) [ROUTE_PORT]"],
    application => routes(application, api => Route.prefix('/b/', api, { backups: [quiet(application)] })),
    application => routes(application, api => Route.prefix('/b/', api, { backups: [quiet(application, 8080)] })));

  function quiet(application: Application, port?: number): Service {
    const image = new MultiStageBuild(application, 'quiet');
    const stage = new Stage(image, 'one', { base: BaseImage.scratch() });
    stage.user(1, 1);
    stage.entrypoint(['/x']);
    if (port !== undefined) stage.expose(port);
    return new Service(application, 'blue', { image });
  }
});

describe('files', () => {
  refusesAtSynth('a stage that is declared after what needs it',
    ["shop/edge-image: stage 'shop/front/late' is declared after the routes that need it; declare it before [STAGE_LATE]"],
    application => front(application, true), application => front(application, false), { 'app/requirements.txt': 'flask\n', 'app/app.py': 'from flask import Flask\napp = Flask(__name__)\n', 'site/a': '' });
  refusesAtOnce('a time of nothing', 'seconds 0 is not a duration; give a whole number of seconds from 1 up [DURATION_SECONDS]', () => FileCaching.seconds(0), () => FileCaching.seconds(1));

  function front(application: Application, late: boolean) {
    const build = new MultiStageBuild(application, 'front');
    const page = new Stage(build, 'page', { base: BaseImage.scratch() });
    const addLate = () => {
      const stage = new Stage(build, 'late', { base: BaseImage.scratch() });
      stage.copy(['site'], '/site');
      page.copyFrom(stage, ['/site'], '/site');
    };
    if (!late) addLate();
    new NginxReverseProxy(application, 'edge', { routes: [Route.files('/', StaticFiles.fromStage(page, '/site'))] });
    if (late) addLate();
  }
});

describe('headers and directives', () => {
  refusesAtOnce('a header with a colon', "header 'X:' is not a name; use up to 100 letters, digits and '-', such as X-Frame-Options [HEADER_NAME]",
    () => SecurityHeaders.of({ 'X:': 'a' }), () => SecurityHeaders.of({ 'X-1': 'a' }));
  refusesAtOnce('a value with a line break', 'value "a\\nb" of header \'X\' is empty, starts or ends with a space, or has other letters than printable ASCII [HEADER_VALUE]',
    () => SecurityHeaders.of({ X: 'a\nb' }), () => SecurityHeaders.of({ X: 'a; "b" {c} \\' }));
  refusesAtOnce('a value with a variable', "value 'a $host' of header 'X' has a '$', which nginx reads as a variable; leave it out, or say it with NginxDirective.of [NGINX_VARIABLE]",
    () => SecurityHeaders.standard().with('X', 'a $host'), () => SecurityHeaders.standard().with('X', 'a host'));
  refusesAtOnce('a header that is given twice', "header 'x-a' is given twice; keep one [HEADER_TWICE]",
    () => SecurityHeaders.of({ 'X-A': '1', 'x-a': '2' }), () => SecurityHeaders.of({ 'X-A': '1' }).with('x-a', '2'));
  refusesAtOnce('a promise of HTTPS without HTTPS', "header 'strict-transport-security' belongs to HTTPS only; say it with 'tls', or let the service set it [HEADER_HSTS]",
    () => SecurityHeaders.of({ 'strict-transport-security': 'max-age=1' }), () => SecurityHeaders.none());
  refusesAtOnce('a word with a line break', 'word "a\\nb" of directive \'x\' has a control character, which a configuration does not carry [DIRECTIVE_WORD]',
    () => NginxDirective.of('x', 'a\nb'), () => NginxDirective.of('x', 'a b'));
  refusesAtOnce('half a variable', "word '${host' of directive 'x' has '${' without the name of a variable and '}' [DIRECTIVE_VARIABLE]",
    () => NginxDirective.of('x', '${host'), () => NginxDirective.of('x', '${host}'));
});

describe('proxies', () => {
  const wayOut = "use a base that is known to have 1.27.3 or newer, such as BaseImage.nginx({ nginx: '1.29' }) [NGINX_RESOLVE]";
  refusesAtOnce('finding services again beside kept connections, with an older nginx',
    `shop/edge: addresses are found again and again, and connections kept, which nginx can do together from 1.27.3 on, and the nginx of nginx:1.27.2 is 1.27.2; leave keepalive out, or ${wayOut}`,
    () => proxy({ base: OLD, keepalive: {}, nameResolution: NameResolution.repeated() }),
    () => proxy({ base: NEW, keepalive: {}, nameResolution: NameResolution.repeated() }));
  refusesAtOnce('finding services again beside shared requests, with an nginx that is not known',
    `shop/edge: addresses are found again and again, and requests shared, which nginx can do together from 1.27.3 on, and which nginx cgr.dev/chainguard/nginx:latest has is unknown; lead each route to one service, or ${wayOut}`,
    () => proxy({ nameResolution: NameResolution.repeated() }, application => ({ others: [another(application)] })),
    () => proxy({ base: NEW, nameResolution: NameResolution.repeated() }, application => ({ others: [another(application)] })));
  refusesAtOnce('no name server', "no name server is given; give at least one, or leave it to Docker's [RESOLVERS]", () => NameResolution.repeated({ resolvers: [] }), () => NameResolution.repeated());
  refusesAtOnce('a name server by name', "'dns.example.com' is not an IP address such as 10.96.0.10 [ADDRESS]",
    () => NameResolution.repeated({ resolvers: ['dns.example.com'] }), () => NameResolution.repeated({ resolvers: ['fd00::a'] }));
  refusesAtOnce('a domain that is none', "domain '.svc' is not a name such as shop.svc.cluster.local [DOMAIN]", () => NameResolution.repeated({ domain: '.svc' }), () => NameResolution.repeated({ domain: 'svc' }));
  for (const network of ['10.0.0.0/33', 'all', '10.0.0.0/', '::/129', '']) {
    refusesAtOnce(`the network '${network}'`, `'${network}' is not a network such as 10.0.0.0/8, nor an address [NETWORK]`,
      () => proxy({ trustedProxies: [network] }), () => proxy({ trustedProxies: ['10.0.0.0/32', '::/0', '192.0.2.1', 'fd00::1'] }));
  }
  refusesAtOnce('a health path that is none', "route path 'health' is not a path that starts with '/'; use letters, digits and . _ ~ @ : + - between slashes, such as /favicon.ico [ROUTE_PATH]",
    () => proxy({ healthPath: 'health' }), () => proxy({ healthPath: '/health' }));
  refusesAtOnce('kept connections without any', 'connections 0 is not a whole number from 1 up [COUNT]', () => proxy({ keepalive: { connections: 0 } }), () => proxy({ keepalive: { connections: 1 } }));
  refusesAtOnce('requests in progress without time to end', 'gracefulTimeoutSeconds 0 is not a duration; give a whole number of seconds from 1 up [DURATION_SECONDS]',
    () => proxy({ gracefulTimeoutSeconds: 0 }), () => proxy({ gracefulTimeoutSeconds: 1 }));
});
