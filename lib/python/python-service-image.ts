import type { Construct } from 'constructs';
import { Bytecode } from './bytecode';
import { BYTECODE_STAGE } from './bytecode-stage';
import { Dependencies } from './dependencies';
import { Layout } from './layout';
import type { PythonBase } from './python-base';
import type { PythonServer } from './python-server';
import { planPythonService, serviceUser, type PlannedBase, type PythonServiceInput, type PythonServicePlan } from './python-service-plan';
import { UV_STAGE } from './recipes/uv';
import type { ServerPlan } from './servers/server-plan';
import type { SystemPackages } from './system-packages';
import { Trim } from './trim';
import { Unbuffered } from './unbuffered';
import type { BaseImage } from '../build/base-image';
import type { StageNeed, StagePlan } from '../build/build-plan';
import { ContainerImage, type PlannedImage } from '../build/container-image';
import type { ImageFacts, WritablePath } from '../build/image-facts';
import { MultiStageBuild } from '../build/multi-stage-build';
import { SourceDirectory } from '../build/source-directory';
import { mustBeSourcePath } from '../build/source-path';
import { Stage } from '../build/stage';
import { problemLine } from '../primitives/faults';
import { once } from '../primitives/once';
import { sortedBy } from '../primitives/stable';

/** Settings of a {@link PythonServiceImage}. */
export interface PythonServiceImageProps {
  /** Directory of the application, from the App's root, with `/` between its parts. Its content becomes `/app`, unless it is installed. */
  readonly source: string;
  /** Images that it is built on. */
  readonly base: PythonBase;
  /** Program that serves it. */
  readonly server: PythonServer;
  /** Packages that it needs. @default Dependencies.detected() */
  readonly dependencies?: Dependencies;
  /** How they get into the image. @default Layout.venv() */
  readonly layout?: Layout;
  /**
   * Whether the application is installed as a package, as its `pyproject.toml` says, and `/app` stays empty: for sources that are
   * built, have their modules in `src`, or bring console scripts. Each change of the source builds the package again.
   * @default false
   * @see https://packaging.python.org/en/latest/guides/writing-pyproject-toml/#declaring-the-build-backend
   */
  readonly install?: boolean;
  /** Packages of the distribution, for either stage. A base without a package manager takes none. @default - none */
  readonly systemPackages?: SystemPackages;
  /** What is compiled before the service starts. @default Bytecode.imported() */
  readonly bytecode?: Bytecode;
  /** What is left out of the packages. @default Trim.nothing() */
  readonly trim?: Trim;
  /** What keeps Python from holding back its output. @default Unbuffered.ENVIRONMENT */
  readonly unbuffered?: Unbuffered;
}

/**
 * The image of one Python service: packages installed in a build stage, the application served by a process that is not root,
 * cannot change its own code, and finds neither compiler nor package manager.
 */
export class PythonServiceImage extends MultiStageBuild {
  /** Stage that packages are installed in. What you add comes after that. */
  public readonly buildStage: Stage;
  /** Stage that becomes the image. What you add comes after the application. */
  public readonly runtimeStage: Stage;
  private readonly packageStage?: Stage;
  private readonly systemStage?: Stage;
  private readonly choices: Required<PythonServiceImageProps>;
  private readonly directories = new Set<string>();
  private launcher = false;
  private planned?: PythonServicePlan;

  constructor(scope: Construct, id: string, props: PythonServiceImageProps) {
    const { handlesStopSignal, stopGraceSeconds, gracefulTimeoutSeconds } = props.server._plan();
    super(scope, id, { handlesStopSignal, stopGraceSeconds, gracefulTimeoutSeconds });
    mustBeSourcePath(props.source, this);
    const { dependencies = Dependencies.detected(), layout = Layout.venv(), install = false, unbuffered = Unbuffered.ENVIRONMENT } = props;
    const { bytecode = Bytecode.imported(), trim = Trim.nothing(), systemPackages } = props;
    this.choices = { ...props, dependencies, layout, install, unbuffered, bytecode, trim, systemPackages: { ...systemPackages } };
    // left out of the Dockerfile when it turns out not to be needed
    if (dependencies._uvImage) new Stage(this, UV_STAGE, { base: dependencies._uvImage });
    this.buildStage = new Stage(this, 'build', { base: props.base.buildImage });
    this.packageStage = install ? new Stage(this, 'package', { base: this.buildStage }) : undefined;
    const { runtimeImage, runtimePackages } = props.base;
    this.systemStage = bytecode._imported && runtimePackages.length + (systemPackages?.toRun ?? []).length > 0
      ? new Stage(this, 'system', { base: runtimeImage }) : undefined;
    if (bytecode._imported) new Stage(this, BYTECODE_STAGE, { base: this.systemStage ?? runtimeImage })._defer(() => this.plan().bytecode);
    this.runtimeStage = new Stage(this, 'runtime', { base: this.systemStage ?? runtimeImage, output: true });
    this.systemStage?._defer(() => this.plan().system);
    this.buildStage._defer(() => this.plan().build);
    this.packageStage?._defer(() => this.plan().package);
    this.runtimeStage._defer(() => this.plan().runtime);
    this.node.addValidation({ validate: () => this.plan().faults.map(fault => problemLine(fault.code, fault.problem)) });
  }

