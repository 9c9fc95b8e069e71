import type { IConstruct } from 'constructs';
import { must } from '../primitives/faults';

/**
 * Refuses what is no relative, normal path in the source tree, or what Dockerfile and ignore file would read as a pattern.
 *
 * @see https://docs.docker.com/reference/dockerfile/#copy
 */
export function mustBeSourcePath(path: string, construct?: IConstruct): void {
  must(path === '.' || path.split('/').every(isPlainPart), 'SOURCE_PATH',
    `source path '${path}' is not relative and normal; write 'app/main.py': no leading '/', no '..', no trailing '/', none of * ? [ ] \\ $ ! #, no control characters`,
    construct);
}

function isPlainPart(part: string): boolean {
  // eslint-disable-next-line no-control-regex
  return part !== '' && part !== '.' && part !== '..' && !/[*?[\]\\$!#\u0000-\u001f\u007f]/.test(part) && part.trim() === part;
}
