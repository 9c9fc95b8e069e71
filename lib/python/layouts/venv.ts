import { applicationCopy, PACKAGE, type LayoutInput, type LayoutPlan } from './layout-plan';
import type { Instruction } from '../../build/instruction';
import { shellWords } from '../../primitives/shell-quote';

/** Where the environment is, in both stages: its scripts hold this path. */
const VENV = '/venv';

/** A virtual environment without pip, copied as one layer that does not depend on those before it. */
export function venvLayout(input: LayoutInput): LayoutPlan {
  const { build, runtime, pythonPath, recipe, trim } = input;
  const python = `${VENV}/bin/python`;
  const { requirements, instructions, usesPip } = recipe.install({ kind: 'environment', directory: VENV, python });
  const source = recipe.installSource({ kind: 'prefix', directory: PACKAGE, python });
  const create: Instruction = {
    kind: 'runShell', commands: [shellWords([pythonPath, '-m', 'venv', '--without-pip', VENV])], mounts: [], why: 'without a pip of its own: what installs is in this image only',
  };
  return {
    requirements,
    build: [create, ...instructions, ...trim._instructions(VENV)],
    package: source.instructions,
    runtime: [{ kind: 'copy', from: { kind: 'stage', name: build.stage }, sources: [VENV], target: VENV, link: true, why: 'compilers and caches stay behind' }],
    application: applicationCopy(input, VENV),
    usesPip,
    interpreter: python,
    scripts: `${VENV}/bin`,
    seen: { instructions: [], mounts: [{ type: 'bind', from: { kind: 'stage', name: build.stage }, source: VENV, target: VENV }] },
    libraries: { python, prefix: VENV },
    needs: [{ from: build.stage, to: runtime.stage, what: 'the virtual environment', pythonPath, samePython: true, sameLibc: true }],
    faults: [],
  };
}
