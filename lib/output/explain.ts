import type { LayerStage, LayerStep } from './layer-stages';
import { stableJson } from '../primitives/stable';

const NOTHING = '-';

/** The steps of a build as a table: which stage, what rebuilds it, and what it is. */
export function explainLayers(stages: readonly LayerStage[]): string {
  const rows = stepsOf(stages).map((step, index) => [String(index + 1), step.stage, step.rebuiltBy.join(', ') || NOTHING, step.instruction]);
  const table = [['STEP', 'STAGE', 'REBUILT BY A CHANGE OF', 'INSTRUCTION'], ...rows];
  const widths = [0, 1, 2].map(column => Math.max(...table.map(row => row[column].length)));
  return [
    ...table.map(row => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')),
    '',
    `A step is also rebuilt when its instruction or one that it builds on is changed${rows.some(row => row[2] === NOTHING) ? `; '${NOTHING}': only then` : ''}.`,
    '',
  ].join('\n');
}

/** The steps of a build as JSON. */
export function explainLayersJson(stages: readonly LayerStage[]): string {
  return stableJson(stepsOf(stages));
}

function stepsOf(stages: readonly LayerStage[]): LayerStep[] {
  return stages.flatMap(stage => stage.steps.map(({ step }) => step));
}
