import type { Instruction } from '../build/instruction';
import { must } from '../primitives/faults';
import { shellWord } from '../primitives/shell-quote';
import { sortedUnique } from '../primitives/stable';

/** Settings of {@link Trim.unused}. */
export interface TrimProps {
  /** Packages that stay whole, by the names of their directories, such as `numpy`: for those that need their tests or headers when they run. @default - none */
  readonly keep?: string[];
}

/** Directories of tests. Not `test` and `testing`: `django.test` and `numpy.testing` are for their users. */
const DIRECTORIES = ['tests'];
/** Headers and what Cython builds with, libraries to link with, and types: read when something is built or checked. */
const FILES = ['*.a', '*.h', '*.hpp', '*.lib', '*.pxd', '*.pxi', '*.pyi', '*.pyx'];

/** What is left out of the packages that are installed. */
export class Trim {
  /** Nothing: packages stay as they were installed. */
  public static nothing(): Trim {
    return new Trim(undefined);
  }

  /**
   * What no service reads: directories named `tests`, headers and static libraries, Cython's sources, type stubs. The lists that packages keep
   * of their files (`RECORD`) still name them. A package that does import its tests fails at start, or already while its bytecode is made.
   *
   * @see https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
   */
  public static unused(props: TrimProps = {}): Trim {
    const keep = sortedUnique(props.keep ?? []);
    for (const name of keep) {
      must(/^[A-Za-z_][\w.-]*$/.test(name), 'MODULE_NAME', `package '${name}' is not the name of a directory such as numpy`);
    }
    return new Trim(keep);
  }

  private constructor(private readonly keep: readonly string[] | undefined) {}

  /**
   * Steps of the stage in which the packages were installed.
   * @internal
   */
  public _instructions(directory: string): Instruction[] {
    const commands = this._commands(directory);
    return commands.length === 0 ? [] : [{ kind: 'runShell', commands, mounts: [], why: 'tests, headers and stubs are of no use to a running service' }];
  }

  /**
   * @param directory below which the packages are, as the shell reads it
   * @internal
   */
  public _commands(directory: string): string[] {
    if (this.keep === undefined) return [];
    const kept = this.keep.map(name => ` ! -path ${shellWord(`*/*-packages/${name}/*`)}`).join('');
    const named = (names: readonly string[]) => `\\( ${names.map(name => `-name ${shellWord(name)}`).join(' -o ')} \\)`;
    return [
      `find ${directory} -type d ${named(DIRECTORIES)}${kept} -prune -exec rm -rf {} +`,
      `find ${directory} -type f ${named(FILES)}${kept} -delete`,
    ];
  }
}
