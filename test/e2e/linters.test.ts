/** What BuildKit's checks, hadolint and checkov say of the Dockerfiles that we write, at their default settings. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { filesUnder, folder } from '../declare';
import { synthesize } from '../examples';
import { describeOnEngine } from './engine';
import { BAD, BREAKS_BUILDKIT } from './linters/planted';
import { rulesOf } from './linters/rule-table';
import { buildkit, type Judged, type Linter, type Tools, toolsOrNothing } from './linters/tools';
import { provideStandIns } from './stand-ins';

const CHAINGUARD = 'PythonBase.chainguard()';
const SLIM = "PythonBase.slim({ python: '3.13', debian: 'bookworm' })";
/** The same with packages of the distribution, as a property beside the base. */
const SLIM_WITH_PACKAGES = `${SLIM}, systemPackages: { toBuild: ['libpq-dev'], toRun: ['libpq5'] }`;

/** A finding that stays, and why. */
interface Acknowledged {
  readonly rule: string;
  /** Names of the images that it is found in, all of them. */
  readonly images: readonly string[];
  /** What the line that it is about looks like. */
  readonly line: RegExp;
  readonly reason: string;
}

const ROLLING = 'Chainguard publishes its free images as latest and latest-dev only (https://edu.chainguard.dev/chainguard/migration/porting-apps-to-chainguard/index.md).';

/** Images of a proxy, which have Chainguard's nginx. */
const PROXIES = ['django-celery/nginx-image', 'fastapi-postgres/web-image', 'flask-nginx/nginx-image', 'one-declaration/web-image'];

/** Layouts on Chainguard's images. */
const CHAINGUARD_LAYOUTS = ['layout-pex/colours-image', 'layout-user-base/tags-image'];
/** What is built to be exported. */
const FILES_ONLY = ['requirements-lock/requirements', 'wheel-builder/packages', 'wheel-builder/yamlcheck'];

