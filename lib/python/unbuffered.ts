/**
 * What keeps Python from holding back its output, so that a container's log is whole when its process ends.
 *
 * @see https://docs.python.org/3/using/cmdline.html#cmdoption-u
 */
export enum Unbuffered {
  /** The variable `PYTHONUNBUFFERED`: processes that the service starts have it too. */
  ENVIRONMENT = 'environment',
  /** The option `-u` of the interpreter: the environment stays as it is, and new interpreters that the service starts hold back theirs. */
  OPTION = 'option',
}
