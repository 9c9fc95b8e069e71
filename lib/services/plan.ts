import type { Restart } from './restart';
import type { HealthCheckFacts, ImageFacts, WritablePath } from '../build/image-facts';

/** Everything that a target needs to know of an {@link Application}, as plain data in a stable order. */
export interface ApplicationPlan {
  /** Id of the application, a DNS label. */
  readonly id: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** Its services, by id. */
  readonly services: ServicePlan[];
  /** Its jobs, by id. */
  readonly jobs: JobPlan[];
  /** Its networks other than the default one, by name. */
  readonly networks: NetworkPlan[];
  /** Its volumes, by name. */
  readonly volumes: VolumePlan[];
  /** Its secrets, by name. */
  readonly secrets: SecretPlan[];
  /** Its configs, by name. */
  readonly configs: ConfigPlan[];
  /** Its images that are built, by id. */
  readonly images: ImagePlan[];
}

/** A network of an application. */
export interface NetworkPlan {
  /** Name, a DNS label. */
  readonly name: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** Whether its services reach nothing outside it. */
  readonly internal: boolean;
}

/** Data that outlives its containers. */
export interface VolumePlan {
  /** Name, a DNS label. */
  readonly name: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** Gibibytes that it needs. @default - nobody said */
  readonly sizeGibibytes?: number;
}

/** A value that only those who need it may read. */
export interface SecretPlan {
  /** Name, a DNS label. In containers it is the file `/run/secrets/<name>`. */
  readonly name: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** File that holds it, from the App's root. */
  readonly file: string;
}

/** A file that containers read. */
export interface ConfigPlan {
  /** Name, a DNS label. */
  readonly name: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** What it says. */
  readonly text: string;
}

/** An image. */
export interface ImagePlan {
  /** Id, unique in the application, in the characters of a DNS label. */
  readonly id: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** Where its Dockerfile is written, from the application's directory. @default - it is not built: it has a `reference` */
  readonly dockerfile?: string;
  /** Stage of the Dockerfile that it is. @default - the last */
  readonly stage?: string;
  /** Reference of an image that somebody else builds. @default - it is built */
  readonly reference?: string;
  /** What a deployment may know of it. */
  readonly facts: ImageFacts;
  /** What its build is given and keeps in no layer. @default - nothing */
  readonly buildMounts?: BuildMountsPlan;
}

/** What the RUN of a build mounts and whoever builds gives. */
export interface BuildMountsPlan {
  /** Ids of secrets. */
  readonly secrets: string[];
  /** Ids of SSH agents or keys. */
  readonly ssh: string[];
}

/** A variable that whoever deploys gives. */
export interface DeployerVariable {
  /** Its name there. */
  readonly variable: string;
  /** What it is when they say nothing. @default - they have to say */
  readonly defaultValue?: string;
}

/** A volume in a container. */
export interface VolumeMountPlan {
  /** Name of the volume. */
  readonly volume: string;
  /** Absolute path of the directory. */
  readonly path: string;
  /** Whether the process may only read. */
  readonly readOnly: boolean;
}

/** A config in a container. */
export interface ConfigMountPlan {
  /** Name of the config. */
  readonly config: string;
  /** Absolute path of the file. */
  readonly path: string;
}

/** Amounts as in {@link Resources}. */
export interface ResourcesPlan {
  /** Processors that are kept for it. @default - none */
  readonly cpuReservation?: number;
  /** Processors that it may use. @default - no limit */
  readonly cpuLimit?: number;
  /** Mebibytes of memory that are kept for it. @default - none */
  readonly memoryReservationMebibytes?: number;
  /** Mebibytes of memory beyond which it is killed. @default - no limit */
  readonly memoryLimitMebibytes?: number;
  /** Processes and threads that it may have. @default - no limit */
  readonly pidsLimit?: number;
}

/** Where a container's output goes. */
export interface LoggingPlan {
  /** Name of the driver. */
  readonly driver: string;
  /** Its options, by name. */
  readonly options: Record<string, string>;
}

