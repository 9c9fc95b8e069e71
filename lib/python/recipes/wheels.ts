import { pipInstallation, pipSourceInstallation, type PipRequirements } from './pip-command';
import type { Recipe, RecipeInput } from './recipe';
import type { MountData } from '../../build/mount';

/** Where a stage of a WheelBuilder has its wheels. */
export interface WheelDirectories {
  /** Name of the stage. */
  readonly stage: string;
  /** Directory of the project that they are of, from the root of the source tree. */
  readonly source: string;
  /** Whether there are wheels of dependencies, in {@link DEPENDENCY_WHEELS}. */
  readonly dependencies: boolean;
  /** Whether there is one of the project itself, in {@link PROJECT_WHEELS}. */
  readonly project: boolean;
  /** Normalized names of all packages, when that is known. */
  readonly distributions?: readonly string[];
  /** Versions of those whose version is known. */
  readonly versions: Readonly<Record<string, string>>;
}

export const WHEELS = '/wheels';
export const DEPENDENCY_WHEELS = `${WHEELS}/dependencies`;
export const PROJECT_WHEELS = `${WHEELS}/project`;

/**
 * Installs wheels that stages of the same build have made, from a bind mount: no wheel stays in a layer, and no index is asked. The wheel of the
 * source itself is installed as the source is.
 *
 * @see https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-no-index
 */
export function wheelsRecipe(input: RecipeInput, sources: readonly WheelDirectories[]): Recipe {
  const own = sources.filter(({ source, project }) => project && source === input.source);
  const packages = sources.flatMap(each => [
    ...(each.dependencies ? [mountOf(each, DEPENDENCY_WHEELS)] : []), ...(each.project && !own.includes(each) ? [mountOf(each, PROJECT_WHEELS)] : []),
  ]);
  const known = sources.map(({ distributions }) => distributions);
  return {
    install: target => pipInstallation(input, target, fromMounts(packages)),
    installSource: target => own.length === 0
      ? pipSourceInstallation(input, target)
      : pipInstallation({ ...input, compile: false }, target, { ...fromMounts(own.map(each => mountOf(each, PROJECT_WHEELS))), alone: true }),
    distributions: known.every(names => names !== undefined) ? known.flatMap(names => names) : undefined,
    versions: Object.assign({}, ...sources.map(({ versions }) => versions)),
    faults: packages.length > 0 ? [] : [{
      code: 'WHEELS_NONE', problem: `the wheels are those of '${input.source}' alone, and nothing that it needs; give the WheelBuilder 'dependencies'`,
    }],
  };
}

type WheelMount = MountData & { readonly type: 'bind' };

function mountOf({ stage }: WheelDirectories, directory: string): WheelMount {
  return { type: 'bind', from: { kind: 'stage', name: stage }, source: directory, target: `${WHEELS}/${stage}/${directory.slice(WHEELS.length + 1)}` };
}

function fromMounts(mounts: readonly WheelMount[]): PipRequirements {
  return { args: ['--no-index'], mounts, hashed: false, patterns: mounts.map(({ target }) => `${target}/*.whl`) };
}
