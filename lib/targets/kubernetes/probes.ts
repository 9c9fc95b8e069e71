import { literal } from './object';
import type { HealthCheckFacts } from '../../build/image-facts';
import { compact } from '../../primitives/stable';

/**
 * One health check as all three probes. The start has its whole period, looked at every second; afterwards failures count.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
 */
export function probes(check: HealthCheckFacts): object {
  const handler = probeHandler(check);
  const usual = { ...handler, periodSeconds: check.intervalSeconds, timeoutSeconds: check.timeoutSeconds, failureThreshold: check.retries };
  const starting = { ...usual, periodSeconds: 1, failureThreshold: Math.max(check.startPeriodSeconds, check.retries) };
  return { startupProbe: starting, readinessProbe: usual, livenessProbe: usual };
}

function probeHandler({ http, tcpPort, command }: HealthCheckFacts): object {
  if (http) {
    const httpHeaders = http.host === undefined ? undefined : [{ name: 'Host', value: http.host }];
    return { httpGet: compact({ path: http.path, port: http.port, httpHeaders }) };
  }
  return tcpPort === undefined ? { exec: { command: command?.map(literal) } } : { tcpSocket: { port: tcpPort } };
}
