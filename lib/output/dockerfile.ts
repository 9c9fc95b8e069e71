import { posix } from 'node:path';
import { mountOption, originName } from './dockerfile-mounts';
import { json, jsonWithoutHereDocument, name, pathPattern, pathWords, value } from './dockerfile-words';
import { HEADER } from './header';
import type { BuildPlan, GlobalArgument, StagePlan } from '../build/build-plan';
import { probeCommand, type HealthCheckFacts, type ImageFacts, type ProbePrograms, type WritablePath } from '../build/image-facts';
import type { CopyData, Instruction, RunData } from '../build/instruction';
import { stageFacts } from '../build/stage-facts';
import { DIRECTORIES_STAGE, directoryFor, EMPTY_DIRECTORY } from '../build/stage-graph';
import { durationText } from '../primitives/durations';
import { sortedBy } from '../primitives/stable';

/** Starts a line that goes on the one before. */
const CONTINUED = ' \\\n    ';

/**
 * Prints a build as a Dockerfile.
 *
 * @param explain whether each instruction that has a reason is printed with it
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function printDockerfile(build: BuildPlan, facts: ImageFacts, explain: boolean = false): string {
  const stages = build.stages.map(stage => printStage(build, stage, facts, explain));
  const globals = build.globalArguments.map(argument => `${printArgument(argument)}\n`).join('');
  const start = [`syntax=${build.syntax}`, ...checkDirective(build), HEADER].map(line => `# ${line}\n`).join('');
  return [start, ...(globals === '' ? [] : [globals]), ...stages].join('\n');
}

/** @see https://docs.docker.com/reference/dockerfile/#check */
function checkDirective({ skippedChecks, failOnChecks }: BuildPlan): string[] {
  const parts = [...(skippedChecks.length > 0 ? [`skip=${skippedChecks.join(',')}`] : []), ...(failOnChecks ? ['error=true'] : [])];
  return parts.length > 0 ? [`check=${parts.join(';')}`] : [];
}

function printStage(build: BuildPlan, stage: StagePlan, facts: ImageFacts, explain: boolean): string {
  const base = stage.base.kind === 'image' ? stage.base.reference : stage.base.name;
  const lines = stage.instructions.flatMap(instruction => {
    const why = explain && instruction.why !== undefined ? [comment(instruction.why)] : [];
    return [...why, ...printInstruction(instruction, build, stage, facts)];
  });
  return [`FROM ${stage.platform === undefined ? '' : `--platform=${stage.platform} `}${base} AS ${stage.name}`, ...lines, ''].join('\n');
}

/** The lines of one instruction. */
function printInstruction(instruction: Instruction, build: BuildPlan, stage: StagePlan, facts: ImageFacts): string[] {
  switch (instruction.kind) {
    case 'runShell': return [`RUN ${[...runOptions(instruction), instruction.commands.join(' \\\n && ')].join(CONTINUED)}`];
    case 'runExec': return [`RUN ${[...runOptions(instruction), jsonWithoutHereDocument(instruction.command)].join(CONTINUED)}`];
    case 'runScript': return [hereDocument(`RUN ${runOptions(instruction).join(CONTINUED)}`.trimEnd(), instruction.script, '')];
    case 'copy': return [printCopy(instruction)];
    case 'addRemote': return [['ADD', ...remoteOptions(instruction), name(instruction.url), name(instruction.target)].join(' ')];
    case 'addArchive': return [['ADD', ...copyOptions(instruction), pathWords(instruction.sources.map(pathPattern), instruction.target)].join(' ')];
    case 'writeFile': return [hereDocument(['COPY', ...ownerAndMode(instruction)].join(' '), instruction.text, ` ${name(instruction.path)}`)];
    case 'environment': return [`ENV ${pairs(instruction.variables, instruction.expand).join(CONTINUED)}`];
    case 'labels': return [`LABEL ${pairs(instruction.labels, instruction.expand).join(CONTINUED)}`];
    case 'argument': return [printArgument(instruction)];
    case 'workingDirectory': return [`WORKDIR ${name(instruction.path)}`];
    case 'user': return [`USER ${instruction.userId}:${instruction.groupId}`];
    case 'expose': return [`EXPOSE ${instruction.port}${instruction.protocol === 'udp' ? '/udp' : ''}`];
    case 'volumes': return [`VOLUME ${json(instruction.paths)}`];
    case 'shell': return [`SHELL ${json(instruction.command)}`];
    case 'stopSignal': return [`STOPSIGNAL ${instruction.signal}`];
    case 'healthCheck': return printHealthCheck(instruction.check, facts);
    case 'noHealthCheck': return ['HEALTHCHECK NONE'];
    case 'writablePath': return printWritablePath(instruction.writable, build, stage);
    case 'entrypoint': return [`ENTRYPOINT ${json(instruction.command)}`];
    case 'command': return [`CMD ${json(instruction.command)}`];
    case 'onBuild': return [`ONBUILD ${instruction.trigger}`];
    case 'comment': return [comment(instruction.text)];
    case 'raw': return [instruction.text.replace(/\n+$/, '')];
  }
}

