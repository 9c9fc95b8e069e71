/** compose.yaml of an application that uses everything: as a person would have written it, the same in any order, and what the schema allows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { appWith, filesUnder, folder } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { golden, unread } from './golden';
import { nastyTexts } from './nasty-texts';
import { printYaml } from '../lib/output/yaml';
import { SERVICE_KEYS, TOP_KEYS } from '../lib/targets/compose/key-order';
import { App, Application, ComposeFile, RegistryImage, Secret, Service } from 'cdk-wheelhouse';

const { $schema: _, ...SCHEMA } = JSON.parse(readFileSync('node_modules/dclint/schemas/compose.schema.json', 'utf8'));
const validate = addFormats(new Ajv({ strict: false })).compile(SCHEMA);

function everything(pick?: (count: number) => number): Record<string, string> {
  const { app, application, outdir } = appWith(FULL_SOURCE);
  declareEverything(application, pick);
  app.synth();
  return filesUnder(outdir);
}

describe('compose.yaml of everything', () => {
  const first = everything();
  const compose = first['shop/compose.yaml'];

  test('reads so', () => {
    golden('compose-everything.yaml', compose);
    expect(unread('compose-')).toEqual([]);
  });

  test('fits the published schema', () => {
    expect(validate(parse(compose)) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...parse(compose), servces: {} })).toBe(false);
  });

  test('is the same, with all else, in whatever order it is declared', () => {
    let state = 7;
    const random = (count: number) => {
      state = (state * 16807) % 2147483647;
      return state % count;
    };
    for (let round = 0; round < 10; round++) expect(everything(random)).toEqual(first);
  });

  test('has the texts of configs beside it', () => {
    expect(first['shop/configs/settings']).toBe('[api]\nprice = "5 $"\n');
    expect(parse(compose).configs).toEqual({ settings: { file: './configs/settings' } });
  });

  test('changes the label of a service with the text of its configs, so that compose starts it again', () => {
    const label = (text: string) => /cdk-wheelhouse\/configs: (\w+)/.exec(text)![1];
    const { app, application, outdir } = appWith(FULL_SOURCE);
    const made = declareEverything(application);
    made.settings._text = 'other\n';
    app.synth();
    expect(label(filesUnder(outdir)['shop/compose.yaml'])).not.toBe(label(compose));
    expect(compose.match(/cdk-wheelhouse\/configs/g)).toHaveLength(1);
  });
});

describe('paths', () => {
  const written = (root: string, outdir: string) => {
    const app = new App({ root, outdir });
    const application = new Application(app, 'shop');
    const made = new RegistryImage(application, 'image', { reference: 'a:1', facts: { ports: [], writablePaths: [] } });
    new Service(application, 'api', { image: made, secrets: [new Secret(application, 'token')] });
    new ComposeFile(application, 'compose');
    app.synth();
    return parse(filesUnder(outdir)['shop/compose.yaml']);
  };

  test('start at the file, wherever synth was started', () => {
    const root = folder();
    const before = process.cwd();
    try {
      process.chdir('/');
      expect(written(root, join(root, 'deploy/out')).secrets).toEqual({ token: { file: '../../../secrets/token' } });
    } finally {
      process.chdir(before);
    }
  });

  test('keep their dollar signs', () => {
    const parent = folder();
    expect(written(join(parent, 'a'), join(parent, 'b$c')).secrets).toEqual({ token: { file: '../../a/secrets/token' } });
    expect(written(join(parent, 'a$b'), join(parent, 'c')).secrets).toEqual({ token: { file: '../../a$$b/secrets/token' } });
  });
});

describe('keys', () => {
  test('have a place each, as the schema has them', () => {
    expect([...SERVICE_KEYS].sort()).toEqual(Object.keys(SCHEMA.definitions.service.properties).sort());
    expect([...TOP_KEYS, 'version'].sort()).toEqual(Object.keys(SCHEMA.properties).sort());
  });
});

describe('the printer', () => {
  test('writes texts that parsers of every version of YAML read as they are', () => {
    const texts = nastyTexts(3000, 5);
    const document = { list: texts, map: Object.fromEntries(texts.map((text, index) => [`${text}#${index}`, text])), lists: texts.map(text => [text, [text, 'x'], { key: text }]) };
    const printed = printYaml(document);
    for (const version of ['1.1', '1.2'] as const) expect(parse(printed, { version })).toEqual(document);
  });

  test('quotes what only the parser of compose reads as something else', () => {
    const texts = [':a', '-', 'a?b', 'a\nb', '0o7', '1_0.5', '0X1f', '\u007f', '\u2028', '\ufeff'];
    expect(printYaml({ texts }).split('\n')[1]).toBe('texts: [":a", "-", "a?b", "a\\nb", "0o7", "1_0.5", "0X1f", "\\u007f", "\\u2028", "\\ufeff"]');
    expect(printYaml({ text: '\ta\nb' }).split('\n')[1]).toBe('text: "\\ta\\nb"');
  });
});
