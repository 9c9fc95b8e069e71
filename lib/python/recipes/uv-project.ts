import { posix } from 'node:path';
import type { Instruction } from '../../build/instruction';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { uniqueBy } from '../../primitives/stable';
import { parseToml, readPyproject, type Pyproject, type Table } from '../pyproject';
import type { PythonRequirement } from '../python-release';
import { readUvLock, type UvLock, type UvSelection } from '../uv-lock';
import { sliceUvWorkspace, uvMembers, type UvMember } from '../uv-workspace';
import { mayFit } from '../wheel-tags';
import { passwordFaults } from './index-options';
import { mountedPath, sourcePath, type RecipeInput } from './recipe';

/** Name of the stage that holds the part of a workspace that the service needs. */
export const WORKSPACE_STAGE = 'workspace';

/** What uv is shown of a service's project, and of the workspace that it is in. */
export interface UvProject {
  /** Directory of the lock, from the root of the source tree. */
  readonly root: string;
  /** Files that say what to install. */
  readonly mounts: readonly MountData[];
  /** Which of a workspace's members it is. */
  readonly chosen: readonly string[];
  /** What a workspace's members are called together: what is not installed with their packages. */
  readonly ofItself: 'project' | 'workspace';
  /** Members of the workspace that are installed beside the service, by path from the root of the source tree. */
  readonly libraries: readonly UvMember[];
  /** Instructions of the stage {@link WORKSPACE_STAGE}. */
  readonly workspace: readonly Instruction[];
  readonly pyproject: Pyproject;
  /** For which Python the workspace is locked. */
  readonly requiresPython?: PythonRequirement;
  readonly locked?: UvLock;
  readonly faults: readonly Fault[];
}

/** Whether uv has locked what a service needs, in its directory or for the workspace that it is in. */
export function uvLockOf({ source, read }: Pick<RecipeInput, 'source' | 'read'>): string | undefined {
  const own = sourcePath(source, 'uv.lock');
  const above = workspaceRoots(source, read).map(root => sourcePath(root, 'uv.lock')).find(path => read(path) !== undefined);
  return read(own) === undefined ? above : own;
}

/** The project of a service, as uv finds it: in the workspace above it that it is a member of, or by itself. */
export function uvProject(input: RecipeInput, selection: UvSelection): UvProject {
  const { source, read } = input;
  const own = readToml(sourcePath(source, 'pyproject.toml'), read);
  const pyproject = readPyproject(own.document);
  const [root] = workspaceRoots(source, read);
  if (root === undefined || own.fault) return ownProject(input, selection, pyproject, own.fault);
  const lock = readToml(sourcePath(root, 'uv.lock'), read);
  const path = posix.relative(root, source) || '.';
  const isMember = uvMembers(lock.document).some(member => member.path === path);
  if (!isMember && root !== source && read(sourcePath(source, 'uv.lock')) !== undefined) return ownProject(input, selection, pyproject);
  if (lock.fault) return { ...NO_PROJECT, root, pyproject, faults: [lock.fault] };
  if (!isMember) return { ...NO_PROJECT, root, pyproject, faults: [memberFault(root, source, lock.document)] };
  return memberProject(input, selection, { root, path, lock: lock.document, pyproject });
}

/** Directories from the service's upwards that are the root of a workspace. */
function workspaceRoots(source: string, read: RecipeInput['read']): string[] {
  const parts = source === '.' ? [] : source.split('/');
  const directories = Array.from({ length: parts.length + 1 }, (_, index) => parts.slice(0, parts.length - index).join('/') || '.');
  return directories.filter(directory => {
    const text = read(sourcePath(directory, 'pyproject.toml'));
    const document = text?.includes('workspace') ? parseToml(text) : {};
    return typeof document !== 'string' && readPyproject(document).isWorkspace;
  });
}

const NO_PROJECT = { mounts: [], chosen: [], ofItself: 'workspace', libraries: [], workspace: [] } as const;

/** A project with a lock of its own. */
function ownProject({ source, read }: RecipeInput, selection: UvSelection, pyproject: Pyproject, fault?: Fault): UvProject {
  const lock = readToml(sourcePath(source, 'uv.lock'), read);
  const files = ['pyproject.toml', 'uv.lock', 'uv.toml'].map(name => sourcePath(source, name)).filter(path => read(path) !== undefined);
  const locked = readUvLock(lock.document, selection);
  const faults = [fault, lock.fault].flatMap(item => item ?? []);
  return {
    ...NO_PROJECT,
    root: source,
    mounts: files.map(path => fromSource(path)),
    ofItself: 'project',
    pyproject,
    locked: lock.fault ? undefined : locked,
    faults: faults.length > 0 ? faults : [...dynamicFaults(sourcePath(source, 'pyproject.toml'), pyproject), ...localFaults(source, locked.local)],
  };
}

