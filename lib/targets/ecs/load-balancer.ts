import type { aws_certificatemanager as acm, aws_ec2 as ec2, aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { awsCdk } from './aws-cdk';
import type { EcsPublished, EcsService } from '../../aws/ecs-plan';

const HTTP = 80;
const HTTPS = 443;

/**
 * With a certificate all listeners speak TLS, and one service is at the port of HTTPS: that of which it is the port, else that of HTTP, else the only
 * one. HTTP leads there.
 */
export function listenersOf(published: readonly EcsPublished[], certified: boolean): { ports: Map<EcsPublished, number>; redirect: boolean } {
  const preferred = [HTTPS, HTTP].flatMap(port => published.filter(one => one.port === port));
  const [main] = certified ? [...preferred, ...(published.length === 1 ? published : [])] : [];
  const ports = new Map(published.map(one => [one, one === main ? HTTPS : one.port]));
  return { ports, redirect: main !== undefined && ![...ports.values()].includes(HTTP) };
}

/** Where a service is reached from outside. */
export interface PublishedAt {
  readonly balancer: elbv2.IApplicationLoadBalancer;
  readonly port: number;
  /** @default - it speaks HTTP */
  readonly certificate?: acm.ICertificate;
}

/** A load balancer of requests for whoever is outside. */
export function loadBalancer(scope: Construct, vpc: ec2.IVpc): elbv2.ApplicationLoadBalancer {
  return new (awsCdk().aws_elasticloadbalancingv2).ApplicationLoadBalancer(scope, 'LoadBalancer', { vpc, internetFacing: true, dropInvalidHeaderFields: true });
}

/** Leads from HTTP to HTTPS. */
export function redirect(scope: Construct, balancer: elbv2.IApplicationLoadBalancer): elbv2.ApplicationListener {
  const { ApplicationListener, ApplicationProtocol, ListenerAction } = awsCdk().aws_elasticloadbalancingv2;
  return new ApplicationListener(scope, 'Redirect', {
    loadBalancer: balancer,
    port: HTTP,
    protocol: ApplicationProtocol.HTTP,
    defaultAction: ListenerAction.redirect({ protocol: 'HTTPS', port: String(HTTPS), permanent: true }),
  });
}

/** A listener, and the tasks of the service behind it. */
export function publish(
  scope: Construct, plan: EcsService, service: ecs.BaseService, { balancer, port, certificate }: PublishedAt,
): { listener: elbv2.ApplicationListener; targetGroup: elbv2.ApplicationTargetGroup } {
  const { Duration, aws_elasticloadbalancingv2: { ApplicationListener, ApplicationProtocol, ApplicationTargetGroup, SslPolicy } } = awsCdk();
  const { target, tls, healthCheck, drainSeconds } = plan.published!;
  const listener = new ApplicationListener(scope, 'Listener', {
    loadBalancer: balancer,
    port,
    protocol: certificate ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP,
    certificates: certificate && [certificate],
    sslPolicy: certificate && SslPolicy.RECOMMENDED_TLS,
  });
  const targetGroup = new ApplicationTargetGroup(scope, 'Target', {
    vpc: service.cluster.vpc,
    port: target,
    protocol: tls ? ApplicationProtocol.HTTPS : ApplicationProtocol.HTTP,
    targets: [service.loadBalancerTarget({ containerName: plan.id, containerPort: target })],
    healthCheck: {
      path: healthCheck.path,
      healthyHttpCodes: healthCheck.statuses,
      interval: Duration.seconds(healthCheck.intervalSeconds),
      timeout: Duration.seconds(healthCheck.timeoutSeconds),
      unhealthyThresholdCount: healthCheck.unhealthyCount,
    },
    // requests that are under way end before the task is told to
    deregistrationDelay: Duration.seconds(drainSeconds),
  });
  listener.addTargetGroups('Target', { targetGroups: [targetGroup] });
  return { listener, targetGroup };
}
