import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must } from '../primitives/faults';
import { sha256, sortedUnique, stableJson } from '../primitives/stable';

const MANIFEST = 'manifest.json';
/** There while files are being written: whoever finds it knows that a synth was cut off, and what it was about to write. */
const JOURNAL = 'journal.json';
const TEMPORARY = '.wheelhouse-tmp';
/** In manifest and journal: files of that name without it are somebody else's. */
const GENERATOR = { generator: 'cdk-wheelhouse' };

/** What {@link writeOutput} did, as paths in the output folder, sorted. */
export interface Written {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly deleted: readonly string[];
}

/**
 * Makes a folder hold these files and a manifest of them. Each file is replaced at once or not at all; a run that is cut off
 * leaves a journal, from which the next one repairs. Of what is there, only files of the last manifest or journal are ever
 * replaced or deleted.
 */
export function writeOutput(outdir: string, files: ReadonlyMap<string, string>, manifest: object): Written {
  const ours = new Set([...listedIn(join(outdir, MANIFEST)), ...listedIn(join(outdir, JOURNAL))]);
  const texts = new Map([...files, [MANIFEST, stableJson({ ...GENERATOR, ...manifest, files: hashes(files) })]]);
  const changed = [...texts.keys()].filter(path => contentOf(join(outdir, path)) !== texts.get(path)).sort();
  const foreign = changed.filter(path => !ours.has(path) && existsSync(join(outdir, path)) && !(path === MANIFEST && isOurs(join(outdir, path))));
  must(foreign.length === 0, 'OUTPUT_FOREIGN',
    `${foreign.map(path => `'${path}'`).join(', ')} in the output folder was not written by synth; move it away, or choose another 'outdir'`);
  const stale = sortedUnique(ours).filter(path => !texts.has(path) && existsSync(join(outdir, path)));
  if (changed.length > 0 || stale.length > 0 || existsSync(join(outdir, JOURNAL))) replace(outdir, texts, changed, stale);
  return { written: changed, unchanged: [...texts.keys()].filter(path => !changed.includes(path)).sort(), deleted: stale };
}

function replace(outdir: string, texts: ReadonlyMap<string, string>, changed: readonly string[], stale: readonly string[]): void {
  const before = listedIn(join(outdir, MANIFEST));
  const cutOff = listedIn(join(outdir, JOURNAL));
  const concerned = sortedUnique([...before, ...cutOff, ...texts.keys()]).filter(path => path !== MANIFEST);
  put(join(outdir, JOURNAL), stableJson({ ...GENERATOR, files: concerned }));
  for (const path of cutOff) rmSync(join(outdir, path) + TEMPORARY, { force: true });
  for (const path of changed.filter(name => name !== MANIFEST)) put(join(outdir, path), texts.get(path)!);
  for (const path of stale) remove(outdir, path);
  put(join(outdir, MANIFEST), texts.get(MANIFEST)!);
  rmSync(join(outdir, JOURNAL));
}

/** Replaces a file at once: readers see the old content or the new. */
function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path + TEMPORARY, text);
  renameSync(path + TEMPORARY, path);
}

/** Deletes a file, and the folders that it leaves empty. */
function remove(outdir: string, path: string): void {
  rmSync(join(outdir, path));
  for (let folder = dirname(path); folder !== '.' && readdirSync(join(outdir, folder)).length === 0; folder = dirname(folder)) {
    rmdirSync(join(outdir, folder));
  }
}

/** Paths that a manifest or journal names; none when there is no such file, or it is not one of ours. */
function listedIn(path: string): string[] {
  const { files } = record(path) ?? {};
  const names = Array.isArray(files) ? files : Object.keys(files ?? {});
  return names.filter((name): name is string => typeof name === 'string' && !name.startsWith('/') && !name.split('/').includes('..'));
}

function isOurs(path: string): boolean {
  return record(path) !== undefined;
}

/** A manifest or journal, or nothing when there is none, or it is somebody else's. */
function record(path: string): { readonly files?: unknown } | undefined {
  try {
    const content = JSON.parse(contentOf(path) ?? 'null');
    return content?.generator === GENERATOR.generator ? content : undefined;
  } catch {
    return undefined;
  }
}

function contentOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function hashes(files: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...files].map(([path, text]) => [path, sha256(text)]));
}
