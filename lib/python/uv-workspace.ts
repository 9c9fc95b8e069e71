import { uvLockedPackage } from './locked-package';
import { list, table, type Table } from './pyproject';
import { normalizedName } from './requirements-file';
import { tomlText } from './toml-text';
import { localPath, lockedNames, lockedPart, type UvLock, type UvSelection } from './uv-lock';
import { byCodeUnit, compact, sortedBy, sortedUnique, stableJson } from '../primitives/stable';

/** A uv workspace: what lies in its root. Paths are from there. */
export interface UvWorkspace {
  /** The root's `pyproject.toml`. */
  readonly project: Table;
  readonly lock: Table;
  /** The `pyproject.toml` of a member. */
  readonly projectAt: (path: string) => Table;
}

/** A member of a workspace. */
export interface UvMember {
  /** Normalized name. */
  readonly name: string;
  readonly path: string;
  /** Whether uv installs it: others have only dependencies. */
  readonly isPackage: boolean;
}

/** The part of a workspace that one of its members needs. */
export interface UvSlice {
  /** Members that are needed, the one that needs them among them, by path. */
  readonly members: readonly UvMember[];
  /** Files of the slice, by path: the root's project, its lock, and projects that stand in for members that are named without being needed. */
  readonly files: Readonly<Record<string, string>>;
  /** Packages that may be installed. */
  readonly locked: UvLock;
}

/** All members, by path. A workspace of one has no list of them. */
export function uvMembers(lock: Table): UvMember[] {
  const { members } = table(lock.manifest);
  const names = Array.isArray(members) ? members.map(String) : undefined;
  const isMember = (item: Table) => names ? names.includes(String(item.name)) : localPath(item) === '.';
  return sortedBy(packagesOf(lock).filter(item => localPath(item) !== undefined && isMember(item)).map(memberOf), member => member.path);
}

/**
 * Cuts a workspace down to what a member needs. uv accepts the lock of it as it accepts the whole: it compares what the projects ask for with what
 * the lock says that they do, and that is left as it is. How uv came to the lock is left out: that changes with every part.
 *
 * @param path of the member, which is one of {@link uvMembers}
 * @param mayFit whether a wheel of this file name may be installed
 */
export function sliceUvWorkspace(workspace: UvWorkspace, path: string, selection: UvSelection, mayFit: (wheel: string) => boolean): UvSlice {
  const { project, lock, projectAt } = workspace;
  const packages = packagesOf(lock);
  const all = uvMembers(lock);
  const start = packages.find(item => localPath(item) === path)!;
  const wanted = lockedPart(lock, start, selection);
  const isMember = (item: Table) => all.some(member => member.name === item.name && member.path === localPath(item));
  const members = [...wanted.keys()].filter(isMember);
  const standIns = namedBy(members, packages).filter(item => !wanted.has(item));
  const demanded = pathsNamedBy(members);
  const asSliced = (item: Table) => {
    const place = localPath(item)!;
    return isPackage(projectAt(place), demanded.has(place)) ? item : { ...item, source: { virtual: place } };
  };
  const root = members.find(isRoot) ? project : rootStandIn(standIns.find(isRoot), lock);
  const added = [...members, ...standIns].some(isRoot) ? [] : [root.project as Table].map(({ name, version }) => ({ name, version, source: { virtual: '.' } }));
  const names = sortedUnique([...[...members, ...standIns].filter(isMember), ...added].map(item => String(item.name)));
  const installed = members.map(item => String(item.name));
  const kept = new Set([...wanted.keys()].map(item => String(item.name)));
  const ambiguous = (name: unknown) => [...wanted.keys()].filter(item => item.name === name).length > 1;
  const sliced = packages.flatMap(item => {
    if (standIns.includes(item)) return [withoutDependencies(item)];
    const extras = wanted.get(item);
    const cut = isMember(item) ? asSliced(item) : withFitting(item, mayFit);
    return extras ? [slicePackage(cut, extras, item === start ? selection.groups : [], ambiguous)] : [];
  });
  const declared = new Set([
    ...conflictsOf(table(table(project.tool).uv).conflicts, installed, nameOf(project.project)).map(set => conflictKey(set, nameOf(project.project))),
    ...members.filter(item => !isRoot(item))
      .flatMap(item => list(table(table(projectAt(localPath(item)!).tool).uv).conflicts).map(set => conflictKey(set, String(item.name)))),
  ]);
  const paths = [...members, ...standIns].filter(item => isMember(item) && !isRoot(item)).map(item => localPath(item)!).sort(byCodeUnit);
  return {
    members: sortedBy(members.map(item => memberOf(asSliced(item))), member => member.path),
    files: {
      'pyproject.toml': tomlText(sliceProject(root, table(table(project.tool).uv), { paths, kept, mentioned: mentionedBy(members), installed, requiresPython: lock['requires-python'] })),
      'uv.lock': tomlText(sliceLock(lock, sortedBy([...added, ...sliced], item => String(item.name)), { names, declared, kept })),
      ...Object.fromEntries(standIns.filter(item => !isRoot(item) && !isFile(item)).map(item => [`${localPath(item)}/pyproject.toml`, tomlText(standIn(item))])),
    },
    locked: {
      ...lockedNames([...wanted.keys()].filter(item => item !== start)),
      local: [...wanted.keys()].filter(item => localPath(item) !== undefined && !isMember(item)).map(item => `${item.name} (${localPath(item)})`),
    },
  };
}

