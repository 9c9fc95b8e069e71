/** The order of declaration changes no byte. */
import { FLASK_SOURCE, filesUnder, folder } from './declare';
import {
  App, Application, BaseImage, ComposeFile, KubernetesFile, MultiStageBuild, Network, NginxReverseProxy, PythonBase, PythonServer,
  PythonServiceImage, Route, Service, Stage,
} from 'cdk-wheelhouse';

/** Declares the same application with its steps in an order that `pick` chooses; returns what it writes. */
function synthesized(pick: (count: number) => number): Record<string, string> {
  const root = folder(FLASK_SOURCE);
  const app = new App({ root });
  const application = new Application(app, 'shop');
  const made: Record<string, any> = {};
  /** Steps by name, each with the names of those that it uses. */
  const steps: [string, string[], () => unknown][] = [
    ['front', [], () => new Network(application, 'frontnet')],
    ['back', [], () => new Network(application, 'backnet', { internal: true })],
    ['image', [], () => new PythonServiceImage(application, 'api-image', { source: 'app', base: PythonBase.slim({ python: '3.13' }), server: PythonServer.gunicorn('app:app') })],
    ['tool', [], () => new MultiStageBuild(application, 'tool')],
    ['toolBase', ['tool'], () => new Stage(made.tool, 'base', { base: BaseImage.chainguardPythonDev() })],
    ['toolOut', ['tool', 'toolBase'], () => { new Stage(made.tool, 'out', { base: BaseImage.scratch(), output: true }).copyFrom(made.toolBase, ['/usr/bin/python'], '/python'); }],
    ['unused', ['tool'], () => new Stage(made.tool, 'unused', { base: BaseImage.scratch() })],
    ['api', ['image', 'back'], () => new Service(application, 'api', { image: made.image, networks: [made.back], environment: { B: '2', A: '1' } })],
    ['admin', ['image', 'back', 'api'], () => new Service(application, 'admin', { image: made.image, networks: [made.back], dependsOn: [made.api] })],
    ['zebra', ['image'], () => new Service(application, 'zebra', { image: made.image })],
    ['aardvark', ['image'], () => new Service(application, 'aardvark', { image: made.image })],
    ['web', ['api', 'admin', 'front'], () => new NginxReverseProxy(application, 'web', { routes: [Route.prefix('/admin/', made.admin), Route.prefix('/', made.api)], networks: [made.front], publish: 80 })],
    ['compose', [], () => new ComposeFile(application, 'compose')],
    ['kubernetes', [], () => new KubernetesFile(application, 'kubernetes', { registry: 'registry.example.com' })],
  ];
  while (steps.length > 0) {
    const ready = steps.filter(([, needs]) => needs.every(need => need in made));
    const [step] = steps.splice(steps.indexOf(ready[pick(ready.length)]), 1);
    made[step[0]] = step[2]() ?? null;
  }
  app.synth();
  return filesUnder(`${root}/wheelhouse.out`);
}

test('shuffled declarations write the same bytes', () => {
  const first = synthesized(() => 0);
  expect(Object.keys(first)).toHaveLength(9);
  let state = 1;
  const random = (count: number) => {
    state = (state * 16807) % 2147483647;
    return state % count;
  };
  for (let round = 0; round < 25; round++) expect(synthesized(random)).toEqual(first);
});

test('stages that the image does not need are left out, the others come after what they need', () => {
  const dockerfile = synthesized(count => count - 1)['shop/images/tool/Dockerfile'];
  expect(dockerfile.match(/^FROM .*$/gm)).toEqual(['FROM cgr.dev/chainguard/python:latest-dev AS base', 'FROM scratch AS out']);
});
