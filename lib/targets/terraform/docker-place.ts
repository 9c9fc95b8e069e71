import { join, relative, resolve, sep } from 'node:path';
import type { TerraformStack } from 'cdktn';
import { library } from './terraform-element';
import type { SourceDirectory } from '../../build/source-directory';
import { buildContext, writeBuildContext, type BuildContext } from '../../output/build-context';
import { writeFolder } from '../../output/writer';
import { sha256 } from '../../primitives/stable';
import type { ConfigPlan, ImagePlan } from '../../services/plan';
import type { FullApplicationPlan } from '../../services/plan-application';

/** Folders beside the stack's file. */
const CONTEXTS = 'contexts';
const CONFIGS = 'configs';

/** Where the stack is written, and what is read. */
export interface Place {
  /** Absolute path of the stack's folder, from which Terraform runs. */
  readonly folder: string;
  /** Absolute path of the host's output folder. */
  readonly outdir: string;
  readonly source: SourceDirectory;
  /** Path of a file of the source tree from there; nothing when the two are apart, as such a path would be of this machine. */
  fromFolder(file: string): string | undefined;
}

export function placeOf(stack: TerraformStack, source: SourceDirectory): Place {
  const { App, Manifest } = library();
  const outdir = resolve(App.of(stack).outdir);
  const folder = join(outdir, Manifest.stacksFolder, stack.node.id);
  const apart = relative(source.path, outdir).split(sep)[0] === '..';
  const fromFolder = (file: string) => apart ? undefined : relative(folder, join(source.path, file)).split(sep).join('/');
  return { folder, outdir, source, fromFolder };
}

/** A context, and where it is for Terraform. */
export interface WrittenContext extends BuildContext {
  readonly path: string;
}

/** Writes what an image is built from, as the host would. */
export function writeContext(plan: FullApplicationPlan, image: ImagePlan, { folder, outdir, source }: Place): WrittenContext {
  const context = buildContext(plan, image, source, outdir);
  writeBuildContext(join(folder, CONTEXTS), context);
  return { ...context, path: `\${path.module}/${CONTEXTS}/${context.name}` };
}

/** Another text is another path, so that containers follow. */
export function writeConfig({ name, text }: ConfigPlan, { folder }: Place): string {
  const directory = `${CONFIGS}/${name}-${sha256(text).slice(0, 12)}`;
  writeFolder(join(folder, directory), [{ path: name, content: text, executable: false }], []);
  return `\${abspath("\${path.module}/${directory}/${name}")}`;
}
