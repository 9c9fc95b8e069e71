import { Construct } from 'constructs';
import { BaseImage } from './base-image';
import type { HealthCheckFacts, WritablePath } from './image-facts';
import type { CopyOrigin, Instruction } from './instruction';
import type { Mount } from './mount';
import { mustBeSourcePath } from './source-path';
import type { IStageSource } from './stage-source';
import { mustBeContainerPath } from '../primitives/container-path';
import { must } from '../primitives/faults';
import { mustBeEnvironmentName } from '../primitives/names';
import { mustBePort } from '../primitives/ports';

/** Settings of a {@link Stage}. */
export interface StageProps {
  /** What it starts from: an image, or another stage of the same build. Dockerfile FROM. */
  readonly base: IStageSource;
  /** Whether this stage is the image. Needed only when several stages are used by no other. @default false */
  readonly output?: boolean;
}

/** Settings of a RUN instruction. */
export interface RunOptions {
  /** What the command sees besides the stage's own files. @default - nothing */
  readonly mounts?: Mount[];
}

/** Settings of a COPY instruction. */
export interface CopyOptions {
  /** User that owns the copies. Needs `groupId`. @default 0 */
  readonly userId?: number;
  /** Group that owns the copies. Needs `userId`. @default 0 */
  readonly groupId?: number;
  /** Mode of the copies in octal, such as `0644`. @default - as they are */
  readonly mode?: string;
  /**
   * Whether the layer is independent of those before it, and so stays in use when they change.
   * @default false
   * @see https://docs.docker.com/reference/dockerfile/#copy---link
   */
  readonly link?: boolean;
}

/** Settings of {@link Stage.writeFile}. */
export interface WriteFileOptions {
  /** Mode in octal. @default '0644' */
  readonly mode?: string;
}

/**
 * One FROM and its instructions, in the order of the calls. The id is the stage's name in the Dockerfile.
 *
 * Stages that the image does not need are left out; the others are printed after what they need, whatever the order of declaration.
 * @see https://docs.docker.com/reference/dockerfile/
 */
