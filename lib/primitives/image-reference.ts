import { must } from './faults';

const HOST = '(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:[0-9]))(?::[0-9]+)?';
const PATH = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(`^((?:${HOST}/)?${PATH}(?:/${PATH})*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`);

/**
 * The name of an image: repository, tag and digest.
 *
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export class ImageReference {
  /** Reads `cgr.dev/chainguard/python:latest`, with a tag, a digest, both or neither. */
  public static parse(text: string): ImageReference {
    const [, repository, tag, digest] = REFERENCE.exec(text) ?? [];
    must(repository, 'IMAGE_REFERENCE', `'${text}' is not an image reference such as registry.example.com/team/name:tag@sha256:…`);
    return new ImageReference(repository, tag, digest);
  }

  private constructor(
    public readonly repository: string,
    public readonly tag: string | undefined,
    public readonly digest: string | undefined,
  ) {}

  public toString(): string {
    return `${this.repository}${this.tag ? `:${this.tag}` : ''}${this.digest ? `@${this.digest}` : ''}`;
  }
}
