import { sha256 } from '../primitives/stable';

/** What the header of a strict file says of what it was made from. */
export interface LockHeader {
  /** Hash of the loose files and constraints. */
  readonly inputs?: string;
  /** Image that it was resolved in, without its digest. */
  readonly base?: string;
}

const INPUTS = '# inputs: sha256:';
const BASE = '# base: ';

/** One hash for all files: that of the list of their hashes, as `sha256sum` prints it. Ends of lines mean nothing: git may change them. */
export function inputsHash(texts: readonly string[]): string {
  return sha256(texts.map(text => `${sha256(text.replace(/\r/g, ''))}  -\n`).join(''));
}

/** A base as a header names it: a digest that moves with each patch asks for no new lock. */
export function baseName(reference: string): string {
  return reference.replace(/@.*$/, '');
}

/** The lines of a header, with `inputs` as the shell knows them. */
export function headerLines(loose: readonly string[], inputs: string, base: string): string[] {
  return [
    `# Made by uv from ${loose.join(', ')}: edit that, then run: wheelhouse lock requirements`,
    `${INPUTS}${inputs}`,
    `${BASE}${baseName(base)}`,
  ];
}

/** What a strict file says; nothing of what it does not say. */
export function readHeader(text: string): LockHeader {
  const lines = text.split(/\r?\n/);
  const said = (start: string) => lines.find(line => line.startsWith(start))?.slice(start.length).trim();
  return { inputs: said(INPUTS), base: said(BASE) };
}
