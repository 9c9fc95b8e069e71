import type { LayoutInput, LayoutPlan } from './layout-plan';
import { shellWords } from '../../primitives/shell-quote';

/** Where the environment is, in both stages: its scripts hold this path. */
const VENV = '/venv';

/** A virtual environment without pip, copied as one layer that does not depend on those before it. */
export function venvLayout({ buildStage, runtimeStage, pythonPath }: LayoutInput): LayoutPlan {
  const python = `${VENV}/bin/python`;
  return {
    environment: VENV,
    environmentPython: python,
    runtimePython: python,
    prepare: [{ kind: 'runShell', commands: [shellWords([pythonPath, '-m', 'venv', '--without-pip', VENV])], mounts: [], why: 'without a pip of its own: what installs is in this image only' }],
    install: [{ kind: 'copy', from: { kind: 'stage', name: buildStage }, sources: [VENV], target: VENV, link: true, why: 'compilers and caches stay behind' }],
    needs: [{ from: buildStage, to: runtimeStage, what: 'the virtual environment', pythonPath, samePython: true, sameLibc: true }],
  };
}
