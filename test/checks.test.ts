/** Checks that need two things or are a policy: each fires with its whole message, and is silent beside it. */
import { appWith, declareShop, filesUnder, FLASK_SOURCE, folder } from './declare';
import { refusesAtOnce, refusesAtSynth } from './refuses';
import {
  App, Application, BaseImage, Checks, ComposeFile, HealthCheck, KubernetesFile, Mount, MultiStageBuild, PackageManager, RegistryImage, Service,
  Stage, type AppProps, type BaseImageFacts, type Finding, type ProcessProps, type SynthResult,
} from 'cdk-wheelhouse';

const SLIM = BaseImage.pythonSlim({ python: '3.13', debian: 'bookworm' });
const OTHER = (facts: BaseImageFacts = {}) => BaseImage.fromReference('example.com/base:1', facts);

/** An image of one stage. */
function image(application: Application, declare: (stage: Stage) => void, base = SLIM, props: ProcessProps = {}): MultiStageBuild {
  const made = new MultiStageBuild(application, 'image', props);
  declare(new Stage(made, 'one', { base }));
  return made;
}

/** What synth has to say of what is declared, a line for each finding. */
function findings(declare: (application: Application) => unknown, props: AppProps = {}): string[] {
  return synthesized(declare, props).findings.map(line);
}

function synthesized(declare: (application: Application) => unknown, props: AppProps): SynthResult {
  const app = new App({ root: folder(FLASK_SOURCE), ...props });
  declare(new Application(app, 'shop'));
  return app.synth();
}

function line({ severity, path, problem, link, code }: Finding): string {
  return `${severity} ${path}: ${problem} (${link}) [${code}]`;
}

describe('PACKAGE_MANAGER', () => {
  const PAGE = 'https://docs.docker.com/build/building/best-practices/#apt-get';
  refusesAtSynth('a package manager on a base that has another',
    [`shop/image/one: RUN 'apk add --no-cache curl' needs apk, and python:3.13-slim-bookworm has apt; use apt, or a base that has apk (${PAGE}) [PACKAGE_MANAGER]`],
    application => image(application, stage => stage.runShell('cd /tmp && A=1 apk add --no-cache curl')),
    application => image(application, stage => stage.runShell('apt-get update && apt-get install --yes curl')));
  refusesAtSynth('a package manager on a base that has none',
    ["shop/image/one: RUN 'apt-get update' needs apt-get, and cgr.dev/chainguard/python:latest has no package manager;"
      + ` install in a stage on a base that has one, and copy what is needed (${PAGE}) [PACKAGE_MANAGER]`],
    application => image(application, stage => stage.runExec(['apt-get', 'update']), BaseImage.chainguardPython()),
    application => image(application, stage => stage.runExec(['/usr/bin/python', '-V']), BaseImage.chainguardPython()));

  const fires = (script: string, base: BaseImage) => {
    const { app, application } = appWith();
    image(application, stage => stage.runShell(script), base);
    try {
      app.synth();
      return false;
    } catch (error) {
      return (error as Error).message.includes('[PACKAGE_MANAGER]');
    }
  };
  test.each(['apk add x', 'true; /sbin/apk add x', 'if true; then apk add x; fi', '(apk add x)', 'true || apk add x', 'sudo apk add x', 'X=1 apk add x', 'echo $(apk info)'])('sees the command in: %s', script => {
    expect(fires(script, SLIM)).toBe(true);
  });
  test.each(['echo apk', 'echo "; apk add x"', "echo '&& apk add x'", 'true # ; apk add x', 'command -v apk && apk add x || apt-get install x', 'myapk add x', 'cp x /sbin/apk'])('sees no command in: %s', script => {
    expect(fires(script, SLIM)).toBe(false);
  });
  test('says nothing of a base of which nothing is known', () => {
    expect(fires('apk add x', OTHER())).toBe(false);
    expect(fires('yum install x', OTHER({ packageManager: PackageManager.DNF }))).toBe(false);
    expect(fires('yum install x', OTHER({ packageManager: PackageManager.MICRODNF }))).toBe(true);
  });
  test('leaves a shell command to the check of the shell when there is no shell either', () => {
    const { app, application } = appWith();
    image(application, stage => stage.runShell('apt-get update'), BaseImage.chainguardPython());
    expect(() => app.synth()).toThrow(/^1 fault, [^]*RUN_WITHOUT_SHELL/);
  });
});

