import { Construct } from 'constructs';
import { Application } from './application';
import type { Config, ConfigMount } from './config';
import { EnvValue } from './env-value';
import type { Network } from './network';
import { mustBeResources, type Resources } from './resources';
import type { Secret } from './secret';
import type { VolumeMount } from './volume';
import type { ContainerImage } from '../build/container-image';
import { mustBeLabel, mustBeWords } from '../build/instruction-values';
import { mustBeMountPath } from '../primitives/container-path';
import { mustBeSeconds } from '../primitives/durations';
import { must, problemLine } from '../primitives/faults';
import { changeable } from '../primitives/freeze';
import { mustBeDnsLabel, mustBeEnvironmentName } from '../primitives/names';

/** Where a container's output goes. */
export interface Logging {
  /** Driver, such as `json-file`, `local` or `journald`. @see https://docs.docker.com/engine/logging/configure/ */
  readonly driver: string;
  /** Its options, such as `{ 'max-size': '10m' }`. @default - none */
  readonly options?: Record<string, string>;
}

/** Settings that services and jobs have in common. */
export interface WorkloadProps {
  /** Image to run. */
  readonly image: ContainerImage;
  /** Arguments in place of the image's CMD. Compose `command`, Kubernetes `args`. @default - as the image says */
  readonly command?: string[];
  /** Networks that it joins. @default - the application's default network */
  readonly networks?: Network[];
  /**
   * Environment variables of the container, besides those of the image. Texts are written down by compose and Kubernetes: no secrets. Values that
   * aws-cdk or Terraform knows only when it deploys can be given here, and nowhere else.
   * @default - none
   */
  readonly environment?: Record<string, string | EnvValue>;
  /** Secrets that it gets as files, besides those in its environment. @default - none */
  readonly secrets?: Secret[];
  /** Files that it gets. @default - none */
  readonly configs?: ConfigMount[];
  /** Directories that outlive its containers. @default - none */
  readonly volumes?: VolumeMount[];
  /**
   * What has to be there before this one starts: services that are healthy, or started when they have no health check; jobs that have
   * ended well. Compose `depends_on`.
   * @default - none
   */
  readonly dependsOn?: Workload[];
  /** Processors and memory. @default - no promises and no limits */
  readonly resources?: Resources;
  /** Seconds between the stop signal and the end by force, from 1 up. Compose `stop_grace_period`, Kubernetes `terminationGracePeriodSeconds`. @default - as the image says */
  readonly stopGraceSeconds?: number;
  /** Where its output goes. Compose `logging`. @default - the engine's */
  readonly logging?: Logging;
  /** Names and values for tools that look for them. Compose `labels`, Kubernetes annotations. @default - none */
  readonly labels?: Record<string, string>;
  /**
   * Names under which it is started on demand: without one of them it is left alone. Compose `profiles`.
   * @default - it is always started
   * @see https://docs.docker.com/compose/how-tos/profiles/
   */
  readonly profiles?: string[];
}

/** A process of an {@link Application}: a {@link Service} or a {@link Job}. */
export abstract class Workload extends Construct {
  /** Image that it runs. */
  public readonly image: ContainerImage;
  /** @internal */
  public readonly _props: WorkloadProps;

