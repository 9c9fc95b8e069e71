import { must, mustBeKnown, problemLine } from '../../primitives/faults';
import { sortedBy } from '../../primitives/stable';

/** A change of what is printed. */
export interface Override {
  readonly kind: 'add' | 'replace' | 'remove';
  /** Where, as a JSON pointer. */
  readonly pointer: string;
  /** Its keys. */
  readonly keys: readonly string[];
  readonly value?: unknown;
}

/** A document with the changes that fit, and lines about those that do not. */
export interface Overridden {
  readonly document: Record<string, unknown>;
  readonly faults: string[];
}

/** Behind the last element of a list. @see https://datatracker.ietf.org/doc/html/rfc6901#section-4 */
const END = '-';

/** The keys of a JSON pointer. */
export function pointerKeys(pointer: string): string[] {
  must(/^(\/([^~/]|~[01])+)+$/.test(pointer), 'OVERRIDE_PATH',
    `override path '${pointer}' is no JSON pointer; write /services/web/shm_size, and in a key '~1' for '/' and '~0' for '~'`);
  return pointer.slice(1).split('/').map(key => key.replace(/~1/g, '/').replace(/~0/g, '~'));
}

/** A copy of what JSON can say; anything else is refused. */
export function jsonCopy(value: unknown, pointer: string): unknown {
  must(isJson(value), 'OVERRIDE_VALUE', `value of '${pointer}' is not JSON; give texts, finite numbers, true, false, null, and lists and maps of them`);
  mustBeKnown(`value of '${pointer}'`, value);
  return JSON.parse(JSON.stringify(value));
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isMap(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value)) && Object.values(value).every(isJson);
}

/** All places are those of the document as it is given: the order of the changes means nothing, but for elements added to one list. */
export function overridden(document: Record<string, unknown>, overrides: readonly Override[]): Overridden {
  const copy = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
  const inOrder = sortedBy(overrides, ({ pointer }) => pointer);
  const twice = overlapping(inOrder);
  const judged = inOrder.map(override => ({ override, fault: twice.get(override) ?? misfit(copy, override) }));
  const faults = judged.flatMap(({ fault }) => fault ?? []);
  const places = judged.filter(({ fault }) => fault === undefined)
    .map(({ override: { kind, keys, value } }) => ({ kind, value, at: placeOf(copy, keys.slice(0, -1)), key: keys[keys.length - 1] }));
  for (const { kind, at, key, value } of places) {
    if (kind === 'replace') (at as Record<string, unknown>)[key] = value;
  }
  for (const { at, key } of places.filter(({ kind }) => kind === 'remove').sort((a, b) => Number(b.key) - Number(a.key))) {
    if (Array.isArray(at)) at.splice(Number(key), 1);
    else delete (at as Record<string, unknown>)[key];
  }
  for (const { kind, at, key, value } of places) {
    if (kind !== 'add') continue;
    if (Array.isArray(at)) at.push(value);
    else (at as Record<string, unknown>)[key] = value;
  }
  return { document: copy, faults };
}

/** Changes of one place, or of a place within another that is changed, with what to say of them. */
function overlapping(overrides: readonly Override[]): Map<Override, string> {
  const found = new Map<Override, string>();
  overrides.forEach((override, index) => {
    const other = overrides.slice(0, index).find(({ pointer, kind, keys }) => {
      const appended = pointer === override.pointer && kind === 'add' && override.kind === 'add' && keys[keys.length - 1] === END;
      return !appended && `${override.pointer}/`.startsWith(`${pointer}/`);
    });
    if (other) found.set(override, problemLine('OVERRIDE_TWICE', `'${override.pointer}' and '${other.pointer}' are both overridden; say it in one`));
  });
  return found;
}

/** Why a change does not fit. */
function misfit(document: unknown, { kind, keys, pointer }: Override): string | undefined {
  const key = keys[keys.length - 1];
  for (let depth = 0; depth < keys.length - 1; depth++) {
    const at = placeOf(document, keys.slice(0, depth));
    if (!has(at, keys[depth])) return missing(keys.slice(0, depth + 1), at, kind === 'add' ? 'add it with what is to be in it' : 'name what is there');
  }
  const at = placeOf(document, keys.slice(0, -1));
  if (kind === 'add' && Array.isArray(at)) {
    return key === END ? undefined : problemLine('OVERRIDE_MISSING', `'${pointer}' is in a list, to whose end elements are added; write '${pointer.slice(0, -key.length)}-'`);
  }
  if (kind === 'add') {
    if (!isMap(at)) return missing(keys, at, 'name what is in a map or a list');
    return has(at, key) ? problemLine('OVERRIDE_THERE', `'${pointer}' is there already; change it with 'replace'`) : undefined;
  }
  return has(at, key) ? undefined : missing(keys, at, kind === 'replace' ? "name what is there, or use 'add'" : 'name what is there');
}

function missing(keys: readonly string[], at: unknown, wayOut: string): string {
  const place = keys.map(key => `/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
  const there = isMap(at) || Array.isArray(at) ? Object.keys(at) : [];
  return problemLine('OVERRIDE_MISSING', `there is no '${place}'; ${wayOut}. There is ${there.length === 0 ? 'nothing' : there.join(', ')}`);
}

function placeOf(document: unknown, keys: readonly string[]): unknown {
  return keys.reduce((at: any, key) => at[key], document);
}

function has(at: unknown, key: string): boolean {
  if (Array.isArray(at)) return /^(0|[1-9]\d*)$/.test(key) && Number(key) < at.length;
  return isMap(at) && Object.hasOwn(at, key);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
