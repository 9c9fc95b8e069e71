/** Runs the command in this process. */
import { main } from '../lib/cli/main';

/** What it answered and wrote. */
export interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function wheelhouse(...args: string[]): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map(name => jest.spyOn(process[name], 'write').mockImplementation(text => {
    said[name] += text;
    return true;
  }));
  try {
    return { status: await main(['node', 'wheelhouse', ...args]), ...said };
  } finally {
    streams.forEach(stream => stream.mockRestore());
  }
}
