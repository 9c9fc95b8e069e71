import { posix } from 'node:path';
import { applicationCopy, isDebianPython, PACKAGE, runtimePython, scriptsOf, type LayoutInput, type LayoutPlan } from './layout-plan';
import type { Instruction } from '../../build/instruction';
import type { Fault } from '../../primitives/faults';
import { shellWords } from '../../primitives/shell-quote';

/** Wheels of all packages, in the build stage and for as long as they are installed. */
const WHEELS = '/wheels';
/** Names and versions of them: pip would note of a file where it was. */
const LIST = `${WHEELS}/requirements.txt`;

/**
 * Wheels of all packages are made in the build stage; the runtime image's own pip installs them, and nothing else, from a mount.
 *
 * @see https://pip.pypa.io/en/stable/cli/pip_wheel/
 */
export function wheelhouseLayout(input: LayoutInput): LayoutPlan {
  const { build, runtime, pythonPath, recipe, packageStage } = input;
  const { interpreter, faults } = runtimePython(input);
  const { requirements, instructions } = recipe.install({ kind: 'wheels', directory: WHEELS });
  const source = recipe.installSource({ kind: 'prefix', directory: PACKAGE });
  return {
    requirements,
    build: [...instructions, wheelList(pythonPath)],
    package: source.instructions,
    system: [wheelsInstall(input, interpreter)],
    runtime: [],
    application: applicationCopy(input, posix.dirname(posix.dirname(interpreter))),
    usesPip: true,
    interpreter,
    scripts: scriptsOf(interpreter, runtime.facts),
    seen: { instructions: [], mounts: [] },
    needs: [{
      // scripts of the application hold the path, and so does the place of its package
      from: build.stage, to: runtime.stage, what: 'the wheelhouse', pythonPath: packageStage === undefined ? undefined : pythonPath, samePython: true, sameLibc: true,
    }],
    faults: [...faults, ...wheelhouseFaults(input)],
  };
}

/** @see https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention */
function wheelList(pythonPath: string): Instruction {
  const program = `import os; print(*("==".join(name.split("-")[:2]) for name in sorted(os.listdir("${WHEELS}")) if name.endswith(".whl")), sep="\\n")`;
  return {
    kind: 'runShell',
    commands: [`${shellWords([pythonPath, '-c', program])} > ${LIST}`],
    mounts: [],
    why: 'by name and version: hashes were checked, and what was compiled here has another one',
  };
}

/** `-B`: pip leaves no bytecode of itself with today's date. */
function wheelsInstall({ build, runtime, trim, compile }: LayoutInput, interpreter: string): Instruction {
  const { facts } = runtime;
  const args = [
    interpreter, '-B', '-m', 'pip', 'install', ...(compile ? [] : ['--no-compile']), '--no-cache-dir', '--root-user-action=ignore',
    '--no-index', '--find-links', WHEELS, '--requirement', LIST,
  ];
  const mounts = [{ type: 'bind', from: { kind: 'stage', name: build.stage }, source: WHEELS, target: WHEELS } as const];
  const why = 'by the pip of this image, which is not there afterwards; the wheels are in no layer';
  const prefix = posix.dirname(posix.dirname(interpreter));
  const isDebian = isDebianPython({ ...facts, pythonPath: interpreter });
  const trimmed = trim._commands(isDebian ? '/usr/local/lib/python*/dist-packages' : `${prefix}/lib/python*/site-packages`);
  if (!hasShell(facts) || !isDebian && trimmed.length === 0) return { kind: 'runExec', command: args, mounts, why };
  // Debian's pip installs beside Debian's packages only when it is told to: https://peps.python.org/pep-0668/
  return { kind: 'runShell', commands: [`${isDebian ? 'PIP_BREAK_SYSTEM_PACKAGES=1 ' : ''}${shellWords(args)}`, ...trimmed], mounts, why };
}

function wheelhouseFaults({ runtime: { label, facts }, trim }: LayoutInput): Fault[] {
  return [
    ...(facts.pip ? [] : [{
      code: 'PIP_MISSING',
      problem: `a wheelhouse is installed by the pip of the runtime image, and ${label} ${facts.pip === false ? 'has none' : 'is not known to have one'}; `
        + `use a base that has one, such as PythonBase.slim(…)${facts.pip === false ? '' : ', say so with withFacts({ pip: true })'}, or Layout.venv()`,
    }]),
    ...(hasShell(facts) || trim._commands('').length === 0 ? [] : [{
      code: 'TRIM_WITHOUT_SHELL', problem: `packages of a wheelhouse are trimmed in the runtime image, and ${label} has no shell to do that; leave out 'trim', or use Layout.venv()`,
    }]),
  ];
}

/** Whether there is one, or may be. */
function hasShell({ shell }: LayoutInput['runtime']['facts']): boolean {
  return shell === undefined || shell.length > 0;
}
