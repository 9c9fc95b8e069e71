import { posix } from 'node:path';
import type { Construct } from 'constructs';
import { baseName, headerLines, inputsHash, readHeader, type LockHeader } from './lock-header';
import type { IndexData, PackageIndex } from './package-index';
import type { PythonBase } from './python-base';
import { pythonThere } from './python-there';
import { passwordFaults, withPasswords } from './recipes/index-options';
import { mountedPath, sourcePath } from './recipes/recipe';
import { UV_IMAGE, UV_MOUNTS, UV_STAGE } from './recipes/uv';
import { readRequirements } from './requirements-file';
import { packagesInstall } from './system-packages';
import { BaseImage } from '../build/base-image';
import type { BaseImageFacts } from '../build/base-image-facts';
import type { Instruction } from '../build/instruction';
import { Mount, type MountData } from '../build/mount';
import { MultiStageBuild } from '../build/multi-stage-build';
import { SourceDirectory } from '../build/source-directory';
import { mustBeSourcePath } from '../build/source-path';
import { Stage } from '../build/stage';
import { must, problemLine, type Fault } from '../primitives/faults';
import { shellWord, shellWords } from '../primitives/shell-quote';
import { sortedUnique } from '../primitives/stable';

/** Settings of a {@link RequirementsLock}. */
export interface RequirementsLockProps {
  /** Directory of the files, in the App's root, with `/` between its parts. */
  readonly source: string;
  /** What the service is built on: packages are resolved in its build image, for the Python that is there. */
  readonly base: PythonBase;
  /**
   * Files that say loosely what is wanted, from `source`; a `pyproject.toml` does as well. What they include with `-r` and `-c` is found.
   * @default ['requirements.in']
   * @see https://docs.astral.sh/uv/pip/compile/
   */
  readonly loose?: string[];
  /** Files that narrow versions and ask for nothing themselves, from `source`. @default - none */
  readonly constraints?: string[];
  /** File that is made, from `source`. @default 'requirements.txt' */
  readonly strict?: string;
  /** Packages of the distribution without which metadata of a package that has no wheel cannot be made. @default - none */
  readonly systemPackages?: string[];
  /**
   * Indexes that packages come from: the first in place of the one that uv knows, others come before it. `wheelhouse lock requirements --secret …` gives
   * the build their passwords.
   * @default - what `uv.toml` in `source` says, else PyPI
   * @see https://docs.astral.sh/uv/concepts/indexes/
   */
  readonly indexes?: PackageIndex[];
  /** Image with the program at `/uv`. @default - `ghcr.io/astral-sh/uv` of one release */
  readonly uvImage?: BaseImage;
}

/**
 * What a lock is made from and what its strict file says, as plain data.
 * @internal
 */
export interface LockPlan {
  readonly path: string;
  /** Strict file, from the root of the source tree. */
  readonly strict: string;
  /** Directory that the strict file is in, as far as the lock's source. */
  readonly source: string;
  /** Files that it is made from, from the root of the source tree. */
  readonly inputs: readonly string[];
  readonly base: { readonly reference: string; readonly facts: BaseImageFacts };
  /** What the header would say now; nothing when the files cannot be read, which is reported by the lock. */
  readonly wanted?: LockHeader;
  /** What it says; nothing when there is no strict file. */
  readonly recorded?: LockHeader;
}

/** Stage that resolves, and that which holds its result. */
export const LOCK_STAGE = 'lock';
const STRICT_STAGE = 'strict';
/** Build argument: names of packages, or this for all. pip's way to say it. @see https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-no-binary */
const UPGRADE = 'UPGRADE';
export const UPGRADE_ALL = ':all:';

/**
 * Makes a strict requirements file, with hashes, of loose ones. uv resolves them in the build image of the service, and keeps the versions that
 * the strict file has as long as they fit. `wheelhouse lock requirements` runs it; its Dockerfile does without:
 * `docker buildx build --file …/images/<id>/Dockerfile --no-cache-filter lock --output <source> .`
 *
 * The strict file says from what it was made. Synthesis refuses one that its loose files have left behind.
 * @see https://docs.astral.sh/uv/pip/compile/
 */
