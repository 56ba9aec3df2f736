import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromPointer, toPointer } from './json-pointer.ts';

test('a pointer is written as RFC 6901 says', () => {
  expect(toPointer([])).toBe('');
  expect(toPointer(['a/b', 'm~n', 0, ''])).toBe('/a~1b/m~0n/0/');
  expect(fromPointer('/a~1b/m~0n/0/~01')).toEqual(['a/b', 'm~n', '0', '~1']);
});

test('a path is read back from its pointer', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (path) => {
      expect(fromPointer(toPointer(path))).toEqual(path);
    }),
  );
});
