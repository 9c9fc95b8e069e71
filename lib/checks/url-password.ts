import { Severity, type Check } from './check';
import { eachBuild, eachStage } from './each-stage';
import type { Instruction } from '../build/instruction';
import { addressesWithPassword } from '../primitives/url-password';
import { workloads } from '../services/plan-application';

/** A password in an address is as readable as one in a variable of that name. */
export const URL_PASSWORD: Check = {
  code: 'URL_PASSWORD',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/build/building/secrets/',
  find: plan => [
    ...eachBuild(plan, build => build.globalArguments.flatMap(({ name, value = '' }) => found(`build argument '${name}'`, value))),
    ...eachStage(plan, (_, stage) => stage.instructions.flatMap(inInstruction)),
    // a user alone is what EnvValue.url was asked for
    ...workloads(plan).flatMap(({ path, environment }) => Object.entries(environment).filter(([, value]) => /:[^/@]+@/.test(value))
      .flatMap(([name, value]) => found(`environment variable '${name}'`, value).map(problem => ({ path, problem })))),
  ],
};

function found(where: string, text: string): string[] {
  return addressesWithPassword(text).map(address => `${where} has a user or password in the address '${address}', and whoever has the image or the files can read it; `
    + 'give it as a secret: of a build by Mount.secret or PackageIndex, of a service by EnvValue.url or a file');
}

function inInstruction(instruction: Instruction): string[] {
  switch (instruction.kind) {
    case 'environment': return Object.entries(instruction.variables).flatMap(([name, value]) => found(`environment variable '${name}'`, value));
    case 'labels': return Object.entries(instruction.labels).flatMap(([name, value]) => found(`label '${name}'`, value));
    case 'argument': return found(`build argument '${instruction.name}'`, instruction.value ?? '');
    case 'runShell': return instruction.commands.flatMap(command => found('a command', command));
    case 'runExec': return found('a command', instruction.command.join(' '));
    case 'runScript': return found('a script', instruction.script);
    case 'writeFile': return found(`file '${instruction.path}'`, instruction.text);
    default: return [];
  }
}
