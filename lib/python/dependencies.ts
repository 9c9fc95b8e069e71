import { mustBeSourcePath } from '../build/source-path';

/**
 * Which package manager installs what, as plain data.
 * @internal
 */
export type DependencyChoice = { readonly manager: 'pip'; readonly file: string } | { readonly manager: 'detect' };

/** Where a service's Python packages come from. */
export class Dependencies {
  /**
   * A pip requirements file. When its packages carry hashes, all have to match.
   *
   * @param file path in the service's source directory, with `/` between its parts
   * @see https://pip.pypa.io/en/stable/topics/secure-installs/
   */
  public static requirements(file: string = 'requirements.txt'): Dependencies {
    mustBeSourcePath(file);
    return new Dependencies({ manager: 'pip', file });
  }

  /** What the service's source directory has: `requirements.txt`. */
  public static detected(): Dependencies {
    return new Dependencies({ manager: 'detect' });
  }

  /** @internal */
  public readonly _choice: DependencyChoice;

  private constructor(choice: DependencyChoice) {
    this._choice = choice;
  }
}
