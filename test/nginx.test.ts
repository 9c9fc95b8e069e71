/** What NginxReverseProxy writes: golden files of whole configurations, and one fact each. */
import { parse, parseAllDocuments } from 'yaml';
import { appWith, declareShop, filesUnder } from './declare';
import { golden, unread } from './golden';
import { planApplication } from '../lib/services/plan-application';
import {
  AccessLog, App, Application, BaseImage, ComposeFile, Compression, FileCaching, LoadBalancing, Mount, MultiStageBuild, NameResolution,
  Network, NginxDirective, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, RateLimit, Route, Secret, SecurityHeaders,
  Service, Stage, StaticFiles, Volume, type NginxReverseProxyProps,
} from 'cdk-wheelhouse';

const OFFICIAL = BaseImage.nginx({ nginx: '1.29.3' });
const OLD = BaseImage.nginx({ nginx: '1.26.3' });

/** Services to lead to, with images that listen on 8000. */
function services(application: Application): { api: Service; blue: Service; green: Service } {
  const { api, image } = declareShop(application);
  return { api, blue: new Service(application, 'blue', { image }), green: new Service(application, 'green', { image }) };
}

/** The Dockerfile of a proxy 'edge' with these settings. */
function dockerfile(props: (all: ReturnType<typeof services> & { application: Application }) => NginxReverseProxyProps): string {
  const { app, application, outdir } = appWith({ 'app/requirements.txt': 'flask\n', 'app/app.py': '', 'site/index.html': '' });
  new NginxReverseProxy(application, 'edge', props({ ...services(application), application }));
  app.synth();
  return filesUnder(outdir)['shop/images/edge-image/Dockerfile'];
}

/** The lines of its configuration, without the space around them. */
function lines(props: Parameters<typeof dockerfile>[0]): string[] {
  return dockerfile(props).split('\n').map(line => line.trim());
}

/** What is in the braces of the first block with this head. */
function blockOf(text: string[], head: string): string[] {
  const start = text.indexOf(`${head} {`);
  return start < 0 ? [] : text.slice(start + 1, text.indexOf('}', start));
}

describe('the configuration of a proxy', () => {
  test('with one route', () => {
    golden('nginx-plain.Dockerfile', dockerfile(({ api }) => ({ routes: [Route.prefix('/', api)] })));
  });

  test('with files, hosts, limits and streams', () => {
    golden('nginx-routes.Dockerfile', dockerfile(({ api, blue, green }) => ({
      base: OFFICIAL,
      keepalive: { connections: 32, idleSeconds: 4 },
      compression: Compression.ALL,
      trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      rateLimit: RateLimit.perSecond(20, 40),
      connectionsPerClient: 50,
      clientTimeoutSeconds: 10,
      routes: [
        Route.files('/', StaticFiles.fromSource('site'), { singlePage: true, caching: FileCaching.hashedNames() }),
        Route.prefix('/api/', api, { others: [blue], backups: [green], balancing: LoadBalancing.LEAST_CONNECTIONS, bodyMebibytes: 20 }),
        Route.prefix('/live/', api, { websocket: true }),
        Route.prefix('/events/', api, { serverSentEvents: true, host: 'events.example.com' }),
        Route.exact('/api/login', api, { rateLimit: RateLimit.perMinute(6) }),
      ],
    })));
  });

  test('with TLS', () => {
    golden('nginx-tls.Dockerfile', dockerfile(({ api, application }) => ({
      base: OFFICIAL,
      publish: 443,
      routes: [Route.prefix('/', api)],
      nameResolution: NameResolution.atStart(),
      accessLog: AccessLog.COMBINED,
      securityHeaders: SecurityHeaders.none(),
      compression: Compression.NONE,
      tls: { certificate: new Secret(application, 'certificate'), key: new Secret(application, 'key'), hstsSubdomains: true },
    })));
  });

  test('no golden file is left over', () => {
    expect(unread('nginx-')).toEqual([]);
  });

  test('is the same whatever the order of routes', () => {
    const routes = ({ api, blue, green }: ReturnType<typeof services>) => [
      Route.prefix('/', api, { rateLimit: RateLimit.perSecond(1) }), Route.prefix('/b/', blue, { rateLimit: RateLimit.perSecond(2) }), Route.exact('/b/', green),
      Route.files('/f/', StaticFiles.fromSource('site')), Route.files('/e/', StaticFiles.fromSource('app')), Route.prefix('/', green, { host: 'a.example.com' }),
    ];
    expect(dockerfile(all => ({ routes: routes(all).reverse() }))).toBe(dockerfile(all => ({ routes: routes(all) })));
  });
});

