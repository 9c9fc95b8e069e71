import { addUser, firstUser } from './add-user';
import { findApplications, onlyApplication, type SourceView } from './application-object';
import type { ImportedBytecodeProps } from './bytecode';
import { BYTECODE, BYTECODE_STAGE, BYTECODE_VARIABLE, bytecodeInstructions } from './bytecode-stage';
import type { DependencyChoice } from './dependencies';
import { debuggerFaults, debuggerOptions, type DevelopmentInput } from './development';
import { importedModules, modulesOf } from './imported-modules';
import type { InstallSteps, Preparation } from './installs/install-plan';
import { LAUNCHER_INSTRUCTION, launcherCommand } from './launcher';
import type { Layout } from './layout';
import { APPLICATION, type LayoutPlan } from './layouts/layout-plan';
import { planLibraries } from './libraries-stage';
import { muslRemarks } from './musl-wheels';
import { nativePlan, nativeWhy, type NativeInput, type NativePlan } from './native-needs';
import type { IndexData } from './package-index';
import { parseToml, readPyproject, type Pyproject } from './pyproject';
import { pythonFaults, pythonVersionFile, type PythonRequirement } from './python-release';
import { packagesInstall } from './system-packages';
import type { Trim } from './trim';
import { Unbuffered } from './unbuffered';
import type { Architecture } from '../build/architecture';
import type { BaseImageFacts, BaseImageUser } from '../build/base-image-facts';
import type { ImageRemark, StageNeed } from '../build/build-plan';
import type { HealthCheckFacts, WritablePath } from '../build/image-facts';
import type { Instruction } from '../build/instruction';
import type { Fault } from '../primitives/faults';
import { sortedUnique, uniqueBy } from '../primitives/stable';
import { chosenRecipe, NO_RECIPE } from './recipes/chosen-recipe';
import { sourcePath, type Recipe } from './recipes/recipe';
import { applicationToDetect, argsWith, serverEntrypoint, serverHealthCheck, type ServerPlan } from './servers/server-plan';

/** One of the two images that a service is built on. */
export interface PlannedBase {
  readonly stage: string;
  readonly label: string;
  readonly facts: BaseImageFacts;
  /** Packages of the distribution to install. */
  readonly packages: readonly string[];
  /** What it does besides to have its Python. @default - the image has one, or its packages bring it */
  readonly steps?: InstallSteps;
}

/** All choices of a service's image, as data. */
export interface PythonServiceInput extends SourceView {
  readonly source: string;
  readonly build: PlannedBase;
  readonly runtime: PlannedBase;
  readonly server: ServerPlan;
  /** Processors that it is made for. @default - that of whoever builds */
  readonly architecture?: Architecture;
  readonly dependencies: DependencyChoice;
  /** Where they come from, when that is said. */
  readonly indexes: readonly IndexData[];
  readonly layout: Layout;
  readonly unbuffered: Unbuffered;
  readonly trim: Trim;
  /** Whether pip stays in the image. @default false */
  readonly keepsPip?: boolean;
  /** Packages of the distribution that bring pip to the build stage. */
  readonly pipPackages: readonly string[];
  /** What makes the Python that the stages take, on the build image. @default - nothing has to */
  readonly preparation?: Preparation;
  /** What is compiled of what is imported; nothing when that is the package manager's. */
  readonly bytecode?: Required<ImportedBytecodeProps>;
  /** User that the service runs as. @default - the runtime image's first, or one that is added */
  readonly user?: BaseImageUser;
  /** What makes it an image for development; nothing when it is made to be deployed. */
  readonly development?: DevelopmentInput;
  /** Whether it carries the program that reads secrets when it starts. */
  readonly launcher: boolean;
  /** Directories that are made for its user, where volumes will be. */
  readonly directories: readonly string[];
  /** Other processes that it is run as. */
  readonly processes: readonly ServerPlan[];
  /** What is declared of packages with native parts. */
  readonly native: Pick<NativeInput, 'said' | 'derived'>;
  /** Whether what the runtime image gets of packages is installed in a stage of its own, which bytecode is made on too. */
  readonly systemStage: boolean;
  /** Name of the stage that each change of the source repeats; nothing when the source is copied. */
  readonly packageStage?: string;
  /** Whether the source is installed as a package. */
  readonly install: boolean;
}

