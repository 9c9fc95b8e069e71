import { APPLICATION, type LayoutInput, type LayoutPlan } from './layout-plan';
import { compileProgram, LAUNCH, LAUNCH_PROGRAM, mainProgram, otherProgram, PROBE, PROBE_PROGRAM } from './nuitka-programs';
import { SHARED_LIBRARIES } from './shared-libraries';
import { PackageManager } from '../../build/base-image-facts';
import type { Instruction } from '../../build/instruction';
import { CHOSEN_TOOLS } from '../../build/lifecycle';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import { shellWords } from '../../primitives/shell-quote';
import { sortedUnique } from '../../primitives/stable';
import { indexOptions, withPasswords } from '../recipes/index-options';
import { PIP_CACHE } from '../recipes/pip-command';
import { mountedPath } from '../recipes/recipe';

/** Settings of {@link Layout.nuitka}. */
export interface NuitkaProps {
  /**
   * Modules that are imported by name only, such as `django.contrib.admin.apps`: Nuitka finds what `import` names. The application's own modules
   * are all included, and so is what the server imports.
   * @default - none
   * @see https://nuitka.net/user-documentation/user-manual.html#program-with-dynamic-imports
   */
  readonly modules?: string[];
  /** Packages that are included with all their modules. @default - none */
  readonly packages?: string[];
  /** Packages whose data files are included, where Nuitka does not know them by itself. @default - none */
  readonly packageData?: string[];
  /** More options of Nuitka, such as `--nofollow-import-to=*.tests`. @default - none */
  readonly args?: string[];
}

/** Where packages are installed, in the build stage only. */
const VENV = '/venv';
/** Nuitka, and what it is given and writes. */
const [NUITKA, PROGRAM, COMPILED] = ['/nuitka', '/program', '/compiled'];
/** Shared libraries, by their paths in the image. */
const LIBRARIES = '/libraries';
/** Where the build sees the image that the program goes to. */
const IMAGE = '/image';
/** The compiled program in the image. */
const SERVICE = 'service.bin';
/** What is kept from one compilation to the next. @see https://ccache.dev/manual/latest.html#config_cache_dir */
const CACHES = { CCACHE_DIR: '/root/.cache/ccache', NUITKA_CACHE_DIR: '/root/.cache/Nuitka' };
/**
 * Seen of Nuitka 4.3.3 with Python 3.13.0: in another locale, such as the C.UTF-8 of distroless, the program ends at its start with a segmentation
 * fault. In this one Python takes all for UTF-8.
 *
 * @see https://peps.python.org/pep-0540/
 */
const LOCALE = { LC_ALL: 'C' };
/** Packages of distributions that bring a C compiler. */
const COMPILERS = /^(build-base|build-essential|clang|gcc)([-=~].*)?$/;

