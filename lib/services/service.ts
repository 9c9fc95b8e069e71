import { Construct } from 'constructs';
import { Application } from './application';
import type { HealthCheck } from './health-check';
import type { Network } from './network';
import type { RoutePlan } from './plan';
import type { ContainerImage } from '../build/container-image';
import { must, problemLine } from '../primitives/faults';
import { mustBeDnsLabel, mustBeEnvironmentName } from '../primitives/names';
import { mustBePort } from '../primitives/ports';

/** Settings of a {@link Service}. */
export interface ServiceProps {
  /** Image to run. */
  readonly image: ContainerImage;
  /** Networks that it joins. @default - the application's default network */
  readonly networks?: Network[];
  /** Environment variables of the container, besides those of the image. Compose and Kubernetes write them down: no secrets. @default - none */
  readonly environment?: Record<string, string>;
  /** How to tell that it works. @default - as the image says */
  readonly healthCheck?: HealthCheck;
  /** Services that have to be healthy, or started when they have no health check, before this one starts. Compose `depends_on`. @default - none */
  readonly dependsOn?: Service[];
  /**
   * Port, 1-65535, under which the service's port is reached from outside. Compose `ports`.
   * @default - it is reached by its networks only
   */
  readonly publish?: number;
}

/** A process of an {@link Application} that is kept running. Others reach it by its id as a host name. */
export class Service extends Construct {
  /** Image that it runs. */
  public readonly image: ContainerImage;
  /** @internal */
  public readonly _props: ServiceProps;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    mustBeDnsLabel('service', this);
    Application.of(this);
    Object.keys(props.environment ?? {}).forEach(name => mustBeEnvironmentName(name, this));
    for (const [name, value] of Object.entries(props.environment ?? {})) {
      must(!value.includes('\0'), 'ENVIRONMENT_VALUE', `value of environment variable '${name}' has a NUL, which no process can be given`, this);
    }
    if (props.publish !== undefined) mustBePort(props.publish, this);
    this.image = props.image;
    this._props = { ...props, networks: [...props.networks ?? []], dependsOn: [...props.dependsOn ?? []], environment: { ...props.environment } };
    this.node.addValidation({ validate: () => [...this.strangers(), ...this.unclearImage(), ...this.unclearPort()] });
  }

  /**
   * Networks that it joins by name.
   * @internal
   */
  public _networks(): Network[] {
    return this._props.networks!;
  }

  /**
   * Requests that it hands to other services.
   * @internal
   */
  public _routes(): RoutePlan[] {
    return [];
  }

  /**
   * Whether it joins the network of those that name none.
   * @internal
   */
  public _joinsDefaultNetwork(): boolean {
    return this._networks().length === 0;
  }

  private unclearImage(): string[] {
    const problem = this.image._cannotRun();
    return problem === undefined ? [] : [problemLine('IMAGE_UNCLEAR', problem)];
  }

  private unclearPort(): string[] {
    const { ports } = this.image._plan().facts;
    if (this._props.publish === undefined || ports.length === 1) return [];
    const listens = ports.length === 0 ? 'no port' : `ports ${ports.join(', ')}`;
    return [problemLine('PUBLISH_PORT', `port ${this._props.publish} is published, but the image listens on ${listens}; it has to listen on exactly one`)];
  }

  private strangers(): string[] {
    const application = Application.of(this);
    return [...this._networks(), ...this._props.dependsOn!, this.image].filter(other => Application.of(other) !== application)
      .map(other => problemLine('APPLICATION_FOREIGN', `'${other.node.path}' is not part of the same application; declare it there`));
  }
}
