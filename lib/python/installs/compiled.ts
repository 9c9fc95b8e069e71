import { PYTHON_STAGE, type InstallInput, type InstallPlan, type InstallSteps } from './install-plan';
import type { Instruction } from '../../build/instruction';
import { shellWord } from '../../primitives/shell-quote';
import type { SystemPackages } from '../system-packages';
import { compilingPackages } from './compiling-packages';

/** Where a compiled Python is: as in the official images. */
const PREFIX = '/usr/local';
/** What only building needs of it, kept out of the runtime image. */
const BUILD_ONLY = '/build-only';
const SOURCE = '/python-source';
const PYENV = '/pyenv';

/** How Python is compiled. */
export interface CompilingInput {
  /** Release, such as `3.13.5`. */
  readonly version: string;
  readonly optimizations: boolean;
  readonly lto: boolean;
  readonly shared: boolean;
  /** More options of `configure`. */
  readonly options: readonly string[];
  readonly systemPackages: SystemPackages;
}

/** An archive that is loaded, and has to have this checksum. */
export interface Archive {
  readonly url: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** `configure` and `make` of a release's source. @see https://docs.python.org/3/using/configure.html */
export function sourceInstall(input: InstallInput, archive: Archive, compiling: CompilingInput): InstallPlan {
  const shared = compiling.shared ? ['--enable-shared', `LDFLAGS_NODIST=-Wl,-rpath,${PREFIX}/lib`] : [];
  return compiledInstall(input, compiling, [], [
    ...unpacked(archive, SOURCE),
    {
      kind: 'runShell',
      commands: [
        options(['./configure', `--prefix=${PREFIX}`, '--enable-loadable-sqlite-extensions', '--disable-test-modules', '--with-ensurepip=install', ...chosen(compiling), ...shared, ...compiling.options]),
        'make -j "$(nproc)"',
        'make install',
      ],
      mounts: [],
      why: compiling.shared ? 'its library is found by the path in the program: nobody has to run ldconfig' : undefined,
    },
  ]);
}

/**
 * pyenv's python-build: it knows how each release is compiled, which patches old ones need, and the checksum of each source.
 *
 * @param archive pyenv at one tag
 * @param mirror address under which the sources are, by their checksums
 * @see https://github.com/pyenv/pyenv/blob/v2.6.30/plugins/python-build/README.md
 */
export function pythonBuildInstall(input: InstallInput, archive: Archive, mirror: string | undefined, compiling: CompilingInput): InstallPlan {
  const configure = [...chosen(compiling), ...(compiling.shared ? ['--enable-shared'] : ['--disable-shared']), ...compiling.options];
  const variables = [`PYTHON_CONFIGURE_OPTS=${shellWord(configure.join(' '))}`, ...(mirror === undefined ? [] : [`PYTHON_BUILD_MIRROR_URL=${shellWord(mirror)}`])];
  return compiledInstall(input, compiling, ['ca-certificates', 'curl'], [
    ...unpacked(archive, PYENV),
    {
      kind: 'runShell',
      commands: [[...variables, `plugins/python-build/bin/python-build --verbose ${compiling.version} ${PREFIX}`].join(' \\\n      ')],
      mounts: [],
      why: 'it compares the checksum of the source that it loads',
    },
  ]);
}

function chosen({ optimizations, lto }: CompilingInput): string[] {
  return [...(optimizations ? ['--enable-optimizations'] : []), ...(lto ? ['--with-lto'] : [])];
}

function options([program, ...words]: string[]): string {
  return [program, ...words.map(shellWord)].join(' \\\n      ');
}

function unpacked({ url, sha256 }: Archive, target: string): Instruction[] {
  const archive = `${target}.archive`;
  return [
    { kind: 'addRemote', url, checksum: `sha256:${sha256}`, target: archive, link: false, why: 'another file than this one ends the build' },
    { kind: 'workingDirectory', path: target },
    { kind: 'runShell', commands: [`tar --extract --file ${archive} --strip-components 1`], mounts: [] },
  ];
}

/** @param loading packages with which the source is loaded */
function compiledInstall(
  { base }: InstallInput, compiling: CompilingInput, loading: readonly string[], compile: readonly Instruction[],
): InstallPlan {
  const python = featureRelease(compiling.version);
  const { toBuild, toRun } = compilingPackages(base, python, compiling.systemPackages);
  return {
    facts: { python, pythonPath: `${PREFIX}/bin/python3` },
    buildPackages: toRun,
    runtimePackages: toRun,
    pipPackages: [],
    preparation: { packages: [...toBuild, ...loading], instructions: [...compile, ...stripped(python)] },
    build: copied([PREFIX, BUILD_ONLY]),
    runtime: copied([PREFIX]),
  };
}

/** `3.13` of `3.13.5`. */
function featureRelease(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function copied(sources: readonly string[]): InstallSteps {
  const copies = sources.map((source): Instruction => ({
    kind: 'copy',
    from: { kind: 'stage', name: PYTHON_STAGE },
    sources: [source],
    target: PREFIX,
    link: true,
    why: source === PREFIX ? 'Python as one layer: what compiled it stays behind' : 'pip and the headers are for building only',
  }));
  return { before: [], after: copies };
}

/** Directories and files that no service reads: tests, programs with windows, bytecode (made again for what is imported), libraries to link with. */
const UNREAD_DIRECTORIES = ['__pycache__', 'idlelib', 'lib2to3', 'test', 'tests', 'tkinter', 'turtledemo'];
const UNREAD_FILES = ['2to3*', 'idle3*', 'libpython*.a', 'pydoc3*', 'turtle.py', '_ctypes_test.*', '_test*.so', '_xx*.so', 'xx*.so'];
const BUILDING = (python: string) => [
  'bin/pip*', 'bin/python*-config', 'include', 'lib/pkgconfig', ...['config-*', 'ensurepip', 'site-packages/pip*'].map(path => `lib/python${python}/${path}`),
];

/** Takes out what no service reads, and puts aside what only building needs. */
function stripped(python: string): Instruction[] {
  const named = (names: readonly string[]) => `\\( ${names.map(name => `-name ${shellWord(name)}`).join(' -o ')} \\)`;
  return [{ kind: 'workingDirectory', path: PREFIX }, {
    kind: 'runShell',
    commands: [
      'rm -rf share',
      `find . -type d ${named(UNREAD_DIRECTORIES)} -prune -exec rm -rf {} +`,
      `find . ! -type d ${named(UNREAD_FILES)} -delete`,
      `find . -type f \\( -name '*.so' -o -name '*.so.*' -o -name python${python} \\) -exec strip --strip-unneeded {} +`,
      `for part in ${BUILDING(python).join(' ')}; do mkdir -p "${BUILD_ONLY}/$(dirname "$part")" && mv "$part" "${BUILD_ONLY}/$part"; done`,
    ],
    mounts: [],
    why: 'without tests, bytecode, symbols; what only building needs is put aside',
  }];
}
