import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import * as ts from 'typescript';

/** From the ground up: a file sees its own floor and those before it. */
const FLOORS = ['primitives', 'build', 'python', 'nginx', 'services', 'checks', 'output', 'aws', 'targets', 'app', 'cli', 'index.ts'];
const FILE_USERS = ['build/source-directory.ts', 'output/output-lock.ts', 'output/writer.ts'];
/** What knows the machine, the user or the moment. `process.cwd` is left to all: it is the documented default of App's root. */
const WORLD_MODULES = ['child_process', 'os', 'perf_hooks', 'process'];
const WORLD_NAMES = ['Date', 'performance', 'process'];
/** What the command hands to the App of the program that it runs; which processes write an output folder. */
const WORLD_USERS: Record<string, string[]> = {
  'app/handover.ts': ['process.env.WHEELHOUSE_COMMAND'],
  'output/output-lock.ts': ['node:os', 'process.pid', 'process.kill'],
};

/** Path from lib/ to text. */
type Sources = ReadonlyMap<string, string>;

/** One place where a file names a module. */
interface Reference { readonly module: string; readonly place: string; readonly early: boolean }

function violations(sources: Sources): string[] {
  const files = new Map([...sources].sort().map(([path, text]) => [path, ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)]));
  const references = new Map([...files].map(([path, file]) => [path, moduleReferences(file)]));
  const submodules = publicSubmodules(files);
  const each = [...files].flatMap(([path, file]) => [
    ...FLOORS.includes(floorOf(path)) ? [] : [`${path} lies on no floor (${FLOORS.join(' < ')})`],
    ...references.get(path)!.flatMap(reference => referenceFault(path, reference, files) ?? []),
    ...path.startsWith('cli/') ? [] : worldUses(file, ['process.cwd', ...WORLD_USERS[path] ?? []]),
    ...posix.basename(path) === 'index.ts' ? indexFaults(path, file, submodules) : [],
    ...path.startsWith('checks/') ? checkFaults(path, file) : [],
  ]);
  return [...each, ...circles(references, files)];
}

function referenceFault(path: string, { module, place, early }: Reference, files: ReadonlyMap<string, unknown>): string | undefined {
  if (module.startsWith('.')) {
    const to = resolved(path, module, files);
    const reason = to === undefined ? 'which is no file of lib/' : seesTooMuch(path, to);
    return reason && `${place} imports ${to ?? module}, ${reason}`;
  }
  const name = module.replace(/^node:/, '').split('/')[0];
  if (path.startsWith('cli/') && isBuiltin(module)) return undefined;
  if (isBuiltin(module)) {
    if (WORLD_MODULES.includes(name) && !WORLD_USERS[path]?.includes(module)) return `${place} imports ${module}, which only cli/ may`;
    if (name === 'fs' && !FILE_USERS.includes(path)) return `${place} imports ${module}, which only ${FILE_USERS.join(', ')} and cli/ may`;
    return undefined;
  }
  if (name === 'constructs' || !early) return undefined;
  return `${place} loads ${module} at once; require it inside the function that uses it, or write 'import type'`;
}

function seesTooMuch(from: string, to: string): string | undefined {
  const [floor, other] = [from, to].map(floorOf);
  if (FLOORS.indexOf(other) > FLOORS.indexOf(floor)) return `which is on a higher floor (${floor} < ${other})`;
  if (floor === 'nginx' && other === 'python') return 'but python/ and nginx/ never see each other';
  if (floor !== 'targets') return undefined;
  if (other === 'python' || other === 'nginx') return `but targets/ know an image by its facts only, never by ${other}/`;
  return other === 'targets' && from.split('/')[1] !== to.split('/')[1] ? 'but no target imports another' : undefined;
}

/** Every import, re-export, require and import type of a file; `early` ones load something as soon as the file is loaded. */
function moduleReferences(file: ts.SourceFile): Reference[] {
  return nodesOf(file).flatMap(node => {
    const [name, early] = referenceIn(node);
    return name && ts.isStringLiteralLike(name) ? [{ module: name.text, place: placeOf(node), early }] : [];
  });
}

