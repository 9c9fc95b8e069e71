/** Builds, changes and starts one variant, with a watch in hand. */
import { spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, readdirSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import type { Subject, Variant } from './variants';
import { docker } from '../../test/e2e/engine';
import { useIndex } from '../../test/e2e/uv-on-test-bed';

/** Until when a container has to answer, in milliseconds. */
const PATIENCE = 30_000;

/** Seconds of one build. */
export function build({ tag, dockerfile, context }: Variant, ...options: string[]): number {
  const begun = performance.now();
  docker('buildx', 'build', '--quiet', ...options, '--tag', tag, '--file', dockerfile, context);
  return (performance.now() - begun) / 1000;
}

/** Megabytes that an image adds to its base, as the engine counts them. */
export function sizeAboveBase({ tag, base }: Variant): number {
  const [image, below] = [tag, base].map(reference => Number(docker('image', 'inspect', '--format', '{{.Size}}', reference)));
  return (image - below) / 1e6;
}

/** An edit that nobody has built before. */
export function editSource({ source }: Variant, note: string): void {
  appendFileSync(join(source, 'app.py'), `\n# ${note}\n`);
}

/** The project as it is, or with one more dependency; never the same bytes twice. */
export function setDependencies({ source }: Variant, subject: Subject, state: 'app' | 'added', note: string): void {
  const from = join('bench/images', subject.name, state);
  for (const file of readdirSync(from).filter(name => name !== 'app.py')) {
    copyFileSync(join(from, file), join(source, file));
    appendFileSync(join(source, file), `# ${note}\n`);
  }
  useIndex(join(source, 'uv.lock'));
}

/** Seconds from `docker run` to the first page, hardened as deployments are. */
export async function start({ tag, options, command }: Variant, port: number): Promise<number> {
  const name = `wheelhouse-bench-${port}`;
  const args = [
    'run', '--detach', '--name', name, '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--publish', `127.0.0.1:${port}:8000`,
    ...options, tag, ...command,
  ];
  try {
    const begun = performance.now();
    const client = spawn('docker', args, { stdio: 'ignore' });
    while (!await answers(port)) {
      if (performance.now() - begun > PATIENCE) throw new Error(`${tag} does not answer\n${docker('logs', name)}`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    const seconds = (performance.now() - begun) / 1000;
    if (client.exitCode === null) await new Promise(resolve => client.once('exit', resolve));
    return seconds;
  } finally {
    docker('rm', '--force', name);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const request = get({ host: '127.0.0.1', port, path: '/', agent: false }, response => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}