/** What services and jobs have in common. */
export interface WorkloadPlan {
  /** Id, a DNS label: the host name by which others reach a service. */
  readonly id: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** Image that it runs. */
  readonly image: ImagePlan;
  /** Words in place of the image's ENTRYPOINT. @default - the image's */
  readonly entrypoint?: string[];
  /** Words in place of the image's CMD. @default - the image's */
  readonly command?: string[];
  /** Environment variables besides those of the image, by name. */
  readonly environment: Record<string, string>;
  /** Environment variables that whoever deploys gives, by name. */
  readonly deployerEnvironment: Record<string, DeployerVariable>;
  /** Names of the secrets that it has as files. */
  readonly secrets: string[];
  /** Configs that it has as files, by path. */
  readonly configs: ConfigMountPlan[];
  /** Volumes that it has as directories, by path. */
  readonly volumes: VolumeMountPlan[];
  /** Directories that it writes to and that end with it: those of its image that are on no volume. */
  readonly scratchPaths: WritablePath[];
  /** Names of the networks that it joins; `default` is the network of those that name none. */
  readonly networks: string[];
  /** Ids of what it waits for before it starts: services that are healthy, where the target can tell, else started; jobs that have ended well. */
  readonly dependsOn: string[];
  /** Ids of the services that it reaches, as far as that was said. */
  readonly reaches: string[];
  /** How to tell that it works. @default - nothing is known */
  readonly healthCheck?: HealthCheckFacts;
  /** Processors and memory. @default - no promises and no limits */
  readonly resources?: ResourcesPlan;
  /** Seconds between the stop signal and the end by force. @default - the target's */
  readonly stopGraceSeconds?: number;
  /** Where its output goes. @default - the engine's */
  readonly logging?: LoggingPlan;
  /** Names and values for tools that look for them, by name. */
  readonly labels: Record<string, string>;
  /** Names under which it is started on demand; none when it always is. */
  readonly profiles: string[];
}

/** A process that is kept running. */
export interface ServicePlan extends WorkloadPlan {
  /** Port under which it is reached from outside. @default - it is not */
  readonly publish?: PublishedPort;
  /** More ports under which it is reached from outside. */
  readonly alsoPublished: PublishedPort[];
  /** Requests that it hands to other services. */
  readonly routes: RoutePlan[];
  /** Requests that it answers with files of its own, named as those of `routes`. */
  readonly fileRoutes: string[];
  /** Files in the place of its image's, for targets in which the address of a service never changes and Docker's name server is not there. */
  readonly fixedAddressFiles: FileTextPlan[];
  /** Number of its containers. */
  readonly replicas: number;
  /** Bounds between which that number follows the load. @default - it is fixed */
  readonly scaling?: ScalingPlan;
  /** Whether it is started again when it has ended. */
  readonly restart: Restart;
}

/** A text in a container. */
export interface FileTextPlan {
  /** Absolute path of the file. */
  readonly path: string;
  /** What it says. */
  readonly text: string;
}

/** A process that ends. */
export interface JobPlan extends WorkloadPlan {
  /** How often it is started again when it fails. */
  readonly retries: number;
  /** When it is started, as five fields of cron. @default - once */
  readonly schedule?: string;
}

/** Bounds of a service that is scaled with its load. */
export interface ScalingPlan {
  /** Least number of containers. */
  readonly min: number;
  /** Most containers. */
  readonly max: number;
  /** Share of its reserved processors, in percent, that is aimed at. */
  readonly cpuPercent: number;
}

/** A port of a service that is reached from outside. */
export interface PublishedPort {
  /** Port outside. */
  readonly published: number;
  /** Port that the process listens on. */
  readonly target: number;
  /** Whether the process itself speaks TLS there. @default false */
  readonly tls?: boolean;
}

/** Requests that a proxy hands to another service; one of several when they are shared. */
export interface RoutePlan {
  /** Which requests: by the start of their path `/api/`, with a host `shop.example.com/api/`, or by the whole path `= /api`. */
  readonly prefix: string;
  /** Id of the service. */
  readonly service: string;
  /** Port of the service. @default - the one that its image listens on */
  readonly port?: number;
  /**
   * IP addresses of the name servers without which it does not find the service: a target where they do not answer loses the route.
   * @default - it asks the system, as every program does
   */
  readonly resolvers?: string[];
  /** Settings that the route has besides, by name, such as `bodyMebibytes`. */
  readonly settings: string[];
}
