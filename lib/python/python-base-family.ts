import type { Construct } from 'constructs';
import { certificateFaults } from './family/certificates';
import { filesSteps, groupsOf, installStage, knows, memberFacts, membersOf, memberSteps, preparationSteps, UPDATES, updatesSteps, type FamilyGroup, type FamilyInput, type FamilyMember } from './family/members';
import { aptFaults, mustBeMirror, type Mirrors } from './family/mirrors';
import { PythonBase } from './python-base';
import type { SystemPackages } from './system-packages';
import { BaseImage } from '../build/base-image';
import { PackageManager, type BaseImageUser } from '../build/base-image-facts';
import { mustBeUserId } from '../build/instruction-values';
import { MultiStageBuild } from '../build/multi-stage-build';
import { SourceDirectory } from '../build/source-directory';
import { mustBeSourcePath } from '../build/source-path';
import { Stage } from '../build/stage';
import { mustBeMountPath } from '../primitives/container-path';
import { mustBeDay } from '../primitives/days';
import { must, problemLine, type Fault } from '../primitives/faults';
import { ImageReference, isImageReference } from '../primitives/image-reference';

/** Settings of a {@link PythonBaseFamily}. */
export interface PythonBaseFamilyProps {
  /** Repository that its images are pushed to, without a tag: `registry.example.com/python`. Tags are `3.13`, and `3.13-build`. */
  readonly repository: string;
  /** What its images start from: one for each version of Python, which has to be known. `PythonBase.slim({ python: '3.13', debian: 'bookworm' })` */
  readonly bases: PythonBase[];
  /**
   * The day of the security updates that its images have, such as `2026-11-21`: default of the build argument `SECURITY_UPDATES`.
   *
   * A builder repeats no step that it has done before, so updates are those of the day on which it did it first. Another day, here or by
   * `--build-arg SECURITY_UPDATES=$(date +%F)`, has it do it again. The day names no content: who builds the same day again elsewhere, or after the
   * cache was emptied, gets what the mirror has then. To be up to date, change the day often; to get the same bytes, name the image that
   * was pushed by its digest, or give a mirror that does not change as `aptMirror`.
   */
  readonly securityUpdates: string;
  /** Packages of the distribution: `toRun` in all images, `toBuild` in those that packages are installed in. @default - none */
  readonly systemPackages?: SystemPackages;
  /**
   * Certificates of authorities that the organisation has itself: files of the source tree in PEM format, with one certificate each. The system trusts
   * them, and so do Python (`SSL_CERT_FILE`), requests (`REQUESTS_CA_BUNDLE`) and pip (`PIP_CERT`).
   * @default - those that the distribution trusts
   */
  readonly certificates?: string[];
  /** Address of a copy of Debian's archive, such as `https://packages.example.com/debian`, without credentials. apt then asks nobody else. @default - as in the bases */
  readonly aptMirror?: string;
  /** Address of a copy of Debian's security archive. @default - `aptMirror` and `-security` */
  readonly aptSecurityMirror?: string;
  /**
   * Address of the index that pip installs from, such as `https://packages.example.com/simple`, without credentials. uv does not ask it: projects name
   * its index themselves.
   * @default - as in the bases
   * @see https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-i
   */
  readonly pipIndex?: string;
  /** User that services run as. @default - nonroot, number 65532 */
  readonly user?: BaseImageUser;
  /**
   * What is said of its images. Images that are built on them have it too, unless they say something else.
   * @default - nothing
   * @see https://github.com/opencontainers/image-spec/blob/main/annotations.md#pre-defined-annotation-keys
   */
  readonly labels?: Record<string, string>;
}

/** The number that Chainguard and distroless images use. */
const NONROOT: BaseImageUser = { name: 'nonroot', userId: 65532, groupId: 65532, home: '/home/nonroot' };

/**
 * Base images of an organisation: for each version of Python one that packages are installed in and one that services run on, with the same user,
 * certificates, mirrors, packages and labels, and with the distribution's security updates.
 *
 * All are stages of one Dockerfile, `python3.13` and `python3.13-build`. Who builds them names them, and does so before
 * services are built on them: `docker buildx build --target python3.13 --tag registry.example.com/python:3.13 …`
 */
export class PythonBaseFamily extends MultiStageBuild {
  private readonly user: BaseImageUser;
  private readonly members = new Map<string, FamilyMember[]>();

  constructor(scope: Construct, id: string, props: PythonBaseFamilyProps) {
    super(scope, id);
    const { repository, bases, certificates = [], systemPackages = {}, user = NONROOT } = props;
    this.user = { ...user };
    this.mustBeRepository(repository);
    mustBeDay('securityUpdates', props.securityUpdates, this);
    this.mustBeUser(this.user);
    certificates.forEach(file => mustBeSourcePath(file, this));
    const input: FamilyInput = { repository, user: this.user, certificates: [...certificates], mirrors: this.mirrors(props), systemPackages };
    must(bases.length > 0, 'FAMILY_EMPTY', 'the family has no bases; give one for each version of Python', this);
    for (const base of bases) this.addVersion(base, input);
    this.argument(UPDATES, props.securityUpdates);
    const groups = groupsOf([...this.members.values()].flat());
    const faults = groups.flatMap(group => this.addGroup(group, input, props.labels ?? {}));
    faults.push(...bases.flatMap(base => this.addPreparation(base, groups)));
    this.node.addValidation({ validate: () => [...faults, ...this.sourceFaults(input)].map(({ code, problem }) => problemLine(code, problem)) });
  }

