import { Severity, type Check } from './check';
import { eachImage } from './each-stage';
import { workloads } from '../services/plan-application';

/** What compose gives a container that says nothing. @see https://docs.docker.com/reference/compose-file/services/#stop_grace_period */
const DEFAULT_GRACE_SECONDS = 10;

/** Who kills sooner than the server gives up waiting cuts requests off. */
export const GRACE_TOO_SHORT: Check = {
  code: 'GRACE_TOO_SHORT',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/reference/compose-file/services/#stop_grace_period',
  find: plan => [...eachImage(plan, ({ image }) => {
    const { gracefulTimeoutSeconds: graceful, stopGraceSeconds } = image.facts;
    if (graceful === undefined || graceful < (stopGraceSeconds ?? DEFAULT_GRACE_SECONDS)) return [];
    const killed = stopGraceSeconds === undefined ? `${DEFAULT_GRACE_SECONDS} seconds unless something else is said` : `${stopGraceSeconds} seconds`;
    return [`requests may take ${graceful} seconds to end, but the process is killed after ${killed}; give stopGraceSeconds a few more than gracefulTimeoutSeconds`];
  }), ...workloads(plan).flatMap(({ path, stopGraceSeconds = DEFAULT_GRACE_SECONDS, image: { facts, reference } }) => {
    const { gracefulTimeoutSeconds: graceful } = facts;
    // of an image that is built it has been said
    const said = reference === undefined && stopGraceSeconds === (facts.stopGraceSeconds ?? DEFAULT_GRACE_SECONDS);
    if (graceful === undefined || said || graceful < stopGraceSeconds) return [];
    return [{ path, problem: `requests may take ${graceful} seconds to end, but the process is killed after ${stopGraceSeconds} seconds; give stopGraceSeconds a few more` }];
  })],
};
