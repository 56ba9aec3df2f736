import { expect, test } from 'vitest';
import type { Warning } from '../../../contract/schemas/warning.ts';
import { asObject, asTextMap, valueAt } from '../json/json-reading.ts';
import { readRecordedWarnings, WARNINGS_ANNOTATION, warningsAnnotation, withWarnings } from './recorded-warnings.ts';

const unknown: Warning = { code: 'FIELD_UNKNOWN', message: 'unknown field x is ignored', path: '/x' };
const notPaused: Warning = {
  code: 'NOT_PAUSED',
  message: 'Pod p may go on running',
  object: { apiVersion: 'v1', kind: 'Pod', namespace: 'demo', name: 'p' },
};

test('warnings come back as they were recorded, each once', () => {
  expect(readRecordedWarnings(warningsAnnotation([unknown, notPaused, unknown]))).toEqual([unknown, notPaused]);
  expect(warningsAnnotation([])).toEqual({});
  expect(readRecordedWarnings({})).toEqual([]);
});

test('more of them are added to those of a ReleaseConfig', () => {
  const config = withWarnings({ kind: 'ReleaseConfig', metadata: { name: 'web' } }, [unknown]);
  const both = withWarnings(config, [notPaused, unknown]);
  const annotations = asTextMap(valueAt(both, 'metadata', 'annotations'));
  expect(readRecordedWarnings(annotations)).toEqual([unknown, notPaused]);
  expect(asObject(both['metadata'])).toMatchObject({ name: 'web' });
});

test('a flood of warnings is cut, and foreign text is not a warning', () => {
  const flood = Array.from({ length: 5_000 }, (_, i) => ({ code: 'FIELD_UNKNOWN', message: `unknown field ${i}` }));
  const recorded = warningsAnnotation(flood);
  expect(Buffer.byteLength(recorded[WARNINGS_ANNOTATION] ?? '')).toBeLessThanOrEqual(32 * 1024);
  expect(readRecordedWarnings(recorded)).toEqual(flood.slice(0, readRecordedWarnings(recorded).length));
  for (const text of ['{', '7', '["x"]', 'null']) {
    expect(readRecordedWarnings({ [WARNINGS_ANNOTATION]: text })).toEqual([]);
  }
});