/** Instructions of the stages, and what has to hold between them. */
export interface PythonServicePlan {
  /** Of a stage on the build image that makes the Python of the others; mostly none. */
  readonly python: readonly Instruction[];
  /** Of a stage on the build image that writes what pip is to install; mostly none. */
  readonly requirements: readonly Instruction[];
  /** Of a stage of generated files that a manager reads; mostly none. */
  readonly workspace: readonly Instruction[];
  readonly build: readonly Instruction[];
  /** Of a stage on top of it that installs what the source needs of the rest of the source tree. */
  readonly libraries: readonly Instruction[];
  readonly package: readonly Instruction[];
  readonly system: readonly Instruction[];
  readonly bytecode: readonly Instruction[];
  readonly runtime: readonly Instruction[];
  /** Of a stage that has packages and application as the image does, for root to run them while the image is built. */
  readonly application: readonly Instruction[];
  readonly needs: readonly StageNeed[];
  readonly interpreter?: string;
  readonly prober?: string[];
  readonly launcher?: string[];
  /** In the order of the other processes. */
  readonly processes: readonly ProcessPlan[];
  readonly remarks: readonly ImageRemark[];
  readonly faults: readonly Fault[];
}

/** What is run of the image, and what is known of it. */
export interface ProcessPlan {
  readonly entrypoint: string[];
  readonly command: string[];
  readonly healthCheck?: HealthCheckFacts;
}

/** The user that is added to images that know none but root: the number that Chainguard and distroless images use. */
const NONROOT: BaseImageUser = { name: 'nonroot', userId: 65532, groupId: 65532, home: '/home/nonroot' };

