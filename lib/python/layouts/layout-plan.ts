import { posix } from 'node:path';
import type { BaseImageFacts } from '../../build/base-image-facts';
import type { StageNeed } from '../../build/build-plan';
import type { Instruction } from '../../build/instruction';
import type { MountData } from '../../build/mount';
import type { Fault } from '../../primitives/faults';
import type { IndexData } from '../package-index';
import type { Recipe } from '../recipes/recipe';
import type { ServerProgram } from '../servers/server-plan';
import type { Trim } from '../trim';

/** How packages and the source get into the image. */
export interface LayoutPlan {
  /** Instructions of the stage in which a manager writes what it has locked, for pip; mostly none. */
  readonly requirements: readonly Instruction[];
  /** Packages of the distribution that the build stage gets besides. @default - none */
  readonly systemPackages?: readonly string[];
  /** Instructions of the build stage: everything that no change of the source repeats. */
  readonly build: readonly Instruction[];
  /** Instructions of a stage on top of it, which each change of the source repeats; none when the source is copied as it is. */
  readonly package: readonly Instruction[];
  /** Instructions that install into the runtime image itself, with its own Python: bytecode is made on what they leave. @default - none */
  readonly system?: readonly Instruction[];
  /** Instructions that bring the packages into the runtime stage. */
  readonly runtime: readonly Instruction[];
  /** The instruction that brings in the source, last of all. */
  readonly application: Instruction & { readonly kind: 'copy' };
  /** Whether the build image's pip is used. */
  readonly usesPip: boolean;
  /** How a stage that runs Python while the image is built gets the source. @default - as the image does */
  readonly applicationAtBuild?: Instruction;
  /** Interpreter in the runtime stage; none when the image has none. */
  readonly interpreter?: string;
  /** What the image's processes are, as argument vectors, in the order of their programs. @default - the interpreter runs them */
  readonly processes?: readonly (readonly string[])[];
  /** Variables of the runtime stage besides. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** What asks a port, where no interpreter can: see {@link ImageFacts.prober}. @default - none */
  readonly prober?: readonly string[];
  /** What sets variables from secret files, where no interpreter can. @default - the launcher that an interpreter runs */
  readonly launcher?: readonly string[];
  /** Directory of the console scripts, in the runtime stage. */
  readonly scripts: string;
  /** How a stage on the runtime image sees the packages while their bytecode is made. */
  readonly seen: SeenPackages;
  /** Where libraries of the same source tree go, which are installed by themselves; nothing where they cannot. */
  readonly libraries?: LibraryTarget;
  readonly needs: readonly StageNeed[];
  readonly faults: readonly Fault[];
}

/** Where what is installed by itself goes. */
export interface LibraryTarget {
  /** Interpreter that it is installed for, in the build stage. @default - that of the build image */
  readonly python?: string;
  /** Directory with `bin` and `lib` in the runtime stage. */
  readonly prefix: string;
}

/** Packages, as a stage on the runtime image has or mounts them. */
export interface SeenPackages {
  readonly instructions: readonly Instruction[];
  readonly mounts: readonly MountData[];
}

/** What a layout is made from. */
export interface LayoutInput {
  readonly build: LayoutStage;
  readonly runtime: LayoutStage;
  /** Interpreter of the build stage's image. */
  readonly pythonPath: string;
  readonly recipe: Recipe;
  readonly trim: Trim;
  /** Whether packages are compiled as the manager usually does. */
  readonly compile: boolean;
  /** Directory of the source, from the root of the source tree. */
  readonly source: string;
  /** Name of the stage that each change of the source repeats; nothing when the source is copied as it is. */
  readonly packageStage?: string;
  /** Whether the source is installed as a package. */
  readonly install: boolean;
  /** Modules and packages that the source itself has, by their names. */
  readonly modules: readonly string[];
  /** What the image's processes run. */
  readonly programs: readonly ServerProgram[];
  /** Modules that the programs import by name; after a `?`, those that may be missing. */
  readonly imports: readonly string[];
  /** Where packages come from, those that a layout installs for itself too. */
  readonly indexes: readonly IndexData[];
  /** Options of the interpreter. */
  readonly options: readonly string[];
}

/** One of the two stages, with the facts of its image. */
export interface LayoutStage {
  readonly stage: string;
  /** How messages call it. */
  readonly label: string;
  /** Packages of the distribution that are installed in it. */
  readonly packages: readonly string[];
  readonly facts: BaseImageFacts;
}

/** Where the application is in the image. */
export const APPLICATION = '/app';
/** Where the source itself is installed, alone: it becomes a layer of its own, on top of the packages it needs. */
export const PACKAGE = '/package';

/**
 * The source as it is, or what the package stage has installed of it.
 *
 * @param prefix directory that what is installed is copied onto
 */
export function applicationCopy({ source, packageStage }: LayoutInput, prefix: string): LayoutPlan['application'] {
  const why = 'last: a change of the source rebuilds nothing else';
  if (packageStage === undefined) return { kind: 'copy', sources: [source], target: APPLICATION, link: false, why };
  return { kind: 'copy', from: { kind: 'stage', name: packageStage }, sources: [PACKAGE], target: prefix, link: true, why };
}

/** What runs the packages, where they need not have been made with an interpreter at the same path. */
export function runtimePython({ pythonPath, runtime: { label, facts } }: LayoutInput): { interpreter: string; faults: Fault[] } {
  return {
    interpreter: facts.pythonPath ?? pythonPath,
    faults: facts.pythonPath ? [] : [{
      code: 'PYTHON_UNKNOWN', problem: `where ${label} has its Python is unknown; say it with BaseImage.fromReference(…, { pythonPath: '/usr/bin/python3' })`,
    }],
  };
}

/**
 * Whether the interpreter is the one that Debian or Ubuntu package: what it is given besides goes below `/usr/local`, into `dist-packages`.
 *
 * @see https://wiki.debian.org/Python#Deviations_from_upstream
 */
export function isDebianPython({ pythonPath, distribution }: Pick<BaseImageFacts, 'pythonPath' | 'distribution'>): boolean {
  return (pythonPath?.startsWith('/usr/bin/') ?? false) && /^(debian|ubuntu) /.test(distribution ?? '');
}

/** Directory of the console scripts that an interpreter's own pip installs. */
export function scriptsOf(pythonPath: string, facts: BaseImageFacts): string {
  return isDebianPython({ ...facts, pythonPath }) ? '/usr/local/bin' : posix.dirname(pythonPath);
}
