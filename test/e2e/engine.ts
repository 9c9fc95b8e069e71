/** The real engine, as the end-to-end tests use it. */
import { spawnSync } from 'node:child_process';

/** What a finished command said. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `describe`, or `describe.skip` where there is no engine (the setup has said so; in CI it has failed). */
export function onEngine(): jest.Describe {
  return process.env.WHEELHOUSE_E2E_SKIP ? describe.skip : describe;
}

/** Describes what needs an engine. */
export function describeOnEngine(name: string, tests: () => void): void {
  onEngine()(name, tests);
}

/** Runs `docker` and answers, whatever its exit code. */
export function tryDocker(...args: string[]): Outcome {
  return run('docker', args);
}

/** Runs `docker` and answers with its trimmed standard output; fails with its whole output when it fails. */
export function docker(...args: string[]): string {
  return succeed('docker', args);
}

/** Runs a command and answers, whatever its exit code. */
export function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, env: { ...process.env, ...env } });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** Runs a command that has to succeed. */
export function succeed(command: string, args: string[], env: NodeJS.ProcessEnv = {}): string {
  const outcome = run(command, args, env);
  if (outcome.status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${outcome.status}\n${outcome.stdout}${outcome.stderr}`);
  return outcome.stdout.trim();
}

/** Asks for a page, for up to 20 seconds until somebody answers, or sends something, once: twice could be done twice. `options` are curl's. */
export function request(url: string, ...options: string[]): { status: number; type: string; body: string } {
  const format = '\\n%{http_code} %{content_type}';
  const sends = options.some(option => /^--(json|form|data)/.test(option));
  const patience = sends ? ['--max-time', '60'] : ['--max-time', '10', '--retry', '20', '--retry-delay', '1', '--retry-all-errors'];
  const said = succeed('curl', ['--silent', '--show-error', '--noproxy', '*', ...patience, '--output', '-', '--write-out', format, ...options, url]);
  const at = said.lastIndexOf('\n');
  const [, status, type] = /^(\d+) ?(.*)$/.exec(said.slice(at + 1))!;
  return { status: Number(status), type, body: said.slice(0, at) };
}
