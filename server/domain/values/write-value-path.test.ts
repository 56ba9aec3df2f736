import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readValuePath } from './value-path.ts';
import { writeValuePath } from './write-value-path.ts';

test.each([
  ['makes what is missing', {}, ['a', 'b'], 1, {}, { a: { b: 1 } }],
  ['merges objects', { a: { b: 1 } }, ['a'], { c: 2 }, {}, { a: { b: 1, c: 2 } }],
  ['replaces what is not an object', { a: 'text' }, ['a', 'b'], 1, {}, { a: { b: 1 } }],
  ['writes into an array', { a: [{ b: 1 }, { b: 2 }] }, ['a', '1', 'b'], 3, {}, { a: [{ b: 1 }, { b: 3 }] }],
  ['appends to an array', { a: [1] }, ['a', '1'], 2, {}, { a: [1, 2] }],
  ['takes an array over from the chart', {}, ['a', '0'], 9, { a: [1, 2] }, { a: [9, 2] }],
  ['a number is a key where there is no array', {}, ['a', '0'], 9, {}, { a: { '0': 9 } }],
  ['writes nothing at the empty path', { a: 1 }, [], 2, {}, { a: 1 }],
] as const)('%s', (_, values, path, value, defaults, expected) => {
  expect(writeValuePath(structuredClone(values) as never, path, value as never, defaults as never)).toEqual(expected);
});

test('what was written is read back, and the values that were given stay as they were', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z.]{1,4}$/), { minLength: 1, maxLength: 4 }),
      fc.integer(),
      (path, value) => {
        const values = Object.freeze({ a: { b: 1 } });
        expect(readValuePath(writeValuePath(values, path, value, {}), path)).toBe(value);
        expect(values).toEqual({ a: { b: 1 } });
      },
    ),
  );
});
