/** The unified diff that `wheelhouse diff` prints. */
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { folder } from './declare';
import { unifiedDiff } from '../lib/cli/unified-diff';

/** Carries out a diff; fails when a line is not where the diff says. */
function patched(before: string, patch: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  const lines = patch.split('\n').slice(2, -1);
  lines.forEach((line, index) => {
    const [, start, count] = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@$/.exec(line) ?? [];
    if (start !== undefined) {
      const from = count === '0' ? Number(start) : Number(start) - 1;
      result.push(...old.slice(at, from));
      at = from;
    } else if (!line.startsWith('\\')) {
      const text = line.slice(1) + (lines[index + 1]?.startsWith('\\') ? '' : '\n');
      if (line[0] !== '+' && old[at++] !== text) throw new Error(`'${text}' is not line ${at}`);
      if (line[0] !== '-') result.push(text);
    }
  });
  return [...result, ...old.slice(at)].join('');
}

const text = fc.tuple(fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', '-x', '+x', '@@')), fc.boolean())
  .map(([lines, ended]) => lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));

describe('unifiedDiff', () => {
  test('makes the one text of the other', () => fc.assert(fc.property(text, text, (before, after) => {
    expect(before === after ? after : patched(before, unifiedDiff('a', 'b', before, after))).toBe(after);
  }), { numRuns: 2000 }));

  test('changes no line that both have in the same place, and no more than it has to', () => {
    const before = Array.from({ length: 30 }, (_, index) => `${index}\n`);
    const after = [...before.slice(0, 10), 'new\n', ...before.slice(11, 20), ...before.slice(21)];
    const diff = unifiedDiff('old', 'new', before.join(''), after.join(''));
    expect(diff.split('\n').filter(line => /^[-+]/.test(line))).toEqual(['--- old', '+++ new', '-10', '+new', '-20']);
    expect(diff.split('\n').filter(line => line.startsWith('@@'))).toEqual(['@@ -8,7 +8,7 @@', '@@ -18,7 +18,6 @@']);
  });

  test('has as many changed lines as git finds', () => fc.assert(fc.property(text, text, (before, after) => {
    const root = folder({ before, after });
    const { stdout } = spawnSync('git', ['diff', '--no-index', '--minimal', 'before', 'after'], { cwd: root, encoding: 'utf8' });
    const changed = (diff: string) => diff.split(/^\+\+\+ .*\n/m)[1]?.split('\n').filter(line => /^[-+]/.test(line)).length ?? 0;
    expect(changed(unifiedDiff('a', 'b', before, after))).toBe(changed(stdout));
  }), { numRuns: 40 }));

  test('is quick on texts that have nothing in common', () => {
    const lines = (name: string) => Array.from({ length: 1500 }, (_, index) => `${name} ${index}\n`).join('');
    expect(unifiedDiff('a', 'b', lines('old'), lines('new')).split('\n')).toHaveLength(3004);
  });

  test('is empty for the same text', () => expect(unifiedDiff('a', 'b', 'x\n', 'x\n')).toBe(''));
  test('tells a last line without an end', () => {
    expect(unifiedDiff('a', 'b', 'x', 'x\n')).toBe('--- a\n+++ b\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n');
  });
});
