import { expect, test } from 'vitest';

import { createLoopDelayRecord } from './loop-delay.ts';

test('a loop that is punctual has no delay', () => {
  const record = createLoopDelayRecord(10);
  for (let i = 0; i < 1000; i += 1) record.add(0);
  expect(record.take()).toEqual({ p99: 0.001, max: 0 });
});

test('one long delay counts for as long as it lasted', () => {
  const record = createLoopDelayRecord(10);
  for (let i = 0; i < 900; i += 1) record.add(0);
  record.add(1000);
  const { p99, max } = record.take();
  expect(max).toBe(1000);
  expect(p99).toBeGreaterThan(850);
});

test('what was taken is forgotten', () => {
  const record = createLoopDelayRecord(10);
  record.add(500);
  record.take();
  expect(record.take()).toEqual({ p99: 0, max: 0 });
});
