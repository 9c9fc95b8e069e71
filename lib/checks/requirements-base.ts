import { Severity, type Check } from './check';
import { eachStage } from './each-stage';
import type { StagePlan } from '../build/build-plan';
import { stageFacts } from '../build/stage-facts';

/** What is installed may depend on Python and the C library: a lock holds for those that it was resolved for. */
export const REQUIREMENTS_BASE: Check = {
  code: 'REQUIREMENTS_BASE',
  severity: Severity.WARNING,
  link: 'https://docs.astral.sh/uv/concepts/resolution/#platform-specific-resolution',
  find: plan => eachStage(plan, (build, stage) => plan.locks.flatMap(({ path, strict, base: lock }) => {
    if (!isMounted(strict, stage) || stage.path.startsWith(`${path}/`)) return [];
    const { base, baseReference } = stageFacts(build, stage);
    const differs = (['python', 'libc'] as const).some(fact => base[fact] !== undefined && lock.facts[fact] !== undefined && base[fact] !== lock.facts[fact]);
    return differs ? [`'${strict}' is installed on ${baseReference} and was locked by '${path}' on ${lock.reference}; lock it on the base that installs it`] : [];
  })),
};

function isMounted(path: string, { instructions }: StagePlan): boolean {
  return instructions.some(instruction => 'mounts' in instruction && instruction.mounts.some(mount => mount.type === 'bind' && !mount.from && mount.source === path));
}
