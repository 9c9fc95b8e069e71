import { certificateInstructions, APT_TRUST, CERTIFICATE_VARIABLES, CERTIFICATES_PACKAGE, EARLY_STORE, UPDATE_STORE } from './certificates';
import { aptInstructions, pipInstructions, type Mirrors } from './mirrors';
import type { BaseImage } from '../../build/base-image';
import { PackageManager, type BaseImageFacts, type BaseImageUser } from '../../build/base-image-facts';
import type { Instruction } from '../../build/instruction';
import type { Fault } from '../../primitives/faults';
import { groupedBy } from '../../primitives/stable';
import { addUser } from '../add-user';
import { PYTHON_STAGE, type InstallSteps, type Preparation } from '../installs/install-plan';
import type { PythonBase } from '../python-base';
import { packagesInstall, type SystemPackages } from '../system-packages';

/** What all images of a family have. */
export interface FamilyInput {
  readonly repository: string;
  readonly user: BaseImageUser;
  readonly certificates: readonly string[];
  readonly mirrors: Mirrors;
  readonly systemPackages: SystemPackages;
}

/** One image of a family. */
export interface FamilyMember {
  /** Name of its stage. */
  readonly stage: string;
  readonly reference: string;
  /** Whether it is the one that packages are installed in; else it runs services. */
  readonly builds: boolean;
  /** What it starts from. */
  readonly image: BaseImage;
  readonly packages: readonly string[];
  /** How it gets its Python, when that is more than packages. */
  readonly steps?: InstallSteps;
  /** Those of its packages that have to come with that. */
  readonly late: readonly string[];
}

/** Images that start from the same one, and the stage that brings that up to date for them. */
export interface FamilyGroup {
  readonly stage: string;
  readonly image: BaseImage;
  readonly members: readonly FamilyMember[];
}

/** Instructions of a stage, and why they cannot be carried out. */
export interface FamilySteps {
  readonly instructions: readonly Instruction[];
  readonly faults: readonly Fault[];
}

/** Build argument with the day of the updates. */
export const UPDATES = 'SECURITY_UPDATES';

/** Directory of a stage that holds nothing but files, which become those of the root. */
const FILES = '/files';

/** The two images of a version: the one that builds has what the other has, so that development can run on it. */
export function membersOf(base: PythonBase, version: string, { repository, systemPackages }: FamilyInput): FamilyMember[] {
  const { toBuild = [], toRun = [] } = systemPackages;
  const { buildImage, runtimeImage, buildPackages, runtimePackages, _pipPackages, _install } = base;
  const [stage, reference] = [`python${version}`, `${repository}:${version}`];
  return [
    {
      stage: `${stage}-build`,
      reference: `${reference}-build`,
      builds: true,
      image: buildImage,
      packages: [...buildPackages, ..._pipPackages, ...toRun, ...toBuild],
      ...lateSteps(_install?.build, [...buildPackages, ..._pipPackages], installStage(version)),
    },
    {
      stage,
      reference,
      builds: false,
      image: runtimeImage,
      packages: [...runtimePackages, ...toRun],
      ...lateSteps(_install?.runtime, runtimePackages, installStage(version)),
    },
  ];
}

/** Packages of an archive that is only added for them are not installed before it is. */
function lateSteps(steps: InstallSteps | undefined, packages: readonly string[], stage: string): Pick<FamilyMember, 'steps' | 'late'> {
  if (steps === undefined || steps.before.length + steps.after.length === 0) return { late: [] };
  const [before, after] = [steps.before, steps.after].map(all => all.map(step => takenFrom(stage, step)));
  return { steps: { before, after }, late: packages };
}

/** Each version has a stage of its own in which its Python is made. */
function takenFrom(stage: string, step: Instruction): Instruction {
  if (step.kind !== 'copy' || step.from?.kind !== 'stage' || step.from.name !== PYTHON_STAGE) return step;
  return { ...step, from: { kind: 'stage', name: stage } };
}

/** Name of the stage in which the Python of a version is made, for both of its images. */
export function installStage(version: string): string {
  return `python${version}-install`;
}

/** The stage in which a Python is made, on the image that is brought up to date. */
export function preparationSteps({ label, facts }: BaseImage, { packages, instructions }: Preparation): FamilySteps {
  const needed = packagesInstall({ label, facts }, packages);
  return { instructions: [...needed.instructions, ...instructions], faults: needed.faults };
}

/** Members by what they start from, in their order. */
export function groupsOf(members: readonly FamilyMember[]): FamilyGroup[] {
  return [...groupedBy(members, ({ image }) => [image.reference])].map(([reference, own]) => ({
    stage: `updates-${reference.toLowerCase().replace(/[^a-z0-9.-]+/g, '-')}`, image: own[0].image, members: own,
  }));
}