function printArgument(argument: GlobalArgument): string {
  return `ARG ${argument.name}${argument.value === undefined ? '' : `=${value(argument.value)}`}`;
}

function runOptions({ mounts, network, security, devices = [] }: RunData): string[] {
  return [
    ...mounts.map(mountOption),
    ...(network === undefined || network === 'default' ? [] : [`--network=${network}`]),
    ...(security === undefined ? [] : [`--security=${security}`]),
    ...devices.map(device => `--device=${device}`),
  ];
}

function printCopy(copy: Extract<Instruction, { kind: 'copy' }>): string {
  const options = [...(copy.from ? [`--from=${originName(copy.from)}`] : []), ...(copy.parents ? ['--parents'] : [])];
  const sources = copy.from ? copy.sources : copy.sources.map(pathPattern);
  return ['COPY', ...copyOptions(copy, options), pathWords(sources, copy.target)].join(' ');
}

function remoteOptions(add: Extract<Instruction, { kind: 'addRemote' }>): string[] {
  return copyOptions(add, [
    ...(add.checksum === undefined ? [] : [`--checksum=${add.checksum}`]),
    ...(add.keepGitDirectory ? ['--keep-git-dir=true'] : []),
    ...(add.unpack ? ['--unpack=true'] : []),
  ]);
}

function copyOptions(copy: CopyData, own: readonly string[] = []): string[] {
  return [...(copy.link ? ['--link'] : []), ...own, ...ownerAndMode(copy), ...(copy.excludes ?? []).map(pattern => `--exclude=${pattern}`)];
}

function ownerAndMode({ owner, mode }: Pick<CopyData, 'owner' | 'mode'>): string[] {
  return [...(owner ? [`--chown=${owner.userId}:${owner.groupId}`] : []), ...(mode === undefined ? [] : [`--chmod=${mode}`])];
}

/** A here-document whose word is quoted is taken as it is, `$` and backslashes included. The empty line after it is for hadolint, which needs one. */
function hereDocument(start: string, text: string, end: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  let word = 'EOF';
  while (lines.includes(word)) word += '_';
  return [`${start} <<'${word}'${end}`, ...lines, word, ''].join('\n');
}

function printHealthCheck(check: HealthCheckFacts, programs: ProbePrograms): string[] {
  const command = probeCommand(check, programs);
  if (!command) return [];
  const options = [
    `--interval=${durationText(check.intervalSeconds)}`,
    `--timeout=${durationText(check.timeoutSeconds)}`,
    `--start-period=${durationText(check.startPeriodSeconds)}`,
    ...(check.startPeriodSeconds > 0 ? ['--start-interval=1s'] : []),
    `--retries=${check.retries}`,
  ];
  return [`HEALTHCHECK ${options.join(' ')}${CONTINUED}CMD ${json(command)}`];
}

/** The directory is copied: that needs no shell. Missing parents come first, without owner, so that they stay root's. */
function printWritablePath(writable: WritablePath, build: BuildPlan, stage: StagePlan): string[] {
  const facts = stageFacts(build, stage);
  const [userId, groupId] = [writable.userId ?? facts.userId, writable.groupId ?? facts.groupId];
  const owner = userId === undefined || groupId === undefined ? '' : ` --chown=${userId}:${groupId}`;
  const [from, parent] = [posix.dirname(directoryFor(writable.path)), posix.dirname(writable.path)];
  return [
    ...(parent === '/' ? [] : [`COPY --from=${DIRECTORIES_STAGE} ${pathWords([EMPTY_DIRECTORY], parent)}`]),
    `COPY --from=${DIRECTORIES_STAGE}${owner} --chmod=${writable.mode ?? '0700'} ${pathWords([from], parent)}`,
  ];
}

function pairs(record: Readonly<Record<string, string>>, expand: boolean = false): string[] {
  return sortedBy(Object.entries(record), ([key]) => key).map(([key, text]) => `${key}=${value(text, expand)}`);
}

function comment(text: string): string {
  return text.trim().split('\n').map(line => `# ${line}`.trimEnd()).join('\n');
}
