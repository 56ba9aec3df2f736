import { expect, test } from 'vitest';
import { readUses, unitedUses, withUse, writeUses, YOUNG_ARCHIVE_MS } from './archive-uses.ts';

const at = Date.parse('2026-01-01T00:00:00.000Z');

test('uses are written and read', () => {
  const uses = [
    { task: 'one-1', at },
    { task: '', at: at + 1 },
  ];
  expect(writeUses(uses)).toBe('2026-01-01T00:00:00.000Z one-1,2026-01-01T00:00:00.001Z');
  expect(readUses(writeUses(uses))).toEqual(uses);
  expect(readUses(undefined)).toEqual([]);
});

test('what others write there is no use, one by an unknown task, or one of not many', () => {
  expect(readUses('never,,x y')).toEqual([]);
  expect(readUses('2026-01-01T00:00:00Z ../tasks')).toEqual([{ task: '', at }]);
  const many = Array.from({ length: 1_000 }, (_, index) => `2026-01-01T00:00:00Z ${index}`).join(',');
  expect(readUses(many)).toEqual([{ task: '', at }]);
  expect(readUses(' '.repeat(1_000_000))).toEqual([]);
});

test('another use takes the place of the former ones of its task, and of those that are not young any longer', () => {
  const now = at + YOUNG_ARCHIVE_MS;
  const uses = [
    { task: 'old', at },
    { task: 'young', at: at + 1 },
    { task: 'again', at: at + 1 },
  ];
  expect(withUse(uses, { task: 'again', at: now })).toEqual([
    { task: 'young', at: at + 1 },
    { task: 'again', at: now },
  ]);
});

test('an archive was used when any of its parts was', () => {
  const [first, later] = [
    { task: 'a', at },
    { task: 'a', at: at + 5 },
  ];
  expect(unitedUses([[first, { task: 'b', at }], [later]])).toEqual([later, { task: 'b', at }]);
});
