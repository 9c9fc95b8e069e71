import { posix } from 'node:path';
import { readDockerfile, shellWords, unquoted, type ReadInstruction } from './read-dockerfile';
import { outermost, sourcePath, type SourcePattern } from './source-pattern';
import { sha256, sortedBy } from '../primitives/stable';

/** One instruction that the engine carries out and keeps the result of. ENV, USER, CMD and the like make no step: they only change others. */
export interface LayerStep {
  /** Name of the stage that it is in. */
  readonly stage: string;
  /** The instruction on one line, such as `COPY app /app`; of a here-document only the word. */
  readonly instruction: string;
  /** Paths of the source tree that it reads itself. */
  readonly sourcePaths: string[];
  /** Names of the stages that it takes files from. */
  readonly stages: string[];
  /** Paths of the source tree that rebuild it: those that it reads, and those of every step that it builds on. */
  readonly rebuiltBy: string[];
}

/** One FROM and the steps that follow it. */
export interface LayerStage {
  readonly name: string;
  /** Reference of an image, or name of a stage. */
  readonly base: string;
  readonly startsFromStage: boolean;
  /** Stages and images that its steps take files from, each once. */
  readonly takesFrom: readonly { readonly name: string; readonly isStage: boolean }[];
  readonly steps: readonly PlannedStep[];
}

/** A step, and what it depends on. */
export interface PlannedStep {
  readonly step: LayerStep;
  /** The same for two steps that share a place in the engine's cache, when no file differs. */
  readonly key: string;
  /** All paths that rebuild it. */
  readonly reads: readonly SourcePattern[];
}

type Variables = Readonly<Record<string, string>>;

/** What the instructions so far mean for the next one. */
interface State {
  readonly key: string;
  readonly reads: readonly SourcePattern[];
  readonly environment: Variables;
  readonly user: string;
  readonly shell: string;
  readonly triggers: readonly ReadInstruction[];
}

interface ReadStage extends LayerStage {
  readonly end: State;
}

/** A stage, or else an image. */
interface Origin {
  readonly name: string;
  readonly stage?: ReadStage;
}

/**
 * A stage and those that it needs, in the order of the Dockerfile. The engine leaves the others out.
 *
 * @param target name of the stage that is the image; without it, it is the last
 */
export function readLayers(dockerfile: string, target?: string): LayerStage[] {
  const instructions = readDockerfile(dockerfile);
  const starts = instructions.flatMap(({ keyword }, index) => keyword === 'FROM' ? [index] : []);
  const globals = instructions.slice(0, starts[0]).reduce((known: Variables, { rest }) => ({ ...known, ...variables(rest, known) }), {});
  const stages: ReadStage[] = [];
  for (const [index, start] of starts.entries()) {
    stages.push(readStage(instructions[start], instructions.slice(start + 1, starts[index + 1]), stages, globals));
  }
  const needed = new Set([target ?? stages.at(-1)?.name]);
  for (const stage of [...stages].reverse()) {
    if (needed.has(stage.name)) neededBy(stage).forEach(name => needed.add(name));
  }
  return stages.filter(stage => needed.has(stage.name));
}

function neededBy(stage: LayerStage): string[] {
  return [...(stage.startsFromStage ? [stage.base] : []), ...stage.takesFrom.flatMap(({ name, isStage }) => isStage ? [name] : [])];
}

function readStage(from: ReadInstruction, own: readonly ReadInstruction[], before: readonly ReadStage[], globals: Variables): ReadStage {
  const [reference, , name = `stage-${before.length}`] = expanded(from.rest, globals).split(/\s+/);
  const base = stageCalled(reference, before);
  const start: State = base?.end ?? { key: sha256(expanded(from.flags.join(), globals) + reference), reads: [], environment: {}, user: '', shell: '', triggers: [] };
  const steps: PlannedStep[] = [];
  const takesFrom = new Map<string, Origin>();
  let state: State = { ...start, triggers: [] };
  for (const instruction of [...start.triggers, ...own]) {
    if (!STEPS.includes(instruction.keyword)) {
      state = changed(state, instruction, globals);
      continue;
    }
    const origins = originsOf(instruction, before);
    for (const origin of origins) takesFrom.set(origin.name, origin);
    const step = planStep(name.toLowerCase(), instruction, state, origins.flatMap(({ stage }) => stage ?? []));
    steps.push(step);
    state = { ...state, key: step.key, reads: step.reads };
  }
  return {
    name: name.toLowerCase(),
    base: base?.name ?? reference,
    startsFromStage: base !== undefined,
    takesFrom: [...takesFrom.values()].map(origin => ({ name: origin.name, isStage: origin.stage !== undefined })),
    steps,
    end: state,
  };
}

/** Instructions that the engine carries out; the others only change what these do. */
const STEPS = ['ADD', 'COPY', 'RUN', 'WORKDIR'];

function planStep(stage: string, instruction: ReadInstruction, state: State, from: readonly ReadStage[]): PlannedStep {
  const sources = sourcesOf(instruction, state.environment);
  const reads = [...sources, ...state.reads, ...from.flatMap(({ end }) => end.reads)];
  const step: LayerStep = {
    stage,
    instruction: instruction.text,
    sourcePaths: outermost(sources),
    stages: from.map(({ name }) => name),
    rebuiltBy: outermost(reads),
  };
  return { step, reads, key: sha256(JSON.stringify([state.key, from.map(({ end }) => end.key), ...meaning(instruction, state, from)])) };
}