function referenceIn(node: ts.Node): [name: ts.Node | undefined, early: boolean] {
  if (ts.isImportDeclaration(node)) return [node.moduleSpecifier, node.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword];
  if (ts.isExportDeclaration(node)) return [node.moduleSpecifier, !node.isTypeOnly];
  if (ts.isExternalModuleReference(node)) return [node.expression, !node.parent.isTypeOnly];
  if (ts.isImportTypeNode(node)) return [ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, false];
  if (!ts.isCallExpression(node)) return [undefined, false];
  const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || /^require(\.resolve)?$/.test(node.expression.getText());
  return [loads ? node.arguments[0] : undefined, ts.findAncestor(node, ts.isFunctionLike) === undefined];
}

function worldUses(file: ts.SourceFile, allowed: readonly string[]): string[] {
  return nodesOf(file).filter(ts.isIdentifier).filter(node => WORLD_NAMES.includes(node.text))
    .filter(node => !ts.isTypeReferenceNode(node.parent) && (node.parent as ts.NamedDeclaration).name !== node)
    .map(node => ts.isPropertyAccessExpression(node.parent) || ts.isNewExpression(node.parent) ? node.parent : node)
    .filter(use => ![use, use.parent].some(part => allowed.includes(part.getText())))
    .map(use => `${placeOf(use)} uses ${use.getText()}, which only cli/ may`);
}

function indexFaults(path: string, file: ts.SourceFile, submodules: readonly string[]): string[] {
  if (path !== 'index.ts' && !submodules.includes(path)) return [`${path} is a folder barrel; import the file that you mean`];
  return file.statements.filter(statement => !ts.isExportDeclaration(statement) || !statement.moduleSpecifier)
    .map(statement => `${placeOf(statement)} has '${statement.getText().split('\n')[0]}'; it may only export from other files`);
}

/** The barrels that jsii needs: those of `export * as kubernetes from './targets/kubernetes'`. */
function publicSubmodules(files: ReadonlyMap<string, ts.SourceFile>): string[] {
  return (files.get('index.ts')?.statements ?? [] as ts.Statement[]).flatMap(statement =>
    ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamespaceExport(statement.exportClause)
      ? resolved('index.ts', (statement.moduleSpecifier as ts.StringLiteral).text, files) ?? [] : []);
}

function checkFaults(path: string, file: ts.SourceFile): string[] {
  const isCheck = (type?: ts.TypeNode) => type?.getText() === 'Check';
  const names = nodesOf(file).filter(ts.isVariableDeclaration).filter(({ type, initializer: value }) =>
    isCheck(type) || value !== undefined && (ts.isSatisfiesExpression(value) || ts.isAsExpression(value)) && isCheck(value.type));
  return names.length < 2 ? [] : [`${path} declares ${names.map(({ name }) => name.getText()).join(', ')}; each check has a file of its own`];
}

/** The shortest circle through each file, each once, told from its first file in the alphabet. */
function circles(references: ReadonlyMap<string, Reference[]>, files: ReadonlyMap<string, unknown>): string[] {
  const next = (path: string) => references.get(path)!.flatMap(({ module }) => module.startsWith('.') ? resolved(path, module, files) ?? [] : []);
  const around = [...references.keys()].flatMap(start => {
    const ways = [[start]];
    const seen = new Set<string>();
    for (const way of ways) {
      for (const file of next(way.at(-1)!)) {
        if (file === start) return [way];
        if (!seen.has(file)) ways.push([...way, file]);
        seen.add(file);
      }
    }
    return [];
  });
  const told = around.map(way => {
    const first = way.indexOf([...way].sort()[0]);
    return [...way.slice(first), ...way.slice(0, first), way[first]].join(' -> ');
  });
  return [...new Set(told)].map(circle => `files import each other: ${circle}`);
}

function resolved(from: string, module: string, files: ReadonlyMap<string, unknown>): string | undefined {
  const path = posix.join(posix.dirname(from), module);
  return [`${path}.ts`, posix.join(path, 'index.ts')].find(candidate => files.has(candidate));
}

