import { expect, test } from 'vitest';
import { listedInFull } from './listed-objects.ts';

const sized = (length: number) => ({ objects: Array.from({ length }) });

test('releases of usual size are shown with their objects, however many there are', () => {
  const records = Array.from({ length: 5_000 }, () => sized(10));
  expect(listedInFull(records).size).toBe(5_000);
});

test('a release with more than a thousand objects is shown without them, and takes no room of others', () => {
  const [huge, small] = [sized(9_900), sized(7)];
  expect([...listedInFull([huge, small])]).toEqual([small]);
});

test('all together are bounded, the smallest first', () => {
  const large = Array.from({ length: 200 }, () => sized(1_000));
  const small = sized(3);
  const shown = listedInFull([...large, small]);
  expect(shown.has(small)).toBe(true);
  expect(shown.size).toBe(50);
});