/** Whether it is an archive or a wheel on the local disk, whose lock uv takes as it is. */
function isFile(item: Table): boolean {
  return 'path' in table(item.source);
}

/** What a lock says of something that is named without being needed. */
function withoutDependencies(item: Table): Table {
  const { dependencies, 'optional-dependencies': _, metadata, ...file } = item;
  return isFile(item) ? file : { name: item.name, version: item.version ?? NO_VERSION, source: item.source };
}

/** What a version is that nobody looks at. */
const NO_VERSION = '0';

function isRoot(item: Table): boolean {
  return localPath(item) === '.';
}

/** Packages on the local disk that the projects of members name: in their dependencies, and in groups and extras that nobody asked for. */
function namedBy(members: readonly Table[], packages: readonly Table[]): Table[] {
  const paths = pathsNamedBy(members);
  return packages.filter(item => localPath(item) !== undefined && paths.has(localPath(item)));
}

function pathsNamedBy(members: readonly Table[]): ReadonlySet<string | undefined> {
  return new Set(members.flatMap(requirementsOf).map(requirementPath));
}

function mentionedBy(members: readonly Table[]): ReadonlySet<string> {
  return new Set(members.flatMap(requirementsOf).map(({ name }) => String(name)));
}

/** All that a member's project asks for, whether it is wanted or not. */
function requirementsOf(member: Table): Table[] {
  const metadata = table(member.metadata);
  return [metadata['requires-dist'], ...Object.values(table(metadata['requires-dev']))].flatMap(list).map(table);
}

/**
 * Whether uv installs a member: when it says what builds it, and when another member demands it, unless it says otherwise.
 *
 * @see https://docs.astral.sh/uv/concepts/projects/config/#build-systems
 */
function isPackage(document: Table, isDemanded: boolean): boolean {
  const said = table(table(document.tool).uv).package;
  return typeof said === 'boolean' ? said : 'build-system' in document || isDemanded;
}

function requirementPath({ editable, virtual, directory, path }: Table): string | undefined {
  const place = editable ?? virtual ?? directory ?? path;
  return typeof place === 'string' ? place : undefined;
}

function packagesOf(lock: Table): Table[] {
  return list(lock.package).map(table);
}

function memberOf(item: Table): UvMember {
  return { name: String(item.name), path: localPath(item)!, isPackage: !('virtual' in table(item.source)) };
}

/** A package with the dependencies that are wanted. What it says of those that share their name is left out where they no longer do. */
function slicePackage(item: Table, extras: ReadonlySet<string>, groups: readonly string[], ambiguous: (name: unknown) => boolean): Table {
  const edges = (dependencies: unknown) => Array.isArray(dependencies) ? dependencies.map(table).map(edge => {
    const { version, source, ...plain } = edge;
    return ambiguous(edge.name) ? edge : plain;
  }) : undefined;
  const chosen = (field: unknown, wanted: (name: string) => boolean) => {
    const entries = Object.entries(table(field)).filter(([name]) => wanted(name));
    return entries.length > 0 ? Object.fromEntries(entries.map(([name, dependencies]) => [name, edges(dependencies)])) : undefined;
  };
  return compact({
    ...item,
    'resolution-markers': ambiguous(item.name) ? item['resolution-markers'] : undefined,
    'dependencies': edges(item.dependencies),
    'optional-dependencies': chosen(item['optional-dependencies'], name => extras.has(name)),
    'dev-dependencies': chosen(item['dev-dependencies'], name => groups.includes(name)),
  });
}

/** Without the wheels that fit nowhere; with all, where nothing else is there: uv then says that none fits. And without what installs nothing. */
function withFitting(item: Table, mayFit: (wheel: string) => boolean): Table {
  const wheels = list(item.wheels).map(table);
  const fitting = wheels.filter(file => uvLockedPackage({ ...item, wheels: [file] }).wheels.some(mayFit));
  const named = ({ 'upload-time': _, size: __, ...file }: Table) => file;
  return compact({
    ...item,
    sdist: item.sdist === undefined ? undefined : named(table(item.sdist)),
    wheels: item.wheels === undefined ? undefined : (fitting.length === 0 && item.sdist === undefined ? wheels : fitting).map(named),
  });
}

