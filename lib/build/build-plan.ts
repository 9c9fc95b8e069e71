import type { Architecture } from './architecture';
import type { BaseImageFacts } from './base-image-facts';
import { stagesReadBy, type Instruction } from './instruction';

/** What a stage starts from. */
export type StageBase =
  | { readonly kind: 'image'; readonly reference: string; readonly facts: BaseImageFacts }
  | { readonly kind: 'stage'; readonly name: string };

/** One FROM and its instructions. */
export interface StagePlan {
  readonly name: string;
  /** Path of the construct, for messages. */
  readonly path: string;
  readonly base: StageBase;
  /** Platform of the base, when it is not the one that is built for. */
  readonly platform?: string;
  readonly instructions: readonly Instruction[];
}

/** A build argument that is declared before the first FROM. */
export interface GlobalArgument {
  readonly name: string;
  /** Its default. */
  readonly value?: string;
}

/** What has to hold between two stages for files made in one to work in the other. */
export interface StageNeed {
  /** Stage that makes the files. */
  readonly from: string;
  /** Stage that uses them. */
  readonly to: string;
  /** What it is, for messages, such as `the virtual environment`. */
  readonly what: string;
  /** The files start the interpreter by this path. */
  readonly pythonPath?: string;
  /** The files belong to one feature release of Python. */
  readonly samePython: boolean;
  /** The files may be linked to the C library. */
  readonly sameLibc: boolean;
}

/** Something that was decided for an image, or could not be, and that people should know. */
export interface ImageRemark {
  /** Code of the check that says it. */
  readonly code: string;
  readonly problem: string;
}

/** One Dockerfile, as plain data: stages after what they need, the image last. */
export interface BuildPlan {
  readonly stages: readonly StagePlan[];
  /** Frontend that reads the Dockerfile. */
  readonly syntax: string;
  /** Names of build checks that are not run. */
  readonly skippedChecks: readonly string[];
  /** Whether a finding of a build check ends the build. */
  readonly failOnChecks: boolean;
  /** What it is built for, when that is not left to whoever builds. */
  readonly architecture?: Architecture;
  /** What is declared before the first FROM, by name. */
  readonly globalArguments: readonly GlobalArgument[];
  /** Paths of the source tree that the build reads. */
  readonly sourcePaths: readonly string[];
  /** Those of them that need not be there. */
  readonly optionalPaths: readonly string[];
  readonly needs: readonly StageNeed[];
  readonly remarks: readonly ImageRemark[];
}

/** The stage of that name; a plan never names one that it does not have. */
export function stageNamed(stages: readonly StagePlan[], name: string): StagePlan {
  return stages.find(stage => stage.name === name)!;
}

/** Those that a stage is made with, and itself. */
export function stagesFor(stages: readonly StagePlan[], name: string): StagePlan[] {
  const found = new Set<string>();
  const visit = (wanted: string): void => {
    if (found.has(wanted)) return;
    found.add(wanted);
    const { base, instructions } = stageNamed(stages, wanted);
    if (base.kind === 'stage') visit(base.name);
    instructions.flatMap(stagesReadBy).forEach(visit);
  };
  visit(name);
  return stages.filter(stage => found.has(stage.name));
}
