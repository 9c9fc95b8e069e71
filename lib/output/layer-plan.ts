import { posix } from 'node:path';
import { printDockerfile } from './dockerfile';
import { readLayers, type LayerStage, type LayerStep, type PlannedStep } from './layer-stages';
import { covers } from './source-pattern';
import type { ContainerImage } from '../build/container-image';
import { isIgnoredName } from '../build/ignore-list';
import { SourceDirectory } from '../build/source-directory';
import { must } from '../primitives/faults';

/**
 * What the engine carries out to build an image, and which changes make it do so again. Nothing is built to find out.
 *
 * A step is taken from the engine's cache when neither it nor anything that it builds on has changed: the steps before it in its stage, the last
 * step of the stage that it starts from, and of those that it takes files from. So whatever is listed after the first step may still come from the
 * cache, when that step makes the same files as before; and `COPY --link` after another step is done again only by engines that cannot
 * merge layers.
 * @see https://docs.docker.com/build/cache/invalidation/
 */
export class LayerPlan {
  /** How an image is built; of a build that makes several, the last one. */
  public static of(image: ContainerImage): LayerPlan {
    const { build, facts, stage, madeBy = image } = image._plan();
    must(build, 'LAYERS_UNKNOWN', `it has no layers to plan: ${madeBy.node.validate().join('; ') || 'it is not built here'}`, image);
    return new LayerPlan(readLayers(printDockerfile(build, facts), stage), build.sourcePaths, SourceDirectory.of(image).leftOut);
  }

  private readonly planned: readonly PlannedStep[];

  private constructor(stages: readonly LayerStage[], private readonly sent: readonly string[], private readonly leftOut: readonly string[]) {
    this.planned = stages.flatMap(stage => stage.steps);
  }

  /** Every step, in the order of the Dockerfile. */
  public get steps(): LayerStep[] {
    return this.planned.map(({ step }) => ({ ...step }));
  }

  /**
   * The steps that are carried out again when a file changes: is edited, added, taken away, or gets another mode. The first one comes first; nothing
   * when no build sees the file.
   *
   * @param path path in the App's root, with `/` between its parts; a directory stands for what is in it
   */
  public rebuiltBy(path: string): LayerStep[] {
    const normal = posix.normalize(path).replace(/\/$/, '');
    if (!this.isVisible(normal)) return [];
    return this.planned.filter(({ reads }) => reads.some(read => read.covers(normal))).map(({ step }) => ({ ...step }));
  }

  /**
   * The steps that are carried out after a change of the declaration, where the engine has built the image as it was `before`. The first one
   * comes first.
   */
  public rebuiltSince(before: LayerPlan): LayerStep[] {
    const built = new Set(before.planned.map(({ key }) => key));
    return this.planned.filter(({ key }) => !built.has(key)).map(({ step }) => ({ ...step }));
  }

  private isVisible(path: string): boolean {
    if (/^(\/|\.\.(\/|$))/.test(path)) return false;
    const isLeftOut = this.leftOut.some(left => path === left || path.startsWith(`${left}/`));
    return !isLeftOut && !path.split('/').some(isIgnoredName) && this.sent.some(read => covers(read, path));
  }
}
