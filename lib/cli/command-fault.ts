/** How the command ends. Documented in docs/command.md. */
export enum Exit {
  DONE = 0,
  /** Something is not as it has to be, or differs. */
  FAILED = 1,
  /** The command line or wheelhouse.json is wrong. */
  WRONG_COMMAND_LINE = 2,
  /** The program that declares the App failed. */
  PROGRAM_FAILED = 3,
}

/** What ends the command early: one line for the user, and the exit code. */
export class CommandFault extends Error {
  constructor(public readonly exit: number, problem: string) {
    super(problem);
  }
}

/** Ends the command unless something holds. */
export function orFail(holds: unknown, exit: Exit, problem: string): asserts holds {
  if (!holds) throw new CommandFault(exit, problem);
}
