import { applicationCopy, PACKAGE, runtimePython, type LayoutInput, type LayoutPlan } from './layout-plan';
import type { Instruction } from '../../build/instruction';
import { shellWord } from '../../primitives/shell-quote';
import { sortedUnique } from '../../primitives/stable';

/** Not `~/.local`: the home directory is memory where the root is read-only, and hides what the image has there. */
const USER_BASE = '/user-base';

/**
 * Packages in what Python takes for the user's own, which belongs to root here. Its interpreter is that of the image, wherever that is:
 * only console scripts hold its path.
 *
 * @param chosen console scripts that are copied; those that the image's processes start are, too
 */
export function userBaseLayout(input: LayoutInput, chosen: readonly string[]): LayoutPlan {
  const { build, runtime, pythonPath, recipe, trim, packageStage, programs } = input;
  const { interpreter, faults } = runtimePython(input);
  const { requirements, instructions, usesPip } = recipe.install({ kind: 'user', directory: USER_BASE });
  const source = recipe.installSource({ kind: 'user', directory: PACKAGE });
  const scripts = sortedUnique([...chosen, ...programs.filter(({ kind }) => kind === 'script').map(({ name }) => name)]);
  const isInstalled = packageStage !== undefined;
  const found: Instruction = {
    kind: 'environment',
    variables: { PYTHONUSERBASE: USER_BASE, ...(chosen.length > 0 ? { PATH: `${USER_BASE}/bin:$PATH` } : {}) },
    expand: chosen.length > 0,
    why: 'the interpreter finds the packages by it',
  };
  return {
    requirements,
    build: [...instructions, onlyScripts(USER_BASE, scripts, isInstalled ? [] : [USER_BASE]), ...trim._instructions(USER_BASE)],
    package: [...source.instructions, onlyScripts(PACKAGE, scripts, [USER_BASE, PACKAGE])],
    runtime: [
      { kind: 'copy', from: { kind: 'stage', name: build.stage }, sources: [USER_BASE], target: USER_BASE, link: true, why: 'compilers and caches stay behind' },
      found,
    ],
    application: applicationCopy(input, USER_BASE),
    usesPip: usesPip || source.usesPip,
    interpreter,
    scripts: `${USER_BASE}/bin`,
    seen: { instructions: [found], mounts: [{ type: 'bind', from: { kind: 'stage', name: build.stage }, source: USER_BASE, target: USER_BASE }] },
    needs: [{
      from: build.stage, to: runtime.stage, what: 'the user base', pythonPath: chosen.length > 0 ? pythonPath : undefined, samePython: true, sameLibc: true,
    }],
    faults,
  };
}

/**
 * Leaves out all other console scripts.
 *
 * @param searched directories of which one has to have each of them; none when that is not known yet
 */
function onlyScripts(directory: string, scripts: readonly string[], searched: readonly string[]): Instruction {
  const kept = scripts.map(name => ` ! -name ${shellWord(name)}`).join('');
  const remove = scripts.length === 0 ? [`mkdir -p ${directory}`, `rm -rf ${directory}/bin`]
    : [`mkdir -p ${directory}/bin`, `find ${directory}/bin -mindepth 1${kept} -delete`];
  const check = searched.length === 0 ? [] : scripts.map(name => {
    const there = searched.map(place => `[ -e ${shellWord(`${place}/bin/${name}`)} ]`).join(' || ');
    return `{ ${there} || { echo ${shellWord(`no package has the console script ${name}`)} >&2; exit 1; }; }`;
  });
  return { kind: 'runShell', commands: [...remove, ...check], mounts: [], why: scripts.length === 0 ? 'no console script is asked for' : 'no other console script is in the image' };
}
