import type { SourceView } from './application-object';
import { sortedUnique } from '../primitives/stable';

/** Python files that are no part of what is served. */
const PASSED_OVER = /^(conftest|noxfile|setup|tests?|docs?|examples?|test_\w+|\w+_test)(\.py)?$/;

/**
 * Modules that the Python files under some directories import, other than their own: what stands at the beginning of a line, and so is imported at
 * start. The text is searched, nothing is run.
 */
export function importedModules(source: SourceView, directories: readonly string[]): string[] {
  const own = directories.flatMap(directory => source.list(directory)).map(name => name.replace(/\.py$/, ''));
  return sortedUnique(directories.flatMap(directory => textsUnder(source, directory)).flatMap(importsOf)).filter(name => ![...own, '__future__'].includes(name.split('.')[0]));
}

/** Names of the modules and packages that a directory has, those that are no part of what is served left out. */
export function modulesOf(source: SourceView, directory: string): string[] {
  return source.list(directory).filter(name => !PASSED_OVER.test(name)).flatMap(name => {
    const path = directory === '.' ? name : `${directory}/${name}`;
    const [, module] = /^([A-Za-z_]\w*)(?:\.py)?$/.exec(name) ?? [];
    if (module === undefined || name === '__init__.py') return [];
    return name.endsWith('.py') || source.isDirectory(path) && hasModules(source, path) ? [module] : [];
  });
}

/** Whether Python files are in a directory, or below it: packages need no `__init__.py`. */
function hasModules(source: SourceView, directory: string): boolean {
  return source.list(directory).some(name => name.endsWith('.py') || source.isDirectory(`${directory}/${name}`) && hasModules(source, `${directory}/${name}`));
}

function textsUnder(source: SourceView, directory: string): string[] {
  return source.list(directory).filter(name => !PASSED_OVER.test(name)).flatMap(name => {
    const path = directory === '.' ? name : `${directory}/${name}`;
    if (source.isDirectory(path)) return textsUnder(source, path);
    return name.endsWith('.py') ? source.read(path) ?? [] : [];
  });
}

/** `from a import b` may mean the module `a.b`: both are answered, and whoever imports them sees which there are. */
function importsOf(text: string): string[] {
  const joined = text.replace(/\\\n/g, ' ').replace(/\(([^()]*)\)/g, inner => inner.replace(/#[^\n]*/g, '').replace(/\n/g, ' '));
  return joined.split('\n').flatMap(line => {
    const plain = /^import ([\w., ]+)/.exec(line)?.[1].split(',').map(part => part.trim().split(' ')[0]) ?? [];
    const [, module, names] = /^from (\w[\w.]*) import \(?([\w, ]+)/.exec(line) ?? [];
    const members = module === undefined ? [] : [module, ...names.split(',').map(part => `${module}.${part.trim().split(' ')[0]}`)];
    return [...plain, ...members].filter(name => /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name));
  });
}
