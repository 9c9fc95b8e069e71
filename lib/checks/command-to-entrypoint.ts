import { Severity, type Check } from './check';
import { eachImage } from './each-stage';

/** A command is handed to the entrypoint, and the base may bring one. */
export const COMMAND_TO_ENTRYPOINT: Check = {
  code: 'COMMAND_TO_ENTRYPOINT',
  severity: Severity.WARNING,
  link: 'https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact',
  find: plan => eachImage(plan, ({ facts: { base, baseReference }, instructions }) => {
    const command = instructions.filter(instruction => instruction.kind === 'command').at(-1)?.command;
    const decided = instructions.some(instruction =>
      instruction.kind === 'entrypoint' || instruction.kind === 'raw' && /^\s*ENTRYPOINT\b/im.test(instruction.text));
    if (!command || decided || !base.entrypoint?.length) return [];
    return [`command ${JSON.stringify(command)} is handed to the entrypoint of ${baseReference}, and runs as '${[...base.entrypoint, ...command].join(' ')}';`
      + ` say which program starts: entrypoint(${JSON.stringify(command.slice(0, 1))}), or entrypoint(${JSON.stringify(base.entrypoint)}) when that is meant`];
  }),
};
