import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Exit, orFail } from './command-fault';
import { isIgnoredName } from '../build/ignore-list';
import { findApplications, type FoundApplication, type SourceView } from '../python/application-object';
import { list, parseToml, table } from '../python/pyproject';
import { allowsRelease, pythonVersionFile } from '../python/python-release';
import { normalizedName, readRequirements } from '../python/requirements-file';

/** Something that was found, and what says so. */
export interface Found<T> {
  readonly value: T;
  readonly why: string;
}

/** What a directory with a Python application tells. Paths have `/` between their parts. */
export interface Look {
  /** Directory of the application, from the one that was looked at. */
  readonly source: string;
  /** File that says which packages it needs, and what reads it. */
  readonly dependencies: Found<string>;
  /** Object that servers are given; nothing for a program that is run itself. */
  readonly application?: Found<string>;
  readonly server: Found<Server>;
  readonly python: Found<string>;
  /** Port that it listens on; nothing for a program that is run itself. */
  readonly port?: Found<number>;
  /** Path that answers when it works. */
  readonly health?: Found<string>;
  /** Whether a requirements file lies beside the lock file of uv, so that one of them has to be chosen. */
  readonly choosesUv: boolean;
}

/** What serves the application. */
export interface Server {
  readonly name: 'gunicorn' | 'uvicorn' | 'hypercorn' | 'module';
  /** Module to run, for `module`. */
  readonly module?: string;
  /** Whether it is not among the packages. */
  readonly missing?: true;
}

