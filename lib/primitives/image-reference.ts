import { must } from './faults';

const HOST = '(?:localhost|[a-zA-Z0-9-]+(?:\\.[a-zA-Z0-9-]+)+|[a-zA-Z0-9-]+(?=:[0-9]))(?::[0-9]+)?';
const PATH = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(`^((?:${HOST}/)?${PATH}(?:/${PATH})*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`);
const VARIABLE = /\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})/g;

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

/** Whether this is the name of an image. */
export function isImageReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Names of the variables in `${REGISTRY}/python:$RELEASE`, in order. */
export function referenceVariables(text: string): string[] {
  return [...text.matchAll(VARIABLE)].map(([, plain, braced]) => plain ?? braced);
}

/** With the values of its variables; those without one stand for nothing, as in a Dockerfile. */
export function referenceWith(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replace(VARIABLE, (_, plain?: string, braced?: string) => values[plain ?? braced ?? ''] ?? '');
}

/** A name that some values of its variables make a reference of, or one without variables. */
export function mustBeReference(text: string): void {
  if (!text.includes('$')) {
    ImageReference.parse(text);
    return;
  }
  // a digit may stand at any place of a name; of a digest the characters are enough
  const [name, ...digest] = text.replace(VARIABLE, '1').split('@');
  must(isImageReference(name) && digest.every(part => /^[a-z0-9:]+$/.test(part)) && digest.length <= 1, 'IMAGE_REFERENCE',
    `'${text}' is not an image reference such as \${REGISTRY}/team/name:tag; variables are written $NAME or \${NAME}`);
}