/** What a slice's lock is about. */
interface SlicedManifest {
  /** All members of the slice. */
  readonly names: readonly string[];
  /** Conflicts that its projects declare, by {@link conflictKey}. */
  readonly declared: ReadonlySet<string>;
  /** Names of the packages that are needed. */
  readonly kept: ReadonlySet<string>;
}

function sliceLock(lock: Table, packages: readonly Table[], { names, declared, kept }: SlicedManifest): Table {
  const { manifest, 'resolution-markers': _, conflicts, package: __, ...rest } = lock;
  const { members: ___, 'dependency-groups': ____, ...settings } = table(manifest);
  const named = Object.entries(settings).map(([key, value]) => [key, list(value).filter(item => kept.has(nameOf(item)))]);
  return {
    ...rest,
    ...withoutEmpty({ conflicts: list(conflicts).filter(set => declared.has(conflictKey(set))) }),
    manifest: { members: [...names], ...withoutEmpty(Object.fromEntries(named)) },
    package: packages,
  };
}

/** What a slice's root is made from. */
interface SlicedRoot {
  readonly paths: readonly string[];
  readonly kept: ReadonlySet<string>;
  /** Names of all packages that the members' projects say something of. */
  readonly mentioned: ReadonlySet<string>;
  /** Names of the members that are needed. */
  readonly installed: readonly string[];
  /** For which Python the whole is locked: the members of a part may ask for less. */
  readonly requiresPython: unknown;
}

/** Settings of uv that say nothing about what is installed, or are said anew. */
const UNUSED = ['build-backend', 'cache-keys', 'default-groups', 'dependency-groups', 'dev-dependencies', 'managed', 'package', 'workspace'];
/** Settings that are lists about packages, which somebody may need. */
const ABOUT_PACKAGES = ['constraint-dependencies', 'dependency-metadata', 'exclude-dependencies', 'override-dependencies'];

/** The root's project with the settings of the whole, as far as they are about packages that are needed. */
function sliceProject(root: Table, whole: Table, { paths, kept, mentioned, installed, requiresPython }: SlicedRoot): Table {
  const own = table(table(root.tool).uv);
  const settings = Object.entries(whole).filter(([key]) => !UNUSED.includes(key)).map(([key, value]) => {
    if (ABOUT_PACKAGES.includes(key)) return [key, list(value).filter(item => kept.has(nameOf(item)))];
    if (key === 'conflicts') return [key, conflictsOf(value, installed, nameOf(root.project))];
    if (key === 'sources' && own !== whole) return [key, Object.fromEntries(Object.entries(table(value)).filter(([name]) => mentioned.has(normalizedName(name))))];
    return [key, value];
  });
  const ofProject = Object.entries(own).filter(([key]) => ['dependency-groups', 'dev-dependencies', 'package'].includes(key));
  return compact({
    'project': { ...table(root.project), 'requires-python': requiresPython },
    'build-system': root['build-system'],
    'dependency-groups': root['dependency-groups'],
    'tool': { uv: { ...Object.fromEntries(ofProject), ...withoutEmpty(Object.fromEntries(settings)), workspace: { members: [...paths] } } },
  });
}

/** A root that needs nothing: a workspace always has one that asks for a Python. */
function rootStandIn(member: Table | undefined, lock: Table): Table {
  if (member) return standIn(member);
  const names = packagesOf(lock).map(item => item.name);
  let name = 'workspace-part';
  while (names.includes(name)) name += '-0';
  return { project: { name, version: NO_VERSION }, tool: { uv: { package: false } } };
}

/** A project without dependencies in the place of a member. */
function standIn(item: Table): Table {
  return { project: { name: item.name, version: item.version ?? NO_VERSION }, tool: { uv: { package: memberOf(item).isPackage } } };
}

/** Sets of what cannot be installed together, when all are of these members. `own` declares those that name none. */
function conflictsOf(conflicts: unknown, members: readonly string[], own?: string): unknown[] {
  return list(conflicts).filter(set => list(set).map(table).every(item => members.includes(normalizedName(String(item.package ?? own)))));
}

/** The same for the same set, however it is written. */
function conflictKey(set: unknown, own?: string): string {
  const items = list(set).map(item => Object.entries({ package: own, ...table(item) }).map(([key, value]) => [key, normalizedName(String(value))]));
  return stableJson(items.map(item => stableJson(Object.fromEntries(item))).sort(byCodeUnit));
}

function nameOf(item: unknown): string {
  return normalizedName(typeof item === 'string' ? /^[A-Za-z0-9._-]*/.exec(item)![0] : String(table(item).name));
}

function withoutEmpty(record: Table): Table {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => !(Array.isArray(value) && value.length === 0)));
}
