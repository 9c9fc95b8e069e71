import type { MountData } from '../build/mount';
import type { CopyOrigin } from '../build/stage-source';

/** What a Dockerfile calls the place that files come from. */
export function originName(origin: CopyOrigin): string {
  return origin.kind === 'stage' ? origin.name : origin.reference;
}

/** One `--mount` of a RUN. @see https://docs.docker.com/reference/dockerfile/#run---mount */
export function mountOption(mount: MountData): string {
  return `--mount=${fields(mount).filter(([, text]) => text !== undefined && text !== false).map(([key, text]) => text === true ? key : `${key}=${text}`).join(',')}`;
}

type Field = readonly [key: string, text: string | number | boolean | undefined];

function fields(mount: MountData): Field[] {
  switch (mount.type) {
    case 'bind': return [
      ['type', 'bind'], ['from', mount.from && originName(mount.from)], ['source', mount.source], ['target', mount.target], ['rw', mount.writable],
    ];
    case 'cache': return [
      ['type', 'cache'], ['id', mount.id], ['target', mount.target], ['sharing', mount.sharing], ['from', mount.from && originName(mount.from)],
      ['source', mount.source], ['readonly', mount.readOnly], ...owner(mount),
    ];
    case 'tmpfs': return [['type', 'tmpfs'], ['target', mount.target], ['size', mount.sizeMebibytes && `${mount.sizeMebibytes}m`]];
    case 'secret': case 'ssh': return [
      ['type', mount.type], ['id', mount.id], ['target', mount.target], ['env', mount.env], ['required', mount.required ? 'true' : undefined], ...owner(mount),
    ];
  }
}

function owner({ mode, userId, groupId }: { readonly mode?: string; readonly userId?: number; readonly groupId?: number }): Field[] {
  return [['mode', mode], ['uid', userId], ['gid', groupId]];
}