describe('SOURCE_IGNORED', () => {
  const files = { 'app/.env': 'A=1', 'app/env.sample': 'A=', 'app/__pycache__/a.pyc': '' };
  const line1 = (path: string, name: string) => `shop/image: '${path}' is read, but '${name}' is left out of every build, as it holds caches or local secrets;`
    + ' give it another name, or mount it as a secret (https://docs.docker.com/build/concepts/context/#dockerignore-files) [SOURCE_IGNORED]';
  refusesAtSynth('a COPY of what the ignore list leaves out', [line1('app/.env', '.env'), line1('app/__pycache__/a.pyc', '__pycache__')],
    application => image(application, stage => stage.copy(['app/.env', 'app/__pycache__/a.pyc'], '/app')),
    application => image(application, stage => stage.copy(['app/env.sample'], '/app')), files);
  refusesAtSynth('a mount of what the ignore list leaves out', [line1('app/.env', '.env')],
    application => image(application, stage => stage.runShell('true', { mounts: [Mount.bind('app/.env', '/x')] })),
    application => image(application, stage => stage.runShell('true', { mounts: [Mount.bind('app', '/x')] })), files);
});

describe('GRACE_TOO_SHORT', () => {
  const PAGE = 'https://docs.docker.com/reference/compose-file/services/#stop_grace_period';
  refusesAtSynth('a graceful timeout that is not below the stop grace',
    [`shop/image: requests may take 30 seconds to end, but the process is killed after 30 seconds; give stopGraceSeconds a few more than gracefulTimeoutSeconds (${PAGE}) [GRACE_TOO_SHORT]`],
    application => image(application, () => undefined, SLIM, { gracefulTimeoutSeconds: 30, stopGraceSeconds: 30 }),
    application => image(application, () => undefined, SLIM, { gracefulTimeoutSeconds: 30, stopGraceSeconds: 31 }));
  refusesAtSynth("a graceful timeout that is not below the engine's own grace",
    ['shop/image: requests may take 10 seconds to end, but the process is killed after 10 seconds unless something else is said;'
      + ` give stopGraceSeconds a few more than gracefulTimeoutSeconds (${PAGE}) [GRACE_TOO_SHORT]`],
    application => image(application, () => undefined, SLIM, { gracefulTimeoutSeconds: 10 }),
    application => image(application, () => undefined, SLIM, { gracefulTimeoutSeconds: 9 }));
  const from = (application: Application, stopGraceSeconds?: number) => new Service(application, 'web', {
    image: new RegistryImage(application, 'image', { reference: 'example.com/web:1', facts: { ports: [], writablePaths: [], gracefulTimeoutSeconds: 10 } }), stopGraceSeconds,
  });
  refusesAtSynth('a graceful timeout of an image of somebody else that is not below the grace of its service',
    [`shop/web: requests may take 10 seconds to end, but the process is killed after 10 seconds; give stopGraceSeconds a few more (${PAGE}) [GRACE_TOO_SHORT]`],
    application => from(application),
    application => from(application, 11));
});

describe('LOW_PORT', () => {
  const listening = (application: Application, port: number, user: number | undefined) => {
    const made = image(application, stage => {
      stage.expose(port);
      if (user !== undefined) stage.user(user, user);
    }, OTHER());
    new Service(application, 'web', { image: made });
    new KubernetesFile(application, 'kubernetes', { registry: 'example.com' });
    return made;
  };
  const low = 'shop/web: port 80 is below 1024, where a user other than root may not listen in every cluster: CRI-O and containerd 1 refuse it;'
    + ' listen on 1024-65535, or acknowledge that your nodes allow it (https://github.com/cri-o/cri-o/issues/10050) [LOW_PORT]';
  refusesAtSynth('a port below 1024 in a cluster', [low], application => listening(application, 80, 101), application => listening(application, 1024, 101));
  refusesAtSynth('a port below 1024 of nobody knows whom', [low], application => listening(application, 80, undefined), application => {
    listening(application, 80, undefined);
    Checks.acknowledge(application, 'LOW_PORT', 'all nodes run containerd 2');
  });
  test('is silent for root, and where only compose runs it', () => {
    expect(findings(application => {
      listening(application, 80, 0);
      Checks.acknowledge(application, 'ROOT_USER', 'it has to open raw sockets');
    })).toEqual([expect.stringContaining('[ROOT_USER]')]);
    expect(findings(application => {
      new Service(application, 'web', { image: image(application, stage => { stage.expose(80); stage.user(101, 101); }, OTHER()) });
      new ComposeFile(application, 'compose');
    })).toEqual([]);
  });
  test('is told once, however many clusters there are', () => {
    const { app, application } = appWith();
    listening(application, 80, 101);
    new KubernetesFile(application, 'second', { registry: 'example.com' });
    expect(() => app.synth()).toThrow(/^1 fault/);
  });
});

