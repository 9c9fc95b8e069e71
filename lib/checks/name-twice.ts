import { Severity, type Check } from './check';
import { sortedBy } from '../primitives/stable';
import { workloads } from '../services/plan-application';

/** A name is one host: ids have to differ in the whole application, wherever its constructs are. */
export const NAME_TWICE: Check = {
  code: 'NAME_TWICE',
  severity: Severity.ERROR,
  link: 'https://docs.docker.com/compose/how-tos/networking/',
  find: plan => [
    ...twice('service or job', workloads(plan).map(({ id, path }) => ({ name: id, path }))),
    ...twice('network', plan.networks), ...twice('volume', plan.volumes), ...twice('secret', plan.secrets), ...twice('config', plan.configs),
  ],
};

function twice(kind: string, named: readonly { name: string; path: string }[]) {
  const first = new Map<string, string>();
  return sortedBy(named, ({ path }) => path).flatMap(({ name, path }) => {
    const other = first.get(name);
    first.set(name, other ?? path);
    return other === undefined ? [] : [{ path, problem: `'${other}' is a ${kind} '${name}' too; give one of them another id` }];
  });
}
