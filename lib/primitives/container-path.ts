import type { IConstruct } from 'constructs';
import { must } from './faults';

/** Refuses what is no absolute, normal path inside a container. */
export function mustBeContainerPath(path: string, construct?: IConstruct): void {
  must(isNormal(path), 'CONTAINER_PATH',
    `container path '${path}' is not absolute and normal; start with '/', without '.', '..', '//', a trailing '/', control characters or any of * ? [ ] \\ $ " '`, construct);
}

/** Refuses where no engine mounts anything: a `:` ends the path there. */
export function mustBeMountPath(path: string, construct?: IConstruct): void {
  mustBeContainerPath(path, construct);
  must(path !== '/' && !path.includes(':'), 'MOUNT_PATH', `nothing can be mounted at '${path}'; give a path below '/', without ':'`, construct);
}

function isNormal(path: string): boolean {
  if (path === '/') return true;
  // eslint-disable-next-line no-control-regex
  if (!path.startsWith('/') || /[*?[\]\\$"'\u0000-\u001f\u007f]/.test(path)) return false;
  return path.slice(1).split('/').every(part => part !== '' && part !== '.' && part !== '..');
}
