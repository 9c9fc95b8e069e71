import type { IConstruct } from 'constructs';
import { must } from './faults';

/** Refuses what is no TCP port. Zero asks the system for any free port, which nothing else could then name. */
export function mustBePort(port: number, construct?: IConstruct): void {
  must(Number.isInteger(port) && port >= 1 && port <= 65535, 'PORT_RANGE', `port ${port} is outside 1-65535`, construct);
}
