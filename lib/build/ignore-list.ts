import { sortedUnique } from '../primitives/stable';

/** Names that no image needs, wherever they are: caches, version control, virtual environments, local secrets, what aws-cdk and cdktf write. */
const IGNORED_NAMES = ['.DS_Store', '.env', '.git', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.venv', '__pycache__', 'cdk.out', 'cdktf.out', 'node_modules'];

/** Patterns of those names, wherever they are. */
export const IGNORED_PATTERNS: readonly string[] = [...IGNORED_NAMES, '*.pyc'].map(name => `**/${name}`);

/** Whether files and directories of this name are left out of every build. */
export function isIgnoredName(name: string): boolean {
  return IGNORED_NAMES.includes(name) || name.endsWith('.pyc');
}

/**
 * The lines of an ignore file that lets a build see `paths` and nothing else. Later lines win.
 *
 * @param leftOut paths that are never part of a build: where synthesis writes, or each synth would change the images, and what is ignored
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function ignoreList(paths: readonly string[], leftOut: readonly string[]): string[] {
  const allowed = sortedUnique(paths).filter(path => !paths.some(other => path.startsWith(`${other}/`)));
  return [
    ...(allowed.includes('.') ? [] : ['**', ...allowed.map(path => `!${ignorePattern(path)}`)]),
    ...IGNORED_PATTERNS,
    ...leftOut.map(ignorePattern),
  ];
}

/** A pattern that matches just this name. Spaces at the ends would be trimmed. */
export function ignorePattern(path: string): string {
  return path.replace(/[*?[\]^]/g, '\\$&').replace(/^ | $/g, '[ ]').replace(/^#/, '[#]');
}
