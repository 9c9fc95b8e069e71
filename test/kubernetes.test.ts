/** kubernetes.yaml of an application that uses everything: as it reads, in any order of declaration, with ids and texts that are at the limit. */
import { readFileSync } from 'node:fs';
import Ajv2019 from 'ajv/dist/2019';
import { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { cluster, imageOf } from './cluster';
import { appWith, filesUnder } from './declare';
import { declareEverything, FULL_SOURCE } from './full-application';
import { golden, unread } from './golden';
import { nastyTexts } from './nasty-texts';
import { printYaml } from '../lib/output/yaml';
import { planApplication } from '../lib/services/plan-application';
import { kubernetesOutput } from '../lib/targets/kubernetes/kubernetes-output';
import { Application, Config, EnvValue, HealthCheck, Job, Network, Secret, Service, Volume, type ServiceProps } from 'cdk-wheelhouse';

const { kinds, $defs } = JSON.parse(readFileSync('test/schemas/kubernetes.json', 'utf8'));
const LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

describe('kubernetes.yaml of everything', () => {
  test('reads so', () => {
    const { application } = appWith(FULL_SOURCE);
    declareEverything(application);
    // a tag that does not change with each Dockerfile; the program is what test/wait-for.test.ts looks at
    const { objects } = kubernetesOutput(planApplication(application), { registry: 'registry.example.com/shop' }, () => '0123456789ab');
    golden('kubernetes-everything.yaml', printYaml(...objects.map(object => object.metadata.name === 'shop.start-order' ? { ...object, data: { 'wait_for.py': '…' } } : object)));
    expect(unread('kubernetes-')).toEqual([]);
  });

  test('is the same, with all losses, in whatever order it is declared', () => {
    const everything = (pick?: (count: number) => number) => {
      const { app, application, outdir } = appWith(FULL_SOURCE);
      declareEverything(application, pick);
      return { losses: app.synth().losses, text: filesUnder(outdir)['shop/kubernetes.yaml'] };
    };
    let state = 11;
    const random = (count: number) => {
      state = (state * 16807) % 2147483647;
      return state % count;
    };
    const first = everything();
    for (let round = 0; round < 8; round++) expect(everything(random)).toEqual(first);
  });
});

describe('ids of 63 characters', () => {
  const id = (start: string) => start.padEnd(63, 'x');
  const { objects, files } = cluster(declareLong);
  const names = objects.map(({ metadata }) => metadata.name as string);

  /** Two of each kind that are alike up to the last character. */
  function declareLong(application: Application): void {
    for (const last of ['a', 'b']) {
      const long = (start: string) => `${id(start).slice(0, 62)}${last}`;
      const image = imageOf(application, { interpreter: '/usr/bin/python3', writablePaths: [{ path: '/data', data: true }, { path: `/${long('tmp')}` }] }, `image-${last}`);
      const networks = [new Network(application, long('network'), { internal: true })];
      const volumes = [{ volume: new Volume(application, long('volume')), path: '/data' }];
      const mounts = { secrets: [new Secret(application, long('secret'))], configs: [{ config: new Config(application, long('config'), { text: 'x' }), path: '/c' }] };
      new Job(application, long('cron'), { image, networks, schedule: '0 3 * * *' });
      const job = new Job(application, long('job'), { image, networks });
      const scaling = { min: 2, max: 3 };
      const props: Partial<ServiceProps> = { networks, scaling, resources: { cpuReservation: 1 }, publish: last === 'a' ? 80 : undefined, ...mounts };
      new Service(application, long('plain'), { image, dependsOn: [job], ...props });
      new Service(application, long('stateful'), { image, volumes, networks, dependsOn: [job] });
    }
  }

  test('are names that are no other object\'s', () => {
    const whole = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(whole.filter((name, at) => whole.indexOf(name) !== at)).toEqual([]);
    expect(names.filter(name => name.length > 253)).toEqual([]);
  });

  test('leave room for what the cluster adds', () => {
    const longest = (...of: string[]) => Math.max(...objects.filter(({ kind }) => of.includes(kind)).map(({ metadata }) => metadata.name.length));
    expect([longest('CronJob'), longest('StatefulSet'), longest('Job'), longest('Service'), longest('Deployment')]).toEqual([52, 52, 63, 63, 63]);
  });

  test('are labels, volumes and containers as the API takes them', () => {
    const templates = objects.flatMap(({ spec }) => spec?.jobTemplate?.spec.template ?? spec?.template ?? []);
    expect(templates).toHaveLength(8);
    for (const { metadata, spec } of templates) {
      const volumes = spec.volumes.map(({ name }: { name: string }) => name);
      const containers = [...spec.containers, ...spec.initContainers ?? []].map(({ name }) => name);
      expect([...volumes, ...containers, ...Object.values(metadata.labels) as string[]].filter(name => !LABEL.test(name))).toEqual([]);
      expect(new Set(volumes).size).toBe(volumes.length);
      expect(Object.keys(metadata.labels).filter(key => key.split('/')[1].length > 63)).toEqual([]);
    }
  });

  test('fit the schema', () => {
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    const used = [...new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))];
    const validators = new Map(used.map(kind => [kind, ajv.compile({ $defs, $ref: `#/$defs/${kinds[kind]}` })]));
    expect(objects.filter(object => !validators.get(`${object.apiVersion} ${object.kind}`)!(object))).toEqual([]);
    expect(files['shop/kubernetes.yaml']).not.toMatch(/undefined|\[object/);
  });
});

