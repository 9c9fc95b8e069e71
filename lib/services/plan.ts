import type { HealthCheckFacts, ImageFacts } from '../build/image-facts';

/** Everything that a target needs to know of an {@link Application}, as plain data in a stable order. */
export interface ApplicationPlan {
  /** Id of the application, a DNS label. */
  readonly id: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** Its services, by id. */
  readonly services: ServicePlan[];
  /** Its networks other than the default one, by name. */
  readonly networks: NetworkPlan[];
  /** Its images, by id. */
  readonly images: ImagePlan[];
}

/** A network of an application. */
export interface NetworkPlan {
  /** Name, a DNS label. */
  readonly name: string;
  /** Whether its services reach nothing outside it. */
  readonly internal: boolean;
}

/** An image that is built. */
export interface ImagePlan {
  /** Id, unique in the application, in the characters of a DNS label. */
  readonly id: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** Where its Dockerfile is written, from the application's directory. */
  readonly dockerfile: string;
  /** Stage of the Dockerfile that it is. @default - the last */
  readonly stage?: string;
  /** What a deployment may know of it. */
  readonly facts: ImageFacts;
}

/** A process that is kept running. */
export interface ServicePlan {
  /** Id, a DNS label: the host name by which others reach it. */
  readonly id: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  /** Image that it runs. */
  readonly image: ImagePlan;
  /** Environment variables besides those of the image, by name. */
  readonly environment: Record<string, string>;
  /** Names of the networks that it joins; `default` is the network of those that name none. */
  readonly networks: string[];
  /** Ids of the services that have to work before it starts: be healthy, where the target can tell, else be started. */
  readonly dependsOn: string[];
  /** How to tell that it works. @default - nothing is known */
  readonly healthCheck?: HealthCheckFacts;
  /** Port under which it is reached from outside. @default - it is not */
  readonly publish?: PublishedPort;
  /** Requests that it hands to other services, by prefix. */
  readonly routes: RoutePlan[];
}

/** A port of a service that is reached from outside. */
export interface PublishedPort {
  /** Port outside. */
  readonly published: number;
  /** Port that the process listens on. */
  readonly target: number;
}

/** Requests that a proxy hands to another service. */
export interface RoutePlan {
  /** Start of the path of such requests; starts and ends with `/`. */
  readonly prefix: string;
  /** Id of the service. */
  readonly service: string;
  /** Port of the service. @default - the one that its image listens on */
  readonly port?: number;
}
