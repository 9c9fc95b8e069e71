import { BaseImage } from '../../build/base-image';
import { Libc } from '../../build/base-image-facts';
import type { Instruction } from '../../build/instruction';
import { CHOSEN_IMAGES } from '../../build/lifecycle';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { shellWords } from '../../primitives/shell-quote';
import { parseToml, readPyproject, type Pyproject, type Table } from '../pyproject';
import { normalizedName } from '../requirements-file';
import { readUvLock, type UvSelection } from '../uv-lock';
import { pipInstallation, pipSourceInstallation, WRITTEN_REQUIREMENTS } from './pip-command';
import { mountedPath, REQUIREMENTS_FILE, sourcePath, type Installation, type InstallTarget, type Recipe, type RecipeInput } from './recipe';

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
 * Installs what a `uv.lock` locks. Program, project file and lock are mounted for the one command: no layer holds them, and
 * no other change of the source repeats it.
 *
 * @see https://docs.astral.sh/uv/guides/integration/docker/
 */
export function uvRecipe(input: RecipeInput, selection: UvSelection): Recipe {
  const { source, read } = input;
  const [project, lock] = ['pyproject.toml', 'uv.lock'].map(name => readToml(sourcePath(source, name), read));
  const faults = [project, lock].flatMap(file => file.fault ?? []);
  const pyproject = readPyproject(project.document);
  const wanted = { groups: selection.groups.map(normalizedName), extras: selection.extras.map(normalizedName) };
  const locked = readUvLock(lock.document, wanted);
  const files = ['pyproject.toml', 'uv.lock', 'uv.toml'].map(name => sourcePath(source, name)).filter(path => read(path) !== undefined);
  const mounts = [...UV_MOUNTS, ...files.map((path): MountData => ({ type: 'bind', source: path, target: mountedPath(path) }))];
  const groups = selection.groups.flatMap(group => ['--group', group]);
  const chosen = ['--locked', '--no-default-groups', ...groups, ...selection.extras.flatMap(extra => ['--extra', extra])];
  return {
    install: target => target.kind === 'environment'
      ? syncedEnvironment(input, target.directory, chosen, mounts)
      : pipInstallation(input, target, WRITTEN_REQUIREMENTS, exportedRequirements(input, chosen, mounts)),
    installSource: target => uvSourceInstallation(input, pyproject, target),
    distributions: lock.fault ? undefined : locked.names,
    versions: locked.versions,
    locked: locked.locked,
    faults: faults.length > 0 ? faults : [...projectFaults(source, pyproject, wanted), ...localFaults(source, locked.local)],
  };
}

/** uv leaves a lock file behind that anybody may write. */
function syncedEnvironment(
  { source, pythonPath }: RecipeInput, environment: string, chosen: readonly string[], mounts: readonly MountData[],
): Installation {
  const command = [UV, 'sync', '--project', mountedPath(source), ...chosen, '--no-editable', '--no-install-project'];
  const variables = { UV_LINK_MODE: 'copy', UV_PROJECT_ENVIRONMENT: environment, UV_PYTHON: pythonPath, UV_PYTHON_DOWNLOADS: 'never' };
  return {
    requirements: [],
    instructions: [
      { kind: 'environment', variables, why: 'the Python that is there, no other; files are copied, for the cache stays behind' },
      {
        kind: 'runShell',
        commands: [shellWords(command), shellWords(['rm', '-f', `${environment}/.lock`])],
        mounts,
        why: 'only the files that say what to install are seen: nothing else repeats it',
      },
    ],
    usesPip: false,
  };
}

/**
 * What is locked, as pip reads it.
 *
 * @see https://docs.astral.sh/uv/concepts/projects/export/
 */
function exportedRequirements({ source, pythonPath }: RecipeInput, chosen: readonly string[], mounts: readonly MountData[]): Instruction[] {
  const command = [UV, 'export', '--project', mountedPath(source), ...chosen, '--no-emit-project', '--no-header', '--quiet', '--output-file', REQUIREMENTS_FILE];
  const variables = { UV_PYTHON: pythonPath, UV_PYTHON_DOWNLOADS: 'never' };
  return [{ kind: 'environment', variables }, { kind: 'runShell', commands: [shellWords(command)], mounts, why: 'with its hashes, for pip' }];
}

/**
 * uv would take what it built from the same directory before, unless it is told otherwise.
 *
 * @see https://docs.astral.sh/uv/concepts/cache/#dynamic-metadata
 */
function uvSourceInstallation(input: RecipeInput, { name }: Pyproject, target: InstallTarget): Installation {
  if (target.kind !== 'prefix') return pipSourceInstallation(input, target);
  const { source, pythonPath } = input;
  const directory = mountedPath(source);
  const command = [
    UV, 'pip', 'install', '--project', directory, '--python', target.python ?? pythonPath, '--prefix', target.directory, '--no-deps',
    ...(name === undefined ? ['--refresh'] : ['--refresh-package', name]), directory,
  ];
  // builders such as setuptools write into the source
  const mounts: MountData[] = [...UV_MOUNTS, { type: 'bind', source, target: directory, writable: true }];
  return {
    requirements: [],
    instructions: [{
      kind: 'runShell',
      commands: [shellWords(command), shellWords(['rm', '-f', `${target.directory}/.lock`])],
      mounts,
      why: 'the application alone: a change of it installs nothing else again',
    }],
    usesPip: false,
  };
}

function readToml(path: string, read: RecipeInput['read']): { document: Table; fault?: Fault } {
  const text = read(path);
  if (text === undefined) {
    const command = path.endsWith('.lock') ? 'uv lock' : 'uv init --bare';
    return { document: {}, fault: { code: 'UV_FILE_MISSING', problem: `there is no file '${path}'; make it with '${command}', or choose other 'dependencies'` } };
  }
  const document = parseToml(text);
  return typeof document === 'string' ? { document: {}, fault: { code: 'TOML_TEXT', problem: `'${path}' is not TOML, ${document}; correct it` } } : { document };
}

function projectFaults(source: string, project: Pyproject, { groups, extras }: UvSelection): Fault[] {
  const file = `'${sourcePath(source, 'pyproject.toml')}'`;
  const missing = (what: string, wanted: readonly string[], there: readonly string[]) => wanted.filter(name => !there.includes(name)).map(name => ({
    code: 'GROUP_UNKNOWN', problem: `${file} has no ${what} '${name}'; ${there.length > 0 ? `it has ${there.join(', ')}` : 'it has none'}`,
  }));
  return [
    ...missing('dependency group', groups, project.groups),
    ...missing('extra', extras, project.extras),
    ...(project.isWorkspace ? [{
      code: 'UV_WORKSPACE', problem: `${file} is the root of a uv workspace, which cannot be built yet; give the service a project and a lock of its own`,
    }] : []),
    ...(project.computesDependencies ? [{
      code: 'DEPENDENCIES_DYNAMIC', problem: `${file} has dependencies that only its build knows (dynamic), and the build does not see the source; list them in [project]`,
    }] : []),
  ];
}

function localFaults(source: string, local: readonly string[]): Fault[] {
  return local.map(item => ({
    code: 'REQUIREMENT_LOCAL',
    problem: `'${sourcePath(source, 'uv.lock')}' installs ${item} from the local disk, which the build does not see; use released packages only`,
  }));
}
