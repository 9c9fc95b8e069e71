/** The source of Python where python.org is not reachable: Debian's copy of the same archive, served to builds. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../declare';
import { succeed } from './engine';

const VERSION = '3.13.5';

/** Something that builds can load, until it is stopped. */
export interface SourceServer {
  /** A text that names python.org, with what is reachable in its place. */
  readonly reachable: (text: string) => string;
  readonly stop: () => void;
}

/** Serves the archive of one release under the path that it has on python.org; where there is a way out, python.org does. */
export function serveSource(): SourceServer {
  const index = process.env.TESTBED_INDEX;
  if (!index) return { reachable: text => text, stop: () => undefined };
  const root = folder();
  const directory = join(root, 'ftp/python', VERSION);
  mkdirSync(directory, { recursive: true });
  const [mirror] = succeed('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']).split('\n');
  const archive = `${mirror}pool/main/p/python3.13/python3.13_${VERSION}.orig.tar.xz`;
  succeed('curl', ['--silent', '--show-error', '--fail', '--output', join(directory, `Python-${VERSION}.tar.xz`), archive]);
  const { hostname } = new URL(index);
  const port = 20_000 + process.pid % 10_000;
  const server = spawn('python3', ['-m', 'http.server', '--bind', hostname, '--directory', root, `${port}`], { stdio: 'ignore' });
  const address = `http://${hostname}:${port}`;
  succeed('curl', ['--silent', '--fail', '--noproxy', '*', '--retry', '20', '--retry-delay', '1', '--retry-all-errors', '--output', '/dev/null', address]);
  return { reachable: text => text.replaceAll('https://www.python.org', address), stop: () => server.kill() };
}