/** What says which packages are needed, the first that is there counts. @see https://packaging.python.org/en/latest/specifications/ */
const DEPENDENCY_FILES: Record<string, { readonly reader: string; readonly names: (text: string) => string[] }> = {
  'uv.lock': { reader: 'uv', names: packagesOfLock },
  'requirements.txt': { reader: 'pip', names: text => [...readRequirements(text).names] },
  'poetry.lock': { reader: 'Poetry', names: packagesOfLock },
  'pdm.lock': { reader: 'PDM', names: packagesOfLock },
  'Pipfile.lock': { reader: 'Pipenv', names: text => Object.keys(table(table(JSON.parse(text)).default)).map(normalizedName) },
  'pyproject.toml': { reader: 'pyproject.toml, which locks nothing', names: packagesOfProject },
};
/** Directories that hold no application of their own. */
const PASSED_OVER = ['node_modules', 'wheelhouse.out', 'venv', 'tests', 'test', 'docs', 'build', 'dist'];
/** Releases that `python` has images for, the one to choose first; 3.13 has had time to be supported by most packages. @see https://devguide.python.org/versions/ */
const RELEASES = ['3.13', '3.14', '3.12', '3.11', '3.10'];
const HEALTH_PATH = /["'](\/(?:healthz?|health_check|livez|readyz|ping)\/?)["']/;
const DEFAULT_PORT = 8000;

/** Looks at a directory. Files are read, nothing is run. */
export function look(directory: string): Look {
  const view = viewOf(directory);
  const source = chosenSource(view);
  const file = dependencyFile(view, source)!;
  const packages = packagesIn(view, source, file);
  const found = findApplications(view, source);
  const application = chosenObject(found);
  const server = application === undefined ? chosenProgram(view, source) : chosenServer(application, packages);
  const module = application === undefined ? undefined : moduleFile(view, source, application.name);
  const health = application === undefined ? undefined : healthPath(view, source);
  const others = found.filter(({ name }) => name !== application?.name).map(({ name }) => name);
  return {
    source,
    dependencies: { value: inside(source, file), why: `${DEPENDENCY_FILES[file].reader}; ${packages.length === 1 ? '1 package' : `${packages.length} packages`}` },
    application: application && {
      value: application.name,
      why: `${application.kind.toUpperCase()} ${application.factory ? 'factory' : 'object'} in ${module ?? source}${others.length > 0 ? `; also there: ${others.join(', ')}` : ''}`,
    },
    server,
    python: chosenPython(view, source),
    port: application === undefined ? undefined : chosenPort(view, source, module),
    health,
    choosesUv: file === 'uv.lock' && view.read(inside(source, 'requirements.txt')) !== undefined,
  };
}

function viewOf(directory: string): SourceView {
  const absolute = (path: string) => join(directory, path);
  return {
    list: path => readdirSync(absolute(path)).filter(name => !isIgnoredName(name) && !name.startsWith('.')).sort(),
    isDirectory: path => statSync(absolute(path), { throwIfNoEntry: false })?.isDirectory() === true,
    read: path => existsSync(absolute(path)) && statSync(absolute(path)).isFile() ? readFileSync(absolute(path), 'utf8') : undefined,
  };
}

/** The first directory, from the top, that says which packages it needs; of several, one with an application. */
function chosenSource(view: SourceView): string {
  const below = (path: string) => view.list(path).filter(name => !PASSED_OVER.includes(name)).map(name => inside(path, name))
    .filter(view.isDirectory);
  const first = below('.');
  for (const level of [['.'], first, first.flatMap(below)]) {
    const fitting = level.filter(path => dependencyFile(view, path) !== undefined);
    const served = fitting.filter(path => findApplications(view, path).length > 0);
    if (fitting.length > 0) return served[0] ?? fitting[0];
  }
  orFail(false, Exit.FAILED, `nothing here says which packages are needed: there is no ${Object.keys(DEPENDENCY_FILES).join(', ')}, nor in the folders below; `
    + 'create requirements.txt, or name the folder with --directory');
}

function dependencyFile(view: SourceView, source: string): string | undefined {
  return Object.keys(DEPENDENCY_FILES).find(name => view.read(inside(source, name)) !== undefined);
}

function packagesIn(view: SourceView, source: string, file: string): readonly string[] {
  const path = inside(source, file);
  try {
    return DEPENDENCY_FILES[file].names(view.read(path)!);
  } catch (error) {
    orFail(false, Exit.FAILED, `'${path}' cannot be read: ${(error as Error).message}`);
  }
}

function chosenObject(found: readonly FoundApplication[]): FoundApplication | undefined {
  return found.find(({ factory }) => !factory) ?? found[0];
}

function chosenServer({ kind }: FoundApplication, packages: readonly string[]): Found<Server> {
  const candidates: readonly Server['name'][] = kind === 'wsgi' ? ['gunicorn'] : ['uvicorn', 'hypercorn'];
  const there = candidates.find(name => packages.includes(name));
  return { value: there === undefined ? { name: candidates[0], missing: true } : { name: there }, why: `serves ${kind.toUpperCase()}; ${there === undefined ? 'not among the packages' : 'among the packages'}` };
}

/** A program that is run itself. */
function chosenProgram(view: SourceView, source: string): Found<Server> {
  const packageWithMain = view.list(source).find(name => view.read(inside(source, `${name}/__main__.py`)) !== undefined);
  const module = packageWithMain ?? ['main', 'app'].find(name => view.read(inside(source, `${name}.py`)) !== undefined);
  orFail(module !== undefined, Exit.FAILED, `no application was found in '${source}': no Flask, FastAPI, Starlette or Django object, no main.py, no package with __main__.py; `
    + 'write the program by hand, see the README');
  const file = inside(source, packageWithMain === undefined ? `${module}.py` : `${module}/__main__.py`);
  return { value: { name: 'module', module }, why: `${file}, and no object that a web server could be given; say which port it listens on, if any` };
}

function chosenPython(view: SourceView, source: string): Found<string> {
  const said = ['.python-version', 'pyproject.toml'].flatMap(name => [...new Set([inside(source, name), name])]).flatMap(file => {
    const text = view.read(file);
    if (text === undefined) return [];
    if (file.endsWith('.python-version')) return pythonVersionFile(file, text) ?? [];
    const specifiers = table(tomlOf(text).project)['requires-python'];
    return typeof specifiers === 'string' ? [{ file, says: `requires-python ${specifiers}`, specifiers }] : [];
  });
  for (const { file, says, specifiers } of said) {
    const release = RELEASES.find(candidate => allowsRelease(specifiers, candidate));
    if (release !== undefined) return { value: release, why: `${file}: ${says}` };
  }
  return { value: RELEASES[0], why: 'nothing says which' };
}

function chosenPort(view: SourceView, source: string, module: string | undefined): Found<number> {
  const places: [string | undefined, RegExp][] = [
    [inside(source, 'gunicorn.conf.py'), /^\s*bind\s*=.*:(\d+)/m],
    [inside(source, 'Procfile'), /(?:--port[ =]|-p |:)(\d{2,5})\b/],
    ['Procfile', /(?:--port[ =]|-p |:)(\d{2,5})\b/],
    [inside(source, 'Dockerfile'), /^\s*EXPOSE\s+(\d+)/mi],
    ['Dockerfile', /^\s*EXPOSE\s+(\d+)/mi],
    [module, /\brun\([^)]*\bport\s*=\s*(\d+)/],
  ];
  for (const [file, pattern] of places) {
    const text = file === undefined ? undefined : view.read(file);
    const port = Number(pattern.exec(text ?? '')?.[1]);
    if (port >= 1024 && port <= 65535) return { value: port, why: `as ${file} says` };
    if (port > 0) return { value: DEFAULT_PORT, why: `${file} says ${port}, which takes a privilege below 1024` };
  }
  return { value: DEFAULT_PORT, why: 'nothing says which' };
}

function healthPath(view: SourceView, source: string): Found<string> | undefined {
  const files = view.list(source).flatMap(name => {
    const path = inside(source, name);
    return view.isDirectory(path) ? PASSED_OVER.includes(name) ? [] : view.list(path).map(inner => inside(path, inner)) : [path];
  });
  for (const file of files.filter(path => path.endsWith('.py'))) {
    const path = HEALTH_PATH.exec(view.read(file) ?? '')?.[1];
    if (path !== undefined) return { value: path, why: `in ${file}` };
  }
  return undefined;
}

/** The file of a module, of which an application has been found. */
function moduleFile(view: SourceView, source: string, application: string): string | undefined {
  const path = inside(source, application.split(':')[0].replaceAll('.', '/'));
  return [`${path}.py`, `${path}/__init__.py`].find(file => view.read(file) !== undefined);
}

function packagesOfLock(text: string): string[] {
  return list(tomlOf(text).package).map(item => normalizedName(String(table(item).name)));
}

function packagesOfProject(text: string): string[] {
  const { dependencies } = table(tomlOf(text).project);
  return [...readRequirements(list(dependencies).map(String).join('\n')).names];
}

function tomlOf(text: string) {
  const document = parseToml(text);
  if (typeof document === 'string') throw new Error(document);
  return document;
}

function inside(directory: string, path: string): string {
  return directory === '.' ? path : `${directory}/${path}`;
}
