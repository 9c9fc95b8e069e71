/** The output against the published schemas, and the Dockerfiles against an independent parser. */
import { readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import Ajv2019 from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import { DockerfileParser } from 'dockerfile-ast';
import { parse, parseAllDocuments } from 'yaml';
import { appWith, declareShop, filesUnder } from './declare';
import { PythonBase } from 'cdk-wheelhouse';

const SHOP = synthesized();

function synthesized(): Record<string, string> {
  const { app, application, outdir } = appWith();
  declareShop(application, PythonBase.slim({ python: '3.13', debian: 'bookworm' }));
  app.synth();
  return { ...filesUnder(outdir), ...prefixed('flask-nginx/', filesUnder('examples/flask-nginx/wheelhouse.out')) };
}

function prefixed(prefix: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [prefix + path, text]));
}

function named(name: string): string[] {
  return Object.keys(SHOP).filter(path => path.endsWith(`/${name}`));
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

  test.each(named('compose.yaml'))('%s fits the schema', path => expect(errors(validate, parse(SHOP[path]))).toEqual([]));

  test('is refused by the schema when a key is misspelt', () => {
    const document = parse(SHOP['shop/compose.yaml']);
    document.services.api.readonly = true;
    expect(errors(validate, document)).toContain('/services/api must NOT have additional properties {"additionalProperty":"readonly"}');
  });

  test('is the same document to a parser of YAML 1.1', () => {
    for (const path of named('compose.yaml')) expect(parse(SHOP[path], { version: '1.1' })).toEqual(parse(SHOP[path]));
  });
});

describe('kubernetes.yaml', () => {
  const { kinds, $defs } = JSON.parse(readFileSync('test/schemas/kubernetes.json', 'utf8'));
  const ajv = new Ajv2019({ strict: false, validateFormats: false });

  function objectErrors(object: any): string[] {
    const definition = kinds[`${object.apiVersion} ${object.kind}`];
    return definition ? errors(ajv.compile({ $defs, $ref: `#/$defs/${definition}` }), object) : [`no schema for ${object.apiVersion} ${object.kind}`];
  }

  test.each(named('kubernetes.yaml'))('%s fits the strict schema', path => {
    const objects = parseAllDocuments(SHOP[path]).map(document => document.toJS());
    expect(objects.map(object => object.kind)).toEqual(['Deployment', 'Service', 'Deployment', 'Service']);
    expect(objects.flatMap(objectErrors)).toEqual([]);
  });

  test('is refused by the schema when a field is misspelt, or of another type', () => {
    const [deployment] = parseAllDocuments(SHOP['shop/kubernetes.yaml']).map(document => document.toJS());
    const { containers } = deployment.spec.template.spec;
    containers[0].securityContext.readOnlyRootFileSystem = true;
    containers[0].ports[0].containerPort = '8000';
    expect(objectErrors(deployment)[0]).toMatch(/containerPort must be integer|readOnlyRootFileSystem/);
  });

  test('is the same document to a parser of YAML 1.1', () => {
    const read = (text: string, version: '1.1' | '1.2') => parseAllDocuments(text, { version }).map(document => document.toJS());
    for (const path of named('kubernetes.yaml')) expect(read(SHOP[path], '1.1')).toEqual(read(SHOP[path], '1.2'));
  });
});

describe('Dockerfile', () => {
  test.each(named('Dockerfile'))('%s is read by an independent parser, instruction for instruction', path => {
    const parsed = DockerfileParser.parse(SHOP[path]).getInstructions().map(instruction => instruction.getKeyword());
    // a here-document ends at its word: what is inside is no instruction
    const printed = SHOP[path].replace(/<<'EOF' (.*)\n[\s\S]*?\nEOF\n/g, '$1\n').replace(/\\\n/g, '').split('\n').filter(line => /^[A-Z]/.test(line));
    expect(parsed).toEqual(printed.map(line => line.split(' ')[0]));
    expect(parsed.length).toBeGreaterThan(7);
  });

  test('copies from no stage that it does not have', () => {
    for (const path of named('Dockerfile')) {
      const dockerfile = DockerfileParser.parse(SHOP[path]);
      const stages = dockerfile.getFROMs().map(from => from.getBuildStage());
      for (const copy of dockerfile.getCOPYs()) {
        const from = copy.getFromFlag()?.getValue();
        if (from) expect(stages).toContain(from);
      }
    }
  });
});
