/** What has been derived while nothing changes, by its owner. */
let known: WeakMap<object, Map<string, unknown>> | undefined;

/** Does something during which nothing that was declared changes: {@link once} then derives once. */
export function whileNothingChanges<T>(work: () => T): T {
  if (known) return work();
  known = new WeakMap();
  try {
    return work();
  } finally {
    known = undefined;
  }
}

/** What `derive` answers: once per owner while nothing changes, else each time anew. */
export function once<T>(owner: object, what: string, derive: () => T): T {
  if (!known) return derive();
  const ofOwner = known.get(owner) ?? new Map<string, unknown>();
  known.set(owner, ofOwner);
  if (!ofOwner.has(what)) ofOwner.set(what, derive());
  return ofOwner.get(what) as T;
}
