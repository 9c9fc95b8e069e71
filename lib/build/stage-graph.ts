import { baseFaults } from './base-faults';
import { BaseImage } from './base-image';
import { stageNamed, type GlobalArgument, type StagePlan } from './build-plan';
import { stagesReadBy, type Instruction } from './instruction';
import { SOURCES_STAGE, withMountableSources } from './mounted-sources';
import type { Stage } from './stage';
import type { Fault } from '../primitives/faults';
import { sortedBy, sortedUnique } from '../primitives/stable';

/** Name of the stage that holds nothing but directories: writable ones are copied from it, which needs no shell. */
export const DIRECTORIES_STAGE = 'directories';
/** A directory in it that stays empty: what is copied from it creates missing parents as root's, and touches none that exist. */
export const EMPTY_DIRECTORY = '/empty';

/** Stages that are added to those that are declared. */
const OWN_STAGES = [[DIRECTORIES_STAGE, 'writable paths'], [SOURCES_STAGE, 'paths that no mount can name']] as const;

/** Where {@link DIRECTORIES_STAGE} holds the directory that becomes `path`: alone, so that COPY gives just that one its owner and mode. */
export function directoryFor(path: string): string {
  return `/${path.slice(1).replace(/\//g, '-')}/${path.slice(path.lastIndexOf('/') + 1)}`;
}

/** Stages in the order of the Dockerfile, or why there is none. */
export interface StageGraph {
  readonly stages: readonly StagePlan[];
  /** Names of the stages that are images; the last of `stages` is the only one, or the last of them. */
  readonly outputs: readonly string[];
  readonly faults: readonly Fault[];
}

/** Orders stages after what they need, the image last, and leaves out what it does not need. */
export function planStages(declared: readonly Stage[], globalArguments: readonly GlobalArgument[]): StageGraph {
  const stages = sortedBy(declared, stage => stage.node.id).map(planStage);
  for (const [name, what] of OWN_STAGES) {
    if (declared.some(stage => stage.node.id === name)) return refused('STAGE_NAME', `stage name '${name}' is used for ${what}; choose another`);
  }
  const outputs = outputNames(declared, stages);
  if (outputs.length === 0 || outputs.length > 1 && !declared.some(stage => stage._output)) return refused('STAGE_OUTPUT', outputProblem(outputs));
  const ordered: StagePlan[] = [];
  const circle = outputs.map(output => visit(output, stages, [], ordered)).find(found => found !== undefined);
  if (circle) return refused('STAGE_CIRCLE', `stages need each other: ${circle.join(' -> ')}; take one COPY out`);
  const faults = ordered.flatMap(stage => baseFaults(stage, globalArguments));
  if (faults.length > 0) return { stages: [], outputs: [], faults };
  const writable = sortedUnique(ordered.flatMap(writablePathsOf));
  const all = withMountableSources(ordered);
  return { stages: writable.length > 0 ? [directoriesStage(ordered[0].path, writable), ...all] : all, outputs, faults: [] };
}

function planStage(stage: Stage): StagePlan {
  const base = stage._base instanceof BaseImage ? stage._base : stage._base._start();
  return {
    name: stage.node.id,
    path: stage.node.path,
    base: base instanceof BaseImage ? { kind: 'image', reference: base.reference, facts: base.facts } : { kind: 'stage', name: base.node.id },
    platform: stage._platform,
    instructions: withoutReplaced(stage._instructions()),
  };
}

/** Of instructions of which the last one counts, only that one: who adds a command to a stage that has one means to replace it. */
function withoutReplaced(instructions: readonly Instruction[]): Instruction[] {
  return instructions.filter((instruction, index) => {
    const what = replaceable(instruction);
    return what === undefined || !instructions.slice(index + 1).some(later => replaceable(later) === what);
  });
}

function replaceable({ kind }: Instruction): string | undefined {
  if (kind === 'healthCheck' || kind === 'noHealthCheck') return 'health check';
  return kind === 'command' || kind === 'entrypoint' || kind === 'stopSignal' ? kind : undefined;
}

/** The stage that says it is the image; else those that no other stage uses. */
function outputNames(declared: readonly Stage[], stages: readonly StagePlan[]): string[] {
  const chosen = declared.filter(stage => stage._output).map(stage => stage.node.id).sort();
  if (chosen.length > 0) return chosen;
  const used = new Set(stages.flatMap(neededBy));
  return stages.map(stage => stage.name).filter(name => !used.has(name));
}

function outputProblem(names: readonly string[]): string {
  if (names.length === 0) return "no stage is the image; declare one, and set 'output: true' on it when stages need each other";
  return `stages ${names.map(name => `'${name}'`).join(' and ')} could each be the image; set 'output: true' on one of them, or on each that is one`;
}

/** Stages that a stage starts from or copies from, in the order in which it names them. */
function neededBy(stage: StagePlan): string[] {
  return [...(stage.base.kind === 'stage' ? [stage.base.name] : []), ...stage.instructions.flatMap(stagesReadBy)];
}

/** Depth first; answers with the circle when there is one. */
function visit(name: string, stages: readonly StagePlan[], path: readonly string[], ordered: StagePlan[]): string[] | undefined {
  if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
  if (ordered.some(stage => stage.name === name)) return undefined;
  const stage = stageNamed(stages, name);
  for (const needed of neededBy(stage)) {
    const circle = visit(needed, stages, [...path, name], ordered);
    if (circle) return circle;
  }
  ordered.push(stage);
  return undefined;
}

function writablePathsOf(stage: StagePlan): string[] {
  return stage.instructions.flatMap(instruction => instruction.kind === 'writablePath' ? [instruction.writable.path] : []);
}

function directoriesStage(path: string, writable: readonly string[]): StagePlan {
  return {
    name: DIRECTORIES_STAGE,
    path,
    base: { kind: 'image', reference: 'scratch', facts: BaseImage.scratch().facts },
    instructions: [EMPTY_DIRECTORY, ...writable.map(directoryFor)].map(directory => ({ kind: 'workingDirectory', path: directory })),
  };
}

function refused(code: string, problem: string): StageGraph {
  return { stages: [], outputs: [], faults: [{ code, problem }] };
}
