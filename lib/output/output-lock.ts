import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { must } from '../primitives/faults';

const PREFIX = '.wheelhouse-lock-';
const NAME = new RegExp(`^${PREFIX.replace('.', '\\.')}(\\d+)-(\\w*)-(.*)$`);
/** 200 times 50 ms: longer than any output takes that was measured. */
const ROUNDS = 200;
const ROUND_MILLISECONDS = 50;

/** A process that writes an output folder, or wants to. All of it is in the file's name, so that a lock is whole as soon as it is there. */
interface Holder {
  readonly file: string;
  readonly pid: number;
  /** When the process started, in the system's own count; empty where the system does not say. */
  readonly started: string;
  readonly host: string;
}

/**
 * Does `work` while no other process does so for the same folder: waits for a while, then refuses.
 *
 * Each process puts down a lock of its own and goes on when it sees no other of a living process; of several that wait, the first by
 * name keeps its lock, the others take theirs back. So no lock is ever taken from anybody, and those of processes that were killed
 * stop nobody.
 */
export function whileLocked<T>(outdir: string, work: () => T): T {
  mkdirSync(outdir, { recursive: true });
  const own = { pid: process.pid, started: startOf(process.pid), host: hostname() };
  const file = `${PREFIX}${own.pid}-${own.started}-${encodeURIComponent(own.host)}`;
  const path = join(outdir, file);
  try {
    for (let round = 1; ; round++) {
      writeFileSync(path, '');
      const others = holders(outdir).filter(holder => holder.file !== file && isAlive(holder, own.host));
      if (others.length === 0) break;
      mustNotBeTooLate(round, outdir, others[0]);
      if (others.some(other => other.file < file)) rmSync(path);
      pause();
    }
    clearDead(outdir, own.host);
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Whether a process was killed while it wrote here, and left its lock. */
export function hasDeadLock(outdir: string): boolean {
  const host = hostname();
  return holders(outdir).some(holder => !isAlive(holder, host));
}

function holders(outdir: string): Holder[] {
  return namesIn(outdir).flatMap(file => {
    const [, pid, started, host] = NAME.exec(file) ?? [];
    return pid === undefined ? [] : [{ file, pid: Number(pid), started, host: decodeURIComponent(host) }];
  });
}

function clearDead(outdir: string, host: string): void {
  for (const holder of holders(outdir)) {
    if (!isAlive(holder, host)) rmSync(join(outdir, holder.file), { force: true });
  }
}

/** Processes of other machines cannot be seen from here: they count as living. */
function isAlive({ pid, started, host }: Holder, ownHost: string): boolean {
  if (host !== ownHost) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === '' || started === startOf(pid);
}

/**
 * Linux says when a process started; with it, a number that another process has since is told apart. A process that was killed and
 * that nobody has asked about counts as dead.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function startOf(pid: number): string {
  try {
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return state === 'Z' ? 'dead' : fields[18];
  } catch {
    return '';
  }
}

function mustNotBeTooLate(round: number, outdir: string, { pid, host, file }: Holder): void {
  const seconds = ROUNDS * ROUND_MILLISECONDS / 1000;
  must(round < ROUNDS, 'OUTPUT_BUSY',
    `process ${pid} on ${host} has been writing to '${outdir}' for ${seconds} seconds; wait for it, or delete '${file}' there if it is no synth`);
}

function namesIn(outdir: string): string[] {
  try {
    return readdirSync(outdir);
  } catch {
    return [];
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ROUND_MILLISECONDS);
}
