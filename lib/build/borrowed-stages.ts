import { BaseImage } from './base-image';
import { stagesReadBy, type Instruction } from './instruction';
import type { MountData } from './mount';
import type { MultiStageBuild } from './multi-stage-build';
import { Stage } from './stage';
import type { CopyOrigin } from './stage-source';
import { problemLine } from '../primitives/faults';
import { sortedUnique } from '../primitives/stable';

/**
 * Stages of other builds, declared again in `build` so that one Dockerfile is all that it needs: COPY --from takes no stage of another file.
 * Their names begin with the id of the build that they come from; those that nothing needs are left out of the Dockerfile, as any stage is.
 */
export class BorrowedStages {
  private readonly borrowed = new Map<Stage, Stage>();

  constructor(private readonly build: MultiStageBuild) {
    build.node.addValidation({ validate: () => this.declaredLate() });
  }

  /** `stage` as a stage of this build. */
  public stage(stage: Stage): Stage {
    for (const sibling of stage.node.scope!.node.children) {
      if (sibling instanceof Stage) this.copyOf(sibling);
    }
    return this.copyOf(stage);
  }

  private copyOf(stage: Stage): Stage {
    const known = this.borrowed.get(stage);
    if (known) return known;
    const start = stage._base instanceof BaseImage ? stage._base : stage._base._start();
    const base = start instanceof BaseImage ? start : this.copyOf(start);
    const copy = new Stage(this.build, `${stage.node.scope!.node.id}-${stage.node.id}`.toLowerCase(), { base, platform: stage._platform });
    this.borrowed.set(stage, copy);
    copy._defer(() => stage._instructions().map(instruction => this.renamed(instruction, stage)));
    return copy;
  }

  private renamed(instruction: Instruction, stage: Stage): Instruction {
    switch (instruction.kind) {
      case 'copy': return { ...instruction, from: this.origin(instruction.from, stage) };
      case 'runShell': case 'runExec': case 'runScript': return { ...instruction, mounts: instruction.mounts.map(mount => this.mount(mount, stage)) };
      default: return instruction;
    }
  }

  private mount(mount: MountData, stage: Stage): MountData {
    return 'from' in mount ? { ...mount, from: this.origin(mount.from, stage) } : mount;
  }

  private origin(origin: CopyOrigin | undefined, stage: Stage): CopyOrigin | undefined {
    if (origin?.kind !== 'stage') return origin;
    return this.siblingOf(stage, origin.name)?._origin() ?? { kind: 'image', reference: 'scratch' };
  }

  private siblingOf(stage: Stage, name: string): Stage | undefined {
    return [...this.borrowed].find(([other]) => other.node.scope === stage.node.scope && other.node.id === name)?.[1];
  }

  private declaredLate(): string[] {
    const missing = [...this.borrowed.keys()].flatMap(stage => {
      const names = stage._instructions().flatMap(stagesReadBy).filter(name => !this.siblingOf(stage, name));
      return names.map(name => `${stage.node.scope!.node.path}/${name}`);
    });
    return sortedUnique(missing).map(path => problemLine('STAGE_LATE', `stage '${path}' is declared after the routes that need it; declare it before`));
  }
}
