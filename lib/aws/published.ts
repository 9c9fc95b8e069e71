import type { EcsPublished, EcsService } from './ecs-plan';
import type { Loss } from '../output/loss';
import type { ServicePlan } from '../services/plan';
import { mayBeHttp, publishedPorts } from '../services/plan-application';

/**
 * What a load balancer takes: seconds between two checks, and how many may fail.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
const LEAST_INTERVAL = 5;
const LEAST_TIMEOUT = 2;
const LEAST_FAILURES = 2;
const MOST_FAILURES = 10;

/** Seconds that ECS has for tasks which say nothing. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html */
const STOP_TIMEOUT = 30;

/** The first port outside, when it may speak HTTP: a load balancer is one of requests. */
export function published(service: ServicePlan): EcsPublished | undefined {
  const [port] = publishedPorts(service);
  if (port === undefined || !mayBeHttp(service)) return undefined;
  const { http: declared, intervalSeconds = 30, timeoutSeconds = 5, retries = 3 } = service.healthCheck ?? {};
  const http = declared?.port === port.target ? declared : undefined;
  const interval = Math.max(LEAST_INTERVAL, intervalSeconds);
  return {
    port: port.published,
    target: port.target,
    tls: port.tls ?? false,
    drainSeconds: service.stopGraceSeconds ?? STOP_TIMEOUT,
    healthCheck: {
      path: http?.path ?? '/',
      // it asks with an address for a name, which some frameworks refuse: that, too, is an answer of a process that works
      statuses: http && http.host === undefined ? '200-399' : '200-499',
      intervalSeconds: interval,
      timeoutSeconds: Math.min(Math.max(LEAST_TIMEOUT, timeoutSeconds), interval - 1),
      unhealthyCount: Math.min(MOST_FAILURES, Math.max(LEAST_FAILURES, retries)),
    },
  };
}

/** What became of the ports that a load balancer has, where a certificate moves them to that of HTTPS. */
export function movedPorts(services: readonly EcsService[], portOf: (published: EcsPublished) => number): Omit<Loss, 'target'>[] {
  return services.flatMap(({ path, published: one }) => one && portOf(one) !== one.port ? [{
    path, declared: `published port ${one.port}`, instead: `port ${portOf(one)} of the load balancer, which has a certificate`,
  }] : []);
}
