/** Finds a container engine for the end-to-end tests, or starts one, before any of them runs. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** Folder with `up`, a script that starts an engine where there is none and prints the variables to reach it. */
const TESTBED = resolve(process.env.WHEELHOUSE_TESTBED ?? '../shared/testbed');

export default function setUp(): void {
  if (hasEngine()) {
    if (process.env.TESTBED_INDEX) process.env.WHEELHOUSE_TESTBED = TESTBED;
    return say('using the container engine that is there');
  }
  if (existsSync(`${TESTBED}/up`)) {
    say(`no container engine answers: starting one with ${TESTBED}/up`);
    takeEnvironment(execFileSync(`${TESTBED}/up`, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
    process.env.WHEELHOUSE_TESTBED = TESTBED;
    if (process.env.TESTBED_FRONTEND !== '1') throw new Error('the engine has no docker/dockerfile:1 image: see .ci/install-dockerfile-frontend');
    return;
  }
  if (process.env.CI) throw new Error('no container engine answers, and in CI no end-to-end test may be skipped');
  process.env.WHEELHOUSE_E2E_SKIP = 'no container engine answers (`docker version` fails)';
  say(`*** EVERY END-TO-END TEST IS SKIPPED: ${process.env.WHEELHOUSE_E2E_SKIP} ***`);
}

function hasEngine(): boolean {
  return spawnSync('docker', ['version'], { stdio: 'ignore' }).status === 0;
}

/** Takes over what `export NAME=value` lines in `script` set. */
function takeEnvironment(script: string): void {
  const printed = execFileSync('bash', ['-c', `${script}\nenv -0`], { encoding: 'utf8' });
  for (const entry of printed.split('\0').filter(Boolean)) {
    const [name, ...value] = entry.split('=');
    if (/^(DOCKER_|TESTBED_|PATH$)/.test(name)) process.env[name] = value.join('=');
  }
}

function say(line: string): void {
  process.stderr.write(`\n${line}\n`);
}