function floorOf(path: string): string { return path.split('/')[0]; }

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

function nodesOf(node: ts.Node): ts.Node[] {
  const nodes = [node];
  ts.forEachChild(node, child => { nodes.push(...nodesOf(child)); });
  return nodes;
}

describe('The house', () => {
  const lib = join(__dirname, '../lib');
  const paths = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.ts'));

  test('keeps every rule', () => {
    expect(paths.length).toBeGreaterThan(30);
    expect(violations(new Map(paths.map(path => [path.replaceAll('\\', '/'), readFileSync(join(lib, path), 'utf8')])))).toEqual([]);
  });
});

describe('The rules of the house', () => {
  const A = 'export const a = 1;';
  const broken: [behaviour: string, sources: Record<string, string>, faults: string[]][] = [
    ['refuse an import from a higher floor', { 'build/a.ts': "import { a } from '../services/a';", 'services/a.ts': A },
      ['build/a.ts:1 imports services/a.ts, which is on a higher floor (build < services)']],
    ['count type imports', { 'output/a.ts': "import type { A } from '../app/a';", 'app/a.ts': A },
      ['output/a.ts:1 imports app/a.ts, which is on a higher floor (output < app)']],
    ['count types that are imported where they are used', { 'build/a.ts': "\nlet a: import('../python/a').A;", 'python/a.ts': A },
      ['build/a.ts:2 imports python/a.ts, which is on a higher floor (build < python)']],
    ['count files that are required late', { 'build/a.ts': "const f = () => require('../checks/a');", 'checks/a.ts': A },
      ['build/a.ts:1 imports checks/a.ts, which is on a higher floor (build < checks)']],
    ['put index.ts on top', { 'cli/a.ts': "import { a } from '..';", 'index.ts': "export { a } from './app/a';", 'app/a.ts': A },
      ['cli/a.ts:1 imports index.ts, which is on a higher floor (cli < index.ts)']],
    ['refuse a file on no floor', { 'misc/a.ts': A }, [`misc/a.ts lies on no floor (${FLOORS.join(' < ')})`]],
    ['refuse an import of what is not there', { 'app/a.ts': "import data from '../../package.json';" },
      ['app/a.ts:1 imports ../../package.json, which is no file of lib/']],
    ['refuse a circle, type imports counted, and tell it once', {
      'build/b.ts': "import type { c } from './c';", 'build/c.ts': "export { a } from './a';", 'build/a.ts': "import { b } from './b';",
    }, ['files import each other: build/a.ts -> build/b.ts -> build/c.ts -> build/a.ts']],
    ['hide python/ from nginx/', { 'nginx/a.ts': "import { a } from '../python/a';", 'python/a.ts': A },
      ['nginx/a.ts:1 imports python/a.ts, but python/ and nginx/ never see each other']],
    ['hide nginx/ from python/', { 'python/a.ts': "import { a } from '../nginx/a';", 'nginx/a.ts': A },
      ['python/a.ts:1 imports nginx/a.ts, which is on a higher floor (python < nginx)']],
    ['hide targets from each other', { 'targets/compose/a.ts': "import { a } from '../kubernetes/a';", 'targets/kubernetes/a.ts': A },
      ['targets/compose/a.ts:1 imports targets/kubernetes/a.ts, but no target imports another']],
    ...['python', 'nginx'].map((floor): typeof broken[0] => [`hide ${floor}/ from targets/`,
      { 'targets/compose/a.ts': `import type { A } from '../../${floor}/a';`, [`${floor}/a.ts`]: A },
      [`targets/compose/a.ts:1 imports ${floor}/a.ts, but targets/ know an image by its facts only, never by ${floor}/`]]),
    ['refuse a folder barrel', { 'build/index.ts': "export { a } from './a';", 'build/a.ts': A },
      ['build/index.ts is a folder barrel; import the file that you mean']],
    ['let index.ts only export from other files', { 'index.ts': "import './app/a';\nexport * from './app/a';\nconst b = 1;\nexport { b };", 'app/a.ts': A },
      ["1 has 'import './app/a';'", "3 has 'const b = 1;'", "4 has 'export { b };'"].map(found => `index.ts:${found}; it may only export from other files`)],
    ...['fs', 'node:fs', 'node:fs/promises'].map((name): typeof broken[0] => [`keep ${name} to those who read and write files`,
      { 'python/a.ts': `import { stat } from '${name}';` },
      [`python/a.ts:1 imports ${name}, which only build/source-directory.ts, output/output-lock.ts, output/writer.ts and cli/ may`]]),
    ...['child_process', 'node:os', 'node:perf_hooks', 'node:process'].map((name): typeof broken[0] => [`keep ${name} to cli/`,
      { 'output/writer.ts': `export const run = () => require('${name}');` }, [`output/writer.ts:1 imports ${name}, which only cli/ may`]]),
    ...['process.env', 'process.argv', 'process.stdout', 'process.exit', 'new Date()', 'Date.now', 'performance.now'].map((use): typeof broken[0] => [
      `keep ${use} to cli/`, { 'app/a.ts': `\nexport const a = () => ${use};` }, [`app/a.ts:2 uses ${use}, which only cli/ may`],
    ]),
    ['let the App read what the command hands over, and nothing else', { 'app/handover.ts': 'const a = process.env.WHEELHOUSE_COMMAND;\nconst b = process.env.HOME;' },
      ['app/handover.ts:2 uses process.env, which only cli/ may']],
    ['let nobody else read that', { 'app/a.ts': 'const a = process.env.WHEELHOUSE_COMMAND;' }, ['app/a.ts:1 uses process.env, which only cli/ may']],
    ['let the lock of an output folder know its process, and no more', { 'output/output-lock.ts': "import 'node:os';\nconst a = [process.pid, process.title];" },
      ['output/output-lock.ts:2 uses process.title, which only cli/ may']],
    ['see a process that is taken apart', { 'app/a.ts': 'const { env } = process;' }, ['app/a.ts:1 uses process, which only cli/ may']],
    ...["import { parse } from 'yaml';", "export * from 'yaml';", "import yaml = require('yaml');", "const yaml = require('yaml');",
      "const path = require.resolve('yaml');", "const yaml = import('yaml');", "class Yaml { static yaml = require('yaml'); }"].map((text): typeof broken[0] => [`refuse a library that is loaded at once: ${text}`,
      { 'cli/a.ts': text }, ["cli/a.ts:1 loads yaml at once; require it inside the function that uses it, or write 'import type'"]]),
    ['refuse two checks in one file', { 'checks/a.ts': 'export const A: Check = {};\nconst B = {} satisfies Check, C = {} as Check;\nconst ALL: Check[] = [];' },
      ['checks/a.ts declares A, B, C; each check has a file of its own']],
  ];

  test.each(broken)('%s', (_, sources, faults) => expect(violations(new Map(Object.entries(sources)))).toEqual(faults));

  test('accept a sound house', () => expect(violations(new Map(Object.entries({
    'index.ts': "export { a } from './app/a';\nexport * as compose from './targets/compose';",
    'cli/a.ts': "import 'node:child_process';\nexport const a = () => [require('commander'), process.env, new Date()];",
    'app/a.ts': "import { resolve } from 'node:path';\nexport const a = resolve(process.cwd()), from = (today: Date) => today;",
    'targets/compose/index.ts': "export { b } from './b';",
    'targets/compose/b.ts': "import type { A } from '../../build/source-directory';\nexport const b = { process: 1 }.process;",
    'output/yaml.ts': "import type { Node } from 'yaml';\nexport const print = () => require('yaml') as typeof import('yaml');",
    'checks/a.ts': 'export const A: Check = {};\nconst ALL: Check[] = [A];',
    'build/source-directory.ts': "import { statSync } from 'node:fs';\nimport { Construct } from 'constructs';\nimport { c } from './c';",
    'build/c.ts': A,
  })))).toEqual([]));
});
