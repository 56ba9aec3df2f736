import fc from 'fast-check';
import { expect, test } from 'vitest';

import { UsageError } from '../errors/failures.ts';
import type { JsonObject } from './json-object.ts';
import { applyEdit, editedLists, readOne, readSets, typedValue } from './set-values.ts';

function set(text: string, target: JsonObject = {}): JsonObject {
  for (const edit of readSets(text, 'set', typedValue)) applyEdit(target, edit);
  return target;
}

// Cases of helm's own pkg/strvals.
test.each([
  ['name1=null', { name1: null }],
  ['name1=value1', { name1: 'value1' }],
  ['name1=value1,name2=value2', { name1: 'value1', name2: 'value2' }],
  ['name1=value1,name2=value2,', { name1: 'value1', name2: 'value2' }],
  ['name1=,name2=value2', { name1: '', name2: 'value2' }],
  ['leading_zeros=00009', { leading_zeros: '00009' }],
  ['zero_int=0', { zero_int: 0 }],
  ['long_int=1234567890', { long_int: 1234567890 }],
  ['boolean=true', { boolean: true }],
  ['is_null=null', { is_null: null }],
  ['name1=one\\,two,name2=three\\,four', { name1: 'one,two', name2: 'three,four' }],
  ['name1=one\\=two,name2=three\\=four', { name1: 'one=two', name2: 'three=four' }],
  ['name1=one two three,name2=three two one', { name1: 'one two three', name2: 'three two one' }],
  ['outer.inner=value', { outer: { inner: 'value' } }],
  ['outer.middle.inner=value', { outer: { middle: { inner: 'value' } } }],
  ['outer.inner1=value,outer.inner2=value2', { outer: { inner1: 'value', inner2: 'value2' } }],
  ['name1={value1,value2}', { name1: ['value1', 'value2'] }],
  ['name1={}', { name1: [] }],
  ['list[0]=foo', { list: ['foo'] }],
  ['list[0].foo=bar', { list: [{ foo: 'bar' }] }],
  ['list[0].foo=bar,list[0].hello=world', { list: [{ foo: 'bar', hello: 'world' }] }],
  ['list[0]=foo,list[1]=bar', { list: ['foo', 'bar'] }],
  ['list[1]=bar', { list: [null, 'bar'] }],
  ['nested[0][0]=1', { nested: [[1]] }],
  ['a\\.b=1', { 'a.b': 1 }],
  ['n=12345678901234567890123', { n: '12345678901234567890123' }],
  ['n=1234567890123456789', { n: 1234567890123456789n }],
])('%s', (text, expected) => {
  expect(set(text)).toEqual(expected);
});

test.each(['name1', '.', 'name1.=name2', 'list[0', 'list[-30].hello=world', 'list[2000]=x', 'a={1,2', '', 'a.b'])(
  '%s is refused',
  (text) => {
    expect(() => set(text)).toThrow(UsageError);
  },
);

test('a comma in a value names --set-literal', () => {
  expect(() => set('a=1,b')).toThrow(
    expect.objectContaining({ hints: expect.arrayContaining([expect.stringContaining('--set-literal b=TEXT')]) }),
  );
});

test('a literal is everything behind the first =', () => {
  expect(readOne('a.b=x,y={z}', 'set-literal', (text) => text)).toEqual({ path: ['a', 'b'], value: 'x,y={z}' });
});

test('lists of which single elements are set are found', () => {
  expect(editedLists(readSets('a.b[1].c=1,d=2,e[0]=3', 'set', typedValue))).toEqual([['a', 'b'], ['e']]);
});

test('no key reaches the prototype', () => {
  const values = set('__proto__.polluted=1,constructor.prototype.x=2');
  expect(Object.keys(values)).toEqual(['__proto__', 'constructor']);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('whatever is set, there are values or a usage error', () => {
  expect(() =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          set(text);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }),
      { numRuns: 2000 },
    ),
  ).not.toThrow();
});

test('a text that is escaped is read as it was', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      const escaped = text.replaceAll(/[\\,{}]/g, '\\$&');
      expect(readSets(`a=${escaped}`, 'set-string', (value) => value)).toEqual([{ path: ['a'], value: text }]);
    }),
  );
});