describe('COMMAND_TO_ENTRYPOINT', () => {
  const PAGE = 'https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact';
  const base = BaseImage.distrolessPython();
  test('warns of a command that becomes arguments of what the base starts', () => {
    expect(findings(application => image(application, stage => stage.command(['gunicorn', 'app:app']), base))).toEqual([
      'warning shop/image: command ["gunicorn","app:app"] is handed to the entrypoint of gcr.io/distroless/python3-debian12:nonroot, and runs as \'/usr/bin/python3.11 gunicorn app:app\';'
      + ` say which program starts: entrypoint(["gunicorn"]), or entrypoint(["/usr/bin/python3.11"]) when that is meant (${PAGE}) [COMMAND_TO_ENTRYPOINT]`,
    ]);
  });
  test('is silent when the image says its entrypoint, when the base has none, and when nothing is known', () => {
    expect(findings(application => image(application, stage => { stage.entrypoint(['/x']); stage.command(['y']); }, base))).toEqual([]);
    expect(findings(application => image(application, stage => { stage.raw('ENTRYPOINT ["/x"]'); stage.command(['y']); }, base))).toEqual([]);
    expect(findings(application => image(application, stage => stage.entrypoint(['/x']), base))).toEqual([]);
    expect(findings(application => image(application, stage => stage.command(['x']), SLIM))).toEqual([]);
    expect(findings(application => image(application, stage => stage.command(['x']), OTHER()))).toEqual([]);
  });
  test('looks through the stages that an image starts from', () => {
    const chained = (application: Application, entrypoint: boolean) => {
      const made = new MultiStageBuild(application, 'image');
      const below = new Stage(made, 'below', { base });
      if (entrypoint) below.entrypoint(['/x']);
      new Stage(made, 'above', { base: below }).command(['y']);
    };
    expect(findings(application => chained(application, true))).toEqual([]);
    expect(findings(application => chained(application, false))).toEqual([expect.stringContaining('[COMMAND_TO_ENTRYPOINT]')]);
  });
});

describe('USER_NAME', () => {
  test('warns of a user by name', () => {
    expect(findings(application => image(application, stage => stage.raw('USER nobody:nogroup')))).toEqual([
      "warning shop/image: user 'nobody' of raw text is a name: what runs the image cannot know its number, and Kubernetes does not start it;"
      + ' say it with user(65532, 65532) (https://github.com/kubernetes/kubernetes/issues/40958) [USER_NAME]',
    ]);
  });
  test('is silent for numbers, and when the number is said after it', () => {
    expect(findings(application => image(application, stage => stage.raw('USER 1000:1000')))).toEqual([]);
    expect(findings(application => image(application, stage => { stage.raw('USER nobody'); stage.user(65534, 65534); }))).toEqual([]);
    expect(findings(application => image(application, stage => stage.raw('# no USER nobody')))).toEqual([]);
  });
});

describe('HEALTH_CHECK_RAW', () => {
  const raw = (stage: Stage) => stage.raw('HEALTHCHECK CMD ["/check"]');
  test('warns of a health check of which no deployment learns', () => {
    expect(findings(application => image(application, raw))).toEqual([
      'warning shop/image: HEALTHCHECK in raw text is known to the engine alone: Kubernetes gets no probe, and compose starts what depends on it without waiting;'
      + ' say it with healthCheck(…) (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/) [HEALTH_CHECK_RAW]',
    ]);
  });
  test('is silent when it is said again, by the image or by every service, and when it turns the check off', () => {
    expect(findings(application => image(application, stage => {
      raw(stage);
      stage.healthCheck({ tcpPort: 1, intervalSeconds: 1, timeoutSeconds: 1, retries: 1, startPeriodSeconds: 0 });
    }))).toEqual([]);
    expect(findings(application => image(application, stage => stage.raw('HEALTHCHECK NONE')))).toEqual([]);
    const served = (checked: boolean[]) => findings(application => {
      const made = image(application, raw);
      checked.forEach((healthy, index) => new Service(application, `s${index}`, { image: made, healthCheck: healthy ? HealthCheck.command(['/check']) : undefined }));
    }).length;
    expect([served([true]), served([true, false])]).toEqual([0, 1]);
  });
});

