import { join, relative, sep } from 'node:path';
import { RootConstruct } from 'constructs';
import { agreedOutdir, handover, type Handover } from './handover';
import { answerLock } from './lock-answer';
import { manifestOf } from './manifest';
import { SourceDirectory } from '../build/source-directory';
import { mustBeSourcePath } from '../build/source-path';
import { acknowledgements } from '../checks/acknowledgement';
import type { Finding } from '../checks/check';
import { endOfLife } from '../checks/end-of-life';
import { inOrder, runCheck } from '../checks/run-checks';
import { examine, fileTargets, invalidLines, mustBeSound } from '../output/examined-application';
import type { IRenderContext } from '../output/file-target';
import { contentTags, imageFiles } from '../output/image-files';
import type { Loss } from '../output/loss';
import { writeAnswer, writeOutput } from '../output/writer';
import { mustBeDay } from '../primitives/days';
import { must } from '../primitives/faults';
import { whileNothingChanges } from '../primitives/once';
import { sha256, sortedBy } from '../primitives/stable';
import { RequirementsLock } from '../python/requirements-lock';
import { Application } from '../services/application';
import type { FullApplicationPlan } from '../services/plan-application';

/** Settings of an {@link App}. */
export interface AppProps {
  /** Folder that all source paths start at, and the context of every image. @default - the working directory */
  readonly root?: string;
  /** Folder that is written to, from the working directory. @default - what the command `wheelhouse` says, else `wheelhouse.out` in the root */
  readonly outdir?: string;
  /**
   * Files and directories that no build gets to see, such as large data beside the code; names, not patterns. Caches, version control and local
   * secrets never are seen; nor is the `.dockerignore` of the root looked at, as each Dockerfile has an ignore file of its own.
   * @default - what no Dockerfile copies
   * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
   */
  readonly ignored?: string[];
  /** Whether Dockerfiles say in comments why each step is there. @default false */
  readonly explain?: boolean;
  /**
   * The day, such as `2026-11-21`, for findings about releases that get no more security updates. Nothing that is written depends
   * on it: such findings are in {@link SynthResult.findings} only.
   * @default - the day that the command `wheelhouse` says, else no such findings
   */
  readonly today?: string;
  /**
   * Last days with security updates that you know better, such as `{ 'debian 12': '2026-06-30' }`: by Python (`python 3.13`), by
   * `distribution` of a base image, or by its `family`.
   * @default - the dates that this library knows
   */
  readonly endOfLife?: Record<string, string>;
}

/** What {@link App.synth} did. Paths start at `outdir`, with `/` between their parts. */
export interface SynthResult {
  /** Absolute path of the folder that was written to. */
  readonly outdir: string;
  /** Files that are new or changed. */
  readonly written: string[];
  /** Files that already were as they have to be, and were not touched. */
  readonly unchanged: string[];
  /** Files of the last synth that are no longer needed. */
  readonly deleted: string[];
  /** What checks had to say and somebody acknowledged, or what only matters to know. */
  readonly findings: Finding[];
  /** What was declared and a target cannot express. */
  readonly losses: Loss[];
}

/** The root of a tree of {@link Application}s. */
export class App extends RootConstruct {
  private readonly outdir: string;
  private readonly explain: boolean;
  private readonly today?: string;
  private readonly endOfLife: Readonly<Record<string, string>>;
  private readonly handed?: Handover;

  constructor(props: AppProps = {}) {
    super();
    const root = props.root ?? '.';
    this.handed = handover();
    this.outdir = agreedOutdir(props.outdir, root, this.handed?.outdir);
    this.explain = props.explain ?? false;
    this.today = props.today ?? this.handed?.today;
    this.endOfLife = { ...props.endOfLife };
    if (this.today !== undefined) mustBeDay('today', this.today);
    for (const [release, day] of Object.entries(this.endOfLife)) mustBeDay(`end of life of '${release}'`, day);
    const { ignored = [] } = props;
    ignored.forEach(path => mustBeSourcePath(path));
    must(!ignored.includes('.'), 'SOURCE_PATH', "source path '.' is all that there is; name what no build should see in 'ignored'");
    SourceDirectory.attach(this, root, this.outdir, ignored);
  }

