import type { aws_ecs as ecs, aws_elasticloadbalancingv2 as elbv2 } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import type { EcsJobParts, EcsServiceParts } from './ecs-parts';
import { securityGroupsOf, type EcsPlace } from './ecs-place';
import type { EcsApplicationProps } from './ecs-props';
import { ecsService, scaling } from './ecs-service';
import { listenersOf, loadBalancer, publish, redirect } from './load-balancer';
import { RunTask } from './run-task';
import { schedules } from './schedules';
import { taskDefinition } from './task-definition';
import type { EcsJob, EcsPlan, EcsPublished, EcsService } from '../../aws/ecs-plan';

/** Services and jobs, each with a scope of its own, and the order in which they are started. */
export class EcsWorkloads {
  /** By id. */
  public readonly services = new Map<string, EcsServiceParts>();
  /** By id. */
  public readonly jobs = new Map<string, EcsJobParts>();
  public readonly loadBalancer?: elbv2.IApplicationLoadBalancer;
  /** Ports of the load balancer. */
  public readonly ports: ReadonlyMap<EcsPublished, number>;
  private readonly certificate: EcsApplicationProps['certificate'];

  constructor(plan: EcsPlan, public readonly place: EcsPlace, { certificate, loadBalancer: given }: EcsApplicationProps) {
    const published = plan.services.flatMap(service => service.published ?? []);
    const listeners = listenersOf(published, certificate !== undefined);
    this.certificate = certificate;
    this.ports = listeners.ports;
    if (published.length > 0) this.loadBalancer = given ?? loadBalancer(place.scope, place.cluster.vpc);
    if (listeners.redirect) redirect(place.scope, this.loadBalancer!);
    for (const service of plan.services) this.services.set(service.id, this.service(service));
    const deployed = plan.jobs.some(({ schedules: times }) => !times) ? new RunTask(place) : undefined;
    for (const job of plan.jobs) this.jobs.set(job.id, this.job(job, deployed));
    for (const { id, startAfter } of [...plan.services, ...plan.jobs]) {
      this.started(id)?.node.addDependency(...startAfter.map(other => this.started(other)!));
    }
  }

  private service(plan: EcsService): EcsServiceParts {
    const scope = new Construct(this.place.scope, `Service-${plan.id}`);
    const made = taskDefinition(scope, plan, this.place);
    const service = ecsService(scope, plan, made, this.place);
    const securityGroups = securityGroupsOf(this.place, plan.securityGroups);
    return { service, ...made, securityGroups, ...this.published(scope, plan, service), scaling: scaling(service, plan) };
  }

  private published(scope: Construct, plan: EcsService, service: ecs.BaseService) {
    if (!plan.published) return {};
    const balancer = this.loadBalancer!;
    const port = this.ports.get(plan.published)!;
    return { loadBalancer: balancer, ...publish(scope, plan, service, { balancer, port, certificate: this.certificate }) };
  }

  private job(plan: EcsJob, deployed?: RunTask): EcsJobParts {
    const scope = new Construct(this.place.scope, `Job-${plan.id}`);
    const made = taskDefinition(scope, plan, this.place);
    const parts = { ...made, securityGroups: securityGroupsOf(this.place, plan.securityGroups) };
    if (plan.schedules) return { ...parts, rules: schedules(scope, plan, made, this.place) };
    const run = deployed!.job(scope, plan, made);
    run.node.addDependency(made.taskDefinition, ...parts.securityGroups);
    if (plan.task.volumes.some(({ accessPoint }) => accessPoint !== undefined)) run.node.addDependency(this.place.files!.fileSystem);
    return { ...parts, run };
  }

  /** What is there once a service runs, or a job has ended; nothing for one that is started at its times. */
  private started(id: string): IConstruct | undefined {
    return this.services.get(id)?.service ?? this.jobs.get(id)?.run;
  }
}
