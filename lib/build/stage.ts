import { Construct } from 'constructs';
import { BaseImage } from './base-image';
import type { HealthCheckFacts, WritablePath } from './image-facts';
import type { CopyData, Instruction, RunData } from './instruction';
import { mustBeCommand, mustBeMode, mustBeScriptLine, mustBeText, mustBeTrigger, mustBeUrl, mustBeUserId, mustBeWords, mustBeLabel } from './instruction-values';
import { mustBeSourcePath } from './source-path';
import {
  Protocol, type AddArchiveOptions, type AddRemoteOptions, type CopyOptions, type ExpandOptions, type RunOptions, type WriteFileOptions,
} from './stage-options';
import type { CopyOrigin, IStageSource } from './stage-source';
import { mustBeContainerPath, mustBeMountPath } from '../primitives/container-path';
import { must } from '../primitives/faults';
import { changeable } from '../primitives/freeze';
import { referenceVariables } from '../primitives/image-reference';
import { mustBeEnvironmentName } from '../primitives/names';
import { mustBePort } from '../primitives/ports';

/** Settings of a {@link Stage}. */
export interface StageProps {
  /** What it starts from: an image, or another stage of the same build. Dockerfile FROM. */
  readonly base: IStageSource;
  /** Platform of that image, such as `linux/arm64`, or `$BUILDPLATFORM` for tools that run on the builder. @default - the one that is built for */
  readonly platform?: string;
  /** Whether this stage is an image. Needed only when several stages are used by no other. @default false */
  readonly output?: boolean;
}

/**
 * One FROM and its instructions, in the order of the calls. The id is the stage's name in the Dockerfile.
 *
 * Stages that no image needs are left out; the others are printed after what they need, whatever the order of declaration.
 * @see https://docs.docker.com/reference/dockerfile/
 */
