import { posix } from 'node:path';
import { BaseImage } from '../../build/base-image';
import { Libc } from '../../build/base-image-facts';
import type { Instruction } from '../../build/instruction';
import { CHOSEN_IMAGES } from '../../build/lifecycle';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { shellWords } from '../../primitives/shell-quote';
import type { Pyproject } from '../pyproject';
import { normalizedName } from '../requirements-file';
import type { UvSelection } from '../uv-lock';
import { passwordFaults, withPasswords } from './index-options';
import { pipInstallation, pipSourceInstallation, WRITTEN_REQUIREMENTS } from './pip-command';
import { mountedPath, REQUIREMENTS_FILE, sourcePath, type Installation, type InstallTarget, type Recipe, type RecipeInput } from './recipe';
import { uvProject, type UvProject } from './uv-project';

/**
 * The image that uv comes from when nothing else is said. It has no operating system.
 *
 * @see https://docs.astral.sh/uv/guides/integration/docker/#available-images
 */
export const UV_IMAGE = BaseImage.fromReference(CHOSEN_IMAGES.uv.reference, {
  libc: Libc.NONE, shell: [], compilers: false, defaultUserId: 0, defaultGroupId: 0, entrypoint: ['/uv'],
});
/** Name of the stage that uv comes from. */
export const UV_STAGE = 'uv';

/** Where it is in its image, and where a command sees it. */
const UV = '/uv';
/** uv's cache for root. @see https://docs.astral.sh/uv/reference/storage/#cache-directory */
const UV_CACHE = '/root/.cache/uv';

/** What every command of uv needs to see. */
export const UV_MOUNTS: readonly MountData[] = [
  { type: 'bind', from: { kind: 'stage', name: UV_STAGE }, source: UV, target: UV },
  { type: 'cache', target: UV_CACHE },
];

/**
 * Installs what a `uv.lock` locks. Program, project files and lock are mounted for the one command: no layer holds them, and
 * no other change of the source repeats it.
 *
 * @see https://docs.astral.sh/uv/guides/integration/docker/
 */
export function uvRecipe(input: RecipeInput, selection: UvSelection): Recipe {
  const wanted = { groups: selection.groups.map(normalizedName), extras: selection.extras.map(normalizedName) };
  const project = uvProject(input, wanted);
  const { pyproject, locked, libraries } = project;
  const groups = selection.groups.flatMap(group => ['--group', group]);
  const chosen = ['--locked', ...project.chosen, '--no-default-groups', ...groups, ...selection.extras.flatMap(extra => ['--extra', extra])];
  const own: UvDirectory = { path: input.source, name: pyproject.name, why: 'the application alone: a change of it installs nothing else again' };
  return {
    install: target => target.kind === 'environment'
      ? syncedEnvironment(input, target.directory, chosen, project)
      : pipInstallation(input, target, WRITTEN_REQUIREMENTS, exportedRequirements(input, chosen, project)),
    installSource: target => uvSourceInstallation(input, project, own, target),
    libraries: {
      sources: libraries.map(({ path }) => path),
      install: target => together(libraries.map(library => uvSourceInstallation(input, project, { ...library, why: 'a library of the same workspace, alone' }, target))),
    },
    workspace: project.workspace,
    requiresPython: project.requiresPython,
    distributions: locked?.names,
    versions: locked?.versions ?? {},
    locked: locked?.locked,
    faults: [...project.faults, ...(locked ? groupFaults(input.source, pyproject, wanted) : []), ...passwordFaults(sourcesOf(project), input.read)],
  };
}

/** A directory of the source tree that is installed. */
interface UvDirectory {
  readonly path: string;
  /** Normalized name of the package in it, when it is known. */
  readonly name?: string;
  readonly why: string;
}

