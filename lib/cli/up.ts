import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFault, Exit, orFail } from './command-fault';
import { asDocker, runDocker } from './docker';
import { chosenApplication, readManifest } from './manifest';
import { findProject, outputOf, shown, type ProjectOptions } from './project';

/** Options of `wheelhouse down`. */
export interface DownOptions extends ProjectOptions {
  /** Deletes what the application has stored. */
  readonly volumes?: boolean;
}

/** A container, as `docker compose ps` tells of it. */
interface Container {
  readonly Service: string;
  readonly State: string;
  readonly ExitCode: number;
  readonly Health: string;
}

/** Builds and starts an application, and waits until its services work. */
export function up(application: string | undefined, options: ProjectOptions): number {
  const file = composeFile(application, options);
  const exit = compose(file, 'up', '--build', '--wait');
  if (exit === 0) return Exit.DONE;
  // compose gives up when a container ends, even one that has done its work
  const containers = containersOf(file);
  const finished = containers.filter(container => container.State === 'exited' && container.ExitCode === 0).map(({ Service }) => Service).sort();
  const rest = containers.filter(({ Service }) => !finished.includes(Service)).map(({ Service }) => Service).sort();
  if (finished.length > 0 && !containers.some(isBroken) && (rest.length === 0 || compose(file, 'up', '--wait', '--no-deps', '--no-recreate', ...rest) === 0)) {
    process.stderr.write(`wheelhouse: ${finished.join(', ')} finished with 0, which compose takes for a failure where no service waits for it; the others work\n`);
    return Exit.DONE;
  }
  for (const container of containersOf(file).filter(isBroken)) {
    process.stderr.write(`wheelhouse: ${container.Service} ${howItIs(container)}; see: docker compose -f ${shown(file)} logs ${container.Service}\n`);
  }
  throw new CommandFault(Exit.FAILED, `docker compose up ended with ${exit}`);
}

/** Stops an application, and removes its containers and networks. */
export function down(application: string | undefined, options: DownOptions): number {
  const exit = compose(composeFile(application, options), 'down', ...(options.volumes ? ['--volumes'] : []));
  orFail(exit === 0, Exit.FAILED, `docker compose down ended with ${exit}`);
  return Exit.DONE;
}

function composeFile(application: string | undefined, options: ProjectOptions): string {
  const output = outputOf(findProject(options));
  const id = chosenApplication(readManifest(output), application);
  const file = join(output, id, 'compose.yaml');
  orFail(existsSync(file), Exit.FAILED, `'${shown(file)}' is not there; declare new ComposeFile(application, 'compose') and run wheelhouse synth`);
  return file;
}

function compose(file: string, ...args: string[]): number {
  return runDocker(`docker compose ${args[0]}`, ['compose', '--file', file, ...args]);
}

function containersOf(file: string): Container[] {
  const stdout = asDocker(['compose', '--file', file, 'ps', '--all', '--format', 'json']);
  // one array until compose 2.20, one object a line since
  return stdout.trimStart().startsWith('[') ? JSON.parse(stdout) : stdout.split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line));
}

function isBroken({ State, ExitCode, Health }: Container): boolean {
  return State === 'restarting' || State === 'dead' || State === 'exited' && ExitCode !== 0 || Health === 'unhealthy';
}

function howItIs({ State, ExitCode, Health }: Container): string {
  return State === 'exited' ? `ended with ${ExitCode}` : `is ${State === 'running' ? Health : State}`;
}
