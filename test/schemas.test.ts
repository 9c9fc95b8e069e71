/** The output against the published schemas, and the Dockerfiles against an independent parser. */
import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import Ajv2019 from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import { DockerfileParser } from 'dockerfile-ast';
import { parse, parseAllDocuments } from 'yaml';
import { appWith, declareShop, filesUnder } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { Application, PythonBase } from 'cdk-wheelhouse';

const SHOP = synthesized(application => declareShop(application, PythonBase.slim({ python: '3.13', debian: 'bookworm' })));
const EXAMPLES = Object.fromEntries(Object.entries(filesUnder('examples')).filter(([path]) => /^[^/]+\/\w+\.out\//.test(path)));
const ALL = { ...SHOP, ...prefixed('full/', synthesized(declareEverything)), ...EXAMPLES };

function synthesized(declare: (application: Application) => unknown): Record<string, string> {
  const { app, application, outdir } = appWith(FULL_SOURCE);
  declare(application);
  app.synth();
  return filesUnder(outdir);
}

function prefixed(prefix: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [prefix + path, text]));
}

function named(...names: string[]): string[] {
  return Object.keys(ALL).filter(path => names.some(name => path.endsWith(name)));
}

function objectsOf(text: string, version: '1.1' | '1.2' = '1.2'): any[] {
  return parseAllDocuments(text, { version }).map(document => document.toJS());
}

/** Where a document does not fit, as `path message`. */
function errors(validate: ValidateFunction, document: unknown): string[] {
  validate(document);
  return (validate.errors ?? []).map(error => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

describe('compose.yaml', () => {
  // the Compose Specification's schema, as the linter dclint publishes it
  const { $schema: _, ...schema } = JSON.parse(readFileSync('node_modules/dclint/schemas/compose.schema.json', 'utf8'));
  const validate = addFormats(new Ajv({ strict: false })).compile(schema);

  test.each(named('/compose.yaml'))('%s fits the schema', path => expect(errors(validate, parse(ALL[path]))).toEqual([]));

  test('is refused by the schema when a key is misspelt', () => {
    const document = parse(SHOP['shop/compose.yaml']);
    document.services.api.readonly = true;
    expect(errors(validate, document)).toContain('/services/api must NOT have additional properties {"additionalProperty":"readonly"}');
  });

  test('is the same document to a parser of YAML 1.1', () => {
    for (const path of named('/compose.yaml')) expect(parse(ALL[path], { version: '1.1' })).toEqual(parse(ALL[path]));
  });
});

describe('kubernetes.yaml', () => {
  const { kinds, $defs } = JSON.parse(readFileSync('test/schemas/kubernetes.json', 'utf8'));
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  const validators = new Map(Object.entries(kinds).map(([kind, definition]) => [kind, ajv.compile({ $defs, $ref: `#/$defs/${definition}` })]));
  const files = named('/kubernetes.yaml', '.k8s.yaml');

  function objectErrors(object: any): string[] {
    const kind = `${object.apiVersion} ${object.kind}`;
    const validate = validators.get(kind);
    return validate ? errors(validate, object) : [`no schema for ${kind}`];
  }

  test.each(files)('%s fits the strict schema, object by object', path => {
    const objects = objectsOf(ALL[path]);
    expect(objects.length).toBeGreaterThan(5);
    expect(objects.flatMap(objectErrors)).toEqual([]);
  });

  test('has every kind of object somewhere', () => {
    const printed = files.flatMap(path => objectsOf(ALL[path])).map(({ apiVersion, kind }) => `${apiVersion} ${kind}`);
    expect([...new Set(printed)].sort()).toEqual(Object.keys(kinds).sort());
  });

  test.each(files)('%s has no two objects of one kind and name', path => {
    const names = objectsOf(ALL[path]).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('is refused by the schema when a field is misspelt, or of another type', () => {
    const deployment = objectsOf(SHOP['shop/kubernetes.yaml']).find(({ kind }) => kind === 'Deployment');
    const { containers } = deployment.spec.template.spec;
    containers[0].securityContext.readOnlyRootFileSystem = true;
    containers[0].ports[0].containerPort = '8000';
    expect(objectErrors(deployment)[0]).toMatch(/containerPort must be integer|readOnlyRootFileSystem/);
  });

  test('is the same document to a parser of YAML 1.1', () => {
    for (const path of files) expect(objectsOf(ALL[path], '1.1')).toEqual(objectsOf(ALL[path]));
  });
});

describe('Dockerfile', () => {
  test.each(named('/Dockerfile'))('%s is read by an independent parser, instruction for instruction', path => {
    const parsed = DockerfileParser.parse(ALL[path]).getInstructions().map(instruction => instruction.getKeyword());
    // a here-document ends at its word: what is inside is no instruction
    const printed = ALL[path].replace(/<<'EOF' ?(.*)\n[\s\S]*?\nEOF\n/g, '$1\n').replace(/\\\n/g, '').split('\n').filter(line => /^[A-Z]/.test(line));
    expect(parsed).toEqual(printed.map(line => line.split(' ')[0]));
    expect(parsed.length).toBeGreaterThan(3);
  });

  test('copies from no stage that it does not have', () => {
    for (const path of named('/Dockerfile')) {
      const dockerfile = DockerfileParser.parse(ALL[path]);
      const stages = dockerfile.getFROMs().map(from => from.getBuildStage());
      for (const copy of dockerfile.getCOPYs()) {
        const from = copy.getFromFlag()?.getValue();
        if (from) expect(stages).toContain(from);
      }
    }
  });
});
