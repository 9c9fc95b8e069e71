import { platformOf, type Architecture } from './architecture';
import type { StagePlan } from './build-plan';
import type { Fault } from '../primitives/faults';

/** Stages that an image starts from, and that start from programs of another architecture: its configuration says what it was built for all the same. */
export function architectureFaults(architecture: Architecture, stages: readonly StagePlan[], outputs: readonly string[]): Fault[] {
  const below = new Set(outputs);
  // each comes after what it starts from
  for (const { name, base } of [...stages].reverse()) {
    if (below.has(name) && base.kind === 'stage') below.add(base.name);
  }
  const others = stages.filter(({ name, platform }) => below.has(name) && platform !== undefined && !isFor(architecture, platform));
  return others.map(({ name, platform }) => ({
    code: 'ARCHITECTURE_OTHER',
    problem: `stage '${name}' starts from an image for '${platform}', and what is made of it is for ${platformOf(architecture)}: it would be called so, and hold programs of the other;`
      + " leave out the 'platform' of the stage, or the 'architecture' of the build",
  }));
}

/** Whatever its variant. */
function isFor(architecture: Architecture, platform: string): boolean {
  return platform === platformOf(architecture) || platform.startsWith(`${platformOf(architecture)}/`);
}