describe('any text', () => {
  const texts = nastyTexts(600);
  // what compose cannot be given as a default is refused
  const defaults = texts.filter(text => !/[}\n\r]/.test(text));
  const { files, objects, container, template } = cluster(application => new Service(application, 'api', {
    image: imageOf(application),
    command: ['x', ...texts],
    healthCheck: HealthCheck.command(['x', ...texts]),
    environment: {
      ...Object.fromEntries(texts.map((text, at) => [`V${at}`, text])),
      ...Object.fromEntries(defaults.map((defaultValue, at) => [`D${at}`, EnvValue.deployer('D', { defaultValue })])),
    },
    labels: Object.fromEntries(texts.map((text, at) => [`l${at}`, text])),
    configs: texts.map((text, at) => ({ config: new Config(new Construct(application, `config-${at}`), `c${at}`, { text }), path: `/c/${at}` })),
  }));

  test('is what the process is given, as a kubelet reads it', () => {
    const { args, env, readinessProbe } = container();
    const value = (name: string) => env.find((one: { name: string }) => one.name === name).value ?? '';
    expect(args.slice(1).map(expanded)).toEqual(texts);
    expect(readinessProbe.exec.command.slice(1).map(expanded)).toEqual(texts);
    expect(texts.map((_, at) => expanded(value(`V${at}`)))).toEqual(texts);
    expect(defaults.map((_, at) => expanded(value(`D${at}`)))).toEqual(defaults);
  });

  test('is what tools and files read', () => {
    expect(texts.map((_, at) => template().metadata.annotations[`l${at}`])).toEqual(texts);
    const data = Object.fromEntries(objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata, data: of }) => [metadata.name, of[metadata.name]]));
    expect(texts.map((_, at) => data[`c${at}`])).toEqual(texts);
  });

  test('is the same to a parser of YAML 1.1, as that of kubectl', () => {
    expect(parseAllDocuments(files['shop/kubernetes.yaml'], { version: '1.1' }).map(document => document.toJS())).toEqual(objects);
  });
});

/** As a kubelet does: `$$` is a dollar sign, `$(NAME)` the variable, of which there is none by such a name. */
function expanded(text: string): string {
  return text.replace(/\$\$|\$\([^)]*\)/g, match => match === '$$' ? '$' : '(a variable)');
}