/** Which member of which workspace a service is. */
interface Membership {
  /** Directory of the workspace, from the root of the source tree. */
  readonly root: string;
  /** Directory of the member, from there. */
  readonly path: string;
  readonly lock: Table;
  readonly pyproject: Pyproject;
}

/** A member of a workspace, with the part of it that it needs. */
function memberProject({ read, base }: RecipeInput, selection: UvSelection, { root, path, lock, pyproject }: Membership): UvProject {
  const at = (file: string) => sourcePath(root, file);
  const projects = new Map(uvMembers(lock).map(member => [member.path, readToml(at(sourcePath(member.path, 'pyproject.toml')), read)]));
  const projectAt = (directory: string) => projects.get(directory)!.document;
  const project = readToml(at('pyproject.toml'), read).document;
  const slice = sliceUvWorkspace({ project, lock, projectAt }, path, selection, name => mayFit(name, base));
  const requires = String(lock['requires-python']);
  const self = slice.members.find(member => member.path === path)!;
  const own = slice.members.filter(member => member.path !== '.').map(member => at(`${member.path}/pyproject.toml`));
  const settings = [at('uv.toml')].filter(file => read(file) !== undefined);
  const written = Object.entries(slice.files);
  const files = slice.members.map(member => ({ file: at(sourcePath(member.path, 'pyproject.toml')), ...projects.get(member.path)! }));
  const outside = slice.members.filter(member => posix.normalize(member.path).startsWith('..'));
  const faults = [
    ...files.flatMap(({ file, document, fault }) => fault ?? dynamicFaults(file, readPyproject(document))),
    ...outside.map(member => ({
      code: 'WORKSPACE_OUTSIDE', problem: `member ${member.name} of the uv workspace in '${root}' is in '${member.path}', outside of it; move it in`,
    })),
    ...localFaults(root, slice.locked.local),
    // the Dockerfile would have it
    ...passwordFaults([at('pyproject.toml')], read),
  ];
  // what is not there cannot be mounted: that it is not is said once
  if (faults.length > 0) return { ...NO_PROJECT, root, pyproject, faults: uniqueBy(faults, ({ problem }) => problem) };
  return {
    root,
    mounts: [
      ...written.map(([file]): MountData => ({
        type: 'bind', from: { kind: 'stage', name: WORKSPACE_STAGE }, source: posix.join('/', root, file), target: posix.join(mountedPath(root), file),
      })),
      ...[...own, ...settings].map(file => fromSource(file)),
    ],
    chosen: ['--package', self.name],
    ofItself: 'workspace',
    libraries: slice.members.filter(member => member.path !== path && member.isPackage).map(member => ({ ...member, path: at(member.path) })),
    workspace: written.map(([file, text], index): Instruction => ({
      kind: 'writeFile', path: posix.join('/', root, file), text, ...(index === 0 ? { why: `the part of the uv workspace in '${root}' that ${self.name} needs: no change of another repeats a step` } : {}),
    })),
    pyproject,
    requiresPython: { file: at('uv.lock'), says: requires, specifiers: requires },
    locked: slice.locked,
    faults: [],
  };
}

function memberFault(root: string, source: string, lock: Table): Fault {
  const members = uvMembers(lock).map(member => member.path);
  const what = root === source ? `'${source}' is a uv workspace without a project of its own` : `'${source}' is not among the members of the uv workspace in '${root}'`;
  const there = members.length > 0 ? `its uv.lock has ${members.join(', ')}` : 'its uv.lock has none';
  const way = root === source ? 'name one of them as \'source\'' : 'add it to [tool.uv.workspace] and run \'uv lock\'';
  return { code: 'WORKSPACE_MEMBER', problem: `${what}; ${there}: ${way}` };
}

function fromSource(path: string): MountData {
  return { type: 'bind', source: path, target: mountedPath(path) };
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

export function dynamicFaults(file: string, { computesDependencies }: Pyproject): Fault[] {
  return computesDependencies ? [{
    code: 'DEPENDENCIES_DYNAMIC', problem: `'${file}' has dependencies that only its build knows (dynamic), and the build does not see the source; list them in [project]`,
  }] : [];
}

function localFaults(directory: string, local: readonly string[]): Fault[] {
  return local.map(item => ({
    code: 'REQUIREMENT_LOCAL',
    problem: `'${sourcePath(directory, 'uv.lock')}' installs ${item} from the local disk, which the build does not see; use released packages only`,
  }));
}
