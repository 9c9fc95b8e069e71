import type { IConstruct } from 'constructs';
import { must } from './faults';

const FROZEN_BY = Symbol.for('cdk-wheelhouse/FrozenBy');

type MaybeFrozen = IConstruct & { [FROZEN_BY]?: string };

/** Ends what can be declared in a construct and below it: `by` has made something of it, which later changes would not reach. */
export function freeze(construct: MaybeFrozen, by: IConstruct): void {
  construct.node.lock();
  if (construct[FROZEN_BY] === undefined) Object.defineProperty(construct, FROZEN_BY, { value: by.node.path });
}

/** Refuses to change what is frozen. Answers with the construct. Whatever declares something begins with it. */
export function changeable<T extends IConstruct>(construct: T): T {
  for (let place: MaybeFrozen | undefined = construct; place; place = place.node.scope) {
    must(place[FROZEN_BY] === undefined, 'FROZEN',
      `'${place[FROZEN_BY]}' has already been made of '${place.node.path}', and would not follow a change; declare it before that`, construct);
  }
  return construct;
}
