import { posix } from 'node:path';
import { applicationCopy, PACKAGE, type LayoutInput, type LayoutPlan } from './layout-plan';
import type { Instruction } from '../../build/instruction';

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
    build: [...instructions, ...trim._instructions(INSTALLED)],
    package: source.instructions,
    runtime: [copy],
    application: applicationCopy(input, prefix),
    usesPip: usesPip || source.usesPip,
    interpreter: pythonPath,
    scripts: scriptsOf(input),
    seen: { instructions: [copy], mounts: [] },
    libraries: { prefix },
    needs: [{ from: build.stage, to: runtime.stage, what: 'what is installed for the interpreter', pythonPath, samePython: true, sameLibc: true }],
    faults: [],
  };
}

/** @see https://wiki.debian.org/Python#Deviations_from_upstream */
function scriptsOf({ pythonPath, build: { facts: { distribution } } }: LayoutInput): string {
  const isDebianPython = pythonPath.startsWith('/usr/bin/') && /^(debian|ubuntu) /.test(distribution ?? '');
  return isDebianPython ? '/usr/local/bin' : posix.dirname(pythonPath);
}
