import { join, relative, sep } from 'node:path';
import { contentTag } from './content-tag';
import { printDockerignore } from './dockerignore';
import { dockerfiles, textOf } from './image-files';
import { writeFolder, type FolderFile } from './writer';
import type { SourceDirectory } from '../build/source-directory';
import { once } from '../primitives/once';
import type { ImagePlan } from '../services/plan';
import type { BuiltImagePlan, FullApplicationPlan } from '../services/plan-application';

/** What a builder is given: what the build reads, its Dockerfile and the ignore file of that. Nothing else is in it. */
export interface BuildContext {
  /** Name of its folder. Another content has another name. */
  readonly name: string;
  /** Changes when, and only when, the image does. */
  readonly tag: string;
  /** Path of the Dockerfile in it. */
  readonly dockerfile: string;
  readonly files: readonly FolderFile[];
  /** Directories that the build reads, with files or without. */
  readonly directories: readonly string[];
}

/**
 * The context of an image that is built. Images that are stages of one Dockerfile share it.
 *
 * @param outdir absolute path of the folder that the host writes to, which is no part of a build
 */
export function buildContext(plan: FullApplicationPlan, image: ImagePlan, source: SourceDirectory, outdir: string): BuildContext {
  const owner = dockerfiles(plan).find(({ dockerfile }) => dockerfile === image.dockerfile)!;
  return once(owner, `context ${outdir}`, () => contextOf(owner, source, outdir));
}

/** Writes a context into its folder below `directory`, if it is not there. Answers with the path of the folder. */
export function writeBuildContext(directory: string, context: BuildContext): string {
  const path = join(directory, context.name);
  writeFolder(path, context.files, context.directories);
  return path;
}

function contextOf(image: BuiltImagePlan, source: SourceDirectory, outdir: string): BuildContext {
  const { sourcePaths, architecture } = image.build!;
  const output = relative(source.path, outdir).split(sep).join('/');
  const read = source.files(sourcePaths).filter(({ path }) => path !== output && !path.startsWith(`${output}/`));
  const text = textOf(image);
  const tag = contentTag(text, read, architecture);
  const dockerfile = freeName(read.map(({ path }) => path));
  const ignore = `${dockerfile}.dockerignore`;
  return {
    name: `${image.id}-${tag}`,
    tag,
    dockerfile,
    files: [...read, written(dockerfile, text), written(ignore, ignoreText(image, dockerfile))],
    directories: sourcePaths.filter(path => source.kind(path) === 'directory'),
  };
}

function written(path: string, content: string): FolderFile {
  return { path, content, executable: false };
}

/** No output folder is in a context; where all of it is read, the Dockerfile is not a part of that. */
function ignoreText(image: BuiltImagePlan, dockerfile: string): string {
  const own = image.build!.sourcePaths.includes('.') ? `${dockerfile}\n${dockerfile}.dockerignore\n` : '';
  return printDockerignore(image.build!, []) + own;
}

/** A name for the Dockerfile that no file of the source has. */
function freeName(taken: readonly string[]): string {
  let name = 'Dockerfile';
  const isTaken = () => taken.some(path => [name, `${name}.dockerignore`].includes(path.split('/')[0]));
  while (isTaken()) name = `wheelhouse.${name}`;
  return name;
}
