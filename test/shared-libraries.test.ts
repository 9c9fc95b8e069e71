/** The program that finds shared libraries from ELF headers, judged by the loader. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesUnder, folder } from './declare';
import { SHARED_LIBRARIES } from '../lib/python/layouts/shared-libraries';

/** A program of this machine that is linked to some libraries. */
const LINKED = spawnSync('python3', ['-c', 'import shutil, os; print(os.path.realpath(next(filter(None, map(shutil.which, ["curl", "git", "bash"])))))'], { encoding: 'utf8' }).stdout.trim();
const onLinux = process.platform === 'linux' && spawnSync('ldd', ['--version']).status === 0 ? describe : describe.skip;

/** What was copied for a program, into an empty root or one that has these files. */
function copied(program: string, image?: string) {
  const root = folder({ 'libraries.py': SHARED_LIBRARIES });
  mkdirSync(join(root, 'programs'));
  copyFileSync(program, join(root, 'programs/program'));
  const { status, stdout, stderr } = spawnSync('python3', [join(root, 'libraries.py'), join(root, 'programs'), join(root, 'tree'), ...(image ? [image] : [])], { encoding: 'utf8' });
  return { root, status, stderr, paths: stdout.split('\n').filter(line => line !== '').sort() };
}

const names = (paths: readonly string[]) => paths.map(path => path.slice(path.lastIndexOf('/') + 1));
/** What the loader of this machine would load, by `ldd`. */
const judged = spawnSync('ldd', [LINKED], { encoding: 'utf8' }).stdout.split('\n').flatMap(line => /^\s*(\S+) => \//.exec(line)?.[1] ?? /^\s*(\/\S+) \(/.exec(line)?.[1] ?? []);
const loader = judged.find(path => path.startsWith('/'))!;

onLinux('libraries.py', () => {
  test('finds what the loader finds, and the loader itself at its path', () => {
    const { paths } = copied(LINKED);
    // opened by name, so that the loader does not know of it; and certificates are no library
    const libraries = names(paths).filter(name => name.includes('.so') && name !== 'libgcc_s.so.1');
    expect(libraries.sort()).toEqual(names(judged).filter(name => name !== 'libgcc_s.so.1').sort());
    expect(paths).toContain(loader);
  });

  test('leaves out what the image has, and puts the rest where that image has its own, with no path through a link', () => {
    const image = folder({});
    const libraries = spawnSync('ldd', [LINKED], { encoding: 'utf8' }).stdout;
    const libc = /libc\.so\.6 => (\S+)/.exec(libraries)![1];
    mkdirSync(join(image, 'usr', dirname(libc)), { recursive: true });
    mkdirSync(join(image, 'usr', dirname(loader)), { recursive: true });
    symlinkSync('usr/lib', join(image, 'lib'));
    if (loader.startsWith('/lib64')) symlinkSync('usr/lib64', join(image, 'lib64'));
    copyFileSync(realpathSync(libc), join(image, 'usr', libc));
    copyFileSync(realpathSync(loader), join(image, 'usr', loader));
    const { paths } = copied(LINKED, image);
    expect(names(paths)).not.toContain('libc.so.6');
    expect(paths).not.toContain(loader);
    expect(new Set(paths.map(path => dirname(path)))).toEqual(new Set([`/usr${dirname(libc)}`]));
  });

  test('says what is not there, and that there is no program', () => {
    const root = folder({ 'libraries.py': SHARED_LIBRARIES, 'programs/text': 'no program' });
    const { status, stderr } = spawnSync('python3', [join(root, 'libraries.py'), join(root, 'programs'), join(root, 'tree')], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: `no program is in ${join(root, 'programs')}\n` });
    expect(filesUnder(root)).not.toHaveProperty('tree');
  });
});
