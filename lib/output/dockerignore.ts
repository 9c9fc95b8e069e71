import { HEADER } from './header';
import type { BuildPlan } from '../build/build-plan';
import { ignoreList } from '../build/ignore-list';

/**
 * Prints the ignore file that lies beside a Dockerfile.
 *
 * @see https://docs.docker.com/build/concepts/context/#filename-and-location
 */
export function printDockerignore(build: BuildPlan, leftOut: readonly string[]): string {
  return [`# ${HEADER}`, ...ignoreList(build.sourcePaths, leftOut), ''].join('\n');
}