test('the Dockerfile says why each step is there, on request', () => {
  const { root, outdir } = appWith();
  const app = new App({ root, outdir, explain: true });
  declareShop(new Application(app, 'shop'));
  app.synth();
  const text = filesUnder(outdir)['shop/images/web-image/Dockerfile'];
  expect(text).toContain('# nginx lets requests in progress end on SIGQUIT; on SIGTERM it cuts them off\nSTOPSIGNAL SIGQUIT\n');
  expect(text).toContain('# in the image, not mounted: what was tested is what runs, and a change of it is a change of the image\nCOPY --chmod=0644 <<');
});

describe('services', () => {
  test('are found again and again where nginx can, and by their address at start where the resolver does not answer', () => {
    const text = lines(({ api }) => ({ base: OFFICIAL, routes: [Route.prefix('/', api)] }));
    expect(text).toContain('resolver 127.0.0.11 valid=5s;');
    expect(blockOf(text, 'upstream api-8000')).toEqual([
      'zone api-8000 64k;', 'server api:8000 resolve max_fails=0;', '# where the resolver does not answer: the address at start', 'server api:8000 backup max_fails=0;',
    ]);
  });

  test.each([['older', OLD], ['of an unknown version', BaseImage.chainguardNginx()]])('are found once, at start, where nginx is %s', (_, base) => {
    const text = lines(({ api }) => ({ base, routes: [Route.prefix('/', api)] }));
    expect(text.filter(line => line.startsWith('resolver'))).toEqual([]);
    expect(blockOf(text, 'upstream api-8000')).toEqual(['server api:8000;']);
  });

  test('are found by a variable where nginx is older and it was asked for', () => {
    const text = lines(({ api }) => ({ base: OLD, routes: [Route.prefix('/', api)], nameResolution: NameResolution.repeated({ validSeconds: 1 }) }));
    expect(blockOf(text, 'location /').slice(0, 2)).toEqual(['set $upstream_address api:8000;', 'proxy_pass http://$upstream_address;']);
    expect(text.filter(line => line.startsWith('upstream '))).toEqual([]);
  });

  test('are found under the names that other resolvers know', () => {
    const nameResolution = NameResolution.repeated({ resolvers: ['10.96.0.10', 'fd00::a'], domain: 'shop.svc.cluster.local' });
    const text = lines(({ api }) => ({ base: OFFICIAL, routes: [Route.prefix('/', api)], nameResolution }));
    expect(text).toContain('resolver 10.96.0.10 "[fd00::a]" valid=5s;');
    expect(blockOf(text, 'upstream api-8000')).toEqual(['zone api-8000 64k;', 'server api.shop.svc.cluster.local:8000 resolve;']);
  });

  test.each([
    ['older', OLD, NameResolution.repeated(), ['127.0.0.11']],
    ['newer', OFFICIAL, NameResolution.repeated(), undefined],
    ['newer, and a name server is given', OFFICIAL, NameResolution.repeated({ resolvers: ['10.96.0.10'] }), ['10.96.0.10']],
    ['older, and nothing was said', OLD, undefined, undefined],
  ])('depend on name servers that targets learn of, where nginx is %s', (_, base, nameResolution, resolvers) => {
    const { application } = appWith();
    const { api } = declareShop(application);
    new NginxReverseProxy(application, 'edge', { base, nameResolution, routes: [Route.prefix('/', api)] });
    expect(planApplication(application).services.find(service => service.id === 'edge')!.routes).toEqual([{ prefix: '/', service: 'api', port: undefined, resolvers, settings: [] }]);
  });

  test('keep their spare ones the last resort: no address at start beside them', () => {
    const text = lines(({ api, blue }) => ({ base: OFFICIAL, routes: [Route.prefix('/', api, { backups: [blue] })] }));
    expect(blockOf(text, 'upstream api-8000.backup.blue-8000')).toEqual(['server api:8000;', 'server blue:8000 backup;']);
  });

  test('are found at start where a client stays with one: nginx has no spare servers there', () => {
    const balancing = LoadBalancing.CLIENT_ADDRESS;
    const text = lines(({ api, blue }) => ({ base: OFFICIAL, routes: [Route.prefix('/', api, { others: [blue], balancing })] }));
    expect(blockOf(text, 'upstream api-8000.blue-8000.clientAddress')).toEqual(['ip_hash;', 'server api:8000;', 'server blue:8000;']);
  });

  test('share a group where routes lead to the same ones in the same way', () => {
    const text = lines(({ api, blue }) => ({
      routes: [
        Route.prefix('/a/', api), Route.prefix('/b/', api), Route.prefix('/c/', api, { others: [blue] }),
        Route.prefix('/d/', api, { others: [blue], balancing: LoadBalancing.CLIENT_ADDRESS }),
      ],
    }));
    expect(text.filter(line => line.startsWith('upstream '))).toEqual(['upstream api-8000 {', 'upstream api-8000.blue-8000 {', 'upstream api-8000.blue-8000.clientAddress {']);
  });

  test('of all routes are waited for, and their networks joined', () => {
    const { app, application, outdir } = appWith();
    const { api, image } = declareShop(application);
    const blue = new Service(application, 'blue', { image, networks: [new Network(application, 'back')] });
    new NginxReverseProxy(application, 'edge', { routes: [Route.prefix('/', api, { others: [blue] })] });
    app.synth();
    const edge = filesUnder(outdir)['shop/compose.yaml'].split(/^ {2}(?=\S)/m).find(part => part.startsWith('edge:'))!;
    expect(edge).toContain('networks: [default, back]');
    expect(edge).toMatch(/depends_on:\n {6}api:\n {8}condition: service_healthy\n {6}blue:\n {8}condition: service_healthy\n/);
  });
});

