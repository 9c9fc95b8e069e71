import type { Construct } from 'constructs';
import type { IReachable } from './env-value';
import type { HealthCheck } from './health-check';
import type { FileTextPlan, PublishedPort, RoutePlan } from './plan';
import type { Restart } from './restart';
import { Workload, type WorkloadProps } from './workload';
import { must, problemLine } from '../primitives/faults';
import { mustBePort } from '../primitives/ports';

/** Bounds of a service that is scaled with its load. */
export interface Scaling {
  /** Least number of containers, from 1 up. */
  readonly min: number;
  /** Most containers, from `min` up. */
  readonly max: number;
  /** Share of its reserved processors, in percent from 1 to 100, that is aimed at. @default 70 */
  readonly cpuPercent?: number;
}

/** Settings of a {@link Service}. */
export interface ServiceProps extends WorkloadProps {
  /** How to tell that it works. @default - as the image says */
  readonly healthCheck?: HealthCheck;
  /**
   * Port, 1-65535, under which the service's port is reached from outside. Compose `ports`.
   * @default - it is reached by its networks only
   */
  readonly publish?: number;
  /** Number of its containers, from 1 up. Compose `deploy.replicas`, Kubernetes `replicas`. @default 1 */
  readonly replicas?: number;
  /** Bounds between which its number follows the load. Kubernetes HorizontalPodAutoscaler. @default - the number is fixed */
  readonly scaling?: Scaling;
  /** Whether it is started again when it has ended. Compose `restart`. @default Restart.ALWAYS */
  readonly restart?: Restart;
}

/** A process of an {@link Application} that is kept running. Others reach it by its id as a host name. */
export class Service extends Workload implements IReachable {
  /** Name by which other services reach it. */
  public readonly host: string;
  /** @internal */
  public readonly _serviceProps: Readonly<ServiceProps>;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id, 'service', props);
    const { publish, replicas = 1, scaling } = props;
    if (publish !== undefined) mustBePort(publish, this);
    must(Number.isInteger(replicas) && replicas >= 1, 'COUNT', `replicas ${replicas} is not a whole number from 1 up`, this);
    must(replicas === 1 || publish === undefined, 'PUBLISH_REPLICAS',
      `port ${publish} is published, and ${replicas} containers cannot all have it; publish a proxy in front of them, such as NginxReverseProxy`, this);
    if (scaling) {
      const { min, max, cpuPercent = 70 } = scaling;
      must([min, max, cpuPercent].every(Number.isInteger) && 1 <= min && min <= max && 1 <= cpuPercent && cpuPercent <= 100, 'SCALING',
        `scaling from ${min} to ${max} at ${cpuPercent}% is none; give whole numbers, 1 <= min <= max and 1 <= cpuPercent <= 100`, this);
    }
    this.host = id;
    this._serviceProps = { ...props };
    this.node.addValidation({ validate: () => [...this.unclearPort(), ...this.sharedDebugger(), ...this.noInterpreter()] });
  }

  /**
   * Requests that it hands to other services.
   * @internal
   */
  public _routes(): RoutePlan[] {
    return [];
  }

  /**
   * Requests that it answers with files of its own.
   * @internal
   */
  public _fileRoutes(): string[] {
    return [];
  }

  /**
   * Files in the place of its image's, where addresses of services never change.
   * @internal
   */
  public _fixedAddressFiles(): FileTextPlan[] {
    return [];
  }

  /**
   * Whether it speaks TLS at its port.
   * @internal
   */
  public _speaksTls(): boolean {
    return false;
  }

  /**
   * Ports that are reached from outside besides the one of `publish`.
   * @internal
   */
  public _alsoPublished(): PublishedPort[] {
    return [];
  }

  private sharedDebugger(): string[] {
    const { replicas = 1, scaling } = this._serviceProps;
    const port = this.image._plan().facts.development?.debuggerPort;
    const count = scaling?.min ?? replicas;
    if (port === undefined || count === 1) return [];
    return [problemLine('DEBUGGER_REPLICAS', `debugger port ${port} is published, and ${count} containers cannot all have it; run one of them, or leave out 'debuggerPort'`)];
  }

  private noInterpreter(): string[] {
    if (!this._serviceProps.healthCheck?._forInterpreter || this.image._plan().facts.interpreter !== undefined) return [];
    return [problemLine('HEALTH_INTERPRETER', `the health check is a Python program, and no interpreter of '${this.image.node.path}' is known; use HealthCheck.command`)];
  }

  private unclearPort(): string[] {
    const { ports } = this.image._plan().facts;
    if (this._serviceProps.publish === undefined || ports.length === 1) return [];
    const listens = ports.length === 0 ? 'no port' : `ports ${ports.join(', ')}`;
    return [problemLine('PUBLISH_PORT', `port ${this._serviceProps.publish} is published, but the image listens on ${listens}; it has to listen on exactly one`)];
  }
}