/** Lays out the stages so that what changes most comes last. */
export function planPythonService(input: PythonServiceInput): PythonServicePlan {
  const { build, runtime } = input;
  const pythonPath = build.facts.pythonPath ?? 'python3';
  const recipe = plannedRecipe(input, pythonPath);
  const { source, trim, packageStage, install } = input;
  const servers = [input.server, ...input.processes];
  const byOption = input.unbuffered === Unbuffered.OPTION;
  const layout = input.layout._plan({
    build,
    runtime,
    pythonPath,
    recipe,
    trim,
    source,
    packageStage,
    install,
    modules: input.isDirectory(source) ? modulesOf(input, importRoot(input)) : [],
    programs: servers.map(({ program }) => program),
    imports: sortedUnique(servers.flatMap(({ imports = [] }) => imports)),
    indexes: input.indexes,
    options: byOption ? ['-u'] : [],
    compile: !input.bytecode,
  });
  const { server, faults: serverFaults } = plannedServer(input, input.server, recipe);
  const others = input.processes.map(other => plannedServer(input, other, recipe));
  const user = serviceUser(input);
  const native = plannedNative(input, layout, recipe);
  const bytecode = input.bytecode !== undefined && layout.interpreter !== undefined;
  const declared = [...build.packages, ...layout.systemPackages ?? [], ...(layout.usesPip ? input.pipPackages : [])];
  const buildPackages = packagesInstall(build, [...declared, ...native.toBuild], { why: nativeWhy(native.building, 'built here, for no wheel fits') });
  const runtimePackages = packagesInstall(runtime, [...runtime.packages, ...native.toRun], {
    why: nativeWhy(native.running, 'not all they need to run is in their wheels'),
  });
  const systemStage = input.systemStage && runtimePackages.instructions.length + (layout.system ?? []).length > 0;
  const system: Instruction[] = [
    ...(runtime.facts.defaultUserId === 0 ? [] : [{ ...ROOT, why: 'a directory that another user makes belongs to it, and so would the code in it' }]),
    ...runtimePackages.instructions,
    ...layout.system ?? [],
  ];
  const launcher = input.launcher ? [...layout.launcher ?? launcherCommand(layout.interpreter!)] : undefined;
  const [own, ...processes] = [server, ...others.map(other => other.server)].map((one, index) => processPlan(one, index, input, layout, launcher));
  const writable: WritablePath[] = [{ path: '/tmp', mode: '1777' }, { path: user.home }, ...[server, ...others.map(other => other.server)].flatMap(plan => plan.writablePaths), ...input.directories.map(path => ({ path, data: true }))];
  const libraries = planLibraries(input.source, recipe, layout);
  const root: Instruction[] = build.facts.defaultUserId === 0 ? [] : [{ ...ROOT, why: 'packages are installed outside of a home directory' }];
  const { preparation } = input;
  const preparing = packagesInstall({ label: build.label, facts: build.facts }, preparation?.packages ?? []);
  return {
    python: preparation ? [...root, ...preparing.instructions, ...preparation.instructions] : [],
    requirements: layout.requirements.length === 0 ? []
      : [...root, ...packagesInstall(build, [...build.packages, ...input.pipPackages]).instructions, ...layout.requirements],
    workspace: recipe.workspace ?? [],
    build: [...root, ...buildPackages.instructions, ...layout.build],
    libraries: libraries.instructions,
    package: layout.package,
    system: systemStage ? system : [],
    bytecode: bytecodeStage({ ...input, systemStage }, layout, recipe),
    runtime: [
      ...(systemStage ? [] : system),
      ...newUser(runtime, user),
      ...(runtime.facts.pip && !input.keepsPip ? [removePip(runtime.facts.pythonPath!)] : []),
      { kind: 'environment', variables: { ...variables(byOption, bytecode), ...layout.environment }, why: 'no bytecode is written, no output is held back' },
      ...(input.development ? [] : [{ kind: 'workingDirectory', path: APPLICATION, why: 'root owns it: the process cannot change its own code' } as const]),
      ...uniqueBy(writable, ({ path }) => path).map((directory, index): Instruction => ({
        kind: 'writablePath', writable: directory, ...(index === 0 ? { why: 'all that the process writes to is here; the rest may be read-only' } : {}),
      })),
      ...(launcher && !layout.launcher ? [LAUNCHER_INSTRUCTION] : []),
      ...layout.runtime,
      ...(bytecode ? [BYTECODE_COPY] : []),
      { kind: 'user', userId: user.userId, groupId: user.groupId, why: 'by number: Kubernetes can tell that it is not root' },
      ...(input.development ? [{ kind: 'workingDirectory', path: APPLICATION, why: 'the user owns it: changed files are written into the container' } as const] : []),
      ...(server.port === undefined ? [] : [{ kind: 'expose', port: server.port } as const]),
      { kind: 'stopSignal', signal: server.stopSignal },
      ...(own.healthCheck === undefined ? [] : [{ kind: 'healthCheck', check: own.healthCheck, why: `by the ${layout.prober ? 'program itself' : 'interpreter'}: neither curl nor a shell has to be there` } as const]),
      { kind: 'entrypoint', why: 'no shell in between: signals reach the server', command: own.entrypoint },
      ...(own.command.length === 0 ? [] : [{ kind: 'command', command: own.command } as const]),
      ...libraries.copy,
      { ...layout.application, owner: input.development && !install ? { userId: user.userId, groupId: user.groupId } : undefined },
    ],
    application: [
      ...(systemStage ? [] : system),
      { kind: 'environment', variables: { PYTHONDONTWRITEBYTECODE: '1' }, why: 'what it leaves is what it was run for' },
      { kind: 'workingDirectory', path: APPLICATION },
      ...layout.runtime,
      ...libraries.copy,
      { ...layout.applicationAtBuild ?? layout.application, why: 'a change of the source runs it again' },
    ],
    needs: layout.needs,
    interpreter: layout.interpreter,
    prober: layout.prober && [...layout.prober],
    launcher,
    processes,
    remarks: [...muslRemarks(runtime, input.architecture, recipe.locked), ...native.remarks],
    faults: [
      ...baseFaults(input, user), ...buildPackages.faults, ...runtimePackages.faults, ...native.faults, ...preparing.faults,
      ...projectFaults(input, recipe),
      ...recipe.faults, ...libraries.faults, ...layout.faults, ...compiledFaults(layout, servers), ...serverFaults,
      ...others.flatMap(other => other.faults), ...debuggerFaults(input.development?.debuggerPort, server, recipe.distributions),
    ],
  };
}

/** What is compiled as a whole takes its libraries from the build image. */
function plannedNative({ native, architecture, build, runtime }: PythonServiceInput, { interpreter }: LayoutPlan, { locked }: Recipe): NativePlan {
  if (interpreter !== undefined) return nativePlan({ ...native, locked, build, runtime, architecture });
  const plan = nativePlan({ ...native, locked, build, runtime: build, architecture });
  return { ...plan, toBuild: [...plan.toBuild, ...plan.toRun], building: sortedUnique([...plan.building, ...plan.running]), toRun: [], running: [] };
}