export class Stage extends Construct implements IStageSource {
  /** @internal */
  public readonly _base: BaseImage | Stage;
  /** @internal */
  public readonly _output: boolean;
  /** @internal */
  public readonly _platform?: string;
  private readonly steps: Step[] = [];
  private passedOver = false;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(changeable(scope), id);
    must(/^[a-z][a-z0-9_.-]*$/.test(id) && id !== 'scratch' && id !== 'context', 'STAGE_NAME',
      `stage name '${id}' cannot be used; start with a-z, go on with a-z, 0-9, '-', '_' and '.', and do not use 'scratch' or 'context'`, this);
    must(props.platform === undefined || /^(\$BUILDPLATFORM|[a-z0-9]+\/[a-z0-9]+(\/v[0-9]+)?)$/.test(props.platform), 'PLATFORM',
      `platform '${props.platform}' is not one; use $BUILDPLATFORM or a platform such as linux/arm64`, this);
    this._base = props.base instanceof BaseImage ? props.base : this.sibling(props.base);
    this._output = props.output ?? false;
    this._platform = props.platform;
  }

  /** How messages call it: its name. */
  public get label(): string {
    return `stage '${this.node.id}'`;
  }

  /** Runs a command line in the base's shell. Dockerfile RUN, shell form. */
  public runShell(script: string, options: RunOptions = {}): void {
    mustBeScriptLine(script, this);
    this.add({ kind: 'runShell', commands: [script], ...this.runData(options) });
  }

  /**
   * Runs a script of several lines in the base's shell, or in what its first line names: `#!/usr/bin/env python3`. A shell goes on after
   * a command that fails: start with `set -e`. Dockerfile RUN with a here-document.
   *
   * @see https://docs.docker.com/reference/dockerfile/#here-documents
   */
  public runScript(script: string, options: RunOptions = {}): void {
    must(script.trim() !== '' && !/[\r\0]/.test(script), 'RUN_SCRIPT_TEXT', 'script is empty, or has a carriage return or NUL, which a here-document does not carry', this);
    this.add({ kind: 'runScript', script, ...this.runData(options) });
  }

  /** Runs a program without a shell. Dockerfile RUN, exec form. */
  public runExec(command: string[], options: RunOptions = {}): void {
    mustBeCommand(command, this);
    this.add({ kind: 'runExec', command: [...command], ...this.runData(options) });
  }

  /**
   * Copies files and directories of the source tree. Of a directory the content is copied, as Dockerfile COPY does. Names are names,
   * not patterns.
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
    this.addCopy(this.origin(from), sources, target, options);
  }

  /**
   * Loads a file or a git repository. Dockerfile ADD.
   *
   * @param url `https://…`, or a repository such as `https://github.com/team/name.git#v1.2`
   * @param target absolute path in the container
   * @see https://docs.docker.com/reference/dockerfile/#add
   */
  public addRemote(url: string, target: string, options: AddRemoteOptions = {}): void {
    mustBeUrl(url, this);
    const repository = /^(git|ssh):|^git@|\.git([#?]|$)/.test(url);
    const { checksum, keepGitDirectory, unpack } = options;
    must(repository ? checksum !== undefined || /[#?]/.test(url) : /^sha256:[0-9a-f]{64}$/.test(checksum ?? ''), 'ADD_CHECKSUM',
      repository ? `repository '${url}' has no reference; add '#' and a tag or commit, or give a checksum`
        : `'${url}' has no checksum of the form sha256:…; without one it may be another file tomorrow`, this);
    must(!checksum || /^(sha256:[0-9a-f]{64}|[0-9a-f]{7,64})$/.test(checksum), 'ADD_CHECKSUM', `checksum '${checksum}' is neither sha256:… nor a commit`, this);
    this.add({ kind: 'addRemote', url, checksum, keepGitDirectory, unpack, ...this.copyData(target, options) });
  }

  /**
   * Copies archives of the source tree and unpacks them; owners and modes are those in the archive. Dockerfile ADD.
   *
   * @param sources paths in the App's root, with `/` between their parts
   * @param target absolute path in the container
   */
  public addArchive(sources: string[], target: string, options: AddArchiveOptions = {}): void {
    sources.forEach(source => mustBeSourcePath(source, this));
    must(sources.length > 0, 'COPY_SOURCES', `nothing to copy to '${target}'; name at least one source`, this);
    this.add({ kind: 'addArchive', sources: [...sources], ...this.copyData(target, options) });
  }

  /** Writes a file with this text; a newline is added when it ends without one. Dockerfile COPY with a here-document. */
  public writeFile(path: string, text: string, options: WriteFileOptions = {}): void {
    mustBeContainerPath(path, this);
    must(!/[\r\0]/.test(text), 'FILE_TEXT', `text of '${path}' has a carriage return or NUL, which a here-document does not carry`, this);
    mustBeMode(options.mode, this);
    this.add({ kind: 'writeFile', path, text, mode: options.mode ?? '0644', owner: this.owner(path, options) });
  }

  /** Sets environment variables for the rest of the stage and for containers. Dockerfile ENV. */
  public environment(variables: Record<string, string>, options: ExpandOptions = {}): void {
    for (const [name, value] of Object.entries(variables)) {
      mustBeEnvironmentName(name, this);
      mustBeText(`value of environment variable '${name}'`, value, 'ENV', this);
    }
    this.add({ kind: 'environment', variables: { ...variables }, expand: options.expand });
  }

  /**
   * Describes the image. Dockerfile LABEL.
   *
   * @see https://github.com/opencontainers/image-spec/blob/main/annotations.md
   */
  public labels(labels: Record<string, string>, options: ExpandOptions = {}): void {
    for (const [key, value] of Object.entries(labels)) {
      mustBeLabel(key, this);
      mustBeText(`value of label '${key}'`, value, 'LABEL', this);
    }
    this.add({ kind: 'labels', labels: { ...labels }, expand: options.expand });
  }

  /**
   * Declares a value that whoever builds may give. It stays readable in the image's history. Without a default it has that of
   * {@link MultiStageBuild.argument}, if there is one. Dockerfile ARG.
   */
  public argument(name: string, defaultValue?: string): void {
    mustBeEnvironmentName(name, this);
    mustBeText(`default of build argument '${name}'`, defaultValue ?? '', 'ARG', this);
    this.add({ kind: 'argument', name, value: defaultValue });
  }

  /** Sets the working directory for the rest of the stage and for containers, and creates it for the user of the stage. Dockerfile WORKDIR. */
  public workingDirectory(path: string): void {
    mustBeContainerPath(path, this);
    this.add({ kind: 'workingDirectory', path });
  }

  /** Sets the user for the rest of the stage and for containers, by number: names cannot be checked by Kubernetes. Dockerfile USER. */
  public user(userId: number, groupId: number): void {
    mustBeUserId(userId, this);
    mustBeUserId(groupId, this);
    this.add({ kind: 'user', userId, groupId });
  }

  /** Declares a port that the process listens on. Dockerfile EXPOSE. */
  public expose(port: number, protocol: Protocol = Protocol.TCP): void {
    mustBePort(port, this);
    this.add({ kind: 'expose', port, protocol });
  }

  /**
   * Declares directories that keep their content outside the container. An engine that is told nothing of them makes anonymous volumes, which
   * stay behind: `writablePath` says more, and makes none. Dockerfile VOLUME.
   */
  public volumes(paths: string[]): void {
    must(paths.length > 0, 'VOLUMES', 'no volume is named; give at least one path', this);
    paths.forEach(path => mustBeContainerPath(path, this));
    this.add({ kind: 'volumes', paths: [...paths] });
  }

  /** Sets what the shell form of RUN starts, for the rest of the stage. Dockerfile SHELL. */
  public shell(command: string[]): void {
    mustBeCommand(command, this);
    this.add({ kind: 'shell', command: [...command] });
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

  /** Takes back the health check of the base. Dockerfile HEALTHCHECK NONE. */
  public noHealthCheck(): void {
    this.add({ kind: 'noHealthCheck' });
  }

  /** Declares a directory that the process writes to, and creates it with its owner. */
  public writablePath(writable: WritablePath): void {
    mustBeContainerPath(writable.path, this);
    must(writable.path !== '/', 'CONTAINER_PATH', 'the root directory cannot be a writable path; name the directories that are written to', this);
    mustBeMountPath(writable.path, this);
    mustBeMode(writable.mode, this);
    this.add({ kind: 'writablePath', writable: { ...writable } });
  }

  /** Sets the program that containers start. Dockerfile ENTRYPOINT, exec form. */
  public entrypoint(command: string[]): void {
    mustBeCommand(command, this);
    this.add({ kind: 'entrypoint', command: [...command] });
  }

  /** Sets the arguments of the entrypoint, or the program when there is none. Dockerfile CMD, exec form. */
  public command(command: string[]): void {
    mustBeWords(command, this);
    this.add({ kind: 'command', command: [...command] });
  }

  /** Adds an instruction to each image that is built on this one: `COPY . /app`. Dockerfile ONBUILD. */
  public onBuild(trigger: string): void {
    mustBeTrigger(trigger, this);
    this.add({ kind: 'onBuild', trigger });
  }

  /** Writes a comment before the next instruction. */
  public comment(text: string): void {
    must(text.trim() !== '' && !/[\r\0]/.test(text), 'COMMENT_TEXT', 'a comment is empty, or has a carriage return or NUL, which a Dockerfile does not carry', this);
    this.add({ kind: 'comment', text });
  }

  /** Adds Dockerfile text as it is, unchecked: the last resort. What it may change becomes unknown unless it is said again after it. */
  public raw(text: string): void {
    must(!text.includes('\0') && text.trim() !== '', 'RAW_TEXT', 'raw text is empty or has a NUL, which a Dockerfile does not carry', this);
    this.add({ kind: 'raw', text });
  }

  /** @internal */
  public _origin(): CopyOrigin {
    return { kind: 'stage', name: this.node.id };
  }

  /**
   * Adds what is only known when everything has been declared.
   * @internal
   */
  public _defer(steps: () => readonly Instruction[]): void {
    this.steps.push(steps);
  }

  /**
   * Has stages that start from it start from its base when nothing is in it.
   * @internal
   */
  public _passOverWhenEmpty(): void {
    this.passedOver = true;
  }

  /**
   * What those start from that are declared to start from this stage.
   * @internal
   */
  public _start(): BaseImage | Stage {
    return this.passedOver && this._instructions().length === 0 ? this._base : this;
  }

  /**
   * What this stage consists of, in order.
   * @internal
   */
  public _instructions(): Instruction[] {
    return this.steps.flatMap(step => typeof step === 'function' ? step() : [step]);
  }

  private addCopy(from: CopyOrigin | undefined, sources: string[], target: string, options: CopyOptions): void {
    must(sources.length > 0, 'COPY_SOURCES', `nothing to copy to '${target}'; name at least one source`, this);
    this.add({ kind: 'copy', from, sources: [...sources], parents: options.parents, ...this.copyData(target, options) });
  }

  private copyData(target: string, options: CopyOptions): CopyData {
    mustBeContainerPath(target, this);
    mustBeMode(options.mode, this);
    const { excludes, mode, link = false } = options;
    const spaced = excludes?.find(pattern => pattern === '' || /[\s"'$\\]/.test(pattern));
    must(spaced === undefined, 'COPY_EXCLUDE', `pattern '${spaced}' is empty or has a space, quote, backslash or '$', which --exclude does not carry`, this);
    return { target, owner: this.owner(target, options), mode, link, excludes: excludes && [...excludes] };
  }

  private owner(target: string, { userId, groupId }: WriteFileOptions): CopyData['owner'] {
    must((userId === undefined) === (groupId === undefined), 'COPY_OWNER', `copy to '${target}' has half an owner; give both userId and groupId`, this);
    if (userId === undefined || groupId === undefined) return undefined;
    mustBeUserId(userId, this);
    mustBeUserId(groupId, this);
    return { userId, groupId };
  }

  private runData(options: RunOptions): RunData {
    const mounts = options.mounts ?? [];
    mounts.forEach(mount => mount._from && this.origin(mount._from));
    for (const device of options.devices ?? []) must(/^[A-Za-z0-9_.:/=-]+$/.test(device), 'DEVICE', `device '${device}' is not a CDI name such as vendor.com/class=name`, this);
    return { mounts: mounts.map(mount => mount._data), network: options.network, security: options.insecure ? 'insecure' : undefined, devices: options.devices && [...options.devices] };
  }

  private add(instruction: Instruction): void {
    changeable(this).steps.push(instruction);
  }

  private origin(from: IStageSource): CopyOrigin {
    if (!(from instanceof BaseImage)) return this.sibling(from)._origin();
    must(referenceVariables(from.reference).length === 0, 'ARGUMENT_ORIGIN',
      `files cannot be taken from '${from.reference}': only FROM knows build arguments; declare a stage that starts from it, and take them from that`, this);
    return from._origin();
  }

  private sibling(from: IStageSource): Stage {
    must(from instanceof Stage && from.node.scope === this.node.scope && from !== this, 'STAGE_FOREIGN',
      `${from.label} is not another stage of this build; use one declared in '${this.node.scope?.node.path}', or an image`, this);
    return from;
  }
}

type Step = Instruction | (() => readonly Instruction[]);
