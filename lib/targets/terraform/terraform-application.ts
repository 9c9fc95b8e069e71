import type { TerraformResource } from 'cdktn';
import { Construct } from 'constructs';
import { annotate } from './annotate';
import { awsFoundation, type AwsFoundation } from './aws-foundation';
import { awsJob, type AwsJob } from './aws-job';
import { awsService, type AwsService } from './aws-service';
import { output, requiredProvider, stackOf } from './terraform-element';
import type { TerraformApplicationProps } from './terraform-props';
import { registryMissing } from './terraform-registry-missing';
import { mustBeAskedFor, mustBeSettings } from './terraform-settings';
import { ecsChecks } from '../../aws/ecs-checks';
import type { EcsPlan } from '../../aws/ecs-plan';
import { ecsSettings, type EcsSettings } from '../../aws/ecs-settings';
import { planEcs } from '../../aws/plan-ecs';
import { movedPorts } from '../../aws/published';
import type { Finding } from '../../checks/check';
import { mustBeExamined } from '../../output/examined-application';
import { contentTags } from '../../output/image-files';
import type { Loss } from '../../output/loss';
import { must } from '../../primitives/faults';
import { freeze } from '../../primitives/freeze';
import { whileNothingChanges } from '../../primitives/once';
import type { Application } from '../../services/application';

/**
 * Where the provider comes from, and since when it has all that is used: `enhanced` of Container Insights is the latest.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/40445
 */
const PROVIDER = { source: 'hashicorp/aws', version: '>= 5.80.0' };

/** Port of a load balancer that has a certificate. */
const HTTPS = 443;

/** What a service or job is made of, to go on with in the host. */
export interface TerraformWorkload {
  /** What it runs as, an `aws_ecs_task_definition`. */
  readonly taskDefinition: TerraformResource;
  /** Whom the process is for AWS, an `aws_iam_role`: without rights, but for its volumes. */
  readonly taskRole: TerraformResource;
  /** Whom ECS is when it starts a task, an `aws_iam_role`: for its logs, its secrets, its images. */
  readonly executionRole: TerraformResource;
}

/** What a service is made of, to go on with in the host. */
export interface TerraformServiceParts extends TerraformWorkload {
  /** The service, an `aws_ecs_service`. */
  readonly service: TerraformResource;
  /** The `aws_lb` of a published service. */
  readonly loadBalancer?: TerraformResource;
  /** Its `aws_lb_listener` that sends requests to the tasks. */
  readonly listener?: TerraformResource;
  /** Its `aws_lb_target_group`. */
  readonly targetGroup?: TerraformResource;
}

/** What a job is made of, to go on with in the host. */
export interface TerraformJobParts extends TerraformWorkload {
  /** What runs it whenever its task definition has changed, a `terraform_data`. @default - it has times of its own */
  readonly run?: TerraformResource;
  /** What starts it at its times, each an `aws_scheduler_schedule`. */
  readonly schedules: TerraformResource[];
}

/**
 * An {@link Application} on ECS with Fargate, as resources of the AWS provider in a stack of cdktn, or of cdktf. The provider's region and account
 * are what the stack declares.
 *
 * `terraform apply` makes each service after those that it needs, and ends when all of them work; a deployment that ECS takes back fails it. Jobs without
 * times of their own run on the way: where Terraform runs there has to be the AWS CLI, with credentials and a shell. The Dockerfiles come
 * from the same program or another one, by {@link App.synth}: push what they build before, under the names that the task definitions have.
 *
 * It is made at once: everything is checked, and all faults are thrown together. In a tree without an App, sources are read from the
 * working directory. Who destroys the stack destroys the volumes, unless their file system's `lifecycle` prevents that: {@link fileSystem}.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service
 */
export class TerraformApplication extends Construct {
  /** What checks had to say and somebody acknowledged, or what only matters to know; annotations of the stack have those that nobody did. */
  public readonly findings: Finding[];
  /** What was declared and ECS cannot express; annotations of the stack have it, too. */
  public readonly losses: Loss[];
  /** The `aws_ecs_cluster`, when it is the application's own. */
  public readonly cluster?: TerraformResource;
  /** The `aws_cloudwatch_log_group` of all services and jobs. */
  public readonly logGroup: TerraformResource;
  /** The `aws_efs_file_system` with all volumes. @default - there are none */
  public readonly fileSystem?: TerraformResource;
  private readonly path: string;
  private readonly foundation: AwsFoundation;
  private readonly services = new Map<string, AwsService>();
  private readonly jobs = new Map<string, AwsJob>();