function compiledFaults({ interpreter }: LayoutPlan, servers: readonly ServerPlan[]): Fault[] {
  const asked = interpreter === undefined && servers.find(({ healthCheck }) => healthCheck?.command);
  return asked ? [{
    code: 'COMPILED_HEALTH',
    problem: `the health check of ${asked.program.name} is a program in Python, and Layout.nuitka() leaves no interpreter in the image; use another layout, or a server whose port is asked`,
  }] : [];
}

/** @param index 0 for the image's own process, the others after it, which no debugger is for */
function processPlan(
  server: ServerPlan, index: number, { unbuffered, development }: PythonServiceInput, layout: LayoutPlan, launcher: readonly string[] = [],
): ProcessPlan {
  const { interpreter = '', scripts, processes } = layout;
  const healthCheck = layout.interpreter === undefined && server.healthCheck?.command ? undefined : serverHealthCheck(server, interpreter);
  const options = [...(unbuffered === Unbuffered.OPTION ? ['-u'] : []), ...(index === 0 ? debuggerOptions(development) : [])];
  return {
    entrypoint: [...launcher, ...processes?.[index] ?? serverEntrypoint(server, interpreter, scripts, options)],
    command: [...server.args],
    healthCheck: healthCheck?.command ? { ...healthCheck, command: [...launcher, ...healthCheck.command] } : healthCheck,
  };
}

const ROOT: Instruction = { kind: 'user', userId: 0, groupId: 0 };

function variables(unbufferedByOption: boolean, bytecode: boolean): Record<string, string> {
  return { PYTHONDONTWRITEBYTECODE: '1', ...(unbufferedByOption ? {} : { PYTHONUNBUFFERED: '1' }), ...(bytecode ? BYTECODE_VARIABLE : {}) };
}

const BYTECODE_COPY: Instruction = { kind: 'copy', from: { kind: 'stage', name: BYTECODE_STAGE }, sources: [BYTECODE], target: BYTECODE, link: true };

function bytecodeStage(input: PythonServiceInput, { seen, interpreter }: LayoutPlan, { libraries }: Recipe): Instruction[] {
  if (!input.bytecode || interpreter === undefined || !input.isDirectory(input.source)) return [];
  const imported = importedModules(input, [importRoot(input), ...(libraries?.sources ?? []).map(source => installedRoot(source, input))]);
  return bytecodeInstructions({
    ...input.bytecode,
    imported,
    seen,
    interpreter,
    server: [input.server, ...input.processes].flatMap(({ imports = [] }) => imports),
    startsAsUser: !input.systemStage && input.runtime.facts.defaultUserId !== 0,
  });
}

/** A source that is not there has nothing to install; that it is not there is said elsewhere. */
function plannedRecipe(input: PythonServiceInput, pythonPath: string): Recipe {
  const { source, read, isDirectory, dependencies, indexes, bytecode, build: { facts }, architecture } = input;
  if (!isDirectory(source)) return NO_RECIPE;
  return chosenRecipe(dependencies, { source, read, pythonPath, base: { facts, architecture }, compile: !bytecode, indexes });
}

/** The server with its application, and with what the version of it that is installed needs. */
function plannedServer(input: PythonServiceInput, declared: ServerPlan, recipe: Recipe): { server: ServerPlan; faults: Fault[] } {
  const missing = declared.distributions.filter(name => recipe.distributions && !recipe.distributions.includes(name)).map(name => ({
    code: 'SERVER_NOT_INSTALLED', problem: `the server needs ${name}, which is not among the required packages; add it to them`,
  }));
  const reload = input.development && !input.install ? declared.reloadArgs ?? [] : [];
  const server = { ...declared, args: [...versionArgs(declared, recipe), ...reload, ...declared.args] };
  const kind = applicationToDetect(server);
  if (kind === undefined || !input.isDirectory(input.source)) return { server, faults: missing };
  const application = onlyApplication(findApplications(input, importRoot(input)), kind, input.source);
  if (typeof application === 'string') return { server: { ...server, args: argsWith(server, application) }, faults: missing };
  return { server, faults: [...missing, application] };
}

/** Where Python finds the modules of the source: packages that are installed often have theirs in `src`. */
function importRoot(input: PythonServiceInput): string {
  return input.install ? installedRoot(input.source, input) : input.source;
}

