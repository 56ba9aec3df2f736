import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { layerValues, mergeValues } from './merge-values.ts';

const values = fc.dictionary(fc.string(), fc.jsonValue()).map((object) => object as JsonObject);

describe('mergeValues', () => {
  test('merges objects at every depth and replaces everything else', () => {
    const base = { a: { b: 1, c: [1, 2] }, d: { e: 1 }, f: 'text' };
    const over = { a: { c: [3] }, d: null, f: { g: 1 } };
    expect(mergeValues(base, over)).toEqual({ a: { b: 1, c: [3] }, d: null, f: { g: 1 } });
  });

  test('a key named __proto__ is a key like any other', () => {
    const over = JSON.parse('{"__proto__": {"polluted": true}}') as JsonObject;
    const merged = mergeValues({}, over);
    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect(({} as JsonObject)['polluted']).toBeUndefined();
  });

  test('merging twice is merging once, and nothing is a neutral layer', () => {
    fc.assert(
      fc.property(values, values, (base, over) => {
        const once = mergeValues(base, over);
        expect(mergeValues(once, over)).toEqual(once);
        expect(layerValues({}, base, {}, over)).toEqual(once);
      }),
    );
  });
});
