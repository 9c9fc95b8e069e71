import type { Loss } from '../output/loss';
import type { ImagePlan, ScalingPlan } from '../services/plan';

/** What ECS runs of an application, as plain data: those who make AWS resources of it decide nothing. */
export interface EcsPlan {
  /** Id of the application: what names of resources start with. */
  readonly id: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** One security group for each network that has members, by name. */
  readonly securityGroups: EcsSecurityGroup[];
  /** Directories on one EFS file system, by name. */
  readonly accessPoints: EcsAccessPoint[];
  /** Names of the secrets that tasks read. */
  readonly secrets: string[];
  /** Services, each after those that it starts after. */
  readonly services: EcsService[];
  /** Jobs, by id. */
  readonly jobs: EcsJob[];
  /** What was declared and is not in it. */
  readonly losses: Omit<Loss, 'target'>[];
}

/** A network: who has the group reaches who has it. */
export interface EcsSecurityGroup {
  /** Name of the network. */
  readonly name: string;
  /** TCP ports on which its members listen, in ascending order. */
  readonly ports: number[];
  /** Whether its members reach nothing outside, but for AWS itself. */
  readonly internal: boolean;
}

/** A directory on a file system, as one user sees it. */
export interface EcsAccessPoint {
  /** Name: that of the volume. */
  readonly name: string;
  /** User and group that everything belongs to. */
  readonly userId: number;
  readonly groupId: number;
}

/** What is kept running. */
export interface EcsService extends EcsWorkload {
  /** Number of tasks. */
  readonly desiredCount: number;
  /** Bounds between which that number follows the load. @default - it is fixed */
  readonly scaling?: ScalingPlan;
  /** Ports under which other services reach it by its id. */
  readonly endpoints: EcsEndpoint[];
  /** Whether jobs reach it: its id is a name of the private DNS then. */
  readonly inDns: boolean;
  /** Port behind a load balancer. @default - it is reached from inside only */
  readonly published?: EcsPublished;
  /** Whether two of its tasks must never run at once, as both would write to one volume. */
  readonly alone: boolean;
}

/** A port of a service. */
export interface EcsEndpoint {
  /** Name of the port mapping, unique in the application. */
  readonly name: string;
  /** What Service Connect registers it as: no id of a service, which has no `_`. */
  readonly discoveryName: string;
  readonly port: number;
  /** Whether it speaks HTTP, of which a proxy then counts requests and answers. */
  readonly http: boolean;
}

/** A port behind a load balancer. */
export interface EcsPublished {
  /** Port of the load balancer, when it speaks HTTP. */
  readonly port: number;
  /** Port that the process listens on. */
  readonly target: number;
  /** Whether the process itself speaks TLS there. */
  readonly tls: boolean;
  /** Seconds in which requests that are under way end, before the task is told to. */
  readonly drainSeconds: number;
  /** How the load balancer tells that a task works. */
  readonly healthCheck: EcsTargetHealthCheck;
}

/** A request that the load balancer sends to a task. */
export interface EcsTargetHealthCheck {
  readonly path: string;
  /** Statuses of a task that works, such as `200-399`. */
  readonly statuses: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly unhealthyCount: number;
}

/** What ends. */
export interface EcsJob extends EcsWorkload {
  /** How often it is started again when it fails. */
  readonly retries: number;
  /** When it is started, as expressions of EventBridge; one of them for most schedules. @default - once with each deployment */
  readonly schedules?: string[];
}

/** What services and jobs have in common. */
export interface EcsWorkload {
  readonly id: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  readonly task: EcsTask;
  /** Names of its security groups. */
  readonly securityGroups: string[];
  /** Ids of the services and jobs that have to be there before it is started. */
  readonly startAfter: string[];
}

/** A task definition. */
export interface EcsTask {
  readonly family: string;
  /** CPU units, 1024 for a processor. */
  readonly cpuUnits: number;
  readonly memoryMebibytes: number;
  /** @default - that of the cluster, X86_64 on Fargate */
  readonly architecture?: 'X86_64' | 'ARM64';
  /** The process itself, and those that end before it starts. */
  readonly containers: EcsContainer[];
  readonly volumes: EcsVolume[];
}

/** Files that containers of a task share. */
export interface EcsVolume {
  readonly name: string;
  /** Name of the access point that it is. @default - it ends with the task */
  readonly accessPoint?: string;
}

/** A container. Its root is read-only, and it has no capabilities. */
export interface EcsContainer {
  readonly name: string;
  readonly image: ImagePlan;
  /** Whether the task ends with it. */
  readonly essential: boolean;
  /** Numbers of user and group, such as `65532:65532`. @default - the image's */
  readonly user?: string;
  /** Words in place of the image's ENTRYPOINT. @default - the image's */
  readonly entryPoint?: string[];
  /** Words in place of the image's CMD. @default - the image's */
  readonly command?: string[];
  /** Variables, by name. */
  readonly environment: Record<string, string>;
  /** Variables that whoever deploys gives: what they are called there, by name. */
  readonly deployerEnvironment: Record<string, EcsDeployerVariable>;
  /** Variables that hold secrets: the secrets' names, by name. */
  readonly secrets: Record<string, string>;
  readonly tmpfs: EcsTmpfs[];
  readonly mountPoints: EcsMountPoint[];
  readonly endpoints: EcsEndpoint[];
  /** @default - nothing in the image could carry one out */
  readonly healthCheck?: EcsHealthCheck;
  /** Seconds between the stop signal and the end by force. @default - ECS's, 30 */
  readonly stopTimeoutSeconds?: number;
  /** Whether an init is process 1 and hands the stop signal on. */
  readonly init: boolean;
  /** Mebibytes beyond which it is killed. @default - those of the task */
  readonly memoryLimitMebibytes?: number;
  /** Mebibytes that are kept for it. @default - none */
  readonly memoryReservationMebibytes?: number;
  /** Names and values for tools that look for them, by name. */
  readonly dockerLabels: Record<string, string>;
  /** Containers that have to end well before this one starts. */
  readonly startsAfter: string[];
}

/** A variable that whoever deploys gives. */
export interface EcsDeployerVariable {
  readonly variable: string;
  readonly defaultValue?: string;
}

/** A directory in memory. */
export interface EcsTmpfs {
  readonly path: string;
  readonly sizeMebibytes: number;
  /** Such as `uid=65532` and `noexec`. */
  readonly options: string[];
}

/** A volume in a container. */
export interface EcsMountPoint {
  readonly volume: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** What the agent runs in the container. */
export interface EcsHealthCheck {
  /** Argument vector, without CMD before it. */
  readonly command: string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}