export class RequirementsLock extends MultiStageBuild {
  /** File that is made, from the directory of the source: `Dependencies.requirements(lock.strict)`. */
  public readonly strict: string;
  private readonly choices: RequirementsLockProps;
  private readonly lockStage: Stage;

  constructor(scope: Construct, id: string, props: RequirementsLockProps) {
    super(scope, id);
    const { source, base, loose = ['requirements.in'], constraints = [], strict = 'requirements.txt', uvImage = UV_IMAGE } = props;
    must(loose.length > 0, 'LOCK_NOTHING', "'loose' is empty; name the files that say what is wanted", this);
    for (const path of [...loose, ...constraints, strict]) {
      must(path !== '.', 'LOCK_FILE', "'.' is no requirements file; name one, such as 'requirements.in'", this);
      mustBeSourcePath(path, this);
    }
    Mount.bind(source, mountedPath(source));
    this.choices = { ...props, loose: [...loose], constraints: [...constraints] };
    this.strict = strict;
    new Stage(this, UV_STAGE, { base: uvImage });
    this.lockStage = new Stage(this, LOCK_STAGE, { base: base.buildImage });
    this.lockStage._defer(() => this.instructions());
    new Stage(this, STRICT_STAGE, { base: BaseImage.scratch(), output: true }).copyFrom(this.lockStage, [RESULT], `/${strict}`);
    this.node.addValidation({ validate: () => this.read().faults.map(fault => problemLine(fault.code, fault.problem)) });
  }

  /** @internal */
  public override _cannotRun(): string {
    return `'${this.node.path}' makes a file, no process; run an image that installs it`;
  }

  /** @internal */
  public _lock(): LockPlan {
    const { source, base: { buildImage: base } } = this.choices;
    const strict = sourcePath(source, this.strict);
    const text = SourceDirectory.of(this).text(strict);
    const { files, faults } = this.read();
    return {
      path: this.node.path,
      strict,
      source,
      inputs: files.map(({ path }) => path),
      base: { reference: base.reference, facts: base.facts },
      wanted: faults.length > 0 ? undefined : { inputs: inputsHash(files.map(file => file.text)), base: baseName(base.reference) },
      recorded: text === undefined ? undefined : readHeader(text),
    };
  }

  private instructions(): Instruction[] {
    const { source, base, systemPackages = [] } = this.choices;
    const { label, facts } = base.buildImage;
    const strict = sourcePath(source, this.strict);
    const inputs = this.read().files.map(({ path }) => path);
    const mounts: MountData[] = [
      ...UV_MOUNTS,
      { type: 'bind', source, only: sortedUnique([...inputs, strict]), target: mountedPath(source) },
    ];
    const passwords = withPasswords({ kind: 'runShell', commands: ['set -eu'], mounts }, this.indexes());
    return [
      ...(facts.defaultUserId === 0 ? [] : [{ kind: 'user', userId: 0, groupId: 0 } as const]),
      ...packagesInstall({ label, facts }, [...base.buildPackages, ...systemPackages]).instructions,
      { kind: 'argument', name: UPGRADE, value: '', why: `packages that get their newest version, or ${UPGRADE_ALL}` },
      { kind: 'workingDirectory', path: mountedPath(source), why: 'files are named in the result as they are called here' },
      { kind: 'runScript', script: [...passwords.commands, ...this.script(inputs)].join('\n'), mounts: passwords.mounts, why: 'only these files are seen' },
    ];
  }

  private indexes(): IndexData[] {
    return (this.choices.indexes ?? []).map(({ _data }) => _data);
  }

