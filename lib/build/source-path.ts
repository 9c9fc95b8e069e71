import type { IConstruct } from 'constructs';
import { must } from '../primitives/faults';

/**
 * Refuses what is no relative, normal path in the source tree. Any name that a file can have on every system is accepted: names are names,
 * never patterns.
 */
export function mustBeSourcePath(path: string, construct?: IConstruct): void {
  must(path === '.' || path.split('/').every(isPart), 'SOURCE_PATH',
    `source path ${JSON.stringify(path)} is not relative and normal; write 'app/main.py': no leading '/', no '..', no trailing '/', no backslash, no control characters`,
    construct);
}

function isPart(part: string): boolean {
  // eslint-disable-next-line no-control-regex
  return part !== '' && part !== '.' && part !== '..' && !/[\\\u0000-\u001f\u007f]/.test(part);
}
