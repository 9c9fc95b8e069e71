import { contentTag } from './content-tag';
import { printDockerfile } from './dockerfile';
import { printDockerignore } from './dockerignore';
import type { SourceDirectory } from '../build/source-directory';
import { once } from '../primitives/once';
import type { BuiltImagePlan, FullApplicationPlan } from '../services/plan-application';

/** A file that an image is built from. */
export interface ImageFile {
  /** Path from the application's directory. */
  readonly path: string;
  readonly text: string;
  /** Path of the construct that it is of. */
  readonly writer: string;
}

/** The Dockerfiles of an application, each with its ignore file. */
export function imageFiles(plan: FullApplicationPlan, source: SourceDirectory, explain: boolean): ImageFile[] {
  return dockerfiles(plan).flatMap(image => [
    { path: image.dockerfile, text: explain ? printDockerfile(image.build!, image.facts, true) : textOf(image), writer: image.path },
    { path: `${image.dockerfile}.dockerignore`, text: printDockerignore(image.build!, source.leftOut), writer: image.path },
  ]);
}

/** What answers with the content tags of an application's images, by id. Comments that explain a Dockerfile do not change its image. */
export function contentTags(plan: FullApplicationPlan, source: SourceDirectory): (imageId: string) => string {
  const paths = new Map(plan.images.map(image => [image.id, image.dockerfile]));
  const images = new Map(dockerfiles(plan).map(image => [image.dockerfile, image]));
  return id => {
    const image = images.get(paths.get(id)!)!;
    const { sourcePaths, architecture } = image.build!;
    return once(image, 'tag', () => contentTag(textOf(image), source.files(sourcePaths), architecture));
  };
}

/** Images by whose names Dockerfiles go: others are stages in them. */
export function dockerfiles(plan: FullApplicationPlan): BuiltImagePlan[] {
  return plan.images.filter(image => image.stage === undefined);
}

/** A Dockerfile without comments that explain it. */
export function textOf(image: BuiltImagePlan): string {
  return once(image, 'text', () => printDockerfile(image.build!, image.facts));
}