/** Files that all images on one distribution get, in a stage that holds nothing else; nothing when there are none. */
export function filesSteps({ distribution, packageManager }: BaseImageFacts, { certificates, mirrors }: FamilyInput): Instruction[] {
  const instructions = [
    ...certificateInstructions(certificates),
    ...trustsMirror(packageManager, { certificates, mirrors }) ? APT_TRUST : [],
    ...aptInstructions(mirrors, distribution),
    ...pipInstructions(mirrors),
  ];
  return instructions.map(below);
}

/** The same below the directory that is copied from. */
function below(instruction: Instruction): Instruction {
  switch (instruction.kind) {
    case 'copy': return { ...instruction, target: `${FILES}${instruction.target}` };
    case 'writeFile': return { ...instruction, path: `${FILES}${instruction.path}` };
    default: return instruction;
  }
}

/** Whether apt asks a mirror for which it may need the certificates, before there is a store of them. */
function trustsMirror(packageManager: PackageManager | undefined, { certificates, mirrors }: Pick<FamilyInput, 'certificates' | 'mirrors'>): boolean {
  return certificates.length > 0 && packageManager === PackageManager.APT && (mirrors.apt?.startsWith('https:') ?? false);
}

/**
 * The stage that is brought up to date. Only its last step does that, with the packages that all of its members have: they too are then those of
 * that day, and what comes before it stays cached when the day changes.
 */
export function updatesSteps({ image, members }: FamilyGroup, files: string | undefined, input: FamilyInput): FamilySteps {
  const { facts, label } = image;
  const trusted = input.certificates.length > 0;
  const early = trustsMirror(facts.packageManager, input);
  const updates = packagesInstall({ label, facts }, [...commonPackages(members), ...trusted ? [CERTIFICATES_PACKAGE] : []], {
    upgrade: true,
    before: early ? EARLY_STORE : [],
    after: trusted ? [UPDATE_STORE] : [],
    why: `repeated when ${UPDATES} is another day, and what is above it is not`,
  });
  return {
    instructions: [
      ...facts.defaultUserId === 0 ? [] : [{ kind: 'user', userId: 0, groupId: 0 } as const],
      ...files === undefined ? [] : [{ kind: 'copy', from: { kind: 'stage', name: files }, sources: [FILES], target: '/', link: false, why: 'certificates and mirrors' } as const],
      ...knows(facts, input.user) ? [] : addUser(input.user),
      { kind: 'writablePath', writable: { path: input.user.home, userId: input.user.userId, groupId: input.user.groupId } },
      { kind: 'argument', name: UPDATES },
      ...updates.instructions,
    ],
    faults: updates.faults,
  };
}

/** What a member has besides: files and packages that no other of its group has, and what is said of it. */
export function memberSteps(member: FamilyMember, { members }: FamilyGroup, input: FamilyInput): FamilySteps {
  const { image: { facts, label }, builds, packages, reference, steps } = member;
  const common = commonPackages(members);
  const own = packagesInstall({ label, facts, steps }, packages.filter(name => !common.includes(name)));
  const { userId, groupId } = input.user;
  return {
    instructions: [
      { kind: 'comment', text: reference },
      ...own.instructions,
      ...input.certificates.length === 0 ? [] : [{ kind: 'environment', variables: CERTIFICATE_VARIABLES, why: 'Python and its packages trust whom the system trusts' } as const],
      ...builds ? [] : [{ kind: 'user', userId, groupId, why: 'by number: Kubernetes can tell that it is not root' } as const],
    ],
    faults: own.faults,
  };
}

/** What is known of a member for those that start from it. */
export function memberFacts({ builds, image: { facts }, packages }: FamilyMember, user: BaseImageUser, version: string): BaseImageFacts {
  const others = (facts.users ?? []).filter(({ userId }) => userId !== user.userId);
  return {
    ...facts,
    python: version,
    // a package may have brought one
    compilers: packages.length === 0 || facts.compilers ? facts.compilers : undefined,
    users: [user, ...others],
    defaultUserId: builds ? 0 : user.userId,
    defaultGroupId: builds ? 0 : user.groupId,
  };
}

/** Whether the image has this very user. */
export function knows(facts: BaseImageFacts, user: BaseImageUser): boolean {
  return (facts.users ?? []).some(({ name, userId }) => name === user.name && userId === user.userId);
}

function commonPackages([first, ...others]: readonly FamilyMember[]): string[] {
  const late = [first, ...others].flatMap(member => member.late);
  return first.packages.filter(name => !late.includes(name) && others.every(({ packages }) => packages.includes(name)));
}
