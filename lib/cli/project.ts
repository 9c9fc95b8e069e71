import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Exit, orFail } from './command-fault';

/** Options by which every verb finds what it works on. */
export interface ProjectOptions {
  /** Folder with wheelhouse.json. */
  readonly directory: string;
  /** Folder that synth writes to, from the directory. */
  readonly output?: string;
}

/** What a command works on. */
export interface Project {
  /** Absolute; the program runs here. */
  readonly directory: string;
  /** Command line of the program, for a shell. */
  readonly app?: string;
  /** Absolute folder of the output, when somebody has named one. */
  readonly output?: string;
}

const FILE = 'wheelhouse.json';
const KEYS = ['app', 'output'];
const DEFAULT_OUTPUT = 'wheelhouse.out';

/** The program and the output folder: by options, else by wheelhouse.json. */
export function findProject(options: ProjectOptions & { readonly app?: string }): Project {
  const directory = resolve(options.directory);
  orFail(existsSync(directory), Exit.WRONG_COMMAND_LINE, `there is no folder '${options.directory}'`);
  const file = readFile(directory, options.directory);
  const output = options.output ?? file.output;
  return { directory, app: options.app ?? file.app, output: output === undefined ? undefined : resolve(directory, output) };
}

/** Where the last synth wrote to. */
export function outputOf(project: Project): string {
  return project.output ?? join(project.directory, DEFAULT_OUTPUT);
}

/** A path as the user would type it. */
export function shown(path: string): string {
  const way = relative('.', path) || '.';
  return way.startsWith(join('..', '..')) ? path : way;
}

function readFile(directory: string, named: string): { readonly app?: string; readonly output?: string } {
  const path = join(directory, FILE);
  const file = named === '.' ? FILE : join(named, FILE);
  if (!existsSync(path)) return {};
  const content = parsed(readFileSync(path, 'utf8'), file);
  orFail(typeof content === 'object' && content !== null && !Array.isArray(content), Exit.WRONG_COMMAND_LINE,
    `${file} is no JSON object; write { "app": "npx tsx application.ts" }`);
  for (const [key, value] of Object.entries(content)) {
    orFail(KEYS.includes(key), Exit.WRONG_COMMAND_LINE, `${file} has '${key}', which means nothing here; it may have ${KEYS.join(' and ')}`);
    orFail(typeof value === 'string' && value.trim() !== '', Exit.WRONG_COMMAND_LINE, `'${key}' in ${file} is ${JSON.stringify(value)}, which is no text, or an empty one`);
  }
  return content;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    orFail(false, Exit.WRONG_COMMAND_LINE, `${file} is not JSON: ${(error as Error).message}`);
  }
}
