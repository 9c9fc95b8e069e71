import { indexOptions, withPasswords } from './index-options';
import { mountedPath, REQUIREMENTS_FILE, REQUIREMENTS_STAGE, type Installation, type InstallTarget, type RecipeInput } from './recipe';
import type { Instruction } from '../../build/instruction';
import type { MountData } from '../../build/mount';
import { shellWord, shellWords } from '../../primitives/shell-quote';
import type { IndexData } from '../package-index';

/** pip's cache for root. @see https://pip.pypa.io/en/stable/topics/caching/ */
export const PIP_CACHE: MountData = { type: 'cache', target: '/root/.cache/pip' };

/** What pip is told to install. */
export interface PipRequirements {
  /** Arguments that name it, such as `--requirement` and a file. */
  readonly args: readonly string[];
  /** What pip has to see for that. */
  readonly mounts: readonly MountData[];
  /** Whether all of it has hashes, which then have to match. */
  readonly hashed: boolean;
  /** Indexes that pip is told of; what it reads may name others. @default - all that are declared */
  readonly indexes?: readonly IndexData[];
  /** Patterns of files besides, for the shell. */
  readonly patterns?: readonly string[];
  /** Whether just that is installed, and nothing that it needs. @default false */
  readonly alone?: boolean;
}

/** The list that a manager has written in the stage `requirements`. */
export const WRITTEN_REQUIREMENTS: PipRequirements = {
  args: ['--requirement', REQUIREMENTS_FILE],
  mounts: [{ type: 'bind', from: { kind: 'stage', name: REQUIREMENTS_STAGE }, source: REQUIREMENTS_FILE, target: REQUIREMENTS_FILE }],
  hashed: true,
};

/**
 * Installs packages with the pip of the build image, so that what is installed holds no pip. What it reads is mounted for the one command: no
 * layer holds it, and no other change of the source repeats it.
 *
 * @see https://pip.pypa.io/en/stable/cli/pip_install/
 */
export function pipInstallation(
  { pythonPath, compile, indexes }: RecipeInput, target: InstallTarget, what: PipRequirements, requirements: readonly Instruction[] = [],
): Installation {
  const options = [
    ...(what.alone ? ['--no-deps'] : []), ...indexOptions(what.indexes ?? indexes), ...(what.hashed ? ['--require-hashes'] : []), ...what.args,
  ];
  const command = [pipCommand(pythonPath, target, compile, options), ...what.patterns ?? []].join(' ');
  const why = 'only the files that say what to install are seen: nothing else repeats it';
  const install = withPasswords({ kind: 'runShell', commands: [command], mounts: [PIP_CACHE, ...what.mounts], why }, indexes);
  return { requirements, instructions: [install], usesPip: true };
}

/** Installs the source alone. Builders such as setuptools write into it. What changes with each edit gets no bytecode. */
export function pipSourceInstallation({ source, pythonPath, indexes }: RecipeInput, target: InstallTarget): Installation {
  const directory = mountedPath(source);
  const mounts: MountData[] = [PIP_CACHE, { type: 'bind', source, target: directory, writable: true }];
  const commands = [pipCommand(pythonPath, target, false, indexOptions(indexes), directory)];
  return { requirements: [], instructions: [withPasswords({ kind: 'runShell', commands, mounts }, indexes)], usesPip: true };
}

/**
 * Where pip leaves alone what the interpreter already has, as pip's own dependencies, it is told not to: the image may not have it.
 *
 * @param directory of the source, to install it without its dependencies; else `options` say what is installed
 */
function pipCommand(pythonPath: string, target: InstallTarget, compile: boolean, options: readonly string[], directory?: string): string {
  const pip = [pythonPath, '-m', 'pip'];
  const deps = directory === undefined ? [] : ['--no-deps'];
  const bytecode = compile ? [] : ['--no-compile'];
  const last = directory === undefined ? [] : [directory];
  switch (target.kind) {
    case 'environment':
      return shellWords([...pip, '--python', target.python, 'install', ...deps, ...bytecode, ...options, ...last]);
    case 'prefix': {
      const python = target.python === undefined ? [] : ['--python', target.python];
      const all = target.python === undefined ? ['--ignore-installed', '--no-warn-script-location'] : [];
      return shellWords([...pip, ...python, 'install', ...deps, ...bytecode, ...all, '--prefix', target.directory, ...options, ...last]);
    }
    case 'user': {
      const command = [...pip, 'install', ...deps, ...bytecode, '--user', '--ignore-installed', '--no-warn-script-location', ...options, ...last];
      // a Python of the distribution refuses, though none of its directories is touched: https://peps.python.org/pep-0668/
      const variables = [...(pythonPath.startsWith('/usr/bin/') ? ['PIP_BREAK_SYSTEM_PACKAGES=1'] : []), `PYTHONUSERBASE=${shellWord(target.directory)}`];
      return `${variables.join(' ')} ${shellWords(command)}`;
    }
    case 'wheels':
      return shellWords([...pip, 'wheel', ...deps, '--wheel-dir', target.directory, ...options, ...last]);
  }
}
