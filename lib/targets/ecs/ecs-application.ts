import type {
  aws_ecs as ecs, aws_efs as efs, aws_elasticloadbalancingv2 as elbv2, aws_logs as logs, aws_servicediscovery as discovery, Annotations,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { annotateFindings } from './annotations';
import { awsCdk } from './aws-cdk';
import { ecsExamined, type EcsExamined } from './ecs-examined';
import type { EcsJobParts, EcsServiceParts } from './ecs-parts';
import type { EcsApplicationProps } from './ecs-props';
import { mustBeSettings } from './ecs-refusals';
import { EcsWorkloads } from './ecs-workloads';
import { ecsPlace } from './make-place';
import { movedPorts } from '../../aws/published';
import type { Finding } from '../../checks/check';
import type { Loss } from '../../output/loss';
import { must } from '../../primitives/faults';
import { freeze } from '../../primitives/freeze';
import { whileNothingChanges } from '../../primitives/once';

/**
 * An {@link Application} as services of Amazon ECS, in constructs of aws-cdk.
 *
 * It is made at once: everything is checked, and all faults are thrown together. Losses are information of `cdk synth`; findings that nobody
 * acknowledged are what they are, information or warnings. Synthesis builds nothing: images are assets, which `cdk deploy` builds.
 *
 * Services reach each other by their ids through Service Connect, jobs by private DNS. A job without a schedule runs with each deployment
 * that changes it, before what depends on it; when it fails, the deployment does, and nothing of it has started.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/Welcome.html
 */
export class EcsApplication extends Construct {
  /** What runs it. */
  public readonly cluster: ecs.ICluster;
  /** Where the output of all containers is. */
  public readonly logGroup: logs.LogGroup;
  /** Names by which services and jobs find services. Nothing listens on a port where it is undefined. */
  public readonly namespace?: discovery.PrivateDnsNamespace;
  /** The data of its volumes: it stays when the stack is deleted. */
  public readonly fileSystem?: efs.FileSystem;
  /** What leads to published services. */
  public readonly loadBalancer?: elbv2.IApplicationLoadBalancer;
  /** What checks had to say and somebody acknowledged, or what only matters to know. */
  public readonly findings: Finding[];
  /** What was declared and ECS cannot express. */
  public readonly losses: Loss[];
  private readonly path: string;
  private readonly workloads: EcsWorkloads;

  constructor(scope: Construct, id: string, props: EcsApplicationProps) {
    super(scope, id);
    const { application } = props;
    mustBeSettings(this, props);
    const [examined, workloads] = whileNothingChanges(() => this.made(props));
    this.findings = examined.findings;
    const moved = movedPorts(examined.plan.services, published => workloads.ports.get(published)!);
    this.losses = [...examined.losses, ...moved.map(loss => ({ target: 'ecs', ...loss }))];
    this.path = application.node.path;
    this.workloads = workloads;
    const { cluster, logGroup, namespace, files } = workloads.place;
    this.cluster = cluster;
    this.logGroup = logGroup;
    this.namespace = namespace;
    this.fileSystem = files?.fileSystem;
    this.loadBalancer = workloads.loadBalancer;
    annotateLosses(awsCdk().Annotations.of(this), this.losses);
    annotateFindings(this, this.findings);
    freeze(application, this);
  }

  /**
   * The parts of a service.
   *
   * @param id of the service
   */
  public service(id: string): EcsServiceParts {
    return this.parts('service', this.workloads.services, id);
  }

  /**
   * The parts of a job.
   *
   * @param id of the job
   */
  public job(id: string): EcsJobParts {
    return this.parts('job', this.workloads.jobs, id);
  }

  private made(props: EcsApplicationProps): [EcsExamined, EcsWorkloads] {
    const examined = ecsExamined(props);
    return [examined, new EcsWorkloads(examined.plan, ecsPlace(this, examined, props), props)];
  }

  private parts<T>(what: string, all: ReadonlyMap<string, T>, id: string): T {
    const found = all.get(id);
    must(found, 'ECS_WORKLOAD', `'${this.path}' has no ${what} '${id}' here; it has ${[...all.keys()].sort().map(one => `'${one}'`).join(', ') || 'none'}`, this);
    return { ...found };
  }
}

/** Nothing that anybody has to do: `cdk synth --strict` passes. */
function annotateLosses(annotations: Annotations, losses: readonly Loss[]): void {
  for (const { path, declared, instead } of losses) annotations.addInfoV2('cdk-wheelhouse:loss', `${path}: ${declared}: ${instead}`);
}
