import { expect, it } from 'vitest';
import { readNames, readWords } from './read-names.ts';

it.each([
  [undefined, undefined],
  ['', undefined],
  [' , ', undefined],
  ['a', ['a']],
  ['a, b,,a', ['a', 'b']],
])('%j are the names %j', (text, names) => {
  expect(readNames('namespaces', text)).toEqual(names && new Set(names));
});

it('refuses thousands of names', () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `n${i}`).join(',');
  expect(() => readNames('namespaces', many)).toThrow('namespaces has more than 200 names');
});

it('refuses a word that there is not, however long it is', () => {
  expect(readWords('phase', 'ready,failed', ['failed', 'ready'])).toEqual(new Set(['failed', 'ready']));
  expect(() => readWords('phase', `ready,${'x'.repeat(10_000)}`, ['ready'])).toThrow(
    /^phase "x{100}" is none of ready$/,
  );
});