  /** Refuses what no container can have; what depends on other constructs is looked at when all is declared. */
  constructor(scope: Construct, id: string, kind: string, props: WorkloadProps) {
    super(changeable(scope), id);
    mustBeDnsLabel(kind, this);
    Application.of(this);
    for (const [name, value] of Object.entries(props.environment ?? {})) {
      mustBeEnvironmentName(name, this);
      must(typeof value !== 'string' || !value.includes('\0'), 'ENVIRONMENT_VALUE', `value of environment variable '${name}' has a NUL, which no process can be given`, this);
    }
    if (props.command) mustBeWords(props.command, this);
    for (const { path } of [...props.volumes ?? [], ...props.configs ?? []]) mustBeMountPath(path, this);
    for (const [name, value] of Object.entries(props.labels ?? {})) {
      mustBeLabel(name, this);
      must(!value.includes('\0'), 'LABEL_VALUE', `value of label '${name}' has a NUL, which no label has; remove it`, this);
    }
    for (const profile of props.profiles ?? []) {
      must(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(profile), 'PROFILE_NAME', `profile '${profile}' is not a name; use letters, digits, '_', '.' and '-', such as debug`, this);
    }
    if (props.resources) mustBeResources(props.resources, this);
    if (props.stopGraceSeconds !== undefined) mustBeSeconds('stopGraceSeconds', props.stopGraceSeconds, 1, this);
    this.image = props.image;
    this._props = {
      ...props,
      networks: [...props.networks ?? []],
      dependsOn: [...props.dependsOn ?? []],
      environment: { ...props.environment },
      secrets: [...props.secrets ?? []],
      configs: [...props.configs ?? []],
      volumes: [...props.volumes ?? []],
      labels: { ...props.labels },
      profiles: [...props.profiles ?? []],
    };
    if (this._environmentValues().some(value => value._plan.kind === 'launcher')) this.image._carryLauncher();
    for (const { path, readOnly } of this._props.volumes!) {
      if (!readOnly) this.image._carryDirectory(path);
    }
    this.node.addValidation({ validate: () => [...this.strangers(), ...this.unclearImage(), ...this.noLauncher(), ...this.mountedTwice()] });
  }

  /**
   * Networks that it joins by name.
   * @internal
   */
  public _networks(): Network[] {
    return this._props.networks!;
  }

  /**
   * Whether it joins the network of those that name none.
   * @internal
   */
  public _joinsDefaultNetwork(): boolean {
    return this._networks().length === 0;
  }

  /**
   * Secrets of its environment and those that it gets besides.
   * @internal
   */
  public _secrets(): Secret[] {
    return [...new Set([...this._props.secrets!, ...this._environmentValues().flatMap(value => value._secrets)])];
  }

  /** @internal */
  public _environmentValues(): EnvValue[] {
    return Object.values(this._props.environment!).filter(value => value instanceof EnvValue);
  }

  private unclearImage(): string[] {
    const problem = this.image._cannotRun();
    return problem === undefined ? [] : [problemLine('IMAGE_UNCLEAR', problem)];
  }

  private strangers(): string[] {
    const application = Application.of(this);
    const configs: Config[] = this._props.configs!.map(({ config }) => config);
    const hosts = this._environmentValues().flatMap(value => value._host ?? []);
    const volumes = this._props.volumes!.map(({ volume }) => volume);
    const others = [...this._networks(), ...this._props.dependsOn!, ...this._secrets(), ...configs, ...volumes, ...hosts, this.image];
    return [...new Set(others)].filter(other => Application._tryOf(other) !== application)
      .map(other => problemLine('APPLICATION_FOREIGN', `'${other.node.path}' is not part of the same application; declare it there`));
  }

  private noLauncher(): string[] {
    const names = Object.entries(this._props.environment!)
      .filter(([, value]) => value instanceof EnvValue && value._plan.kind === 'launcher').map(([name]) => name);
    if (names.length === 0 || this.image._plan().facts.launcher) return [];
    return [problemLine('LAUNCHER_MISSING', `${names.sort().join(', ')} would need the image '${this.image.node.path}' to read a secret when it starts, which only images of Python services do;`
      + ' give the file instead, as with EnvValue.secretFile, or a variable such as PGPASSFILE')];
  }

  private mountedTwice(): string[] {
    const paths = [...this._props.volumes!, ...this._props.configs!, ...this._secrets()].map(({ path }) => path);
    return [...new Set(paths.filter((path, index) => paths.indexOf(path) !== index))].sort()
      .map(path => problemLine('MOUNT_TWICE', `two mounts are at '${path}'; give each a path of its own`));
  }
}