  /**
   * Validates everything, renders everything, then writes what has changed. All faults are shown together, and then nothing is
   * written.
   */
  public synth(): SynthResult {
    return whileNothingChanges(() => this.handed?.lock ? this.answerLocks(this.handed.answers) : this.synthesize());
  }

  private synthesize(): SynthResult {
    const applications = sortedBy(this.node.findAll().filter(construct => construct instanceof Application), application => application.node.id);
    const invalid = invalidLines(this);
    const examined = applications.map(application => examine(application));
    const plans = examined.map(({ plan }) => plan);
    const findings = examined.flatMap(each => each.findings);
    mustBeSound(invalid, findings, 'nothing was written', SourceDirectory.of(this));

    const files = new Map<string, string>();
    const losses = plans.flatMap((plan, index) => this.render(plan, applications[index], files));
    const directory = this.handed?.preview ? join(this.handed.answers, this.key()) : this.outdir;
    const { written, created, unchanged, deleted } = writeOutput(directory, files, manifestOf(plans, findings, losses));
    const aged = plans.flatMap((plan, index) => this.agedReleases(plan, applications[index]));
    const result: SynthResult = {
      outdir: directory, written: [...written], unchanged: [...unchanged], deleted: [...deleted], findings: inOrder([...findings, ...aged]), losses,
    };
    if (this.handed) writeAnswer(join(this.handed.answers, `${this.key()}.json`), { ...result, created, outdir: this.outdir, directory });
    return result;
  }

  /** Writes what makes strict requirements, for the command to run; nothing else has to be sound for that. */
  private answerLocks(answers: string): SynthResult {
    const locks = sortedBy(this.node.findAll().filter(construct => construct instanceof RequirementsLock), lock => lock.node.path);
    const source = SourceDirectory.of(this);
    mustBeSound(locks.flatMap(lock => invalidLines(lock)), [], 'nothing was locked', source);
    const directory = join(answers, this.key());
    const answered = locks.map(lock => answerLock(lock, directory, source));
    const result: SynthResult = { outdir: directory, written: [], unchanged: [], deleted: [], findings: [], losses: [] };
    writeAnswer(join(answers, `${this.key()}.json`), { ...result, created: [], outdir: this.outdir, directory, locks: answered });
    return result;
  }

  /** Tells the Apps of one program apart. */
  private key(): string {
    return sha256(this.outdir).slice(0, 16);
  }

  private agedReleases(plan: FullApplicationPlan, application: Application): Finding[] {
    return this.today === undefined ? [] : runCheck(endOfLife(this.today, this.endOfLife), plan, acknowledgements(application));
  }

  /** Adds the files of one application; answers with its losses. */
  private render(plan: FullApplicationPlan, application: Application, files: Map<string, string>): Loss[] {
    const source = SourceDirectory.of(this);
    for (const { path, text, writer } of imageFiles(plan, source, this.explain)) add(files, `${plan.id}/${path}`, text, writer);
    const context: IRenderContext = {
      root: between(`${this.outdir}/${plan.id}`, source.path),
      directory: between(source.path, `${this.outdir}/${plan.id}`),
      ignored: [...source.ignored],
      contentTag: contentTags(plan, source),
    };
    return fileTargets(application).flatMap(target => {
      const output = target.render(plan, context);
      for (const file of output.files) add(files, `${plan.id}/${file.path}`, file.text, target.node.path);
      return output.losses;
    });
  }
}

function add(files: Map<string, string>, path: string, text: string, writer: string): void {
  must(!/\p{Surrogate}/u.test(text), 'OUTPUT_TEXT', `${writer}: '${path}' would hold half of a character, which is no Unicode text; correct the value that it comes from`);
  must(!files.has(path), 'OUTPUT_TWICE', `${writer}: '${path}' is written twice; give one of the two another id`);
  must(!path.split('/').some(part => part === '' || part === '.' || part === '..'), 'OUTPUT_PATH', `${writer}: '${path}' is not a normal path in the output folder`);
  files.set(path, text);
}

/** The way from one folder to another, with `/` between its parts. */
function between(from: string, to: string): string {
  return relative(from, to).split(sep).join('/') || '.';
}