/** What of the instruction and of those before it the engine looks at, besides files. Names of stages mean nothing to it. */
function meaning({ keyword, text, rest, documents }: ReadInstruction, state: State, from: readonly ReadStage[]): unknown[] {
  const nameless = from.reduce((left, { name }) => left.replace(`from=${name}`, 'from='), text);
  switch (keyword) {
    case 'RUN': return [nameless, documents, sortedBy(Object.entries(state.environment), ([name]) => name), state.user, rest.startsWith('[') ? '' : state.shell];
    case 'WORKDIR': return [expanded(nameless, state.environment), state.user];
    default: return [expanded(nameless, state.environment), documents];
  }
}

/** Instructions that make no step, and change what later ones do. */
function changed(state: State, instruction: ReadInstruction, globals: Variables): State {
  const { keyword, rest } = instruction;
  switch (keyword) {
    case 'ENV': return { ...state, environment: { ...state.environment, ...variables(rest, state.environment) } };
    case 'ARG': return { ...state, environment: { ...variables(rest, state.environment, globals), ...state.environment } };
    case 'USER': return { ...state, user: expanded(rest, state.environment) };
    case 'SHELL': return { ...state, shell: rest };
    case 'ONBUILD': return { ...state, triggers: [...state.triggers, ...readDockerfile(`${rest}\n${instruction.documents}`).map(asTrigger)] };
    default: return state;
  }
}

function asTrigger(instruction: ReadInstruction): ReadInstruction {
  return { ...instruction, text: `ONBUILD ${instruction.text}` };
}

/** Of ENV and ARG: `A=1 B="2 3"`, `A 1`, and `A`, which takes the value that it has among `defaults`. */
function variables(rest: string, known: Variables, defaults: Variables = {}): Record<string, string> {
  const words = shellWords(rest);
  if (words.length > 1 && !words[0].includes('=')) return { [words[0]]: expanded(rest.slice(words[0].length).trim(), known) };
  return Object.fromEntries(words.flatMap(word => {
    const [, name, value] = /^([^=]+)(?:=(.*))?$/s.exec(word) ?? ['', word];
    const given = value === undefined ? defaults[name] : unquoted(expanded(value, known));
    return given === undefined ? [] : [[name, given]];
  }));
}

/** With the variables that are known; those in single quotes are left as they are. */
function expanded(text: string, known: Variables): string {
  return text.replace(/\\.|'[^']*'|\$(\w+)|\$\{(\w+)\}/gs, (whole, plain?: string, braced?: string) => known[plain ?? braced ?? ''] ?? whole);
}

/** Where an instruction takes files from, other than the context. */
function originsOf({ keyword, flags }: ReadInstruction, before: readonly ReadStage[]): Origin[] {
  const given = flags.flatMap(([flag, value]) => {
    if (keyword === 'RUN' && flag === 'mount') return mountOptions(value).from ?? [];
    return keyword === 'COPY' && flag === 'from' ? [value] : [];
  });
  return given.map(name => {
    const stage = stageCalled(name, before);
    return { name: stage?.name ?? name, stage };
  });
}

function stageCalled(name: string, before: readonly ReadStage[]): ReadStage | undefined {
  return before.find(stage => stage.name === name.toLowerCase()) ?? (/^\d+$/.test(name) ? before[Number(name)] : undefined);
}

function mountOptions(value: string): Record<string, string | undefined> {
  return Object.fromEntries(value.split(',').map(option => {
    const [name, ...rest] = option.split('=');
    return [name, rest.join('=')];
  }));
}

function sourcesOf({ keyword, flags, rest }: ReadInstruction, environment: Variables): SourcePattern[] {
  if (keyword === 'RUN') {
    const mounts = flags.filter(([flag]) => flag === 'mount').map(([, value]) => mountOptions(value));
    return mounts.filter(mount => (mount.type ?? 'bind') === 'bind' && mount.from === undefined)
      .map(mount => sourcePath(inContext(mount.source ?? mount.src ?? '.')));
  }
  if (keyword === 'WORKDIR' || flags.some(([flag]) => flag === 'from')) return [];
  const excludes = flags.filter(([flag]) => flag === 'exclude').map(([, value]) => value);
  const words = copiedWords(rest);
  return words.slice(0, -1).filter(word => !word.startsWith('<<')).map(word => unquoted(expanded(word, environment)))
    .filter(word => !/^[a-z]+:\/\/|^git@/.test(word)).map(word => sourcePath(inContext(word), excludes));
}

/** Words of COPY or ADD, the target last. */
function copiedWords(rest: string): string[] {
  try {
    return rest.startsWith('[') ? JSON.parse(rest) : shellWords(rest);
  } catch {
    return shellWords(rest);
  }
}

/** Without what does not tell two paths apart. */
function inContext(path: string): string {
  return posix.normalize(path).replace(/^\/+|\/+$/g, '') || '.';
}