  private script(inputs: readonly string[]): string[] {
    const { source, base, loose = [], constraints = [] } = this.choices;
    const pythonPath = base.buildImage.facts.pythonPath ?? 'python3';
    const strict = shellWord(this.strict);
    const command = [
      '/uv', 'pip', 'compile', '--quiet', '--python', pythonPath, '--no-python-downloads', '--generate-hashes', '--no-header',
      ...this.indexes().flatMap(({ url }, at) => [at === 0 ? '--default-index' : '--index', url]), '--output-file', RESOLVED,
    ];
    const names = inputs.map(path => posix.relative(source, path));
    return [
      'mkdir /lock',
      '# versions that are there are kept as long as they fit',
      `if [ -f ${strict} ]; then cp ${strict} ${RESOLVED}; fi`,
      `set -- ${shellWords([...loose, ...constraints.flatMap(path => ['--constraint', path])])}`,
      `for name in $${UPGRADE}; do`,
      `  if [ "$name" = ${UPGRADE_ALL} ]; then set -- "$@" --upgrade; else set -- "$@" --upgrade-package "$name"; fi`,
      'done',
      `${shellWords(command)} "$@"`,
      `inputs=$(for file in ${shellWords(names)}; do tr -d '\\r' < "$file" | sha256sum; done | sha256sum | cut -c -64)`,
      '{',
      ...headerLines(loose, '$inputs', base.buildImage.reference).map(line => `  echo ${line.includes('$inputs') ? `"${line}"` : shellWord(line)}`),
      `  cat ${RESOLVED}`,
      `} > ${RESULT}`,
    ];
  }

  /** The files that it is made from, and what is wrong with them. */
  private read(): { files: InputFile[]; faults: Fault[] } {
    const { source, loose = [], constraints = [], base, systemPackages = [] } = this.choices;
    const directory = SourceDirectory.of(this);
    const found = new Map<string, string>();
    const faults: Fault[] = [...pythonThere(base), ...packagesInstall(base.buildImage, [...base.buildPackages, ...systemPackages]).faults];
    for (const path of [...loose, ...constraints]) collect(sourcePath(source, path), source, file => directory.text(file), found, faults);
    const settings = sourcePath(source, 'uv.toml');
    const text = directory.text(settings);
    if (text !== undefined) found.set(settings, text);
    faults.push(...passwordFaults([...found.keys()], path => found.get(path)));
    if (found.has(sourcePath(source, this.strict))) {
      faults.push({ code: 'LOCK_ITSELF', problem: `'${sourcePath(source, this.strict)}' is made from itself; give 'strict' another name than the files that it is made from` });
    }
    return { files: sortedUnique(found.keys()).map(path => ({ path, text: found.get(path)! })), faults };
  }
}

interface InputFile { readonly path: string; readonly text: string }

const RESOLVED = '/lock/resolved.txt';
const RESULT = '/lock/strict.txt';

/** Reads a file and those that it includes, each once. Nothing of them may be on the local disk, or outside of the directory that the build sees. */
function collect(path: string, source: string, read: (path: string) => string | undefined, found: Map<string, string>, faults: Fault[]): void {
  if (found.has(path)) return;
  const text = read(path);
  if (text === undefined) {
    faults.push({ code: 'LOCK_MISSING', problem: `there is no file '${path}' to lock; create it, or name another with 'loose' or 'constraints'` });
    return;
  }
  found.set(path, text);
  if (path.endsWith('.toml')) return;
  const { includes, constraints, local } = readRequirements(text);
  for (const line of local) {
    faults.push({ code: 'REQUIREMENT_LOCAL', problem: `'${path}' asks for '${line}' from the local disk, which the build does not see; list released packages only` });
  }
  for (const include of [...includes, ...constraints]) {
    const included = posix.normalize(posix.join(posix.dirname(path), include));
    const outside = source === '.' ? included.startsWith('../') : !included.startsWith(`${source}/`);
    if (outside) faults.push({ code: 'LOCK_OUTSIDE', problem: `'${path}' includes '${include}', which is outside '${source}'; move it in, or choose a higher 'source'` });
    else collect(included, source, read, found, faults);
  }
}
