/** The README's ten minutes, word by word, from an empty folder: its files, its commands. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describeOnEngine } from './engine';

/** A file with its text, or commands. */
type Step = { readonly path: string; readonly text: string } | { readonly commands: readonly string[] };

function stepsOf(readme: string): Step[] {
  const [, guide] = /^## Ten minutes[^\n]*\n([^]*?)^## /m.exec(readme)!;
  return [...guide.matchAll(/(?:`([\w./]+)`:\n\n)?```(\w+)\n([^]*?)```/g)].map(([, path, language, text]) => {
    return language === 'sh' ? { commands: text.trim().split('\n').map(line => line.replace(/\s+#.*/, '')) } : { path, text };
  });
}

describeOnEngine('the ten minutes of the README', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'wheelhouse-guide-')), 'shop');
  const run = (command: string) => spawnSync(command, { shell: true, cwd: folder, encoding: 'utf8', env: { ...process.env, no_proxy: '*', NODE_OPTIONS: '' } });
  afterAll(() => run('npx wheelhouse down --volumes'));

  test('work as they stand', () => {
    mkdirSync(folder);
    const [packed] = JSON.parse(spawnSync('npm', ['pack', '--json', '--pack-destination', dirname(folder)], { encoding: 'utf8', cwd: resolve('.') }).stdout);
    const answers: string[] = [];
    for (const step of stepsOf(readFileSync('README.md', 'utf8'))) {
      if ('path' in step) {
        mkdirSync(join(folder, dirname(step.path)), { recursive: true });
        // the test bed has this release only
        writeFileSync(join(folder, step.path), step.text.replace("'database-password') }", "'database-password'), version: '15' }"));
        continue;
      }
      for (const command of step.commands) {
        const { status, stdout, stderr } = run(command.replace('install cdk-wheelhouse ', `install ../${packed.filename} `).replace(/^curl /, 'curl --silent --fail '));
        expect({ command, status, stderr: status === 0 ? '' : stdout + stderr }).toEqual({ command, status: 0, stderr: '' });
        if (command.startsWith('curl ')) answers.push(stdout.trim());
      }
    }
    expect(answers).toEqual(['{"shop":"open"}', '{"visits":1}']);
  });
});
