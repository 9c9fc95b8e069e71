import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exit, orFail } from './command-fault';
import { readManifest, type ImageEntry, type Manifest } from './manifest';
import { findProject, outputOf, shown, type ProjectOptions } from './project';
import { explainLayers, explainLayersJson } from '../output/explain';
import { readLayers } from '../output/layer-stages';
import { stageGraph } from '../output/mermaid';

/** Options of `wheelhouse explain`. */
export interface ExplainOptions extends ProjectOptions {
  readonly json?: boolean;
  readonly graph?: boolean;
}

/** Says of what an image consists and what rebuilds it, from what the last synth wrote. */
export function explain(image: string, options: ExplainOptions): number {
  const output = outputOf(findProject(options));
  const images = imagesIn(readManifest(output));
  const meant = images.filter(({ id, path }) => image === id || image === path);
  const problem = meant.length === 0 ? `no image is called '${image}'` : `${meant.length} images are called '${image}'`;
  orFail(meant.length === 1, Exit.WRONG_COMMAND_LINE, `${problem}; there are: ${images.map(({ path }) => path).join(', ') || 'none'}`);
  const dockerfile = join(output, meant[0].dockerfile);
  orFail(existsSync(dockerfile), Exit.FAILED, `'${shown(dockerfile)}' is not there any more; run wheelhouse synth again`);
  const stages = readLayers(readFileSync(dockerfile, 'utf8'), meant[0].stage);
  process.stdout.write(options.graph ? stageGraph(stages) : options.json ? explainLayersJson(stages) : explainLayers(stages));
  return Exit.DONE;
}

function imagesIn({ applications = {} }: Manifest): (ImageEntry & { id: string; path: string })[] {
  return Object.entries(applications).flatMap(([application, { images = {} }]) =>
    Object.entries(images).map(([id, { dockerfile, stage }]) => ({ id, path: `${application}/${id}`, dockerfile, stage })));
}