function installedRoot(source: string, { isDirectory }: SourceView): string {
  const nested = sourcePath(source, 'src');
  return isDirectory(nested) ? nested : source;
}

/**
 * Since 25.1.0 gunicorn listens for commands on a socket under the home directory. Nobody sends any, and older ones do not
 * know the option.
 *
 * @see https://gunicorn.org/reference/settings/#control_socket_disable
 */
function versionArgs({ program }: ServerPlan, { versions }: Recipe): string[] {
  const [major, minor] = (program.name === 'gunicorn' ? versions.gunicorn ?? '' : '').split('.').map(Number);
  return major > 25 || major === 25 && minor >= 1 ? ['--no-control-socket'] : [];
}

/** What the project file and the version file ask for. */
function projectFaults({ source, read, isDirectory, install, build, runtime }: PythonServiceInput, recipe: Recipe): Fault[] {
  if (!isDirectory(source)) return [];
  const [versionPath, projectPath] = ['.python-version', 'pyproject.toml'].map(name => sourcePath(source, name));
  const version = read(versionPath);
  const project = readProject(read(projectPath));
  const requirements: PythonRequirement[] = [
    ...(version === undefined ? [] : [pythonVersionFile(versionPath, version) ?? []].flat()),
    ...(project.requiresPython === undefined ? [] : [{ file: projectPath, says: project.requiresPython, specifiers: project.requiresPython }]),
    ...[recipe.requiresPython ?? []].flat(),
  ];
  const base = runtime.facts.python === undefined ? build : runtime;
  const isPackage = project.isPackage || read(sourcePath(source, 'setup.py')) !== undefined;
  return [
    ...pythonFaults(requirements, { label: base.label, python: base.facts.python }),
    ...(!install || isPackage ? [] : [{
      code: 'PACKAGE_UNKNOWN', problem: `'${source}' cannot be installed: no [build-system] in '${projectPath}' says how; add one, or leave out 'install'`,
    }]),
  ];
}

/** A text that is no TOML is reported by the recipe that needs it. */
function readProject(text: string | undefined): Pyproject {
  const document = text === undefined ? {} : parseToml(text);
  return readPyproject(typeof document === 'string' ? {} : document);
}

/** The user that the service runs as, known to the runtime image or added to it. */
export function serviceUser({ user, runtime }: Pick<PythonServiceInput, 'user' | 'runtime'>): BaseImageUser {
  return user ?? runtime.facts.users?.[0] ?? NONROOT;
}

function knowsUser({ facts }: PlannedBase, { userId }: BaseImageUser): boolean {
  return facts.users?.some(user => user.userId === userId) ?? false;
}

/** Whether it is no image, but what Dockerfiles call nothing: all of its files are the build's. */
function isEmpty({ label }: PlannedBase): boolean {
  return label === 'scratch';
}

/** Whether there is a shell, or may be one. */
function canAddUser({ facts }: PlannedBase): boolean {
  return facts.shell === undefined || facts.shell.length > 0;
}

/** The user, in files of users: there is none where there is no image. */
function newUser(runtime: PlannedBase, user: BaseImageUser): Instruction[] {
  if (knowsUser(runtime, user)) return [];
  if (isEmpty(runtime)) return firstUser(user);
  return canAddUser(runtime) ? addUser(user) : [];
}

/** Who gets into the container finds no package manager for Python. `-B`: it leaves no bytecode with today's date. */
function removePip(pythonPath: string): Instruction {
  const command = [pythonPath, '-B', '-m', 'pip', 'uninstall', '--yes', '--root-user-action=ignore', 'pip'];
  return { kind: 'runExec', command, mounts: [], why: 'who gets in finds no package manager' };
}

function baseFaults({ build, runtime }: PythonServiceInput, user: BaseImageUser): Fault[] {
  return [
    ...(build.facts.pythonPath ? [] : [{
      code: 'PYTHON_UNKNOWN', problem: `where ${build.label} has its Python is unknown; say it with BaseImage.fromReference(…, { pythonPath: '/usr/bin/python3' })`,
    }]),
    ...(knowsUser(runtime, user) || canAddUser(runtime) || isEmpty(runtime) ? [] : [{
      code: 'USER_UNKNOWN', problem: `${runtime.label} knows no user but root and has no shell to add one; say which there is with 'users', or use another base`,
    }]),
  ];
}
