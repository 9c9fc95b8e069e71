import type { IConstruct } from 'constructs';

/** Something that cannot work, and where it was declared. */
export interface Fault {
  /** Path of the construct, or nothing for a value that belongs to none. */
  readonly path?: string;
  /** What is wrong, with the value, then what is accepted. */
  readonly problem: string;
  /** Stable name of the kind of fault. */
  readonly code: string;
}

/** `shop/api: port 0 is outside 1-65535 [PORT_RANGE]` */
export function faultLine(fault: Fault): string {
  return `${fault.path ? `${fault.path}: ` : ''}${problemLine(fault.code, fault.problem)}`;
}

/** The line that a validator returns: whoever collects it adds the path. */
export function problemLine(code: string, problem: string): string {
  return `${problem} [${code}]`;
}

/** Refuses an impossible value at once, where it was typed. */
export function must(holds: unknown, code: string, problem: string, construct?: IConstruct): asserts holds {
  if (!holds) throw new Error(faultLine({ path: construct?.node.path, problem, code }));
}
