import { dirname, relative } from 'node:path/posix';
import { IGNORED_PATTERNS, ignorePattern } from '../../build/ignore-list';
import type { DevelopmentFacts } from '../../build/image-facts';
import type { IRenderContext } from '../../output/file-target';
import { compact } from '../../primitives/stable';

/**
 * What `docker compose watch` does when a file changes, with paths from the file. Known to compose 2.23 and newer: 2.22 cannot start
 * a container again, and 2.26 has no `include` that would say what a process notices itself.
 *
 * @see https://docs.docker.com/reference/compose-file/develop/
 */
export function composeDevelop(facts: DevelopmentFacts, context: IRenderContext): object {
  return { watch: [...syncRules(facts, context), ...rebuildRules(facts, context)] };
}

function syncRules(facts: DevelopmentFacts, context: IRenderContext): object[] {
  const { source, target, noticed = [], rebuildFiles, rebuildDirectories = [] } = facts;
  if (source === undefined || target === undefined) return [];
  const place = { path: fromFile(source, context), target };
  // a later pattern wins; what builds the image again is not copied before
  const elsewhere = [...rebuildFiles, ...rebuildDirectories, dirname(context.directory), ...context.ignored];
  const never = [...IGNORED_PATTERNS, ...elsewhere.flatMap(path => patternWithin(source, path))];
  const others = { ...place, action: 'sync+restart', ignore: [...noticed, ...never].map(literal) };
  if (noticed.length === 0) return [others];
  return [{ ...place, action: 'sync', ignore: ['**', ...noticed.map(pattern => `!${pattern}`), ...never].map(literal) }, others];
}

function rebuildRules({ rebuildFiles, rebuildDirectories = [] }: DevelopmentFacts, context: IRenderContext): object[] {
  const rule = (path: string, ignore?: readonly string[]) => compact({ path: fromFile(path, context), action: 'rebuild', ignore });
  const leftOut = [dirname(context.directory), ...context.ignored];
  return [
    ...rebuildFiles.map(path => rule(path)),
    ...rebuildDirectories.map(path => rule(path, [...IGNORED_PATTERNS, ...leftOut.flatMap(left => patternWithin(path, left)).map(literal)])),
  ];
}

/** A path of the source tree, from the directory of the file. */
function fromFile(path: string, { root }: IRenderContext): string {
  return literal(path === '.' ? root : `${root}/${path}`);
}

/** The pattern of a path in a directory, as seen from there; none for what is elsewhere. */
function patternWithin(directory: string, path: string): string[] {
  const inside = relative(directory, path);
  return inside === '' || inside.split('/')[0] === '..' ? [] : [ignorePattern(inside)];
}

/** A dollar sign that begins no variable. */
function literal(text: string): string {
  return text.replace(/\$/g, '$$$$');
}
