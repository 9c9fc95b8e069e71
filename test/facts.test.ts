/** Facts of base images, and the way of facts from an image into every output. */
import { parse, parseAllDocuments } from 'yaml';
import { appWith, declareShop, filesUnder, FLASK_SOURCE } from './declare';
import {
  BaseImage, ComposeFile, HealthCheck, KubernetesFile, MultiStageBuild, PythonBase, Service, Stage, type MultiStageBuildProps, type ServiceProps,
} from 'cdk-wheelhouse';

const CATALOGUE = [
  BaseImage.python({ python: '3.13', debian: 'bookworm' }), BaseImage.pythonSlim({ python: '3.13', debian: 'trixie' }), BaseImage.pythonSlim({ python: '3.13' }),
  BaseImage.chainguardPython(), BaseImage.chainguardPythonDev(), BaseImage.chainguardNginx(), BaseImage.scratch(),
];

describe('the catalogue', () => {
  test.each(CATALOGUE.map(base => [base.reference, base] as const))('%s has a page for each fact', (_, base) => {
    // which Python it is, and which images are its family, is said by the tag that was asked for
    const facts = Object.keys(base.facts).filter(fact => fact !== 'python' && !(fact === 'family' && base.reference.startsWith('python:')));
    expect(Object.keys(base.sources).sort()).toEqual(facts.sort());
    for (const page of Object.values(base.sources)) expect(page).toMatch(/^https:\/\/[a-z.]+\/\S+$/);
  });

  test('names the tags that are asked for', () => {
    expect(CATALOGUE.map(base => base.reference)).toEqual([
      'python:3.13-bookworm', 'python:3.13-slim-trixie', 'python:3.13-slim', 'cgr.dev/chainguard/python:latest', 'cgr.dev/chainguard/python:latest-dev',
      'cgr.dev/chainguard/nginx:latest', 'scratch',
    ]);
  });

  test('keeps no page for a fact that somebody knows better', () => {
    const known = BaseImage.chainguardPython().withFacts({ python: '3.13', shell: ['/bin/sh', '-c'] });
    expect(known.facts).toMatchObject({ python: '3.13', shell: ['/bin/sh', '-c'], defaultUserId: 65532 });
    expect(Object.keys(known.sources)).not.toContain('shell');
  });
});

/** Changed lines of each file, `-` before and `+` after. */
function changes(before: Record<string, string>, after: Record<string, string>): Record<string, string[]> {
  const found = Object.keys(before).filter(path => path !== 'manifest.json').map(path => {
    const [old, now] = [before[path].split('\n'), after[path].split('\n')];
    const gone = old.filter(line => !now.includes(line)).map(line => `- ${line.trim()}`);
    const come = now.filter(line => !old.includes(line)).map(line => `+ ${line.trim()}`);
    return [path.split('/').pop(), [...gone, ...come]] as const;
  });
  return Object.fromEntries(found.filter(([, lines]) => lines.length > 0));
}

/** The one service of an image of whose base nothing is known, in compose and in Kubernetes. */
function deployed(declare: (stage: Stage) => void, props: MultiStageBuildProps = {}, service: Omit<ServiceProps, 'image'> = {}) {
  const { app, application, outdir } = appWith({});
  const image = new MultiStageBuild(application, 'image', props);
  declare(new Stage(image, 'one', { base: BaseImage.fromReference('example.com/base:1') }));
  new Service(application, 'thing', { image, ...service });
  new ComposeFile(application, 'compose');
  new KubernetesFile(application, 'kubernetes', { registry: 'example.com' });
  const { losses } = app.synth();
  const files = filesUnder(outdir);
  const deployment = parseAllDocuments(files['shop/kubernetes.yaml']).map(document => document.toJS()).find(({ kind }) => kind === 'Deployment');
  return { compose: parse(files['shop/compose.yaml']).services.thing, pod: deployment.spec.template.spec, losses };
}

