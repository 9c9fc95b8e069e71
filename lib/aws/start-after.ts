import { sortedUnique } from '../primitives/stable';
import type { JobPlan, ServicePlan } from '../services/plan';

/** In which order services and jobs are started. */
export interface StartOrder {
  /** Ids of services, each after those that it starts after. */
  readonly services: string[];
  /** Ids of what is there before, by id. */
  readonly after: ReadonlyMap<string, string[]>;
  /** Pairs of which each would have to be there before the other: the first is started without the second. */
  readonly circles: readonly (readonly [first: string, second: string])[];
  /** Services that wait for what is only started on demand or at certain times, with its id. */
  readonly unstarted: readonly (readonly [id: string, other: string])[];
}

/**
 * Who is reached has to be there first: Service Connect tells a task the names of those services that are there when it starts, and no others
 * later on.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
export function startAfter(services: readonly ServicePlan[], jobs: readonly JobPlan[]): StartOrder {
  const once = jobs.filter(({ schedule }) => schedule === undefined);
  const started = new Set([...services, ...once].map(({ id }) => id));
  const after = new Map<string, string[]>();
  const circles: [string, string][] = [];
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set([from]);
    for (const id of seen) for (const next of after.get(id) ?? []) seen.add(next);
    return seen.has(to);
  };
  const add = (id: string, others: readonly string[]) => {
    for (const other of others.filter(one => started.has(one) && one !== id)) {
      const known = after.get(id) ?? [];
      if (known.includes(other)) continue;
      if (reaches(other, id)) circles.push([id, other]);
      else after.set(id, [...known, other]);
    }
  };
  const all = [...services, ...once];
  // what was declared comes before what follows from it
  for (const { id, dependsOn } of all) add(id, dependsOn);
  for (const workload of all) {
    const routes = 'routes' in workload ? workload.routes.map(({ service }) => service) : [];
    add(workload.id, sortedUnique([...workload.reaches, ...routes]));
  }
  const sorted = new Set<string>();
  const place = (id: string) => {
    if (sorted.has(id)) return;
    for (const other of after.get(id) ?? []) place(other);
    sorted.add(id);
  };
  for (const { id } of all) place(id);
  const isService = new Set(services.map(({ id }) => id));
  return {
    services: [...sorted].filter(id => isService.has(id)),
    after: new Map([...after].map(([id, others]) => [id, sortedUnique(others)])),
    circles,
    unstarted: [...services, ...jobs].flatMap(({ id, dependsOn }) => {
      return dependsOn.filter(other => !started.has(other)).map((other): [string, string] => [id, other]);
    }),
  };
}