describe('limits', () => {
  test('count routes together that share one', () => {
    const shared = RateLimit.perSecond(5);
    const text = lines(({ api }) => ({ routes: [Route.prefix('/a/', api, { rateLimit: shared }), Route.prefix('/b/', api, { rateLimit: shared }), Route.prefix('/c/', api, { rateLimit: RateLimit.perSecond(5) })] }));
    expect(text.filter(line => line.startsWith('limit_req'))).toEqual([
      'limit_req_zone $binary_remote_addr zone=requests-1:10m rate=5r/s;', 'limit_req_zone $binary_remote_addr zone=requests-2:10m rate=5r/s;', 'limit_req_status 429;',
      'limit_req zone=requests-1;', 'limit_req zone=requests-1;', 'limit_req zone=requests-2;',
    ]);
  });
});

describe('files', () => {
  test('of a stage of another build are made in the same Dockerfile, with all that they need and nothing else', () => {
    const text = dockerfile(({ application }) => {
      const build = new MultiStageBuild(application, 'Front');
      const packages = new Stage(build, 'packages', { base: BaseImage.fromReference('node:22') });
      packages.copy(['site'], '/site');
      const bundle = new Stage(build, 'bundle', { base: packages });
      bundle.runExec(['/bin/true']);
      const unused = new Stage(build, 'unused', { base: packages, output: true });
      unused.runExec(['/bin/false']);
      const page = new Stage(build, 'page', { base: BaseImage.scratch() });
      page.copyFrom(bundle, ['/site'], '/site');
      bundle.runShell('true', { mounts: [Mount.cache('/cache', { from: packages })] });
      bundle.runScript('true', { mounts: [Mount.cache('/cache', { from: packages })] });
      return { routes: [Route.files('/', StaticFiles.fromStage(page, '/site'))] };
    });
    expect(text.split('\n').filter(line => /^(FROM|COPY|RUN) /.test(line) && !line.includes('directories'))).toEqual([
      'FROM node:22 AS front-packages', 'COPY site /site',
      'FROM front-packages AS front-bundle', 'RUN ["/bin/true"]',
      'RUN --mount=type=cache,target=/cache,from=front-packages \\', "RUN --mount=type=cache,target=/cache,from=front-packages <<'EOF'",
      'FROM scratch AS front-page', 'COPY --from=front-bundle /site /site',
      'FROM cgr.dev/chainguard/nginx:latest AS proxy', 'COPY --from=front-page /site /srv/www/1', "COPY --chmod=0644 <<'EOF' /etc/nginx/nginx.conf",
    ]);
  });

  test('of a stage that goes on from a Python service are collected by that service itself', () => {
    const text = dockerfile(({ application }) => {
      const image = new PythonServiceImage(application, 'django', { source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app') });
      const collected = new Stage(image, 'static', { base: image.runtimeStage });
      collected.user(0, 0);
      collected.runExec(['/venv/bin/python', 'manage.py', 'collectstatic', '--noinput']);
      return { routes: [Route.files('/static/', StaticFiles.fromStage(collected, '/app/static'))] };
    });
    const names = [...text.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(match => match[1]);
    expect(names).toEqual(expect.arrayContaining(['django-build', 'django-runtime', 'django-static', 'proxy']));
    expect([...text.matchAll(/from=([^\s,]+)/g)].map(match => match[1]).filter(name => !names.includes(name))).toEqual([]);
    expect(text).toContain('FROM django-runtime AS django-static\nUSER 0:0\nRUN ["/venv/bin/python","manage.py","collectstatic","--noinput"]\n'.replace(/","/g, '", "'));
    expect(text).toContain('COPY --from=django-static /app/static /srv/www/1/static\n');
  });

  test('lie under the path that they are asked for by', () => {
    const text = dockerfile(() => ({ routes: [Route.files('/static/', StaticFiles.fromSource('site')), Route.files('/', StaticFiles.fromImage(BaseImage.fromReference('example.com/site:1'), '/html'))] }));
    expect(text).toContain('COPY --from=example.com/site:1 /html /srv/www/1\nCOPY site /srv/www/2/static\n');
  });

  test('on a volume are mounted, to be read only', () => {
    const { app, application, outdir } = appWith();
    new NginxReverseProxy(application, 'edge', { routes: [Route.files('/media/', StaticFiles.fromVolume(new Volume(application, 'media')))] });
    new ComposeFile(application, 'compose');
    app.synth();
    expect(parse(filesUnder(outdir)['shop/compose.yaml']).services.edge.volumes).toEqual(['media:/srv/www/1/media:ro']);
    expect(filesUnder(outdir)['shop/images/edge-image/Dockerfile']).not.toContain('COPY /');
  });

  test('are kept by browsers as long as was said', () => {
    const text = lines(() => ({
      routes: [
        Route.files('/a/', StaticFiles.fromSource('site'), { caching: FileCaching.seconds(60) }), Route.files('/b/', StaticFiles.fromSource('site'), { caching: FileCaching.immutable() }),
        Route.files('/c/', StaticFiles.fromSource('site')), Route.files('/d/', StaticFiles.fromSource('site'), { caching: FileCaching.of('private; x="y"') }),
      ],
    }));
    expect(text.filter(line => line.startsWith('add_header Cache-Control'))).toEqual([
      'add_header Cache-Control "public, max-age=60";', 'add_header Cache-Control "public, max-age=31536000, immutable";', 'add_header Cache-Control no-cache;',
      'add_header Cache-Control \'private; x="y"\';',
    ]);
  });
});

test('TLS gives the proxy its secrets and one port to reach it by', () => {
  const { app, application, outdir } = appWith();
  const { api } = declareShop(application);
  new NginxReverseProxy(application, 'edge', {
    publish: 443, routes: [Route.prefix('/', api)], tls: { certificate: new Secret(application, 'certificate'), key: new Secret(application, 'key'), hstsSeconds: 0 },
  });
  app.synth();
  const edge = filesUnder(outdir)['shop/compose.yaml'].split(/^ {2}(?=\S)/m).find(part => part.startsWith('edge:'))!;
  expect(edge).toContain('ports: ["443:8443"]');
  expect(edge).toContain('secrets: [certificate, key]');
  expect(filesUnder(outdir)['shop/images/edge-image/Dockerfile']).not.toContain('Strict-Transport-Security');
});

test('is checked by what its base has, and asked over HTTP where somebody can ask from outside', () => {
  const { app, application, outdir } = appWith();
  const { api } = declareShop(application);
  new NginxReverseProxy(application, 'edge', { base: OFFICIAL, routes: [Route.prefix('/', api)], healthPath: '/up' });
  app.synth();
  const files = filesUnder(outdir);
  const check = '["CMD","/usr/bin/curl","--fail","--silent","--show-error","--output","/dev/null","http://127.0.0.1:8080/up"]';
  expect(parse(files['shop/compose.yaml']).services.edge.healthcheck.test).toEqual(JSON.parse(check));
  const edge = parseAllDocuments(files['shop/kubernetes.yaml']).map(one => one.toJS()).find(one => one.kind === 'Deployment' && one.metadata.name === 'edge');
  expect(edge.spec.template.spec.containers[0].livenessProbe.httpGet).toEqual({ path: '/up', port: 8080 });
  expect(JSON.parse(files['manifest.json']).losses).toContainEqual(expect.objectContaining({ target: 'compose', path: 'shop/web', declared: 'health check' }));
});

test('stops as long as requests in progress may take, and a moment more', () => {
  const text = lines(({ api }) => ({ gracefulTimeoutSeconds: 20, routes: [Route.prefix('/', api)] }));
  expect(text).toContain('worker_shutdown_timeout 20s;');
});

test('directives of the user are printed where they belong, words quoted', () => {
  const text = lines(({ api }) => ({
    routes: [Route.prefix('/', api, { directives: [NginxDirective.of('proxy_cookie_flags', '~', 'secure')] })],
    serverDirectives: [NginxDirective.of('error_page', '502', '/x y')],
    httpDirectives: [NginxDirective.block('map', ['$uri', '$new'], [NginxDirective.of('/a b', '')])],
  }));
  expect(blockOf(text, 'location /').slice(-1)).toEqual(['proxy_cookie_flags ~ secure;']);
  expect(text).toEqual(expect.arrayContaining(['error_page 502 "/x y";', 'map $uri $new {', '"/a b" "";']));
});
