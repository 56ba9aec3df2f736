import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from './json.ts';
import { isSameJson, sortedJson } from './sorted-json.ts';

test('two values are the same exactly where their sorted text is, whatever the order of their keys', () => {
  const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
  fc.assert(
    fc.property(json, json, (one, other) => {
      expect(isSameJson(one, other)).toBe(sortedJson(one) === sortedJson(other));
      expect(isSameJson(one, JSON.parse(sortedJson(one)) as JsonValue)).toBe(true);
    }),
  );
  expect(isSameJson({ a: 1, b: [{}] }, { b: [{}], a: 1 })).toBe(true);
  expect(isSameJson({ a: 1 }, { b: 1 })).toBe(false);
  expect(isSameJson([1, 2], [1])).toBe(false);
  expect(isSameJson({}, [])).toBe(false);
});

test('keys are in the order of their code units, numbers and unusual names among them', () => {
  expect(sortedJson({ b: 1, 10: 2, 9: 3, Z: [null, { y: 'é', x: true }] })).toBe(
    '{"10":2,"9":3,"Z":[null,{"x":true,"y":"é"}],"b":1}',
  );
});
