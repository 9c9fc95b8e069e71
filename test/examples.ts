/** Runs examples as their users do: the compiled package, a process of its own, a copy of the folder. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { filesUnder } from './declare';

/** How a run differs from the usual one. */
export interface Run {
  readonly env?: NodeJS.ProcessEnv;
  /** Part of the new folder's name. */
  readonly folder?: string;
  /** Changes the text of the declaration, application.ts. */
  readonly edit?: (declaration: string) => string;
  /** What is run instead of the program that wheelhouse.json names. */
  readonly program?: string;
  /** Folder that it writes to. */
  readonly output?: string;
  /** Changes the folder before the program runs. */
  readonly prepare?: (root: string) => void;
}

/** Synthesizes an example in a copy of its folder; answers with the files that it wrote and where. */
export function synthesize(example: string, run: Run = {}): { root: string; files: Record<string, string> } {
  const { env = {}, folder = 'example', edit = text => text, prepare = () => undefined, program = programOf(example), output = 'wheelhouse.out' } = run;
  const parent = mkdtempSync(join(tmpdir(), 'wheelhouse-'));
  const root = join(parent, folder);
  cpSync(join('examples', example), root, { recursive: true, filter: path => !path.endsWith('.out') });
  mkdirSync(join(parent, 'node_modules'));
  symlinkSync(resolve('.'), join(parent, 'node_modules/cdk-wheelhouse'));
  for (const peer of ['aws-cdk-lib', 'cdk-nag', 'cdk8s', 'cdktn']) symlinkSync(resolve('node_modules', peer), join(parent, 'node_modules', peer));
  const declaration = join(root, 'application.ts');
  writeFileSync(declaration, edit(readFileSync(declaration, 'utf8')));
  prepare(root);
  const args = ['-r', resolve('node_modules/ts-node/register/transpile-only'), join(root, program)];
  // what the commands of aws-cdk and cdktn say
  const hosts = { CDK_OUTDIR: join(root, 'cdk.out'), CDKTF_OUTDIR: join(root, 'cdktf.out') };
  const options = JSON.stringify({ module: 'node16', moduleResolution: 'node16', target: 'es2022' });
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...hosts, ...env, TS_NODE_COMPILER_OPTIONS: options, TS_NODE_SKIP_PROJECT: 'true' } });
  if (status !== 0) throw new Error(`${example} failed: ${stderr}`);
  return { root, files: filesUnder(join(root, output)) };
}

/** The program that `wheelhouse synth` runs. */
export function programOf(example: string): string {
  const { app } = JSON.parse(readFileSync(join('examples', example, 'wheelhouse.json'), 'utf8'));
  return /^npx ts-node -T (\w+\.ts)$/.exec(app)![1];
}
