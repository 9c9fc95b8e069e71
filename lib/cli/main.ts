import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain, type ExplainOptions } from './explain';
import { synth, type SynthOptions } from './synth';

const WRONG_COMMAND_LINE = 2;

/** Runs the command and answers with its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Command, CommanderError, Option } = require('commander') as typeof import('commander');
  let code = 0;
  const program = new Command('wheelhouse')
    .description('Synthesizes Python containers: Dockerfiles and the definitions that run them.')
    .version(JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')).version)
    .showHelpAfterError('(wheelhouse --help says more)')
    .exitOverride();
  program.command('synth')
    .description('run a program that declares an App, and say what it wrote')
    .requiredOption('-a, --app <command>', 'command line of the program, for a shell')
    .option('-o, --output <folder>', 'folder that the program writes to', 'wheelhouse.out')
    .addHelpText('after', [
      '',
      'Examples:',
      '  wheelhouse synth --app "ts-node application.ts"',
      '  wheelhouse synth --app "python application.py" --output deploy/out',
      '',
      'Exit codes: 0 done, 1 the program failed or wrote nothing, 2 the command line is wrong.',
    ].join('\n'))
    .action((options: SynthOptions) => { code = synth(options); });
  program.command('explain')
    .description('say step by step what an image consists of, and which files rebuild it')
    .argument('<image>', "id of the image; with its application's, as in 'shop/api-image', where two have the same")
    .option('-o, --output <folder>', 'folder that synth wrote to', 'wheelhouse.out')
    .option('--json', 'print the steps as JSON')
    .addOption(new Option('--graph', 'print the stages as a Mermaid flowchart').conflicts('json'))
    .addHelpText('after', [
      '',
      'Examples:',
      '  wheelhouse explain api-image',
      '  wheelhouse explain shop/api-image --graph > stages.mmd',
      '',
      'Exit codes: 0 done, 1 there is nothing to read, 2 the command line is wrong or there is no such image.',
    ].join('\n'))
    .action((image: string, options: ExplainOptions) => { code = explain(image, options); });
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    // commander has said what is wrong with the command line, or has shown the help that was asked for
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_COMMAND_LINE;
    throw error;
  }
}
