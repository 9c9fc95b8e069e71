import type { SourceDirectory } from '../build/source-directory';
import { printDockerfile } from '../output/dockerfile';
import { printDockerignore } from '../output/dockerignore';
import { writeFolder } from '../output/writer';
import { LOCK_STAGE, type RequirementsLock } from '../python/requirements-lock';

/** What the command needs to know to make strict requirements. */
export interface LockAnswer {
  readonly id: string;
  /** Path of the construct. */
  readonly path: string;
  /** Absolute path of the Dockerfile, and of its context. */
  readonly dockerfile: string;
  readonly root: string;
  /** Stage whose result is never taken from a cache. */
  readonly stage: string;
  /** Strict file from the root, and in what the build exports. */
  readonly strict: string;
  readonly exported: string;
  /** Files that it is made from, from the root. */
  readonly inputs: readonly string[];
}

/** Writes the Dockerfile of a lock into a folder of its own below `directory`. */
export function answerLock(lock: RequirementsLock, directory: string, source: SourceDirectory): LockAnswer {
  const { strict, inputs } = lock._lock();
  const { build, facts } = lock._plan();
  const folder = `${directory}/${lock.node.path.replace(/\//g, '-')}`;
  writeFolder(folder, [
    { path: 'Dockerfile', content: printDockerfile(build!, facts), executable: false },
    { path: 'Dockerfile.dockerignore', content: printDockerignore(build!, source.leftOut), executable: false },
  ], []);
  return { id: lock.node.id, path: lock.node.path, dockerfile: `${folder}/Dockerfile`, root: source.path, stage: LOCK_STAGE, strict, exported: lock.strict, inputs };
}
