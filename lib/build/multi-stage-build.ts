import type { Construct } from 'constructs';
import type { Architecture } from './architecture';
import { architectureFaults } from './architecture-faults';
import { stageNamed, type BuildPlan, type GlobalArgument, type ImageRemark, type StageNeed } from './build-plan';
import { ContainerImage, type PlannedImage } from './container-image';
import type { ImageFacts, ProbePrograms } from './image-facts';
import { optionalPathsOf, sourcePathsOf } from './instruction';
import { mustBeText } from './instruction-values';
import { Stage } from './stage';
import { stageFacts } from './stage-facts';
import { planStages, type StageGraph } from './stage-graph';
import { must, problemLine, type Fault } from '../primitives/faults';
import { changeable } from '../primitives/freeze';
import { mustBeEnvironmentName } from '../primitives/names';
import { once } from '../primitives/once';
import { sortedBy } from '../primitives/stable';

/** What a Dockerfile does not say of the process that an image runs. */
export interface ProcessProps {
  /** Whether the process ends on the stop signal when it is process 1. @default - unknown, and a deployment puts an init before it */
  readonly handlesStopSignal?: boolean;
  /** Seconds that it may take to end after the stop signal. @default - unknown */
  readonly stopGraceSeconds?: number;
  /** Seconds after the stop signal in which the server itself lets requests in progress end; below `stopGraceSeconds`. @default - unknown */
  readonly gracefulTimeoutSeconds?: number;
  /** Absolute path of a Python interpreter in the image, for health checks. @default - none */
  readonly interpreter?: string;
}

/** Settings of a {@link MultiStageBuild}. */
export interface MultiStageBuildProps extends ProcessProps {
  /**
   * Image of the frontend that reads the Dockerfile.
   * @default 'docker/dockerfile:1'
   * @see https://docs.docker.com/reference/dockerfile/#syntax
   */
  readonly syntax?: string;
  /**
   * Names of build checks that are not run, such as `StageNameCasing`.
   * @default - all are run
   * @see https://docs.docker.com/reference/build-checks/
   */
  readonly skippedChecks?: string[];
  /** Whether a finding of a build check ends the build. @default false */
  readonly failOnChecks?: boolean;
  /**
   * Processors that it is made for, as those that it will run on; a builder of another kind emulates them. The Dockerfile is the same for all: compose
   * builds and runs for this `platform`, Kubernetes starts it on nodes whose label `kubernetes.io/arch` says so, in ECS it is `cpuArchitecture`.
   * @default - that of whoever builds
   * @see https://docs.docker.com/reference/compose-file/services/#platform
   * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
   */
  readonly architecture?: Architecture;
}

/**
 * An image built from the {@link Stage}s declared in it, as by one Dockerfile; or several, from stages with `output: true`.
 *
 * @see https://docs.docker.com/build/building/multi-stage/
 */
export class MultiStageBuild extends ContainerImage {
  private readonly props: MultiStageBuildProps;
  private readonly globalArguments: GlobalArgument[] = [];

  constructor(scope: Construct, id: string, props: MultiStageBuildProps = {}) {
    super(scope, id);
    for (const name of props.skippedChecks ?? []) {
      must(/^[A-Za-z]+$/.test(name), 'BUILD_CHECK', `build check '${name}' is not a name such as StageNameCasing`, this);
    }
    must(/^[a-z0-9][a-z0-9._:@/-]*$/.test(props.syntax ?? DEFAULT_SYNTAX), 'SYNTAX',
      `syntax '${props.syntax}' is not an image such as docker/dockerfile:1`, this);
    this.props = { ...props };
    this.node.addValidation({ validate: () => this.faults().map(({ code, problem }) => problemLine(code, problem)) });
  }

  /**
   * Declares a value that whoever builds may give, for what stages start from: `BaseImage.fromReference('${REGISTRY}/python:3.13-slim')`. A stage
   * that needs it too declares it again without a value: `stage.argument('REGISTRY')`. Dockerfile ARG before the first FROM.
   *
   * @param name letters, digits and `_`
   * @param defaultValue what it is when nobody gives it. Without one, a base that is no image's name then ends the build
   * @see https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact
   */
  public argument(name: string, defaultValue?: string): void {
    mustBeEnvironmentName(name, this);
    mustBeText(`default of build argument '${name}'`, defaultValue ?? '', 'ARG', this);
    must(!this.globalArguments.some(argument => argument.name === name), 'ARGUMENT_TWICE', `build argument '${name}' is declared twice; keep one`, this);
    changeable(this).globalArguments.push({ name, value: defaultValue });
  }

