import { spawnSync } from 'node:child_process';
import { Exit } from './command-fault';
import { columns } from './terminal';

/** What one look at the machine found. */
export interface Diagnosis {
  readonly what: string;
  /** Version, or what is there instead. */
  readonly found: string;
  /** What does not work because of it, and what to do; nothing when all does. */
  readonly problem?: string;
}

/** How a program answers; nothing when it cannot be run. */
export type Ask = (program: string, ...args: string[]) => ProgramAnswer | undefined;

interface ProgramAnswer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The health checks of compose files have a `start_interval`. @see https://docs.docker.com/engine/release-notes/25.0/ */
const ENGINE = { least: [25, 0, 0], link: 'https://docs.docker.com/engine/release-notes/25.0/' };
/** The one that goes with that engine: older ones ask for another version of it. @see https://github.com/docker/compose/releases/tag/v2.24.1 */
const COMPOSE = { least: [2, 24, 1], link: 'https://github.com/docker/compose/releases/tag/v2.24.1' };
const BUILDX_LINK = 'https://docs.docker.com/build/buildkit/';
const INSTALL = 'https://docs.docker.com/engine/install/';

/** Says whether what comes after a synth will work on this machine. */
export function doctor(): number {
  const found = diagnose(askProgram);
  const bad = found.filter(({ problem }) => problem !== undefined);
  process.stdout.write([
    ...columns(found.map(({ what, found: version, problem }) => [problem === undefined ? 'ok' : 'bad', what, version])),
    ...bad.flatMap(({ what, problem }) => ['', `${what}: ${problem}`]),
    '',
  ].join('\n'));
  return bad.length === 0 ? Exit.DONE : Exit.FAILED;
}

/** Looks at the engine, buildx and compose. */
export function diagnose(ask: Ask): Diagnosis[] {
  const client = ask('docker', 'version', '--format', '{{.Client.Version}}');
  if (client === undefined) {
    return [{ what: 'docker', found: 'not found', problem: `images cannot be built and applications cannot be started; synth works without. Install Docker: ${INSTALL}` }];
  }
  return [engine(ask), buildx(ask), compose(ask)];
}

function engine(ask: Ask): Diagnosis {
  const what = 'engine';
  const answer = ask('docker', 'version', '--format', '{{.Server.Version}} {{.Server.Os}}');
  const [version, system] = answer?.status === 0 ? answer.stdout.trim().split(' ') : [];
  if (version === undefined) {
    const reason = answer?.stderr.trim().split('\n').at(-1) ?? '';
    return { what, found: 'no answer', problem: `nothing can be built or started (${reason}); start the engine, or say where it is with DOCKER_HOST or 'docker context use'` };
  }
  if (system !== 'linux') return { what, found: `${version}, ${system}`, problem: `the images are for Linux, and this engine runs ${system} containers; switch it to Linux containers` };
  const problem = `compose refuses health checks with 'start_interval' before ${ENGINE.least.join('.')}, and every compose.yaml may have them; update the engine: ${ENGINE.link}`;
  return { what, found: version, problem: isOlder(version, ENGINE.least) ? problem : undefined };
}

function buildx(ask: Ask): Diagnosis {
  const answer = ask('docker', 'buildx', 'version');
  const version = answer?.status === 0 ? /\bv?(\d+\.\d+\.\d\S*)/.exec(answer.stdout)?.[1] : undefined;
  const problem = `docker build falls back to the builder without BuildKit, which knows no RUN --mount and no COPY <<EOF; install the plugin buildx: ${BUILDX_LINK}`;
  return { what: 'buildx', found: version ?? 'not found', problem: version === undefined ? problem : undefined };
}

function compose(ask: Ask): Diagnosis {
  const what = 'compose';
  const answer = ask('docker', 'compose', 'version', '--short');
  const version = answer?.status === 0 ? answer.stdout.trim().replace(/^v/, '') : undefined;
  if (version === undefined) {
    return { what, found: 'not found', problem: 'wheelhouse up and down do not work, nor any compose.yaml; install the plugin: https://docs.docker.com/compose/install/linux/' };
  }
  const problem = `health checks with 'start_interval' are judged wrongly before ${COMPOSE.least.join('.')}; update compose: ${COMPOSE.link}`;
  return { what, found: version, problem: isOlder(version, COMPOSE.least) ? problem : undefined };
}

function isOlder(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(part => parseInt(part, 10) || 0);
  const at = least.findIndex((part, index) => (parts[index] ?? 0) !== part);
  return at >= 0 && (parts[at] ?? 0) < least[at];
}

const askProgram: Ask = (program, ...args) => {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 });
  return error ? undefined : { status, stdout, stderr };
};
