import type { LayoutPlan } from './layouts/layout-plan';
import type { Recipe } from './recipes/recipe';
import type { Instruction } from '../build/instruction';
import type { Fault } from '../primitives/faults';

/** Name of the stage that installs what the source needs of the rest of the source tree. */
export const LIBRARIES_STAGE = 'libraries';
/** Where, in that stage. */
const LIBRARIES = '/libraries';

/** How libraries of the same source tree get into the image. */
export interface LibrariesPlan {
  /** Instructions of the stage {@link LIBRARIES_STAGE}. */
  readonly instructions: readonly Instruction[];
  /** Instructions that bring them in, above the packages and below the source. */
  readonly copy: readonly Instruction[];
  readonly faults: readonly Fault[];
}

const NO_LIBRARIES: LibrariesPlan = { instructions: [], copy: [], faults: [] };

/** Libraries are a layer of their own: they change more often than the packages, and less often than the source. */
export function planLibraries(source: string, { libraries }: Recipe, { libraries: target }: LayoutPlan): LibrariesPlan {
  if (!libraries || libraries.sources.length === 0) return NO_LIBRARIES;
  if (!target) {
    const problem = `the layout cannot hold what '${source}' needs of the same workspace: ${libraries.sources.join(', ')}; use Layout.venv() or Layout.prefix()`;
    return { ...NO_LIBRARIES, faults: [{ code: 'WORKSPACE_LAYOUT', problem }] };
  }
  return {
    ...NO_LIBRARIES,
    instructions: libraries.install({ kind: 'prefix', directory: LIBRARIES, python: target.python }).instructions,
    copy: [{
      kind: 'copy', from: { kind: 'stage', name: LIBRARIES_STAGE }, sources: [LIBRARIES], target: target.prefix, link: true, why: 'a change of a library makes the packages no new layer',
    }],
  };
}
