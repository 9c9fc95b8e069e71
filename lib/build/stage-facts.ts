import type { BaseImageFacts } from './base-image-facts';
import { stageNamed, type BuildPlan, type StagePlan } from './build-plan';
import type { HealthCheckFacts, WritablePath } from './image-facts';
import { once } from '../primitives/once';

/** What is known at the end of a stage: the facts of the image that it came from, and what its instructions made of it. */
export interface StageFacts {
  /** Facts of the image at the bottom of the chain of stages. */
  readonly base: BaseImageFacts;
  /** How messages call that image. */
  readonly baseReference: string;
  readonly userId?: number;
  readonly groupId?: number;
  readonly ports: readonly number[];
  readonly stopSignal?: string;
  readonly healthCheck?: HealthCheckFacts;
  readonly writablePaths: readonly WritablePath[];
}

/** Walks a stage's base and instructions, in order. Raw text may change anything: what it may change becomes unknown. */
export function stageFacts(plan: Pick<BuildPlan, 'stages'>, stage: StagePlan): StageFacts {
  return once(plan.stages, stage.name, () => derivedFacts(plan, stage));
}

function derivedFacts(plan: Pick<BuildPlan, 'stages'>, stage: StagePlan): StageFacts {
  let facts = factsAtStart(plan, stage);
  for (const instruction of stage.instructions) {
    switch (instruction.kind) {
      case 'noHealthCheck': facts = { ...facts, healthCheck: undefined }; break;
      case 'shell': facts = { ...facts, base: { ...facts.base, shell: [...instruction.command] } }; break;
      case 'user': facts = { ...facts, userId: instruction.userId, groupId: instruction.groupId }; break;
      case 'expose': facts = instruction.protocol === 'udp' ? facts : { ...facts, ports: [...facts.ports, instruction.port] }; break;
      case 'stopSignal': facts = { ...facts, stopSignal: instruction.signal }; break;
      case 'healthCheck': facts = { ...facts, healthCheck: instruction.check }; break;
      case 'writablePath': facts = { ...facts, writablePaths: [...facts.writablePaths, instruction.writable] }; break;
      case 'raw':
        if (/^\s*USER\b/im.test(instruction.text)) facts = { ...facts, userId: undefined, groupId: undefined };
        if (/^\s*STOPSIGNAL\b/im.test(instruction.text)) facts = { ...facts, stopSignal: undefined };
        if (/^\s*HEALTHCHECK\b/im.test(instruction.text)) facts = { ...facts, healthCheck: undefined };
        break;
      case 'runShell': case 'runExec': case 'runScript': case 'copy': case 'addRemote': case 'addArchive': case 'writeFile': case 'environment':
      case 'labels': case 'argument': case 'workingDirectory': case 'volumes': case 'entrypoint': case 'command': case 'onBuild': case 'comment': break;
    }
  }
  return facts;
}

function factsAtStart(plan: Pick<BuildPlan, 'stages'>, stage: StagePlan): StageFacts {
  if (stage.base.kind === 'stage') return stageFacts(plan, stageNamed(plan.stages, stage.base.name));
  const { facts, reference } = stage.base;
  return { base: facts, baseReference: reference, userId: facts.defaultUserId, groupId: facts.defaultGroupId, ports: [], writablePaths: [] };
}
