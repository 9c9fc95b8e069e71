/** One directive of an nginx configuration, as plain data. */
export interface Directive {
  readonly name: string;
  /** Its words. A `$name` in them is a variable, where the directive takes any; everything else is itself. */
  readonly words: readonly string[];
  /** Directives in its braces. @default - it has none, and ends with `;` */
  readonly block?: readonly Directive[];
  /** A line before it, for readers. */
  readonly comment?: string;
  /** Whether an empty line sets it apart from what is before it. */
  readonly apart?: boolean;
  /** Whether each word after the first has a line of its own. */
  readonly tall?: boolean;
}

/** A directive without braces. */
export function simple(name: string, ...words: (string | number)[]): Directive {
  return { name, words: words.map(String) };
}

/** A directive with braces, after an empty line. */
export function block(name: string, words: readonly string[], inside: readonly Directive[]): Directive {
  return { name, words, block: inside, apart: true };
}

/** `items` with a comment and an empty line before the first. */
export function commented(comment: string, items: readonly Directive[]): Directive[] {
  return items.map((item, index) => index === 0 ? { ...item, comment, apart: true } : item);
}

/** `items` with an empty line before the first. */
export function apart(items: readonly Directive[]): Directive[] {
  return items.map((item, index) => index === 0 ? { ...item, apart: true } : item);
}
