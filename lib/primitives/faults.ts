import type { IConstruct } from 'constructs';
import { hostTokensIn, tokenIs } from './host-token';

const HOST_TOKEN = 'HOST_TOKEN';
const WAY_OUT = "write one that is known now, or give it to a service in 'environment'";

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

/** The line that a validator returns: whoever collects it adds the path. When the value is a token of a host, that is what is wrong with it. */
export function problemLine(code: string, problem: string): string {
  const [token] = code === HOST_TOKEN ? [] : hostTokensIn(problem);
  return token ? `${problem}; there is ${tokenIs(token)}: ${WAY_OUT} [${HOST_TOKEN}]` : `${problem} [${code}]`;
}

/** Refuses data in which there are values that only a host knows. */
export function mustBeKnown(what: string, data: unknown, wayOut: string = WAY_OUT): void {
  const [token] = hostTokensIn(data);
  must(!token, HOST_TOKEN, `${what} has ${token && tokenIs(token)}; ${wayOut}`);
}

/** Refuses an impossible value at once, where it was typed. */
export function must(holds: unknown, code: string, problem: string, construct?: IConstruct): asserts holds {
  if (!holds) throw new Error(faultLine({ path: construct?.node.path, problem, code }));
}
