import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mermaidGraph } from './graph-mermaid';
import { graphOf } from './graph-model';
import { svgGraph } from './graph-svg';
import { chosenApplication, readManifest } from './manifest';
import { findProject, outputOf, type ProjectOptions } from './project';

/** Options of `wheelhouse graph`. */
export interface GraphOptions extends ProjectOptions {
  /** File that the picture goes to. */
  readonly svg?: string;
}

/** Draws who talks to whom, over which network, and what is reached from outside: as Mermaid text, or as a picture. */
export function graph(application: string | undefined, options: GraphOptions): number {
  const manifest = readManifest(outputOf(findProject(options)));
  const id = chosenApplication(manifest, application);
  const drawn = graphOf(id, manifest.applications![id]);
  if (options.svg === undefined) {
    process.stdout.write(mermaidGraph(drawn));
  } else {
    writeFileSync(resolve(options.svg), svgGraph(drawn));
    process.stdout.write(`wrote ${options.svg}\n`);
  }
  return 0;
}
