/** The README and the API reference tell the truth. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

const README = readFileSync('README.md', 'utf8');
const CHECKS = readFileSync('docs/checks.md', 'utf8');

test('docs/checks.md names every check, and no other', () => {
  const files = ['lib/aws', 'lib/checks', 'lib/targets'].flatMap(folder => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)));
  const codes = files.filter(path => path.endsWith('.ts')).flatMap(path => [...readFileSync(path, 'utf8').matchAll(/^ {2,4}code: '([A-Z_]+)'/gm)].map(match => match[1]));
  const named = [...CHECKS.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(match => match[1]);
  expect(named.sort()).toEqual([...new Set(codes)].sort());
  expect(codes.length).toBeGreaterThan(8);
});

test('links of the documents lead to files that are there', () => {
  for (const name of ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...readdirSync('docs').filter(file => file.endsWith('.md')).map(file => join('docs', file))]) {
    for (const [, link] of readFileSync(name, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const path = join(dirname(name), link);
      expect([name, link, ts.sys.fileExists(path) || ts.sys.directoryExists(path)]).toEqual([name, link, true]);
    }
  }
});

test('the programs of the README are typed right', () => {
  const programs = [...`${README}\n${CHECKS}`.matchAll(/```ts\n([^]*?)```/g)].map(match => match[1]);
  const imports = "import { App, Application, ApplicationPlan, Checks, ComposeFile, FileTarget, MultiStageBuild, NginxReverseProxy, TargetOutput } from 'cdk-wheelhouse';\n";
  const sources = new Map(programs.map((text, index) => [
    join(process.cwd(), 'examples', `readme-${index}.ts`), text.includes('import ') ? text : `${imports}declare const image: MultiStageBuild;\n${text}`,
  ]));
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, target: ts.ScriptTarget.ES2022, strict: true, noEmit: true, skipLibCheck: true, types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = path => sources.has(path) || fileExists(path);
  host.getSourceFile = (path, version) => sources.has(path) ? ts.createSourceFile(path, sources.get(path)!, version) : getSourceFile(path, version);
  const found = ts.getPreEmitDiagnostics(ts.createProgram([...sources.keys()], options, host));
  expect(found.map(diagnostic => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))).toEqual([]);
  expect(programs.length).toBe(4);
});