describe('what moves', () => {
  const PAGE = 'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions';
  const DIGEST = `sha256:${'0'.repeat(64)}`;
  test('ROLLING_BASE: names all bases of an image that move, once', () => {
    expect(findings(application => declareShop(application))).toEqual([
      'info shop/api-image: cgr.dev/chainguard/python:latest and cgr.dev/chainguard/python:latest-dev move to new releases: a rebuild may get another;'
      + ` name tags that stay where there are some, or the digests (${PAGE}) [ROLLING_BASE]`,
      'info shop/web-image: cgr.dev/chainguard/nginx:latest moves to new releases: a rebuild may get another;'
      + ` name a tag that stays where there is one, or the digest (${PAGE}) [ROLLING_BASE]`,
    ]);
  });
  test('ROLLING_BASE: an official image without the release of its distribution moves too', () => {
    expect(findings(application => image(application, () => undefined, BaseImage.pythonSlim({ python: '3.13' })))).toEqual([expect.stringContaining('python:3.13-slim moves')]);
    expect(findings(application => image(application, () => undefined, SLIM))).toEqual([]);
    expect(findings(application => image(application, () => undefined, BaseImage.fromReference(`example.com/base:1@${DIGEST}`, { rolling: true })))).toEqual([]);
  });
  test('LATEST_TAG: names images without a tag, wherever they are used', () => {
    const latest = (reference: string) => `info shop/image: ${reference} is whatever was pushed last; name a version, or the digest (${PAGE}) [LATEST_TAG]`;
    expect(findings(application => image(application, stage => {
      stage.copyFrom(BaseImage.fromReference('ghcr.io/astral-sh/uv:latest'), ['/uv'], '/uv');
      stage.runShell('true', { mounts: [Mount.bindFrom(BaseImage.fromReference('localhost:5000/tools'), '/tools')] });
    }, BaseImage.fromReference('example.com/base')))).toEqual(['example.com/base', 'ghcr.io/astral-sh/uv:latest', 'localhost:5000/tools'].map(latest));
  });
  test('LATEST_TAG: is silent for versions, digests, nothing at all, and tags of which the catalogue knows more', () => {
    for (const base of [OTHER(), BaseImage.fromReference(`example.com/base@${DIGEST}`), BaseImage.scratch(), BaseImage.distrolessPython({ root: true })]) {
      expect(findings(application => image(application, () => undefined, base))).toEqual([]);
    }
  });
});

describe('MUSL', () => {
  test('says what Alpine means for Python packages', () => {
    expect(findings(application => image(application, () => undefined, BaseImage.pythonAlpine({ python: '3.13', alpine: '3.23' })))).toEqual([
      'info shop/image: python:3.13-alpine3.23 has musl: Python packages without a musllinux wheel are compiled, which takes minutes and a compiler;'
      + ' slim, distroless and Wolfi images have glibc (https://peps.python.org/pep-0656/) [MUSL]',
    ]);
  });
  test('is silent for glibc', () => expect(findings(application => image(application, () => undefined, BaseImage.wolfi())).join()).not.toContain('MUSL'));
});

