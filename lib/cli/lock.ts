import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Exit, orFail } from './command-fault';
import { painted } from './compare';
import { runDocker } from './docker';
import { runProgram } from './program';
import { findProject, shown, type ProjectOptions } from './project';
import { paintFor, progress } from './terminal';
import { unifiedDiff } from './unified-diff';
import type { LockAnswer } from '../app/lock-answer';
import { sortedUnique } from '../primitives/stable';
import { readRequirements } from '../python/requirements-file';
import { UPGRADE_ALL } from '../python/requirements-lock';

/** What `wheelhouse lock` makes. */
export const LOCKED = ['requirements'] as const;

/** Options of `wheelhouse lock`. */
export interface LockOptions extends ProjectOptions {
  readonly app?: string;
  /** Only says whether the strict files are as they would be made. */
  readonly check?: boolean;
  /** Takes the newest versions of all packages. */
  readonly upgrade?: boolean;
  /** Takes the newest versions of these. */
  readonly upgradePackage?: readonly string[];
  /** What docker gives the build: `id=index-password,env=INDEX_PASSWORD`. */
  readonly secret?: readonly string[];
}

/** Makes strict requirements of loose ones in the image that the service is built on. */
export function lock(ids: readonly string[], options: LockOptions): number {
  return runProgram(findProject(options), 'locks', answers => {
    const locks = inOrder(chosen(answers.flatMap(answer => answer.locks ?? []), ids));
    const changed = locks.filter(each => lockOne(each, options));
    return options.check && changed.length > 0 ? Exit.FAILED : Exit.DONE;
  });
}

/** Shows what changes, and replaces the file at once when it was made; answers whether it changes. */
function lockOne(answer: LockAnswer, options: LockOptions): boolean {
  const place = join(answer.root, answer.strict);
  const before = existsSync(place) ? readFileSync(place, 'utf8') : undefined;
  const after = built(answer, options);
  const name = shown(place);
  process.stdout.write(painted(unifiedDiff(before === undefined ? '/dev/null' : `a/${name}`, `b/${name}`, before ?? '', after), paintFor(process.stdout)));
  if (before === after) {
    process.stderr.write(`wheelhouse: ${name} is as it has to be\n`);
    return false;
  }
  if (!options.check) replace(place, after);
  process.stderr.write(`wheelhouse: ${name} ${options.check ? 'would change' : 'is locked'}: ${summary(before ?? '', after)}${options.check ? '; run wheelhouse lock requirements and commit the result' : ''}\n`);
  return true;
}

function built({ path, dockerfile, root, stage, exported }: LockAnswer, { upgrade, upgradePackage = [], secret = [] }: LockOptions): string {
  const folder = mkdtempSync(join(tmpdir(), 'wheelhouse-'));
  try {
    progress(`resolving ${path}`);
    const wanted = upgrade ? UPGRADE_ALL : upgradePackage.join(' ');
    const exit = runDocker('docker buildx build', [
      'buildx', 'build', '--file', dockerfile, '--no-cache-filter', stage, '--build-arg', `UPGRADE=${wanted}`,
      ...secret.flatMap(one => ['--secret', one]), '--output', `type=local,dest=${folder}`, root,
    ], 2);
    orFail(exit === 0, Exit.FAILED, `docker buildx build ended with ${exit}; ${path} is not locked, its file is as it was`);
    return readFileSync(join(folder, exported), 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Readers see the old file or the new one. A link stays one. */
function replace(place: string, text: string): void {
  const target = existsSync(place) ? realpathSync(place) : place;
  mkdirSync(dirname(target), { recursive: true });
  const beside = `${target}.wheelhouse-tmp`;
  writeFileSync(beside, text);
  renameSync(beside, target);
}

function chosen(locks: readonly LockAnswer[], ids: readonly string[]): LockAnswer[] {
  const names = locks.map(({ path }) => path).join(', ') || 'none';
  orFail(locks.length > 0, Exit.WRONG_COMMAND_LINE, "the program declares no RequirementsLock; declare one: new RequirementsLock(application, 'requirements', { source, base })");
  for (const id of ids) {
    const count = locks.filter(each => isCalled(each, id)).length;
    orFail(count === 1, Exit.WRONG_COMMAND_LINE, `${count === 0 ? 'no lock is' : `${count} locks are`} called '${id}'; there are: ${names}`);
  }
  return ids.length === 0 ? [...locks] : locks.filter(each => ids.some(id => isCalled(each, id)));
}

function isCalled({ id, path }: LockAnswer, name: string): boolean {
  return name === id || name === path;
}

/** A lock whose strict file another one is made from comes first. */
function inOrder(locks: readonly LockAnswer[]): LockAnswer[] {
  const ordered: LockAnswer[] = [];
  const visit = (one: LockAnswer, above: readonly LockAnswer[]): void => {
    if (ordered.includes(one) || above.includes(one)) return;
    locks.filter(({ root, strict }) => root === one.root && one.inputs.includes(strict)).forEach(other => visit(other, [...above, one]));
    ordered.push(one);
  };
  locks.forEach(each => visit(each, []));
  return ordered;
}

/** Versions that change, in one line: the hashes are for the machine. */
function summary(before: string, after: string): string {
  const [old, now] = [before, after].map(text => readRequirements(text).versions);
  const changes = sortedUnique([...Object.keys(old), ...Object.keys(now)]).flatMap(name => {
    if (old[name] === now[name]) return [];
    if (old[name] === undefined) return [`+${name} ${now[name]}`];
    return [now[name] === undefined ? `-${name}` : `${name} ${old[name]} -> ${now[name]}`];
  });
  return changes.join(', ') || 'no version changes';
}
