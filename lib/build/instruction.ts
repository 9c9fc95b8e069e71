import type { HealthCheckFacts, WritablePath } from './image-facts';
import type { MountData } from './mount';
import { sortedUnique } from '../primitives/stable';

/** Where COPY takes files from when it is not the context: a stage of the same build, or an image. */
export type CopyOrigin =
  | { readonly kind: 'stage'; readonly name: string }
  | { readonly kind: 'image'; readonly reference: string };

/** Owner of copied files, as numbers. */
export interface Owner {
  readonly userId: number;
  readonly groupId: number;
}

/**
 * One instruction of a stage, as plain data. The printer and the facts both switch over `kind`, without a default: the compiler
 * refuses a kind that one of them forgot.
 */
export type Instruction =
  | { readonly kind: 'runShell'; readonly commands: readonly string[]; readonly mounts: readonly MountData[] }
  | { readonly kind: 'runExec'; readonly command: readonly string[]; readonly mounts: readonly MountData[] }
  | {
    readonly kind: 'copy';
    readonly from?: CopyOrigin;
    readonly sources: readonly string[];
    readonly target: string;
    readonly owner?: Owner;
    readonly mode?: string;
    readonly link: boolean;
  }
  | { readonly kind: 'writeFile'; readonly path: string; readonly text: string; readonly mode?: string }
  | { readonly kind: 'environment'; readonly variables: Readonly<Record<string, string>> }
  | { readonly kind: 'argument'; readonly name: string; readonly value?: string }
  | { readonly kind: 'workingDirectory'; readonly path: string }
  | { readonly kind: 'user'; readonly userId: number; readonly groupId: number }
  | { readonly kind: 'expose'; readonly port: number }
  | { readonly kind: 'stopSignal'; readonly signal: string }
  | { readonly kind: 'healthCheck'; readonly check: HealthCheckFacts }
  | { readonly kind: 'writablePath'; readonly writable: WritablePath }
  | { readonly kind: 'entrypoint'; readonly command: readonly string[] }
  | { readonly kind: 'command'; readonly command: readonly string[] }
  | { readonly kind: 'raw'; readonly text: string };

/** Paths of the source tree that these instructions read, in order, each once. */
export function sourcePathsOf(instructions: readonly Instruction[]): string[] {
  return sortedUnique(instructions.flatMap(instruction => {
    switch (instruction.kind) {
      case 'copy': return instruction.from ? [] : instruction.sources;
      case 'runShell': case 'runExec': return instruction.mounts.flatMap(mount => mount.type === 'bind' ? [mount.source] : []);
      default: return [];
    }
  }));
}

/** Names of the stages of the same build that an instruction takes files from. */
export function stagesReadBy(instruction: Instruction): string[] {
  return instruction.kind === 'copy' && instruction.from?.kind === 'stage' ? [instruction.from.name] : [];
}
