/** Proxies of every kind on a real engine: each configuration is read by the real nginx, and what it means is asked for. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import * as fc from 'fast-check';
import { folder } from '../declare';
import { describeOnEngine, docker, succeed, tryDocker } from './engine';
import {
  App, Application, BaseImage, Compression, ComposeFile, FileCaching, LoadBalancing, MultiStageBuild, NameResolution, NginxDirective,
  NginxReverseProxy, RateLimit, Route, Secret, SecurityHeaders, Service, Stage, StaticFiles, Volume, type NginxReverseProxyProps,
} from 'cdk-wheelhouse';

const [MAIN, EDGE, OLD, PLAIN, SAFE] = [8200, 8201, 8202, 8203, 8204];
const SERVER = readFileSync(join('test', 'e2e', 'nginx', 'upstream.py'), 'utf8');
const OFFICIAL = BaseImage.nginx({ nginx: '1.22' });

/** Whatever a word may be: only a `$` means something, and control letters are refused. */
const WORDS = fc.sample(fc.oneof(fc.string({ unit: fc.constantFrom(...'"\'\\ ;{}#|~()ax=,.') }), fc.string({ unit: 'grapheme' })), { numRuns: 300, seed: 1 })
  .filter(word => word !== '' && !/[$\p{Cc}]/u.test(word));

interface Answer { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string; readonly times: number[] }

/** One request, with a connection of its own. */
function ask(port: number, path: string, options: RequestOptions & { body?: string | Buffer } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = (options.protocol === 'https:' ? httpsRequest : httpRequest)({ host: '127.0.0.1', port, path, agent: false, ...options }, answer => {
      const times: number[] = [];
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', part => { times.push(Date.now()); body += part; });
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body, times }));
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

async function seen(port: number, path: string, options: RequestOptions & { body?: string } = {}) {
  const { body } = await ask(port, path, options);
  return JSON.parse(body) as { service: string; path: string; headers: Record<string, string>; connections: number; received: number };
}

/** What is asked for until it holds, for up to 20 seconds. */
async function eventually<T>(question: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (const end = Date.now() + 20_000; ;) {
    const answer = await question().catch(() => undefined);
    if (answer !== undefined && holds(answer)) return answer;
    if (Date.now() > end) throw new Error(`not so after 20 seconds: ${JSON.stringify(answer)}`);
    await new Promise(resolve => setTimeout(resolve, 300));
  }
}

