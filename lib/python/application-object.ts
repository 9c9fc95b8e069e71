import type { Fault } from '../primitives/faults';
import { sortedBy, sortedUnique } from '../primitives/stable';

/** How a server calls an application. */
export type ApplicationKind = 'wsgi' | 'asgi';

/** Stand for the application among a server's arguments until it has been looked for in the source. No real argument has a NUL. */
export const DETECTED_APPLICATION = { wsgi: '\0wsgi', asgi: '\0asgi' } as const;

/** An application object, or a function without arguments that makes one. */
export interface FoundApplication {
  /** Module and variable as servers take it: `shop.wsgi:application`, `shop:create_app()`. */
  readonly name: string;
  readonly kind: ApplicationKind;
  /** Whether it is a function that makes the application. */
  readonly factory: boolean;
}

/** The source tree, as far as it is looked at. */
export interface SourceView {
  /** Names in a directory, in code-unit order. */
  readonly list: (directory: string) => readonly string[];
  readonly isDirectory: (path: string) => boolean;
  readonly read: (path: string) => string | undefined;
}

/** What makes an application, and how it is called afterwards. */
const CLASSES: Record<string, ApplicationKind> = { Flask: 'wsgi', FastAPI: 'asgi', Starlette: 'asgi' };
/** Functions without arguments that Flask's own command looks for. @see https://flask.palletsprojects.com/en/stable/cli/#application-discovery */
const FACTORIES = 'create_app|make_app';
/** Python files and directories that hold no application to be served. */
const PASSED_OVER = /^(setup|conftest|noxfile|manage|__main__|tests?|docs?|examples?|migrations|test_\w+|\w+_test)(\.py)?$/;

/**
 * The application objects in the Python files of a directory and of the packages in it, one level down. The text is searched:
 * nothing is run, and only what stands at the beginning of a line counts.
 */
export function findApplications(source: SourceView, directory: string): FoundApplication[] {
  const modules = modulesIn(source, directory, '');
  const kinds = sortedUnique(modules.flatMap(({ text, kind }) => kind && definedFactories(text).length > 0 ? [kind] : []));
  const found = modules.flatMap(module => applicationsIn(module, kinds.length === 1 ? kinds[0] as ApplicationKind : undefined));
  const once = found.filter((one, index) => found.findIndex(other => other.name === one.name) === index);
  return sortedBy(once, application => application.name);
}

/** The one application of a kind, an object before a function that makes one; else what is wrong. */
export function onlyApplication(found: readonly FoundApplication[], kind: ApplicationKind, directory: string): string | Fault {
  const fitting = found.filter(application => application.kind === kind);
  const objects = fitting.filter(application => !application.factory);
  const candidates = objects.length > 0 ? objects : fitting;
  const called = kind.toUpperCase();
  if (candidates.length === 1) return candidates[0].name;
  if (candidates.length > 1) {
    const names = candidates.map(application => application.name).join(', ');
    return { code: 'APPLICATION_UNCLEAR', problem: `'${directory}' has more than one ${called} application: ${names}; give the server the name of one` };
  }
  const others = found.map(application => `${application.name} is ${application.kind.toUpperCase()}`).join(', ');
  return {
    code: 'APPLICATION_NOT_FOUND',
    problem: `no ${called} application was found in '${directory}' and its packages${others && ` (${others})`}; give the server its name, such as shop.main:app`,
  };
}

interface Module {
  readonly name: string;
  readonly text: string;
  /** Kind of the frameworks that it imports, when they are of one kind. */
  readonly kind?: ApplicationKind;
}

function modulesIn(source: SourceView, directory: string, prefix: string): Module[] {
  return source.list(directory).filter(name => !PASSED_OVER.test(name)).flatMap(name => {
    const path = directory === '.' ? name : `${directory}/${name}`;
    if (/^[A-Za-z_]\w*$/.test(name)) return prefix === '' && source.isDirectory(path) ? modulesIn(source, path, `${name}.`) : [];
    const [, base] = /^([A-Za-z_]\w*)\.py$/.exec(name) ?? [];
    const text = base === undefined ? undefined : source.read(path);
    if (text === undefined || base === '__init__' && prefix === '') return [];
    return [moduleOf(base === '__init__' ? prefix.slice(0, -1) : `${prefix}${base}`, withoutLongStrings(text))];
  });
}

function moduleOf(name: string, text: string): Module {
  const [wsgi, asgi] = [/^(from|import) flask\b/m, /^(from|import) (fastapi|starlette)\b/m].map(pattern => pattern.test(text));
  if (wsgi === asgi) return { name, text };
  return { name, text, kind: wsgi ? 'wsgi' : 'asgi' };
}

/** @param factoryKind what the functions of the whole source that make applications make */
function applicationsIn({ name: module, text, kind }: Module, factoryKind: ApplicationKind | undefined): FoundApplication[] {
  const variable = '^([A-Za-z_]\\w*)[ \\t]*(?::[^=\\n]+)?=[ \\t]*';
  const made = matches(text, `${variable}(?:\\w+\\.)*(${Object.keys(CLASSES).join('|')})\\(`).map(([name, type]) => object(module, name, CLASSES[type]));
  const django = matches(text, `${variable}.*\\bget_(wsgi|asgi)_application\\(\\)`).map(([name, type]) => object(module, name, type as ApplicationKind));
  const calledKind = kind ?? factoryKind;
  const called = calledKind === undefined ? [] : matches(text, `${variable}(?:\\w+\\.)*(?:${FACTORIES})\\(`).map(([name]) => object(module, name, calledKind));
  const factories = kind === undefined ? [] : definedFactories(text).filter(([, parameters]) => needsNothing(parameters))
    .map(([name]): FoundApplication => ({ name: `${module}:${name}()`, kind, factory: true }));
  return [...made, ...django, ...called, ...factories];
}

/** Names and parameters of the functions that make an application. */
function definedFactories(text: string): string[][] {
  return matches(text, `^def (${FACTORIES})\\(([^)]*)\\)`);
}

function object(module: string, name: string, kind: ApplicationKind): FoundApplication {
  return { name: `${module}:${name}`, kind, factory: false };
}

function matches(text: string, pattern: string): string[][] {
  return [...text.matchAll(new RegExp(pattern, 'gm'))].map(match => match.slice(1));
}

/** Whether a function with these parameters can be called without arguments. */
function needsNothing(parameters: string): boolean {
  return parameters.split(',').map(parameter => parameter.trim()).every(parameter => parameter === '' || /^[*/]|=/.test(parameter));
}

/** Documentation often shows how an application is made. */
function withoutLongStrings(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/"""[^]*?"""|'''[^]*?'''/g, "''");
}