  constructor(scope: Construct, id: string, props: TerraformApplicationProps) {
    super(scope, id);
    const { application } = props;
    stackOf(this);
    mustBeSettings(props);
    this.path = application.node.path;
    const settings = ecsSettings(application.node.id, true, Object.keys(props.secrets ?? {}));
    const { plan, findings, contentTag } = whileNothingChanges(() => lowered(application, props, settings));
    this.findings = findings;
    this.losses = [...plan.losses, ...lossesOutside(plan, props)].map(loss => ({ target: 'terraform', ...loss }));
    requiredProvider(this, 'aws', PROVIDER.source, PROVIDER.version);
    this.foundation = awsFoundation(this, plan, props, settings, contentTag);
    this.cluster = this.foundation.cluster;
    this.logGroup = this.foundation.logGroup;
    this.fileSystem = this.foundation.storage?.fileSystem;
    this.makeWorkloads(plan);
    this.makeOutputs(plan);
    annotate(this, this.losses, this.findings);
    freeze(application, this);
  }

  /**
   * What a service became.
   *
   * @param id of the service
   */
  public service(id: string): TerraformServiceParts {
    const { service, balancer, ...task } = this.find('service', this.services, id);
    return { service, ...partsOf(task), loadBalancer: balancer?.loadBalancer, listener: balancer?.listener, targetGroup: balancer?.targetGroup };
  }

  /**
   * What a job became.
   *
   * @param id of the job
   */
  public job(id: string): TerraformJobParts {
    const { run, schedules, ...task } = this.find('job', this.jobs, id);
    return { run, schedules: [...schedules], ...partsOf(task) };
  }

  /**
   * The `aws_security_group` of a network: who has it reaches its members.
   *
   * @param name of the network
   */
  public securityGroup(name: string): TerraformResource {
    return this.find('network', this.foundation.securityGroups, name);
  }

  private find<T>(what: string, made: ReadonlyMap<string, T>, id: string): T {
    const found = made.get(id);
    must(found, 'TERRAFORM_WORKLOAD', `'${this.path}' has no ${what} '${id}' here; it has ${[...made.keys()].sort().map(name => `'${name}'`).join(', ') || 'none'}`, this);
    return found;
  }

  /** Each after those that it starts after. */
  private makeWorkloads({ services, jobs }: EcsPlan): void {
    const made = new Map<string, TerraformResource>();
    const after = ({ startAfter }: { readonly startAfter: readonly string[] }) => startAfter.map(id => made.get(id)!);
    const left = new Set([...jobs.map(job => ({ job })), ...services.map(service => ({ service }))]);
    while (left.size > 0) {
      for (const one of left) {
        const { id, startAfter } = 'job' in one ? one.job : one.service;
        if (startAfter.some(other => !made.has(other))) continue;
        left.delete(one);
        if ('job' in one) {
          const job = awsJob(new Construct(this, `job-${id}`), one.job, this.foundation, after(one.job));
          this.jobs.set(id, job);
          if (job.run) made.set(id, job.run);
        } else {
          const service = awsService(new Construct(this, `service-${id}`), one.service, this.foundation, after(one.service));
          this.services.set(id, service);
          made.set(id, service.service);
        }
      }
    }
  }

  private makeOutputs({ id, services }: EcsPlan): void {
    output(this, `${id}_cluster_arn`, `Cluster of ${id}`, this.foundation.clusterArn);
    const names = services.map(service => [service.id, this.services.get(service.id)!.service.getStringAttribute('name')]);
    output(this, `${id}_services`, `Services of ${id} in the cluster`, Object.fromEntries(names));
    const balancers = services.flatMap(service => {
      const balancer = this.services.get(service.id)!.balancer;
      return balancer ? [[service.id, balancer.loadBalancer.getStringAttribute('dns_name')]] : [];
    });
    if (balancers.length > 0) output(this, `${id}_load_balancers`, `DNS names of the load balancers of ${id}, by service`, Object.fromEntries(balancers));
  }
}

/** What an application becomes. All of its faults are thrown together. */
function lowered(application: Application, props: TerraformApplicationProps, settings: EcsSettings) {
  const examined = mustBeExamined(application, [...ecsChecks(settings), registryMissing(props)]);
  const plan = planEcs(examined.plan, settings);
  mustBeAskedFor(plan, props);
  const tag = contentTags(examined.plan, examined.source);
  // once for all: sources are not read again later
  const tags = new Map(examined.plan.images.filter(({ reference }) => reference === undefined).map(({ id }) => [id, tag(id)]));
  return { plan, findings: examined.findings, contentTag: (imageId: string) => tags.get(imageId)! };
}

/** What a load balancer of these settings is not. */
function lossesOutside({ services }: EcsPlan, { certificateArn, publicSubnetIds }: TerraformApplicationProps): EcsPlan['losses'] {
  const inside = publicSubnetIds === undefined ? services : [];
  return [
    ...movedPorts(services, ({ port }) => certificateArn === undefined ? port : HTTPS),
    ...inside.flatMap(({ path, published }) => published ? [{
      path, declared: `published port ${published.port}`, instead: "reached from inside the VPC only: name 'publicSubnetIds' for a load balancer that the internet reaches",
    }] : []),
  ];
}

function partsOf({ taskDefinition, taskRole, executionRole }: TerraformWorkload): TerraformWorkload {
  return { taskDefinition, taskRole, executionRole };
}
