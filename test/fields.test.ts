/**
 * Each public field is tried by itself, as the assembly names them: what it is given has to be in every output, or among its losses. A new
 * property has no sentinel, and the test says so.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { folder } from './declare';
import { cellsOf, rowsOf } from './fields-answers';
import { choicesOf, choiceTypes, fields, lineage, ONE_IS_ENOUGH, staleness, structs } from './fields-assembly';
import { page } from './fields-page';
import { CHOSEN_ELSEWHERE, ELSEWHERE, PLACES, SOURCE } from './fields-places';
import { SENTINELS } from './fields-sentinels';
import { UNSAID } from './fields-unsaid';

const PAGE = 'docs/fields.md';
const root = folder(SOURCE);

afterAll(() => rmSync(root, { recursive: true }));

describe('The fields that are tried', () => {
  test('are those of the sources as they are', () => {
    expect(staleness()).toEqual([]);
  });

  test('are of each struct that there is, but for those that are named with a reason', () => {
    const known = [...PLACES.flatMap(({ struct }) => lineage(struct)), ...Object.values(ELSEWHERE).flat()];
    expect(structs().filter(struct => !known.includes(struct)).map(struct => `${struct} has no place in test/fields-places.ts`)).toEqual([]);
    expect(known.filter(struct => !structs().includes(struct))).toEqual([]);
  });

  test('are given a value, each of them', () => {
    const missing = PLACES.flatMap(place => rowsOf(place).missing.map(id => `${id} (of ${place.title}) has no sentinel in test/fields-sentinels.ts`));
    expect(missing).toEqual([]);
  });

  test('are given each of the values that have names, wherever there is a choice', () => {
    const chosen = PLACES.flatMap(place => fields(place.struct)).flatMap(field => field.choices).map(choice => choice.split('.')[0]);
    const known = new Set([...chosen, ...Object.keys(ONE_IS_ENOUGH), ...Object.values(CHOSEN_ELSEWHERE).flat()]);
    expect(choiceTypes().filter(type => !known.has(type))).toEqual([]);
    // what a route answers with is no field
    expect([SENTINELS['Route.files']].flat().map(({ label }) => label)).toEqual(choicesOf('StaticFiles'));
  });

  test('are those that there are: no value is for another', () => {
    const ids = new Set(PLACES.flatMap(place => fields(place.struct)).flatMap(({ id, choices }) => [id, ...choices]));
    expect([...Object.keys(SENTINELS), ...Object.keys(UNSAID)].filter(id => !ids.has(id))).toEqual([]);
  });
});

describe.each(PLACES)('$title', place => {
  const { rows } = rowsOf(place);
  if (rows.length === 0) return;
  test.each(rows)('has $label in every output, or reports it', row => {
    const faults = Object.entries(cellsOf(root, row)).flatMap(([target, { fault }]) => fault === undefined ? [] : [`${target}: ${fault}`]);
    expect(faults).toEqual([]);
  });
});

test(`${PAGE} says what each field becomes`, () => {
  const text = page(root);
  if (process.env.GOLDEN === 'write') writeFileSync(PAGE, text);
  expect(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '').toBe(text);
});
