import {
  chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { hasDeadLock, whileLocked } from './output-lock';
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
  /** Those of `written` that were not there. */
  readonly created: readonly string[];
  readonly unchanged: readonly string[];
  readonly deleted: readonly string[];
}

/**
 * Makes a folder hold these files and a manifest of them. Each file is replaced at once or not at all; a run that is cut off
 * leaves a journal, from which the next one repairs. Of what is there, only files of the last manifest or journal are ever
 * replaced or deleted. Two processes do so one after the other; one that has nothing to change leaves the folder alone.
 */
export function writeOutput(outdir: string, files: ReadonlyMap<string, string>, manifest: object): Written {
  const texts = new Map([...files, [MANIFEST, stableJson({ ...GENERATOR, ...manifest, files: hashes(files) })]]);
  if (isCurrent(outdir, texts)) return { written: [], created: [], unchanged: [...texts.keys()].sort(), deleted: [] };
  return whileLocked(outdir, () => bringUpToDate(outdir, texts));
}

/** Writes one JSON file beside no manifest: an answer to the command. */
export function writeAnswer(path: string, answer: object): void {
  put(path, stableJson(answer));
}

/** A file of a folder that {@link writeFolder} writes. */
export interface FolderFile {
  /** Path in the folder, with `/` between its parts. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable: boolean;
}

/**
 * Writes a folder whose name tells its content: one that is there is left alone. It is written beside its place, so that it is there whole or not
 * at all. Modes are the same for every user.
 *
 * @param directories in the folder, even if they are empty
 */
export function writeFolder(path: string, files: readonly FolderFile[], directories: readonly string[]): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  const beside = mkdtempSync(path + TEMPORARY);
  for (const directory of directories) mkdirSync(join(beside, directory), { recursive: true });
  for (const file of files) {
    const place = join(beside, file.path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, file.content);
    chmodSync(place, file.executable ? 0o755 : 0o644);
  }
  const folders = readdirSync(beside, { recursive: true, withFileTypes: true }).filter(entry => entry.isDirectory());
  for (const place of [beside, ...folders.map(entry => join(entry.parentPath, entry.name))]) chmodSync(place, 0o755);
  takePlace(beside, path);
}

/** Renames a folder, unless another process has written the same one meanwhile. */
function takePlace(beside: string, path: string): void {
  try {
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { recursive: true });
    if (!existsSync(path)) throw error;
  }
}

function isCurrent(outdir: string, texts: ReadonlyMap<string, string>): boolean {
  return !hasLeftovers(outdir) && [...texts].every(([path, text]) => contentOf(join(outdir, path)) === text)
    && listedIn(join(outdir, MANIFEST)).every(path => texts.has(path));
}

/** What a run leaves that was cut off. */
function hasLeftovers(outdir: string): boolean {
  return [JOURNAL, JOURNAL + TEMPORARY, MANIFEST + TEMPORARY].some(path => existsSync(join(outdir, path))) || hasDeadLock(outdir);
}

function bringUpToDate(outdir: string, texts: ReadonlyMap<string, string>): Written {
  const before = listedIn(join(outdir, MANIFEST));
  const cutOff = listedIn(join(outdir, JOURNAL));
  const ours = new Set([...before, ...cutOff]);
  const changed = [...texts.keys()].filter(path => contentOf(join(outdir, path)) !== texts.get(path)).sort();
  const created = new Set(changed.filter(path => !existsSync(join(outdir, path))));
  const foreign = changed.filter(path => !ours.has(path) && !created.has(path) && !(path === MANIFEST && isOurs(join(outdir, path))));
  must(foreign.length === 0, 'OUTPUT_FOREIGN',
    `${foreign.map(path => `'${path}'`).join(', ')} in the output folder was not written by synth; move it away, or choose another 'outdir'`);
  const stale = sortedUnique(ours).filter(path => !texts.has(path) && existsSync(join(outdir, path)));
  if (changed.length > 0 || stale.length > 0 || hasLeftovers(outdir)) {
    put(join(outdir, JOURNAL), stableJson({ ...GENERATOR, files: sortedUnique([...ours, ...texts.keys()]).filter(path => path !== MANIFEST) }));
    for (const path of cutOff) clear(outdir, path + TEMPORARY);
    for (const path of changed.filter(name => name !== MANIFEST)) put(join(outdir, path), texts.get(path)!);
    for (const path of ours) if (!texts.has(path)) clear(outdir, path);
    put(join(outdir, MANIFEST), texts.get(MANIFEST)!);
    rmSync(join(outdir, JOURNAL));
  }
  const isChanged = new Set(changed);
  return { written: changed, created: [...created], unchanged: [...texts.keys()].filter(path => !isChanged.has(path)).sort(), deleted: stale };
}

/** Replaces a file at once: readers see the old content or the new. */
function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path + TEMPORARY, text);
  renameSync(path + TEMPORARY, path);
}

/** Deletes a file, if it is there, and the folders that are empty then: some may be gone already. */
function clear(outdir: string, path: string): void {
  rmSync(join(outdir, path), { force: true });
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const place = join(outdir, folder);
    if (!existsSync(place)) continue;
    if (readdirSync(place).length > 0) break;
    rmdirSync(place);
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
