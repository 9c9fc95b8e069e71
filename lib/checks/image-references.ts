import type { BuildPlan } from '../build/build-plan';
import type { Instruction } from '../build/instruction';
import { sortedUnique } from '../primitives/stable';

/** Images that a build starts from and takes files from, other than `scratch`, each once. */
export function imagesOf(build: BuildPlan): string[] {
  return sortedUnique(build.stages.flatMap(stage => [...stage.base.kind === 'image' ? [stage.base.reference] : [], ...stage.instructions.flatMap(takenFrom)]))
    .filter(reference => reference !== 'scratch');
}

/** Whether a build gets the same image tomorrow: a digest is the only name that stays. */
export function isPinned(reference: string): boolean {
  return reference.includes('@');
}

function takenFrom(instruction: Instruction): string[] {
  const mounts = 'mounts' in instruction ? instruction.mounts : [];
  const origins = [instruction.kind === 'copy' ? instruction.from : undefined, ...mounts.map(mount => 'from' in mount ? mount.from : undefined)];
  return origins.flatMap(origin => origin?.kind === 'image' ? [origin.reference] : []);
}
