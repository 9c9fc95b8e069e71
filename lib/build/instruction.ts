import type { HealthCheckFacts, WritablePath } from './image-facts';
import type { MountData } from './mount';
import type { CopyOrigin } from './stage-source';
import { sortedUnique } from '../primitives/stable';

/** Owner of copied files, as numbers. */
export interface Owner {
  readonly userId: number;
  readonly groupId: number;
}

/** What every RUN may have. */
export interface RunData {
  readonly mounts: readonly MountData[];
  readonly network?: string;
  readonly security?: string;
  readonly devices?: readonly string[];
}

/** What COPY and ADD share. */
export interface CopyData {
  readonly target: string;
  readonly owner?: Owner;
  readonly mode?: string;
  readonly link: boolean;
  readonly excludes?: readonly string[];
}

/**
 * One instruction of a stage, as plain data. The printer and the facts both switch over `kind`, without a default: the compiler
 * refuses a kind that one of them forgot.
 */
export type Instruction = {
  /** Why it is there, for readers who ask. */
  readonly why?: string;
} & (
  | { readonly kind: 'runShell'; readonly commands: readonly string[] } & RunData
  | { readonly kind: 'runExec'; readonly command: readonly string[] } & RunData
  | { readonly kind: 'runScript'; readonly script: string } & RunData
  | { readonly kind: 'copy'; readonly from?: CopyOrigin; readonly sources: readonly string[]; readonly parents?: boolean } & CopyData
  | { readonly kind: 'addRemote'; readonly url: string; readonly checksum?: string; readonly keepGitDirectory?: boolean; readonly unpack?: boolean } & CopyData
  | { readonly kind: 'addArchive'; readonly sources: readonly string[] } & CopyData
  | { readonly kind: 'writeFile'; readonly path: string; readonly text: string; readonly mode?: string; readonly owner?: Owner }
  | { readonly kind: 'environment'; readonly variables: Readonly<Record<string, string>>; readonly expand?: boolean }
  | { readonly kind: 'labels'; readonly labels: Readonly<Record<string, string>>; readonly expand?: boolean }
  | { readonly kind: 'argument'; readonly name: string; readonly value?: string }
  | { readonly kind: 'workingDirectory'; readonly path: string }
  | { readonly kind: 'user'; readonly userId: number; readonly groupId: number }
  | { readonly kind: 'expose'; readonly port: number; readonly protocol?: string }
  | { readonly kind: 'volumes'; readonly paths: readonly string[] }
  | { readonly kind: 'shell'; readonly command: readonly string[] }
  | { readonly kind: 'stopSignal'; readonly signal: string }
  | { readonly kind: 'healthCheck'; readonly check: HealthCheckFacts }
  | { readonly kind: 'noHealthCheck' }
  | { readonly kind: 'writablePath'; readonly writable: WritablePath }
  | { readonly kind: 'entrypoint'; readonly command: readonly string[] }
  | { readonly kind: 'command'; readonly command: readonly string[] }
  | { readonly kind: 'onBuild'; readonly trigger: string }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'raw'; readonly text: string }
);

/** Paths of the source tree that these instructions read, in order, each once. */
export function sourcePathsOf(instructions: readonly Instruction[]): string[] {
  return sortedUnique(instructions.flatMap(instruction => {
    switch (instruction.kind) {
      case 'copy': return instruction.from ? [] : instruction.sources;
      case 'addArchive': return instruction.sources;
      case 'runShell': case 'runExec': case 'runScript': return instruction.mounts.flatMap(mountedSource);
      default: return [];
    }
  }));
}

/** Names of the stages of the same build that an instruction takes files from. */
export function stagesReadBy(instruction: Instruction): string[] {
  switch (instruction.kind) {
    case 'copy': return stageName(instruction.from);
    case 'runShell': case 'runExec': case 'runScript': return instruction.mounts.flatMap(mount => stageName('from' in mount ? mount.from : undefined));
    default: return [];
  }
}

/** Of those paths, the ones that need not be there. */
export function optionalPathsOf(instructions: readonly Instruction[]): string[] {
  return sortedUnique(instructions.flatMap(instruction => 'mounts' in instruction ? instruction.mounts.flatMap(mount => mount.type === 'bind' ? mount.only ?? [] : []) : []));
}

function mountedSource(mount: MountData): readonly string[] {
  return mount.type === 'bind' && !mount.from && mount.source !== undefined ? mount.only ?? [mount.source] : [];
}

function stageName(origin: CopyOrigin | undefined): string[] {
  return origin?.kind === 'stage' ? [origin.name] : [];
}
