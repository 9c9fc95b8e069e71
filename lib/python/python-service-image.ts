import type { Construct } from 'constructs';
import { Dependencies } from './dependencies';
import { Layout } from './layout';
import type { PythonBase } from './python-base';
import type { PythonServer } from './python-server';
import { planPythonService, type PythonServicePlan } from './python-service-plan';
import type { StageNeed } from '../build/build-plan';
import { MultiStageBuild } from '../build/multi-stage-build';
import { SourceDirectory } from '../build/source-directory';
import { mustBeSourcePath } from '../build/source-path';
import { Stage } from '../build/stage';
import { problemLine } from '../primitives/faults';

/** Settings of a {@link PythonServiceImage}. */
export interface PythonServiceImageProps {
  /** Directory of the application, from the App's root, with `/` between its parts. Its content becomes `/app`. */
  readonly source: string;
  /** Images that it is built on. */
  readonly base: PythonBase;
  /** Program that serves it. */
  readonly server: PythonServer;
  /** Packages that it needs. @default Dependencies.detected() */
  readonly dependencies?: Dependencies;
  /** How they get into the image. @default Layout.venv() */
  readonly layout?: Layout;
}

/**
 * The image of one Python service: packages installed in a build stage, the application served by a process that is not root,
 * cannot change its own code, and finds neither compiler nor package manager.
 */
export class PythonServiceImage extends MultiStageBuild {
  /** Stage that packages are installed in. What you add comes after that. */
  public readonly buildStage: Stage;
  /** Stage that becomes the image. What you add comes after the application. */
  public readonly runtimeStage: Stage;
  private readonly choices: Required<PythonServiceImageProps>;

  constructor(scope: Construct, id: string, props: PythonServiceImageProps) {
    const server = props.server._plan();
    super(scope, id, { handlesStopSignal: server.handlesStopSignal, stopGraceSeconds: server.stopGraceSeconds });
    mustBeSourcePath(props.source, this);
    this.choices = { ...props, dependencies: props.dependencies ?? Dependencies.detected(), layout: props.layout ?? Layout.venv() };
    this.buildStage = new Stage(this, 'build', { base: props.base.buildImage });
    this.runtimeStage = new Stage(this, 'runtime', { base: props.base.runtimeImage, output: true });
    this.buildStage._defer(() => this.plan().build);
    this.runtimeStage._defer(() => this.plan().runtime);
    this.node.addValidation({ validate: () => this.plan().faults.map(fault => problemLine(fault.code, fault.problem)) });
  }

  /** @internal */
  protected override _needs(): StageNeed[] {
    return [...this.plan().needs];
  }

  /** @internal */
  protected override _interpreter(): string {
    return this.plan().interpreter;
  }

  private plan(): PythonServicePlan {
    const { source, base, server, dependencies, layout } = this.choices;
    const directory = SourceDirectory.of(this);
    return planPythonService({
      source,
      read: path => directory.text(path),
      isDirectory: path => directory.kind(path) === 'directory',
      build: { stage: this.buildStage.node.id, facts: base.buildImage.facts, label: base.buildImage.label },
      runtime: { stage: this.runtimeStage.node.id, facts: base.runtimeImage.facts, label: base.runtimeImage.label },
      server: server._plan(),
      dependencies: dependencies._choice,
      layout,
    });
  }
}