  /** The feature releases of Python that it has, in the order of `bases`. */
  public get versions(): string[] {
    return [...this.members.keys()];
  }

  /**
   * Its two images with a version of Python, for a {@link PythonServiceImage}: by name and tag, with what is known of them.
   *
   * @param version feature release, such as `3.13`
   */
  public base(version: string): PythonBase {
    const pair = this.members.get(version);
    must(pair, 'FAMILY_VERSION', `the family has no Python '${version}'; it has ${this.versions.join(' and ')}`, this);
    const [build, runtime] = pair.map(member => BaseImage.fromReference(member.reference, memberFacts(member, this.user, version)));
    return PythonBase.of(build, runtime);
  }

  private addVersion(base: PythonBase, input: FamilyInput): void {
    const { buildImage, runtimeImage } = base;
    const version = runtimeImage.facts.python ?? buildImage.facts.python;
    must(version !== undefined, 'FAMILY_PYTHON', `which Python ${runtimeImage.label} has is unknown; say it: runtimeImage.withFacts({ python: '3.13' }), with PythonBase.of`, this);
    must(!this.members.has(version), 'FAMILY_TWICE', `two bases have Python ${version}; keep one`, this);
    for (const { label, facts } of [buildImage, runtimeImage]) {
      must(facts.packageManager === PackageManager.APT || facts.packageManager === PackageManager.APK, 'FAMILY_PACKAGE_MANAGER',
        `${label} has ${facts.packageManager ?? 'an unknown package manager'}, with which nothing is updated here; start from an image that has apt or apk`, this);
      const other = (facts.users ?? []).find(({ name, userId }) => (name === this.user.name) !== (userId === this.user.userId));
      must(!other || knows(facts, this.user), 'FAMILY_USER',
        `user '${this.user.name}', number ${this.user.userId}, cannot be added to ${label}: it has '${other?.name}', number ${other?.userId}; give that one, or another name and number`, this);
    }
    this.members.set(version, membersOf(base, version, input));
  }

  /** The stage that is brought up to date, and the images that start from it. Answers with what is wrong. */
  private addGroup(group: FamilyGroup, input: FamilyInput, labels: Record<string, string>): Fault[] {
    const updates = updatesSteps(group, this.filesFor(group, input), input);
    const shared = new Stage(this, group.stage, { base: group.image });
    shared._defer(() => updates.instructions);
    return [...updates.faults, ...aptFaults(input.mirrors, group.image.label, group.image.facts.distribution), ...group.members.flatMap(member => {
      const steps = memberSteps(member, group, input);
      const stage = new Stage(this, member.stage, { base: shared, output: true });
      stage._defer(() => steps.instructions);
      if (Object.keys(labels).length > 0) stage.labels(labels);
      this.imageOf(stage);
      return steps.faults;
    })];
  }

  /** The stage in which the Python of a version is made, where it is. Answers with what is wrong. */
  private addPreparation({ buildImage, _install }: PythonBase, groups: readonly FamilyGroup[]): Fault[] {
    const group = groups.find(({ image }) => image.reference === buildImage.reference);
    if (!_install?.preparation || !group) return [];
    const { instructions, faults } = preparationSteps(buildImage, _install.preparation);
    new Stage(this, installStage(buildImage.facts.python!), { base: this.node.findChild(group.stage) as Stage })._defer(() => instructions);
    return [...faults];
  }

  /** Name of the stage with the files of all images on a distribution; nothing when there are none. */
  private filesFor({ image: { facts } }: FamilyGroup, input: FamilyInput): string | undefined {
    const instructions = filesSteps(facts, input);
    const name = `files-${(facts.distribution ?? `${facts.packageManager}`).replace(/[^a-z0-9.]+/g, '-')}`;
    if (instructions.length === 0) return undefined;
    if (!this.node.tryFindChild(name)) new Stage(this, name, { base: BaseImage.scratch() })._defer(() => instructions);
    return name;
  }

  private sourceFaults({ certificates }: FamilyInput): Fault[] {
    const source = SourceDirectory.of(this);
    return certificateFaults(certificates, path => source.text(path));
  }

  private mirrors({ aptMirror, aptSecurityMirror, pipIndex }: PythonBaseFamilyProps): Mirrors {
    for (const [property, url] of Object.entries({ aptMirror, aptSecurityMirror, pipIndex })) {
      if (url !== undefined) mustBeMirror(property, url, this);
    }
    must(aptSecurityMirror === undefined || aptMirror !== undefined, 'APT_MIRROR',
      `aptSecurityMirror '${aptSecurityMirror}' is given without aptMirror; give both`, this);
    return { apt: aptMirror, aptSecurity: aptSecurityMirror ?? (aptMirror && `${aptMirror.replace(/\/$/, '')}-security`), pip: pipIndex };
  }

  private mustBeRepository(repository: string): void {
    const { tag, digest } = isImageReference(repository) ? ImageReference.parse(repository) : { tag: 'none' };
    must(tag === undefined && digest === undefined, 'FAMILY_REPOSITORY',
      `repository '${repository}' is not one without a tag, such as registry.example.com/python: tags are the versions`, this);
  }

  private mustBeUser({ name, userId, groupId, home }: BaseImageUser): void {
    must(/^[a-z_][a-z0-9_-]{0,31}$/.test(name) && userId !== 0, 'FAMILY_USER',
      `user '${name}', number ${userId}, is root or no name; give one such as { name: 'app', userId: 10001, groupId: 10001, home: '/home/app' }`, this);
    mustBeUserId(userId, this);
    mustBeUserId(groupId, this);
    mustBeMountPath(home, this);
  }
}
