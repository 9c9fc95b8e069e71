import { Severity, type Check } from './check';
import { eachStage } from './each-stage';
import type { Instruction } from '../build/instruction';

/** Whole words of a name, between underscores: those that BuildKit's own check knows. */
const SECRET = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const HARMLESS = /(?:_|^)(?:public|file|version)(?:_|$)/i;

/** Values of ENV and ARG stay readable in the image and its history; those of a service, in the files that are committed. */
export const SECRET_NAME: Check = {
  code: 'SECRET_NAME',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
  find: plan => [
    ...eachStage(plan, (_, stage) => stage.instructions.flatMap(declaredNames).filter(looksSecret)
      .map(name => `'${name}' looks like a secret, and whoever has the image can read it; mount a file instead, or acknowledge that it is none`)),
    ...plan.services.flatMap(service => Object.keys(service.environment).filter(looksSecret).map(name => ({
      path: service.path,
      problem: `'${name}' looks like a secret, and it would be written into committed files; mount a file instead, or acknowledge that it is none`,
    }))),
  ],
};

function declaredNames(instruction: Instruction): string[] {
  if (instruction.kind === 'environment') return Object.keys(instruction.variables).sort();
  return instruction.kind === 'argument' ? [instruction.name] : [];
}

function looksSecret(name: string): boolean {
  return SECRET.test(name) && !HARMLESS.test(name);
}
