import type { Construct } from 'constructs';
import { literal, variable } from './terraform-element';
import { sortedBy } from '../../primitives/stable';

/**
 * What whoever deploys says, by the name of the variable there: what is given, else a variable of the stack.
 *
 * @param path of the application
 * @param declared names and defaults, as often as they are used
 */
export function deployerValues(
  scope: Construct, path: string, declared: readonly (readonly [name: string, defaultValue: string | undefined])[],
  given: Readonly<Record<string, string>> = {},
): Map<string, string> {
  return new Map(sortedBy([...new Map(declared)], ([name]) => name).map(([name, defaultValue]): [string, string] => {
    if (given[name] !== undefined) return [name, literal(given[name])];
    const settings = { description: `Variable ${name} of '${path}'`, default: defaultValue, givenBy: `environment: { ${name}: … }` };
    return [name, variable(scope, name, settings).stringValue];
  }));
}
