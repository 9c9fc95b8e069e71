import type { LayerStage } from './layer-stages';

/**
 * The stages of a build as a Mermaid flowchart: what starts from what, and what takes files from where.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function stageGraph(stages: readonly LayerStage[]): string {
  const ids = new Map(stages.map((stage, index) => [stage.name, `stage${index + 1}`]));
  const images = [...new Set(stages.flatMap(stage => stage.takesFrom.filter(({ isStage }) => !isStage).map(({ name }) => name)))];
  return [
    'flowchart LR',
    ...stages.map(stage => `  ${ids.get(stage.name)}["${[stage.name, ...(stage.startsFromStage ? [] : [stage.base])].map(label).join('<br>')}"]`),
    ...images.map((image, index) => `  image${index + 1}(["${label(image)}"])`),
    ...stages.flatMap(stage => [
      ...(stage.startsFromStage ? [`  ${ids.get(stage.base)} -- FROM --> ${ids.get(stage.name)}`] : []),
      ...stage.takesFrom.map(({ name, isStage }) => `  ${isStage ? ids.get(name) : `image${images.indexOf(name) + 1}`} -- COPY --> ${ids.get(stage.name)}`),
    ]),
    '',
  ].join('\n');
}

/** A quoted label ends at a quote; `#` starts a character's name, and `<` a tag. */
function label(text: string): string {
  return text.replace(/["#<>&]/g, character => `#${character.charCodeAt(0)};`);
}
