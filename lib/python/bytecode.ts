import { must } from '../primitives/faults';

/** Settings of {@link Bytecode.imported}. */
export interface ImportedBytecodeProps {
  /** Modules that are imported too, such as those that a framework loads by name. @default - none */
  readonly modules?: string[];
  /** Modules that are not to be imported while an image is built, with all that is in them: their import would hang or do something. @default - none */
  readonly leaveOut?: string[];
}

/**
 * What is compiled before a service starts. Official and distroless images ship the standard library without bytecode, and what a
 * read-only container compiles is lost when it ends.
 */
export class Bytecode {
  /** What the package manager compiles: pip all packages, uv none. No module is imported while the image is built; the standard library is compiled at each start. */
  public static installed(): Bytecode {
    return new Bytecode(undefined);
  }

  /**
   * The modules that are imported at start, of packages and of the standard library, and no others: a stage on the runtime image imports
   * what the source and the server name. The bytecode is valid whatever the time of a file, and the same in every build. The application's
   * own modules are never among it: an edit of them is seen.
   *
   * A module that the source imports and that fails there (it wants settings, a device, a service) is named in the output of the build, and is
   * compiled as far as it came. One that `modules` or the server names has to work, or the build ends.
   *
   * The directory of it stands for all neighbouring `__pycache__`: a module that is imported later, and only then, is compiled then.
   * @see https://docs.python.org/3/using/cmdline.html#envvar-PYTHONPYCACHEPREFIX
   * @see https://peps.python.org/pep-0552/
   */
  public static imported(props: ImportedBytecodeProps = {}): Bytecode {
    for (const name of [...props.modules ?? [], ...props.leaveOut ?? []]) {
      must(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name), 'MODULE_NAME', `module '${name}' is not a name such as PIL.Image`);
    }
    return new Bytecode({ modules: [...props.modules ?? []], leaveOut: [...props.leaveOut ?? []] });
  }

  private constructor(
    /** @internal */
    public readonly _imported: Required<ImportedBytecodeProps> | undefined,
  ) {}
}
