/** Measures Kubernetes output beside the same objects by hand in cdk8s-plus: synthesis, lines that somebody writes, findings of kube-linter's checks. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { writeFigures } from './figures';
import { differences, inventory, kinds } from './kubernetes/inventory';
import { shopByHand } from './kubernetes/shop-cdk8s-plus';
import { shopByUs } from './kubernetes/shop-ours';
import { characters, inTurns, perService, ratios, run, sourceLines, table } from './turns';
import { kubeLinterFindings } from '../test/e2e/kubernetes/kube-linter';
import { type KubernetesObject, read } from '../test/e2e/kubernetes/manifests';

const FOLDER = 'bench/kubernetes';
const SIZES = [1, 10, 100, 1_000];
const ROUNDS = 3;
/** Services of which each kind of the benchmark is one, twice. */
const ALL_KINDS = 20;

/** By what each program is called in tables. */
const PROGRAMS = {
  'cdk8s-plus': ['cdk8s-plus', 'chart'],
  'ours: Chart': ['ours', 'chart'],
  'ours: kubernetes.yaml': ['ours', 'file'],
  'ours: Chart, one built image': ['ours', 'built'],
} as const;
type Program = keyof typeof PROGRAMS;
const NAMES = Object.keys(PROGRAMS) as Program[];
const [YARDSTICK, ...OURS] = NAMES;

/** `--quick`: one round. */
export async function benchKubernetes(options: string[]): Promise<void> {
  const unknown = options.find(option => option !== '--quick');
  if (unknown) throw new Error(`option '${unknown}' is not known; there is --quick`);
  const rounds = options.includes('--quick') ? 1 : ROUNDS;
  mustBeAlike();
  const shop = shopFigures();
  const results = inTurns(FOLDER, PROGRAMS, SIZES, rounds);
  const text = [
    `Median of ${rounds} rounds, ${availableParallelism()} cores; in brackets the ratio to cdk8s-plus.`,
    '',
    'A process of its own, from its start to the files, milliseconds per service:',
    '',
    ratios(results, perService('whole')),
    '',
    'The same in a process that has done it before, milliseconds per service:',
    '',
    ratios(results, perService('warm')),
    '',
    'Peak memory of the process, MB:',
    '',
    ratios(results, sample => sample.megabytes, 0),
    '',
    'The shop of [examples/fastapi-postgres](../examples/fastapi-postgres):',
    '',
    shop,
    '',
  ].join('\n');
  process.stdout.write(text);
  if (!options.includes('--quick')) writeFigures('kubernetes', text);
}

/** Compares what the programs make; images that are built write to other directories, so that only their kinds are alike. */
function mustBeAlike(): void {
  const wanted = made(YARDSTICK);
  for (const name of OURS) {
    const numbers = name === 'ours: Chart, one built image' ? kinds : inventory;
    mustBeEqual(name, numbers(made(name)), numbers(wanted));
  }
}

function mustBeEqual(name: string, ...[numbers, wanted]: Parameters<typeof differences>): void {
  const problems = differences(numbers, wanted);
  if (problems.length > 0) throw new Error(`${name} makes other objects than cdk8s-plus, and would not be compared to it: ${problems.join('; ')}`);
}

/** What a program writes. */
function made(name: Program): KubernetesObject[] {
  const outdir = mkdtempSync(join(tmpdir(), 'wheelhouse-kubernetes-'));
  try {
    run(FOLDER, name, PROGRAMS[name], ALL_KINDS, outdir);
    const files = readdirSync(outdir, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.yaml'));
    return files.flatMap(path => read(readFileSync(join(outdir, path), 'utf8')));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** One application, both ways: lines, and what a linter says of them before anything is acknowledged. */
function shopFigures(): string {
  const [ours, theirs] = [shopByUs, shopByHand].map(declare => objectsOf(declare));
  mustBeEqual('ours: the shop', inventory(ours), inventory(theirs));
  const ourLines = sourceLines('bench/shop.ts', `${FOLDER}/shop-ours.ts`);
  const theirLines = sourceLines(`${FOLDER}/shop-cdk8s-plus.ts`);
  return table(['', 'cdk8s-plus', 'ours'], [
    ['lines without blank lines and comments', `${theirLines.length}`, `${ourLines.length}`],
    ['characters in them without white space', characters(theirLines), characters(ourLines)],
    ['objects', `${theirs.length}`, `${ours.length}`],
    ["findings of kube-linter's default checks", findings(theirs), findings(ours)],
  ]);
}

function objectsOf(declare: (chart: Chart) => void): KubernetesObject[] {
  const app = new App();
  declare(new Chart(app, 'shop', { namespace: 'shop', disableResourceNameHashes: true }));
  return read(app.synthYaml());
}

function findings(objects: readonly KubernetesObject[]): string {
  const found = kubeLinterFindings(objects).map(({ rule }) => rule);
  const rules = [...new Set(found)].sort();
  return [`${found.length}`, ...rules.map(rule => `${rule} ${found.filter(one => one === rule).length}`)].join('; ');
}