const ACKNOWLEDGED: readonly Acknowledged[] = [
  { rule: 'DL3007', images: ['flask-nginx/flask-app-image', ...PROXIES], line: /^FROM cgr\.dev\/chainguard\/(python|nginx):latest AS /, reason: ROLLING },
  { rule: 'CKV_DOCKER_7', images: ['flask-nginx/flask-app-image', ...PROXIES], line: /^FROM cgr\.dev\/chainguard\/(python|nginx):latest AS /, reason: ROLLING },
  {
    rule: 'DL3002',
    images: ['flask-nginx/flask-app-image'],
    line: /^USER 0:0$/,
    reason: 'It is the build stage, which has to write outside of a home directory and is thrown away; the stage that becomes the image ends with USER 65532:65532.',
  },
  {
    rule: 'CKV_DOCKER_2',
    images: PROXIES,
    line: /^# syntax=/,
    reason: "Chainguard's nginx has no shell, no curl and no interpreter: nothing in it can carry out a HEALTHCHECK. Synthesis reports it as a loss.",
  },
  {
    rule: 'DL3008',
    images: ['flask-nginx with packages/flask-app-image'],
    line: /^RUN --mount=type=cache,target=\/var\/cache\/apt,/,
    reason: 'The declaration names no version; Debian keeps only the newest of a release, so that a pinned build fails after the next security update.',
  },
  {
    rule: 'DL3008',
    images: ['python-base-family/python'],
    line: /^RUN --mount=type=cache,target=\/var\/cache\/apt,/,
    reason: 'Its purpose is to have the newest releases of a day: a pinned one is what a security update replaces.',
  },
  {
    rule: 'DL3002',
    images: ['python-base-family/reports-image', 'python-base-family/shop-image'],
    line: /^USER 0:0$/,
    reason: 'It is the stage that makes bytecode, which is thrown away; the stage that becomes the image ends with USER 10001:10001.',
  },
  {
    rule: 'CKV_DOCKER_2',
    images: ['python-base-family/python'],
    line: /^# syntax=/,
    reason: 'Base images serve nothing that could be healthy: those of services have a HEALTHCHECK.',
  },
  {
    rule: 'DL3008',
    images: ['python-from-source/web-image'],
    line: /^RUN --mount=type=cache,target=\/var\/cache\/apt,/,
    reason: 'Libraries of the distribution, by the names of its release: it keeps only the newest of each.',
  },
  {
    rule: 'CKV_DOCKER_4',
    images: ['python-from-source/web-image'],
    line: /^ADD --checksum=sha256:[0-9a-f]{64} https:/,
    reason: 'It loads an archive by its checksum, which COPY cannot, and does not unpack it.',
  },
  {
    rule: 'DL3018',
    images: ['python-alpine/bare-image', 'python-wolfi/web-image'],
    line: /^RUN apk add --no-cache /,
    reason: "The distribution's own Python: Alpine and Wolfi keep only the newest package, so that a pinned build fails after the next security update.",
  },
  { rule: 'DL3007', images: ['python-wolfi/web-image'], line: /^FROM cgr\.dev\/chainguard\/wolfi-base:latest AS /, reason: ROLLING },
  { rule: 'CKV_DOCKER_7', images: ['python-wolfi/web-image'], line: /^FROM cgr\.dev\/chainguard\/wolfi-base:latest AS /, reason: ROLLING },
  {
    rule: 'DL3059',
    images: ['python-alpine/bare-image', 'python-wolfi/web-image'],
    line: /^RUN \/usr\/bin\/python3 -m venv /,
    reason: 'A step of a stage that is thrown away: its layers are in no image, and what comes before it is not repeated with it.',
  },
  { rule: 'DL3007', images: CHAINGUARD_LAYOUTS, line: /^FROM cgr\.dev\/chainguard\/python:latest AS /, reason: ROLLING },
  { rule: 'CKV_DOCKER_7', images: CHAINGUARD_LAYOUTS, line: /^FROM cgr\.dev\/chainguard\/python:latest AS /, reason: ROLLING },
  {
    rule: 'DL3002',
    images: CHAINGUARD_LAYOUTS,
    line: /^USER 0:0$/,
    reason: 'It is the build stage, or the one that makes bytecode, which are thrown away; the stage that becomes the image ends with USER 65532:65532.',
  },
  {
    rule: 'DL3008',
    images: ['layout-nuitka/dice-image', 'layout-pex with packages/colours-image', 'layout-user-base with packages/tags-image'],
    line: /^RUN --mount=type=cache,target=\/var\/cache\/apt,/,
    reason: 'The declaration names no version; Debian keeps only the newest of a release, so that a pinned build fails after the next security update.',
  },
  {
    rule: 'SC2046',
    images: ['layout-pex/colours-image', 'layout-pex on slim/colours-image', 'layout-pex with packages/colours-image'],
    line: /^RUN --mount=type=cache,target=\/root\/\.cache\/pex/,
    reason: 'Names of wheels are words: no wheel has a space or a wildcard in its name.',
  },
  {
    rule: 'CKV_DOCKER_7',
    images: ['layout-nuitka/dice-image'],
    line: /^from importlib\.metadata import/,
    reason: 'It is a line of a Python program in a here-document, which checkov takes for a FROM.',
  },
  {
    rule: 'DL4006',
    images: ['requirements-lock/requirements'],
    line: /^RUN --mount=type=bind,from=uv,/,
    reason: 'What its pipes make is a checksum of files that the step has read before; a shell of every distribution does, which has no pipefail.',
  },
  { rule: 'CKV_DOCKER_2', images: FILES_ONLY, line: /^# syntax=/, reason: 'It is no image that is started: its last stage holds files to be exported.' },
  { rule: 'CKV_DOCKER_3', images: FILES_ONLY, line: /^# syntax=/, reason: 'It is no image that is started: its last stage holds files to be exported.' },
];

interface Image extends Judged { readonly name: string }

/** Every image of every example as it is committed; and twice more on the official slim image, where it is on Chainguard's. The same text once. */
const IMAGES: readonly Image[] = (() => {
  const examples = readdirSync('examples').filter(name => existsSync(join('examples', name, 'wheelhouse.out/manifest.json')));
  const committed = examples.flatMap(name => images(name, join('examples', name)));
  const onSlim = examples.filter(name => readFileSync(join('examples', name, 'application.ts'), 'utf8').includes(CHAINGUARD)).flatMap(name => [
    ...images(`${name} on slim`, synthesize(name, { edit: text => text.replaceAll(CHAINGUARD, SLIM) }).root),
    ...images(`${name} with packages`, synthesize(name, { edit: text => text.replaceAll(CHAINGUARD, SLIM_WITH_PACKAGES) }).root),
  ]);
  const all = [...committed, ...onSlim];
  return all.filter((image, index) => all.findIndex(other => other.dockerfile === image.dockerfile) === index);
})();

function images(example: string, root: string): Image[] {
  const files = filesUnder(join(root, 'wheelhouse.out'));
  return Object.entries(files).filter(([path]) => basename(path) === 'Dockerfile').map(([path, dockerfile]) => (
    { name: `${example}/${basename(dirname(path))}`, dockerfile: onKnownBases(dockerfile), ignore: files[`${path}.dockerignore`], context: root }
  ));
}

/** Base images of an organisation are in no registry: instead, what they start from. */
function onKnownBases(dockerfile: string): string {
  return dockerfile.replace(/^FROM registry\.example\.com\/python:(3\.\d+)(-build)? /gm, 'FROM python:$1-slim-bookworm ');
}

/** What a linter finds in all images and nobody has acknowledged, and acknowledgements of its rules that match nothing. */
function unexplained(linter: Linter, rules: RegExp): string[] {
  const found = linter(IMAGES).flatMap((findings, index) => {
    const { name: image, dockerfile } = IMAGES[index];
    return findings.map(({ rule, line }) => ({ rule, image, line, text: dockerfile.split('\n')[Math.max(line, 1) - 1] }));
  });
  const entries = ACKNOWLEDGED.filter(({ rule }) => rules.test(rule))
    .flatMap(({ images: names, ...rest }) => names.map(image => ({ ...rest, image })));
  const matches = (entry: typeof entries[number], finding: typeof found[number]) => (
    entry.rule === finding.rule && entry.image === finding.image && entry.line.test(finding.text));
  return [
    ...found.filter(finding => !entries.some(entry => matches(entry, finding))).map(({ rule, image, line, text }) => `${rule} in ${image}:${line}: ${text}`),
    ...entries.filter(entry => !found.some(finding => matches(entry, finding))).map(({ rule, image }) => `${rule} is acknowledged in ${image}, and not found there`),
  ];
}

const rulesIn = (linter: Linter, judged: Judged) => [...new Set(linter([judged])[0].map(finding => finding.rule))].sort();

const TOOLS = toolsOrNothing();

test('there are Dockerfiles to judge, on both kinds of bases', () => {
  expect(IMAGES.map(image => image.name)).toEqual(expect.arrayContaining(['flask-nginx/flask-app-image', 'flask-nginx/nginx-image', 'flask-nginx on slim/flask-app-image', 'flask-nginx with packages/flask-app-image']));
});

describeOnEngine("BuildKit's checks", () => {
  beforeAll(provideStandIns);

  test('find nothing that is not acknowledged', () => expect(unexplained(buildkit, /^[A-Z][a-z]/)).toEqual([]));

  test.each(Object.entries(BREAKS_BUILDKIT))('see what breaks %s', (rule, { lines, ignore }) => {
    const judged = { dockerfile: `# syntax=docker/dockerfile:1\n${lines}\n`, ignore, context: folder({ a: '' }) };
    expect(rulesIn(buildkit, judged)).toContain(rule);
  });

  test('are those of the table', () => {
    // the one that takes an image of another architecture to break
    expect(rulesOf('BuildKit')).toEqual([...Object.keys(BREAKS_BUILDKIT), 'InvalidBaseImagePlatform'].sort());
  });
});

(TOOLS ? describe : describe.skip)('hadolint', () => {
  const { hadolint, known } = TOOLS ?? {} as Tools;

  test('finds nothing that is not acknowledged', () => expect(unexplained(hadolint, /^(DL|SC)/)).toEqual([]));

  test('sees a bad Dockerfile', () => expect(rulesIn(hadolint, BAD)).toEqual(BAD.hadolint));

  test('knows the rules of the table, and no others', () => {
    expect(rulesOf('hadolint').filter(id => id.startsWith('DL'))).toEqual(known.hadolint());
  });
});

(TOOLS ? describe : describe.skip)('checkov', () => {
  const { checkov, known } = TOOLS ?? {} as Tools;

  test('finds nothing that is not acknowledged', () => expect(unexplained(checkov, /^(CKV|PARSE)/)).toEqual([]));

  test('sees a bad Dockerfile', () => expect(rulesIn(checkov, BAD)).toEqual(BAD.checkov));

  test('knows the rules of the table, and no others', () => expect(rulesOf('checkov')).toEqual(known.checkov()));
});
