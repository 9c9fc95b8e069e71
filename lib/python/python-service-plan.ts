import type { DependencyChoice } from './dependencies';
import type { Layout } from './layout';
import type { ServerPlan } from './python-server';
import type { BaseImageFacts, BaseImageUser } from '../build/base-image-facts';
import type { StageNeed } from '../build/build-plan';
import type { Instruction } from '../build/instruction';
import type { Fault } from '../primitives/faults';
import { shellWord } from '../primitives/shell-quote';
import { pipRecipe } from './recipes/pip';
import type { Recipe, RecipeInput } from './recipes/recipe';

/** One of the two images that a service is built on. */
export interface PlannedBase {
  readonly stage: string;
  readonly label: string;
  readonly facts: BaseImageFacts;
}

/** All choices of a service's image, as data. */
export interface PythonServiceInput {
  readonly source: string;
  readonly read: RecipeInput['read'];
  readonly isDirectory: (path: string) => boolean;
  readonly build: PlannedBase;
  readonly runtime: PlannedBase;
  readonly server: ServerPlan;
  readonly dependencies: DependencyChoice;
  readonly layout: Layout;
}

/** Instructions of the two stages, and what has to hold between them. */
export interface PythonServicePlan {
  readonly build: readonly Instruction[];
  readonly runtime: readonly Instruction[];
  readonly needs: readonly StageNeed[];
  readonly interpreter: string;
  readonly faults: readonly Fault[];
}

/** Where the application is in the image. */
const APPLICATION = '/app';

/** The user that is added to images that know none but root: the number that Chainguard and distroless images use. */
const NONROOT: BaseImageUser = { name: 'nonroot', userId: 65532, groupId: 65532, home: '/home/nonroot' };

/** Lays out both stages so that what changes most comes last. */
export function planPythonService(input: PythonServiceInput): PythonServicePlan {
  const { build, runtime, server, source } = input;
  const pythonPath = build.facts.pythonPath ?? 'python3';
  const layout = input.layout._plan({ buildStage: build.stage, runtimeStage: runtime.stage, pythonPath });
  const recipe = chosenRecipe(input, { pythonPath, environmentPython: layout.environmentPython });
  const user = runtime.facts.users?.[0] ?? NONROOT;
  return {
    build: [...(build.facts.defaultUserId === 0 ? [] : [ROOT]), ...layout.prepare, ...recipe.instructions],
    runtime: [
      // directories that are made for another user than root belong to that user, who could then replace the code in them
      ...(runtime.facts.defaultUserId === 0 ? [] : [ROOT]),
      ...(knowsUser(runtime) || !canAddUser(runtime) ? [] : addUser(user)),
      ...(runtime.facts.pip ? [removePip(runtime.facts.pythonPath!)] : []),
      { kind: 'environment', variables: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' } },
      { kind: 'workingDirectory', path: APPLICATION },
      { kind: 'writablePath', writable: { path: '/tmp', mode: '1777' } },
      { kind: 'writablePath', writable: { path: user.home } },
      ...layout.install,
      { kind: 'user', userId: user.userId, groupId: user.groupId },
      { kind: 'expose', port: server.port },
      { kind: 'stopSignal', signal: server.stopSignal },
      { kind: 'healthCheck', check: server.healthCheck },
      { kind: 'entrypoint', command: [layout.runtimePython, '-m', server.module] },
      { kind: 'command', command: server.args },
      { kind: 'copy', sources: [source], target: APPLICATION, link: false },
    ],
    needs: layout.needs,
    interpreter: layout.runtimePython,
    faults: [...baseFaults(input), ...recipe.faults, ...serverFaults(server, recipe)],
  };
}

const ROOT: Instruction = { kind: 'user', userId: 0, groupId: 0 };

function chosenRecipe(input: PythonServiceInput, interpreters: Pick<RecipeInput, 'pythonPath' | 'environmentPython'>): Recipe {
  const file = input.dependencies.manager === 'pip' ? input.dependencies.file : 'requirements.txt';
  const path = input.source === '.' ? file : `${input.source}/${file}`;
  if (input.dependencies.manager === 'detect' && input.isDirectory(input.source) && input.read(path) === undefined) {
    const problem = `nothing in '${input.source}' says which packages to install; create 'requirements.txt', or choose with 'dependencies'`;
    return { instructions: [], faults: [{ code: 'DEPENDENCIES_UNKNOWN', problem }] };
  }
  if (!input.isDirectory(input.source)) return { instructions: [], faults: [] };
  return pipRecipe({ read: input.read, file: path, ...interpreters });
}

function knowsUser({ facts }: PlannedBase): boolean {
  return facts.users !== undefined && facts.users.length > 0;
}

/** Whether there is a shell, or may be one. */
function canAddUser({ facts }: PlannedBase): boolean {
  return facts.shell === undefined || facts.shell.length > 0;
}

/** One line each in passwd and group. No useradd: it writes today's date, which no rebuild repeats. */
function addUser(user: BaseImageUser): Instruction[] {
  const passwd = `${user.name}:x:${user.userId}:${user.groupId}:${user.name}:${user.home}:/sbin/nologin`;
  const group = `${user.name}:x:${user.groupId}:`;
  return [{ kind: 'runShell', commands: [`echo ${shellWord(passwd)} >> /etc/passwd`, `echo ${shellWord(group)} >> /etc/group`], mounts: [] }];
}

/** Who gets into the container finds no package manager for Python. `-B`: it leaves no bytecode with today's date. */
function removePip(pythonPath: string): Instruction {
  const command = [pythonPath, '-B', '-m', 'pip', 'uninstall', '--yes', '--root-user-action=ignore', 'pip'];
  return { kind: 'runExec', command, mounts: [] };
}

function baseFaults({ build, runtime }: PythonServiceInput): Fault[] {
  return [
    ...(build.facts.pythonPath ? [] : [{
      code: 'PYTHON_UNKNOWN', problem: `where ${build.label} has its Python is unknown; say it with BaseImage.fromReference(…, { pythonPath: '/usr/bin/python3' })`,
    }]),
    ...(knowsUser(runtime) || canAddUser(runtime) ? [] : [{
      code: 'USER_UNKNOWN', problem: `${runtime.label} knows no user but root and has no shell to add one; say which there is with 'users', or use another base`,
    }]),
  ];
}

function serverFaults(server: ServerPlan, recipe: Recipe): Fault[] {
  if (!recipe.distributions || recipe.distributions.includes(server.distribution)) return [];
  return [{ code: 'SERVER_NOT_INSTALLED', problem: `the server needs ${server.distribution}, which is not among the required packages; add it to them` }];
}
