import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../json/json.ts';
import { applyJsonPatch } from './json-patch.ts';
import { PatchFailed } from './patch-failed.ts';

// Examples of RFC 6902, appendix A, and of the pointers of RFC 6901.
test.each<[string, JsonValue, JsonObject[], JsonValue]>([
  ['adds a field', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
  ['adds an entry', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
  ['appends', { a: [1] }, [{ op: 'add', path: '/a/-', value: [2] }], { a: [1, [2]] }],
  ['removes a field', { a: 1, b: 2 }, [{ op: 'remove', path: '/b' }], { a: 1 }],
  ['removes an entry', { a: [1, 2, 3] }, [{ op: 'remove', path: '/a/1' }], { a: [1, 3] }],
  ['replaces', { a: [1, 2] }, [{ op: 'replace', path: '/a/0', value: null }], { a: [null, 2] }],
  ['moves', { a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
  ['moves an entry', { a: [1, 2, 3] }, [{ op: 'move', from: '/a/0', path: '/a/2' }], { a: [2, 3, 1] }],
  ['copies', { a: [1] }, [{ op: 'copy', from: '/a', path: '/b' }], { a: [1], b: [1] }],
  ['tests', { a: { x: 1, y: [2] } }, [{ op: 'test', path: '/a', value: { y: [2], x: 1 } }], { a: { x: 1, y: [2] } }],
  [
    'reads escapes',
    { 'a/b': 1, 'm~n': 2 },
    [
      { op: 'remove', path: '/a~1b' },
      { op: 'remove', path: '/m~0n' },
    ],
    {},
  ],
  ['replaces all', { a: 1 }, [{ op: 'replace', path: '', value: 2 }], 2],
  [
    'names that mean something to JavaScript',
    {},
    [{ op: 'add', path: '/__proto__', value: 1 }],
    JSON.parse('{"__proto__": 1}') as JsonValue,
  ],
])('%s', (_, document, patch, expected) => {
  const before = JSON.stringify(document);
  expect(JSON.stringify(applyJsonPatch(document, patch))).toEqual(JSON.stringify(expected));
  expect(JSON.stringify(document)).toBe(before);
});

test.each<[JsonValue, JsonObject]>([
  [{ a: 1 }, { op: 'remove', path: '/b' }],
  [{ a: 1 }, { op: 'replace', path: '/b', value: 1 }],
  [{ a: 1 }, { op: 'add', path: '/b/c', value: 1 }],
  [{ a: 1 }, { op: 'add', path: '/a/c', value: 1 }],
  [{ a: [1] }, { op: 'add', path: '/a/2', value: 1 }],
  [{ a: [1] }, { op: 'replace', path: '/a/01', value: 1 }],
  [{ a: [1] }, { op: 'remove', path: '/a/-' }],
  [{ a: 1 }, { op: 'add', path: '/b' }],
  [{ a: 1 }, { op: 'add', path: 'b', value: 1 }],
  [{ a: 1 }, { op: 'remove', path: '' }],
  [{ a: 1 }, { op: 'test', path: '/a', value: '1' }],
  [{ a: { b: 1 } }, { op: 'move', from: '/a', path: '/a/b' }],
  [{ a: 1 }, { op: 'copy', path: '/b' }],
  [{ a: 1 }, { op: 'merge', path: '/b' }],
  [{}, { op: 'remove', path: '/toString' }],
])('of %j refuses %j', (document, operation) => {
  expect(() => applyJsonPatch(document, [operation])).toThrow(PatchFailed);
});

test('what was added can be removed again', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.jsonValue(), (object, key, value) => {
      fc.pre(!Object.hasOwn(object, key));
      const document = object as JsonObject;
      const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const added = applyJsonPatch(document, [{ op: 'add', path, value: value as JsonValue }]);
      expect(applyJsonPatch(added, [{ op: 'remove', path }])).toEqual(document);
    }),
  );
});
