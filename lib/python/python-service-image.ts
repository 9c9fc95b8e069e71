import type { Construct } from 'constructs';
import { Bytecode } from './bytecode';
import { BYTECODE_STAGE } from './bytecode-stage';
import { Dependencies } from './dependencies';
import { DEVELOPMENT_END, developmentFacts } from './development';
import { PYTHON_STAGE, type InstallSteps } from './installs/install-plan';
import { Layout } from './layout';
import { APPLICATION } from './layouts/layout-plan';
import { LIBRARIES_STAGE } from './libraries-stage';
import type { PythonBase } from './python-base';
import type { PythonServer } from './python-server';
import { planPythonService, serviceUser, type PlannedBase, type PythonServiceInput, type PythonServicePlan } from './python-service-plan';
import { REQUIREMENTS_STAGE } from './recipes/recipe';
import { UV_STAGE } from './recipes/uv';
import { WORKSPACE_STAGE } from './recipes/uv-project';
import type { WheelDirectories } from './recipes/wheels';
import { normalizedName } from './requirements-file';
import type { ServerPlan } from './servers/server-plan';
import type { PythonSystemPackages } from './system-packages';
import { Trim } from './trim';
import { Unbuffered } from './unbuffered';
import type { IWheelSource } from './wheel-source';
import type { Architecture } from '../build/architecture';
import { BaseImage } from '../build/base-image';
import { BorrowedStages } from '../build/borrowed-stages';
import type { ImageRemark, StageNeed, StagePlan } from '../build/build-plan';
import { ContainerImage, type PlannedImage } from '../build/container-image';
import type { DevelopmentFacts, ImageFacts, ProbePrograms, WritablePath } from '../build/image-facts';
import { mustBeCommand } from '../build/instruction-values';
import { MultiStageBuild } from '../build/multi-stage-build';
import { SourceDirectory } from '../build/source-directory';
import { mustBeSourcePath } from '../build/source-path';
import { Stage } from '../build/stage';
import { must, problemLine } from '../primitives/faults';
import { changeable } from '../primitives/freeze';
import { once } from '../primitives/once';
import { mustBePort } from '../primitives/ports';
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
  readonly systemPackages?: PythonSystemPackages;
  /** What is compiled before the service starts. @default Bytecode.imported() */
  readonly bytecode?: Bytecode;
  /** What is left out of the packages. @default Trim.nothing() */
  readonly trim?: Trim;
  /**
   * Processors that it is made for, with its other processes: compose `platform`, Kubernetes the node label `kubernetes.io/arch`, ECS `cpuArchitecture`.
   * @default - that of whoever builds
   * @see https://docs.docker.com/reference/compose-file/services/#platform
   * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
   */
  readonly architecture?: Architecture;
  /** What keeps Python from holding back its output. @default Unbuffered.ENVIRONMENT */
  readonly unbuffered?: Unbuffered;
  /**
   * Whether it is for those who work on the source, and not to be deployed. It is then made on the build image, with a shell and pip; the source
   * belongs to the user of the process, which starts its application again when a Python file changes, where the server can; no bytecode
   * hides an edit. Compose keeps the source in the container as it is on the disk: `docker compose watch`.
   * @default false
   * @see https://docs.docker.com/compose/how-tos/file-watch/
   */
  readonly development?: boolean;
  /**
   * Port, 1024-65535 and usually 5678, on which debugpy listens from the start; it has to be among the packages. For development only, never in
   * production: whoever reaches the port runs what they like in the process. Compose publishes it on 127.0.0.1.
   * @default - no debugger
   * @see https://github.com/microsoft/debugpy#debugging-a-script-file
   */
  readonly debuggerPort?: number;
}

type Choices = Required<Omit<PythonServiceImageProps, 'architecture' | 'debuggerPort'>> & Pick<PythonServiceImageProps, 'architecture' | 'debuggerPort'>;

/** Settings of {@link PythonServiceImage.runAtBuild}. */
export interface RunAtBuildProps {
  /** Environment variables of the stage. Its layers hold them: no secrets. @default - none */
  readonly environment?: Record<string, string>;
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
  private readonly choices: Choices;
  private readonly wheels: readonly BorrowedWheels[];
  private readonly directories = new Set<string>();
  private launcher = false;
  private planned?: PythonServicePlan;

