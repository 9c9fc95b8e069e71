/** What a container sees is what was declared: environment, arguments, labels, files, and defaults of variables of whoever deploys. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { describeOnEngine, docker, run, succeed } from './engine';
import { printYaml } from '../../lib/output/yaml';
import { nastyTexts } from '../nasty-texts';
import { App, Application, BaseImage, ComposeFile, Config, EnvValue, Job, RegistryImage, type ConfigMount } from 'cdk-wheelhouse';

const PROJECT = ['--project-name', 'wheelhouse-values'];
/** Says what it sees, as JSON in ASCII. */
const PROGRAM = 'import json, os, sys; print(json.dumps([dict(os.environ), sys.argv[1:],'
  + ' {entry.name: open(entry.path, newline="").read() for entry in os.scandir("/etc/texts")}]))';

const TEXTS = nastyTexts(300);
const named = (prefix: string) => Object.fromEntries(TEXTS.map((text, index) => [`${prefix}${index}`, text]));

function declared() {
  const root = folder();
  const app = new App({ root });
  const application = new Application(app, 'values');
  const image = new RegistryImage(application, 'image', {
    reference: BaseImage.chainguardPython().reference,
    facts: { userId: 65532, groupId: 65532, ports: [], writablePaths: [], handlesStopSignal: true },
  });
  const configs = TEXTS.map((text, index): ConfigMount => ({ config: new Config(application, `text-${index}`, { text }), path: `/etc/texts/${index}` }));
  const defaults = TEXTS.filter(text => !/[}\n\r]/.test(text));
  const deployed = Object.fromEntries(defaults.map((defaultValue, index) => [`D${index}`, EnvValue.deployer(`WHEELHOUSE_D${index}`, { defaultValue })]));
  new Job(application, 'probe', {
    image,
    command: ['-c', PROGRAM, ...TEXTS],
    environment: { ...named('E'), ...deployed, REQUIRED: EnvValue.deployer('WHEELHOUSE_REQUIRED') },
    labels: named('com.example.label-'),
    logging: { driver: 'json-file', options: { tag: 'a ${b} $c {{.Name}}' } },
    configs,
  });
  new ComposeFile(application, 'compose');
  app.synth();
  return { file: join(root, 'wheelhouse.out/values/compose.yaml'), defaults };
}

describeOnEngine('compose', () => {
  const { file, defaults } = declared();
  const compose = ['compose', '--file', file, ...PROJECT];
  const required = { WHEELHOUSE_REQUIRED: 'it $is {there}' };

  afterAll(() => run('docker', [...compose, 'down', '--volumes'], required));

  test('gives a process the environment, the arguments and the files that were declared', () => {
    const [environment, words, files] = JSON.parse(succeed('docker', [...compose, 'run', '--rm', '--no-TTY', 'probe'], required));
    expect(words).toEqual(TEXTS);
    expect(files).toEqual(named(''));
    expect(environment).toMatchObject(named('E'));
    expect(environment).toMatchObject(Object.fromEntries(defaults.map((text, index) => [`D${index}`, text])));
    expect(environment.REQUIRED).toBe('it $is {there}');
  });

  test('takes a value from whoever deploys in place of a default', () => {
    const own = Object.fromEntries(defaults.map((_, index) => [`WHEELHOUSE_D${index}`, `own ${index} $HOME }`]));
    const [environment] = JSON.parse(succeed('docker', [...compose, 'run', '--rm', '--no-TTY', 'probe'], { ...required, ...own }));
    expect(environment).toMatchObject(Object.fromEntries(defaults.map((_, index) => [`D${index}`, `own ${index} $HOME }`])));
  });

  test('says which variable is missing', () => {
    const { stderr } = run('docker', [...compose, 'config', '--quiet']);
    expect(stderr).toMatch(/WHEELHOUSE_REQUIRED.*set it where compose runs, or in a file \.env/);
  });

  test('gives a container the labels and log options that were declared', () => {
    succeed('docker', [...compose, 'create', 'probe'], required);
    const [{ Config: { Labels: labels }, HostConfig: { LogConfig: log } }] = JSON.parse(docker('inspect', 'wheelhouse-values-probe-1'));
    expect(labels).toMatchObject(named('com.example.label-'));
    expect(log).toEqual({ Type: 'json-file', Config: { tag: 'a ${b} $c {{.Name}}' } });
  });

  test('reads texts as they are wherever they stand in a file', () => {
    const texts = nastyTexts(5000, 2).map(text => text.replace(/\$/g, '_'));
    const path = join(folder(), 'compose.yaml');
    const places = { 'x-list': texts, 'x-lists': texts.map(text => [[text], { key: text, map: {} }]), 'x-keys': Object.fromEntries(texts.map((text, index) => [`${text}#${index}`, text])) };
    writeFileSync(path, printYaml({ services: { a: { image: 'a' } }, ...places }));
    expect(JSON.parse(docker('compose', '--file', path, 'config', '--format', 'json'))).toMatchObject(places);
  });
});
