/** A synth that is killed at any moment, and two at once. `CRASHES` says how many kills; `CRASH_SEED` repeats a run. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { filesUnder, folder } from './declare';
import { sha256 } from '../lib/primitives/stable';

const KILLS = Number(process.env.CRASHES ?? 20);
const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
/** Each version has files of its own, files that stay as they are, and files that change. */
const FILES = 200;

jest.setTimeout(60_000 + KILLS * 1000);

/** `node program.js OUTDIR VERSION…` synthesizes the versions in turn, until it is killed; with ONCE set, the first one only. */
const PROGRAM = `
const { App, Application, FileTarget } = require(${JSON.stringify(resolve('.'))});
class Many extends FileTarget {
  constructor(scope, version) { super(scope, 'many'); this.version = version; }
  render() {
    const text = number => 'number ' + number + (number % 2 ? ' of ' + this.version : '') + '\\n'.repeat(1 + number * 7 % 900);
    const file = number => (number % 5 ? 'shared/' : this.version + '/') + (number % 7) + '/' + number + '.txt';
    return { files: Array.from({ length: ${FILES} }, (_, number) => ({ path: file(number), text: text(number) })), losses: [] };
  }
}
function synth(outdir, version) {
  const app = new App({ root: __dirname, outdir });
  new Many(new Application(app, 'shop'), version);
  app.synth();
}
const [outdir, ...versions] = process.argv.slice(2);
synth(outdir, versions[0]);
if (!process.env.ONCE) {
  process.stdout.write('ready');
  for (let turn = 1; turn < 3000; turn++) synth(outdir, versions[turn % versions.length]);
}
`;

/** The same numbers for the same seed. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomFrom(seed: number): () => number {
  let state = seed % 2147483647 + 1;
  return () => (state = state * 48271 % 2147483647) / 2147483647;
}

const root = folder({ 'program.js': PROGRAM });
const started: ChildProcess[] = [];
afterEach(() => { for (const child of started.splice(0)) child.kill('SIGKILL'); });

function start(env: NodeJS.ProcessEnv, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(root, 'program.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  started.push(child);
  return child;
}

/** Waits until a program has synthesized once. */
async function ready(child: ChildProcess): Promise<void> {
  let stderr = '';
  child.stderr!.on('data', data => { stderr += data; });
  const ended = once(child, 'exit').then(([status]) => { throw new Error(`ended with ${status}: ${stderr}`); });
  await Promise.race([once(child.stdout!, 'data'), ended]);
  ended.catch(() => undefined);
}

/** Runs one synth to its end. */
async function synth(outdir: string, version: string): Promise<{ status: number; stderr: string }> {
  const child = start({ ONCE: '1' }, outdir, version);
  let stderr = '';
  child.stderr!.on('data', data => { stderr += data; });
  const [status] = await once(child, 'exit');
  return { status, stderr };
}

/** Ours and others': everything but what this test puts there. */
function output(outdir: string): Record<string, string> {
  const { 'notes.md': _, 'shop/shared/1/notes.md': __, ...files } = filesUnder(outdir);
  return files;
}

function foldersUnder(outdir: string): string[] {
  return readdirSync(outdir, { recursive: true, withFileTypes: true }).filter(entry => entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(outdir.length + 1)).sort();
}

describe(`a synth that is killed, ${KILLS} times, with seed ${SEED}`, () => {
  const whole: Record<string, Record<string, string>> = {};
  const folders: Record<string, string[]> = {};

  beforeAll(async () => {
    for (const version of ['old', 'new']) {
      const outdir = join(root, `whole-${version}`);
      await synth(outdir, version);
      whole[version] = filesUnder(outdir);
      folders[version] = foldersUnder(outdir);
    }
  });

  test('leaves the old output or the new one, or says that it was cut off; the next one repairs it', async () => {
    const random = randomFrom(SEED);
    const outdir = join(root, 'killed');
    const mine = { 'notes.md': 'mine\n', 'shop/shared/1/notes.md': 'also mine\n' };
    mkdirSync(join(outdir, 'shop/shared/1'), { recursive: true });
    for (const [path, text] of Object.entries(mine)) writeFileSync(join(outdir, path), text);
    const seen = { whole: 0, cutOff: 0 };
    for (let kill = 0; kill < KILLS; kill++) {
      const child = start({}, outdir, ...kill % 2 === 0 ? ['old', 'new'] : ['new', 'old']);
      await ready(child);
      await new Promise(done => setTimeout(done, random() * 60));
      child.kill('SIGKILL');
      await once(child, 'exit');

      const place = `kill ${kill} of seed ${SEED}`;
      for (const [path, text] of Object.entries(mine)) expect([place, readFileSync(join(outdir, path), 'utf8')]).toEqual([place, text]);
      if (existsSync(join(outdir, 'journal.json'))) {
        seen.cutOff++;
        expect(JSON.parse(readFileSync(join(outdir, 'journal.json'), 'utf8')).generator).toBe('cdk-wheelhouse');
        // no file is ever half: each is that of one of the two
        for (const [path, text] of Object.entries(output(outdir))) {
          if (!/wheelhouse-(tmp|lock)|journal\.json$/.test(path)) expect([place, path, [whole.old[path], whole.new[path]].includes(text)]).toEqual([place, path, true]);
        }
      } else {
        seen.whole++;
        const files = Object.fromEntries(Object.entries(output(outdir)).filter(([path]) => !/wheelhouse-lock|^journal\.json\.wheelhouse-tmp$/.test(path)));
        const { files: hashes } = JSON.parse(files['manifest.json']);
        expect([place, Object.entries(hashes).filter(([path, hash]) => sha256(files[path] ?? '') !== hash)]).toEqual([place, []]);
        expect([place, [whole.old, whole.new].some(version => JSON.stringify(version) === JSON.stringify(files))]).toEqual([place, true]);
      }

      const version = random() < 0.5 ? 'old' : 'new';
      expect([place, await synth(outdir, version)]).toEqual([place, { status: 0, stderr: '' }]);
      expect([place, output(outdir)]).toEqual([place, whole[version]]);
      expect([place, foldersUnder(outdir)]).toEqual([place, folders[version]]);
    }
    process.stderr.write(`seed ${SEED}: of ${KILLS} kills ${seen.cutOff} left a journal, ${seen.whole} a whole output\n`);
    expect(seen.cutOff).toBeGreaterThan(0);
    rmSync(outdir, { recursive: true });
  });
});

describe('two synths at once', () => {
  test('do not corrupt each other', async () => {
    const outdir = join(root, 'shared');
    const versions = ['old', 'new'];
    const children: ChildProcess[] = [start({}, outdir, ...versions), start({}, outdir, ...[...versions].reverse()), start({}, outdir, ...versions)];
    let said = '';
    children.forEach(child => child.stderr!.on('data', data => { said += data; }));
    await Promise.all(children.map(ready));
    await new Promise(done => setTimeout(done, 1500));
    // those that fail have ended by themselves
    expect([said, children.map(child => child.exitCode)]).toEqual(['', [null, null, null]]);
    const [last, ...others] = children;
    for (const child of others) child.kill('SIGKILL');
    await new Promise(done => setTimeout(done, 300));
    expect([said, last.exitCode]).toEqual(['', null]);
    last.kill('SIGKILL');
    await Promise.all(children.map(child => child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined));
    expect(await synth(outdir, 'new')).toEqual({ status: 0, stderr: '' });
    const alone = join(root, 'alone');
    await synth(alone, 'new');
    expect(filesUnder(outdir)).toEqual(filesUnder(alone));
  });
});
