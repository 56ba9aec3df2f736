import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '../json/json.ts';
import type { ProblemError } from '../errors/problem-error.ts';
import { MAX_VALUE_BYTES, refuseLargeValues } from './values-size.ts';

function refused(values: JsonObject): ProblemError | null {
  try {
    refuseLargeValues(values, 'web', 'shop');
    return null;
  } catch (error) {
    return error as ProblemError;
  }
}

test('what is refused is larger than one object may be, whatever it is made of', () => {
  const inner = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(inner, fc.integer({ min: MAX_VALUE_BYTES - 3_000, max: MAX_VALUE_BYTES + 50 }), (more, length) => {
      const values = { more, text: 'x'.repeat(length) } as JsonObject;
      const isTooLarge = Buffer.byteLength(JSON.stringify(values)) > MAX_VALUE_BYTES;
      expect(refused(values) === null || isTooLarge).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('the refusal names the part that is too large, and its size', () => {
  const error = refused({ text: 'x'.repeat(3_900_000) });
  expect(error).toMatchObject({ code: 'RELEASE_TOO_LARGE', details: { limit: MAX_VALUE_BYTES } });
  expect(error?.message).toMatch(/the values of release web in namespace shop take 39\d+ bytes/);
  expect(refused({ many: Array.from({ length: 40_000 }, () => 'x'.repeat(36)) })).toBeNull();
  expect(refused({ many: Array.from({ length: 40_000 }, () => 'x'.repeat(40)) })).not.toBeNull();
});
