import { applicationCopy, type LayoutInput, type LayoutPlan } from './layout-plan';
import type { Instruction } from '../../build/instruction';
import { CHOSEN_TOOLS } from '../../build/lifecycle';
import type { MountData } from '../../build/mount';
import { shellWord, shellWords } from '../../primitives/shell-quote';
import { indexOptions, withPasswords } from '../recipes/index-options';
import { PIP_CACHE } from '../recipes/pip-command';
import { mountedPath } from '../recipes/recipe';
import type { ServerProgram } from '../servers/server-plan';

/** pex itself, in the build stage only. */
const TOOL = '/pex-tool';
/** Where a pex is unpacked, in all stages: its programs hold this path. */
const PEX = '/pex';
/** Wheels of the packages, and that of the source. */
const [WHEELS, SOURCE_WHEEL] = ['/wheels', '/source-wheel'];
/** The pex of the packages, and the one that has the application too. */
const [PACKAGES_FILE, APPLICATION_FILE] = ['/packages.pex', '/application.pex'];
/** What pex keeps of what it has unpacked. @see https://docs.pex-tool.org/api/vars.html */
const PEX_ROOT: MountData = { type: 'cache', target: '/root/.cache/pex' };

/**
 * A pex of wheels and source, unpacked while the image is built, as pex' own documentation has it for containers: the packages in one layer, the source in
 * another on top of it. The pex is the entrypoint; nothing is unpacked, compiled or written when it starts.
 *
 * @see https://docs.pex-tool.org/recipes.html#pex-app-in-a-container
 */
export function pexLayout(input: LayoutInput): LayoutPlan {
  const { build, runtime, pythonPath, recipe, trim, install, packageStage, programs, options, compile, indexes } = input;
  const { requirements, instructions } = recipe.install({ kind: 'wheels', directory: WHEELS });
  const python = `${PEX}/bin/python`;
  const unpack = (file: string, scope: string, compiled: boolean) => shellWords([
    `${TOOL}/bin/pex-tools`, file, 'venv', '--scope', scope, '--non-hermetic-scripts', '--site-packages-copies', ...(compiled ? ['--compile'] : []), PEX,
  ]);
  return {
    requirements,
    build: [
      ...instructions,
      withPasswords({
        kind: 'runShell',
        commands: [
          shellWords([pythonPath, '-m', 'venv', '--without-pip', TOOL]),
          shellWords([pythonPath, '-m', 'pip', '--python', `${TOOL}/bin/python`, 'install', '--no-compile', ...indexOptions(indexes), ...CHOSEN_TOOLS.pex.packages]),
        ],
        mounts: [PIP_CACHE],
        why: 'an environment of its own, which no other stage has',
      }, indexes),
      {
        kind: 'runShell',
        commands: [`mkdir -p ${WHEELS}`, pexOf([WHEELS], [], PACKAGES_FILE, pythonPath), unpack(PACKAGES_FILE, 'deps', compile)],
        mounts: [PEX_ROOT],
        why: 'from the wheels alone: no index is asked. Unpacked here, for nothing can be where the root is read-only',
      },
      ...trim._instructions(PEX),
    ],
    package: install ? installed(input, unpack) : [{
      kind: 'runShell',
      commands: [
        pexOf([WHEELS], ['--sources-directory', mountedPath(input.source), ...entry(programs[0])], APPLICATION_FILE, pythonPath),
        `rm -rf ${PEX}`,
        unpack(APPLICATION_FILE, 'srcs', compile),
      ],
      mounts: [PEX_ROOT, { type: 'bind', source: input.source, target: mountedPath(input.source) }],
      why: 'the source without the packages, which are a layer of their own',
    }],
    runtime: [{ kind: 'copy', from: { kind: 'stage', name: build.stage }, sources: [PEX], target: PEX, link: true, why: 'compilers, wheels and pex itself stay behind' }],
    application: { kind: 'copy', from: { kind: 'stage', name: packageStage! }, sources: [PEX], target: PEX, link: true, why: 'last: a change of the source rebuilds nothing else' },
    applicationAtBuild: install ? undefined : applicationCopy({ ...input, packageStage: undefined }, PEX),
    usesPip: true,
    interpreter: python,
    scripts: `${PEX}/bin`,
    processes: programs.map((program, index) => {
      if (index === 0) return options.length > 0 ? [python, ...options, `${PEX}/pex`] : [`${PEX}/pex`];
      return [python, ...options, ...(program.kind === 'module' ? ['-m', program.name] : [`${PEX}/bin/${program.name}`])];
    }),
    seen: { instructions: [], mounts: [{ type: 'bind', from: { kind: 'stage', name: build.stage }, source: PEX, target: PEX }] },
    needs: [{ from: build.stage, to: runtime.stage, what: 'the pex', pythonPath, samePython: true, sameLibc: true }],
    faults: [],
  };
}

/** The source as one more wheel: part of the pex, which finds its console scripts, and installed into what is unpacked of it. */
function installed({ recipe, pythonPath, programs }: LayoutInput, unpack: (file: string, scope: string, compiled: boolean) => string): Instruction[] {
  return [
    ...recipe.installSource({ kind: 'wheels', directory: SOURCE_WHEEL }).instructions,
    {
      kind: 'runShell',
      commands: [
        pexOf([WHEELS, SOURCE_WHEEL], entry(programs[0]), APPLICATION_FILE, pythonPath),
        `rm -rf ${PEX}`,
        unpack(APPLICATION_FILE, 'srcs', false),
        `${shellWords([pythonPath, '-m', 'pip', '--python', `${PEX}/bin/python`, 'install', '--no-index', '--no-deps', '--no-compile'])} ${SOURCE_WHEEL}/*.whl`,
      ],
      mounts: [PEX_ROOT],
      why: 'the application without the packages, which are a layer of their own',
    },
  ];
}

/** What packs all wheels of directories. */
function pexOf(directories: readonly string[], args: readonly string[], output: string, pythonPath: string): string {
  const resolved = directories.flatMap(directory => ['--pre-resolved-dists', directory]);
  const command = shellWords([`${TOOL}/bin/pex`, '--python', pythonPath, ...resolved, ...args, '--output-file', output]);
  return `${command} $(find ${directories.map(shellWord).join(' ')} -name '*.whl')`;
}

function entry({ kind, name }: ServerProgram): string[] {
  return [kind === 'module' ? '-m' : '-c', name];
}
