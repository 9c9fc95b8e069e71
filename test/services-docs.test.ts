/** docs/services.md, docs/compose.md and docs/kubernetes.md: their programs are typed right, run, and write what the pages say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { filesUnder, folder } from './declare';
import * as library from 'cdk-wheelhouse';

const EXPORTS = Object.keys(library).join(', ');
const program = (page: string) => [...readFileSync(join('docs', page), 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(match => match[1]).join('\n');
const SERVICES = program('services.md');
const KUBERNETES = program('kubernetes.md');
const COMPOSE = `${SERVICES.split('// ')[0].split('const backnet')[0]}\nnew Service(shop, 'web', { image });\n${program('compose.md')}`;

/** What the compiler has to say of each program. */
function problems(programs: Record<string, string>): Record<string, string[]> {
  const sources = new Map(Object.entries(programs).map(([name, text]) => [join(process.cwd(), 'examples', `${name}.ts`), `import { ${EXPORTS} } from 'cdk-wheelhouse';\n${text}`]));
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    paths: { 'cdk-wheelhouse': [join(process.cwd(), 'lib/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = file => sources.has(file) || fileExists(file);
  host.getSourceFile = (file, version) => sources.has(file) ? ts.createSourceFile(file, sources.get(file)!, version) : getSourceFile(file, version);
  const built = ts.createProgram([...sources.keys()], options, host);
  return Object.fromEntries(Object.keys(programs).map((name, index) => {
    const found = ts.getPreEmitDiagnostics(built, built.getSourceFile([...sources.keys()][index]));
    return [name, found.map(diagnostic => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))];
  }));
}

/** Runs a program in a new folder, and answers with what it then writes. */
function written(text: string, last = ''): Record<string, string> {
  const root = folder({ 'app/app.py': 'from flask import Flask\napp = Flask(__name__)\n', 'app/requirements.txt': 'flask\ngunicorn\ncelery\n' });
  const javascript = ts.transpileModule(`${text}\n${last}app.synth();`, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.None } }).outputText;
  new Function('__dirname', ...Object.keys(library), javascript)(root, ...Object.values(library));
  return filesUnder(join(root, 'wheelhouse.out'));
}

test('the programs of the pages are typed right, and one that is not is told', () => {
  expect(problems({ services: SERVICES, compose: COMPOSE, kubernetes: KUBERNETES, wrong: "new Service(new Application(new App(), 'a'), 'x', { imag: 1 });" })).toEqual({
    services: [], compose: [], kubernetes: [], wrong: [expect.stringContaining("'imag' does not exist in type 'ServiceProps'")],
  });
});

test('docs/services.md declares what can be written', () => {
  const files = written(SERVICES, "new ComposeFile(shop, 'compose');\n");
  expect(Object.keys(parse(files['shop/compose.yaml']).services)).toEqual(['api', 'arm', 'cache', 'migrate', 'report', 'shell', 'worker']);
  expect(parse(files['shop-production/compose.yaml']).services.api.deploy).toEqual({ replicas: 4 });
});

test('docs/compose.md overrides what is there', () => {
  const { web } = parse(written(COMPOSE)['shop/compose.yaml']).services;
  expect(web).toMatchObject({ shm_size: '64m', cap_add: ['SYS_NICE'], restart: 'always', security_opt: [] });
});

test('docs/kubernetes.md declares what can be written', () => {
  const files = written(KUBERNETES);
  const objects = parseAllDocuments(files['shop/kubernetes.yaml']).map(document => document.toJS());
  const named = (kind: string) => objects.find(object => object.kind === kind);
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(expect.arrayContaining([
    'Namespace shop', 'NetworkPolicy default-deny', 'NetworkPolicy dns', 'NetworkPolicy network-default', 'NetworkPolicy published-web', 'ServiceAccount api',
    'Deployment api', 'Service api', 'HorizontalPodAutoscaler api', 'PodDisruptionBudget api', 'Deployment web', 'Service web', 'Ingress web',
  ]));
  expect(named('Ingress').spec).toMatchObject({ ingressClassName: 'nginx', tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }], rules: [{ host: 'shop.example.com' }] });
  expect(parse(files['shop/kustomization.yaml']).resources).toEqual(['kubernetes.yaml']);
});
