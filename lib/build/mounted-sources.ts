import { BaseImage } from './base-image';
import type { StagePlan } from './build-plan';
import type { Instruction } from './instruction';
import type { MountData } from './mount';
import { sortedUnique } from '../primitives/stable';

/** Name of the stage that holds files and directories whose paths no mount can name. */
export const SOURCES_STAGE = 'mounted-sources';

/**
 * Has mounts of the source tree name nothing but plain paths: an option of a Dockerfile ends at a space, and BuildKit reads letters beyond ASCII
 * in it as others. COPY carries every path, so what has such a path is copied into a stage of its own, and mounted from there.
 */
export function withMountableSources(stages: readonly StagePlan[]): readonly StagePlan[] {
  const paths = sortedUnique(stages.flatMap(stage => stage.instructions.flatMap(mountsOf)).flatMap(mount => unmountable(mount) ?? []));
  if (paths.length === 0) return stages;
  const held = (path: string) => `/${paths.indexOf(path) + 1}`;
  const mountable = (mount: MountData): MountData => {
    const path = unmountable(mount);
    return path === undefined ? mount : { ...mount, type: 'bind', from: { kind: 'stage', name: SOURCES_STAGE }, source: held(path), only: undefined } as MountData;
  };
  const copies = paths.map((path): Instruction => ({ kind: 'copy', sources: [path], target: held(path), link: false }));
  const sources: StagePlan = {
    name: SOURCES_STAGE, path: stages[0].path, base: { kind: 'image', reference: 'scratch', facts: BaseImage.scratch().facts }, instructions: copies,
  };
  const changed = stages.map(stage => ({
    ...stage, instructions: stage.instructions.map(instruction => 'mounts' in instruction ? { ...instruction, mounts: instruction.mounts.map(mountable) } : instruction),
  }));
  return [sources, ...changed];
}

function mountsOf(instruction: Instruction): readonly MountData[] {
  return 'mounts' in instruction ? instruction.mounts : [];
}

/** The path of the source tree that it mounts, when no mount can name it. */
function unmountable(mount: MountData): string | undefined {
  return mount.type === 'bind' && !mount.from && mount.source !== undefined && !/^[\w@%+:./~^!?*;&()[\]{}|<>#-]*$/.test(mount.source) ? mount.source : undefined;
}