/** uv leaves a lock file behind that anybody may write. */
function syncedEnvironment({ pythonPath, indexes }: RecipeInput, environment: string, chosen: readonly string[], project: UvProject): Installation {
  const { root, mounts, ofItself } = project;
  const command = [UV, 'sync', '--project', mountedPath(root), ...chosen, '--no-editable', `--no-install-${ofItself}`];
  const variables = { UV_LINK_MODE: 'copy', UV_PROJECT_ENVIRONMENT: environment, UV_PYTHON: pythonPath, UV_PYTHON_DOWNLOADS: 'never' };
  return {
    requirements: [],
    instructions: [
      { kind: 'environment', variables, why: 'the Python that is there, no other; files are copied, for the cache stays behind' },
      withPasswords({
        kind: 'runShell',
        commands: [shellWords(command), shellWords(['rm', '-f', `${environment}/.lock`])],
        mounts: [...UV_MOUNTS, ...mounts],
        why: 'only the files that say what to install are seen: nothing else repeats it',
      }, indexes),
    ],
    usesPip: false,
  };
}

/**
 * What is locked, as pip reads it.
 *
 * @see https://docs.astral.sh/uv/concepts/projects/export/
 */
function exportedRequirements({ pythonPath, indexes }: RecipeInput, chosen: readonly string[], { root, mounts, ofItself }: UvProject): Instruction[] {
  const command = [UV, 'export', '--project', mountedPath(root), ...chosen, `--no-emit-${ofItself}`, '--no-header', '--quiet', '--output-file', REQUIREMENTS_FILE];
  const variables = { UV_PYTHON: pythonPath, UV_PYTHON_DOWNLOADS: 'never' };
  return [
    { kind: 'environment', variables },
    withPasswords({ kind: 'runShell', commands: [shellWords(command)], mounts: [...UV_MOUNTS, ...mounts], why: 'with its hashes, for pip' }, indexes),
  ];
}

/**
 * Installs a directory of the source tree, and none of its packages. uv would take what it built from it before, unless it is told otherwise.
 *
 * @see https://docs.astral.sh/uv/concepts/cache/#dynamic-metadata
 */
function uvSourceInstallation(input: RecipeInput, project: UvProject, { path, name, why }: UvDirectory, target: InstallTarget): Installation {
  if (target.kind !== 'prefix') return pipSourceInstallation({ ...input, source: path }, target);
  const directory = mountedPath(path);
  const command = [
    UV, 'pip', 'install', '--project', directory, '--python', target.python ?? input.pythonPath, '--prefix', target.directory, '--no-deps',
    ...(name === undefined ? ['--refresh'] : ['--refresh-package', name]), directory,
  ];
  // the rest of a workspace is only looked at; builders such as setuptools write into the source
  const others = project.ofItself === 'project' || path === project.root ? [] : project.mounts.filter(mount => posix.dirname(mount.target!) !== directory);
  const mounts: MountData[] = [...UV_MOUNTS, ...others, { type: 'bind', source: path, target: directory, writable: true }];
  return {
    requirements: [],
    instructions: [withPasswords({ kind: 'runShell', commands: [shellWords(command), shellWords(['rm', '-f', `${target.directory}/.lock`])], mounts, why }, input.indexes)],
    usesPip: false,
  };
}

function together(installations: readonly Installation[]): Installation {
  return {
    requirements: installations.flatMap(({ requirements }) => requirements),
    instructions: installations.flatMap(({ instructions }) => instructions),
    usesPip: installations.some(({ usesPip }) => usesPip),
  };
}

function groupFaults(source: string, project: Pyproject, { groups, extras }: UvSelection): Fault[] {
  const file = `'${sourcePath(source, 'pyproject.toml')}'`;
  const missing = (what: string, wanted: readonly string[], there: readonly string[]) => wanted.filter(name => !there.includes(name)).map(name => ({
    code: 'GROUP_UNKNOWN', problem: `${file} has no ${what} '${name}'; ${there.length > 0 ? `it has ${there.join(', ')}` : 'it has none'}`,
  }));
  return [...missing('dependency group', groups, project.groups), ...missing('extra', extras, project.extras)];
}

/** Files of the source tree that uv is shown. */
function sourcesOf({ mounts }: UvProject): string[] {
  return mounts.flatMap(mount => mount.type === 'bind' && !mount.from && mount.source !== undefined ? [mount.source] : []);
}
