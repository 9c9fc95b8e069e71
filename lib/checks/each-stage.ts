import type { Problem } from './check';
import { stageNamed, type BuildPlan, type StageNeed, type StagePlan } from '../build/build-plan';
import type { Instruction } from '../build/instruction';
import { stageFacts, type StageFacts } from '../build/stage-facts';
import type { BuiltImagePlan, FullApplicationPlan } from '../services/plan-application';

/** Problems of each stage of each image. */
export function eachStage(plan: FullApplicationPlan, find: (build: BuildPlan, stage: StagePlan) => readonly string[]): Problem[] {
  return builds(plan).flatMap(build => build.stages.flatMap(stage => find(build, stage).map(problem => ({ path: stage.path, problem }))));
}

/** Problems of each pair of stages of which one uses what the other made. */
export function eachNeed(plan: FullApplicationPlan, find: (need: StageNeed, from: StageFacts, to: StageFacts) => readonly string[]): Problem[] {
  return builds(plan).flatMap(build => build.needs.flatMap(need => {
    const to = stageNamed(build.stages, need.to);
    return find(need, stageFacts(build, stageNamed(build.stages, need.from)), stageFacts(build, to)).map(problem => ({ path: to.path, problem }));
  }));
}

/** Problems of each Dockerfile, told once for all its stages. */
export function eachBuild(plan: FullApplicationPlan, find: (build: BuildPlan) => readonly string[]): Problem[] {
  return dockerfiles(plan).flatMap(image => find(image.build!).map(problem => ({ path: image.path, problem })));
}

/** Problems of each image that something can run. */
export function eachImage(plan: FullApplicationPlan, find: (made: MadeImage) => readonly string[]): Problem[] {
  const ofOneOfSeveral = new Set(plan.images.filter(image => image.stage !== undefined).map(image => image.dockerfile));
  return plan.images.flatMap(image => {
    const { build, stage } = image;
    if (build === undefined || stage === undefined && ofOneOfSeveral.has(image.dockerfile)) return [];
    const output = stage === undefined ? build.stages[build.stages.length - 1] : stageNamed(build.stages, stage);
    const problems = find({ image, facts: stageFacts(build, output), instructions: instructionsUpTo(build, output) });
    return problems.map(problem => ({ path: image.path, problem }));
  });
}

/** An image that something can run. */
export interface MadeImage {
  readonly image: BuiltImagePlan;
  readonly facts: StageFacts;
  /** What makes it: the instructions of the stages that its stage starts from, then its own. */
  readonly instructions: readonly Instruction[];
}

function instructionsUpTo(build: BuildPlan, stage: StagePlan): Instruction[] {
  const below = stage.base.kind === 'stage' ? instructionsUpTo(build, stageNamed(build.stages, stage.base.name)) : [];
  return [...below, ...stage.instructions];
}

/** Images that have a Dockerfile of their own; one of several made by one build does not. */
function dockerfiles(plan: FullApplicationPlan): BuiltImagePlan[] {
  return plan.images.filter(image => image.build !== undefined && image.stage === undefined);
}

function builds(plan: FullApplicationPlan): BuildPlan[] {
  return dockerfiles(plan).map(image => image.build!);
}
