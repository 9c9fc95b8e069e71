/** Who may write an output folder. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { filesUnder, folder } from './declare';
import { whileLocked } from '../lib/output/output-lock';
import { writeOutput } from '../lib/output/writer';

jest.setTimeout(30_000);

const FILES = new Map([['one.txt', 'one\n']]);
const names = (outdir: string) => readdirSync(outdir).sort();
const lock = (outdir: string, name: string) => { mkdirSync(outdir, { recursive: true }); writeFileSync(join(outdir, `.wheelhouse-lock-${name}`), ''); };
/** A process that has ended. */
const dead = () => spawnSync(process.execPath, ['-e', '0']).pid;

describe('the lock of an output folder', () => {
  test('is gone when the output is written, and after a failure', () => {
    const outdir = join(folder(), 'out');
    expect(whileLocked(outdir, () => names(outdir))).toEqual([expect.stringMatching(`^.wheelhouse-lock-${process.pid}-`)]);
    expect(() => whileLocked(outdir, () => { throw new Error('mine'); })).toThrow('mine');
    expect(names(outdir)).toEqual([]);
  });

  test('of a process that was killed stops nobody, and is cleared away', () => {
    const outdir = join(folder(), 'out');
    lock(outdir, `${dead()}--${hostname()}`);
    writeOutput(outdir, FILES, {});
    expect(names(outdir)).toEqual(['manifest.json', 'one.txt']);
  });

  test('of a process that was killed is cleared away even where nothing else is to do', () => {
    const outdir = join(folder(), 'out');
    writeOutput(outdir, FILES, {});
    lock(outdir, `${dead()}--${hostname()}`);
    expect(writeOutput(outdir, FILES, {}).written).toEqual([]);
    expect(names(outdir)).toEqual(['manifest.json', 'one.txt']);
  });

  test('of a process whose number another one has since stops nobody', () => {
    const outdir = join(folder(), 'out');
    lock(outdir, `1-1234567890123-${hostname()}`);
    writeOutput(outdir, FILES, {});
    expect(names(outdir)).toEqual(['manifest.json', 'one.txt']);
  });

  test.each([['1', '', hostname()], ['7', '42', 'elsewhere']])('of a living process %s%s on %s is waited for, then named', (pid, started, host) => {
    const outdir = join(folder(), 'out');
    const name = `${pid}-${started}-${host}`;
    lock(outdir, name);
    const wait = jest.spyOn(Atomics, 'wait').mockReturnValue('timed-out');
    try {
      expect(() => writeOutput(outdir, FILES, {})).toThrow(new Error(
        `process ${pid} on ${host} has been writing to '${outdir}' for 10 seconds; wait for it, or delete '.wheelhouse-lock-${name}' there if it is no synth [OUTPUT_BUSY]`));
      expect(wait).toHaveBeenCalledTimes(199);
    } finally {
      wait.mockRestore();
    }
    expect(names(outdir)).toEqual([`.wheelhouse-lock-${name}`]);
  });

  test('is not taken where nothing is to do', () => {
    const outdir = join(folder(), 'out');
    writeOutput(outdir, FILES, {});
    utimesSync(outdir, 1, 1);
    lock(outdir, `1--${hostname()}`);
    utimesSync(outdir, 1, 1);
    expect(writeOutput(outdir, FILES, {})).toEqual({ written: [], created: [], unchanged: ['manifest.json', 'one.txt'], deleted: [] });
    expect(statSync(outdir).mtimeMs).toBe(1000);
  });
});

describe('what is written', () => {
  test('tells new files from changed ones', () => {
    const outdir = join(folder(), 'out');
    writeOutput(outdir, FILES, {});
    expect(writeOutput(outdir, new Map([['one.txt', 'other\n'], ['two.txt', 'two\n']]), {})).toEqual(
      { written: ['manifest.json', 'one.txt', 'two.txt'], created: ['two.txt'], unchanged: [], deleted: [] });
  });

  test('is cleared of what a synth left that was killed before it had a journal', () => {
    const outdir = join(folder(), 'out');
    writeOutput(outdir, FILES, {});
    writeFileSync(join(outdir, 'journal.json.wheelhouse-tmp'), '{');
    writeOutput(outdir, FILES, {});
    expect(Object.keys(filesUnder(outdir))).toEqual(['manifest.json', 'one.txt']);
  });

  test.each(['new', 'new/folder'])('leaves no folder %s of a synth that was cut off', made => {
    const outdir = join(folder(), 'out');
    writeOutput(outdir, FILES, {});
    mkdirSync(join(outdir, made), { recursive: true });
    writeFileSync(join(outdir, 'journal.json'), JSON.stringify({ generator: 'cdk-wheelhouse', files: ['new/folder/file.txt', 'one.txt'] }));
    writeOutput(outdir, FILES, {});
    expect(names(outdir)).toEqual(['manifest.json', 'one.txt']);
  });
});
