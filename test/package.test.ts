import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';

const PROJECT = join(__dirname, '..');
const MOST_MILLISECONDS = 30;

jest.setTimeout(120_000);

describe('The package', () => {
  const user = mkdtempSync(join(realpathSync(tmpdir()), 'package-'));
  const installed = join(user, 'node_modules', 'cdk-wheelhouse');
  let packed: string[];

  beforeAll(() => {
    const [{ filename, files }] = JSON.parse(run(PROJECT, 'npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', user));
    packed = files.map((file: { path: string }) => file.path);
    mkdirSync(installed, { recursive: true });
    run(user, 'tar', '-xzf', join(user, filename), '-C', installed, '--strip-components=1');
    cpSync(join(PROJECT, 'node_modules', 'constructs'), join(user, 'node_modules', 'constructs'), { recursive: true });
  });

  afterAll(() => rmSync(user, { recursive: true }));

  describe('where only constructs is installed besides', () => {
    test('can be required', () => {
      expect(readdirSync(join(user, 'node_modules')).sort()).toEqual(['cdk-wheelhouse', 'constructs']);
      expect(run(user, process.execPath, '-e', "require('cdk-wheelhouse'); console.log(require.resolve('cdk-wheelhouse'))").trim())
        .toBe(join(installed, 'build', 'index.js'));
    });

    test('synthesizes an application', () => {
      mkdirSync(join(user, 'app'));
      writeFileSync(join(user, 'app', 'requirements.txt'), 'flask==3.1.2\ngunicorn==23.0.0\n');
      writeFileSync(join(user, 'application.js'), `
        const { App, Application, ComposeFile, PythonBase, PythonServer, PythonServiceImage, Service } = require('cdk-wheelhouse');
        const app = new App({ root: __dirname });
        const shop = new Application(app, 'shop');
        const image = new PythonServiceImage(shop, 'image', {
          source: 'app', base: PythonBase.chainguard(), server: PythonServer.gunicorn('app:app'),
        });
        new Service(shop, 'api', { image, publish: 8080 });
        new ComposeFile(shop, 'compose');
        console.log(JSON.stringify(app.synth().written));
      `);
      expect(JSON.parse(run(user, process.execPath, 'application.js')))
        .toEqual(['manifest.json', 'shop/compose.yaml', 'shop/images/image/Dockerfile', 'shop/images/image/Dockerfile.dockerignore']);
      expect(readFileSync(join(user, 'wheelhouse.out', 'shop', 'compose.yaml'), 'utf8')).toContain('\nname: shop\n');
    });

    test('can be imported by name from an ES module', () => {
      writeFileSync(join(user, 'program.mjs'), "import { App, Stage } from 'cdk-wheelhouse'; console.log(typeof App, typeof Stage);");
      expect(run(user, process.execPath, 'program.mjs')).toBe('function function\n');
    });

    test('gives names of submodules to ES modules', () => {
      writeFileSync(join(user, 'submodule.mjs'), `
        import { ecs, kubernetes, terraform } from 'cdk-wheelhouse';
        import { EcsApplication } from 'cdk-wheelhouse/ecs';
        import { KubernetesApplication } from 'cdk-wheelhouse/kubernetes';
        import { DockerApplication, TerraformApplication } from 'cdk-wheelhouse/terraform';
        console.log(ecs.EcsApplication === EcsApplication, kubernetes.KubernetesApplication === KubernetesApplication);
        console.log(terraform.DockerApplication === DockerApplication, terraform.TerraformApplication === TerraformApplication);
      `);
      expect(run(user, process.execPath, 'submodule.mjs')).toBe('true true\ntrue true\n');
    });

    test.each([
      ['cdk8s', 'an application in a Chart', 'kubernetes.KubernetesApplication'],
      ['aws-cdk-lib', 'an application in a Stack of it', 'ecs.EcsApplication'],
      ['cdktn', 'an application on AWS in a TerraformStack', 'terraform.TerraformApplication'],
      ['cdktn', 'an application on Docker in a TerraformStack', 'terraform.DockerApplication'],
    ])('needs %s only for %s', (peer, _, name) => {
      const make = `
        const { App, Application, ecs, kubernetes, terraform } = require('cdk-wheelhouse');
        const app = new App();
        new ${name}(app, 'host', { application: new Application(app, 'shop') });
      `;
      expect(() => run(user, process.execPath, '-e', make)).toThrow(`Cannot find module '${peer}'`);
    });

    test('has a command that says its version', () => {
      const { bin, version } = packageJson();
      expect(run(user, process.execPath, join(installed, bin.wheelhouse), '--version').trim()).toBe(version);
    });

    test(`costs less than ${MOST_MILLISECONDS} ms to require`, () => {
      expect(costOf(user, "require('cdk-wheelhouse')", 4)).toBeLessThan(MOST_MILLISECONDS);
    });

    test('is judged by a clock that sees what costs too much', () => {
      const busy = `for (const end = performance.now() + ${MOST_MILLISECONDS + 10}; performance.now() < end;);`;
      expect(costOf(user, busy, 1)).toBeGreaterThan(MOST_MILLISECONDS);
    });
  });

  describe('where its peers are installed, too', () => {
    const other = join(user, 'with-peers');
    const peers = ['aws-cdk-lib', 'cdk8s', 'cdktn'];

    beforeAll(() => {
      mkdirSync(join(other, 'node_modules'), { recursive: true });
      cpSync(installed, join(other, 'node_modules', 'cdk-wheelhouse'), { recursive: true });
      for (const name of [...peers, 'constructs']) symlinkSync(join(PROJECT, 'node_modules', name), join(other, 'node_modules', name));
    });

    test('does not load them for those who do not ask for them', () => {
      const loaded = (expression: string) => run(other, process.execPath, '-e', `
        ${expression};
        console.log(${JSON.stringify(peers)}.filter(name => Object.keys(require.cache).some(path => path.includes('/node_modules/' + name + '/'))).join(' '));
      `).trim();
      expect(loaded("require('cdk-wheelhouse')")).toBe('');
      expect(loaded("const { ecs, kubernetes, terraform } = require('cdk-wheelhouse'); [ecs.EcsApplication, kubernetes.KubernetesApplication, terraform.TerraformApplication]")).toBe('');
      expect(loaded("const { App, Application, ComposeFile } = require('cdk-wheelhouse'); new ComposeFile(new Application(new App(), 'shop'), 'compose')")).toBe('');
      for (const name of peers) expect(loaded(`require('${name}')`)).toBe(name);
    });

    test.each([
      ['a Chart', 'Deployment api true', `
        const { App, Chart } = require('cdk8s');
        const chart = new Chart(new App(), 'cluster');
        const application = declare(chart);
        const { workload } = new kubernetes.KubernetesApplication(chart, 'kubernetes', { application }).service('api');
        console.log(workload.kind, workload.name, chart.toJson().length > 3);
      `],
      ['a Stack of aws-cdk', 'shop-api true', `
        const { App, Stack, aws_ec2, aws_ecs } = require('aws-cdk-lib');
        const stack = new Stack(new App(), 'stack');
        const vpc = new aws_ec2.Vpc(stack, 'vpc');
        const application = declare(stack);
        const { service, taskDefinition } = new ecs.EcsApplication(stack, 'ecs', { application, vpc }).service('api');
        console.log(taskDefinition.family, service instanceof aws_ecs.FargateService);
      `],
      ['a TerraformStack', 'aws_ecs_service docker_container', `
        const { App, TerraformStack } = require('cdktn');
        const [aws, docker] = ['aws', 'docker'].map(id => new TerraformStack(new App(), id));
        const service = new terraform.TerraformApplication(aws, 'aws', { application: declare(aws), vpcId: 'vpc-1', subnetIds: ['subnet-a'] }).service('api').service;
        const { container } = new terraform.DockerApplication(docker, 'docker', { application: declare(docker) }).service('api');
        console.log(service.terraformResourceType, container.terraformResourceType);
      `],
    ])('makes an application in %s', (_, said, program) => {
      writeFileSync(join(other, 'program.js'), `
        const { Application, RegistryImage, Service, ecs, kubernetes, terraform } = require('cdk-wheelhouse');
        function declare(scope) {
          const application = new Application(scope, 'shop');
          const facts = { userId: 1000, groupId: 1000, ports: [8000], writablePaths: [] };
          new Service(application, 'api', { image: new RegistryImage(application, 'image', { reference: 'example.com/api:1', facts }) });
          return application;
        }
        ${program}
      `);
      expect(run(other, process.execPath, 'program.js')).toBe(`${said}\n`);
    });
  });

  test('names what it can do without, and the least that it can do with', () => {
    const { peerDependencies, peerDependenciesMeta, devDependencies } = packageJson();
    expect(Object.keys(peerDependencies).sort()).toEqual([...Object.keys(peerDependenciesMeta), 'constructs'].sort());
    for (const [name, range] of Object.entries(peerDependencies)) expect(range).toBe(`^${devDependencies[name]}`);
  });

  test.each(['.jsii', 'CHANGELOG.md', 'LICENSE', 'README.md', 'package.json', 'build/index.js', 'build/index.d.ts'])('contains %s', path => {
    expect(packed).toContain(path);
  });

  test('contains the file of its command, once that is written', () => {
    expect(packed.includes('build/cli/wheelhouse.js')).toBe(existsSync(join(PROJECT, 'lib', 'cli', 'wheelhouse.ts')));
    expect(packageJson().bin).toEqual({ wheelhouse: 'build/cli/wheelhouse.js' });
  });

  test('carries the libraries that it bundles, and no others', () => {
    const carried = packed.flatMap(path => /^node_modules\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? []).sort();
    expect(carried).toEqual(['commander', 'smol-toml', 'yaml']);
    expect(packageJson().bundledDependencies).toEqual(carried);
  });

  test('contains no TypeScript but declarations', () => {
    expect(packed.filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
  });

  test('contains nothing at its top but what users need', () => {
    expect([...new Set(packed.map(path => path.split('/')[0]))].sort())
      .toEqual(['.jsii', 'CHANGELOG.md', 'LICENSE', 'README.md', 'build', 'node_modules', 'package.json']);
  });

  test('exports what .jsii lists, and nothing else', () => {
    const listed = Object.values<{ name: string; namespace?: string }>(JSON.parse(readFileSync(join(PROJECT, '.jsii'), 'utf8')).types);
    const exported = exportedNames(readFileSync(join(PROJECT, 'lib', 'index.ts'), 'utf8'));
    expect(exported.length).toBeGreaterThan(30);
    expect(exported).toEqual(listed.filter(type => type.namespace === undefined).map(type => type.name).sort());
  });

  test('has its submodules as subpaths as well', () => {
    const { submodules } = JSON.parse(readFileSync(join(PROJECT, '.jsii'), 'utf8'));
    const names = Object.keys(submodules).map(name => name.split('.')[1]).sort();
    expect(names).toEqual(['ecs', 'kubernetes', 'terraform']);
    expect(Object.keys(packageJson().exports).sort()).toEqual(['.', './.jsii', './package.json', ...names.map(name => `./${name}`)].sort());
    for (const name of names) expect(packed).toEqual(expect.arrayContaining([`build/targets/${name}/index.js`, `build/targets/${name}/index.d.ts`]));
  });
});

/** Output of a program that has to end well, in an environment that leads node to nothing but what lies above `cwd`. */
function run(cwd: string, program: string, ...parameters: string[]): string {
  const env = { ...process.env, NODE_PATH: undefined, NODE_OPTIONS: undefined };
  const { status, stdout, stderr, error } = spawnSync(program, parameters, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')} failed in ${cwd}: ${error ?? stderr}`);
  return stdout;
}

/**
 * Milliseconds that a script takes longer than an empty one, each in a process of its own.
 *
 * The child tells the time since its process began: that has everything which loading costs, compilation and garbage included,
 * and leaves out what starting and reaping a process costs the parent. Pairs are interleaved, so that both sides get their
 * share of a quiet machine. The quickest of each side are compared, not the medians: other programs only ever add, and one
 * busy neighbour doubled the difference of medians. For the same reason a cost that is too high is measured on, some rounds.
 */
function costOf(cwd: string, script: string, rounds: number): number {
  const time = (code: string) => Number(run(cwd, process.execPath, '-e', `${code}\n;process.stdout.write(String(performance.now()))`));
  let [empty, full] = [Infinity, Infinity];
  for (let pair = 0; pair < 15 * rounds && !(pair > 0 && pair % 15 === 0 && full - empty < MOST_MILLISECONDS); pair++) {
    empty = Math.min(empty, time(''));
    full = Math.min(full, time(script));
  }
  return full - empty;
}

/** Names that a file of `export { … } from` gives on, sorted; those of submodules are not among them. */
function exportedNames(text: string): string[] {
  return ts.createSourceFile('index.ts', text, ts.ScriptTarget.ES2022).statements.flatMap(statement => {
    if (ts.isExportDeclaration(statement) && statement.exportClause) {
      return ts.isNamedExports(statement.exportClause) ? statement.exportClause.elements.map(element => element.name.text) : [];
    }
    throw new Error(`lib/index.ts has a statement that is neither 'export { … } from' nor 'export * as … from': ${text.slice(statement.pos, statement.end).trim()}`);
  }).sort();
}

interface PackageJson {
  version: string;
  bin: Record<string, string>;
  bundledDependencies: string[];
  exports: Record<string, unknown>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, unknown>;
  devDependencies: Record<string, string>;
}

function packageJson(): PackageJson {
  return JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
}
