import type { Problem } from './check';
import { stageNamed, type BuildPlan, type StageNeed, type StagePlan } from '../build/build-plan';
import { stageFacts, type StageFacts } from '../build/stage-facts';
import type { FullApplicationPlan } from '../services/plan-application';

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

function builds(plan: FullApplicationPlan): BuildPlan[] {
  return plan.images.flatMap(image => image.build ?? []);
}
