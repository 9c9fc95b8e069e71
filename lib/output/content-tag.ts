import { createHash } from 'node:crypto';
import type { Architecture } from '../build/architecture';
import type { SourceFile } from '../build/source-directory';

/** Hexadecimal digits of a content tag: enough that two contents of one repository never share it by chance. */
const LENGTH = 12;

/** A tag that changes when, and only when, the Dockerfile, a file that the build reads, or what it is built for changes. */
export function contentTag(dockerfile: string, files: readonly SourceFile[], architecture?: Architecture): string {
  const hash = createHash('sha256').update(`${dockerfile.length}\n${dockerfile}`);
  for (const file of files) hash.update(`${file.path}\n${file.executable}\n${file.content.length}\n`).update(file.content);
  if (architecture !== undefined) hash.update(`${architecture}\n`);
  return hash.digest('hex').slice(0, LENGTH);
}
