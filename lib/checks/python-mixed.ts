import { Severity, type Check } from './check';
import { eachNeed } from './each-stage';
import type { StageFacts } from '../build/stage-facts';

/** Installed packages lie in a directory named after the feature release, and compiled ones work with no other. */
export const PYTHON_MIXED: Check = {
  code: 'PYTHON_MIXED',
  severity: Severity.ERROR,
  link: 'https://docs.python.org/3/library/venv.html',
  find: plan => eachNeed(plan, (need, from, to) => {
    if (!need.samePython || sameRelease(from, to)) return [];
    return [`${need.what} is made with ${release(from)} and run with ${release(to)}; use images of one release`
      + `${from.base.python === undefined || to.base.python === undefined ? ", or say which one the tag holds: withFacts({ python: '3.13' })" : ''}`];
  }),
};

/** Two unknown releases are equal only within one family of images. */
function sameRelease(from: StageFacts, to: StageFacts): boolean {
  if (from.base.python !== undefined || to.base.python !== undefined) return from.base.python === to.base.python;
  return from.base.family !== undefined && from.base.family === to.base.family;
}

function release(stage: StageFacts): string {
  return `Python ${stage.base.python ?? 'of an unknown release'} (${stage.baseReference})`;
}
