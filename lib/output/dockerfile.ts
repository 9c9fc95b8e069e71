import { posix } from 'node:path';
import { HEADER } from './header';
import type { BuildPlan, StagePlan } from '../build/build-plan';
import { probeCommand, type HealthCheckFacts, type ImageFacts, type WritablePath } from '../build/image-facts';
import type { Instruction } from '../build/instruction';
import type { MountData } from '../build/mount';
import { stageFacts } from '../build/stage-facts';
import { DIRECTORIES_STAGE, directoryFor, EMPTY_DIRECTORY } from '../build/stage-graph';
import { durationText } from '../primitives/durations';
import { sortedBy } from '../primitives/stable';

/** Starts a line that goes on the one before. */
const CONTINUED = ' \\\n    ';

/**
 * Prints a build as a Dockerfile.
 *
 * @see https://docs.docker.com/reference/dockerfile/
 */
export function printDockerfile(build: BuildPlan, facts: ImageFacts): string {
  const stages = build.stages.map(stage => printStage(build, stage, facts));
  return `# syntax=docker/dockerfile:1\n# ${HEADER}\n\n${stages.join('\n')}`;
}

function printStage(build: BuildPlan, stage: StagePlan, facts: ImageFacts): string {
  const base = stage.base.kind === 'image' ? stage.base.reference : stage.base.name;
  const lines = stage.instructions.flatMap(instruction => printInstruction(instruction, build, stage, facts));
  return [`FROM ${base} AS ${stage.name}`, ...lines, ''].join('\n');
}

function printInstruction(instruction: Instruction, build: BuildPlan, stage: StagePlan, facts: ImageFacts): string[] {
  switch (instruction.kind) {
    case 'runShell': return [`RUN ${[...instruction.mounts.map(printMount), instruction.commands.join(' \\\n && ')].join(CONTINUED)}`];
    case 'runExec': return [`RUN ${[...instruction.mounts.map(printMount), json(instruction.command)].join(CONTINUED)}`];
    case 'copy': return [printCopy(instruction)];
    case 'writeFile': return [printFile(instruction.path, instruction.text, instruction.mode)];
    case 'environment': return [`ENV ${variables(instruction.variables).join(CONTINUED)}`];
    case 'argument': return [`ARG ${instruction.name}${instruction.value === undefined ? '' : `=${value(instruction.value)}`}`];
    case 'workingDirectory': return [`WORKDIR ${instruction.path}`];
    case 'user': return [`USER ${instruction.userId}:${instruction.groupId}`];
    case 'expose': return [`EXPOSE ${instruction.port}`];
    case 'stopSignal': return [`STOPSIGNAL ${instruction.signal}`];
    case 'healthCheck': return printHealthCheck(instruction.check, facts.interpreter);
    case 'writablePath': return printWritablePath(instruction.writable, build, stage);
    case 'entrypoint': return [`ENTRYPOINT ${json(instruction.command)}`];
    case 'command': return [`CMD ${json(instruction.command)}`];
    case 'raw': return [instruction.text.replace(/\n+$/, '')];
  }
}

function printMount(mount: MountData): string {
  switch (mount.type) {
    case 'cache': return `--mount=type=cache,target=${mount.target}${mount.sharing === undefined ? '' : `,sharing=${mount.sharing}`}`;
    case 'bind': return `--mount=type=bind,source=${mount.source},target=${mount.target}`;
  }
}

function printCopy(copy: Extract<Instruction, { kind: 'copy' }>): string {
  const options = [
    ...(copy.link ? ['--link'] : []),
    ...(copy.from ? [`--from=${copy.from.kind === 'stage' ? copy.from.name : copy.from.reference}`] : []),
    ...(copy.owner ? [`--chown=${copy.owner.userId}:${copy.owner.groupId}`] : []),
    ...(copy.mode === undefined ? [] : [`--chmod=${copy.mode}`]),
  ];
  // several sources need a directory as their target, which the trailing slash says
  const target = copy.sources.length > 1 && copy.target !== '/' ? `${copy.target}/` : copy.target;
  const paths = [...copy.sources, target];
  return ['COPY', ...options, paths.every(isPlainWord) ? paths.join(' ') : json(paths)].join(' ');
}

/** A here-document whose word is quoted is taken as it is, `$` and backslashes included. */
function printFile(path: string, text: string, mode: string | undefined): string {
  const lines = text.replace(/\n$/, '').split('\n');
  let word = 'EOF';
  while (lines.includes(word)) word += '_';
  const target = isPlainWord(path) ? path : json([path]).slice(1, -1);
  return [`COPY${mode === undefined ? '' : ` --chmod=${mode}`} <<'${word}' ${target}`, ...lines, word].join('\n');
}

function printHealthCheck(check: HealthCheckFacts, interpreter: string | undefined): string[] {
  const command = probeCommand(check, interpreter);
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
    ...(parent === '/' ? [] : [`COPY --from=${DIRECTORIES_STAGE} ${EMPTY_DIRECTORY} ${parent}`]),
    `COPY --from=${DIRECTORIES_STAGE}${owner} --chmod=${writable.mode ?? '0700'} ${from} ${parent}`,
  ];
}

function variables(record: Readonly<Record<string, string>>): string[] {
  return sortedBy(Object.entries(record), ([name]) => name).map(([name, text]) => `${name}=${value(text)}`);
}

/** A value of ENV or ARG: quoted, and without the meaning that `$`, `"` and backslash have in quotes. */
function value(text: string): string {
  return isPlainWord(text) ? text : `"${text.replace(/["$\\]/g, '\\$&')}"`;
}

function json(words: readonly string[]): string {
  return `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
}

function isPlainWord(text: string): boolean {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text);
}