export class Stage extends Construct implements IStageSource {
  /** @internal */
  public readonly _base: BaseImage | Stage;
  /** @internal */
  public readonly _output: boolean;
  private readonly steps: Step[] = [];

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id);
    must(/^[a-z][a-z0-9_.-]*$/.test(id) && id !== 'scratch' && id !== 'context', 'STAGE_NAME',
      `stage name '${id}' cannot be used; start with a-z, go on with a-z, 0-9, '-', '_' and '.', and do not use 'scratch' or 'context'`, this);
    this._base = props.base instanceof BaseImage ? props.base : this.sibling(props.base);
    this._output = props.output ?? false;
  }

  /** How messages call it: its name. */
  public get label(): string {
    return `stage '${this.node.id}'`;
  }

  /** Runs a command line in the base's shell. Dockerfile RUN, shell form. */
  public runShell(script: string, options: RunOptions = {}): void {
    must(script.trim() !== '' && !/[\r\n\0]/.test(script), 'RUN_SCRIPT', `script ${JSON.stringify(script)} is not one line of shell; join commands with '&&'`, this);
    this.add({ kind: 'runShell', commands: [script], mounts: (options.mounts ?? []).map(mount => mount._data) });
  }

  /** Runs a program without a shell. Dockerfile RUN, exec form. */
  public runExec(command: string[], options: RunOptions = {}): void {
    this.mustBeCommand(command);
    this.add({ kind: 'runExec', command: [...command], mounts: (options.mounts ?? []).map(mount => mount._data) });
  }

  /**
   * Copies files and directories of the source tree. Of a directory the content is copied, as Dockerfile COPY does.
   *
   * @param sources paths in the App's root, with `/` between their parts
   * @param target absolute path in the container
   */
  public copy(sources: string[], target: string, options: CopyOptions = {}): void {
    sources.forEach(source => mustBeSourcePath(source, this));
    this.addCopy(undefined, sources, target, options);
  }

  /**
   * Copies files and directories of another stage, or of an image.
   *
   * @param from where they are
   * @param sources absolute paths there
   * @param target absolute path in this stage
   */
  public copyFrom(from: IStageSource, sources: string[], target: string, options: CopyOptions = {}): void {
    sources.forEach(source => mustBeContainerPath(source, this));
    this.addCopy(from, sources, target, options);
  }

  /** Writes a file with this text; a newline is added when it ends without one. Dockerfile COPY with a here-document. */
  public writeFile(path: string, text: string, options: WriteFileOptions = {}): void {
    mustBeContainerPath(path, this);
    must(!/[\r\0]/.test(text), 'FILE_TEXT', `text of '${path}' has a carriage return or NUL, which a here-document does not carry`, this);
    this.add({ kind: 'writeFile', path, text, mode: options.mode ?? '0644' });
  }

  /** Sets environment variables for the rest of the stage and for containers. Dockerfile ENV. */
  public environment(variables: Record<string, string>): void {
    for (const [name, value] of Object.entries(variables)) {
      mustBeEnvironmentName(name, this);
      must(!/[\r\n\0]/.test(value), 'ENVIRONMENT_VALUE', `value of environment variable '${name}' has a line break or NUL, which ENV does not carry`, this);
    }
    this.add({ kind: 'environment', variables: { ...variables } });
  }

  /** Declares a value that whoever builds may give. It stays readable in the image's history. Dockerfile ARG. */
  public argument(name: string, defaultValue?: string): void {
    mustBeEnvironmentName(name, this);
    must(!/[\r\n\0]/.test(defaultValue ?? ''), 'ARGUMENT_VALUE', `default of build argument '${name}' has a line break or NUL, which ARG does not carry`, this);
    this.add({ kind: 'argument', name, value: defaultValue });
  }

  /** Sets the working directory for the rest of the stage and for containers, and creates it. Dockerfile WORKDIR. */
  public workingDirectory(path: string): void {
    mustBeContainerPath(path, this);
    this.add({ kind: 'workingDirectory', path });
  }

  /** Sets the user for the rest of the stage and for containers, by number: names cannot be checked by Kubernetes. Dockerfile USER. */
  public user(userId: number, groupId: number): void {
    for (const number of [userId, groupId]) {
      must(Number.isInteger(number) && number >= 0 && number <= 4294967294, 'USER_ID', `user or group number ${number} is outside 0-4294967294`, this);
    }
    this.add({ kind: 'user', userId, groupId });
  }

  /** Declares a TCP port that the process listens on. Dockerfile EXPOSE. */
  public expose(port: number): void {
    mustBePort(port, this);
    this.add({ kind: 'expose', port });
  }

  /** Sets the signal that asks the process to end. Dockerfile STOPSIGNAL. */
  public stopSignal(signal: string): void {
    must(/^SIG[A-Z0-9+-]+$/.test(signal), 'STOP_SIGNAL', `stop signal '${signal}' is not a name such as SIGTERM`, this);
    this.add({ kind: 'stopSignal', signal });
  }

  /** Declares how to tell that a container works. Dockerfile HEALTHCHECK, where the image can carry it out. */
  public healthCheck(check: HealthCheckFacts): void {
    const kinds = [check.http, check.tcpPort, check.command].filter(kind => kind !== undefined);
    must(kinds.length === 1, 'HEALTH_CHECK', `a health check has ${kinds.length} ways to check; give one of http, tcpPort and command`, this);
    this.add({ kind: 'healthCheck', check: { ...check } });
  }

  /** Declares a directory that the process writes to, and creates it with its owner. */
  public writablePath(writable: WritablePath): void {
    mustBeContainerPath(writable.path, this);
    must(writable.path !== '/', 'CONTAINER_PATH', 'the root directory cannot be a writable path; name the directories that are written to', this);
    must(/^0?[0-7]{3,4}$/.test(writable.mode ?? '0700'), 'FILE_MODE', `mode '${writable.mode}' is not octal, such as 0700`, this);
    this.add({ kind: 'writablePath', writable: { ...writable } });
  }

  /** Sets the program that containers start. Dockerfile ENTRYPOINT, exec form. */
  public entrypoint(command: string[]): void {
    this.mustBeCommand(command);
    this.add({ kind: 'entrypoint', command: [...command] });
  }

  /** Sets the arguments of the entrypoint, or the program when there is none. Dockerfile CMD, exec form. */
  public command(command: string[]): void {
    this.mustBeWords(command);
    this.add({ kind: 'command', command: [...command] });
  }

  /** Adds Dockerfile text as it is, unchecked: the last resort. What it may change becomes unknown unless it is said again after it. */
  public raw(text: string): void {
    must(!text.includes('\0') && text.trim() !== '', 'RAW_TEXT', 'raw text is empty or has a NUL, which a Dockerfile does not carry', this);
    this.add({ kind: 'raw', text });
  }

  /**
   * Adds what is only known when everything has been declared.
   * @internal
   */
  public _defer(steps: () => readonly Instruction[]): void {
    this.steps.push(steps);
  }

  /**
   * What this stage consists of, in order.
   * @internal
   */
  public _instructions(): Instruction[] {
    return this.steps.flatMap(step => typeof step === 'function' ? step() : [step]);
  }

  private addCopy(from: IStageSource | undefined, sources: string[], target: string, options: CopyOptions): void {
    must(sources.length > 0, 'COPY_SOURCES', `nothing to copy to '${target}'; name at least one source`, this);
    must((options.userId === undefined) === (options.groupId === undefined), 'COPY_OWNER', `copy to '${target}' has half an owner; give both userId and groupId`, this);
    must(options.mode === undefined || /^0?[0-7]{3,4}$/.test(options.mode), 'FILE_MODE', `mode '${options.mode}' is not octal, such as 0644`, this);
    mustBeContainerPath(target, this);
    const owner = options.userId === undefined ? undefined : { userId: options.userId, groupId: options.groupId! };
    this.add({ kind: 'copy', from: from && this.origin(from), sources: [...sources], target, owner, mode: options.mode, link: options.link ?? false });
  }

  private add(instruction: Instruction): void {
    this.steps.push(instruction);
  }

  private origin(from: IStageSource): CopyOrigin {
    if (from instanceof BaseImage) return { kind: 'image', reference: from.reference };
    return { kind: 'stage', name: this.sibling(from).node.id };
  }

  private sibling(from: IStageSource): Stage {
    must(from instanceof Stage && from.node.scope === this.node.scope && from !== this, 'STAGE_FOREIGN',
      `${from.label} is not another stage of this build; use one declared in '${this.node.scope?.node.path}', or an image`, this);
    return from;
  }

  private mustBeCommand(command: string[]): void {
    this.mustBeWords(command);
    must(command[0] !== '', 'COMMAND_EMPTY', `command ${JSON.stringify(command)} starts with an empty word; give a program and its arguments`, this);
  }

  private mustBeWords(command: string[]): void {
    must(command.length > 0 && !command.some(word => word.includes('\0')), 'COMMAND_WORDS',
      `command ${JSON.stringify(command)} is empty or has a NUL; give a program or arguments, none with a NUL`, this);
  }
}

type Step = Instruction | (() => readonly Instruction[]);
