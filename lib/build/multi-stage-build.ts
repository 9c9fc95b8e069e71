import type { Construct } from 'constructs';
import type { BuildPlan, StageNeed } from './build-plan';
import { ContainerImage, type PlannedImage } from './container-image';
import type { ImageFacts } from './image-facts';
import { sourcePathsOf } from './instruction';
import { Stage } from './stage';
import { stageFacts } from './stage-facts';
import { planStages, type StageGraph } from './stage-graph';
import { problemLine } from '../primitives/faults';

/** What a Dockerfile does not say of the process that the image runs. */
export interface MultiStageBuildProps {
  /** Whether the process ends on the stop signal when it is process 1. @default - unknown, and a deployment puts an init before it */
  readonly handlesStopSignal?: boolean;
  /** Seconds that it may take to end after the stop signal. @default - unknown */
  readonly stopGraceSeconds?: number;
  /** Absolute path of a Python interpreter in the image, for health checks. @default - none */
  readonly interpreter?: string;
}

/**
 * An image built from the {@link Stage}s declared in it, as by one Dockerfile.
 *
 * @see https://docs.docker.com/build/building/multi-stage/
 */
export class MultiStageBuild extends ContainerImage {
  private readonly props: MultiStageBuildProps;

  constructor(scope: Construct, id: string, props: MultiStageBuildProps = {}) {
    super(scope, id);
    this.props = { ...props };
    this.node.addValidation({ validate: () => this.graph().faults.map(fault => problemLine(fault.code, fault.problem)) });
  }

  /** @internal */
  public _plan(): PlannedImage {
    const { stages, faults } = this.graph();
    if (faults.length > 0) return { facts: { ports: [], writablePaths: [] } };
    const build: BuildPlan = { stages, needs: this._needs(), sourcePaths: sourcePathsOf(stages.flatMap(stage => stage.instructions)) };
    return { build, facts: this.facts(build) };
  }

  /**
   * What has to hold between its stages beyond what the Dockerfile says.
   * @internal
   */
  protected _needs(): StageNeed[] {
    return [];
  }

  /**
   * A Python interpreter in the image that only planning knows.
   * @internal
   */
  protected _interpreter(): string | undefined {
    return undefined;
  }

  private graph(): StageGraph {
    return planStages(this.node.children.filter((child): child is Stage => child instanceof Stage));
  }

  private facts(build: BuildPlan): ImageFacts {
    const { userId, groupId, ports, stopSignal, healthCheck, writablePaths } = stageFacts(build, build.stages[build.stages.length - 1]);
    const interpreter = this._interpreter() ?? this.props.interpreter;
    const ascending = [...new Set(ports)].sort((a, b) => a - b);
    return { ...this.props, interpreter, userId, groupId, ports: ascending, stopSignal, healthCheck, writablePaths: [...writablePaths] };
  }
}
