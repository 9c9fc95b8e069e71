/** What is compared: Dockerfiles written by hand, and ours, each with a source tree of its own. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideUv, useIndex } from '../../test/e2e/uv-on-test-bed';
import { App, Application, Bytecode, Dependencies, FileTarget, Layout, PythonBase, PythonServer, PythonServiceImage, Service, Trim, type ApplicationPlan } from 'cdk-wheelhouse';

/** An application that is put into images. */
export interface Subject {
  readonly name: string;
  readonly packages: number;
  readonly server: PythonServer;
  /** Its command where an image is made for another one. @default - the image's */
  readonly command?: string[];
}

export const SUBJECTS: readonly Subject[] = [
  { name: 'flask', packages: 25, server: PythonServer.gunicorn('app:app', { healthPath: '/' }) },
  {
    name: 'fastapi',
    packages: 31,
    server: PythonServer.uvicorn('app:app', { healthPath: '/' }),
    command: ['uvicorn', '--host', '0.0.0.0', '--port', '8000', '--no-server-header', 'app:app'],
  },
];

/** One way to make an image of a subject. */
export interface Variant {
  readonly name: string;
  readonly ours: boolean;
  readonly base: string;
  readonly tag: string;
  readonly dockerfile: string;
  /** What the build sees. */
  readonly context: string;
  /** Directory of the application. */
  readonly source: string;
  /** Options of `docker run` beyond those that all have. */
  readonly options: string[];
  readonly command: string[];
}

const SLIM = 'python:3.13-slim-bookworm';
const CHAINGUARD = 'cgr.dev/chainguard/python:latest';
const DISTROLESS = 'gcr.io/distroless/python3-debian12:nonroot';
const REFERENCES: Record<string, string> = { naive: SLIM, chainguard: CHAINGUARD, slim: SLIM, distroless: DISTROLESS };

const slim = () => PythonBase.slim({ python: '3.13', debian: 'bookworm' });
/** What is chosen for one of ours. */
interface Choice {
  readonly name: string;
  readonly base: () => PythonBase;
  readonly uv?: boolean;
  readonly bytecode?: Bytecode;
  readonly trim?: Trim;
  readonly layout?: Layout;
}

const OURS: Choice[] = [
  { name: 'chainguard, pip', base: () => PythonBase.chainguard() },
  { name: 'slim, pip', base: slim },
  { name: 'distroless, pip', base: () => PythonBase.distroless() },
  { name: 'slim, uv, not compiled', base: slim, uv: true, bytecode: Bytecode.installed() },
  { name: 'chainguard, uv', base: () => PythonBase.chainguard(), uv: true },
  { name: 'slim, uv', base: slim, uv: true },
  { name: 'distroless, uv', base: () => PythonBase.distroless(), uv: true },
  { name: 'chainguard, uv, trimmed', base: () => PythonBase.chainguard(), uv: true, trim: Trim.unused() },
];

/** All of a subject, in folders that are made for them. */
export function variantsOf(subject: Subject): Variant[] {
  return [
    ...Object.entries(REFERENCES).map(([name, base]) => reference(subject, name, base, join('bench/images/references', `${name}.Dockerfile`), 'app')),
    ...OURS.map(choice => ours(subject, choice)),
  ];
}

/** A source tree whose lock names the index that there is. */
function tree(subject: Subject): string {
  const root = mkdtempSync(join(tmpdir(), 'wheelhouse-bench-'));
  cpSync(join('bench/images', subject.name, 'app'), join(root, 'app'), { recursive: true });
  useIndex(join(root, 'app/uv.lock'));
  return root;
}

/**
 * One written by hand.
 *
 * @param context what its build sees: the directory `app` alone, or what that is in
 */
export function reference(subject: Subject, name: string, base: string, dockerfile: string, context: 'app' | '.'): Variant {
  const root = tree(subject);
  return {
    name,
    base,
    ours: false,
    tag: `wheelhouse-bench/${subject.name}-by-hand-${name.toLowerCase()}`,
    dockerfile,
    context: join(root, context),
    source: join(root, 'app'),
    options: ['--tmpfs', '/tmp'],
    command: subject.command ?? [],
  };
}

/** One of ours, synthesized. */
export function ours(subject: Subject, { name, base, uv, bytecode, trim, layout }: Choice): Variant {
  const root = tree(subject);
  mkdirSync(join(root, 'out'));
  const app = new App({ root, outdir: join(root, 'out') });
  const application = new Application(app, 'bench');
  const image = new PythonServiceImage(application, 'image', {
    source: 'app',
    base: base(),
    server: subject.server,
    dependencies: uv ? Dependencies.uv() : Dependencies.requirements(),
    bytecode,
    trim,
    layout,
  });
  new Service(application, 'service', { image });
  const facts = new Facts(application, 'facts');
  app.synth();
  const dockerfile = join(root, 'out/bench/images/image/Dockerfile');
  if (uv) provideUv(dockerfile);
  tellDebian(dockerfile);
  const text = readFileSync(dockerfile, 'utf8');
  const baseOf = (stage: string): string => new RegExp(`^FROM (\\S+) AS ${stage}$`, 'm').exec(text)![1];
  const runtime = baseOf('runtime') === 'system' ? baseOf('system') : baseOf('runtime');
  return {
    name,
    ours: true,
    base: runtime,
    tag: `wheelhouse-bench/${subject.name}-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    dockerfile,
    context: root,
    source: join(root, 'app'),
    options: facts.options,
    command: [],
  };
}

/** The test bed's Debian has no settings that lead pip and uv to its index; its images of Python have. */
function tellDebian(dockerfile: string): void {
  const index = process.env.TESTBED_INDEX;
  if (!index) return;
  const settings = `ENV PIP_INDEX_URL=${index} PIP_TRUSTED_HOST=${new URL(index).hostname} UV_DEFAULT_INDEX=${index}`;
  writeFileSync(dockerfile, readFileSync(dockerfile, 'utf8').replace(/^FROM debian:\S+ AS build$/m, `$&\n${settings}`));
}

/** Learns what a deployment would: the directories that are written to. */
class Facts extends FileTarget {
  public options: string[] = [];

  public render(plan: ApplicationPlan) {
    const { facts } = plan.services[0].image;
    this.options = facts.writablePaths.flatMap(({ path, userId = facts.userId, groupId = facts.groupId, mode = '0700' }) => [
      '--tmpfs', `${path}:uid=${userId},gid=${groupId},mode=${mode}`,
    ]);
    return { files: [], losses: [] };
  }
}
