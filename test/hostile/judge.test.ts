import { expect, test } from 'vitest';

import { broken, figuresOf, isFigure, isTimeAlone, leftovers, PROMISED, type Window } from './judge.ts';

function window(ms: number, mi = 100): Window {
  return {
    experience: { gets: Array.from({ length: 100 }, () => ms), installs: [ms], problems: [] },
    loop: { p99: ms, max: ms },
    memory: { serverMi: mi, engineMi: mi },
  };
}

test('what is within the promises is fine, however quiet it was before', () => {
  expect(broken(figuresOf(window(1), window(90), 1))).toEqual([]);
});

test('what is above them is named with both figures', () => {
  const found = broken(figuresOf(window(10), window(4_000), 1));
  expect(found).toHaveLength(3);
  expect(found[0]).toBe('too much: GET p99 ms 4000 (quiet 10.0, ×400.0, allowed 250)');
});

test('a machine that was slow before is not the doing of the attack', () => {
  expect(broken(figuresOf(window(3_000), { ...window(5_000), loop: { p99: 90, max: 90 } }, 1))).toEqual([]);
});

test('a machine that is slow is allowed as many times as long, and no more memory', () => {
  expect(broken(figuresOf(window(10), window(900), 10))).toEqual([]);
  expect(broken(figuresOf(window(10), window(900, 2_000), 10))).toHaveLength(2);
  expect(broken(figuresOf(window(10), window(40_000), 10))).toHaveLength(3);
});

test('durations are distinguished from everything else', () => {
  const slow = window(5_000);
  expect(isTimeAlone(figuresOf(window(10), slow, 1))).toBe(true);
  expect(isTimeAlone(figuresOf(window(10), window(5_000, 2_000), 1))).toBe(false);
  expect(isTimeAlone(figuresOf(window(1), window(90), 1))).toBe(false);
  expect(broken(figuresOf(window(10), slow, 1)).every(isFigure)).toBe(true);
  expect(isFigure('a list answered 500')).toBe(false);
});

test('memory is promised whatever it was before', () => {
  expect(broken(figuresOf(window(1, 2_000), window(1, 2_000), 1))).toHaveLength(2);
});

test('a bystander that got no answer at all has not fared well', () => {
  const nothing = { ...window(1), experience: { gets: [], installs: [], problems: [] } };
  expect(broken(figuresOf(window(1), nothing, 1))).toHaveLength(2);
});

test('what may be left is what it says', () => {
  const before = { diskMi: 1, objectsKi: 10, heapMi: 50 };
  const after = { diskMi: 11, objectsKi: 20, heapMi: 60 };
  expect(broken(leftovers(before, after))).toEqual(['too much: left on disk Mi 11.0 (quiet 1.0, ×11.0, allowed 3.0)']);
  expect(broken(leftovers(before, after, { diskMi: 20, because: 'a cache' }))).toEqual([]);
  expect(PROMISED.getP99Ms).toBe(250);
});
