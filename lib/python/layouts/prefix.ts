import { posix } from 'node:path';
import { applicationCopy, isDebianPython, PACKAGE, scriptsOf, type LayoutInput, type LayoutPlan } from './layout-plan';
import type { Instruction } from '../../build/instruction';
import type { Fault } from '../../primitives/faults';

/** Where packages are installed in the build stage, as under the prefix of its interpreter. */
const INSTALLED = '/install';

/**
 * Packages for the interpreter itself, installed apart and copied onto its prefix: `/usr/local` for the official images. Debian's own
 * Python puts what is not Debian's under `local` of its prefix by itself.
 */
export function prefixLayout(input: LayoutInput): LayoutPlan {
  const { build, runtime, pythonPath, recipe, trim } = input;
  const prefix = posix.dirname(posix.dirname(pythonPath));
  const { requirements, instructions, usesPip } = recipe.install({ kind: 'prefix', directory: INSTALLED });
  const source = recipe.installSource({ kind: 'prefix', directory: PACKAGE });
  const copy: Instruction = {
    kind: 'copy', from: { kind: 'stage', name: build.stage }, sources: [INSTALLED], target: prefix, link: true, why: "beside the interpreter's own library; compilers and caches stay behind",
  };
  return {
    requirements,
    build: [...instructions, ...(recipe.distributions?.length === 0 ? [NOTHING_INSTALLED] : []), ...trim._instructions(INSTALLED)],
    package: source.instructions,
    runtime: [copy],
    application: applicationCopy(input, prefix),
    usesPip: usesPip || source.usesPip,
    interpreter: pythonPath,
    scripts: scriptsOf(pythonPath, build.facts),
    seen: { instructions: [copy], mounts: [] },
    libraries: { prefix },
    needs: [{ from: build.stage, to: runtime.stage, what: 'what is installed for the interpreter', pythonPath, samePython: true, sameLibc: true }],
    faults: prefixFaults(input),
  };
}

/** An installer that has nothing to install makes no directory. */
const NOTHING_INSTALLED: Instruction = { kind: 'runShell', commands: [`mkdir -p ${INSTALLED}`], mounts: [], why: 'there is no package: an empty directory is copied' };

/** Debian's Python looks where no other does, at the same path as others. */
function prefixFaults({ pythonPath, build, runtime }: LayoutInput): Fault[] {
  const [made, run] = [build, runtime].map(({ facts }) => isDebianPython({ ...facts, pythonPath }));
  if (made === run || runtime.facts.pythonPath !== pythonPath) return [];
  const [debian, other] = made ? [build, runtime] : [runtime, build];
  return [{
    code: 'PYTHON_PREFIX',
    problem: `Debian's Python, as in ${debian.label}, has its packages in dist-packages below /usr/local, and that of ${other.label} elsewhere; `
      + 'use two images of one distribution, or Layout.venv()',
  }];
}
