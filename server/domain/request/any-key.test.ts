import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { layerValues, mergeValues } from '../values/merge-values.ts';
import { readRecordedRequest } from './recorded-request.ts';
import { createMasker } from '../masking/masker.ts';
import { maskSecretValues } from '../secrets/secret-values.ts';
import { unsetValue } from '../values/unset-values.ts';
import { readValuePath } from '../values/value-path.ts';
import { writeValuePath } from '../values/write-value-path.ts';

/** Keys with a meaning for JavaScript's own objects, and an ordinary one. */
const key = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'a');
const path = fc.array(key, { minLength: 1, maxLength: 4 });
const { values } = fc.letrec<{ values: JsonObject; leaf: JsonValue }>((tie) => ({
  leaf: fc.oneof(fc.integer(), fc.string(), fc.constant(null), tie('values')),
  // Own keys, whatever their names.
  values: fc.array(fc.tuple(key, tie('leaf')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}));
const text = (value: JsonValue | undefined) => JSON.stringify(value);
const untouched = () =>
  Object.getOwnPropertyNames(Object.prototype).toSorted().join() + Object.getOwnPropertyNames(Object).join();

test('keys of JavaScript are keys like any other in everything that is done to values', () => {
  const before = untouched();
  fc.assert(
    fc.property(values, values, path, (one, other, at) => {
      expect(text(mergeValues(one, one))).toBe(text(one));
      expect(text(layerValues(one, other, other))).toBe(text(layerValues(one, other)));
      expect(Object.keys(mergeValues(one, other)).toSorted()).toEqual(
        [...new Set([...Object.keys(one), ...Object.keys(other)])].toSorted(),
      );
      const written = writeValuePath({}, at, 'x', {});
      expect(readValuePath(written, at)).toBe('x');
      expect(readValuePath({}, at)).toBeUndefined();
      expect(unsetValue(written, at)).toEqual({});
      const rules = { schemas: [], paths: [at] };
      expect(readValuePath(maskSecretValues(written, rules), at)).toBe('***');
      expect(text(maskSecretValues(one, { schemas: [], paths: [] }))).toBe(text(one));
      expect(text(createMasker([{ text: 'never there' }]).json(one))).toBe(text(one));
      expect(text(readRecordedRequest(one, null).configValues)).toBe(text(one));
    }),
  );
  expect(untouched()).toBe(before);
});