  /**
   * The same image as another process: a worker, a migration. It has the facts of that process, and needs no build of its own.
   *
   * @param id of the construct
   * @param server what is run
   */
  public process(id: string, server: PythonServer): ContainerImage {
    this.planned = undefined;
    return new PythonProcess(this, id, server);
  }

  /** @internal */
  public override _carryLauncher(): void {
    this.launcher = true;
    this.planned = undefined;
  }

  /** @internal */
  public override _carryDirectory(path: string): void {
    this.directories.add(path);
    this.planned = undefined;
  }

  /**
   * Without the directories that only other processes write to.
   * @internal
   */
  public override _plan(): PlannedImage {
    return once(this, 'service', () => {
      const planned = super._plan();
      const { launcher } = this.plan();
      const writablePaths = this.pathsOf(planned.facts, this.choices.server._plan());
      return { ...planned, facts: { ...planned.facts, writablePaths, launcher } };
    });
  }

  /** @internal */
  public _planProcess(planned: PythonProcess): PlannedImage {
    const { facts, build } = super._plan();
    const server = planned.server._plan();
    const { entrypoint, command, healthCheck } = this.plan().processes[this.processes().indexOf(planned)];
    return {
      build,
      madeBy: this,
      otherProcess: { entrypoint, command },
      facts: {
        ...facts,
        healthCheck,
        ports: server.port === undefined ? [] : [server.port],
        writablePaths: this.pathsOf(facts, server),
        stopSignal: server.stopSignal,
        handlesStopSignal: server.handlesStopSignal,
        stopGraceSeconds: server.stopGraceSeconds,
        gracefulTimeoutSeconds: server.gracefulTimeoutSeconds,
        launcher: this.plan().launcher,
      },
    };
  }

  /** @internal */
  protected override _needs(): StageNeed[] {
    return [...this.plan().needs];
  }

  /** @internal */
  protected override _interpreter(): string {
    return this.plan().interpreter;
  }

  /**
   * The runtime stage as it would be on the build image: for the same user, with pip left where it is.
   * @internal
   */
  public _runtimeOnBuildImage(): Pick<StagePlan, 'base' | 'instructions'> {
    const { reference, facts } = this.choices.base.buildImage;
    const input = this.input();
    const packages = [...input.build.packages, ...input.pipPackages, ...input.runtime.packages];
    const runtime = { ...input.build, stage: input.runtime.stage, facts: { ...facts, pip: false }, packages };
    const added = this.runtimeStage._instructions().slice(planPythonService(input).runtime.length);
    const planned = planPythonService({ ...input, bytecode: undefined, systemStage: false, runtime, user: serviceUser(input) });
    return { base: { kind: 'image', reference, facts }, instructions: [...planned.runtime, ...added] };
  }

  /** Directories of the image that one of its processes writes to: not those of the others. */
  private pathsOf({ writablePaths }: ImageFacts, { writablePaths: own }: ServerPlan): WritablePath[] {
    const servers = [this.choices.server, ...this.processes().map(({ server }) => server)];
    const foreign = servers.flatMap(server => server._plan().writablePaths.map(({ path }) => path));
    return writablePaths.filter(({ path }) => !foreign.includes(path) || own.some(other => other.path === path));
  }

  private processes(): PythonProcess[] {
    return sortedBy(this.node.children.filter(child => child instanceof PythonProcess), child => child.node.id);
  }

  /** Made once: neither the choices nor what has been read of the source change. */
  private plan(): PythonServicePlan {
    this.planned ??= planPythonService(this.input());
    return this.planned;
  }

  private input(): PythonServiceInput {
    const { source, base, server, dependencies, layout, systemPackages: { toBuild = [], toRun = [] }, unbuffered, bytecode, trim } = this.choices;
    const directory = SourceDirectory.of(this);
    return {
      source,
      read: path => directory.text(path),
      list: path => directory.list(path),
      isDirectory: path => directory.kind(path) === 'directory',
      build: plannedBase(this.buildStage, base.buildImage, [...base.buildPackages, ...toBuild]),
      pipPackages: base._pipPackages,
      runtime: plannedBase(this.runtimeStage, base.runtimeImage, [...base.runtimePackages, ...toRun]),
      server: server._plan(),
      dependencies: dependencies._choice,
      layout,
      unbuffered,
      trim,
      bytecode: bytecode._imported,
      launcher: this.launcher,
      directories: [...this.directories].sort(),
      processes: this.processes().map(other => other.server._plan()),
      packageStage: this.packageStage?.node.id,
      systemStage: this.systemStage !== undefined,
    };
  }
}

/** Another process of an image. */
class PythonProcess extends ContainerImage {
  constructor(private readonly madeBy: PythonServiceImage, id: string, public readonly server: PythonServer) {
    super(madeBy, id);
  }

  /** @internal */
  public _plan(): PlannedImage {
    return this.madeBy._planProcess(this);
  }

  /** @internal */
  public override _carryLauncher(): void {
    this.madeBy._carryLauncher();
  }

  /** @internal */
  public override _carryDirectory(path: string): void {
    this.madeBy._carryDirectory(path);
  }
}

function plannedBase(stage: Stage, { facts, label }: BaseImage, packages: readonly string[]): PlannedBase {
  return { stage: stage.node.id, facts, label, packages };
}
