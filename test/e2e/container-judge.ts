/**
 * Looks at a running container from outside and says what is soft about it. It knows nothing of how the container was declared:
 * it reads what the engine says, lists the files of the image, and tries to write.
 */
import { spawnSync } from 'node:child_process';
import { docker } from './engine';

/** What was promised of a container. */
export interface Promised {
  readonly userId: number;
  /** Directories in memory that it may write to. */
  readonly writable: readonly string[];
  /** Volumes that it may write to, by their directories. @default - none */
  readonly volumes?: readonly string[];
  /** Secrets that it has, by their files. @default - none */
  readonly secrets?: readonly string[];
  /** Directories whose files it must not be able to change. */
  readonly code: readonly string[];
  /** Kinds of programs that it must not have. */
  readonly without: readonly (keyof typeof PROGRAMS)[];
  /** An interpreter with which to try; without one the engine's word is taken. */
  readonly python?: string;
  /** Ports of the host that lead to it. */
  readonly published: readonly string[];
}

/** Names of programs, by what they are. */
const PROGRAMS = {
  'shell': /^(ba|da|a|z|k)?sh$|^busybox$/,
  'compiler': /^(cc|c\+\+|gcc|g\+\+|clang|ld|as|make)(-[\d.]+)?$|-(gcc|g\+\+)(-\d+)?$/,
  'pip': /^pip[\d.]*$/,
  'package manager': /^(apt|apt-get|dpkg|apk|microdnf|dnf|yum|uv|poetry|pdm|pipenv)$/,
};

/** Directories that the engine itself gives every container in memory. */
const OF_THE_ENGINE = ['/dev/shm', '/dev/mqueue'];

/** A file of an image. */
interface ImageFile {
  readonly mode: string;
  readonly owner: string;
  readonly path: string;
}

/** Everything that is soft about a container, sorted; an empty list when it is as promised. */
export function softness(container: string, promised: Promised): string[] {
  const { volumes = [], secrets = [] } = promised;
  const { Config, HostConfig, Mounts, NetworkSettings } = JSON.parse(docker('inspect', container))[0];
  const files = filesOf(container);
  const users = docker('top', container, '-eo', 'uid,pid').split('\n').slice(1).map(line => Number(line.trim().split(/\s+/)[0]));
  const published = Object.values(NetworkSettings.Ports ?? {}).flatMap((bindings: any) => (bindings ?? []).map((binding: any) => binding.HostPort));
  const found = [
    ...(users.every(user => user === promised.userId) && users.length > 0 ? [] : [`runs as user ${[...new Set(users)].join(', ')}, not ${promised.userId}`]),
    ...(/^\d+(:\d+)?$/.test(Config.User) ? [] : [`user '${Config.User}' is not a number`]),
    ...(HostConfig.ReadonlyRootfs ? [] : ['the root file system is not read-only']),
    ...((HostConfig.CapDrop ?? []).includes('ALL') && !HostConfig.CapAdd?.length ? [] : ['capabilities are not all dropped']),
    ...((HostConfig.SecurityOpt ?? []).some((option: string) => option.startsWith('no-new-privileges')) ? [] : ['it may gain privileges']),
    ...(HostConfig.Privileged ? ['it is privileged'] : []),
    ...differences('tmpfs', Object.keys(HostConfig.Tmpfs ?? {}), promised.writable),
    ...differences('mount', Mounts.map(mountName), [...volumes.map(path => `volume ${path}`), ...secrets.map(path => `bind ${path} read-only`)]),
    ...differences('published port', [...new Set(published)] as string[], promised.published),
    ...promised.without.flatMap(kind => programs(files, kind)),
    ...promised.code.flatMap(directory => writableCode(files, directory)),
    ...(promised.python ? triedFrom(container, promised.python, [...promised.writable, ...volumes]) : []),
  ];
  return found.sort();
}

function mountName({ Type, Destination, RW }: { Type: string; Destination: string; RW: boolean }): string {
  return `${Type} ${Destination}${RW ? '' : ' read-only'}`;
}

function differences(what: string, is: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...is.filter(item => !wanted.includes(item)).map(item => `${what} ${item} was not promised`),
    ...wanted.filter(item => !is.includes(item)).map(item => `${what} ${item} is missing`),
  ];
}

/** Lists the file system that the container was made with. */
function filesOf(container: string): ImageFile[] {
  const listing = spawnSync('bash', ['-c', 'set -o pipefail; docker export "$0" | tar --list --verbose --numeric-owner --file -', container], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (listing.status !== 0) throw new Error(`cannot list the files of ${container}: ${listing.stderr}`);
  return listing.stdout.split('\n').flatMap(line => {
    const [, mode, owner, path] = /^(\S{10})\S* (\d+\/\d+)\s+[\d,]+ \S+ \S+ (.*?)\/?$/.exec(line) ?? [];
    return path === undefined ? [] : [{ mode, owner, path: `/${path.replace(/^\.\//, '').replace(/ (->|link to) .*$/, '')}` }];
  });
}

function programs(files: readonly ImageFile[], kind: keyof typeof PROGRAMS): string[] {
  const names = files.filter(file => /\/s?bin\/[^/]+$/.test(file.path)).map(file => file.path.slice(file.path.lastIndexOf('/') + 1));
  const modules = kind === 'pip' ? files.filter(file => /\/(site|dist)-packages\/pip$/.test(file.path)).map(() => 'the pip module') : [];
  return [...new Set([...names.filter(name => PROGRAMS[kind].test(name)), ...modules])].sort().map(name => `has a ${kind}: ${name}`);
}

/** Files that somebody other than root owns, or may write. */
function writableCode(files: readonly ImageFile[], directory: string): string[] {
  const code = files.filter(file => file.path === directory || file.path.startsWith(`${directory}/`));
  if (code.length < 2) return [`no code in ${directory}`];
  const soft = code.filter(file => !file.mode.startsWith('l') && (!file.owner.startsWith('0/') || file.mode[5] === 'w' && !file.owner.endsWith('/0') || file.mode[8] === 'w'));
  return soft.length === 0 ? [] : [`${soft.length} files in ${directory} can be written, such as ${soft[0].path}`];
}

const TRY = `
import os, sys
def writes(directory):
    try:
        path = os.path.join(directory, '.judge')
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY)); os.unlink(path); return True
    except OSError:
        return False
for directory, children, _ in os.walk('/'):
    if directory in ('/proc', '/sys'): children.clear(); continue
    if writes(directory): children.clear(); print('writes', directory)
status = dict(line.split(':', 1) for line in open('/proc/self/status') if ':' in line)
print('capabilities', status['CapEff'].strip().lstrip('0') or 'none')
print('privileges', 'none' if status['NoNewPrivs'].strip() == '1' else 'may be gained')
`;

/** What a process in the container can really do. */
function triedFrom(container: string, python: string, writable: readonly string[]): string[] {
  const said = docker('exec', container, python, '-c', TRY).split('\n');
  const writes = said.filter(line => line.startsWith('writes ')).map(line => line.slice('writes '.length)).filter(path => !OF_THE_ENGINE.includes(path));
  return [
    ...differences('writing to', writes, writable),
    ...said.filter(line => /^(capabilities|privileges) /.test(line) && !line.endsWith(' none')).map(line => `a process has ${line}`),
  ];
}
