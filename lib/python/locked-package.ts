import { list, table, type Table } from './pyproject';
import { normalizedName } from './requirements-file';
import { best, wheelFit, worst, type WheelBase, type WheelFit } from './wheel-tags';
import { Architecture } from '../build/architecture';

/** One package of a lock file, with the files that it may be installed from. */
export interface LockedPackage {
  /** Normalized. */
  readonly name: string;
  readonly version: string;
  /** File names of its wheels; none when it is not from an index. */
  readonly wheels: readonly string[];
  /** Whether an archive of its source is there. */
  readonly sdist: boolean;
}

/**
 * One `[[package]]` of a `uv.lock`.
 *
 * @see https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
 */
export function uvLockedPackage(item: Table): LockedPackage {
  return { ...named(item), wheels: fileNames(item.wheels), sdist: 'sdist' in item };
}

/**
 * One `[[package]]` of a `poetry.lock` or `pdm.lock`, which list all files alike.
 *
 * @see https://python-poetry.org/docs/basic-usage/#committing-your-poetrylock-file-to-version-control
 * @see https://pdm-project.org/en/latest/usage/lockfile/
 */
export function fileLockedPackage(item: Table): LockedPackage {
  const files = fileNames(item.files);
  return { ...named(item), wheels: files.filter(isWheel), sdist: files.some(file => !isWheel(file)) };
}

/**
 * Whether a wheel will be installed: when none can be, the package is built from its source. Where no architecture is said, there has to be a wheel for each:
 * nobody knows whose machine builds.
 */
export function packageFit({ wheels }: LockedPackage, { facts, architecture }: WheelBase): WheelFit {
  const architectures = architecture === undefined ? Object.values(Architecture) : [architecture];
  return worst(architectures.map(each => best(wheels.map(wheel => wheelFit(wheel, { facts, architecture: each })))));
}

function named({ name, version }: Table): Pick<LockedPackage, 'name' | 'version'> {
  return { name: normalizedName(String(name)), version: String(version ?? '') };
}

/** Of files that are named by themselves, or by the address or path they are at. */
function fileNames(files: unknown): string[] {
  return list(files).map(table).flatMap(({ file, filename, url, path }) => {
    const said = [file, filename, url, path].find(value => typeof value === 'string') as string | undefined;
    return said === undefined ? [] : [decoded(said.replace(/[?#].*$/, '').replace(/^.*[/\\]/, ''))];
  });
}

function isWheel(file: string): boolean {
  return file.endsWith('.whl');
}

/** A local version has a `+`, which addresses write as `%2B`. */
function decoded(name: string): string {
  return name.replace(/%2B/gi, '+');
}
