/** uv where there is no registry and no other index than the test bed's. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { docker, tryDocker } from './engine';

/** What committed projects and locks name. */
const EXAMPLE = 'https://packages.example.com/simple';
const UV = 'ghcr.io/astral-sh/uv';

/** Gives the one release of uv that the test bed has the tag that a Dockerfile asks for. */
export function provideUv(dockerfile: string): void {
  const [, tag] = new RegExp(`^FROM ${UV}:(\\S+)`, 'm').exec(readFileSync(dockerfile, 'utf8'))!;
  if (process.env.TESTBED_INDEX && tryDocker('image', 'inspect', `${UV}:${tag}`).status !== 0) docker('tag', `${UV}:latest`, `${UV}:${tag}`);
}

/** Has a project and its lock name the index that there is, instead of the one that is only an example. Versions and hashes stay. */
export function useIndex(lock: string): void {
  const index = process.env.TESTBED_INDEX;
  if (!index) throw new Error('the projects here name an index that is only an example: set TESTBED_INDEX to the address of one, which ends in /simple');
  const project = join(dirname(lock), 'pyproject.toml');
  writeFileSync(project, readFileSync(project, 'utf8').replaceAll(EXAMPLE, index));
  let name = '';
  const lines = readFileSync(lock, 'utf8').split('\n').map(line => {
    name = /^name = "(.*)"$/.exec(line)?.[1] ?? name;
    return line.replaceAll(EXAMPLE, index)
      .replace(/https:\/\/packages\.example\.com\/files\/[^"]*\/([^"/]+)"/g, (_, file) => `${index.replace(/simple$/, 'files')}/${name}/${file}"`);
  });
  writeFileSync(lock, lines.join('\n'));
}
