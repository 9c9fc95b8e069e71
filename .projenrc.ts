import { cdk, javascript } from 'projen';

// hosts of other constructs: needed by those who touch the submodule of the same target
const OPTIONAL_PEERS = ['aws-cdk-lib@^2.240.0', 'cdk8s@^2.70.0', 'cdktn@^0.24.0'];

const project = new cdk.JsiiProject({
  name: 'cdk-wheelhouse',
  description: 'Python containers as typed constructs: declare a service once, synthesize Dockerfiles, compose, Kubernetes, ECS and Terraform',
  author: 'cdk-wheelhouse authors',
  authorAddress: 'cdk-wheelhouse@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-wheelhouse/cdk-wheelhouse.git',
  license: 'Apache-2.0',
  copyrightOwner: 'the cdk-wheelhouse authors',
  keywords: ['cdk', 'aws-cdk', 'awscdk', 'cdk8s', 'cdktf', 'cdktn', 'constructs', 'docker', 'dockerfile', 'compose', 'ecs', 'kubernetes', 'python', 'terraform'],
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.16.0',

  // sources in lib/, compiled to build/; jsii.outdir stays dist/ (the packages for other languages)
  srcdir: 'lib',
  libdir: 'build',
  entrypoint: 'build/index.js',
  testdir: 'test',
  sampleCode: false,
  bin: { wheelhouse: 'build/cli/wheelhouse.js' },

  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  typecheckTests: true,
  eslintOptions: { dirs: ['lib'], devdirs: ['test', 'examples', 'bench'] },
  jestOptions: {
    jestVersion: '^30',
    configFilePath: 'jest.config.json',
    junitReporting: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      collectCoverage: false,
      testPathIgnorePatterns: ['/node_modules/', '/test/e2e/'],
      modulePathIgnorePatterns: ['<rootDir>/dist/'],
      // tests and the examples they load run the sources, never a stale build/
      moduleNameMapper: { '^cdk-wheelhouse$': '<rootDir>/lib/index.ts', '^cdk-wheelhouse/(ecs|kubernetes|terraform)$': '<rootDir>/lib/targets/$1/index.ts' },
    },
  },

  docgen: true,
  peerDeps: ['constructs@^10.6.0', ...OPTIONAL_PEERS],
  bundledDeps: ['commander@^14', 'smol-toml@^1', 'yaml@^2.8.0'],
  devDeps: ['ajv@^8', 'ajv-formats@^3', 'cdk-nag@^2', 'cdk8s-plus-34@^2', 'cdktf@^0.21.0', 'dclint@^3', 'dockerfile-ast@^0.7', 'fast-check@^4', 'ts-node@^10'],

  publishToPypi: { distName: 'cdk-wheelhouse', module: 'cdk_wheelhouse' },

  // the pipelines of whoever hosts the repository call .ci/run
  github: false,
  release: false,
  depsUpgrade: false,
  buildWorkflow: false,

  gitignore: ['.DS_Store', '/test-results/', 'cdk.out/', 'cdktf.out/'],
});

project.package.addField('exports', {
  '.': { types: './build/index.d.ts', default: './build/index.js' },
  ...Object.fromEntries(['ecs', 'kubernetes', 'terraform'].map(target => [`./${target}`, { types: `./build/targets/${target}/index.d.ts`, default: `./build/targets/${target}/index.js` }])),
  './package.json': './package.json',
  './.jsii': './.jsii',
});

project.package.addField('peerDependenciesMeta', Object.fromEntries(OPTIONAL_PEERS.map(peer => [peer.split('@')[0], { optional: true }])));

// some registries lack 1.13.0's binaries for other platforms, which breaks `npm ci`
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

// node 20 is still the floor: no banner on each jsii call
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

// the lock file names no registry: `npm ci` asks the one that is configured
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

// what a file that is gone left behind must not be packed
project.compileTask.prependExec('node -e "fs.rmSync(\'build\', { recursive: true, force: true })"');
project.compileTask.exec('node build-tools/lazy-index.js build/index.js');

const examples = new javascript.TypescriptConfig(project, {
  fileName: 'examples/tsconfig.json',
  include: ['**/*.ts'],
  compilerOptions: { noEmit: true, rootDir: '..', isolatedModules: true },
});
examples.addExtends(project.tsconfig!);

const bench = new javascript.TypescriptConfig(project, {
  fileName: 'bench/tsconfig.json',
  include: ['**/*.ts'],
  compilerOptions: { noEmit: true, rootDir: '..', isolatedModules: true },
});
bench.addExtends(project.tsconfig!);

// tests run child processes on the compiled package, and the examples import it by name
project.testTask.prependExec('tsc --noEmit -p examples/tsconfig.json');
project.testTask.prependExec('tsc --noEmit -p bench/tsconfig.json');
project.testTask.prependSpawn(project.compileTask);

const e2e = project.addTask('test:e2e', {
  description: 'Builds and runs every example on a real container engine',
  steps: [{ spawn: project.compileTask.name }, { exec: 'jest --config test/e2e/jest.config.json --runInBand', receiveArgs: true }],
});
e2e.env('NODE_OPTIONS', '--no-warnings');

project.addTask('test:properties', {
  description: 'Property tests of the printer with 100,000 strings each: some minutes',
  steps: [{ exec: 'jest test/printer-properties.test.ts', env: { PROPERTY_RUNS: '100000' } }],
});

project.addTask('bench', {
  description: 'Benchmarks: npm run bench -- images [--quick] and layouts [--quick] (on a container engine), npm run bench -- synth [--quick], npm run bench -- kubernetes [--quick], npm run bench -- ecs [--quick]',
  steps: [{ spawn: project.compileTask.name }, { exec: 'ts-node -T -P bench/tsconfig.json bench/run.ts', receiveArgs: true }],
});

project.addTask('demo', {
  description: 'Synthesizes examples/flask-nginx and says what to do next',
  steps: [{ spawn: project.compileTask.name }, { exec: 'node build/cli/wheelhouse.js synth --directory examples/flask-nginx' }],
});

project.addTask('test:crashes', {
  description: 'Kills synth at 200 random moments: a minute or two',
  steps: [{ spawn: project.compileTask.name }, { exec: 'jest test/writer-crash.test.ts', env: { CRASHES: '200' } }],
});

for (const path of ['/.ci/', '/bench/', '/build-tools/', '/docs/', '/examples/', '/API.md', '/CONTRIBUTING.md', '/jest.config.json', '/.eslintrc.json', '/wheelhouse.out/', '/test-results/']) {
  project.addPackageIgnore(path);
}

project.synth();
