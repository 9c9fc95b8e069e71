import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { IConstruct } from 'constructs';
import { isIgnoredName } from './ignore-list';
import { must } from '../primitives/faults';
import { byCodeUnit, sortedBy, sortedUnique } from '../primitives/stable';

const ATTACHED = Symbol.for('cdk-wheelhouse/SourceDirectory');

/** Folder in the root that is written to when nobody says another. */
export const DEFAULT_OUTDIR = 'wheelhouse.out';

/** A file that a build reads. */
export interface SourceFile {
  /** Path in the root, with `/` between its parts. */
  readonly path: string;
  readonly executable: boolean;
  readonly content: Uint8Array;
}

/**
 * The source tree that all images of a construct tree are built from. The only reader of sources: it reads each file once,
 * answers with data, and refuses links that lead out of the tree.
 */
export class SourceDirectory {
  /** The one of the tree that `construct` is in; a tree without one reads the working directory, as an App does that is told no other. */
  public static of(construct: IConstruct): SourceDirectory {
    const root = construct.node.root as IConstruct & { [ATTACHED]?: SourceDirectory };
    return root[ATTACHED] ?? SourceDirectory.attach(root, '.', DEFAULT_OUTDIR);
  }

  /**
   * Makes `path` the source tree of the tree under `root`. `outdir`, when it lies inside, and what is `ignored` are never part of a build.
   */
  public static attach(root: IConstruct, path: string, outdir?: string, ignored: readonly string[] = []): SourceDirectory {
    const directory = new SourceDirectory(resolve(path), outdir === undefined ? undefined : resolve(outdir), ignored);
    Object.defineProperty(root, ATTACHED, { value: directory });
    return directory;
  }

  private readonly texts = new Map<string, string | undefined>();
  private readonly kinds = new Map<string, 'file' | 'directory' | undefined>();
  private readonly entries = new Map<string, ReadonlyMap<string, Dirent> | undefined>();
  /** Where paths are when all links are followed. */
  private readonly reals = new Map<string, string>();

  private constructor(public readonly path: string, private readonly outdir: string | undefined, public readonly ignored: readonly string[]) {}

  /** Paths in this tree that no build gets to see, beyond the names that none does: the output, and what is ignored. */
  public get leftOut(): string[] {
    return sortedUnique([...(this.output === undefined ? [] : [this.output]), ...this.ignored]);
  }

  /** Where the output lies inside this tree, with `/` between its parts; nothing when it lies elsewhere. */
  private get output(): string | undefined {
    if (this.outdir === undefined) return undefined;
    const inside = relative(this.path, this.outdir);
    return inside === '' || inside.startsWith('..') || resolve(inside) === inside ? undefined : inside.split(sep).join('/');
  }

  /** What is at a path: a file, a directory, or nothing. */
  public kind(path: string): 'file' | 'directory' | undefined {
    if (!this.kinds.has(path)) this.kinds.set(path, this.look(path));
    return this.kinds.get(path);
  }

  /** The text of a file, or nothing when there is no file. */
  public text(path: string): string | undefined {
    if (!this.texts.has(path)) this.texts.set(path, this.kind(path) === 'file' ? readFileSync(this.absolute(path), 'utf8') : undefined);
    return this.texts.get(path);
  }

  /** Names in a directory, in order, without what every ignore list leaves out; none when there is no directory. */
  public list(path: string): string[] {
    return this.kind(path) === 'directory' ? this.namesIn(path) : [];
  }

  /** The files that a build gets to see of these paths: those under them, without what every ignore list leaves out. */
  public files(paths: readonly string[]): SourceFile[] {
    const found = new Map<string, SourceFile>();
    for (const path of paths) this.collect(path, found, this.leftOut);
    return sortedBy([...found.values()], file => file.path);
  }

  private collect(path: string, found: Map<string, SourceFile>, leftOut: readonly string[]): void {
    const kind = this.kind(path);
    if (kind === 'file') {
      const absolute = this.absolute(path);
      // eslint-disable-next-line no-bitwise
      found.set(path, { path, executable: (statSync(absolute).mode & 0o100) !== 0, content: readFileSync(absolute) });
    }
    if (kind !== 'directory') return;
    for (const name of this.namesIn(path)) {
      const child = path === '.' ? name : `${path}/${name}`;
      if (!leftOut.includes(child)) this.collect(child, found, leftOut);
    }
  }

  private namesIn(directory: string): string[] {
    return [...this.entriesOf(directory)!.keys()].filter(name => !isIgnoredName(name)).sort(byCodeUnit);
  }

  /** What is in a directory: one question for all of its files, those that are looked for in vain among them. */
  private entriesOf(directory: string): ReadonlyMap<string, Dirent> | undefined {
    if (!this.entries.has(directory)) this.entries.set(directory, readEntries(this.absolute(directory)));
    return this.entries.get(directory);
  }

  private isLink(path: string): boolean {
    return this.entriesOf(dirname(path))?.get(basename(path))?.isSymbolicLink() ?? false;
  }

  private absolute(path: string): string {
    return join(this.path, path);
  }

  private look(path: string): 'file' | 'directory' | undefined {
    const isLink = path !== '.' && this.isLink(path);
    const entry = path === '.' || isLink ? statSync(this.absolute(path), { throwIfNoEntry: false }) : this.entriesOf(dirname(path))?.get(basename(path));
    if (!entry) return undefined;
    const outside = relative(this.real('.'), this.real(path)).startsWith('..');
    must(!outside, 'SOURCE_LINK', `source path '${path}' ${isLink ? 'is a link' : 'leads over a link'} out of ${this.path};`
      + ' a build cannot follow it: move the files into the tree');
    return entry.isDirectory() ? 'directory' : 'file';
  }

  /** Only what is a link is asked for in full: its parent's answer is known. */
  private real(path: string): string {
    const known = this.reals.get(path);
    if (known !== undefined) return known;
    const followed = path === '.' || this.isLink(path) ? realpathSync(this.absolute(path)) : join(this.real(dirname(path)), basename(path));
    this.reals.set(path, followed);
    return followed;
  }
}

/** Nothing when there is no such directory. */
function readEntries(directory: string): ReadonlyMap<string, Dirent> | undefined {
  try {
    return new Map(readdirSync(directory, { withFileTypes: true }).map(entry => [entry.name, entry]));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
