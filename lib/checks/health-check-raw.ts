import { Severity, type Check } from './check';
import { eachImage } from './each-stage';

/** What stands in raw text is the engine's alone: no deployment learns of it. */
export const HEALTH_CHECK_RAW: Check = {
  code: 'HEALTH_CHECK_RAW',
  severity: Severity.WARNING,
  link: 'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
  find: plan => eachImage(plan, ({ image, instructions }) => {
    const raw = instructions.some(instruction => instruction.kind === 'raw' && /^\s*HEALTHCHECK\s+(?!NONE\b)/im.test(instruction.text));
    if (!raw) return [];
    const users = plan.services.filter(service => service.image.id === image.id);
    const known = image.facts.healthCheck ?? (users.length > 0 && users.every(service => service.healthCheck));
    if (known) return [];
    return ['HEALTHCHECK in raw text is known to the engine alone: Kubernetes gets no probe, and compose starts what depends on it without waiting; say it with healthCheck(…)'];
  }),
};
