import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBoundedList } from './bounded-list.ts';
import { boundWarnings } from './bound-warnings.ts';
import { cutName } from './cut-name.ts';

test('a name is whole, or its beginning and a sign that there was more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
      const shown = cutName(name);
      expect(shown.length).toBeLessThanOrEqual(256);
      expect(name.length <= 256 ? shown === name : shown.endsWith('…')).toBe(true);
    }),
  );
});

test('remarks beyond the first hundred are counted and not made', () => {
  const list = createBoundedList<number>();
  let made = 0;
  for (let i = 0; i < 1_000; i += 1) {
    list.add(() => (made += 1));
  }
  expect([list.items.length, list.more, made]).toEqual([100, 900, 100]);
});

test('warnings that are left out are counted', () => {
  const warning = { code: 'A', message: 'a' };
  expect(boundWarnings([warning])).toEqual([warning]);
  const cut = boundWarnings(
    Array.from({ length: 150 }, () => warning),
    7,
  );
  expect(cut).toHaveLength(101);
  expect(cut.at(-1)).toMatchObject({ code: 'WARNINGS_CUT', message: expect.stringContaining('57 more') as string });
});
