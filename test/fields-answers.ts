/** What each field of the model becomes in each output. */
import { fields, type Field } from './fields-assembly';
import type { Line, Output } from './fields-lines';
import { difference, outputs, TARGETS, type Difference } from './fields-output';
import type { Fields, Place } from './fields-places';
import { SENTINELS, type Sentinel, type Show } from './fields-sentinels';
import { REPORTED_AS_PART, UNSAID } from './fields-unsaid';

/** One field, or one of the values that it may have. */
export interface Row {
  readonly place: Place;
  readonly field: Field;
  /** In messages and in the table: `restart`, `restart: Restart.NEVER`. */
  readonly label: string;
  /** In {@link SENTINELS}. */
  readonly id: string;
  readonly sentinel: Sentinel;
}

/** What one output says of a field. */
export interface Cell {
  readonly text: string;
  /** Why that will not do. */
  readonly fault?: string;
}

/** All fields of a place that have a sentinel; names of those that have none. */
export function rowsOf(place: Place): { rows: Row[]; missing: string[] } {
  const rows: Row[] = [];
  const missing: string[] = [];
  for (const field of fields(place.struct)) {
    const own = SENTINELS[field.id] !== undefined || field.choices.length === 0;
    const choices = place.like !== undefined && own ? [] : field.choices;
    for (const id of [...own ? [field.id] : [], ...choices]) {
      const found = [SENTINELS[id] ?? []].flat();
      if (found.length === 0) missing.push(id);
      for (const sentinel of found) {
        const said = [id === field.id ? [] : id, sentinel.label ?? []].flat().join(', ');
        rows.push({ place, field, id, sentinel, label: said === '' ? field.name : `${field.name}: ${said}` });
      }
    }
  }
  return { rows, missing };
}

/** Outputs that a place is about. */
export function columns(place: Place): string[] {
  return Object.keys(TARGETS).filter(target => place.targets?.includes(target) ?? true);
}

const cells = new Map<string, Record<string, Cell>>();

/** What all outputs say of a field; asked once. */
export function cellsOf(root: string, row: Row): Record<string, Cell> {
  const key = `${row.place.title} ${row.label}`;
  const known = cells.get(key) ?? answers(root, row);
  cells.set(key, known);
  return known;
}

const withoutAny = new Map<string, Record<string, Output>>();

function answers(root: string, row: Row): Record<string, Cell> {
  const { place, sentinel } = row;
  const own = sentinel.beside !== undefined;
  const before = own ? tried(root, row, false) : withoutAny.get(place.title) ?? tried(root, row, false);
  if (!own) withoutAny.set(place.title, before);
  const after = tried(root, row, true);
  const image = after.dockerfile && answer('dockerfile', row, before.dockerfile, after.dockerfile);
  return Object.fromEntries(columns(place).map(target => {
    const found = target === 'dockerfile' ? image : answer(target, row, before[target], after[target]);
    if (found !== undefined) return [target, found];
    // what is in the image needs no words beside it
    return [target, target === 'dockerfile' || image?.fault === undefined && image?.text ? { text: '' } : { text: '', fault: 'dropped silently: it changes nothing, and no loss is reported' }];
  }));
}

function tried(root: string, { place, field, sentinel }: Row, given: boolean): Record<string, Output> {
  return outputs(root, columns(place), application => {
    let made: { beside: object; value: unknown } | undefined;
    const add: Fields = (base, stack) => {
      const asked = (value: unknown) => ask(value, application, stack);
      made ??= { beside: (asked(sentinel.beside) ?? {}) as object, value: given ? asked(sentinel.value) : undefined };
      const left = Object.entries(base).filter(([name]) => !given || !sentinel.instead?.includes(name));
      return { ...Object.fromEntries(left), ...made.beside, ...given ? { [field.name]: made.value } : {} };
    };
    return place.declare(application, add);
  });
}

function ask(value: unknown, ...places: unknown[]): unknown {
  return typeof value === 'function' ? value(...places) : value;
}

