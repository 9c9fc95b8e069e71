import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CommandFault, Exit } from './command-fault';
import { completion, SHELLS } from './completion';
import { doctor } from './doctor';
import { explain, type ExplainOptions } from './explain';
import { graph, type GraphOptions } from './graph';
import { init, type InitOptions } from './init';
import { list, type ListOptions } from './list';
import { lock, LOCKED, type LockOptions } from './lock';
import type { ProjectOptions } from './project';
import { diff, synth, type SynthOptions } from './synth';
import { down, up, type DownOptions } from './up';

const COMMON = 'Exit codes: 0 done, 1 failed, 2 the command line or wheelhouse.json is wrong, 3 the program failed.';
const CHECKED = '1 differs or failed';

/** Runs the command and answers with its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { CommanderError } = require('commander') as typeof import('commander');
  let exit: number = Exit.DONE;
  try {
    await commandLine(answer => { exit = answer; }).parseAsync(argv);
    return exit;
  } catch (error) {
    if (error instanceof CommandFault) {
      // the program's own error stands above
      process.stderr.write(`${error.exit === Exit.PROGRAM_FAILED ? '\n' : ''}wheelhouse: ${error.message}\n`);
      return error.exit;
    }
    // commander has said what is wrong with the command line, or has shown the help that was asked for
    if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.DONE : Exit.WRONG_COMMAND_LINE;
    throw error;
  }
}

function commandLine(ends: (exit: number) => void): Command {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Argument, Command: Line, Option } = require('commander') as typeof import('commander');
  const program = new Line('wheelhouse')
    .description('Synthesizes Python containers: Dockerfiles and the definitions that run them.')
    .version(JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')).version)
    .showHelpAfterError('(wheelhouse --help says more)')
    .helpCommand(false)
    .exitOverride();

  const verb = (name: string, about: string) => program.command(name).description(about)
    .option('-C, --directory <folder>', 'folder to work in, with its wheelhouse.json', '.');
  const withOutput = (command: Command) => command
    .option('-o, --output <folder>', "folder of the output, from the directory (default: wheelhouse.json's, else wheelhouse.out)");
  const withAppOnly = (command: Command) => command
    .option('-a, --app <command>', "command line of the program, for a shell (default: wheelhouse.json's)");
  const withApp = (command: Command) => withOutput(withAppOnly(command));
  const withLocks = (command: Command) => withAppOnly(command.addArgument(new Argument('<what>', 'what is locked').choices([...LOCKED])))
    .argument('[locks...]', "ids of locks; with their application's, as in 'shop/requirements', where two have the same (default: all)");
  const withApplication = (command: Command, about: string) => command.argument('[application]', about);

  withApp(verb('synth', 'run the program that declares the App, and say what it wrote'))
    .option('--check', 'write nothing; fail and show the difference when the output is not as synth would write it')
    .addHelpText('after', help(['synth', 'synth --check', 'synth --app "npx tsx application.ts" --output deploy/out', 'synth --directory services/shop'], CHECKED))
    .action((options: SynthOptions) => ends(synth(options)));
  withApp(verb('diff', 'say what synth would change, as a unified diff'))
    .addHelpText('after', help(['diff', 'diff > synth.patch'], CHECKED))
    .action((options: SynthOptions) => ends(diff(options)));
  withLocks(verb('lock', 'make strict requirements, with hashes, of loose ones, in the image that the service is built on, and show what changes'))
    .option('--check', 'write nothing; fail and show the difference when a strict file is not as it would be made')
    .addOption(new Option('-U, --upgrade', 'take the newest version of every package; without it, versions that fit are kept').conflicts('upgradePackage'))
    .option('-P, --upgrade-package <name>', 'take the newest version of this package; may be given several times', several)
    .option('--secret <spec>', 'a secret for the build, as docker takes it; may be given several times', several)
    .addHelpText('after', help(['lock requirements', 'lock requirements --check', 'lock requirements shop/requirements --upgrade-package flask'], CHECKED))
    .action((_what: string, ids: readonly string[], options: LockOptions) => ends(lock(ids, options)));
  withApplication(withOutput(verb('list', 'show applications, services, images, networks and ports as a tree')), 'id of one application (default: all)')
    .option('--json', 'print them as JSON')
    .addHelpText('after', help(['list', 'list shop --json']))
    .action((application: string | undefined, options: ListOptions) => ends(list(application, options)));
  withApplication(withOutput(verb('graph', 'draw who talks to whom, over which network, and what is published')), 'id of the application, where there are several')
    .option('--svg <file>', 'write a picture, instead of Mermaid text to stdout')
    .addHelpText('after', help(['graph > shop.mmd', 'graph shop --svg shop.svg']))
    .action((application: string | undefined, options: GraphOptions) => ends(graph(application, options)));
  withOutput(verb('explain', 'say step by step what an image consists of, and which files rebuild it'))
    .argument('<image>', "id of the image; with its application's, as in 'shop/api-image', where two have the same")
    .option('--json', 'print the steps as JSON')
    .addOption(new Option('--graph', 'print the stages as a Mermaid flowchart').conflicts('json'))
    .addHelpText('after', help(['explain api-image', 'explain shop/api-image --graph > stages.mmd']))
    .action((image: string, options: ExplainOptions) => ends(explain(image, options)));
  verb('init', 'look at a folder with a Python application, and write a program for it')
    .addOption(new Option('-l, --language <language>', 'language of the program').choices(['typescript', 'python']).default('typescript'))
    .option('-n, --name <id>', "id of the application (default: the folder's name)")
    .addHelpText('after', help(['init', 'init --directory services/shop --language python --name shop']))
    .action((options: InitOptions) => ends(init(options)));
  withApplication(withOutput(verb('up', 'build and start an application with docker compose, and wait until it works')), 'id of the application, where there are several')
    .addHelpText('after', help(['up', 'up shop']))
    .action((application: string | undefined, options: ProjectOptions) => ends(up(application, options)));
  withApplication(withOutput(verb('down', 'stop an application, and remove its containers and networks')), 'id of the application, where there are several')
    .option('--volumes', 'delete what it has stored, too')
    .addHelpText('after', help(['down', 'down shop --volumes']))
    .action((application: string | undefined, options: DownOptions) => ends(down(application, options)));
  program.command('doctor').description('say whether the container engine, buildx and compose are as the output needs them')
    .addHelpText('after', help(['doctor']))
    .action(() => ends(doctor()));
  program.command('completion').description('print a script that completes this command in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices([...SHELLS]))
    .addHelpText('after', help(['completion bash > ~/.local/share/bash-completion/completions/wheelhouse', 'completion fish > ~/.config/fish/completions/wheelhouse.fish']))
    .action((shell: typeof SHELLS[number]) => { process.stdout.write(completion(shell, program)); });
  return program;
}

/** Values of an option that may be given several times. */
function several(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function help(examples: readonly string[], one = '1 failed'): string {
  return ['', 'Examples:', ...examples.map(example => `  wheelhouse ${example}`), '', COMMON.replace('1 failed', one)].join('\n');
}
