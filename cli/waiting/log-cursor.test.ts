import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createLogCursor } from './log-cursor.ts';

test('lines are complete, whatever the pieces are', () => {
  const cursor = createLogCursor();
  cursor.begin();
  expect(cursor.read('2026-01-01T00:00:00Z a')).toEqual([]);
  expect(cursor.read('b\n2026-01-01T00:00:00.5Z c\n2026')).toEqual([
    '2026-01-01T00:00:00Z ab',
    '2026-01-01T00:00:00.5Z c',
  ]);
  expect(cursor.since()).toBe('2026-01-01T00:00:00.5Z');
  expect(cursor.read('-01-01T00:00:01Z end')).toEqual([]);
  expect(cursor.rest()).toEqual(['2026-01-01T00:00:01Z end']);
  expect(cursor.rest()).toEqual([]);
});

test('times of different length and zone are compared as times', () => {
  const cursor = createLogCursor();
  cursor.begin();
  cursor.read('2026-01-01T00:00:00.12Z a\n2026-01-01T00:00:00.1234Z b\n2026-01-01T01:00:00.2+01:00 c\n');
  expect(cursor.since()).toBe('2026-01-01T01:00:00.2+01:00');
  cursor.begin();
  expect(cursor.read('2026-01-01T00:00:00.12Z a\n2026-01-01T00:00:00.2Z c\n2026-01-01T00:00:00.21Z d\n')).toEqual([
    '2026-01-01T00:00:00.21Z d',
  ]);
});

test('over any breaks each line is read once, in order', () => {
  const log = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 2 }), text: fc.stringMatching(/^[a-c ]{0,5}$/) }));
  fc.assert(
    fc.property(log, fc.array(fc.nat(60), { maxLength: 8 }), (entries, cuts) => {
      let at = 0;
      const lines = entries.map(({ gap, text }) => {
        at += gap * 400;
        return `${new Date(at).toISOString()} ${text}`;
      });
      const cursor = createLogCursor();
      const read: string[] = [];
      // Each stream begins at the second of the newest line, and breaks off anywhere; the last one does not.
      for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
        cursor.begin();
        const since = cursor.since();
        const from = since === undefined ? 0 : Math.floor(Date.parse(since) / 1000) * 1000;
        const rest = lines.filter((line) => Date.parse(line.slice(0, 24)) >= from);
        read.push(
          ...cursor.read(
            rest
              .map((line) => `${line}\n`)
              .join('')
              .slice(0, Number.isFinite(cut) ? cut : undefined),
          ),
        );
      }
      expect(read).toEqual(lines);
    }),
  );
});
