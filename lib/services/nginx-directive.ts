import type { Directive } from '../nginx/directive';
import { must } from '../primitives/faults';

/**
 * A directive of nginx that has no property here. It is quoted so that nginx reads exactly these words; what they mean is not checked before
 * nginx starts.
 *
 * @see https://nginx.org/en/docs/dirindex.html
 */
export class NginxDirective {
  /**
   * A directive that ends with `;`.
   *
   * @param name such as `proxy_cookie_flags`; in the braces of a `map`, a value
   * @param words what follows it. `$name` in them is a variable, where the directive takes any
   */
  public static of(name: string, ...words: string[]): NginxDirective {
    return new NginxDirective(data(name, words));
  }

  /** A directive with others in braces, such as `map $uri $new { … }`. */
  public static block(name: string, words: string[], directives: NginxDirective[]): NginxDirective {
    return new NginxDirective({ ...data(name, words), block: directives.map(directive => directive._data) });
  }

  private constructor(
    /** @internal */
    public readonly _data: Directive,
  ) {}
}

function data(name: string, words: readonly string[]): Directive {
  for (const word of [name, ...words]) {
    // eslint-disable-next-line no-control-regex
    must(!/[\x00-\x1f\x7f]/.test(word), 'DIRECTIVE_WORD', `word ${JSON.stringify(word)} of directive '${name}' has a control character, which a configuration does not carry`);
    must(!/\$\{(?![A-Za-z0-9_]+\})/.test(word), 'DIRECTIVE_VARIABLE', `word '${word}' of directive '${name}' has '\${' without the name of a variable and '}'`);
  }
  return { name, words: [...words] };
}
