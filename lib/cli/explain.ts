import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainLayers, explainLayersJson } from '../output/explain';
import { readLayers } from '../output/layer-stages';
import { stageGraph } from '../output/mermaid';

/** Options of `wheelhouse explain`. */
export interface ExplainOptions {
  readonly output: string;
  readonly json?: boolean;
  readonly graph?: boolean;
}

interface ImageEntry {
  readonly dockerfile: string;
  /** Stage of the Dockerfile that it is; without it, the last. */
  readonly stage?: string;
}

/** What this command reads of a manifest. */
interface Manifest {
  readonly applications: Record<string, { readonly images: Record<string, ImageEntry> }>;
}

const FAILED = 1;
const WRONG_COMMAND_LINE = 2;

/** Says of what an image consists and what rebuilds it, from what the last synth wrote. */
export function explain(image: string, { output, json, graph }: ExplainOptions): number {
  const manifest = join(output, 'manifest.json');
  if (!existsSync(manifest)) return refuse(FAILED, `there is no manifest in '${output}'; run wheelhouse synth first, or name the folder with --output`);
  const images = imagesIn(JSON.parse(readFileSync(manifest, 'utf8')));
  const meant = images.filter(({ id, path }) => image === id || image === path);
  if (meant.length !== 1) {
    const problem = meant.length === 0 ? `no image is called '${image}'` : `${meant.length} images are called '${image}'`;
    return refuse(WRONG_COMMAND_LINE, `${problem}; there are: ${images.map(({ path }) => path).join(', ') || 'none'}`);
  }
  const dockerfile = join(output, meant[0].dockerfile);
  if (!existsSync(dockerfile)) return refuse(FAILED, `'${dockerfile}' is not there any more; run wheelhouse synth again`);
  const stages = readLayers(readFileSync(dockerfile, 'utf8'), meant[0].stage);
  process.stdout.write(graph ? stageGraph(stages) : json ? explainLayersJson(stages) : explainLayers(stages));
  return 0;
}

function imagesIn({ applications }: Manifest): (ImageEntry & { id: string; path: string })[] {
  return Object.entries(applications).flatMap(([application, { images }]) =>
    Object.entries(images).map(([id, { dockerfile, stage }]) => ({ id, path: `${application}/${id}`, dockerfile, stage })));
}

function refuse(code: number, problem: string): number {
  process.stderr.write(`wheelhouse: ${problem}\n`);
  return code;
}
