import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App, Application, BaseImage, FileTarget, MultiStageBuild, NginxReverseProxy, PythonBase, PythonServer, PythonServiceImage, Route, Service, Stage,
  type ApplicationPlan, type IRenderContext, type SynthResult, type TargetOutput,
} from 'cdk-wheelhouse';

/** What somebody else can write without us: one line per service, and no way to say how its health is checked. */
class ServiceList extends FileTarget {
  public render(plan: ApplicationPlan, context: IRenderContext): TargetOutput {
    const lines = plan.services.map(({ id, publish, image }) =>
      `${id} port ${publish?.published ?? 'none'} user ${image.facts.userId} from ${context.directory}/${image.dockerfile}\n`);
    return {
      files: [{ path: 'services.txt', text: lines.join('') }],
      losses: plan.services.filter(service => service.healthCheck).map(({ path }) => ({
        target: 'list',
        path,
        declared: 'health check',
        instead: 'none: look at the service yourself',
      })),
    };
  }
}

describe('A target that is written outside this library', () => {
  const folder = mkdtempSync(join(tmpdir(), 'foreign-target-'));
  const outdir = join(folder, 'source', 'out');
  let result: SynthResult;

  beforeAll(() => {
    mkdirSync(join(folder, 'source', 'app'), { recursive: true });
    writeFileSync(join(folder, 'source', 'app', 'requirements.txt'), 'flask==3.1.2\ngunicorn==23.0.0\n');
    const app = new App({ root: join(folder, 'source'), outdir });
    const shop = new Application(app, 'shop');
    const api = new Service(shop, 'api', {
      image: new PythonServiceImage(shop, 'api-image', {
        source: 'app',
        base: PythonBase.chainguard(),
        server: PythonServer.gunicorn('app:app', { healthPath: '/healthz' }),
      }),
    });
    const idle = new MultiStageBuild(shop, 'idle-image');
    const stage = new Stage(idle, 'runtime', { base: BaseImage.scratch(), output: true });
    stage.copy(['app'], '/app');
    stage.user(1234, 1234);
    stage.entrypoint(['/app/idle']);
    new Service(shop, 'idle', { image: idle });
    new NginxReverseProxy(shop, 'web', { routes: [Route.prefix('/', api)], publish: 8080 });
    new ServiceList(shop, 'list');
    result = app.synth();
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** The service on bare scratch has no health check: nothing is lost there. */
  const losses = ['shop/api', 'shop/web'].map(path => ({ target: 'list', path, declared: 'health check', instead: 'none: look at the service yourself' }));

  test('gets its file written, from facts that were declared elsewhere', () => {
    expect(result.written).toContain('shop/services.txt');
    expect(readFileSync(join(outdir, 'shop', 'services.txt'), 'utf8')).toBe([
      'api port none user 65532 from out/shop/images/api-image/Dockerfile\n',
      'idle port none user 1234 from out/shop/images/idle-image/Dockerfile\n',
      'web port 8080 user 65532 from out/shop/images/web-image/Dockerfile\n',
    ].join(''));
  });

  test('gets its losses told to whoever calls synth', () => {
    expect(result.losses).toEqual(losses);
  });

  test('gets its losses kept in the manifest, and its file listed there', () => {
    const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
    expect(manifest.losses).toEqual(losses);
    expect(Object.keys(manifest.files)).toContain('shop/services.txt');
  });
});