/** One program, compiled from all that the service is, with the shared libraries that the runtime image does not have. */
export function nuitkaLayout(input: LayoutInput, props: NuitkaProps): LayoutPlan {
  const { build, runtime, pythonPath, recipe, source, install, packageStage, programs, imports, modules, indexes } = input;
  const python = `${VENV}/bin/python`;
  const { requirements, instructions } = recipe.install({ kind: 'environment', directory: VENV, python });
  const service = `${APPLICATION}/${SERVICE}`;
  const isEmpty = runtime.label === 'scratch';
  const compiler = compileProgram({
    programs,
    own: modules,
    modules: sortedUnique([...imports, ...props.modules ?? []]),
    packages: [...props.packages ?? []],
    options: [
      `--output-dir=${COMPILED}`, `--output-filename=${SERVICE}`,
      ...(install ? [] : [`--include-data-dir=${mountedPath(source)}=.`]),
      ...(props.packageData ?? []).map(name => `--include-package-data=${name}`),
      ...(props.args ?? []),
    ],
  });
  const mounts: MountData[] = Object.values(CACHES).map(target => ({ type: 'cache', target }));
  const from = { kind: 'stage', name: packageStage! } as const;
  return {
    requirements,
    systemPackages: [PackageManager.APT, PackageManager.APK].some(manager => manager === build.facts.packageManager) ? ['ccache'] : [],
    build: [
      { kind: 'runShell', commands: [shellWords([pythonPath, '-m', 'venv', '--without-pip', VENV])], mounts: [], why: 'what is compiled is in it, and what compiles is not' },
      ...instructions,
      withPasswords({
        kind: 'runShell',
        commands: [shellWords([pythonPath, '-m', 'pip', 'install', '--root-user-action', 'ignore', '--target', NUITKA, ...indexOptions(indexes), ...CHOSEN_TOOLS.nuitka.packages])],
        mounts: [PIP_CACHE],
        why: 'it is used here, and no other stage has it',
      }, indexes),
      ...Object.entries({
        'compile.py': compiler, 'libraries.py': SHARED_LIBRARIES, 'service.py': mainProgram(programs.length), 'wheelhouse_launch.py': LAUNCH_PROGRAM, 'wheelhouse_probe.py': PROBE_PROGRAM,
      }).map(([name, text]): Instruction => ({ kind: 'writeFile', path: `${PROGRAM}/${name}`, text, mode: '0644' })),
      { kind: 'environment', variables: CACHES },
    ],
    package: [
      ...(install ? recipe.installSource({ kind: 'environment', directory: VENV, python }).instructions : []),
      {
        kind: 'runShell',
        commands: [
          `PATH=${NUITKA}/bin:$PATH PYTHONPATH=${[NUITKA, PROGRAM, ...(install ? [] : [mountedPath(source)])].join(':')} ${shellWords([python, '-B', `${PROGRAM}/compile.py`])}`,
          `rm -rf ${COMPILED}/service.build`,
        ],
        mounts: [...mounts, ...(install ? [] : [{ type: 'bind', source, target: mountedPath(source) } as const])],
        why: 'what the C compiler has done before is in its cache',
      },
      {
        kind: 'runShell',
        commands: [shellWords([python, `${PROGRAM}/libraries.py`, `${COMPILED}/service.dist`, LIBRARIES, ...(isEmpty ? [] : [IMAGE])])],
        mounts: isEmpty ? [] : [{ type: 'bind', from: { kind: 'image', reference: runtime.label }, target: IMAGE }],
        why: 'as the headers of the program and of the libraries themselves say',
      },
    ],
    runtime: runtime.label === build.label ? [] : [{ kind: 'copy', from, sources: [LIBRARIES], target: '/', link: true, why: 'the loader and the libraries that are not in this image' }],
    application: { kind: 'copy', from, sources: [`${COMPILED}/service.dist`], target: APPLICATION, link: true, why: 'last: a change of the source rebuilds nothing else' },
    usesPip: true,
    scripts: APPLICATION,
    processes: programs.map((_, index) => index === 0 ? [service] : [service, otherProgram(index)]),
    environment: LOCALE,
    prober: [service, PROBE],
    launcher: [service, LAUNCH],
    seen: { instructions: [], mounts: [] },
    needs: [{ from: build.stage, to: runtime.stage, what: 'the program', samePython: false, sameLibc: !isEmpty }],
    faults: nuitkaFaults(input),
  };
}

function nuitkaFaults({ build: { label, facts, packages }, programs }: LayoutInput): Fault[] {
  const twisted = programs.some(({ kind, name }) => kind === 'module' && name === 'twisted');
  return [
    ...(facts.compilers !== false || packages.some(name => COMPILERS.test(name)) ? [] : [{
      code: 'COMPILER_MISSING',
      problem: `Layout.nuitka() needs a C compiler, and ${label} has none; build on BaseImage.python(…), or add gcc, the C library's headers and those of Python to systemPackages 'toBuild'`,
    }]),
    ...(twisted ? [{ code: 'COMPILED_SERVER', problem: 'twisted finds its parts in files of Python, which a compiled program does not have; use another layout than Layout.nuitka()' }] : []),
  ];
}
