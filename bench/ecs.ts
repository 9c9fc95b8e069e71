/** Measures ECS output beside the same template by hand in aws-cdk-lib: synthesis, and lines that somebody writes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { differences, inventory, type Template } from './ecs/inventory';
import { placeIn, templateOf } from './ecs/place';
import { shopByHand } from './ecs/shop-aws-cdk';
import { shopByUs } from './ecs/shop-ours';
import { writeFigures } from './figures';
import { characters, inTurns, perService, ratios, run, sourceLines, table } from './turns';

const FOLDER = 'bench/ecs';
const SIZES = [1, 10, 50, 200];
const ROUNDS = 3;
/** Services of which each kind of the benchmark is one, twice. */
const ALL_KINDS = 20;

/** By what each program is called in tables. */
const PROGRAMS = {
  'aws-cdk-lib': ['aws-cdk', 'registry'],
  'ours': ['ours', 'registry'],
  'aws-cdk-lib, one built image': ['aws-cdk', 'built'],
  'ours, one built image': ['ours', 'built'],
} as const;
type Program = keyof typeof PROGRAMS;
const YARDSTICKS = { 'aws-cdk-lib, one built image': undefined, 'ours, one built image': 'aws-cdk-lib, one built image' } as const;

/** `--quick`: one round. */
export async function benchEcs(options: string[]): Promise<void> {
  const unknown = options.find(option => option !== '--quick');
  if (unknown) throw new Error(`option '${unknown}' is not known; there is --quick`);
  const rounds = options.includes('--quick') ? 1 : ROUNDS;
  mustSayTheSame('ours', made('ours'), made('aws-cdk-lib'));
  mustSayTheSame('ours, one built image', made('ours, one built image'), made('aws-cdk-lib, one built image'));
  const shop = shopFigures();
  const results = inTurns(FOLDER, PROGRAMS, SIZES, rounds);
  const text = [
    `Median of ${rounds} rounds, ${availableParallelism()} cores; in brackets the ratio to aws-cdk-lib with the same kind of image.`,
    '',
    'A process of its own, from its start to the files, milliseconds of processors per service:',
    '',
    ratios(results, perService('wholeProcessor'), 1, YARDSTICKS),
    '',
    'The same in a process that has done it before, milliseconds of processors per service:',
    '',
    ratios(results, perService('warmProcessor'), 1, YARDSTICKS),
    '',
    'Peak memory of the process, MB:',
    '',
    ratios(results, sample => sample.megabytes, 0, YARDSTICKS),
    '',
    'The shop of [examples/fastapi-postgres](../examples/fastapi-postgres):',
    '',
    shop,
    '',
  ].join('\n');
  process.stdout.write(text);
  if (!options.includes('--quick')) writeFigures('ecs', text);
}

function mustSayTheSame(name: string, ours: Template, theirs: Template): void {
  const problems = differences(inventory(ours), inventory(theirs)).map(one => `${one.said}: ${one.ours}, not ${one.theirs}`);
  if (problems.length > 0) throw new Error(`${name}: the template is not that of aws-cdk-lib, and would not be compared to it: ${problems.join('; ')}`);
}

/** What a program writes. */
function made(name: Program): Template {
  return synthesized(outdir => { run(FOLDER, name, PROGRAMS[name], ALL_KINDS, outdir); });
}

function synthesized(write: (outdir: string) => void): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'wheelhouse-ecs-'));
  try {
    write(outdir);
    return JSON.parse(readFileSync(templateOf(outdir), 'utf8')) as Template;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** One application, both ways. */
function shopFigures(): string {
  const [ours, theirs] = [shopByUs, shopByHand].map(declare => synthesized(outdir => { synthesizeShop(declare, outdir); }));
  mustSayTheSame('ours: the shop', ours, theirs);
  const ourLines = sourceLines('bench/shop.ts', `${FOLDER}/shop-ours.ts`);
  const theirLines = sourceLines(`${FOLDER}/shop-aws-cdk.ts`);
  return table(['', 'aws-cdk-lib', 'ours'], [
    ['lines without blank lines and comments', `${theirLines.length}`, `${ourLines.length}`],
    ['characters in them without white space', characters(theirLines), characters(ourLines)],
    ['resources', ...[theirs, ours].map(({ Resources }) => `${Object.keys(Resources).length}`)],
  ]);
}

function synthesizeShop(declare: (stack: Stack, vpc: IVpc) => void, outdir: string): void {
  const { app, stack, vpc } = placeIn(outdir);
  declare(stack, vpc);
  app.synth();
}