  constructor(scope: Construct, id: string, props: PythonServiceImageProps) {
    const { handlesStopSignal, stopGraceSeconds, gracefulTimeoutSeconds } = props.server._plan();
    const { development = false, debuggerPort, architecture } = props;
    // what a debugger starts beside the process is left to process 1
    const told = { architecture, handlesStopSignal: handlesStopSignal && debuggerPort === undefined, stopGraceSeconds, gracefulTimeoutSeconds };
    super(scope, id, development ? { ...told, ...DEVELOPMENT_END } : told);
    mustBeSourcePath(props.source, this);
    mustBeDebuggerPort(debuggerPort, development, this);
    const { dependencies = Dependencies.detected(), install = false, unbuffered = Unbuffered.ENVIRONMENT } = props;
    const chosen = props.layout ?? Layout.venv();
    const layout = development ? chosen._forDevelopment() : chosen;
    const { trim = Trim.nothing(), systemPackages = {} } = props;
    const bytecode = development ? Bytecode.installed() : props.bytecode ?? Bytecode.imported();
    this.choices = { ...props, dependencies, layout, install, unbuffered, bytecode, trim, development, systemPackages: copied(systemPackages) };
    // stages that turn out not to be needed are left out of the Dockerfile
    this.wheels = this.borrowedWheels(dependencies);
    if (dependencies._uvImage) new Stage(this, UV_STAGE, { base: dependencies._uvImage });
    if (dependencies._uvImage) new Stage(this, WORKSPACE_STAGE, { base: BaseImage.scratch() })._defer(() => this.plan().workspace);
    const { _install: pythonInstall } = props.base;
    if (pythonInstall?.preparation) new Stage(this, PYTHON_STAGE, { base: props.base.buildImage })._defer(() => this.plan().python);
    new Stage(this, REQUIREMENTS_STAGE, { base: props.base.buildImage })._defer(() => this.plan().requirements);
    this.buildStage = new Stage(this, 'build', { base: props.base.buildImage });
    if (dependencies._uvImage) new Stage(this, LIBRARIES_STAGE, { base: this.buildStage })._defer(() => this.plan().libraries);
    this.packageStage = install || layout._packsSource ? new Stage(this, 'package', { base: this.buildStage }) : undefined;
    const runtimeImage = this.runtimeImage();
    this.systemStage = bytecode._imported ? new Stage(this, 'system', { base: runtimeImage }) : undefined;
    this.systemStage?._passOverWhenEmpty();
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

  /**
   * A stage in which Python has run while the image is built, with the packages and the application as they are in the image: what that
   * wrote is there for images to take, such as what Django's `collectstatic` has collected. As root; it gets no variables and no secrets of
   * services. Each change of the source runs it again, and an image that takes nothing of it leaves it out.
   *
   * @param id name of the stage
   * @param args arguments of Python, in `/app`: `['manage.py', 'collectstatic', '--no-input']`
   */
  public runAtBuild(id: string, args: string[], props: RunAtBuildProps = {}): Stage {
    const stage = new Stage(this, id, { base: this.systemStage ?? this.runtimeImage() });
    mustBeCommand(args, stage);
    stage._defer(() => this.plan().application);
    if (props.environment) stage.environment(props.environment);
    stage._defer(() => [{ kind: 'runExec', command: [this.plan().interpreter ?? 'python3', ...args], mounts: [], why: 'by the interpreter and the packages that it runs with' }]);
    stage.node.addValidation({ validate: () => this.plan().interpreter === undefined ? [noInterpreter(args)] : [] });
    return stage;
  }

  /** @internal */
  public override _carryLauncher(): void {
    changeable(this).launcher = true;
    this.planned = undefined;
  }

  /** @internal */
  public override _carryDirectory(path: string): void {
    changeable(this).directories.add(path);
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
      const server = this.choices.server._plan();
      const development = this.development(planned, server, this.choices.debuggerPort);
      return { ...planned, facts: { ...planned.facts, writablePaths: this.pathsOf(planned.facts, server), launcher, development } };
    });
  }

  /** @internal */
  public _planProcess(planned: PythonProcess): PlannedImage {
    const image = super._plan();
    const { facts, build } = image;
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
        ...(this.choices.development ? DEVELOPMENT_END : {}),
        launcher: this.plan().launcher,
        development: this.development(image, server),
      },
    };
  }

  /** @internal */
  protected override _needs(): StageNeed[] {
    const wheels = this.wheels.flatMap(({ stage, source }): StageNeed[] => source._wheels().portable ? [] : [
      { from: stage.node.id, to: this.buildStage.node.id, what: 'what is in the wheels', samePython: false, sameLibc: true },
    ]);
    return [...this.plan().needs, ...wheels];
  }

  /** @internal */
  protected override _remarks(): ImageRemark[] {
    return [...this.plan().remarks];
  }

  /** @internal */
  protected override _programs(): ProbePrograms {
    const { interpreter, prober } = this.plan();
    return { interpreter, prober };
  }

  /**
   * The runtime stage as it would be on the build image: for the same user, with pip left where it is.
   * @internal
   */
  public _runtimeOnBuildImage(): Pick<StagePlan, 'base' | 'instructions'> & Pick<PythonServicePlan, 'interpreter'> {
    const { reference, facts } = this.choices.base.buildImage;
    const input = this.input();
    const added = this.runtimeStage._instructions().slice(planPythonService(input).runtime.length);
    const planned = planPythonService(onBuildImage({ ...input, bytecode: undefined, systemStage: false }));
    return { base: { kind: 'image', reference, facts }, instructions: [...planned.runtime, ...added], interpreter: planned.interpreter };
  }

  private borrowedWheels({ _wheelSources }: Dependencies): BorrowedWheels[] {
    if (_wheelSources.length === 0) return [];
    const borrowed = new BorrowedStages(this);
    return _wheelSources.map(source => ({ source, stage: borrowed.stage(source._wheels().stage) }));
  }

  /** What the service runs on. */
  private runtimeImage(): BaseImage {
    const { base, development } = this.choices;
    return development ? base.buildImage : base.runtimeImage;
  }

  /** How a deployment follows the source, for one of the processes; nothing when the image is not for development. */
  private development({ build }: PlannedImage, server: ServerPlan, debuggerPort?: number): DevelopmentFacts | undefined {
    const { source, install, development } = this.choices;
    if (!development || !build) return undefined;
    const directory = SourceDirectory.of(this);
    const [directories, files] = [true, false].map(wanted => build.sourcePaths.filter(path => (directory.kind(path) === 'directory') === wanted));
    return developmentFacts({ source, target: install ? undefined : APPLICATION, files, directories }, server, debuggerPort);
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
    const { source, base, server, dependencies, layout, systemPackages, unbuffered, bytecode, trim } = this.choices;
    const { toBuild = [], toRun = [], needs = {}, derived = true } = systemPackages;
    const { architecture, development, debuggerPort } = this.choices;
    const directory = SourceDirectory.of(this);
    const input: PythonServiceInput = {
      source,
      read: path => directory.text(path),
      list: path => directory.list(path),
      isDirectory: path => directory.kind(path) === 'directory',
      build: plannedBase(this.buildStage, base.buildImage, [...base.buildPackages, ...toBuild], base._install?.build),
      preparation: base._install?.preparation,
      pipPackages: base._pipPackages,
      runtime: plannedBase(this.runtimeStage, base.runtimeImage, [...base.runtimePackages, ...toRun], base._install?.runtime),
      server: server._plan(),
      architecture,
      dependencies: this.wheels.length > 0 ? { manager: 'wheels', sources: this.wheels.map(wheelDirectories) } : dependencies._choice,
      indexes: dependencies._indexes,
      layout,
      unbuffered,
      trim,
      bytecode: bytecode._imported,
      development: development ? { debuggerPort } : undefined,
      launcher: this.launcher,
      directories: [...this.directories].sort(),
      processes: this.processes().map(other => other.server._plan()),
      packageStage: this.packageStage?.node.id,
      install: this.choices.install,
      native: { said: needs, derived },
      systemStage: this.systemStage !== undefined,
    };
    return development ? onBuildImage(input) : input;
  }
}

