import { Severity, type Check } from './check';
import type { LockPlan } from '../python/requirements-lock';

/** A strict file that is older than the loose ones installs what nobody asks for any more. Hashes tell, not times: a checkout has none. */
export const REQUIREMENTS_STALE: Check = {
  code: 'REQUIREMENTS_STALE',
  severity: Severity.ERROR,
  link: 'https://docs.astral.sh/uv/pip/compile/',
  find: plan => plan.locks.flatMap(lock => {
    const problem = staleness(lock);
    return problem === undefined ? [] : [{ path: lock.path, problem: `${problem}; run wheelhouse lock requirements` }];
  }),
};

function staleness({ strict, inputs, wanted, recorded }: LockPlan): string | undefined {
  if (wanted === undefined) return undefined;
  if (recorded === undefined) return `there is no '${strict}' yet`;
  if (recorded.inputs === undefined) return `'${strict}' does not say from what it was made`;
  if (recorded.inputs !== wanted.inputs) return `'${strict}' was made before ${inputs.map(path => `'${path}'`).join(' or ')} changed`;
  return recorded.base === wanted.base ? undefined : `'${strict}' was made in ${recorded.base ?? 'an unknown image'}, not in ${wanted.base}`;
}
