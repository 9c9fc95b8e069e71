import { Severity, type Check } from './check';
import { eachStage } from './each-stage';
import { stageFacts } from '../build/stage-facts';

/** The shell form of RUN starts `/bin/sh -c`. */
export const RUN_WITHOUT_SHELL: Check = {
  code: 'RUN_WITHOUT_SHELL',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
  find: plan => eachStage(plan, (build, stage) => {
    const { base, baseReference } = stageFacts(build, stage);
    if (base.shell === undefined || base.shell.length > 0) return [];
    return stage.instructions.flatMap(instruction => instruction.kind !== 'runShell' ? [] : [
      `RUN '${instruction.commands.join(' && ')}' needs a shell, and ${baseReference} has none; use runExec, or run it in a stage on a base with a shell and copy what it makes`,
    ]);
  }),
};
