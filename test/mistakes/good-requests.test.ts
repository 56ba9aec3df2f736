import { expect, test } from 'vitest';

import type { JsonValue } from '../../contract/schemas/json.ts';
import { ReleaseRequest } from '../../contract/schemas/release-request.ts';
import { createSeededRandom } from '../harness/seeded-random.ts';
import { fullRequest } from './good-requests.ts';
import { mistakeIn, placesOf } from './mutate-json.ts';

type Schema = { properties?: Record<string, Schema>; items?: Schema; anyOf?: Schema[] };

/** Fields that a schema names, as paths; entries of lists are `*`. */
function fieldsOf({ properties = {}, items, anyOf = [] }: Schema, at = ''): string[] {
  const own = Object.entries(properties).flatMap(([key, inner]) => [
    `${at}/${key}`,
    ...fieldsOf(inner, `${at}/${key}`),
  ]);
  const entries = items === undefined ? [] : fieldsOf(items, `${at}/*`);
  return [...own, ...entries, ...anyOf.flatMap((choice) => fieldsOf(choice, at))];
}

const pointersOf = (document: JsonValue) =>
  new Set(placesOf(document).map((place) => place.map((key) => (typeof key === 'number' ? '/*' : `/${key}`)).join('')));

test('the full request has every field that a release request can have: each can be got wrong', () => {
  const fields = fieldsOf(ReleaseRequest as Schema);
  const named = pointersOf(fullRequest);
  expect(fields.length).toBeGreaterThan(30);
  expect(fields.filter((field) => !named.has(field))).toEqual([]);
});

test('a seed repeats its mistakes, and every mistake changes the document', () => {
  const mistakes = (seed: number) => {
    const random = createSeededRandom(seed);
    return Array.from({ length: 200 }, () => mistakeIn(fullRequest, random));
  };
  expect(mistakes(7)).toEqual(mistakes(7));
  const places = new Set(mistakes(7).map(({ what }) => what.split(' ')[0]));
  expect(places.size).toBeGreaterThan(40);
  const unchanged = mistakes(7).filter(({ made }) => JSON.stringify(made) === JSON.stringify(fullRequest));
  expect(unchanged.length).toBeLessThan(10);
});
