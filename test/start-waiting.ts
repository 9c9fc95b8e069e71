/** Runs the program with which pods wait for each other, by the Python of this machine. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folder } from './declare';

/** Runs a program with so many seconds in one. */
const HURRIED = 'import runpy, sys, time; pace, path = float(sys.argv.pop(1)), sys.argv.pop(1); sleep, monotonic = time.sleep, time.monotonic; '
  + 'time.sleep = lambda seconds: sleep(seconds / pace); time.monotonic = lambda: monotonic() * pace; runpy.run_path(path, run_name="__main__")';
const started: ChildProcess[] = [];
afterEach(() => started.splice(0).forEach(child => child.kill('SIGKILL')));

/** Starts it, with the files of its account in this folder; the test that does not see its end ends it. */
export function startWaiting(program: string, account: string, args: readonly string[], variables: Record<string, string>, pace = 20) {
  const path = join(folder({ 'wait_for.py': program.replace('/var/run/secrets/kubernetes.io/serviceaccount', account) }), 'wait_for.py');
  const child = spawn('python3', ['-IS', '-c', HURRIED, String(pace), path, ...args], { env: { PATH: process.env.PATH, LC_ALL: 'C', ...variables } });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', text => { said += text; });
  const ended = new Promise<{ code: number | null; said: string }>(resolve => child.on('close', code => resolve({ code, said })));
  const hasSaid = async (text: string) => {
    while (!said.includes(text)) {
      if (child.exitCode !== null) throw new Error(`it has ended without '${text}': ${said}`);
      await sleep(10);
    }
  };
  return { child, ended, hasSaid };
}
