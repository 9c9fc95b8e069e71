/** What a pip requirements file says, as far as a build needs to know. */
export interface RequirementsFile {
  /** Normalized names of the packages that it lists itself. */
  readonly names: readonly string[];
  /** Versions of those that are pinned with `==` to one version. */
  readonly versions: Readonly<Record<string, string>>;
  /** Lines of packages with at least one `--hash`. */
  readonly hashed: number;
  /** First line of a package without a hash, or nothing. */
  readonly unhashed?: string;
  /** Files that it includes with `-r`, as it writes them. */
  readonly includes: readonly string[];
  /** Files that it includes with `-c`, as it writes them: they limit versions, and install nothing. */
  readonly constraints: readonly string[];
  /** Lines that name something on the local disk, which a build in a container does not have. */
  readonly local: readonly string[];
}

/**
 * Reads the lines of a requirements file: continuation lines joined, comments dropped.
 *
 * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function readRequirements(text: string): RequirementsFile {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\\\n/g, ' ').split('\n').map(line => line.replace(/(^|\s)#.*$/, '').trim()).filter(Boolean);
  const includes = lines.flatMap(line => /^(?:-r|--requirement)[\s=]*(\S+)$/.exec(line)?.[1] ?? []);
  const constraints = lines.flatMap(line => /^(?:-c|--constraint)[\s=]*(\S+)$/.exec(line)?.[1] ?? []);
  const local = lines.filter(line => /^(-e|--editable)\b/.test(line) || /^(\.{0,2}\/|file:)/.test(line));
  const packages = lines.filter(line => /^[A-Za-z0-9]/.test(line) && !local.includes(line));
  const pinned = packages.flatMap(line => {
    const [, name, version] = /^([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\]\s*)?==\s*([\w.+!-]+)(?=\s|;|$)/.exec(line) ?? [];
    return name === undefined ? [] : [[normalizedName(name), version]];
  });
  return {
    names: packages.map(line => normalizedName(/^[A-Za-z0-9._-]+/.exec(line)![0])),
    versions: Object.fromEntries(pinned.filter(([name, version]) => pinned.every(other => other[0] !== name || other[1] === version))),
    hashed: packages.filter(line => line.includes('--hash=')).length,
    unhashed: packages.find(line => !line.includes('--hash=')),
    includes,
    constraints,
    local,
  };
}

/** @see https://packaging.python.org/en/latest/specifications/name-normalization/ */
export function normalizedName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
