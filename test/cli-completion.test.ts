/** `wheelhouse completion`: the scripts, and what bash makes of its one. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { wheelhouse } from './cli-run';
import { folder } from './declare';

const VERBS = ['completion', 'diff', 'doctor', 'down', 'explain', 'graph', 'init', 'list', 'lock', 'synth', 'up'];

describe('completion for bash', () => {
  let script: string;
  beforeAll(async () => { script = (await wheelhouse('completion', 'bash')).stdout; });
  /** What bash offers for the last word of a line. */
  const offered = (...words: string[]) => {
    const root = folder({ 'wheelhouse.bash': script });
    const line = `source ${join(root, 'wheelhouse.bash')}; COMP_WORDS=(wheelhouse ${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}; _wheelhouse; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').filter(Boolean).sort();
  };

  test('offers verbs', () => expect(offered('')).toEqual([...['--help', '--version'], ...VERBS]));
  test('offers verbs that begin so', () => expect(offered('d')).toEqual(['diff', 'doctor', 'down']));
  test("offers a verb's options", () => expect(offered('synth', '--')).toEqual(['--app', '--check', '--directory', '--help', '--output']));
  test('offers the values of an option', () => expect(offered('init', '--language', 'p')).toEqual(['python']));
  test('leaves names of files to bash', () => expect(offered('graph', '--svg', 'x')).toEqual([]));
  test('offers what is locked', () => expect(offered('lock', '')).toEqual(['requirements']));
  test('offers the shells', () => expect(offered('completion', '')).toEqual(expect.arrayContaining(['bash', 'fish', 'zsh'])));
});

test.each(['zsh', 'fish'])('completion for %s has every verb', async shell => {
  const { status, stdout } = await wheelhouse('completion', shell);
  expect(status).toBe(0);
  for (const verb of VERBS) expect(stdout).toContain(shell === 'zsh' ? `    '${verb}:` : ` -a ${verb} -d '`);
});
