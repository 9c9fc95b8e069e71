/** The examples' committed output: what they write today, under any circumstances. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from './declare';
import { synthesize } from './examples';

const EXAMPLES = readdirSync('examples', { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name);

test('there are examples', () => expect(EXAMPLES).toContain('flask-nginx'));

describe.each(EXAMPLES)('examples/%s', example => {
  const committed = filesUnder(join('examples', example, 'wheelhouse.out'));

  test('writes the files that are committed', () => expect(synthesize(example).files).toEqual(committed));

  test('is a program of less than 40 lines', () => {
    expect(readFileSync(join('examples', example, 'application.ts'), 'utf8').trimEnd().split('\n').length).toBeLessThan(40);
  });

  test('writes the same bytes in another folder, with an empty PATH, another time zone, locale and home', () => {
    const env = { PATH: '', TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', HOME: '/nonexistent', USER: 'nobody' };
    expect(synthesize(example, { env, folder: 'ein anderer Ordner' }).files).toEqual(committed);
  });

  test('writes no path of this machine and no time', () => {
    const { root, files } = synthesize(example);
    const all = Object.values(files).join('\n');
    expect(all).not.toContain(root);
    expect(all).not.toContain(process.cwd());
    expect(all).not.toMatch(/20\d\d-\d\d-\d\d|\d\d:\d\d:\d\d/);
  });
});
