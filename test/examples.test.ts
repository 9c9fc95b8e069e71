/** The examples' committed output: what they write today, under any circumstances. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from './declare';
import { programOf, synthesize } from './examples';

const EXAMPLES = readdirSync('examples', { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name);
/** Besides the program of wheelhouse.json, that of another host. */
const PROGRAMS = EXAMPLES.flatMap(example => [
  { example, program: programOf(example), output: 'wheelhouse.out' },
  ...existsSync(join('examples', example, 'kubernetes.ts')) ? [{ example, program: 'kubernetes.ts', output: 'cdk8s.out' }] : [],
]);

test('there are examples', () => {
  expect(EXAMPLES).toContain('flask-nginx');
  expect(PROGRAMS.length).toBe(EXAMPLES.length + 1);
});

describe.each(PROGRAMS)('examples/$example/$program', ({ example, program, output }) => {
  // whatever is not the declaration is another than where the committed files were written
  const env = { PATH: '', TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', HOME: '/nonexistent', USER: 'nobody' };
  let written: ReturnType<typeof synthesize>;
  beforeAll(() => { written = synthesize(example, { program, output, env, folder: 'ein anderer Ordner' }); });

  test('writes the bytes that are committed, in another folder, with an empty PATH, another time zone, locale and home', () => {
    expect(written.files).toEqual(filesUnder(join('examples', example, output)));
  });

  test('is a program of less than 40 lines', () => {
    expect(readFileSync(join('examples', example, program), 'utf8').trimEnd().split('\n').length).toBeLessThan(40);
  });

  test('writes no path of this machine and no time', () => {
    const all = Object.values(written.files).join('\n');
    expect(all).not.toContain(written.root);
    expect(all).not.toContain(process.cwd());
    // the day of security updates is declared
    expect(all.replace(/^ARG SECURITY_UPDATES=\S+$/gm, '')).not.toMatch(/20\d\d-\d\d-\d\d|\d\d:\d\d:\d\d/);
  });
});

describe('examples/one-declaration', () => {
  test('has programs of less than 30 lines', () => {
    for (const file of ['application.ts', 'compose.ts', 'kubernetes.ts', 'ecs.ts', 'terraform.ts', 'terraform-docker.ts']) {
      expect(readFileSync(join('examples/one-declaration', file), 'utf8').trimEnd().split('\n').length).toBeLessThan(30);
    }
  });

  test('says each fact once: what it changes is changed in all outputs', () => {
    const edit = (text: string) => text.replace("'/healthz'", "'/alive'").replace("'/var/lib/notes'", "'/srv/notes'");
    const compose = synthesize('one-declaration', { edit }).files['notes/compose.yaml'];
    const kubernetes = synthesize('one-declaration', { edit, program: 'kubernetes.ts', output: 'cdk8s.out' }).files['notes.k8s.yaml'];
    const ecs = synthesize('one-declaration', { edit, program: 'ecs.ts', output: 'cdk.out' }).files['notes.template.json'];
    const terraform = synthesize('one-declaration', { edit, program: 'terraform.ts', output: 'cdktf.out' }).files['stacks/notes/cdk.tf.json'];
    for (const text of [compose, kubernetes, ecs, terraform]) {
      expect(text).toContain('/srv/notes');
      expect(text).toContain('/alive');
      expect(text).not.toMatch(/\/var\/lib\/notes|\/healthz/);
    }
  });
});