describe('END_OF_LIFE', () => {
  const PYTHON = 'https://peps.python.org/api/release-cycle.json';
  const old = (application: Application) => image(application, () => undefined, BaseImage.pythonSlim({ python: '3.10', debian: 'bookworm' }));
  const told = 'warning shop/image: python 3.10 in python:3.10-slim-bookworm has had no security updates since 2026-10-31; use a newer release';

  test('warns from the day after the last one, and tells half a year before', () => {
    expect(findings(old, { today: '2026-11-01' })).toEqual([`${told} (${PYTHON}) [END_OF_LIFE]`]);
    expect(findings(old, { today: '2026-10-31' })).toEqual([
      'info shop/image: python 3.10 in python:3.10-slim-bookworm gets security updates until 2026-10-31, for less than 6 months;'
      + ` plan the move to a newer release (${PYTHON}) [END_OF_LIFE]`,
    ]);
    expect(findings(old, { today: '2026-05-01' })).toHaveLength(1);
    expect(findings(old, { today: '2026-04-30' })).toEqual([]);
  });

  test('knows the end of a distribution, and of an image that ends sooner', () => {
    expect(findings(application => image(application, () => undefined, BaseImage.ubuntu({ release: '22.04' })), { today: '2027-06-02' })).toEqual([
      'warning shop/image: ubuntu 22.04 in ubuntu:22.04 has had no security updates since 2027-06-01; use a newer release'
      + ' (https://salsa.debian.org/debian/distro-info-data/-/blob/main/ubuntu.csv) [END_OF_LIFE]',
    ]);
    expect(findings(application => image(application, () => undefined, BaseImage.distrolessPython()), { today: '2026-11-21' })).toEqual([
      'warning shop/image: gcr.io/distroless/python3-debian12:nonroot has had no security updates since 2025-11-09; use a newer release'
      + ' (https://github.com/GoogleContainerTools/distroless/blob/main/SUPPORT_POLICY.md) [END_OF_LIFE]',
    ]);
  });

  test('takes the days that somebody knows better', () => {
    expect(findings(old, { today: '2026-11-21', endOfLife: { 'python 3.10': '2030-01-01' } })).toEqual([]);
    expect(findings(application => image(application, () => undefined, OTHER({ distribution: 'acme linux 4' })), { today: '2026-11-21', endOfLife: { 'acme linux 4': '2026-01-31' } })).toEqual([
      'warning shop/image: acme linux 4 in example.com/base:1 has had no security updates since 2026-01-31; use a newer release (https://endoflife.date/) [END_OF_LIFE]',
    ]);
  });

  test('changes no byte of the output, and needs to be told the day', () => {
    const written = (props: AppProps) => {
      const root = folder(FLASK_SOURCE);
      const app = new App({ root, ...props });
      old(new Application(app, 'shop'));
      const { findings: found } = app.synth();
      return [filesUnder(`${root}/wheelhouse.out`), found.length] as const;
    };
    const [[without, none], [with1, one]] = [written({}), written({ today: '2026-11-21' })];
    expect([none, one]).toEqual([0, 1]);
    expect(with1).toEqual(without);
  });

  test('can be acknowledged before its day', () => {
    const acknowledged = (today?: string) => synthesized(application => Checks.acknowledge(old(application), 'END_OF_LIFE', 'we buy support'), { today }).findings;
    expect(acknowledged()).toEqual([]);
    expect(acknowledged('2026-01-01')).toEqual([]);
    expect(acknowledged('2026-11-21')).toMatchObject([{ code: 'END_OF_LIFE', acknowledged: 'we buy support' }]);
  });

  refusesAtOnce('a day that is none', "today is '21.11.2026', which is not a day such as 2026-11-21 [ISO_DATE]",
    () => new App({ today: '21.11.2026' }), () => new App({ today: '2026-11-21' }));
  refusesAtOnce('an end that is no day', "end of life of 'debian 12' is '2028', which is not a day such as 2026-11-21 [ISO_DATE]",
    () => new App({ endOfLife: { 'debian 12': '2028' } }), () => new App({ endOfLife: { 'debian 12': '2028-06-30' } }));
});

describe('findings that stop nothing', () => {
  test('are in the manifest, with the reason of who accepts them', () => {
    const { app, application, outdir } = appWith();
    Checks.acknowledge(image(application, stage => stage.raw('USER nobody')), 'USER_NAME', 'compose only');
    app.synth();
    const manifest = JSON.parse(filesUnder(outdir)['manifest.json']);
    expect(manifest.findings).toMatchObject([{ code: 'USER_NAME', severity: 'warning', path: 'shop/image', acknowledged: 'compose only' }]);
  });

  test('are told once for a build of several images', () => {
    expect(findings(application => {
      const build = new MultiStageBuild(application, 'build');
      const [a, b] = ['a', 'b'].map(id => new Stage(build, id, { base: BaseImage.chainguardPython(), output: true }));
      b.command(['x']);
      build.imageOf(a);
      build.imageOf(b);
    }).map(text => text.replace(/^(\S+ \S+) .*(\[.*\])$/, '$1 $2'))).toEqual(['info shop/build: [ROLLING_BASE]', 'warning shop/build/b-image: [COMMAND_TO_ENTRYPOINT]']);
  });
});
