import type { Construct } from 'constructs';
import { Dependencies } from './dependencies';
import { parseToml, readPyproject } from './pyproject';
import type { PythonBase } from './python-base';
import { pythonThere } from './python-there';
import { chosenRecipe, NO_RECIPE } from './recipes/chosen-recipe';
import { PIP_CACHE } from './recipes/pip-command';
import { REQUIREMENTS_STAGE, sourcePath, type Installation, type Recipe } from './recipes/recipe';
import { UV_IMAGE, UV_MOUNTS, UV_STAGE } from './recipes/uv';
import { WORKSPACE_STAGE } from './recipes/uv-project';
import { DEPENDENCY_WHEELS, PROJECT_WHEELS, WHEELS } from './recipes/wheels';
import { packagesInstall } from './system-packages';
import type { IWheelSource, WheelsPlan } from './wheel-source';
import type { Architecture } from '../build/architecture';
import { BaseImage } from '../build/base-image';
import { Libc } from '../build/base-image-facts';
import type { Instruction } from '../build/instruction';
import { CHOSEN_TOOLS } from '../build/lifecycle';
import { Mount, type MountData } from '../build/mount';
import { MultiStageBuild } from '../build/multi-stage-build';
import { SourceDirectory } from '../build/source-directory';
import { mustBeSourcePath } from '../build/source-path';
import { Stage } from '../build/stage';
import { must, problemLine, type Fault } from '../primitives/faults';
import { once } from '../primitives/once';
import { shellWords } from '../primitives/shell-quote';
import { hasPassword, maskedPasswords } from '../primitives/url-password';

/**
 * Where wheels are uploaded to.
 *
 * @see https://docs.astral.sh/uv/guides/package/#publishing-your-package
 */
export interface WheelPublishing {
  /** Address that takes uploads, such as `https://packages.example.com/legacy/`. User and password never stand in it. */
  readonly url: string;
  /** Address of the index, such as `https://packages.example.com/simple/`: what is there already is not uploaded again. @default - all is uploaded */
  readonly checkUrl?: string;
  /** Id of the build secret that holds the user. @default 'index-user' */
  readonly userSecret?: string;
  /** Id of the build secret that holds the password. @default 'index-password' */
  readonly passwordSecret?: string;
  /** Whether wheels of dependencies are uploaded, too. @default false */
  readonly dependencies?: boolean;
}

/** Settings of a {@link WheelBuilder}. */
export interface WheelBuilderProps {
  /** Directory of the project, in the App's root, with `/` between its parts. */
  readonly source: string;
  /** Wheels are made in its build image. */
  readonly base: PythonBase;
  /** Packages that wheels are collected or made of. @default - none: of the project alone */
  readonly dependencies?: Dependencies;
  /** Whether a wheel of the project itself is made. @default true */
  readonly project?: boolean;
  /** Packages of the distribution that building needs: compilers, headers. @default - none */
  readonly systemPackages?: string[];
  /**
   * What wheels with compiled code are for, such as `manylinux_2_28`: shared libraries that they need and that not every Linux of that age has
   * are put into them. Those of the C library itself have to be as old as it says: use an old base, such as the images of manylinux.
   * @default - they are for systems like the base, with the same libraries
   * @see https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/#manylinux
   */
  readonly portable?: string;
  /** Where they can be uploaded to. @default - nowhere */
  readonly publishing?: WheelPublishing;
  /** Image with the program at `/uv`, which uploads. @default - `ghcr.io/astral-sh/uv` of one release */
  readonly uvImage?: BaseImage;
  /** Processors that compiled wheels are made for. @default - that of whoever builds */
  readonly architecture?: Architecture;
}

const BUILD_STAGE = 'build';
const WHEELS_STAGE = 'wheels';
const PUBLISH_STAGE = 'publish';
/** Build argument without which nothing is uploaded; another value each time, or the last upload counts as done. */
const PUBLISH = 'PUBLISH';
const TOOLS = '/tools';
/** Before they are repaired. */
const BUILT = '/built';
/** 1980-01-01, the first day that a zip file knows. @see https://reproducible-builds.org/docs/source-date-epoch/ */
const ZIP_EPOCH = '315532800';

/**
 * Makes wheels of a project and of what it needs, in a stage of their own:
 * `docker buildx build --file …/images/<id>/Dockerfile --output . .` puts them into `./wheels`. Images of the same App install them with
 * {@link Dependencies.wheels}, and take them with `stage`.
 *
 * @see https://pip.pypa.io/en/stable/cli/pip_wheel/
 */
export class WheelBuilder extends MultiStageBuild implements IWheelSource {
  /** Stage that holds all wheels in `/wheels`, and nothing else. */
  public readonly stage: Stage;
  /** Stage that they are made in. What you add comes after that. */
  public readonly buildStage: Stage;
  private readonly choices: WheelBuilderProps;

