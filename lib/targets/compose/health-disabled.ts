import { composeHealthCheck, noHealthCheck } from './compose-document';
import { Severity, type Check } from '../../checks/check';

/** Seen of compose 2.26: `up --wait` fails at a service whose health check is disabled, even when nobody waits for it. */
export const HEALTH_DISABLED: Check = {
  code: 'HEALTH_DISABLED',
  severity: Severity.WARNING,
  link: 'https://github.com/docker/compose/issues/13522',
  find: plan => plan.services.filter(service => !composeHealthCheck(service) && noHealthCheck(service, plan)).map(({ path }) => ({
    path,
    problem: "it has no health check, and its image's is of another process and disabled, at which 'docker compose up --wait' fails;"
      + ' give it one: healthCheck: HealthCheck.python(…)',
  })),
};
