import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import { unsetValue } from './unset-values.ts';
import { writeValuePath } from './write-value-path.ts';

describe('unsetValue', () => {
  test.each<[string[], JsonObject | null]>([
    [['a', 'b'], { a: { c: 2 }, list: [1] }],
    [['list'], { a: { b: 1, c: 2 } }],
    [['a'], { list: [1] }],
    [['none'], null],
    [['a', 'b', 'deeper'], null],
    [['list', '0'], null],
    [['constructor'], null],
  ])('at %j', (path, left) => {
    expect(unsetValue({ a: { b: 1, c: 2 }, list: [1] }, path)).toEqual(left);
  });

  test('removing what was added restores', () => {
    const key = fc.stringMatching(/^[a-y]{1,3}$/);
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.constant(null));
    const values = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { minKeys: 1 })));
    const added = fc.array(fc.stringMatching(/^z[a-z]{0,2}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(values, added, leaf, (before, path, value) => {
        expect(unsetValue(writeValuePath(before, path, value, {}), path)).toEqual(before);
      }),
    );
  });
});
