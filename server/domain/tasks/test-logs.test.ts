import { expect, test } from 'vitest';
import { keepTestLogs } from './test-logs.ts';

const KIB = 1024;
const lines = (kib: number) =>
  Array.from({ length: kib }, (_, i) => `${i}`.padEnd(KIB - 1, 'ü').slice(0, 512)).join('\n');
const size = (tests: { log: string }[]) => tests.reduce((sum, { log }) => sum + Buffer.byteLength(log), 0);

test('short logs are kept whole', () => {
  const tests = [
    { name: 'a', log: 'one\ntwo' },
    { name: 'b', log: '' },
  ];
  expect(keepTestLogs(tests)).toEqual(tests);
});

test('long ones keep their ends, by lines, and what short ones leave', () => {
  const [short, long] = [{ log: 'short' }, { log: lines(600) }];
  const kept = keepTestLogs([long, short, long]);
  expect(kept[1]).toEqual(short);
  expect(size(kept)).toBeLessThanOrEqual(256 * KIB);
  expect(size(kept)).toBeGreaterThan(250 * KIB);
  expect(long.log.endsWith(`\n${kept[0]?.log}`)).toBe(true);
});