describe('what is known of an image', () => {
  test('is hardened even when nothing is known', () => {
    const { compose, pod } = deployed(() => undefined);
    expect(compose).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], init: true });
    expect([compose.user, compose.tmpfs]).toEqual([undefined, undefined]);
    expect(pod.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(pod.containers[0].securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
  });

  test('puts an init before a process that may not handle its signal; in Kubernetes, its pod has one', () => {
    const { compose, pod } = deployed(() => undefined, { handlesStopSignal: true });
    expect([compose.init, pod.shareProcessNamespace]).toEqual([undefined, undefined]);
    for (const handlesStopSignal of [false, undefined]) {
      const unhandled = deployed(() => undefined, { handlesStopSignal });
      expect([unhandled.compose.init, unhandled.pod.shareProcessNamespace]).toEqual([true, true]);
    }
  });

  test('becomes unknown when raw text may change it, until it is said again', () => {
    expect(deployed(stage => { stage.user(1000, 1000); stage.raw('USER nobody'); }).compose.user).toBeUndefined();
    expect(deployed(stage => { stage.raw('USER nobody'); stage.user(1000, 1000); }).compose.user).toBe('1000:1000');
  });

  test('gives each writable path its owner, mode, size and permission to execute', () => {
    const { compose, pod, losses } = deployed(stage => {
      stage.user(1000, 1000);
      stage.writablePath({ path: '/data', userId: 7, groupId: 8, mode: '0750', sizeMebibytes: 64, exec: true });
    });
    expect(compose.tmpfs).toEqual(['/data:uid=7,gid=8,mode=0750,size=64m,exec']);
    expect(pod.volumes).toEqual([{ name: 'data', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } }]);
    expect(pod.containers[0].volumeMounts).toEqual([{ name: 'data', mountPath: '/data' }]);
    expect(losses.map(loss => loss.declared)).toContain("mode 0750 of '/data'");
  });

  test("is replaced by the service's own health check", () => {
    const healthCheck = HealthCheck.http(9000, '/up', { host: 'shop.example.com', intervalSeconds: 20, timeoutSeconds: 4, retries: 5, startPeriodSeconds: 60 });
    const { compose, pod } = deployed(() => undefined, { interpreter: '/usr/bin/python' }, { healthCheck });
    expect(compose.healthcheck).toMatchObject({ interval: '20s', timeout: '4s', retries: 5, start_period: '1m', start_interval: '1s' });
    expect(compose.healthcheck.test.slice(0, 4)).toEqual(['CMD', '/usr/bin/python', '-IS', '-c']);
    const handler = { httpGet: { path: '/up', port: 9000, httpHeaders: [{ name: 'Host', value: 'shop.example.com' }] }, timeoutSeconds: 4 };
    expect(pod.containers[0].livenessProbe).toEqual({ ...handler, periodSeconds: 20, failureThreshold: 5 });
    expect(pod.containers[0].startupProbe).toEqual({ ...handler, periodSeconds: 1, failureThreshold: 60 });
    expect(deployed(() => undefined, {}, { healthCheck: HealthCheck.command(['/check', '$x']) }).compose.healthcheck.test).toEqual(['CMD', '/check', '$$x']);
    expect(deployed(() => undefined, {}, { healthCheck: HealthCheck.command(['/check']) }).pod.containers[0].livenessProbe.exec).toEqual({ command: ['/check'] });
  });

  test('does not let compose and Kubernetes read variables in the values of an environment', () => {
    const { compose, pod } = deployed(() => undefined, {}, { environment: { PRICE: '$5 ${X} $(Y)' } });
    expect(compose.environment).toEqual({ PRICE: '$$5 $${X} $$(Y)' });
    expect(pod.containers[0].env).toEqual([{ name: 'PRICE', value: '$$5 $${X} $$(Y)' }]);
  });
});

describe('bases that are swapped', () => {
  test('change only what belongs to the image', () => {
    const synthesized = (base: PythonBase) => {
      const { app, application, outdir } = appWith();
      declareShop(application, base);
      app.synth();
      return filesUnder(outdir);
    };
    const swapped = changes(synthesized(PythonBase.chainguard()), synthesized(PythonBase.slim({ python: '3.13', debian: 'bookworm' })));
    expect(Object.keys(swapped)).toEqual(['Dockerfile', 'kubernetes.yaml']);
    expect(swapped['kubernetes.yaml']).toEqual([
      expect.stringMatching(/^- image: registry.example.com\/shop\/api-image:[0-9a-f]{12}$/), expect.stringMatching(/^\+ image: registry.example.com\/shop\/api-image:[0-9a-f]{12}$/),
    ]);
    expect(swapped.Dockerfile).toEqual([
      '- FROM cgr.dev/chainguard/python:latest-dev AS build', '- USER 0:0', '- RUN /usr/bin/python -m venv --without-pip /venv',
      '- /usr/bin/python -m pip --python /venv/bin/python install --no-compile --requirement /src/app/requirements.txt', '- FROM cgr.dev/chainguard/python:latest AS bytecode',
      '- USER 0:0', '- FROM cgr.dev/chainguard/python:latest AS runtime', '- USER 0:0',
      '+ FROM python:3.13-bookworm AS build', '+ RUN /usr/local/bin/python3 -m venv --without-pip /venv',
      '+ /usr/local/bin/python3 -m pip --python /venv/bin/python install --no-compile --requirement /src/app/requirements.txt', '+ FROM python:3.13-slim-bookworm AS bytecode', '+ FROM python:3.13-slim-bookworm AS runtime',
      '+ RUN echo nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >> /etc/passwd \\', '+ && echo nonroot:x:65532: >> /etc/group',
      '+ RUN ["/usr/local/bin/python3", "-B", "-m", "pip", "uninstall", "--yes", "--root-user-action=ignore", "pip"]',
    ]);
  });
});

describe('the content tag', () => {
  const tag = (files: Record<string, string>) => {
    const { app, application, outdir } = appWith(files);
    declareShop(application);
    app.synth();
    return /api-image:([0-9a-f]{12})/.exec(filesUnder(outdir)['shop/kubernetes.yaml'])![1];
  };
  test('changes with a file that the build reads, and with its name', () => {
    const one = tag(FLASK_SOURCE);
    expect(tag({ ...FLASK_SOURCE, 'app/app.py': '# other\n' })).not.toBe(one);
    expect(tag({ ...FLASK_SOURCE, 'app/new.py': '' })).not.toBe(one);
    expect(tag({ ...FLASK_SOURCE })).toBe(one);
  });
  test('does not change with a file that the build does not see', () => {
    expect(tag({ ...FLASK_SOURCE, 'README.md': '', 'app/__pycache__/app.pyc': 'x', 'app/.env': 'SECRET=1', 'data/big.bin': 'x' })).toBe(tag(FLASK_SOURCE));
  });
});
