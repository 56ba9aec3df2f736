import fc from 'fast-check';
import { expect, test } from 'vitest';

import { UsageError } from '../errors/failures.ts';
import { readJsonPath } from './jsonpath.ts';

const list = {
  kind: 'List',
  items: [
    { name: 'a', labels: { 'k.e': 'x' }, ready: true, n: 1, pods: [{ p: 1 }, { p: 2 }] },
    { name: 'b', labels: {}, ready: false, n: 2, pods: [] },
  ],
};

test.each([
  ['{.kind}', 'List'],
  ['.kind', 'List'],
  ['kind', 'List'],
  ['{$.kind}', 'List'],
  ['{.items[*].name}', 'a b'],
  ['{.items[0].name}', 'a'],
  ['{.items[-1].name}', 'b'],
  ['{.items[0:1].name}', 'a'],
  ["{.items[0].labels['k.e']}", 'x'],
  ['{.items[0].labels.k\\.e}', 'x'],
  ['{.items[?(@.name=="b")].n}', '2'],
  ['{.items[?(@.ready==true)].name}', 'a'],
  ['{.items[?(@.name!="b")].name}', 'a'],
  ['{..p}', '1 2'],
  ['{range .items[*]}{.name}={.n}{"\\n"}{end}', 'a=1\nb=2\n'],
  ['names: {.items[*].name}!', 'names: a b!'],
  ['{.items[0].pods}', '[{"p":1},{"p":2}]'],
  ['{.missing}', ''],
  ['{.items[*].constructor}', ''],
])('%s', (path, expected) => {
  expect(readJsonPath(path)(list)).toBe(expected);
});

test.each([
  '{.items[}',
  '{.items[?(@.n>1)]}',
  '{range .items[*]}{.name}',
  '{end}',
  '{.',
  '{',
  '{..',
  '{$',
  '{.a)}',
  '{.a',
  '{len(.items)}',
  "{.a['x}",
])('%s is refused', (path) => {
  expect(() => readJsonPath(path)).toThrow(UsageError);
});

test('whatever the path is, there is a text or a usage error', () => {
  expect(() =>
    fc.assert(
      fc.property(fc.string(), fc.json(), (path, json) => {
        try {
          readJsonPath(path)(JSON.parse(json));
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }),
      { numRuns: 1000 },
    ),
  ).not.toThrow();
});