describeOnEngine('NginxReverseProxy', () => {
  let out: string;
  const compose = (...args: string[]) => docker('compose', '--file', join(out, 'compose.yaml'), ...args);
  const log = (service: string) => docker('logs', compose('ps', '--quiet', service)).split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line));

  beforeAll(async () => {
    const root = folder({
      'site/index.html': '<h1>page</h1>', 'site/about/index.html': 'about', 'site/app.3f2a1b9c.js': `// ${'x'.repeat(2000)}`, 'site/app.js': 'plain',
    });
    const app = new App({ root, outdir: join(root, 'out') });
    const application = new Application(app, 'nginx-e2e');
    const python = new MultiStageBuild(application, 'python');
    const server = new Stage(python, 'server', { base: BaseImage.chainguardPython() });
    server.writeFile('/server.py', SERVER);
    server.expose(8000);
    server.entrypoint(['/usr/bin/python', '-u', '/server.py']);
    server.healthCheck({ command: ['/usr/bin/python', '-c', "import socket; socket.create_connection(('127.0.0.1', 8000), 3)"], intervalSeconds: 1, timeoutSeconds: 3, retries: 3, startPeriodSeconds: 30 });
    const uploads = new Volume(application, 'uploads');
    server.user(65532, 65532);
    server.writablePath({ path: '/uploads', data: true });
    const [api, blue, green] = ['api', 'blue', 'green'].map(id => new Service(application, id, {
      image: python, environment: { NAME: id }, volumes: id === 'api' ? [{ volume: uploads, path: '/uploads' }] : [],
    }));

    const assets = new MultiStageBuild(application, 'assets');
    const sources = new Stage(assets, 'sources', { base: BaseImage.scratch() });
    sources.writeFile('/in/site.css', 'p {}');
    const collected = new Stage(assets, 'collected', { base: BaseImage.python({ python: '3.11', debian: 'bookworm' }) });
    collected.copyFrom(sources, ['/in'], '/in');
    collected.runShell('mkdir /out && cp /in/site.css /out/site.0123456789ab.css && cp /in/site.css /out/site.css');

    const proxies: Record<string, NginxReverseProxyProps> = {
      main: {
        publish: MAIN,
        routes: [
          Route.files('/', StaticFiles.fromSource('site'), { singlePage: true, caching: FileCaching.hashedNames() }),
          Route.files('/static/', StaticFiles.fromStage(collected, '/out'), { caching: FileCaching.hashedNames() }),
          Route.files('/uploads/', StaticFiles.fromVolume(uploads)),
          Route.prefix('/api/', api, { bodyMebibytes: 2 }),
          Route.prefix('/api/deep/', blue),
          Route.exact('/api/deep', green),
          Route.prefix('/live/', api, { websocket: true }),
          Route.prefix('/stream/', api, { serverSentEvents: true }),
          Route.prefix('/held/', api),
          Route.prefix('/limited/', api, { rateLimit: RateLimit.perMinute(6, 1) }),
          Route.prefix('/narrow/', api, { connectionsPerClient: 1 }),
          Route.prefix('/slow/', api, { readTimeoutSeconds: 1 }),
          Route.prefix('/shared/', api, { others: [blue, green] }),
          Route.prefix('/sticky/', api, { others: [blue, green], balancing: LoadBalancing.CLIENT_ADDRESS }),
          Route.prefix('/spare/', blue, { backups: [green] }),
          Route.prefix('/', blue, { host: 'blue.example.com' }),
          Route.prefix('/', green, { host: `${'long.'.repeat(40)}example.com` }),
          Route.prefix('/', green, { host: '*.green.example.com', directives: [NginxDirective.of('add_header', 'X-Words', 'a; b {c} "d" \'e\' \\ $host')] }),
        ],
      },
      edge: {
        publish: EDGE,
        routes: [Route.prefix('/', api)],
        trustedProxies: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
        keepalive: { connections: 4, idleSeconds: 30 },
        compression: Compression.ALL,
        bodyMebibytes: 0,
        securityHeaders: SecurityHeaders.standard().with('X-Frame-Options', 'DENY').with('Content-Security-Policy', "default-src 'self'; img-src *")
          .with(`X-${'long-'.repeat(18)}name`, 'x'),
        httpDirectives: [NginxDirective.block('map', ['$arg_x', '$known'], [NginxDirective.of('default', 'no'), NginxDirective.of('a b', 'yes')])],
        serverDirectives: [NginxDirective.of('add_trailer', 'X-Known', '$known')],
      },
      old: { publish: OLD, base: OFFICIAL, routes: [Route.prefix('/', blue)], nameResolution: NameResolution.repeated({ validSeconds: 1 }) },
      plain: {
        publish: PLAIN,
        base: BaseImage.nginxUnprivileged({ nginx: '1.22' }),
        routes: [
          Route.prefix('/', green, { host: 'only.example.com' }),
          ...WORDS.map((word, index) => Route.exact(`/words/${index}`, green, { host: 'words', directives: [NginxDirective.of('return', '200', word)] })),
        ],
        securityHeaders: SecurityHeaders.none(),
      },
      safe: {
        publish: SAFE,
        base: OFFICIAL,
        routes: [Route.prefix('/', api)],
        tls: { certificate: new Secret(application, 'certificate'), key: new Secret(application, 'key') },
      },
    };
    mkdirSync(join(root, 'secrets'));
    succeed('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', join(root, 'secrets/key'), '-out', join(root, 'secrets/certificate')]);
    chmodSync(join(root, 'secrets/key'), 0o644);
    // where there is no registry, the official image stands in for the unprivileged one: what differs is replaced anyway
    if (tryDocker('image', 'inspect', 'nginxinc/nginx-unprivileged:1.22').status !== 0) tryDocker('tag', 'nginx:1.22', 'nginxinc/nginx-unprivileged:1.22');
    for (const [id, props] of Object.entries(proxies)) new NginxReverseProxy(application, id, props);
    new ComposeFile(application, 'compose');
    app.synth();
    out = join(root, 'out/nginx-e2e');
    compose('up', '--build', '--detach'); // without --wait, which takes a container without a check for one that has ended when it looks too soon
    for (const port of [MAIN, EDGE, OLD, PLAIN]) await eventually(() => ask(port, '/nginx-health'), answer => answer.body === 'ok');
  });
  afterAll(() => { compose('down', '--volumes', '--rmi', 'local', '--timeout', '1'); });

  test.each(['main', 'edge', 'old', 'plain', 'safe'])('%s is what nginx itself finds in order', service => {
    const tested = tryDocker('compose', '--file', join(out, 'compose.yaml'), 'exec', service, '/usr/sbin/nginx', '-t', '-c', '/etc/nginx/nginx.conf', '-e', '/dev/stderr');
    expect({ status: tested.status, warnings: tested.stderr.split('\n').filter(line => line.includes('[warn]') || line.includes('[emerg]')) }).toEqual({ status: 0, warnings: [] });
  });

  test('is known to be healthy where its base has something to ask with, and is a loss where not', async () => {
    const health = (service: string) => JSON.parse(docker('inspect', compose('ps', '--quiet', service)))[0].State.Health?.Status;
    for (const service of ['old', 'plain', 'safe']) await eventually(async () => health(service), status => status === 'healthy');
    const { losses } = JSON.parse(readFileSync(join(out, '../manifest.json'), 'utf8')) as { losses: { target: string; path: string; declared: string }[] };
    expect(losses.filter(loss => loss.declared === 'health check').map(loss => `${loss.target} ${loss.path}`)).toEqual(['compose nginx-e2e/edge', 'compose nginx-e2e/main']);
    expect([health('main'), health('edge')]).toEqual([undefined, undefined]);
  });

  test.each([
    ['/api/x', 'api'], ['/api/deep/x', 'blue'], ['/api/deep', 'green'], ['/api/deepest', 'api'], ['/api/deep?x=1', 'green'],
  ])('hands %s to %s: the exact path, then the longest prefix', async (path, service) => {
    expect(await seen(MAIN, path)).toMatchObject({ service, path });
  });

  test('tells hosts apart, and answers no other where only hosts are named', async () => {
    expect(await seen(MAIN, '/api/x', { headers: { host: 'blue.example.com' } })).toMatchObject({ service: 'blue' });
    expect(await seen(MAIN, '/', { headers: { host: 'a.green.example.com' } })).toMatchObject({ service: 'green' });
    expect((await ask(PLAIN, '/')).status).toBe(404);
    expect(await seen(PLAIN, '/', { headers: { host: 'only.example.com' } })).toMatchObject({ service: 'green' });
  });

  test('quotes words of other directives exactly', async () => {
    const { headers } = await ask(MAIN, '/', { headers: { host: 'a.green.example.com' } });
    expect(headers['x-words']).toBe('a; b {c} "d" \'e\' \\ a.green.example.com');
  });

  test('quotes any word so that nginx reads just that', async () => {
    expect(WORDS.length).toBeGreaterThan(200);
    for (const [index, word] of WORDS.entries()) expect((await ask(PLAIN, `/words/${index}`, { headers: { host: 'words' } })).body).toBe(word);
  });

  test('shares requests between services, keeps a client with one, uses spare ones when the others do not work', async () => {
    const shared = await Promise.all(Array.from({ length: 12 }, () => seen(MAIN, '/shared/')));
    expect([...new Set(shared.map(answer => answer.service))].sort()).toEqual(['api', 'blue', 'green']);
    const sticky = await Promise.all(Array.from({ length: 6 }, () => seen(MAIN, '/sticky/')));
    expect(new Set(sticky.map(answer => answer.service)).size).toBe(1);
    expect(await seen(MAIN, '/spare/')).toMatchObject({ service: 'blue' });
  });

  test('answers with files: of the source tree, of a stage of another build', async () => {
    expect(await ask(MAIN, '/')).toMatchObject({ status: 200, body: '<h1>page</h1>', headers: { 'cache-control': 'no-cache', 'content-type': 'text/html', 'x-content-type-options': 'nosniff' } });
    expect(await ask(MAIN, '/about/')).toMatchObject({ status: 200, body: 'about' });
    expect(await ask(MAIN, '/static/site.css')).toMatchObject({ status: 200, body: 'p {}\n', headers: { 'cache-control': 'no-cache', 'content-type': 'text/css' } });
  });

  test('answers with what a service has written to a volume', async () => {
    expect((await ask(MAIN, '/uploads/new.txt')).status).toBe(404);
    docker('exec', compose('ps', '--quiet', 'api'), '/usr/bin/python', '-c', "open('/uploads/new.txt', 'w').write('uploaded')");
    expect(await ask(MAIN, '/uploads/new.txt')).toMatchObject({ status: 200, body: 'uploaded', headers: { 'content-type': 'text/plain' } });
  });

  test('lets browsers keep files whose names are hashes, and no others', async () => {
    const immutable = 'public, max-age=31536000, immutable';
    expect((await ask(MAIN, '/static/site.0123456789ab.css')).headers['cache-control']).toBe(immutable);
    expect((await ask(MAIN, '/app.3f2a1b9c.js')).headers['cache-control']).toBe(immutable);
    expect((await ask(MAIN, '/app.js')).headers['cache-control']).toBe('no-cache');
    expect((await ask(MAIN, '/app.js', { headers: { 'if-none-match': (await ask(MAIN, '/app.js')).headers.etag } })).status).toBe(304);
  });

  test('compresses files, and answers of services only when asked', async () => {
    const encoding = async (port: number, path: string) => (await ask(port, path, { headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'];
    expect([await encoding(MAIN, '/app.3f2a1b9c.js'), await encoding(MAIN, '/api/?pad=2000'), await encoding(EDGE, '/?pad=2000')]).toEqual(['gzip', undefined, 'gzip']);
  });

  test('answers a path of a single page with the page, and a missing file elsewhere with 404', async () => {
    expect(await ask(MAIN, '/some/view')).toMatchObject({ status: 200, body: '<h1>page</h1>', headers: { 'cache-control': 'no-cache' } });
    expect(await ask(MAIN, '/static/missing.0123456789ab.css')).toMatchObject({ status: 404 });
  });

  test('passes a websocket on, where it was declared', async () => {
    expect(await websocket(MAIN, '/live/websocket', 'hello')).toEqual({ status: 101, echo: 'hello' });
    expect((await websocket(MAIN, '/held/websocket', 'hello')).status).toBe(426);
  });

  test('passes server-sent events on as they come', async () => {
    const { times, body } = await ask(MAIN, '/stream/events');
    expect(body).toBe('data: 0\n\ndata: 1\n\ndata: 2\n\n');
    expect(times.length).toBe(3);
    expect(times[2] - times[0]).toBeGreaterThan(600);
  });

  test('refuses bodies that are larger than the route, or the proxy, allows', async () => {
    const post = async (port: number, path: string, mebibytes: number) => {
      return (await ask(port, path, { method: 'POST', headers: { 'content-length': mebibytes * 1048576, 'expect': '100-continue' }, body: Buffer.alloc(mebibytes * 1048576) })).status;
    };
    expect([await post(MAIN, '/api/', 2), await post(MAIN, '/api/', 3), await post(MAIN, '/held/', 1), await post(MAIN, '/held/', 2), await post(EDGE, '/', 8)])
      .toEqual([200, 413, 200, 413, 200]);
  });

  test('limits how often and how much at once a client asks, per route', async () => {
    const limited = [await ask(MAIN, '/limited/'), await ask(MAIN, '/limited/'), await ask(MAIN, '/limited/')];
    expect(limited.map(answer => answer.status)).toEqual([200, 200, 429]);
    const narrow = await Promise.all(Array.from({ length: 3 }, () => ask(MAIN, '/narrow/?sleep=0.5')));
    expect(narrow.map(answer => answer.status).sort()).toEqual([200, 429, 429]);
    expect((await ask(MAIN, '/api/')).status).toBe(200);
  });

  test('waits for an answer as long as the route says', async () => {
    expect((await ask(MAIN, '/slow/?sleep=0.2')).status).toBe(200);
    expect((await ask(MAIN, '/slow/?sleep=2')).status).toBe(504);
  });

  test('adds security headers, to errors too, and leaves those of the service alone', async () => {
    const standard = { 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN', 'referrer-policy': 'strict-origin-when-cross-origin' };
    expect((await ask(MAIN, '/api/')).headers).toMatchObject(standard);
    expect((await ask(MAIN, '/api/?status=500')).headers).toMatchObject(standard);
    expect((await ask(MAIN, '/api/?frame=DENY')).headers).toMatchObject({ ...standard, 'x-frame-options': 'DENY' });
    expect((await ask(EDGE, '/')).headers).toMatchObject({ 'x-frame-options': 'DENY', 'content-security-policy': "default-src 'self'; img-src *" });
    expect(Object.keys((await ask(PLAIN, '/')).headers).filter(name => name.startsWith('x-'))).toEqual([]);
  });

  test('believes nobody who is not trusted', async () => {
    const claims = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https', 'x-request-id': 'mine', 'x-real-ip': '203.0.113.7' };
    const { headers } = await seen(MAIN, '/api/', { headers: claims });
    expect(headers['x-forwarded-for']).toBe(headers['x-real-ip']);
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'http', 'x-forwarded-for': expect.not.stringContaining('203.0.113.7'), 'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/) });
  });

  test('believes trusted proxies: address, protocol and request id', async () => {
    const claims = { 'x-forwarded-for': '198.51.100.9, 203.0.113.7, 10.1.2.3', 'x-forwarded-proto': 'https', 'x-request-id': 'mine-1' };
    const { headers } = await seen(EDGE, '/traced', { headers: claims });
    expect(headers).toMatchObject({ 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.7', 'x-forwarded-proto': 'https', 'x-request-id': 'mine-1' });
    expect((await seen(EDGE, '/', { headers: { 'x-request-id': 'not "good"' } })).headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    const [line] = await eventually(async () => log('edge').filter(entry => entry.uri === '/traced'), lines => lines.length === 1);
    expect(line).toMatchObject({ client: '203.0.113.7', request_id: 'mine-1', status: '200', method: 'GET', upstream_status: '200', seconds: expect.any(Number), bytes: expect.any(Number) });
  });

  test('speaks TLS 1.3 and nothing older, HTTP/2, and tells browsers to stay with it', async () => {
    const answer = await ask(SAFE, '/', { protocol: 'https:', rejectUnauthorized: false });
    expect(answer).toMatchObject({ status: 200, headers: { 'strict-transport-security': 'max-age=63072000' } });
    expect(JSON.parse(answer.body).headers).toMatchObject({ 'x-forwarded-proto': 'https' });
    expect(await handshake(SAFE, { ALPNProtocols: ['h2'] })).toEqual({ protocol: 'TLSv1.3', application: 'h2' });
    expect(await handshake(SAFE, { maxVersion: 'TLSv1.2' })).toMatch(/alert protocol version|ECONNRESET/);
  });

  test('redirects HTTP to HTTPS, on both ports, and says nothing of HTTPS there', async () => {
    const address = docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', compose('ps', '--quiet', 'safe'));
    for (const [host, port] of [['127.0.0.1', SAFE], [address, 8080]] as const) {
      const { status, headers } = await ask(port, '/a?b=c', { host, method: 'POST', headers: { host: 'shop.example.com' } });
      expect({ status, location: headers.location, hsts: headers['strict-transport-security'] })
        .toEqual({ status: 308, location: `https://shop.example.com:${SAFE}/a?b=c`, hsts: undefined });
    }
    expect((await ask(8080, '/nginx-health', { host: address })).body).toBe('ok');
  });

  test('writes JSON, whatever clients send, and no line for its own health', async () => {
    await ask(MAIN, '/api/quoted?x="%22\\', { headers: { 'user-agent': 'a "quoted" \\ agent\t' } });
    expect((await ask(MAIN, '/nginx-health')).body).toBe('ok');
    const lines = await eventually(async () => log('main'), all => all.some(entry => entry.uri.includes('/quoted')));
    expect(lines.find(entry => entry.uri.includes('/quoted'))).toMatchObject({ user_agent: 'a "quoted" \\ agent\t', uri: '/api/quoted?x="%22\\' });
    expect(lines.filter(entry => entry.uri === '/nginx-health')).toEqual([]);
  });

  test('keeps connections to a service when it was asked to, and else opens one for each request', async () => {
    const opened = async (port: number, path: string) => {
      const first = (await seen(port, path)).connections;
      for (let count = 0; count < 5; count++) await seen(port, path);
      return (await seen(port, path)).connections - first;
    };
    expect(await opened(EDGE, '/')).toBeLessThanOrEqual(3);
    expect(await opened(MAIN, '/api/')).toBeGreaterThanOrEqual(6);
  });

  test('finds a service that has come back with another address', async () => {
    const address = () => docker('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', compose('ps', '--quiet', 'blue'));
    expect(await seen(OLD, '/')).toMatchObject({ service: 'blue' });
    const before = address();
    compose('stop', '--timeout', '1', 'blue');
    expect(await seen(MAIN, '/spare/')).toMatchObject({ service: 'green' });
    docker('run', '--detach', '--rm', '--name', 'nginx-e2e-squatter', '--network', 'nginx-e2e_default', 'cgr.dev/chainguard/python:latest', '-c', 'import time; time.sleep(60)');
    try {
      compose('up', '--detach', '--no-deps', '--force-recreate', 'blue');
      expect(address()).not.toBe(before);
      await eventually(() => seen(OLD, '/'), answer => answer.service === 'blue');
    } finally {
      docker('rm', '--force', 'nginx-e2e-squatter');
    }
  });
});

/** What was agreed on, or why nothing was. */
function handshake(port: number, options: ConnectionOptions): Promise<{ protocol: string | null; application: string | false | null } | string> {
  return new Promise(resolve => {
    const socket = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => {
      resolve({ protocol: socket.getProtocol(), application: socket.alpnProtocol });
      socket.destroy();
    });
    socket.on('error', error => resolve(error.message));
  });
}

/** Opens a websocket, sends a word, answers with what comes back. */
function websocket(port: number, path: string, text: string): Promise<{ status: number; echo?: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`);
    let upgraded = false;
    socket.on('data', data => {
      received = Buffer.concat([received, data]);
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const status = Number(received.toString('latin1').split(' ')[1]);
      if (status !== 101) {
        socket.destroy();
        return resolve({ status });
      }
      if (!upgraded) {
        upgraded = true;
        const mask = Buffer.alloc(4); // of zeroes: masked text is the text
        socket.write(Buffer.concat([Buffer.from([0x81, 0x80 + text.length]), mask, Buffer.from(text)]));
      }
      const frame = received.subarray(end + 4);
      if (frame.length >= 2 && frame.length >= 2 + frame[1]) {
        socket.destroy();
        resolve({ status, echo: frame.subarray(2, 2 + frame[1]).toString() });
      }
    });
  });
}