  /**
   * One of several images that this build makes. The others share its Dockerfile, and what their stages have in common is built once.
   *
   * @param stage a stage of this build with `output: true`
   */
  public imageOf(stage: Stage, props: ProcessProps = {}): ContainerImage {
    must(stage.node.scope === this && stage._output, 'STAGE_IMAGE',
      `${stage.label} is no image of this build; declare it in '${this.node.path}' with 'output: true'`, this);
    return new StageImage(this, `${stage.node.id}-image`, stage, props);
  }

  /** @internal */
  public _plan(): PlannedImage {
    return once(this, 'image', () => {
      const build = this._build();
      if (!build) return { facts: NOTHING_KNOWN };
      const last = build.stages[build.stages.length - 1].name;
      return { build, facts: { ...factsOf(build, last, this.props), ...this._programs() } };
    });
  }

  /** @internal */
  public _build(): BuildPlan | undefined {
    const { stages, faults } = this.graph();
    if (faults.length > 0) return undefined;
    const { syntax = DEFAULT_SYNTAX, skippedChecks = [], failOnChecks = false, architecture } = this.props;
    const instructions = stages.flatMap(stage => stage.instructions);
    const [sourcePaths, optionalPaths] = [sourcePathsOf(instructions), optionalPathsOf(instructions)];
    const names = stages.map(({ name }) => name);
    const needs = this._needs().filter(({ from, to }) => names.includes(from) && names.includes(to));
    const [remarks, globalArguments] = [this._remarks(), this.sortedArguments()];
    return { stages, needs, remarks, sourcePaths, optionalPaths, syntax, skippedChecks, failOnChecks, architecture, globalArguments };
  }

  /** @internal */
  public override _cannotRun(): string | undefined {
    const { outputs } = this.graph();
    return outputs.length > 1 ? `'${this.node.path}' makes the images ${outputs.map(name => `'${name}'`).join(' and ')}; give one: imageOf(stage)` : undefined;
  }

  /**
   * What has to hold between its stages beyond what the Dockerfile says.
   * @internal
   */
  protected _needs(): StageNeed[] {
    return [];
  }

  /**
   * What was decided for it that nobody has declared.
   * @internal
   */
  protected _remarks(): ImageRemark[] {
    return [];
  }

  /**
   * What can carry out a health check, where only planning knows it.
   * @internal
   */
  protected _programs(): ProbePrograms {
    return {};
  }

  private graph(): StageGraph {
    return once(this, 'graph', () => planStages(this.node.children.filter((child): child is Stage => child instanceof Stage), this.sortedArguments()));
  }

  private faults(): Fault[] {
    const { architecture } = this.props;
    const { faults, stages, outputs } = this.graph();
    return architecture === undefined ? [...faults] : [...faults, ...architectureFaults(architecture, stages, outputs)];
  }

  /** No default refers to another argument, so their order means nothing. */
  private sortedArguments(): GlobalArgument[] {
    return sortedBy(this.globalArguments, ({ name }) => name);
  }
}

/** One of several images of a build. */
class StageImage extends ContainerImage {
  constructor(private readonly madeBy: MultiStageBuild, id: string, private readonly stage: Stage, private readonly props: ProcessProps) {
    super(madeBy, id);
  }

  /** @internal */
  public _plan(): PlannedImage {
    const build = this.madeBy._build();
    const stage = this.stage.node.id;
    return { madeBy: this.madeBy, stage, build, facts: build ? factsOf(build, stage, this.props) : NOTHING_KNOWN };
  }
}

const DEFAULT_SYNTAX = 'docker/dockerfile:1';
const NOTHING_KNOWN: ImageFacts = { ports: [], writablePaths: [] };

function factsOf(build: BuildPlan, stage: string, props: ProcessProps): ImageFacts {
  const { userId, groupId, ports, stopSignal, healthCheck, writablePaths } = stageFacts(build, stageNamed(build.stages, stage));
  const { handlesStopSignal, stopGraceSeconds, gracefulTimeoutSeconds, interpreter } = props;
  const ascending = [...new Set(ports)].sort((a, b) => a - b);
  const said = { handlesStopSignal, stopGraceSeconds, gracefulTimeoutSeconds, interpreter };
  return { ...said, userId, groupId, architecture: build.architecture, ports: ascending, stopSignal, healthCheck, writablePaths: [...writablePaths] };
}