/** Nothing when the output is as before. */
function answer(target: string, { place, id, sentinel }: Row, before: Output, after: Output): Cell | undefined {
  const expected = place.refused?.[target] ?? sentinel.refused?.[target] ?? sentinel.refused?.all;
  if (after.refused.some(code => code !== expected)) return { text: '', fault: `refused: ${after.refused.join(', ')}` };
  if (after.refused.length === 0 && expected !== undefined) return { text: '', fault: `is not refused any more: ${expected}` };
  if (after.refused.length === 0 && before.refused.length > 0) return { text: '', fault: `refused without it: ${before.refused.join(', ')}` };
  if (expected !== undefined) return target === 'dockerfile' ? undefined : { text: `${sentinel.refused?.all ? 'only checked' : 'refused'}: \`${expected}\`` };
  const changes = difference(before, after);
  const shown = shownIn(changes, showsOf(target, sentinel));
  const said = [...where(shown), ...reported(changes.losses)];
  const others = [...changes.added, ...changes.removed];
  const unsaid = UNSAID[id]?.[target];
  if (unsaid) return said.length + others.length === 0 ? { text: `nothing: ${unsaid}` } : { text: '', fault: `is no exception any more: ${said.join(', ')}` };
  const whole = REPORTED_AS_PART[id]?.[target];
  if (said.length > 0) return whole ? { text: '', fault: `is reported by itself: ${said.join(', ')}` } : { text: said.join('; ') };
  if (changes.mended.length > 0) return { text: 'as it is anyway' };
  if (whole) {
    const loss = after.losses.find(({ declared }) => declared.includes(whole));
    return loss ? { text: reported([loss])[0] } : { text: '', fault: `no loss says '${whole}'` };
  }
  if (others.length === 0) return undefined;
  return { text: '', fault: `its value is in none of the lines that it changes:\n${[...signed(changes)].map(([text]) => text).slice(0, 20).join('\n')}` };
}

/** Names of this test are those of everybody. */
function reported(losses: Output['losses']): string[] {
  const texts = losses.map(({ instead }) => instead.replace(/OF_DEPLOYER/g, '<NAME>').replace(/sentinel(?=\.example)/g, 'shop').replace(/\b(sentinel(-api|-key)?|migrate|report|token)\b(?!\.)/g, '<id>').replace(/\bshop\b(?!\.example)/g, '<application>'));
  return [...new Set(texts)].map(text => `reported: ${text.replace(/</g, '&lt;')}`);
}

function showsOf(target: string, { shows, value }: Sentinel): Show[] {
  if (shows === undefined) return typeof value === 'object' || typeof value === 'boolean' || typeof value === 'function' ? [] : [`${value}`];
  const forAll = typeof shows === 'string' || shows instanceof RegExp || Array.isArray(shows);
  const here = forAll ? shows : shows[target] ?? (/^(ecs|terraform)$/.test(target) ? shows.aws : undefined);
  return here === undefined ? [] : [here].flat();
}

/** Lines that say it; none when one of several is missing. */
function shownIn(changes: Difference, shows: Show[]): [string, Line][] {
  const lines = signed(changes);
  const says = (show: Show) => ([text]: [string, Line]) => typeof show === 'string' ? text.startsWith('+') && text.toLowerCase().includes(show.toLowerCase()) : show.test(text);
  return shows.every(show => lines.some(says(show))) ? lines.filter(line => shows.some(show => says(show)(line))) : [];
}

function signed({ added, removed }: Difference): [string, Line][] {
  const text = (sign: string) => (line: Line): [string, Line] => [`${sign} ${line.path} = ${line.value}`, line];
  return [...added.map(text('+')), ...removed.map(text('-'))];
}

/** Fields that say it; those that are gone only when nothing says it otherwise. */
function where(shown: [string, Line][]): string[] {
  const added = shown.filter(([text]) => text.startsWith('+'));
  const names = fieldNames((added.length > 0 ? added : shown).map(([, line]) => line));
  return names.length === 0 ? [] : [`${added.length > 0 ? '' : 'no '}${names.map(name => `\`${name}\``).join(', ')}`];
}

type FieldName = Line['field'];

/** An object that is new as a whole is called by its kind; `a.{b,c}.d` is `a.b.d` and `a.c.d`. */
function fieldNames(all: readonly Line[]): string[] {
  const whole = new Set(all.filter(line => line.whole).map(({ field: [kind] }) => kind));
  const short = all.map(({ field }): FieldName => whole.has(field[0]) ? [field[0]] : field);
  const unique = [...new Map(short.map(field => [field.join('\n'), field])).values()];
  return merged(unique).map(([within, ...keys]) => [within, keys.join('.')].filter(text => text !== '').join(' '));
}

function merged(all: readonly FieldName[]): readonly FieldName[] {
  for (const field of all) {
    for (let at = 0; at < field.length && field.length > 1; at++) {
      const same = all.filter(other => other.length === field.length && other.every((part, index) => index === at || part === field[index]));
      if (same.length < 2 || at === 0 && field[0] === '') continue;
      const parts = same.map(other => other[at].replace(/^\{|\}$/g, ''));
      const one = field.map((part, index) => index === at ? `{${parts.join(',')}}` : part) as unknown as FieldName;
      return merged(all.flatMap(other => other === field ? [one] : same.includes(other) ? [] : [other]));
    }
  }
  return all;
}