  constructor(scope: Construct, id: string, props: WheelBuilderProps) {
    super(scope, id, { architecture: props.architecture });
    const { source, base, dependencies, project = true, portable, publishing, uvImage = UV_IMAGE } = props;
    mustBeSourcePath(source, this);
    must(portable === undefined || PLATFORM.test(portable), 'WHEEL_PLATFORM',
      `portable '${portable}' is no platform of wheels; use one such as manylinux_2_28 or musllinux_1_2`, this);
    must(project || dependencies !== undefined, 'WHEELS_NOTHING', "neither the project nor 'dependencies' are to be made into wheels; give 'dependencies'", this);
    this.choices = { ...props, project };
    if (dependencies?._uvImage || publishing) new Stage(this, UV_STAGE, { base: dependencies?._uvImage ?? uvImage });
    new Stage(this, WORKSPACE_STAGE, { base: BaseImage.scratch() })._defer(() => this.recipe().workspace ?? []);
    new Stage(this, REQUIREMENTS_STAGE, { base: base.buildImage })._defer(() => this.collected().requirements);
    this.buildStage = new Stage(this, BUILD_STAGE, { base: base.buildImage });
    this.buildStage._defer(() => this.instructions());
    this.stage = new Stage(this, WHEELS_STAGE, { base: BaseImage.scratch(), output: true });
    if (dependencies) this.stage.copyFrom(this.buildStage, [DEPENDENCY_WHEELS], WHEELS);
    if (project) this.stage.copyFrom(this.buildStage, [PROJECT_WHEELS], WHEELS);
    if (publishing) this.publish(publishing);
    this.node.addValidation({ validate: () => this.faultsOfChoices().map(fault => problemLine(fault.code, fault.problem)) });
  }

  /** @internal */
  public override _cannotRun(): string {
    return `'${this.node.path}' makes wheels, no process; run an image that installs them: Dependencies.wheels(…)`;
  }

  /** @internal */
  public _wheels(): WheelsPlan {
    const { source, dependencies, project = true, portable } = this.choices;
    const { distributions, versions } = this.recipe();
    return {
      stage: this.buildStage,
      source,
      dependencies: dependencies !== undefined,
      project,
      portable: portable !== undefined,
      distributions: dependencies ? distributions : undefined,
      versions,
    };
  }

  private recipe(): Recipe {
    return once(this, 'recipe', () => {
      const { source, base: { buildImage: { facts } }, dependencies, architecture } = this.choices;
      const directory = SourceDirectory.of(this);
      if (directory.kind(source) !== 'directory') return NO_RECIPE;
      const input = { source, read: (path: string) => directory.text(path), pythonPath: facts.pythonPath ?? 'python3', base: { facts, architecture }, compile: false, indexes: dependencies?._indexes ?? [] };
      return chosenRecipe(dependencies?._choice ?? { manager: 'none' }, input);
    });
  }

  /** What collects the wheels of dependencies. */
  private collected(): Installation {
    return this.recipe().install({ kind: 'wheels', directory: this.choices.portable ? `${BUILT}/dependencies` : DEPENDENCY_WHEELS });
  }

  private instructions(): Instruction[] {
    const { base, dependencies, project, portable, systemPackages = [] } = this.choices;
    const { label, facts } = base.buildImage;
    const python = facts.pythonPath ?? 'python3';
    const recipe = this.recipe();
    const libraries = recipe.libraries?.install({ kind: 'wheels', directory: portable ? `${BUILT}/dependencies` : DEPENDENCY_WHEELS }).instructions ?? [];
    const made = recipe.installSource({ kind: 'wheels', directory: portable ? `${BUILT}/project` : PROJECT_WHEELS });
    return [
      ...(facts.defaultUserId === 0 ? [] : [{ kind: 'user', userId: 0, groupId: 0 } as const]),
      ...packagesInstall({ label, facts }, [...base.buildPackages, ...base._pipPackages, ...systemPackages]).instructions,
      { kind: 'environment', variables: { SOURCE_DATE_EPOCH: ZIP_EPOCH }, why: 'the same source makes the same bytes' },
      ...(portable ? [{
        kind: 'runShell', commands: [shellWords([python, '-m', 'pip', 'install', '--no-compile', '--target', TOOLS, ...CHOSEN_TOOLS.auditwheel.packages])], mounts: [PIP_CACHE], why: 'what repairs wheels is in this stage only',
      } as const] : []),
      ...(dependencies ? [...this.collected().instructions, ...libraries, ...(portable ? [repair(python, portable, 'dependencies')] : [])] : []),
      ...(project ? [...made.instructions, ...(portable ? [repair(python, portable, 'project')] : [])] : []),
    ];
  }

