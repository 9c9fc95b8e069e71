import { Severity, type Check } from './check';
import { eachStage } from './each-stage';
import type { Instruction } from '../build/instruction';
import { stageFacts } from '../build/stage-facts';

/** What the shell is given, on one line; nothing when there is no need of one, as a script that names its interpreter. */
function shellText(instruction: Instruction): string[] {
  if (instruction.kind === 'runShell') return [instruction.commands.join(' && ')];
  return instruction.kind === 'runScript' && !instruction.script.startsWith('#!') ? [instruction.script.trim().split('\n')[0]] : [];
}

/** The shell form of RUN starts `/bin/sh -c`. */
export const RUN_WITHOUT_SHELL: Check = {
  code: 'RUN_WITHOUT_SHELL',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
  find: plan => eachStage(plan, (build, stage) => {
    const { base, baseReference } = stageFacts(build, stage);
    if (base.shell === undefined || base.shell.length > 0) return [];
    return stage.instructions.flatMap(shellText).map(text =>
      `RUN '${text}' needs a shell, and ${baseReference} has none; use runExec, or run it in a stage on a base with a shell and copy what it makes`);
  }),
};