function noInterpreter(args: readonly string[]): string {
  return problemLine('COMPILED_RUN', `'${args.join(' ')}' cannot run while the image is built: Layout.nuitka() leaves no interpreter; `
    + 'run it in a PythonServiceImage of the same source with another layout');
}

interface BorrowedWheels {
  readonly source: IWheelSource;
  /** The stage that holds them, as one of this build. */
  readonly stage: Stage;
}

function wheelDirectories({ source, stage }: BorrowedWheels): WheelDirectories {
  const { stage: _stage, portable: _portable, ...wheels } = source._wheels();
  return { ...wheels, stage: stage.node.id };
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

function copied({ toBuild, toRun, needs, derived }: PythonSystemPackages): PythonSystemPackages {
  return { toBuild, toRun, needs: Object.fromEntries(Object.entries(needs ?? {}).map(([name, need]) => [normalizedName(name), need])), derived };
}

function plannedBase(stage: Stage, { facts, label }: BaseImage, packages: readonly string[], steps?: InstallSteps): PlannedBase {
  return { stage: stage.node.id, facts, label, packages, steps };
}

/** With the runtime stage as it is on the build image: for the same user, with the packages of both stages, pip left where it is. */
function onBuildImage(input: PythonServiceInput): PythonServiceInput {
  const packages = [...input.build.packages, ...input.pipPackages, ...input.runtime.packages];
  return { ...input, runtime: { ...input.build, stage: input.runtime.stage, packages }, keepsPip: true, user: serviceUser(input) };
}

function mustBeDebuggerPort(port: number | undefined, development: boolean, image: Construct): void {
  if (port === undefined) return;
  mustBePort(port, image);
  must(port >= 1024, 'PORT_PRIVILEGED', `port ${port} is below 1024, which only root may listen on; use 1024-65535`, image);
  must(development, 'DEBUGGER_DEPLOYED',
    `debuggerPort ${port} is given without development: true; whoever reaches a debugger runs what they like in the process, so leave it out of what is deployed`, image);
}