  /**
   * A RUN whose result is never taken for done: BuildKit does not look at secrets, so the argument has to be another one each time. Nobody needs
   * this stage, so nothing is uploaded unless it is named: `--target publish`.
   */
  private publish({ url, checkUrl, userSecret = 'index-user', passwordSecret = 'index-password', dependencies = false }: WheelPublishing): void {
    for (const address of [url, ...checkUrl === undefined ? [] : [checkUrl]]) mustBeIndex(address, this);
    const { project, dependencies: collected } = this.choices;
    const directories = [...(project ? [PROJECT_WHEELS] : []), ...(dependencies && collected ? [DEPENDENCY_WHEELS] : [])];
    must(directories.length > 0, 'PUBLISH_NOTHING', "'publishing' would upload nothing; say 'dependencies: true' in it, or leave out 'project: false'", this);
    const stage = new Stage(this, PUBLISH_STAGE, { base: this.choices.base.buildImage, output: true });
    const secrets = [Mount.secret(userSecret, { env: 'UV_PUBLISH_USERNAME' }), Mount.secret(passwordSecret, { env: 'UV_PUBLISH_PASSWORD' })];
    const mounts: MountData[] = [
      ...UV_MOUNTS.filter(({ type }) => type === 'bind'),
      ...directories.map((directory): MountData => ({ type: 'bind', from: this.buildStage._origin(), source: directory, target: directory })),
      ...secrets.map(({ _data }) => _data),
    ];
    const command = ['/uv', 'publish', '--trusted-publishing', 'never', '--publish-url', url, ...(checkUrl === undefined ? [] : ['--check-url', checkUrl])];
    stage.argument(PUBLISH, '');
    stage._defer(() => [{
      kind: 'runShell',
      commands: [`: "\${${PUBLISH}:?give --build-arg ${PUBLISH}=..., another value for each upload}"`, `${shellWords(command)} ${directories.map(path => `${path}/*.whl`).join(' ')}`],
      mounts,
      why: 'user and password are in no layer: they are variables of this one command',
    }]);
  }

  private faultsOfChoices(): Fault[] {
    const { source, base, project, portable, systemPackages = [] } = this.choices;
    const { label, facts } = base.buildImage;
    const directory = SourceDirectory.of(this);
    const isDirectory = directory.kind(source) === 'directory';
    const text = directory.text(sourcePath(source, 'pyproject.toml'));
    const document = text === undefined ? {} : parseToml(text);
    const isPackage = directory.text(sourcePath(source, 'setup.py')) !== undefined || typeof document !== 'string' && readPyproject(document).isPackage;
    const wanted = portable?.startsWith('musl') ? Libc.MUSL : Libc.GLIBC;
    return [
      ...packagesInstall({ label, facts }, [...base.buildPackages, ...systemPackages]).faults,
      ...pythonThere(base),
      ...(isDirectory ? [] : [{ code: 'WHEEL_SOURCE', problem: `there is no directory '${source}' in the App's root; create it, or correct 'source'` }]),
      ...(!isDirectory || !project || isPackage ? [] : [{
        code: 'WHEEL_PROJECT', problem: `'${source}' is no project that a wheel can be made of: no [build-system] in its 'pyproject.toml' says how; add one, or say 'project: false'`,
      }]),
      ...(portable === undefined || facts.libc === undefined || facts.libc === wanted ? [] : [{
        code: 'WHEEL_LIBC', problem: `portable '${portable}' is for ${wanted}, and ${label} has ${facts.libc}; use a base with ${wanted}, or ${facts.libc === Libc.MUSL ? 'musllinux_1_2' : 'manylinux_2_28'}`,
      }]),
      ...this.recipe().faults,
    ];
  }
}

/** @see https://peps.python.org/pep-0600/, https://peps.python.org/pep-0656/ */
const PLATFORM = /^(manylinux_2|musllinux_1)_\d+$/;

/**
 * Wheels of this machine's kind get the libraries that they need; others, from an index or without compiled code, stay byte for byte.
 *
 * @see https://github.com/pypa/auditwheel
 */
function repair(python: string, platform: string, kind: 'dependencies' | 'project'): Instruction {
  const command = `PATH="${TOOLS}/bin:$PATH" PYTHONPATH=${TOOLS} ${python} -m auditwheel repair --plat "${platform}_$(uname -m)" --wheel-dir ${WHEELS}/${kind} "$wheel"`;
  const script = [
    'set -eu', `mkdir -p ${WHEELS}/${kind}`, `for wheel in ${BUILT}/${kind}/*.whl; do`, '  case "$wheel" in',
    `    *-linux_*.whl) ${command} ;;`, `    *) cp "$wheel" ${WHEELS}/${kind}/ ;;`, '  esac', 'done',
  ].join('\n');
  return { kind: 'runScript', script, mounts: [], why: 'libraries that not every system has are put into the wheel' };
}

/** It is in the Dockerfile. */
function mustBeIndex(url: string, construct: Construct): void {
  must(!hasPassword(url), 'INDEX_URL',
    `index '${maskedPasswords(url)}' has a user or password in its address, which would be in the Dockerfile; give them as build secrets`, construct);
  must(/^https?:\/\/[^\s'"\\$`@]+$/.test(url), 'INDEX_URL', `index '${url}' is not an address such as https://packages.example.com/legacy/`, construct);
}
