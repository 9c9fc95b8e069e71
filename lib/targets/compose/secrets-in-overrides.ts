import type { Check } from '../../checks/check';
import { looksSecret, SECRET_NAME } from '../../checks/secret-name';
import type { ApplicationPlan } from '../../services/plan';

/** SECRET_NAME of what overrides put into environments; `documents` answers the file before and after them. */
export function secretsInOverrides(path: string, documents: (plan: ApplicationPlan) => readonly Record<string, unknown>[]): Check {
  return {
    ...SECRET_NAME,
    find: plan => {
      const [before, after] = documents(plan).map(variables);
      return [...after].filter(name => !before.has(name)).map(name => ({
        path, problem: `'${name}' looks like a secret, and an override would write it into a committed file; declare a Secret instead, or acknowledge that it is none`,
      }));
    },
  };
}

/** Names of variables that look like secrets. */
function variables(document: Record<string, any>): Set<string> {
  return new Set(Object.values<any>(document.services ?? {}).flatMap(service => {
    const environment = service?.environment ?? {};
    const names: string[] = Array.isArray(environment) ? environment.map(line => String(line).split('=')[0]) : Object.keys(environment);
    return names.filter(looksSecret);
  }));
}
